//! Marks told by their own form: 密级 with ★, 密级：秘密, 公开属性：依申请公开, 此件不公开, 此件公开发布.
//! In: a paragraph. Out: marks. Where a mark must stand alone to be one, `paragraph` judges.

use super::{Mark, Secrecy, is_quoted};
use memchr::memmem;
use std::ops::Range;

const LEVELS: [&str; 3] = ["绝密", "机密", "秘密"];

/// Labels before a level of secrecy.
const SECRECY: &[&str] = &["密级", "密 级", "密　级", "秘密等级", "保密级别"];

/// Labels before how far a document is open.
const LABELS: &[&str] = &[
    "公开属性",
    "公开类别",
    "公开方式",
    "公开类型",
    "公开选项",
    "公开形式",
    "公开程度",
    "公开范围",
    "信息属性",
    "公开性质",
    "发布属性",
];

/// Whether a paragraph begins with a level of secrecy whose characters stand apart (秘 密), which a search for the word
/// does not find.
pub(super) fn is_spaced(text: &str) -> bool {
    starts_spaced(text.trim_start_matches(is_decoration))
}

/// The same, without anything before the level.
pub(super) fn starts_spaced(text: &str) -> bool {
    let mut head = text.chars();
    let first = head.next();
    matches!(first, Some('绝' | '机' | '秘' | '内' | '送' | '征')) && head.next().is_some_and(is_blank)
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\t')
}

/// Blanks and the marks of Markdown and of emphasis around a mark.
pub(super) fn is_decoration(c: char) -> bool {
    is_blank(c)
        || matches!(
            c,
            '\r' | '\n'
                | '#'
                | '>'
                | '*'
                | '_'
                | '【'
                | '】'
                | '['
                | ']'
                | '（'
                | '）'
                | '('
                | ')'
                | '〔'
                | '〕'
                | '〖'
                | '〗'
        )
}

/// 密级 marks by their form (保密法实施条例; GB/T 9704-2012, 7.2.2): a level and ★, or behind the label 密级.
pub(super) fn classified(text: &str, marks: &mut Vec<Mark>) {
    for (at, star) in text.char_indices().filter(|(_, c)| matches!(c, '★' | '☆')) {
        if let Some(start) = level_before(text, at)
            && !is_quoted(text, start)
        {
            let end = term_after(text, at + star.len_utf8());
            marks.push(Mark { range: start..end, what: Secrecy::Classified });
        }
    }
    for range in labelled(text, SECRECY, &LEVELS) {
        marks.push(Mark { range, what: Secrecy::Classified });
    }
    for range in labelled(text, SECRECY, &["内部", "工作秘密"]) {
        marks.push(Mark { range, what: Secrecy::Internal });
    }
}

/// Where a level begins that ends just before `at`, blanks between its characters allowed.
fn level_before(text: &str, at: usize) -> Option<usize> {
    let mut shown = text.get(..at)?.char_indices().rev().filter(|(_, c)| !is_blank(*c));
    let (second, (start, first)) = (shown.next()?.1, shown.next()?);
    (second == '密' && matches!(first, '绝' | '机' | '秘')).then_some(start)
}

/// Where the term of secrecy behind ★ ends: 30年, 6个月, 长期; `from` where there is none.
fn term_after(text: &str, from: usize) -> usize {
    let tail = text.get(from..).unwrap_or_default();
    let value = tail.trim_start_matches(is_blank);
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '０'..='９'));
    let word = if unit.len() < value.len() {
        ["年", "个月", "天"].iter().find(|w| unit.trim_start_matches(is_blank).starts_with(*w))
    } else {
        ["长期", "永久"].iter().find(|w| value.starts_with(*w))
    };
    match word {
        Some(word) => text.len() - unit.trim_start_matches(is_blank).len() + word.len(),
        None => from,
    }
}

/// The state of the document behind a label: 版本：送审稿.
pub(super) fn draft(text: &str, marks: &mut Vec<Mark>) {
    let drafts = ["征求意见稿", "送审稿", "未定稿", "过程稿", "讨论稿"];
    for range in labelled(text, &["版本", "状态", "文稿性质"], &drafts) {
        marks.push(Mark { range, what: Secrecy::Draft });
    }
}

/// Openness of the document itself behind a label: 公开属性：依申请公开.
pub(super) fn labelled_openness(text: &str, marks: &mut Vec<Mark>) {
    for range in labelled(text, LABELS, &["不予公开", "依申请公开", "不公开", "依申请"]) {
        marks.push(Mark { range, what: Secrecy::NotPublic });
    }
}

/// Openness of the document itself, which calls itself 此件.
pub(super) fn openness(text: &str, marks: &mut Vec<Mark>) {
    const SUBJECTS: [&str; 3] = ["此件", "本件", "本文件"];
    for (subject, at) in SUBJECTS.iter().flat_map(|s| memmem::find_iter(text.as_bytes(), s).map(move |at| (s, at))) {
        let tail = &text[at + subject.len()..];
        let known = [
            ("公开发布", Secrecy::Open),
            ("主动公开", Secrecy::Open),
            ("不公开", Secrecy::NotPublic),
            ("不予公开", Secrecy::NotPublic),
            ("不得公开", Secrecy::NotPublic),
            ("依申请公开", Secrecy::NotPublic),
            ("删减后公开", Secrecy::NotPublic),
        ];
        let Some((found, what)) = known.into_iter().find(|(k, _)| tail.starts_with(k)) else { continue };
        let before = text[..at].chars().next_back();
        let after = tail[found.len()..].chars().next();
        let closed = before.is_none_or(is_bound) && after.is_none_or(is_bound);
        if closed && !is_quoted(text, at) {
            marks.push(Mark { range: at..at + subject.len() + found.len(), what });
        }
    }
}

/// What may stand beside a mark: blanks, brackets, punctuation, but no word.
fn is_bound(c: char) -> bool {
    is_decoration(c) || matches!(c, '。' | '，' | '；' | '：' | ':' | ';' | ',' | '.' | '！' | '!' | '|')
}

/// The places where one of `values` follows one of `labels` and a colon, and nothing follows the value.
fn labelled(text: &str, labels: &[&str], values: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for value in values {
        for at in memmem::find_iter(text.as_bytes(), value) {
            let end = at + value.len();
            let closed = text[end..].chars().next().is_none_or(|c| is_bound(c) || c == '★');
            // Only what can stand between a label and its value is walked over, and of blanks a few.
            let blanks = |c: char| is_blank(c) || matches!(c, '：' | ':' | '*' | '|' | '】' | ']');
            let between: usize = text[..at].chars().rev().take(12).take_while(|c| blanks(*c)).map(char::len_utf8).sum();
            let (head, between) = text[..at].split_at(at - between);
            let label = labels.iter().find(|l| head.ends_with(**l)).filter(|_| closed);
            if let Some(label) = label.filter(|_| between.contains(['：', ':', '|', '】']))
                && !is_quoted(text, at)
            {
                found.push(head.len() - label.len()..end);
            }
        }
    }
    found
}
