//! TEXT and MD: marks and characters in the words that readers see. The places come from `text::marks` and `text::odd`;
//! here they get their codes and words.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::{Block, BlockKind};
use crate::text::marks::{self, Mark, Oddity};
use crate::text::odd::{self, Odd};
use std::collections::BTreeSet;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Text001, Code::Text002, Code::Text003, Code::Md002], run: Run::Document(punctuation) },
    Rule { codes: &[Code::Text006, Code::Text007], run: Run::Document(characters) },
];

/// TEXT-001, -002, -003 and MD-002: the marks of each block.
fn punctuation(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, words) in document.blocks().filter(|(block, _)| block.kind != BlockKind::Code) {
        let found = marks::odd(words);
        let (narrow, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|m| m.oddity == Oddity::HalfWidth);
        // One finding a block: who types half-width marks does so in every sentence.
        if let Some(first) = narrow.first() {
            let kinds: BTreeSet<_> = narrow.iter().filter_map(|m| words.get(m.range.clone())).collect();
            let kinds: Vec<_> = kinds.into_iter().collect();
            let message = Message::new("text.half_width").with("marks", kinds.join(" ")).with("count", narrow.len());
            let wide: Vec<_> = kinds.iter().map(|k| wide(k)).collect();
            let help = Message::new("text.half_width.help").with("wide", wide.join(" "));
            sink.push(document.in_block(Code::Text001, message, block, first.range.clone()).help(help));
        }
        for Mark { range, oddity } in others {
            let (code, key, help) = match oddity {
                Oddity::Unclosed => (Code::Text002, "text.unclosed", "text.unclosed.help"),
                Oddity::Unopened => (Code::Text002, "text.unopened", "text.unopened.help"),
                Oddity::NeedlessComma => (Code::Text003, "text.needless_comma", "text.needless_comma.help"),
                // With a backslash before one the writer knew.
                Oddity::BareStar if is_escaped(document, block) => continue,
                Oddity::BareStar => (Code::Md002, "md.bare_star", "md.bare_star.help"),
                // MD-001 looks for these itself, and HalfWidth is above.
                Oddity::Emphasis | Oddity::HalfWidth => continue,
            };
            let mark = words.get(range.clone()).unwrap_or_default();
            let message = Message::new(key).with("mark", mark);
            sink.push(document.in_block(code, message, block, range).help(Message::new(help)));
        }
    }
}

fn is_escaped(document: &Document<'_>, block: &Block) -> bool {
    let at = |byte: usize| byte.saturating_sub(document.text.offset);
    let source = document.text.text.get(at(block.source.start)..at(block.source.end)).unwrap_or_default();
    source.contains("\\*") || source.contains("\\_")
}

/// The full-width form of a mark (GB/T 15834-2011).
fn wide(mark: &str) -> &str {
    match mark {
        "," => "，",
        ";" => "；",
        ":" => "：",
        "?" => "？",
        "!" => "！",
        "(" => "（",
        ")" => "）",
        other => other,
    }
}

/// TEXT-006 and TEXT-007: characters that nobody sees, or that are taken for others.
fn characters(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, words) in document.blocks().filter(|(block, _)| block.kind != BlockKind::Code) {
        for found in odd::characters(words) {
            let (code, key) = match found.odd {
                Odd::Invisible => (Code::Text006, "text.invisible"),
                Odd::Direction => (Code::Text006, "text.direction"),
                Odd::Control => (Code::Text006, "text.control"),
                Odd::Private => (Code::Text006, "text.private"),
                Odd::Lost => (Code::Text006, "text.lost"),
                Odd::Indent => (Code::Text006, "text.indent"),
                Odd::Decomposed => (Code::Text006, "text.decomposed"),
                Odd::Foreign => (Code::Text007, "text.foreign"),
                Odd::FullWidth => (Code::Text007, "text.full_width"),
                Odd::Radical => (Code::Text007, "text.radical"),
                Odd::LetterInNumber => (Code::Text007, "text.letter_in_number"),
            };
            let first = words.get(found.range.clone()).and_then(|w| w.chars().next()).unwrap_or(' ');
            let message = Message::new(key).with("point", format!("U+{:04X}", u32::from(first)));
            let help = Message::new(if code == Code::Text006 { "text.unseen.help" } else { "text.alike.help" });
            sink.push(document.in_block(code, message, block, found.range).help(help));
        }
    }
}
