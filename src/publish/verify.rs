//! Reads back what was published and holds it against the manifest: all of it, or a sample that any run chooses alike.

use super::Wanted;
use super::send::{IN_MEMORY, patiently};
use super::target::{Failure, Session};
use super::watch::Watch;
use crate::base::{Sha256, SitePath};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How much is read back after publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Nothing.
    Nothing,
    /// Up to 32 files of those just sent and 32 of all, evenly spread.
    Sample,
    /// Every file.
    All,
}

/// Files of each half of a sample.
const SAMPLE: usize = 32;

/// Most bytes of a file that are read back: the bound of attachments (`docs/format.md`), and one.
const LIMIT: u64 = 500_000_001;

/// Reads back what `verify` asks for, and names what differs or is missing; also how many files were read.
///
/// # Errors
/// What the target refuses.
pub fn verify(
    verify: Verify,
    session: &dyn Session,
    wanted: &Wanted<'_>,
    sent: &[&SitePath],
    waits: &[Duration],
    watch: &dyn Watch,
) -> Result<(usize, Vec<SitePath>), Failure> {
    let all: Vec<&SitePath> = wanted.files.keys().collect();
    let chosen: BTreeSet<&SitePath> = match verify {
        Verify::Nothing => return Ok((0, Vec::new())),
        Verify::Sample => spread(&all).chain(spread(sent)).collect(),
        Verify::All => all.into_iter().collect(),
    };
    watch.verifying(chosen.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build();
    let pool = pool.map_err(|e| Failure::Permanent(super::send::world(std::path::Path::new("threads"), &e)))?;
    let chosen: Vec<_> = chosen.into_iter().collect();
    let differing = pool.install(|| {
        // Large files come one after the other, so that eight of them never fill the memory.
        let large = Mutex::new(());
        let differs = |path: &&SitePath| {
            let is_large = fs::metadata(wanted.tree.join(path.as_str())).is_ok_and(|m| m.len() > IN_MEMORY);
            let _alone = is_large.then(|| large.lock().unwrap_or_else(PoisonError::into_inner));
            let found = patiently(waits, || session.read(path, LIMIT))?;
            watch.sent(found.as_ref().map_or(0, |b| b.len() as u64));
            let same = found.is_some_and(|bytes| wanted.files.get(*path) == Some(&Sha256::of(&bytes)));
            Ok((!same).then(|| (*path).clone()))
        };
        chosen.par_iter().map(differs).collect::<Result<Vec<_>, Failure>>()
    })?;
    Ok((chosen.len(), differing.into_iter().flatten().collect()))
}

/// Up to [`SAMPLE`] of `paths`, evenly spread, the first and the last among them.
fn spread<'a>(paths: &'a [&'a SitePath]) -> impl Iterator<Item = &'a SitePath> {
    let count = paths.len().min(SAMPLE);
    (0..count).filter_map(move |n| paths.get(n * (paths.len() - 1) / (count - 1).max(1)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_from_end_to_end() {
        let paths: Vec<_> = (0..1000).map(|n| SitePath::of(format!("{n:04}"))).collect();
        for len in [0, 1, 2, 31, 32, 33, 1000] {
            let refs: Vec<_> = paths.iter().take(len).collect();
            let chosen: BTreeSet<_> = spread(&refs).collect();
            assert_eq!(chosen.len(), len.min(SAMPLE));
            assert_eq!((chosen.first(), chosen.last()), (refs.first(), refs.last()));
        }
    }
}
