//! The objects of a PDF file and its streams. In: bytes. Out: objects by number.
//! The cross-reference table is not believed: the file is read from its beginning, once, and the last object of a
//! number counts. That takes linear time, finds everything in damaged files, and cannot be led in circles.

use super::super::bounds::{self, Bound};
use super::super::gathering::Gathering;
use super::super::{Kind, Problem, Unread};
use super::filter;
use super::object::{Dictionary, Lexer, Object};
use std::cell::Cell;
use std::collections::BTreeMap;

/// Most references that lead to references.
const HOPS: usize = 8;
/// Most bytes of objects read, again and again, beyond the first reading: a page's font may stand for a million.
const READ: usize = 64_000_000;

#[derive(Clone, Copy)]
enum Location {
    /// In the file, from this byte on.
    Plain(usize),
    /// In an unpacked object stream, from this byte on.
    Packed(usize, usize),
}

/// A stream's bytes in the file.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

/// A PDF file.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    objects: BTreeMap<u32, Location>,
    streams: BTreeMap<u32, Span>,
    unpacked: Vec<Vec<u8>>,
    /// Bytes of objects that may still be read again.
    left: Cell<usize>,
    pub(super) trailer: Dictionary,
    /// Names of embedded files.
    pub(super) embedded: Vec<Object>,
    /// Whether an object holds program code.
    pub(super) scripts: bool,
}

impl<'a> File<'a> {
    /// Reads where each object is.
    pub(super) fn open(bytes: &'a [u8], gathering: &mut Gathering) -> Result<Self, Problem> {
        let (objects, streams, unpacked) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (trailer, embedded, scripts) = (Dictionary::new(), Vec::new(), false);
        let mut file = Self { bytes, objects, streams, unpacked, left: Cell::new(READ), trailer, embedded, scripts };
        let (mut packed, mut catalog) = (Vec::new(), None);
        let mut after = 0;
        for at in memchr::memmem::find_iter(bytes, b"obj") {
            let Some(number) = number_before(bytes, at).filter(|_| at >= after) else { continue };
            if file.objects.len() >= bounds::OBJECTS {
                gathering.hit(Bound::Objects);
                break;
            }
            let trailers = bytes.get(after..at).unwrap_or_default();
            file.trailers(trailers);
            let mut lexer = Lexer::new(bytes, at + 3);
            let object = lexer.object().unwrap_or_default();
            after = lexer.at.max(at + 3);
            if lexer.spent() {
                gathering.hit(Bound::Values);
            }
            file.objects.insert(number, Location::Plain(at + 3));
            file.streams.remove(&number);
            if let Object::Dictionary(dictionary) = object {
                if let Some(span) = span(bytes, after, &dictionary) {
                    after = span.end;
                    file.streams.insert(number, span);
                    match dictionary.get(b"Type".as_slice()).and_then(Object::name) {
                        Some(b"ObjStm") => packed.push(number),
                        Some(b"XRef") => file.is_trailer(&dictionary),
                        _ => {}
                    }
                }
                file.look_at(&dictionary, number, &mut catalog);
            }
        }
        file.trailers(bytes.get(after..).unwrap_or_default());
        if !file.encrypted() {
            for number in packed {
                file.unpack(number, &mut catalog, gathering);
            }
        }
        if !matches!(file.follow(&file.trailer, b"Root"), Object::Dictionary(_)) {
            let Some(catalog) = catalog else {
                let reason = "no catalogue of pages is found".to_owned();
                return Err(Problem::Damaged { kind: Kind::Pdf, part: String::new(), reason });
            };
            file.trailer.insert(b"Root".to_vec(), Object::Reference(catalog));
        }
        Ok(file)
    }

    /// Whether strings and streams are encrypted.
    pub(super) fn encrypted(&self) -> bool {
        self.trailer.contains_key(b"Encrypt".as_slice())
    }

    fn is_trailer(&mut self, dictionary: &Dictionary) {
        for key in [b"Root".as_slice(), b"Info", b"Encrypt"] {
            if let Some(value) = dictionary.get(key) {
                self.trailer.insert(key.to_vec(), value.clone());
            }
        }
    }

    /// The trailers between two objects.
    fn trailers(&mut self, between: &[u8]) {
        if let Some(at) = memchr::memmem::rfind(between, b"trailer")
            && let Some(Object::Dictionary(dictionary)) = Lexer::new(between, at + 7).object()
        {
            self.is_trailer(&dictionary);
        }
    }

    /// Notes what needs no way from the catalogue to be told.
    fn look_at(&mut self, dictionary: &Dictionary, number: u32, catalog: &mut Option<u32>) {
        if dictionary.get(b"Type".as_slice()).and_then(Object::name) == Some(b"Catalog") {
            *catalog = Some(number);
        }
        self.look_into(dictionary);
    }

    /// Scripts and embedded files, in the dictionaries inside it, too. Objects nest only so deep.
    fn look_into(&mut self, dictionary: &Dictionary) {
        let script = dictionary.get(b"S".as_slice()).and_then(Object::name) == Some(b"JavaScript");
        self.scripts |= script || dictionary.contains_key(b"JS".as_slice());
        if dictionary.contains_key(b"EF".as_slice())
            && self.embedded.len() < bounds::TRACES
            && let Some(name) = dictionary.get(b"UF".as_slice()).or_else(|| dictionary.get(b"F".as_slice()))
        {
            self.embedded.push(name.clone());
        }
        dictionary.values().for_each(|value| self.look_within(value));
    }

    fn look_within(&mut self, value: &Object) {
        match value {
            Object::Dictionary(dictionary) => self.look_into(dictionary),
            Object::Array(values) => values.iter().for_each(|value| self.look_within(value)),
            _ => {}
        }
    }

    /// The objects in an object stream (ISO 32000-1, 7.5.7).
    fn unpack(&mut self, number: u32, catalog: &mut Option<u32>, gathering: &mut Gathering) {
        let Some((dictionary, bytes)) = self.stream(&Object::Reference(number), gathering) else { return };
        let count = |key: &[u8]| dictionary.get(key).and_then(Object::count).unwrap_or_default();
        let (count, first) = (count(b"N"), count(b"First"));
        let mut lexer = Lexer::new(bytes.get(..first).unwrap_or_default(), 0);
        let (index, mut found, mut read) = (self.unpacked.len(), Vec::new(), 0);
        for _ in 0..count {
            let (Some(number), Some(offset)) = (lexer.object(), lexer.object()) else { break };
            let (Some(number), Some(offset)) = (number.count(), offset.count()) else { break };
            if self.objects.len() + found.len() >= bounds::OBJECTS {
                gathering.hit(Bound::Objects);
                break;
            }
            let Ok(number) = u32::try_from(number) else { continue };
            let at = first + offset;
            found.push((number, Location::Packed(index, at)));
            // Objects stand in the order of their offsets; one that goes back is not looked at twice.
            if at >= read {
                let mut lexer = Lexer::new(&bytes, at);
                if let Some(Object::Dictionary(dictionary)) = lexer.object() {
                    self.look_at(&dictionary, number, catalog);
                }
                read = lexer.at;
            }
        }
        self.unpacked.push(bytes);
        for (number, location) in found {
            self.objects.insert(number, location);
        }
    }

    /// An object, through references.
    pub(super) fn resolve(&self, object: &Object) -> Object {
        let mut object = object.clone();
        for _ in 0..HOPS {
            let Object::Reference(number) = object else { return object };
            object = self.read(number);
        }
        Object::Null
    }

    fn read(&self, number: u32) -> Object {
        let (bytes, at) = match self.objects.get(&number) {
            Some(Location::Plain(at)) => (self.bytes, *at),
            Some(Location::Packed(stream, at)) => {
                let Some(bytes) = self.unpacked.get(*stream) else { return Object::Null };
                (bytes.as_slice(), *at)
            }
            None => return Object::Null,
        };
        if self.left.get() == 0 {
            return Object::Null;
        }
        let mut lexer = Lexer::new(bytes, at);
        let object = lexer.object().unwrap_or_default();
        self.left.set(self.left.get().saturating_sub(lexer.at.saturating_sub(at)));
        object
    }

    /// Whether no more is read.
    pub(super) fn exhausted(&self) -> bool {
        self.left.get() == 0
    }

    /// The value of a key, through references; null when there is none.
    pub(super) fn follow(&self, dictionary: &Dictionary, key: &[u8]) -> Object {
        dictionary.get(key).map_or(Object::Null, |value| self.resolve(value))
    }

    /// The dictionary at a key, through references; empty when there is none.
    pub(super) fn dictionary(&self, dictionary: &Dictionary, key: &[u8]) -> Dictionary {
        match self.follow(dictionary, key) {
            Object::Dictionary(dictionary) => dictionary,
            _ => Dictionary::new(),
        }
    }

    /// A stream's dictionary and its bytes, unpacked.
    pub(super) fn stream(&self, object: &Object, gathering: &mut Gathering) -> Option<(Dictionary, Vec<u8>)> {
        let mut object = object.clone();
        for _ in 0..HOPS {
            let Object::Reference(number) = object else { return None };
            match (self.read(number), self.streams.get(&number)) {
                (Object::Dictionary(dictionary), Some(span)) => {
                    let packed = self.bytes.get(span.start..span.end).unwrap_or_default();
                    let bytes = self.unfilter(&dictionary, packed, gathering);
                    if bytes.is_none() {
                        gathering.unread(Unread::PdfStream);
                    }
                    return Some((dictionary, bytes?));
                }
                (other, _) => object = other,
            }
        }
        None
    }

    fn unfilter(&self, dictionary: &Dictionary, packed: &[u8], gathering: &mut Gathering) -> Option<Vec<u8>> {
        let filters = match self.follow(dictionary, b"Filter") {
            Object::Array(filters) => filters.iter().map(|f| self.resolve(f)).collect(),
            Object::Null => Vec::new(),
            filter => vec![filter],
        };
        let predicted = match self.follow(dictionary, b"DecodeParms") {
            Object::Array(all) => all.iter().map(|p| self.resolve(p)).collect(),
            parameters => vec![parameters],
        };
        // LZW codes that grow late (`EarlyChange` 0) would be misread, too.
        let predicted = predicted.iter().any(|p| match p {
            Object::Dictionary(p) => {
                self.follow(p, b"Predictor").number().is_some_and(|n| n > 1.0)
                    || self.follow(p, b"EarlyChange").number() == Some(0.0)
            }
            _ => false,
        });
        if predicted {
            return None;
        }
        filter::apply(&filters, packed, gathering)
    }
}

/// The object number of `12 0 obj`, the position being that of `obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let before = bytes.get(at.saturating_sub(32)..at)?;
    let (rest, _generation) = last_number(before)?;
    let (_, number) = last_number(rest)?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// The number at the end of bytes, blanks after it, and what is before it.
fn last_number(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = bytes.trim_ascii_end();
    let start = bytes.iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |p| p + 1);
    let (rest, number) = bytes.split_at_checked(start)?;
    (!number.is_empty()).then_some((rest, number))
}

/// The bytes of a stream whose dictionary ends at `at`.
fn span(bytes: &[u8], at: usize, dictionary: &Dictionary) -> Option<Span> {
    let rest = bytes.get(at..)?;
    let blank = rest.len() - rest.trim_ascii_start().len();
    let rest = rest.get(blank..)?.strip_prefix(b"stream")?;
    let line = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
    let start = at + blank + 6 + line;
    let said = dictionary.get(b"Length".as_slice()).and_then(Object::count).map(|length| start + length);
    let right = |end: &usize| bytes.get(*end..).is_some_and(|b| b.trim_ascii_start().starts_with(b"endstream"));
    let end = said.filter(right).or_else(|| {
        let rest = bytes.get(start..)?;
        Some(start + memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len()))
    })?;
    Some(Span { start, end })
}
