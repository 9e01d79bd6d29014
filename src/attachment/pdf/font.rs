//! From the codes of a PDF font to characters and widths (ISO 32000-1, 9.6 to 9.10). In: a font's dictionary. Out: a
//! table. A code without a known character is U+FFFD.

use super::super::bounds::{self, Bound};
use super::super::gathering::Gathering;
use super::file::File;
use super::object::{Dictionary, Lexer, Object};
use encoding_rs::GBK;
use std::collections::BTreeMap;

/// Names of glyphs that are not a letter by themselves (Adobe Glyph List, the part that text in digits needs).
const GLYPHS: &[(&str, char)] = &[
    ("ampersand", '&'),
    ("asterisk", '*'),
    ("at", '@'),
    ("bullet", '•'),
    ("colon", ':'),
    ("comma", ','),
    ("eight", '8'),
    ("endash", '–'),
    ("equal", '='),
    ("five", '5'),
    ("four", '4'),
    ("hyphen", '-'),
    ("minus", '-'),
    ("nine", '9'),
    ("numbersign", '#'),
    ("one", '1'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("percent", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("semicolon", ';'),
    ("seven", '7'),
    ("six", '6'),
    ("slash", '/'),
    ("space", ' '),
    ("three", '3'),
    ("two", '2'),
    ("underscore", '_'),
    ("zero", '0'),
];

/// Longest string shown at once, in bytes; ISO 32000-1, annex C, has half as many.
const STRING: usize = 65_536;

/// How the bytes of a string become codes, and what codes mean without a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// One byte each, ASCII and Latin-1.
    Byte,
    /// Two bytes each, glyph numbers.
    Glyph,
    /// UTF-16.
    Unicode,
    /// One or two bytes as GBK has them; four bytes of GB 18030 are unknown.
    Mixed,
}

/// A run of codes: first, last, and the characters of the first.
type Range = (u32, u32, String);

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    coding: Coding,
    /// Ascending, from the font's own table.
    ranges: Vec<Range>,
    names: BTreeMap<u32, char>,
    widths: BTreeMap<u32, f64>,
    width: f64,
}

impl Font {
    /// A font from its dictionary.
    pub(super) fn read(dictionary: &Dictionary, file: &File<'_>, gathering: &mut Gathering) -> Self {
        let composite = file.follow(dictionary, b"Subtype").name() == Some(b"Type0");
        let encoding = file.follow(dictionary, b"Encoding");
        let coding = match (composite, encoding.name()) {
            (false, _) => Coding::Byte,
            (true, Some(name)) if name.starts_with(b"Uni") => Coding::Unicode,
            (true, Some(name)) if name.starts_with(b"GB") => Coding::Mixed,
            (true, _) => Coding::Glyph,
        };
        let ranges = match dictionary.get(b"ToUnicode".as_slice()) {
            Some(table) => file.stream(table, gathering).map(|(_, b)| ranges(&b, gathering)).unwrap_or_default(),
            None => Vec::new(),
        };
        let mut font = Self { coding, ranges, names: BTreeMap::new(), widths: BTreeMap::new(), width: 0.5 };
        if let Object::Dictionary(encoding) = &encoding {
            font.differences(&file.follow(encoding, b"Differences"));
        }
        if composite {
            let descendants = file.follow(dictionary, b"DescendantFonts");
            if let Some(Object::Dictionary(descendant)) = descendants.array().first().map(|d| file.resolve(d)) {
                font.width = file.follow(&descendant, b"DW").number().unwrap_or(1000.0) / 1000.0;
                font.composite_widths(&file.follow(&descendant, b"W"), file);
            }
        } else {
            let first = file.follow(dictionary, b"FirstChar").count().unwrap_or_default();
            // Type 3 fonts have a scale of their own; theirs is close to a thousandth in practice.
            for (code, width) in (first..256).zip(file.follow(dictionary, b"Widths").array()) {
                font.widths.extend(width.number().and_then(|w| Some((u32::try_from(code).ok()?, w / 1000.0))));
            }
        }
        font
    }

    /// Names of glyphs in place of those of the encoding.
    fn differences(&mut self, differences: &Object) {
        let mut code = 0;
        for entry in differences.array().iter().take(1024) {
            match entry {
                Object::Number(_) => code = entry.count().and_then(|c| u32::try_from(c).ok()).unwrap_or_default(),
                Object::Name(name) => {
                    self.names.insert(code, glyph(name).unwrap_or(char::REPLACEMENT_CHARACTER));
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    /// `code [width …]` and `first last width`.
    fn composite_widths(&mut self, widths: &Object, file: &File<'_>) {
        let mut rest = widths.array();
        while let [first, second, after @ ..] = rest {
            let first = first.count().and_then(|c| u32::try_from(c).ok()).unwrap_or_default();
            if let Object::Array(widths) = file.resolve(second) {
                for (code, width) in (first..=0xffff).zip(widths) {
                    self.widths.extend(width.number().map(|w| (code, w / 1000.0)));
                }
                rest = after;
            } else {
                let [width, after @ ..] = after else { return };
                let last = second.count().and_then(|c| u32::try_from(c).ok()).unwrap_or_default();
                // Long runs of one width are the default width in other words.
                for code in (first..=last.min(0xffff)).take(1024) {
                    self.widths.extend(width.number().map(|w| (code, w / 1000.0)));
                }
                rest = after;
            }
        }
    }

    /// The characters of a string, and how wide it is in units of the font size. An unknown one is U+FFFD.
    pub(super) fn decode(&self, bytes: &[u8]) -> (String, f64) {
        let (mut text, mut width) = (String::new(), 0.0);
        let bytes = bytes.get(..STRING).unwrap_or(bytes);
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let two = match self.coding {
                Coding::Byte => false,
                Coding::Glyph | Coding::Unicode => true,
                Coding::Mixed => *byte > 0x80,
            };
            let low = bytes.get(at + 1).copied().filter(|_| two);
            let code = low.map_or(u32::from(*byte), |low| u32::from(*byte) * 256 + u32::from(low));
            at += if two { 2 } else { 1 };
            width += self.widths.get(&code).copied().unwrap_or(self.width);
            match self.mapped(code) {
                Some(mapped) => text.push_str(&mapped),
                None => text.push(self.alone(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
            }
        }
        (text, width)
    }

    /// What the font's own table says.
    fn mapped(&self, code: u32) -> Option<String> {
        let index = self.ranges.partition_point(|(first, _, _)| *first <= code).checked_sub(1)?;
        let (first, last, text) = self.ranges.get(index).filter(|(_, last, _)| code <= *last)?;
        if first == last || code == *first {
            return Some(text.clone());
        }
        // The last character counts up through the run.
        let mut chars: Vec<char> = text.chars().collect();
        let end = chars.pop()?;
        chars.push(char::from_u32(u32::from(end).checked_add(code - first)?)?);
        Some(chars.into_iter().collect())
    }

    /// What the code means by its coding.
    fn alone(&self, code: u32) -> Option<char> {
        match self.coding {
            Coding::Byte => match self.names.get(&code).copied() {
                Some(char::REPLACEMENT_CHARACTER) => None,
                Some(name) => Some(name),
                None => char::from_u32(code).filter(|c| !c.is_control()),
            },
            Coding::Unicode => char::from_u32(code),
            Coding::Mixed => gbk(code),
            Coding::Glyph => None,
        }
    }
}

/// The character of one or two bytes of GBK.
fn gbk(code: u32) -> Option<char> {
    let [.., high, low] = code.to_be_bytes();
    let pair = [high, low];
    let bytes = if high == 0 { pair.get(1..)? } else { pair.as_slice() };
    let text = GBK.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn glyph(name: &[u8]) -> Option<char> {
    let name = std::str::from_utf8(name).ok()?;
    if name.len() == 1 {
        return name.chars().next();
    }
    if let Ok(index) = GLYPHS.binary_search_by_key(&name, |g| g.0) {
        return GLYPHS.get(index).map(|g| g.1);
    }
    let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'))?;
    u32::from_str_radix(digits.get(..4)?, 16).ok().and_then(char::from_u32)
}

/// The runs of a `ToUnicode` table.
fn ranges(bytes: &[u8], gathering: &mut Gathering) -> Vec<Range> {
    let (mut lexer, mut ranges, mut operands) = (Lexer::new(bytes, 0), Vec::new(), Vec::new());
    while lexer.at < bytes.len() {
        match lexer.object() {
            Some(Object::Operator(word)) => {
                match word.as_slice() {
                    b"endbfchar" => operands.as_chunks::<2>().0.iter().for_each(|[code, text]| {
                        ranges.extend(number(code).and_then(|code| Some((code, code, utf16(text)?))));
                    }),
                    b"endbfrange" => operands.as_chunks::<3>().0.iter().for_each(|[first, last, text]| {
                        let (Some(first), Some(last)) = (number(first), number(last)) else { return };
                        match text {
                            Object::Array(texts) => {
                                let codes = (first..=last).zip(texts);
                                ranges.extend(codes.filter_map(|(code, text)| Some((code, code, utf16(text)?))));
                            }
                            text => ranges.extend(utf16(text).map(|text| (first, last, text))),
                        }
                    }),
                    _ => {}
                }
                operands.clear();
            }
            Some(object) => operands.push(object),
            None => {}
        }
        if ranges.len() + operands.len() > 3 * bounds::CODES {
            gathering.hit(Bound::Codes);
            break;
        }
    }
    ranges.sort();
    ranges
}

fn number(object: &Object) -> Option<u32> {
    match object {
        Object::String(bytes) if bytes.len() <= 4 => Some(bytes.iter().fold(0, |sum, b| sum << 8 | u32::from(*b))),
        _ => None,
    }
}

/// The characters of one code, which are few.
fn utf16(object: &Object) -> Option<String> {
    match object {
        Object::String(bytes) if bytes.len() <= 16 => {
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|u| u16::from_be_bytes(*u)).collect();
            Some(String::from_utf16_lossy(&units))
        }
        _ => None,
    }
}
