//! Whether an index and a list of pages lead to the records that are there.
//! In: the places of records, lines of unknown origin. Out: what leads nowhere, and what nothing leads to.

use super::cdx::{self, Line};
use super::container::{Container, Member};
use super::record::{Packing, Record};
use super::verify::files;
use crate::archive::verdict::{Fault, Faults};
use crate::base::Sha256;
use crate::diag::Message;
use flate2::bufread::MultiGzDecoder;
use std::io::{BufRead, BufReader, Read};

/// Most records whose places are kept.
pub(super) const PLACES: usize = 1_000_000;
/// Longest line of an index or of a list of pages, in bytes.
const LINE_BYTES: u64 = 1 << 20;
/// Most lines that are read.
const LINES: usize = 4_000_000;

/// Whether a record answers for an address, so that it has to be in the index.
pub(super) fn answers(kind: &str) -> bool {
    matches!(kind, "response" | "resource" | "revisit")
}

/// Words of unknown origin, not too long to be printed.
pub(super) fn short(text: &str) -> String {
    let start: String = text.chars().take(200).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

/// Where records are.
#[derive(Debug, Default)]
pub(super) struct Located {
    files: Vec<(String, Packing)>,
    /// In the order of the files and of their bytes.
    places: Vec<Place>,
    /// Digests of the addresses in the index, sorted when it has been read.
    addresses: Vec<Sha256>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    file: usize,
    offset: u64,
    length: u64,
    url: Sha256,
    time: u64,
    answers: bool,
    indexed: bool,
}

impl Located {
    pub(super) fn file(&mut self, name: &str, packing: Packing) -> usize {
        self.files.push((name.into(), packing));
        self.files.len() - 1
    }

    pub(super) fn note(&mut self, file: usize, record: &Record) {
        if self.places.len() == PLACES {
            return;
        }
        let Record { kind, url, date, offset, length, .. } = record;
        self.places.push(Place {
            file,
            offset: *offset,
            length: *length,
            url: Sha256::of(url.as_bytes()),
            time: cdx::digits(date).parse().unwrap_or_default(),
            answers: answers(kind),
            indexed: false,
        });
    }

    pub(super) fn is_full(&self) -> bool {
        self.places.len() == PLACES
    }

    /// Whether a line leads to a record of its address; the record counts as found from then on.
    fn leads(&mut self, line: &Line) -> bool {
        let Some(file) = self.files.iter().position(|(name, _)| *name == line.place.file) else { return false };
        let Ok(at) = self.places.binary_search_by_key(&(file, line.place.offset), |p| (p.file, p.offset)) else {
            return false;
        };
        // Writers disagree on whether the empty lines behind a record that is not packed belong to it.
        let exact = self.files[file].1 == Packing::Gzip;
        let place = &mut self.places[at];
        place.indexed = true;
        place.url == Sha256::of(line.url.as_bytes()) && (!exact || place.length == line.place.length)
    }

    fn time_of(&self, line: &Line) -> Option<u64> {
        let file = self.files.iter().position(|(name, _)| *name == line.place.file)?;
        let at = self.places.binary_search_by_key(&(file, line.place.offset), |p| (p.file, p.offset)).ok()?;
        Some(self.places[at].time)
    }
}

/// Reads the indexes: each line leads to a record of its address, and each answer is in the index. Of our own, the lines
/// are sorted, and their keys and times are those of the records.
pub(super) fn index(container: &Container, own: bool, located: &mut Located, faults: &mut Faults) {
    let mut any = false;
    for member in files(container, "indexes/", &[".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"]) {
        any = true;
        let mut before = String::new();
        lines(container, member, faults, &mut |text, number, faults| {
            // The first line may say what the index is.
            if text.starts_with('!') {
                return;
            }
            let line = cdx::read(text);
            let right = line.as_ref().is_some_and(|line| {
                let own_way = line.key == cdx::sort_key(&line.url)
                    && line.time.parse().ok() == located.time_of(line)
                    && before.as_str() < text;
                located.leads(line) && (!own || own_way)
            });
            if let Some(line) = line.filter(|_| located.addresses.len() < LINES) {
                located.addresses.push(Sha256::of(line.url.as_bytes()));
            }
            if !right {
                let values: [(&str, &dyn ToString); 2] = [("line", &number), ("text", &short(text))];
                faults.add(Fault::IndexWrong, &member.entry.name, &values);
            }
            before.clear();
            before.push_str(text);
        });
    }
    if !any {
        faults.add(Fault::FileMissing, super::package::INDEX, &[]);
    }
    located.addresses.sort_unstable();
    let forgotten = located.places.iter().filter(|p| p.answers && !p.indexed).count();
    if forgotten > 0 {
        faults.add(Fault::RecordUnindexed, "archive", &[("count", &forgotten)]);
    }
}

/// Reads the lists of pages: each page is in the index.
pub(super) fn pages(container: &Container, located: &Located, faults: &mut Faults) {
    if container.find(super::package::PAGES).is_none() {
        faults.add(Fault::FileMissing, super::package::PAGES, &[]);
    }
    for member in files(container, "pages/", &[".jsonl"]) {
        lines(container, member, faults, &mut |text, number, faults| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            if number == 1 && value.get("format").is_some() {
                return;
            }
            let url = value.get("url").and_then(serde_json::Value::as_str);
            let known = url.is_some_and(|u| located.addresses.binary_search(&Sha256::of(u.as_bytes())).is_ok());
            if !known || value.get("ts").is_none_or(|ts| !ts.is_string()) {
                let values: [(&str, &dyn ToString); 2] = [("line", &number), ("text", &short(text))];
                faults.add(Fault::PageUnindexed, &member.entry.name, &values);
            }
        });
    }
}

/// Hands over the lines of a file, counted from 1, empty ones left out.
fn lines(container: &Container, member: &Member, faults: &mut Faults, visit: &mut dyn FnMut(&str, usize, &mut Faults)) {
    let name = &member.entry.name;
    let raw = BufReader::new(container.read(member));
    let unpacked: Box<dyn Read + '_> =
        if name.ends_with(".gz") { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let mut input = BufReader::new(unpacked);
    for number in 1..=LINES {
        let mut line = Vec::new();
        match input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(n) if n as u64 == LINE_BYTES => {
                faults.bound(name, Message::new("archive.bound.line").with("limit", LINE_BYTES));
                return;
            }
            Ok(_) => {}
            Err(error) => {
                faults.add(Fault::EntryUnreadable, name, &[("why", &error)]);
                return;
            }
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if !text.is_empty() {
            visit(text, number, faults);
        }
    }
    faults.bound(name, Message::new("archive.bound.lines").with("limit", LINES));
}
