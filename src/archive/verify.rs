//! Whether an archive is what it was: finds the bag in a folder, a tar or a zip, reads its tag files, computes every
//! digest that a manifest names and tells everything that is wrong (RFC 8493, 3). In: a path or bytes. Out: [`Verified`].
//! Reads streams, twice; unpacks nothing, follows no link, fetches nothing.

use super::bag::{self, Bag, Found, Survey};
use super::container::{Container, Item, Sort, hit, note};
use super::digest::{Algorithm, Digests};
use super::kind::{self, Kind};
use super::path;
use super::verdict::{Fault, Faults, Verified};
use crate::diag::Message;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Largest tag file that is read into memory, in bytes.
const TAG_BYTES: u64 = 128 << 20;
/// All tag files of an archive together.
const TAGS_BYTES: u64 = 256 << 20;
/// All names of an archive together, in bytes.
const NAMES_BYTES: usize = 256 << 20;

/// Verifies the archive at `path`, a bag of version 0.93 to 0.97 or 1.0 in a folder, `.tar`, `.tar.gz` or
/// `.zip`, or a web archive in a `.wacz`.
///
/// # Errors
/// When it cannot be read, or is none of these: [`io::ErrorKind::Unsupported`].
pub fn verify(path: &Path) -> io::Result<Verified> {
    let mut faults = Faults::default();
    let kind = kind::of(path)?;
    let container = match kind {
        Kind::Folder => Some(Container::Folder(path.into())),
        Kind::Tar => Some(Container::Tar(path.into())),
        Kind::TarGz => Some(Container::TarGz(path.into())),
        Kind::Wacz => return super::wacz::verify(path),
        Kind::Zip => {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            Container::zip(Box::new(file), length, &mut faults)
        }
        Kind::Unknown => return Err(io::ErrorKind::Unsupported.into()),
    };
    judge(kind, container, faults)
}

/// Verifies a zip in memory.
pub fn verify_zip(bytes: &[u8]) -> Verified {
    let mut faults = Faults::default();
    let container = Container::zip_of(bytes, &mut faults);
    let nothing = Verified { kind: Kind::Zip.name(), problems: Vec::new(), signature: None };
    // Memory refuses nothing.
    judge(Kind::Zip, container, faults).unwrap_or(nothing)
}

fn judge(kind: Kind, container: Option<Container<'_>>, mut faults: Faults) -> io::Result<Verified> {
    if let Some(mut container) = container {
        let survey = survey(&mut container, &mut faults)?;
        if let Some(root) = root(kind, &survey, &mut faults) {
            let bag = Bag::read(&survey, &root, &mut faults);
            bag::compare(&bag, &survey, &root, &mut faults);
            digests(&mut container, &bag, &root, &mut faults)?;
        }
    }
    Ok(Verified { kind: kind.name(), problems: faults.finish(), signature: None })
}

/// What is there: every entry, and the bytes of what could be a tag file of the bag.
fn survey(container: &mut Container<'_>, faults: &mut Faults) -> io::Result<Survey> {
    let mut survey = Survey::default();
    let mut budget = TAGS_BYTES;
    let mut names = 0;
    container.walk(faults, &mut |item: Item<'_>, faults: &mut Faults| {
        let name = item.path.strip_prefix("./").unwrap_or(item.path).trim_end_matches('/').to_string();
        if name.is_empty() || name == "." {
            return Ok(());
        }
        if !path::is_safe(&name) {
            faults.add(Fault::PathUnsafe, &name, &[]);
            return Ok(());
        }
        match item.sort {
            Sort::Link => faults.add(Fault::Link, &name, &[]),
            Sort::Special => faults.add(Fault::SpecialFile, &name, &[]),
            Sort::File | Sort::Folder => {}
        }
        names += name.len();
        if names > NAMES_BYTES {
            return Err(hit(Message::new("archive.bound.names").with("limit", NAMES_BYTES)));
        }
        let mut tag = None;
        if item.sort == Sort::File && is_tag(&name) {
            let most = TAG_BYTES.min(budget);
            let mut bytes = Vec::new();
            item.bytes.take(most + 1).read_to_end(&mut bytes).or_else(|e| note(e, &name, faults).map(|()| 0))?;
            if bytes.len() as u64 > most {
                let (key, limit) = if most < TAG_BYTES {
                    ("archive.bound.tags", TAGS_BYTES)
                } else {
                    ("archive.bound.tag", TAG_BYTES)
                };
                faults.bound(&name, Message::new(key).with("limit", limit));
                bytes.clear();
            }
            budget = budget.saturating_sub(bytes.len() as u64);
            tag = Some(bytes);
        }
        let found = Found { is_file: item.sort == Sort::File, is_folder: item.sort == Sort::Folder, size: item.size };
        let before = survey.entries.insert(name.clone(), found);
        if before.is_some_and(|b| !(b.is_folder && item.sort == Sort::Folder)) {
            faults.add(Fault::EntryTwice, &name, &[]);
        }
        if let Some(bytes) = tag {
            survey.tags.insert(name, bytes);
        }
        Ok(())
    })?;
    Ok(survey)
}

/// Whether a file is a tag file of a bag that lies at the top or in a folder at the top.
fn is_tag(name: &str) -> bool {
    let file = match name.split_once('/') {
        None => name,
        Some((_, file)) => file,
    };
    let listed = file.starts_with("manifest-") || file.starts_with("tagmanifest-");
    matches!(file, "bagit.txt" | "bag-info.txt" | "package-info.txt" | "fetch.txt")
        || (listed && file.ends_with(".txt") && !file.contains('/'))
}

/// The folder of the bag, `""` or with a `/` at its end. In an archive file it is the only one at the top, and everything
/// lies in it (RFC 8493, 4).
fn root(kind: Kind, survey: &Survey, faults: &mut Faults) -> Option<String> {
    let has = |root: &str| survey.entries.contains_key(&format!("{root}bagit.txt"));
    if kind == Kind::Folder {
        if has("") {
            return Some(String::new());
        }
        faults.add(Fault::BagitMissing, "bagit.txt", &[]);
        return None;
    }
    let mut tops: Vec<&str> = survey.entries.keys().map(|p| p.split('/').next().unwrap_or_default()).collect();
    tops.dedup();
    let bags: Vec<&str> = tops.iter().copied().filter(|top| has(&format!("{top}/"))).collect();
    let root = match bags.as_slice() {
        _ if has("") => String::new(),
        [top] => format!("{top}/"),
        [] => {
            faults.add(Fault::BagitMissing, "bagit.txt", &[]);
            return None;
        }
        [first, ..] => format!("{first}/"),
    };
    if root.is_empty() || tops.len() > 1 {
        faults.add(Fault::TopFolder, "", &[("names", &tops.iter().take(4).copied().collect::<Vec<_>>().join(", "))]);
    }
    Some(root)
}

/// Computes the digests of every listed file, and compares them.
fn digests(container: &mut Container<'_>, bag: &Bag, root: &str, faults: &mut Faults) -> io::Result<()> {
    let mut wanted: BTreeMap<&str, Vec<(Algorithm, &[u8])>> = BTreeMap::new();
    for manifest in bag.payload.iter().chain(&bag.tags) {
        for (path, digest) in &manifest.entries {
            wanted.entry(path).or_default().push((manifest.algorithm, digest));
        }
    }
    container.walk(faults, &mut |item: Item<'_>, faults: &mut Faults| {
        let name = item.path.strip_prefix("./").unwrap_or(item.path);
        let Some(path) = name.strip_prefix(root).filter(|_| item.sort == Sort::File && path::is_safe(name)) else {
            return Ok(());
        };
        // An entry that is there twice is compared twice: each must be what is listed.
        let Some(expected) = wanted.get(path) else { return Ok(()) };
        let algorithms: Vec<Algorithm> = expected.iter().map(|(a, _)| *a).collect();
        let (found, size) = match Digests::of_reader(&algorithms, item.bytes) {
            Ok(read) => read,
            Err(error) => return note(error, path, faults),
        };
        if size != item.size {
            faults.add(Fault::ArchiveDamaged, path, &[("why", &format!("{size} / {}", item.size))]);
        }
        for ((algorithm, digest), found) in expected.iter().zip(&found) {
            if *digest != found.as_slice() {
                faults.add(Fault::DigestWrong, path, &[("algorithm", &algorithm.name())]);
            }
        }
        Ok(())
    })
}
