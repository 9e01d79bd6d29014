//! Marks of secrecy and of documents that are not meant for the public, and what would help an intruder.
//! In: a paragraph, heading, title or cell, whole, since a mark is told by where it stands. Out: marks and where they are, in order.
//! Knows neither rules nor severities. A report about disclosure speaks of 依申请公开 and 保密审查 throughout; that is no mark.

mod exposure;
mod mark;
mod paragraph;

use aho_corasick::AhoCorasick;
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

/// A paragraph without any of these has no mark. Three bytes at least, so that the search compares a whole Han character at once.
const TRIGGERS: &[&str] = &[
    "密★",
    "密☆",
    "绝密",
    "机密",
    "秘密",
    "密级",
    "★",
    "予公开",
    "不公开",
    "申请公开",
    "此件",
    "内部",
    "外传",
    "注意保存",
    "意见稿",
    "送审稿",
    "未定稿",
    "过程稿",
    "讨论稿",
    "密码",
    "口令",
    "password",
    "Password",
    "passwd",
    "10.",
    "172.",
    "192.168.",
    "://",
    "１０．",
    "１７２．",
    "１９２．",
];

static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(TRIGGERS).ok());

/// Finds marks in one paragraph. They are in order and do not overlap; time is linear in the length of the text.
pub fn find(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    if SEARCH.as_ref().is_some_and(|search| !search.is_match(text)) && !mark::is_spaced(text) {
        return marks;
    }
    mark::classified(text, &mut marks);
    mark::openness(text, &mut marks);
    paragraph::whole(text, &mut marks);
    paragraph::ending(text, &mut marks);
    exposure::passwords(text, &mut marks);
    exposure::addresses(text, &mut marks);
    marks.sort_by_key(|m| (m.range.start, m.what, m.range.end));
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
