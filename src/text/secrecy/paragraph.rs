//! Marks told by where they stand: words that are a mark only alone in a paragraph, or in brackets at its end.
//! In: a whole paragraph, heading, title or cell. Out: marks. Lists of attachments and quoted titles name other
//! documents, not this one.

use super::mark::{is_blank, is_decoration};
use super::{Mark, Secrecy, is_quoted};
use memchr::memmem;

/// Words that are a mark where they stand alone.
const WORDS: &[(&str, Secrecy)] = &[
    ("绝密", Secrecy::Classified),
    ("机密", Secrecy::Classified),
    ("秘密", Secrecy::Classified),
    ("不予公开", Secrecy::NotPublic),
    ("依申请公开", Secrecy::NotPublic),
    ("不公开", Secrecy::NotPublic),
    ("工作秘密", Secrecy::Internal),
    ("内部资料", Secrecy::Internal),
    ("内部文件", Secrecy::Internal),
    ("内部材料", Secrecy::Internal),
    ("内部使用", Secrecy::Internal),
    ("内部发行", Secrecy::Internal),
    ("仅供内部使用", Secrecy::Internal),
    ("注意保存", Secrecy::Internal),
    ("注意保密", Secrecy::Internal),
    ("不得外传", Secrecy::Internal),
    ("禁止外传", Secrecy::Internal),
    ("严禁外传", Secrecy::Internal),
    ("请勿外传", Secrecy::Internal),
    ("征求意见稿", Secrecy::Draft),
    ("送审稿", Secrecy::Draft),
    ("未定稿", Secrecy::Draft),
    ("过程稿", Secrecy::Draft),
    ("讨论稿", Secrecy::Draft),
];

/// Longest paragraph that can be nothing but marks, in bytes.
const LONGEST: usize = 120;

fn is_separator(c: char) -> bool {
    is_decoration(c) || matches!(c, '，' | '、' | ',' | '；' | ';' | '。' | '！' | '!' | '·' | '★')
}

/// The word that `text` begins with, blanks between its characters allowed, and its length in bytes.
fn word(text: &str) -> Option<(Secrecy, usize)> {
    let mut best = None;
    for (word, what) in WORDS {
        let mut wanted = word.chars().peekable();
        let mut length = 0;
        for c in text.chars() {
            if wanted.peek() == Some(&c) {
                wanted.next();
            } else if !is_blank(c) || wanted.peek().is_none() || length == 0 {
                break;
            }
            length += c.len_utf8();
            if wanted.peek().is_none() {
                break;
            }
        }
        if wanted.peek().is_none() && best.is_none_or(|(_, longest)| length > longest) {
            best = Some((*what, length));
        }
    }
    best
}

/// Paragraphs that are nothing but marks (内部资料 注意保存), and those that begin with a level of secrecy and a blank.
pub(super) fn whole(text: &str, marks: &mut Vec<Mark>) {
    let body = text.trim_start_matches(is_decoration);
    let start = text.len() - body.len();
    let Some((first, length)) = word(body) else { return };
    let (mut at, mut end) = (start + length, start + length);
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty() && at - start < LONGEST) {
        let skipped = rest.len() - rest.trim_start_matches(is_separator).len();
        if let Some((_, more)) = word(&rest[skipped..]).filter(|_| skipped > 0) {
            (at, end) = (at + skipped + more, at + skipped + more);
        } else if skipped == rest.len() {
            at = text.len();
        } else {
            break;
        }
    }
    // A heading such as “## 依申请公开” opens a part of a report about disclosure; in brackets it would be a mark.
    let heading = first == Secrecy::NotPublic
        && text.trim_start().starts_with('#')
        && !text[..start].contains(['（', '(', '【', '[']);
    if heading {
        return;
    }
    if at == text.len() {
        marks.push(Mark { range: start..end, what: first });
    } else if first == Secrecy::Classified
        && text[start + length..].starts_with(['\u{3000}', ' '])
        && body.len() < LONGEST
    {
        marks.push(Mark { range: start..start + length, what: first });
    }
}

/// A mark in 【】 before a title: 【依申请公开】2024年工作报告.
pub(super) fn opening(text: &str, marks: &mut Vec<Mark>) {
    let body = text.trim_start_matches(|c: char| is_blank(c) || matches!(c, '#' | '*'));
    let Some(inner) = body.strip_prefix('【') else { return };
    let at = text.len() - inner.len();
    if let Some((what, length)) = word(inner).filter(|(_, length)| inner[*length..].starts_with('】')) {
        marks.push(Mark { range: at..at + length, what });
    }
}

/// Phrases that forbid to pass a document on are marks within a sentence too, unless they speak of other things
/// (内部使用的系统).
pub(super) fn internal(text: &str, marks: &mut Vec<Mark>) {
    for opening in ["仅供内部使用", "仅限内部使用", "仅供内部参考", "内部资料", "内部文件"] {
        for at in memmem::find_iter(text.as_bytes(), opening) {
            let mut end = at + opening.len();
            let rest = &text[end..];
            let more = rest.trim_start_matches([' ', '，', '、', ',', '\u{3000}']);
            let closing = ["不得外传", "禁止外传", "严禁外传", "请勿外传", "注意保存", "注意保密"]
                .iter()
                .find(|w| more.starts_with(**w));
            if let Some(closing) = closing {
                end += rest.len() - more.len() + closing.len();
            } else if !opening.starts_with('仅') {
                continue;
            }
            let tail = &text[end..];
            if (tail.is_empty() || tail.starts_with(['。', '，', '）', ')', '】', '！', ' '])) && !is_quoted(text, at)
            {
                marks.push(Mark { range: at..end, what: Secrecy::Internal });
            }
        }
    }
}

/// A mark in brackets that ends the paragraph or title: 2024年度报告（送审稿）.
pub(super) fn ending(text: &str, marks: &mut Vec<Mark>) {
    let body = text.trim_end_matches(|c: char| is_blank(c) || matches!(c, '*' | '_' | '\n' | '\r'));
    let Some(inner) = body.strip_suffix(['）', ')', '】', ']', '〕']) else { return };
    let Some(open) = inner.rfind(['（', '(', '【', '[', '〔']) else { return };
    let width = inner[open..].chars().next().map_or(1, char::len_utf8);
    let content = &inner[open + width..];
    let shown = content.trim_matches(is_blank);
    let at = open + width + (content.len() - content.trim_start_matches(is_blank).len());
    let found = WORDS.iter().find(|(w, what)| {
        let exact = shown == *w;
        // 第二次征求意见稿, 送审稿2024
        let draft = *what == Secrecy::Draft
            && shown.contains(w)
            && shown.len() <= w.len() + 18
            && !shown.contains(['、', '，', '和']);
        exact || draft
    });
    let Some((_, what)) = found else { return };
    let lead = &body[..open];
    if is_quoted(text, open) || names_another(lead) || lead.contains('。') {
        return;
    }
    marks.push(Mark { range: at..at + shown.len(), what: *what });
}

/// Whether the words before the brackets name another document: an entry of a list, an attachment, a title in 《》.
fn names_another(lead: &str) -> bool {
    let words = lead.trim_start_matches(is_decoration);
    let numbered = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let entry = numbered.len() < words.len() && numbered.starts_with(['.', '．', '、']);
    entry
        || words.starts_with("附件")
        || words.contains(['《', '，', '；'])
        || lead.trim_start().starts_with("- ")
        || lead.starts_with('|')
}
