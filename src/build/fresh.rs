//! Whether anything changed since the last build. Files are looked at, not read: size, times and inode tell, but for
//! files that changed so shortly before the build that a later change could bear the same time ("racily clean", as git
//! calls it); these are read and hashed.

use super::options::{AsOf, Options};
use super::state::{State, told};
use crate::base::{Fingerprint, SitePath};
use crate::model::site;
use crate::source::{Entry, Stat, walk};
use rayon::prelude::*;
use std::fs;
use std::path::Path;

/// Times within so many nanoseconds before the build's start are not trusted: file systems keep two seconds at worst.
const RACY: i128 = 2_000_000_000;

/// Whether the tree is what a build would make.
pub(super) fn is_fresh(options: &Options, state: &State) -> bool {
    let AsOf::Unix(now) = options.as_of else { return false };
    state.told == told(options)
        && (state.valid.0..state.valid.1).contains(&now)
        && rayon::join(|| outputs_untouched(&options.out, state), || inputs_unchanged(options, state)) == (true, true)
}

fn outputs_untouched(out: &Path, state: &State) -> bool {
    let manifest = fs::symlink_metadata(out.join(crate::write::manifest::FILE)).is_ok();
    let outputs: Vec<_> = state.outputs.iter().collect();
    manifest
        && outputs
            .par_iter()
            .all(|(path, w)| fs::symlink_metadata(out.join(path.as_str())).is_ok_and(|m| Stat::of(&m) == w.stat))
}

fn inputs_unchanged(options: &Options, state: &State) -> bool {
    let root = &options.root;
    let mut sink = Vec::new();
    let mut found: Vec<Entry> = Vec::with_capacity(state.inputs.len());
    for folder in ["content", "kinds", &format!("themes/{}", state.theme)] {
        found.extend(walk::list(root, folder, &mut sink).files);
    }
    let stat = fs::metadata(root.join(site::FILE)).map(|m| Stat::of(&m));
    found.extend(stat.map(|stat| Entry { path: site::FILE.into(), stat }));
    found.len() == state.inputs.len()
        && sink.is_empty()
        && found.par_iter().all(|entry| is_unchanged(root, entry, state))
}

fn is_unchanged(root: &Path, entry: &Entry, state: &State) -> bool {
    let Some((stat, hash)) = state.inputs.get(&entry.path) else { return false };
    let racy = entry.stat.modified.max(entry.stat.changed) >= state.started - RACY;
    match hash {
        _ if *stat != entry.stat => false,
        _ if !racy => true,
        Some(hash) => fs::read(root.join(&entry.path)).is_ok_and(|bytes| Fingerprint::of(&bytes) == *hash),
        None => as_published(root, entry, state),
    }
}

/// Whether a file that is published as it is still has the bytes that were published; one that is not published is never
/// read.
fn as_published(root: &Path, entry: &Entry, state: &State) -> bool {
    let path = entry.path.strip_prefix("content/").and_then(SitePath::new);
    let Some(written) = path.and_then(|p| state.outputs.get(&p)) else { return true };
    let source = fs::File::open(root.join(&entry.path));
    source.and_then(Fingerprint::of_reader).is_ok_and(|hash| hash == written.content)
}
