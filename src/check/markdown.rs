//! MD: text that Markdown reads otherwise than it looks. In: the words of the blocks and the Markdown they come from.
//! Code is let be, and so is what a writer has escaped. Raw HTML, headings and footnotes are judged where they are read.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::{Block, BlockKind, ReferenceKind};
use crate::text::wide::{is_unspaced, joins};
use std::ops::Range;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Md001], run: Run::Document(marks) },
    Rule { codes: &[Code::Md004], run: Run::Document(wrapped) },
    Rule { codes: &[Code::Md005], run: Run::Document(mistaken) },
    Rule { codes: &[Code::Md006], run: Run::Document(addresses) },
];

/// MD-001: marks of emphasis that readers see. One finding a block.
fn marks(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let text = &document.body.prose.text;
    let present: Vec<_> = ["**", "__", "~~"].into_iter().filter(|mark| text.contains(mark)).collect();
    if present.is_empty() {
        return;
    }
    for (block, words) in document.blocks().filter(|(block, _)| block.kind != BlockKind::Code) {
        let found = present.iter().flat_map(|mark| words.match_indices(mark));
        let mut found: Vec<_> = found.filter(|(at, mark)| is_left_over(words, *at, mark)).collect();
        found.sort_unstable();
        let typed = found.into_iter().find(|(at, mark)| is_typed(document, block, *at..at + mark.len()));
        if let Some((at, mark)) = typed {
            let message = Message::new("md.marks").with("mark", mark);
            let finding = document.in_block(Code::Md001, message, block, at..at + mark.len());
            sink.push(finding.help(Message::new("md.marks.help").with("mark", mark)));
        }
    }
}

/// Whether two marks stand where someone meant emphasis: exactly two, not between letters or digits as in `2**3`; the
/// underscores, which also draw lines and name variables, only beside Han.
fn is_left_over(words: &str, at: usize, mark: &str) -> bool {
    let (before, after) = (words[..at].chars().next_back(), words[at + mark.len()..].chars().next());
    let one = mark.chars().next();
    if before == one || after == one {
        return false;
    }
    let plain = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let han = |c: Option<char>| c.is_some_and(is_unspaced);
    if mark == "__" { han(before) || han(after) } else { !(plain(before) && plain(after)) }
}

/// Whether the words stand in the file as they are: not escaped, not in code.
fn is_typed(document: &Document<'_>, block: &Block, range: Range<usize>) -> bool {
    let words = &document.body.prose;
    let source = words.source(block.range.start + range.start..block.range.start + range.end);
    let offset = document.text.offset;
    let (from, at) = (block.source.start.saturating_sub(offset), source.start.saturating_sub(offset));
    let Some(before) = document.text.text.get(from..at) else { return false };
    let verbatim = document.text.text[at..].starts_with(&words.of(block)[range]);
    let ticks = before.bytes().zip(before.bytes().skip(1).chain([0])).filter(|(a, b)| *a == b'`' && *b != b'`').count();
    verbatim && !before.ends_with('\\') && ticks % 2 == 0
}

/// The Markdown of a block, and the byte of the body at which it begins.
fn source<'a>(document: &Document<'a>, block: &Block) -> (&'a str, usize) {
    let before = document.text.offset + document.body_start;
    let (start, end) = (block.source.start.saturating_sub(before), block.source.end.saturating_sub(before));
    (document.markdown().get(start..end).unwrap_or_default(), start)
}

/// Marks of a quote or list and the spaces with which a line is indented.
const INDENT: &[char] = &[' ', '\t', '>', '\u{3000}', '\u{a0}'];

/// MD-004: a break between two Han characters. A break that is meant ends in two spaces or a backslash.
fn wrapped(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, _) in document.paragraphs() {
        let (text, start) = source(document, block);
        let joined = text.match_indices('\n').map(|(at, _)| at).find(|at| {
            let (line, next) = (text[..*at].trim_end_matches('\r'), text[at + 1..].trim_start_matches(INDENT));
            match (line.chars().next_back(), next.chars().next()) {
                (Some(left), Some(right)) => joins(left, right),
                _ => false,
            }
        });
        if let Some(at) = joined {
            let last = text[..at].trim_end_matches('\r').char_indices().next_back().map_or(at, |(i, _)| i);
            let finding = document.in_markdown(Code::Md004, Message::new("md.wrapped"), start + last..start + at);
            sink.push(finding.help(Message::new("md.wrapped.help")));
        }
    }
}

/// MD-005: lines that look like one thing and are another.
fn mistaken(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let mut find = |key: &'static str, help: &'static str, range: Range<usize>| {
        sink.push(document.in_markdown(Code::Md005, Message::new(key), range).help(Message::new(help)));
    };
    for (block, words) in document.blocks() {
        let (text, start) = source(document, block);
        match block.kind {
            BlockKind::Paragraph if text.contains('#') => {
                for (at, line) in lines(text) {
                    let marks = line.bytes().take_while(|b| *b == b'#').count();
                    if is_heading_without_space(line, marks) {
                        find("md.heading", "md.heading.help", start + at..start + at + marks);
                    }
                }
            }
            // One of the first level is MD-008 already.
            BlockKind::Heading(2) if !text.trim_start_matches(INDENT).starts_with('#') => {
                let first = text.lines().next().unwrap_or_default();
                find("md.underlined", "md.underlined.help", start..start + first.len());
            }
            BlockKind::Code if words.contains(is_unspaced) && !is_fenced(text) => {
                let first = text.lines().next().unwrap_or_default();
                find("md.indented", "md.indented.help", start..start + first.len());
            }
            _ => {}
        }
    }
    if !document.body.html.contains("<ol start=\"") {
        return;
    }
    for (at, line) in lines(document.markdown()) {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = line.split_at(digits);
        let opens = digits >= 3 && rest.starts_with(['.', ')']) && rest[1..].starts_with([' ', '\t']);
        let first = number.trim_start_matches('0');
        if opens && document.body.html.contains(&format!("<ol start=\"{first}\"")) {
            find("md.list", "md.list.help", at..at + digits + 1);
        }
    }
}

/// The lines of a text without their indents, each with where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = whole.trim_start_matches(INDENT);
        let start = at + whole.len() - line.len();
        at += whole.len();
        (start, line.trim_end())
    })
}

/// `#标题`, but not `#话题#` nor `#1`.
fn is_heading_without_space(line: &str, marks: usize) -> bool {
    let rest = &line[marks..];
    (1..=6).contains(&marks)
        && rest.starts_with(|c| is_unspaced(c) && c != '\u{3000}')
        && !rest.trim_end_matches('#').contains('#')
        && (marks > 1 || !rest.ends_with('#'))
}

fn is_fenced(text: &str) -> bool {
    let text = text.trim_start_matches(INDENT);
    text.starts_with("```") || text.starts_with("~~~")
}

/// MD-006: an address that touches Han. Before it a Han mark is no matter: `网址：https://…`; behind it, a mark is as bad as
/// a character, since other programs take both into the address.
fn addresses(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for bare in document.body.references.iter().filter(|r| r.kind == ReferenceKind::Bare) {
        let (start, end) =
            (bare.span.start.saturating_sub(document.text.offset), bare.span.end.saturating_sub(document.text.offset));
        let (Some(before), Some(after)) = (document.text.text.get(..start), document.text.text.get(end..)) else {
            continue;
        };
        let word = |c: char| is_unspaced(c) && c.is_alphanumeric();
        if before.ends_with(word) || after.starts_with(|c| is_unspaced(c) && c != '\u{3000}') {
            let range = start - document.body_start..end - document.body_start;
            let finding = document.in_markdown(Code::Md006, Message::new("md.bare_url"), range);
            sink.push(finding.help(Message::new("md.bare_url.help").with("url", &bare.url)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_marks_beside_words_are_left_over() {
        let left = |words: &str, mark: &str| words.match_indices(mark).any(|(at, _)| is_left_over(words, at, mark));
        for (words, mark) in [("** 组织 **，落实", "**"), ("组织**", "**"), ("__组织__", "__"), ("~~旧~~", "~~")]
        {
            assert!(left(words, mark), "{words}");
        }
        for (words, mark) in [("138****1234", "**"), ("2**3", "**"), ("姓名____", "__"), ("a__b", "__"), ("1~~2", "~~")]
        {
            assert!(!left(words, mark), "{words}");
        }
    }

    #[test]
    fn a_topic_is_no_heading() {
        let is = |line: &str| is_heading_without_space(line, line.bytes().take_while(|b| *b == b'#').count());
        for line in ["#一、标题", "##（一）标题", "##标题##"] {
            assert!(is(line), "{line}");
        }
        for line in ["#示例话题# 活动", "#示例话题#", "#1", "# 标题", "#######标题"] {
            assert!(!is(line), "{line}");
        }
    }
}
