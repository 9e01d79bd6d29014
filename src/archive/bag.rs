//! A bag as its tag files describe it, and that description beside what is there. In: the entries of an archive and the
//! bytes of its tag files. Out: faults, and the digests that are still to be computed. Touches no file.

use super::digest::Algorithm;
use super::manifest::{self, Line, lines};
use super::path;
use super::tags::{Declaration, Encoding, Info, Version, declaration, oxum};
use super::verdict::{Fault, Faults};
use std::collections::{BTreeMap, BTreeSet};

/// An entry that is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) is_file: bool,
    pub(super) is_folder: bool,
    pub(super) size: u64,
}

/// What is in an archive, by path from its top.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) entries: BTreeMap<String, Found>,
    /// The bytes of what could be tag files.
    pub(super) tags: BTreeMap<String, Vec<u8>>,
}

/// A manifest whose algorithm is known.
#[derive(Debug)]
pub(super) struct Manifest {
    /// Its file.
    pub(super) name: String,
    pub(super) algorithm: Algorithm,
    /// Paths from the bag's root, and digests.
    pub(super) entries: BTreeMap<String, Vec<u8>>,
}

/// A bag as its tag files describe it.
#[derive(Debug)]
pub(super) struct Bag {
    version: Version,
    pub(super) payload: Vec<Manifest>,
    pub(super) tags: Vec<Manifest>,
    /// Payload manifests of algorithms that are not known, too.
    manifests: usize,
    /// Files to fetch.
    fetch: BTreeSet<String>,
    oxum: Option<(u64, u64)>,
}

impl Bag {
    /// Reads the tag files of the bag whose folder is `root`.
    pub(super) fn read(survey: &Survey, root: &str, faults: &mut Faults) -> Self {
        let mut bag = Self {
            version: Version::V1_0,
            payload: Vec::new(),
            tags: Vec::new(),
            manifests: 0,
            fetch: BTreeSet::new(),
            oxum: None,
        };
        let mut encoding = Encoding::Utf8;
        let declared = survey.tags.get(&format!("{root}bagit.txt")).map(|bytes| declaration(bytes));
        match declared.unwrap_or(Declaration::Malformed) {
            Declaration::Marked => faults.add(Fault::BagitBom, "bagit.txt", &[]),
            Declaration::Malformed => faults.add(Fault::BagitMalformed, "bagit.txt", &[]),
            Declaration::Read(version, name) => {
                bag.version = version;
                if !version.is_known() {
                    let text = format!("{}.{}", version.0, version.1);
                    faults.add(Fault::VersionUnknown, "bagit.txt", &[("version", &text)]);
                }
                match Encoding::named(&name) {
                    Some(named) => encoding = named,
                    None => faults.add(Fault::EncodingUnknown, "bagit.txt", &[("name", &name)]),
                }
            }
        }
        for (full, bytes) in survey.tags.range(root.to_string()..) {
            let Some(name) = full.strip_prefix(root) else { break };
            if name.contains('/') || name == "bagit.txt" {
                continue;
            }
            match encoding.text(bytes) {
                Some(text) => bag.tag_file(name, &text, faults),
                None => {
                    // It is there, though it says nothing.
                    bag.manifests += usize::from(manifest::algorithm_of(name, "manifest-").is_some());
                    faults.add(Fault::NotText, name, &[]);
                }
            }
        }
        if bag.manifests == 0 {
            faults.add(Fault::ManifestMissing, "", &[]);
        }
        bag
    }

    fn tag_file(&mut self, name: &str, text: &str, faults: &mut Faults) {
        let payload = manifest::algorithm_of(name, "manifest-");
        let named = payload.or_else(|| manifest::algorithm_of(name, "tagmanifest-"));
        if let Some(algorithm) = named {
            self.manifests += usize::from(payload.is_some());
            let Some(algorithm) = Algorithm::named(algorithm) else {
                faults.add(Fault::AlgorithmUnknown, name, &[("algorithm", &algorithm)]);
                return;
            };
            let entries = self.entries(name, text, algorithm, faults);
            let list = if payload.is_some() { &mut self.payload } else { &mut self.tags };
            list.push(Manifest { name: name.into(), algorithm, entries });
        } else if name == "fetch.txt" {
            for (number, line) in lines(text).filter(|(_, line)| !line.is_empty()) {
                match manifest::fetch(line, self.version) {
                    Some((_, _, path)) if !path::is_safe(&path) || !path.starts_with("data/") => {
                        faults.add(Fault::PathUnsafe, &path, &[]);
                    }
                    Some((_, _, path)) => {
                        self.fetch.insert(path);
                    }
                    None => faults.add(Fault::LineMalformed, name, &[("line", &number)]),
                }
            }
        } else if name == self.version.info_file() {
            let info = Info::read(text);
            info.faults.iter().for_each(|n| faults.add(Fault::LineMalformed, name, &[("line", n)]));
            let mut oxums = info.all("Payload-Oxum");
            let first = oxums.next();
            self.oxum = first.and_then(oxum);
            if (first.is_some() && self.oxum.is_none()) || oxums.next().is_some() {
                faults.add(Fault::OxumMalformed, name, &[]);
            }
        }
    }

    fn entries(&self, name: &str, text: &str, algorithm: Algorithm, faults: &mut Faults) -> BTreeMap<String, Vec<u8>> {
        let mut entries = BTreeMap::new();
        let of_tags = name.starts_with("tag");
        for (number, line) in lines(text).filter(|(_, line)| !line.is_empty()) {
            let (digest, path) = match manifest::line(line, algorithm, self.version) {
                Line::Entry { digest, path, mixed } => {
                    if mixed {
                        faults.add(Fault::DigestMixedCase, name, &[("line", &number)]);
                    }
                    (digest, path)
                }
                Line::Fault => {
                    faults.add(Fault::LineMalformed, name, &[("line", &number)]);
                    continue;
                }
            };
            if !path::is_safe(&path) {
                faults.add(Fault::PathUnsafe, &path, &[]);
                continue;
            }
            let of_payload = path.starts_with("data/");
            if of_payload == of_tags || path.starts_with("tagmanifest-") {
                faults.add(Fault::PathMisplaced, &path, &[("manifest", &name)]);
                continue;
            }
            match entries.insert(path.clone(), digest.clone()) {
                // Before 1.0 a line may stand there twice, as long as it says the same.
                Some(before) if self.version < Version::V1_0 && before == digest => {}
                Some(_) => faults.add(Fault::ListedTwice, &path, &[("manifest", &name)]),
                None => {}
            }
        }
        entries
    }
}

/// Puts what is listed beside what is there.
pub(super) fn compare(bag: &Bag, survey: &Survey, root: &str, faults: &mut Faults) {
    let inside = survey.entries.range(root.to_string()..).map_while(|(p, f)| Some((p.strip_prefix(root)?, f)));
    let inside: BTreeMap<&str, &Found> = inside.collect();
    let payload: BTreeMap<&str, u64> =
        inside.iter().filter(|(p, f)| f.is_file && p.starts_with("data/")).map(|(p, f)| (*p, f.size)).collect();
    if !inside.keys().any(|p| *p == "data" || p.starts_with("data/")) {
        faults.add(Fault::PayloadMissing, "data", &[]);
    }
    let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in inside.iter().filter(|(_, f)| f.is_file).map(|(p, _)| *p) {
        names.entry(path::folded(path)).or_default().push(path);
    }
    for same in names.values().filter(|same| same.len() > 1) {
        for path in same.iter().skip(1) {
            faults.add(Fault::NamesCollide, path, &[("other", &same[0])]);
        }
    }
    // Files that are there under another spelling of a listed name are not told again as unlisted.
    let mut spelled: BTreeSet<&str> = BTreeSet::new();
    let listed: BTreeSet<&str> = bag.payload.iter().flat_map(|m| m.entries.keys().map(String::as_str)).collect();
    for path in listed.iter().filter(|p| !payload.contains_key(*p)) {
        if bag.fetch.contains(*path) {
            faults.add(Fault::FetchWaiting, path, &[]);
            continue;
        }
        let near = names.get(&path::folded(path)).and_then(|same| same.iter().find(|p| !listed.contains(*p)));
        match near {
            Some(near) if path::composed(near) == path::composed(path) => {
                faults.add(Fault::NameNormalization, path, &[]);
                spelled.insert(near);
            }
            Some(near) => {
                faults.add(Fault::NameCase, path, &[("other", near)]);
                spelled.insert(near);
            }
            None => faults.add(Fault::FileMissing, path, &[]),
        }
    }
    for path in &bag.fetch {
        if !listed.contains(path.as_str()) {
            faults.add(Fault::FetchUnlisted, path, &[]);
        }
    }
    if bag.manifests > 0 && bag.payload.len() == bag.manifests {
        for path in payload.keys().filter(|p| !listed.contains(*p) && !spelled.contains(*p)) {
            faults.add(Fault::FileUnlisted, path, &[]);
        }
    }
    if bag.version >= Version::V1_0 {
        for manifest in &bag.payload {
            for path in listed.iter().filter(|p| !manifest.entries.contains_key(**p)) {
                faults.add(Fault::ManifestsDiffer, path, &[("manifest", &manifest.name)]);
            }
        }
    }
    let tags: BTreeSet<&str> = bag.tags.iter().flat_map(|m| m.entries.keys().map(String::as_str)).collect();
    for path in tags.iter().filter(|p| !inside.get(*p).is_some_and(|f| f.is_file)) {
        faults.add(Fault::FileMissing, path, &[]);
    }
    if let Some((bytes, files)) = bag.oxum {
        let sum = payload.values().fold(0_u64, |sum, size| sum.saturating_add(*size));
        let count = payload.len() as u64;
        if (bytes, files) != (sum, count) {
            let values: [(&'static str, &dyn ToString); 4] =
                [("bytes", &bytes), ("files", &files), ("found_bytes", &sum), ("found_files", &count)];
            faults.add(Fault::OxumWrong, bag.version.info_file(), &values);
        }
    }
}
