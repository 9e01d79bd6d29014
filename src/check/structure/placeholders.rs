//! STRUCT-009: what a draft leaves open: ×××, XX年, 某某局, 待补充, TODO, an empty 〔〕, a hint nobody replaced.
//! In: words. Out: where they are unfinished. Masks of names and numbers are not placeholders.

use crate::check::Document;
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::BlockKind;
use aho_corasick::packed::Searcher;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// What stands behind ××, XX or 某某 when something is still to be filled in; behind other words they mask a name.
const BLANKS: [&str; 30] = [
    "年",
    "月",
    "日",
    "局",
    "区",
    "市",
    "县",
    "省",
    "镇",
    "乡",
    "街道",
    "部门",
    "单位",
    "办公室",
    "委员会",
    "委",
    "号",
    "项",
    "件",
    "次",
    "篇",
    "个",
    "家",
    "户",
    "元",
    "万",
    "亿",
    "条",
    "份",
    "同志",
];

/// Words that stand for what is to come, with what they may not follow and may not be followed by when they do.
const TO_COME: [(&str, &str); 4] = [
    ("待定", "期招对等看优款善接有未尚亟仍还应"),
    ("待补充", "有尚亟仍还应均都未正"),
    ("待填写", "有尚亟仍还应均都未正"),
    ("待填", "有尚亟仍还应均都未正"),
];

/// Where a placeholder may stand, in order. One look at the whole is cheaper than ten at each block.
fn triggers(text: &str) -> Vec<usize> {
    // Of three bytes at least: the vector search compares that many at once.
    const WORDS: [&str; 7] = ["某某", "TODO", "TBD", concat!("FIX", "ME"), "待定", "待补充", "待填"];
    static SEARCH: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(WORDS.iter().chain(&["〔"])));
    static TIMES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("×"));
    let bytes = text.as_bytes();
    let mut places: Vec<usize> = memchr::memchr2_iter(b'X', b'x', bytes).chain(TIMES.find_iter(bytes)).collect();
    match SEARCH.as_ref() {
        Some(search) => places.extend(search.find_iter(text).map(|m| m.start())),
        None => places.extend(WORDS.iter().chain(&["〔"]).flat_map(|w| text.match_indices(w).map(|(at, _)| at))),
    }
    places.sort_unstable();
    places
}

/// Nothing was left open.
pub(super) fn left(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let help = || Message::new("struct.placeholder.help");
    if let Some(report) = document.report {
        let number = report.document_number.as_deref().map(|n| ("document_number", n));
        let summary = report.summary.as_deref().map(|s| ("summary", s));
        for (key, words) in [("title", report.title.as_ref())].into_iter().chain(number).chain(summary) {
            for found in placeholders(words) {
                let message = Message::new("struct.placeholder").with("words", &words[found]);
                sink.push(document.at_key(Code::Struct009, message, &[key]).help(help()));
            }
        }
    }
    let hints = || document.kind.into_iter().flat_map(|k| &k.parts).filter_map(|p| p.hint.as_deref());
    let is_hint = |words: &str| document.report.is_some() && hints().any(|h| h == words);
    for (block, words) in document.paragraphs().filter(|(_, words)| is_dots(words) || is_hint(words)) {
        let finding = document.in_block(Code::Struct009, Message::new("struct.hint"), block, 0..words.len());
        sink.push(finding.help(Message::new("struct.hint.help")));
    }
    for (block, words) in document.blocks_at(&triggers(&document.body.prose.text)) {
        if block.kind == BlockKind::Code || block.kind == BlockKind::Paragraph && is_hint(words) {
            continue;
        }
        for found in placeholders(words) {
            let message = Message::new("struct.placeholder").with("words", &words[found.clone()]);
            sink.push(document.in_block(Code::Struct009, message, block, found).help(help()));
        }
    }
    announced(document, sink);
}

/// 现将……报告如下 is followed by the report.
fn announced(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let mut blocks = document.blocks().peekable();
    while let Some((block, words)) = blocks.next() {
        if matches!(block.kind, BlockKind::Heading(_)) {
            return;
        }
        let Some(at) = words.find("报告如下").filter(|_| block.kind == BlockKind::Paragraph) else { continue };
        if blocks.peek().is_none() {
            let message = Message::new("struct.announced");
            let finding = document.in_block(Code::Struct009, message, block, at..at + "报告如下".len());
            sink.push(finding.help(Message::new("struct.announced.help")));
        }
    }
}

fn is_dots(words: &str) -> bool {
    words.chars().all(|c| matches!(c, '…' | '.' | '。' | ' ')) && words.contains(['…', '.', '。'])
}

fn placeholders(words: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    if words.contains(['×', 'X', 'x']) {
        runs(words, &mut out);
    }
    let char_before = |at: usize| words[..at].chars().next_back();
    for (at, _) in words.match_indices("某某") {
        let behind = &words[at + "某某".len()..];
        let blank = BLANKS.iter().find(|b| behind.starts_with(**b));
        // 某某局长 is somebody whose name is kept back; a quotation shows how something is written.
        let named = blank.is_some_and(|b| behind[b.len()..].starts_with('长'));
        if blank.is_some() && !named && !matches!(char_before(at), Some('“' | '《' | '‘')) {
            out.push(at..at + "某某".len());
        }
    }
    for word in ["TODO", "TBD", concat!("FIX", "ME")] {
        for (at, _) in words.match_indices(word) {
            let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            if !letter(char_before(at)) && !letter(words[at + word.len()..].chars().next()) {
                out.push(at..at + word.len());
            }
        }
    }
    for (word, never_before) in TO_COME {
        for (at, _) in words.match_indices(word) {
            let follows = words[at + word.len()..].chars().next();
            let whole = !follows.is_some_and(char::is_alphanumeric);
            if whole && !char_before(at).is_some_and(|c| never_before.contains(c)) {
                out.push(at..at + word.len());
            }
        }
    }
    for (at, _) in words.match_indices('〔') {
        let inner = words[at + '〔'.len_utf8()..].trim_start_matches(char::is_whitespace);
        if inner.starts_with('〕') {
            out.push(at..words.len() - inner.len() + '〕'.len_utf8());
        }
    }
    out.sort_by_key(|r| r.start);
    out
}

/// Runs of × or X: three, or two before what is counted or named. Beside digits they mask a number.
fn runs(words: &str, out: &mut Vec<Range<usize>>) {
    let mut rest = words;
    while let Some(at) = rest.find(['×', 'X', 'x']) {
        let start = words.len() - rest.len() + at;
        let first = words[start..].chars().next().unwrap_or_default();
        let behind = words[start..].trim_start_matches(first);
        let end = words.len() - behind.len();
        let count = (end - start) / first.len_utf8();
        let beside = |c: Option<char>| match (c, first) {
            (Some(c), '×') => c.is_ascii_digit(),
            (Some(c), _) => c.is_ascii_alphanumeric() || c == '×',
            (None, _) => false,
        };
        let masks = beside(words[..start].chars().next_back()) || beside(behind.chars().next());
        if !masks && (count > 2 || count == 2 && BLANKS.iter().any(|b| behind.starts_with(b))) {
            out.push(start..end);
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_found() {
        let known = [
            ("全年办理×××件", "×××"),
            ("全年办理××件", "××"),
            ("XX年XX局工作", "XX XX"),
            ("经xxx审定", "xxx"),
            ("由某某局牵头", "某某"),
            ("人数待定。", "待定"),
            ("（待补充）", "待补充"),
            ("TODO：数字", "TODO"),
            ("阳府〔 〕12号", "〔 〕"),
            ("阳府〔〕号", "〔〕"),
        ];
        for (words, found) in known {
            let said: Vec<_> = placeholders(words).into_iter().map(|r| &words[r]).collect();
            assert_eq!(said.join(" "), found, "{words}");
            assert!(!triggers(words).is_empty(), "{words}");
        }
    }

    #[test]
    fn masks_names_and_words_that_only_contain_one_are_no_placeholders() {
        let known = [
            "电话138××××1234",
            "张××不服处罚",
            "王某某诉甲局",
            "某某公司",
            "“某某局”字样",
            "等待定价",
            "尚待定论",
            "有待补充完善",
            "3×4米",
            "XXL号",
            "经费若干万元",
            "〔2024〕1号",
            "Xi'an、Exxon",
            "某某局长",
        ];
        for words in known {
            assert!(placeholders(words).is_empty(), "{words}");
        }
        assert!(is_dots("……") && is_dots("…") && !is_dots("…等") && !is_dots(""));
    }
}
