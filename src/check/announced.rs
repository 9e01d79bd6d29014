//! STRUCT-006: the attachments that the text announces and those that the report declares.
//! In: a report's blocks and its `attachments`. Files that the body links to count as declared, and an annex that
//! stands in the body itself is there. Where a text may speak of another document's annex it is left alone.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::{Block, BlockKind, Target};
use crate::text::ordinal::parse_numeral;
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) const RULES: &[Rule] = &[Rule { codes: &[Code::Struct006], run: Run::Document(differ) }];

const WORD: &str = "附件";

/// Largest number that can count attachments; more is a year or a quantity.
const MOST: u16 = 50;

/// Where attachments are announced, and how many at least.
struct Announced<'a> {
    block: &'a Block,
    range: Range<usize>,
    count: u16,
}

fn differ(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    if document.report.is_none() {
        return;
    }
    let listed = document.map.get("attachments").and_then(Value::as_sequence).map(Vec::len);
    let Some(found) = announcements(document) else { return };
    let targets = document.body.links.iter().filter_map(|l| match &l.target {
        Target::File(path) => Some(path),
        _ => None,
    });
    let there = listed.unwrap_or(0) + targets.collect::<BTreeSet<_>>().len();
    // The first of those that announce the most.
    let most = found.iter().rev().max_by_key(|a| a.count).filter(|a| usize::from(a.count) > there);
    let finding = match (most, listed) {
        (Some(most), _) if there == 0 => {
            let first = found.first().unwrap_or(most);
            let message = Message::new("struct.no_attachment");
            let finding = document.in_block(Code::Struct006, message, first.block, first.range.clone());
            finding.help(Message::new("struct.no_attachment.help"))
        }
        (Some(most), _) => {
            let message = Message::new("struct.attachments").with("named", most.count).with("listed", there);
            let finding = document.in_block(Code::Struct006, message, most.block, most.range.clone());
            finding.help(Message::new("struct.attachments.help"))
        }
        (None, Some(0)) => {
            let message = Message::new("struct.attachments_empty");
            let finding = document.at_key(Code::Struct006, message, &["attachments"]);
            finding.help(Message::new("struct.attachments_empty.help"))
        }
        (None, _) => return,
    };
    sink.push(finding);
}

/// Every announcement in its order; none where the annexes stand in the body itself.
fn announcements<'a>(document: &Document<'a>) -> Option<Vec<Announced<'a>>> {
    let mut found = Vec::new();
    if !document.body.prose.text.contains(WORD) {
        return Some(found);
    }
    let mut blocks = document.blocks().peekable();
    while let Some((block, words)) = blocks.next() {
        if matches!(block.kind, BlockKind::Code | BlockKind::Cell { .. }) || !words.contains(WORD) {
            continue;
        }
        let next = blocks.peek().copied();
        let lead = words.len() - words.trim_start().len();
        match words[lead..].strip_prefix(WORD).and_then(opening) {
            Some(_) if matches!(block.kind, BlockKind::Heading(_)) => return None,
            Some(Opening::Numbered(_) | Opening::Bare) if next.is_some_and(|(b, _)| is_annex(b)) => return None,
            Some(Opening::Numbered(count)) => found.push(Announced { block, range: lead..lead + WORD.len(), count }),
            Some(Opening::Bare) => found.push(Announced { block, range: lead..lead + WORD.len(), count: 1 }),
            Some(Opening::List) => {
                found.push(Announced { block, range: lead..lead + WORD.len(), count: listed_in(words) });
            }
            None => found.extend(referred(block, words)),
        }
    }
    Some(found)
}

/// Whether what follows a line 附件1 is the annex itself.
fn is_annex(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading(_) | BlockKind::Cell { .. })
}

/// How a block that begins with 附件 goes on.
enum Opening {
    /// `附件：…`, the form of GB/T 9704-2012, 7.3.4.
    List,
    /// `附件2`, `附件二：…`.
    Numbered(u16),
    /// Nothing but the word.
    Bare,
}

/// What stands behind the word; none where it goes on as a sentence.
fn opening(rest: &str) -> Option<Opening> {
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Opening::Bare);
    }
    if rest.starts_with(['：', ':']) {
        return Some(Opening::List);
    }
    let length: usize = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c))
        .map(char::len_utf8)
        .sum();
    let number = parse_numeral(&rest[..length]).filter(|n| *n <= MOST)?;
    let ends = rest[length..].chars().next().is_none_or(|c| "：:.．、《 \u{3000}".contains(c));
    ends.then_some(Opening::Numbered(number))
}

/// How many items `附件：1.…2.…` counts; one where they bear no numbers.
fn listed_in(words: &str) -> u16 {
    let mut from = words.find(WORD).map_or(0, |at| at + WORD.len());
    let mut count = 0;
    while count < MOST {
        let number = (count + 1).to_string();
        let item = words[from..].match_indices(&number).map(|(at, _)| from + at).find(|at| {
            let after = &words[at + number.len()..];
            let alone = !words[..*at].ends_with(|c: char| c.is_ascii_digit() || c == '.');
            let name = after.strip_prefix(['.', '．', '、']);
            alone && name.is_some_and(number_free)
        });
        let Some(at) = item else { break };
        from = at + number.len();
        count += 1;
    }
    count.max(1)
}

/// Whether what follows `1.` is not the rest of a decimal number, as in `1.5倍`. A year may follow: `1.2024年统计表`.
fn number_free(name: &str) -> bool {
    matches!(name.bytes().take_while(u8::is_ascii_digit).count(), 0 | 4)
}

/// 见附件, with the number behind it. 见《…》附件 is another document's.
fn referred<'a>(block: &'a Block, words: &str) -> impl Iterator<Item = Announced<'a>> + use<'a> {
    const SEE: &str = "见附件";
    let found = words.match_indices(SEE).filter(|(at, _)| !words[..*at].ends_with('不')).map(|(at, _)| {
        let rest = &words[at + SEE.len()..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count = parse_numeral(&rest[..length]).filter(|n| *n <= MOST).unwrap_or(1);
        Announced { block, range: at + SEE.len() - WORD.len()..at + SEE.len() + length, count }
    });
    found.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_the_word_is_an_announcement_only_in_its_form() {
        let count = |rest: &str| match opening(rest) {
            Some(Opening::List) => 100,
            Some(Opening::Numbered(n)) => n,
            Some(Opening::Bare) => 1,
            None => 0,
        };
        let cases =
            [("：办件统计表", 100), (":", 100), ("", 1), ("2", 2), ("二：清单", 2), ("3《清单》", 3), ("1 清单", 1)];
        for (rest, number) in cases {
            assert_eq!(count(rest), number, "{rest}");
        }
        for sentence in ["一并报送", "材料齐全", "2024年版", "1份", "《任务表》列出", "含有个人信息"]
        {
            assert_eq!(count(sentence), 0, "{sentence}");
        }
    }

    #[test]
    fn numbered_items_are_counted_and_numbers_in_names_are_not() {
        let cases = [
            ("附件：1.办件统计表\u{3000}\u{3000}2.执法事项清单", 2),
            ("附件：1．甲表2．乙表3．丙表", 3),
            ("附件：办件统计表", 1),
            ("附件：1.2024年1.5倍增长表", 1),
            ("附件：2024.12办件统计表", 1),
        ];
        for (words, count) in cases {
            assert_eq!(listed_in(words), count, "{words}");
        }
    }
}
