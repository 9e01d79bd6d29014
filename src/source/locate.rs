//! Where a key path stands in YAML text. Asked only when a finding is shown, so a clean run never pays for it.

use super::Text;
use super::front::{self, Fences};
use crate::diag::{Key, Place};
use saphyr_parser::{Event, Parser, StrInput};
use std::ops::Range;

/// Which half of an entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key.
    Name,
    /// The value.
    Value,
}

/// The bytes of the key or value at `path`; the nearest enclosing entry when it is not there.
pub fn locate(text: &str, path: &[Key], part: Part) -> Option<Range<usize>> {
    let entries = entries(text);
    let find = |path: &[Key], part| entries.iter().find(|e| e.part == part && e.path == path).map(|e| e.span.clone());
    find(path, part).or_else(|| (1..=path.len()).rev().find_map(|n| find(&path[..n], Part::Name)))
}

/// The bytes of the second key `name` in one mapping, for findings about duplicates.
pub fn second_occurrence(text: &str, name: &str) -> Option<Range<usize>> {
    let entries = entries(text);
    let named: Vec<_> = entries
        .iter()
        .filter(|e| e.part == Part::Name && matches!(e.path.last(), Some(Key::Name(n)) if n == name))
        .collect();
    let repeated = |e: &&&Entry| named.iter().filter(|o| o.path == e.path).count() > 1;
    named.iter().filter(repeated).nth(1).map(|e| e.span.clone())
}

/// The bytes of [`Text::text`] at a place of a file; none for the file as such.
pub fn resolve(text: &Text, place: &Place) -> Option<Range<usize>> {
    let (keys, part) = match place {
        Place::Whole => return None,
        Place::Bytes(range) => {
            let at = |byte: usize| byte.saturating_sub(text.offset).min(text.text.len());
            return Some(at(range.start)..at(range.end).max(at(range.start)));
        }
        Place::Value(keys) => (keys, Part::Value),
        Place::Name(keys) => (keys, Part::Name),
    };
    let yaml = match text.file.ends_with(".md") {
        true => front::split(text, Fences::Required, &mut Vec::new())?.yaml,
        false => 0..text.text.len(),
    };
    let found = locate(&text.text[yaml.clone()], keys, part).unwrap_or(0..0);
    Some(yaml.start + found.start..yaml.start + found.end)
}

struct Entry {
    path: Vec<Key>,
    part: Part,
    span: Range<usize>,
}

/// Deeper than any document that `yaml::mapping` accepts.
const DEPTH: usize = 160;

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// Byte offset of each character: the parser counts characters.
    offsets: Vec<usize>,
    path: Vec<Key>,
    entries: Vec<Entry>,
}

fn entries(text: &str) -> Vec<Entry> {
    let offsets = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let mut reader = Reader { parser: Parser::new_from_str(text), offsets, path: Vec::new(), entries: Vec::new() };
    while let Some((event, span)) = reader.next() {
        if reader.node(event, span).is_none() && reader.path.len() > DEPTH {
            break;
        }
    }
    reader.entries
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let (event, span) = self.parser.next_event()?.ok()?;
        let at = |m: usize| self.offsets.get(m).or(self.offsets.last()).copied().unwrap_or(0);
        Some((event, at(span.start.index())..at(span.end.index())))
    }

    /// Reads the value that begins with `event`; gives the byte where it ends.
    fn node(&mut self, event: Event<'a>, span: Range<usize>) -> Option<usize> {
        if self.path.len() > DEPTH {
            return None;
        }
        let slot = self.entries.len();
        let start = span.start;
        let mut end = span.end;
        self.entries.push(Entry { path: self.path.clone(), part: Part::Value, span });
        match event {
            Event::SequenceStart(..) => {
                for index in 0.. {
                    let (event, span) = self.next()?;
                    if event == Event::SequenceEnd {
                        break;
                    }
                    self.path.push(Key::Index(index));
                    end = self.node(event, span)?;
                    self.path.pop();
                }
            }
            Event::MappingStart(..) => loop {
                let (event, span) = self.next()?;
                let name = match event {
                    Event::MappingEnd => break,
                    Event::Scalar(name, ..) => name.into_owned(),
                    other => {
                        self.node(other, span.clone())?;
                        String::new()
                    }
                };
                self.path.push(Key::Name(name));
                self.entries.push(Entry { path: self.path.clone(), part: Part::Name, span });
                let (event, span) = self.next()?;
                end = self.node(event, span)?;
                self.path.pop();
            },
            Event::Scalar(..) | Event::Alias(_) => {}
            _ => {
                self.entries.truncate(slot);
                return Some(end);
            }
        }
        self.entries[slot].span = start..end.max(start);
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: 年度报告\nsigned: {by: 某局, date: \"2024-11-28\"}\nattachments:\n  - file: a.xlsx\n    title: 附件\n  - {file: b.csv}\n";

    fn name(text: &str) -> Key {
        Key::Name(text.into())
    }

    fn show(path: &[Key], part: Part) -> &'static str {
        locate(TEXT, path, part).map_or("-", |r| &TEXT[r])
    }

    #[test]
    fn values_and_names_are_found_in_block_and_flow_style() {
        assert_eq!(show(&[name("title")], Part::Value), "年度报告");
        assert_eq!(show(&[name("signed"), name("date")], Part::Value), "\"2024-11-28\"");
        assert_eq!(show(&[name("attachments"), Key::Index(1), name("file")], Part::Value), "b.csv");
        assert_eq!(show(&[name("attachments"), Key::Index(0), name("title")], Part::Name), "title");
    }

    #[test]
    fn what_is_missing_points_at_what_encloses_it() {
        assert_eq!(show(&[name("signed"), name("place")], Part::Value), "signed");
        assert_eq!(show(&[name("nothing")], Part::Value), "-");
    }

    #[test]
    fn the_second_of_two_keys_is_the_duplicate() {
        let text = "title: a\nkind: b\ntitle: c\n";
        assert_eq!(second_occurrence(text, "title"), Some(17..22));
        assert_eq!(second_occurrence("a: {x: 1}\nb: {x: 2}\n", "x"), None);
    }
}
