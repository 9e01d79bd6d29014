//! STRUCT: whether a report has the parts its kind demands, headings that can be followed, and no gaps left to fill.
//! In: a document. Out: findings. Numbering and enumerations are judged elsewhere.

mod parts;
mod placeholders;

use super::{Document, Rule, Run};
use crate::diag::{Code, Message, Place};
use crate::diag::{Diagnostic, Label};
use crate::markdown::{Block, BlockKind, Part};
use crate::text::ordinal;
use std::ops::Range;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Struct001], run: Run::Document(parts::demanded) },
    Rule { codes: &[Code::Struct005], run: Run::Document(plans) },
    Rule { codes: &[Code::Struct007], run: Run::Document(long) },
    Rule { codes: &[Code::Struct008], run: Run::Document(headings) },
    Rule { codes: &[Code::Struct009], run: Run::Document(placeholders::left) },
];

/// Longest paragraph, in characters. No rule names a number; readability of running text on a screen.
const LONGEST: usize = 600;

/// The heading that opens a part; none for what stands before the first one.
fn heading_of<'a>(document: &Document<'a>, part: &Part) -> Option<&'a Block> {
    let headings = document.body.prose.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Heading(_)));
    headings.take_while(|b| b.range.end < part.text.start).last().filter(|_| !part.id.is_empty())
}

/// A heading without its number, and where in the heading it stands.
fn unnumbered(heading: &str) -> (&str, usize) {
    let at = ordinal::leading(heading).map_or(0, |(_, at)| at);
    (heading.get(at..).unwrap_or_default(), at)
}

/// STRUCT-005: each problem that has a heading has one among the plans.
fn plans(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let of = |role: &'static str| {
        let own = move |h: &&crate::markdown::Heading| h.role.as_deref() == Some(role);
        document.body.outline.iter().filter(own).map(|h| h.children.len()).sum::<usize>()
    };
    let (problems, plans) = (of("problems"), of("plans"));
    if plans == 0 || problems <= plans {
        return;
    }
    let heading = |role: &str| {
        let part = document.body.parts.iter().find(|p| p.role.as_deref() == Some(role))?;
        heading_of(document, part)
    };
    if let (Some(place), Some(other)) = (heading("plans"), heading("problems")) {
        let message = Message::new("struct.plans").with("problems", problems).with("plans", plans);
        let finding = document.in_block(Code::Struct005, message, place, 0..place.range.len());
        let other = Place::Bytes(document.body.prose.source(other.range.clone()));
        let finding = finding.see(document.file(), other, Message::new("struct.plans.see"));
        sink.push(finding.help(Message::new("struct.plans.help")));
    }
}

/// STRUCT-007: a paragraph can be read in one go.
fn long(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    // A Latin word may count more than its one letter: with all letters doubled it is surely not undercounted.
    let most = |words: &str| words.chars().count() + words.bytes().filter(u8::is_ascii_alphabetic).count();
    let may_be_long = |words: &str| words.len() > LONGEST && most(words) > LONGEST;
    for (block, words) in document.paragraphs().filter(|(_, words)| may_be_long(words)) {
        let length = length(words);
        if length > LONGEST {
            let message = Message::new("struct.long").with("length", length).with("longest", LONGEST);
            let finding = document.in_block(Code::Struct007, message, block, opening(words));
            sink.push(finding.help(Message::new("struct.long.help")));
        }
    }
}

/// How long words are, in characters without spaces; a Latin word counts as two, like most Chinese words.
fn length(words: &str) -> usize {
    let (mut length, mut inside) = (0, false);
    for c in words.chars() {
        let letter = c.is_alphabetic() && !crate::text::wide::is_unspaced(c);
        length += match (letter, inside) {
            (true, true) => 0,
            (true, false) => 2,
            (false, _) => usize::from(!c.is_whitespace()),
        };
        inside = letter;
    }
    length
}

/// Where the first clause of a paragraph stands.
fn opening(words: &str) -> Range<usize> {
    let limit = words.char_indices().nth(24).map_or(words.len(), |(at, _)| at);
    let ends = |c: char| matches!(c, '。' | '，' | '；' | '：' | '.' | ',' | ';' | ':');
    0..words[..limit].find(ends).unwrap_or(limit)
}

/// STRUCT-008: headings have words, and each level stands under the one above it (WCAG 2.2, 1.3.1 and 2.4.6).
fn headings(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    // The title of the page is the heading of the first level.
    let mut before = 1;
    for block in &document.body.prose.blocks {
        let BlockKind::Heading(level) = block.kind else { continue };
        let words = document.body.prose.of(block);
        if !unnumbered(words).0.contains(char::is_alphanumeric) {
            let label = Label { file: document.file().into(), place: Place::Bytes(block.source.clone()), note: None };
            let mut finding = Diagnostic::new(Code::Struct008, Message::new("struct.heading_empty"));
            finding.labels.push(label);
            sink.push(finding.help(Message::new("struct.heading_empty.help")));
        }
        if level > before + 1 {
            let marks = |level: u8| "#".repeat(usize::from(level));
            let message = match before {
                1 => Message::new("struct.heading_first").with("marks", marks(level)),
                _ => Message::new("struct.heading_skips").with("marks", marks(level)).with("before", marks(before)),
            };
            let help = Message::new("struct.heading_skips.help").with("marks", marks(before + 1));
            sink.push(document.in_block(Code::Struct008, message, block, 0..block.range.len()).help(help));
        }
        before = level;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_as_long_as_its_characters_and_a_latin_word_counts_two() {
        for (words, is) in [("全年办理 12 件。", 8), ("two words", 4), ("政务APP", 4), ("", 0)] {
            assert_eq!(length(words), is, "{words}");
        }
    }

    #[test]
    fn the_opening_of_a_paragraph_is_its_first_clause() {
        assert_eq!(opening("一是推进，二是"), 0.."一是推进".len());
        assert_eq!(opening(&"字".repeat(30)), 0..72);
        assert_eq!(opening("短"), 0..3);
    }
}
