//! Marks of secrecy and of documents that are not meant for the public, and what would help an intruder.
//! In: a paragraph, heading, title or cell, whole, since a mark is told by where it stands. Out: marks and where they
//! are, in order.
//! Knows neither rules nor severities. A report about disclosure speaks of 依申请公开 and 保密审查 throughout; that is no mark.

mod exposure;
mod mark;
mod paragraph;

use aho_corasick::packed::Searcher;
use std::ops::Range;
use std::sync::LazyLock;

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secrecy {
    /// A state secret by its mark: 绝密, 机密 or 秘密, alone, with ★ or behind 密级.
    Classified,
    /// 不予公开, 依申请公开 or 此件不公开 as the mark of the document itself.
    NotPublic,
    /// 内部资料, 工作秘密, 不得外传 as the mark of the document itself.
    Internal,
    /// 征求意见稿, 送审稿, 未定稿 and the like as the state of the document itself.
    Draft,
    /// A password or passphrase with its value. The range covers the value: whoever shows it must leave that out.
    Password,
    /// A private address (RFC 1918) or a host that exists only within a network.
    ExposedAddress,
    /// 此件公开发布, the good mark.
    Open,
}

impl Secrecy {
    /// Every kind, in order.
    pub const ALL: [Self; 7] = [
        Self::Classified,
        Self::NotPublic,
        Self::Internal,
        Self::Draft,
        Self::Password,
        Self::ExposedAddress,
        Self::Open,
    ];

    /// A name for messages and data, such as `not-public`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Classified => "classified",
            Self::NotPublic => "not-public",
            Self::Internal => "internal",
            Self::Draft => "draft",
            Self::Password => "password",
            Self::ExposedAddress => "exposed-address",
            Self::Open => "open",
        }
    }
}

/// A mark in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text, on character boundaries.
    pub range: Range<usize>,
    /// What it says.
    pub what: Secrecy,
}

/// What a paragraph may hold, told by a word in it; one bit each, so that many words make one number.
mod hint {
    pub(super) const LEVEL: u8 = 1;
    pub(super) const OPENNESS: u8 = 2;
    pub(super) const INTERNAL: u8 = 4;
    pub(super) const DRAFT: u8 = 8;
    pub(super) const PASSWORD: u8 = 16;
    pub(super) const ADDRESS: u8 = 32;
    pub(super) const LABEL: u8 = 64;
    pub(super) const SUBJECT: u8 = 128;
    pub(super) const ALL: u8 = 255;
}

/// A paragraph without any of these has no mark. Three bytes at least, so that the search compares a whole Han
/// character at once.
const HINTS: &[(&str, u8)] = &[
    ("绝密", hint::LEVEL),
    ("机密", hint::LEVEL),
    ("秘密", hint::LEVEL | hint::INTERNAL),
    ("密级", hint::LEVEL),
    ("保密级", hint::LEVEL),
    ("★", hint::LEVEL),
    ("☆", hint::LEVEL),
    ("予公开", hint::OPENNESS),
    ("不公开", hint::OPENNESS),
    ("申请公开", hint::OPENNESS),
    ("依申请", hint::OPENNESS),
    ("此件", hint::SUBJECT),
    ("本件", hint::SUBJECT),
    ("本文件", hint::SUBJECT),
    ("开属性", hint::LABEL),
    ("开类别", hint::LABEL),
    ("开类型", hint::LABEL),
    ("开方式", hint::LABEL),
    ("开选项", hint::LABEL),
    ("开形式", hint::LABEL),
    ("开程度", hint::LABEL),
    ("开范围", hint::LABEL),
    ("开性质", hint::LABEL),
    ("息属性", hint::LABEL),
    ("布属性", hint::LABEL),
    ("内部", hint::INTERNAL),
    ("外传", hint::INTERNAL),
    ("注意保", hint::INTERNAL),
    ("意见稿", hint::DRAFT),
    ("送审稿", hint::DRAFT),
    ("未定稿", hint::DRAFT),
    ("过程稿", hint::DRAFT),
    ("讨论稿", hint::DRAFT),
    ("密码", hint::PASSWORD),
    ("口令", hint::PASSWORD),
    ("password", hint::PASSWORD),
    ("Password", hint::PASSWORD),
    ("passwd", hint::PASSWORD),
    ("10.", hint::ADDRESS),
    ("172.", hint::ADDRESS),
    ("192.", hint::ADDRESS),
    ("://", hint::ADDRESS),
    ("１０．", hint::ADDRESS),
    ("１７２．", hint::ADDRESS),
    ("１９２．", hint::ADDRESS),
];

/// The vector search of the crate, eight times as fast on Han text as its automaton; there is none on some processors.
static SEARCH: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(HINTS.iter().map(|(word, _)| word)));

fn hints(text: &str) -> u8 {
    let Some(search) = SEARCH.as_ref() else { return hint::ALL };
    let found = search.find_iter(text).filter_map(|m| HINTS.get(m.pattern().as_usize()));
    let spaced = if mark::is_spaced(text) { hint::LEVEL | hint::INTERNAL | hint::DRAFT | hint::OPENNESS } else { 0 };
    found.fold(spaced, |all, (_, bit)| all | bit)
}

/// The places of `text` that are worth [`find`]: a block of it in which none lies holds no mark. A block is a part between
/// line feeds or tabs. In order.
pub fn suspects(text: &str) -> Vec<usize> {
    let Some(search) = SEARCH.as_ref() else { return block_starts(text).collect() };
    let mut places: Vec<usize> = search.find_iter(text).map(|m| m.start()).collect();
    // 秘　密 has none of the words.
    let spaced = |at: &usize| text.get(*at..).is_some_and(|t| mark::starts_spaced(t.trim_start_matches(of_a_line)));
    places.extend(block_starts(text).filter(spaced));
    places.sort_unstable();
    places
}

/// What may stand before a mark in its line: to look beyond it at every line would take quadratic time.
fn of_a_line(c: char) -> bool {
    mark::is_decoration(c) && !matches!(c, '\n' | '\t')
}

fn block_starts(text: &str) -> impl Iterator<Item = usize> {
    [0].into_iter().chain(memchr::memchr2_iter(b'\n', b'\t', text.as_bytes()).map(|end| end + 1))
}

/// Finds marks in one paragraph. They are in order and do not overlap; time is linear in the length of the text.
pub fn find(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let hints = hints(text);
    let may = |bits: u8| hints & bits != 0;
    if hints == 0 {
        return marks;
    }
    if may(hint::LEVEL) {
        mark::classified(text, &mut marks);
    }
    if may(hint::OPENNESS) && may(hint::LABEL) {
        mark::labelled_openness(text, &mut marks);
    }
    if may(hint::SUBJECT) {
        mark::openness(text, &mut marks);
    }
    if may(hint::INTERNAL) {
        paragraph::internal(text, &mut marks);
    }
    if may(hint::DRAFT) {
        mark::draft(text, &mut marks);
    }
    if may(hint::LEVEL | hint::OPENNESS | hint::INTERNAL | hint::DRAFT) {
        paragraph::whole(text, &mut marks);
        paragraph::opening(text, &mut marks);
        paragraph::ending(text, &mut marks);
    }
    if may(hint::PASSWORD) {
        exposure::passwords(text, &mut marks);
    }
    if may(hint::ADDRESS) {
        exposure::addresses(text, &mut marks);
    }
    // Of marks that begin together the longest says most.
    marks.sort_by_key(|m| (m.range.start, std::cmp::Reverse(m.range.end), m.what));
    let mut end = 0;
    marks.retain(|m| {
        let apart = m.range.start >= end;
        if apart {
            end = m.range.end;
        }
        apart
    });
    marks
}

/// Whether `at` lies within quotation marks or 《》 that opened before it in `text`: a mark that is only spoken of.
fn is_quoted(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or_default();
    let near: usize = head.chars().rev().take(60).map(char::len_utf8).sum();
    let near = head.get(head.len() - near..).unwrap_or_default();
    let open = |left: char, right: char| match (near.rfind(left), near.rfind(right)) {
        (Some(l), Some(r)) => l > r,
        (left, _) => left.is_some(),
    };
    open('“', '”') || open('《', '》') || open('‘', '’') || open('「', '」') || near.matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_quoted_is_only_spoken_of() {
        for (text, quoted) in
            [("标“秘密", true), ("标“一”秘密", false), ("《秘密", true), ("《甲》《乙（秘密", true), ("秘密", false)]
        {
            assert_eq!(is_quoted(text, text.find("秘密").expect("there")), quoted, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn a_block_with_a_mark_is_worth_a_look(
            blocks in prop::collection::vec("([*（ ]{0,2}(密级：)?(绝|机|秘)[ \t]?密[★☆]?(3年)?|内 部 资 料|此件不予公开|不得外传|征求意见稿|密码：[a-z]{6}|192\\.168\\.0\\.1|http://10\\.0\\.0\\.1|依申请公开|[汉字，0-9]{1,5}){0,3}", 1..5),
            tabs in any::<bool>(),
        ) {
            let (text, ranges) = crate::text::joined(&blocks, if tabs { '\t' } else { '\n' });
            let suspects = suspects(&text);
            for (block, range) in blocks.iter().zip(ranges) {
                prop_assert!(find(block).is_empty() || suspects.iter().any(|s| range.contains(s)), "{:?}", block);
            }
        }

        #[test]
        fn whatever_the_text_marks_are_in_order_and_on_boundaries(
            text in "(密级|秘密|机 密|★|[0-9]{1,3}|年|（|）|[：， 。*#|]|不予公开|依申请公开|此件|公开|内部资料|不得外传|征求意见稿|密码|10\\.|192\\.168\\.|http://|[a-z]{1,5}|\\PC|“|》|🙂){0,24}"
        ) {
            let mut end = 0;
            for mark in find(&text) {
                prop_assert!(mark.range.start >= end && mark.range.start < mark.range.end, "{:?} in {:?}", mark, text);
                prop_assert!(text.get(mark.range.clone()).is_some());
                end = mark.range.end;
            }
        }
    }
}
