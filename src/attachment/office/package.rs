//! A package: its entries, unpacked one at a time inside the bounds, and the relations between them.
//! In: the bytes of a ZIP file. Out: parts. Entries that are encrypted or packed in another way than DEFLATE are
//! unread, not damaged.

use super::super::bounds::{self, Bound};
use super::super::gathering::Gathering;
use super::super::xml::{self, Part, Piece};
use super::super::{Kind, Mark, Place, Problem, Unread};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An open package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Index of each entry by name.
    entries: BTreeMap<String, usize>,
}

/// A relation of a part to another or to something outside (ECMA-376 part 2, 9.3).
pub(super) struct Relation {
    /// What it is, the last word of its type: `worksheet`, `comments`, `hyperlink`.
    pub(super) kind: String,
    /// The entry's name, or the address outside.
    pub(super) target: String,
    pub(super) outside: bool,
}

impl<'a> Package<'a> {
    /// Opens a package; `None` when it has more entries than the bound.
    pub(super) fn open(bytes: &'a [u8], gathering: &mut Gathering) -> Result<Option<Self>, Problem> {
        // The library lists all entries at once; a directory of millions is refused before that.
        if memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(bounds::ENTRIES + 1).count() > bounds::ENTRIES {
            gathering.hit(Bound::Entries);
            gathering.unread(Unread::NoReader);
            return Ok(None);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(gathering.kind(), "", &e))?;
        let mut entries = BTreeMap::new();
        for index in 0..archive.len() {
            if let Some(Ok(name)) = archive.name_for_index(index) {
                entries.insert(name.trim_start_matches('/').to_owned(), index);
            }
        }
        Ok(Some(Self { archive, entries }))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Every entry's name, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    /// The entries `PREFIX` number `SUFFIX` by their numbers; a missing number is 0.
    pub(super) fn numbered(&self, prefix: &str, suffix: &str) -> Vec<(usize, String)> {
        let number = |name: &String| {
            let digits = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
            if digits.is_empty() { Some(0) } else { digits.parse().ok() }
        };
        let mut found: Vec<_> = self.entries.keys().filter_map(|n| Some((number(n)?, n.clone()))).collect();
        found.sort();
        found.truncate(bounds::PARTS);
        found
    }

    /// An entry, unpacked; `None` when there is none or it cannot be read here.
    pub(super) fn part(&mut self, name: &str, gathering: &mut Gathering) -> Result<Option<Part>, Problem> {
        let Some(index) = self.entries.get(name) else { return Ok(None) };
        let kind = gathering.kind();
        let entry = match self.archive.by_index(*index) {
            Ok(entry) => entry,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                gathering.unread(Unread::Encrypted);
                return Ok(None);
            }
            Err(ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_)) => {
                gathering.unread(Unread::PackedPart);
                return Ok(None);
            }
            Err(error) => return Err(damaged(kind, name, &error)),
        };
        let most = bounds::PART_BYTES.min(gathering.budget);
        let mut bytes = Vec::new();
        let read = entry.take(most as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|e| damaged(kind, name, &e))?;
        let cut = bytes.len() > most;
        if cut {
            bytes.truncate(most);
            gathering.hit(if most < bounds::PART_BYTES { Bound::UnpackedBytes } else { Bound::PartBytes });
        }
        gathering.budget -= bytes.len();
        Ok(Some(Part { name: name.to_owned(), bytes, cut }))
    }

    /// The relations of a part by their ids. What is fetched from outside, links to click apart, is a trace.
    pub(super) fn relations(
        &mut self,
        of: &str,
        gathering: &mut Gathering,
    ) -> Result<BTreeMap<String, Relation>, Problem> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let name = format!("{folder}/_rels/{file}.rels");
        let mut relations = BTreeMap::new();
        let Some(part) = self.part(name.trim_start_matches('/'), gathering)? else { return Ok(relations) };
        xml::walk(&part, gathering, |piece, _, gathering| {
            let Piece::Open(tag) = piece else { return };
            let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target")) else { return };
            let kind = tag.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let outside = tag.attribute("TargetMode").is_some_and(|m| m == "External");
            if outside && kind != "hyperlink" {
                gathering.said(Place::Part(of.to_owned()), Mark::ExternalReference, &target);
            }
            let target = if outside { target } else { resolve(folder, &target) };
            relations.insert(id, Relation { kind, target, outside });
        })?;
        Ok(relations)
    }
}

/// The entry that a relative target names.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn damaged(kind: Kind, part: &str, reason: &dyn std::fmt::Display) -> Problem {
    Problem::Damaged { kind, part: part.to_owned(), reason: reason.to_string() }
}
