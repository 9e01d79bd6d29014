//! Personal data in Chinese text: citizen numbers, telephones, cards, travel documents, accounts, plates, homes, and
//! masks that hide too little.
//! In: a paragraph or cell, and the last day on which a person in it can have been born. Out: what was found and
//! where, in order.
//! Knows neither rules nor severities. It finds what has the form; whether a number was ever given to a person it
//! cannot know.

mod account;
mod column;
mod context;
mod mask;
mod number;
mod place;
mod scan;

pub use column::is_personal_column;
pub use mask::mask;

use super::normal::Run;
use crate::base::CivilDate;
use std::ops::Range;

/// What was found, from the most to the least telling; of two that overlap the earlier one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Personal {
    /// A citizen number with a right check character (GB 11643-1999).
    CitizenNumber,
    /// A mobile number of mainland China, whole.
    Mobile,
    /// A bank card: Luhn and the prefix 62 of UnionPay, or Luhn beside a word such as 卡号.
    BankCard,
    /// The form and birth date of a citizen number with a wrong check character: a slip still shows who is meant.
    CitizenNumberWrong,
    /// A 15-digit citizen number beside a word such as 身份证.
    CitizenNumberOld,
    /// A passport or travel permit beside a word such as 护照.
    TravelDocument,
    /// A mask that leaves so much of a number that the rest can be guessed.
    WeakMask,
    /// An e-mail address outside `gov.cn`.
    Email,
    /// A QQ or WeChat account, told by the word before it.
    ChatAccount,
    /// A home, below the level of the street.
    HomeAddress,
    /// A number plate.
    Plate,
    /// A card or account that is less certain: Luhn alone, or the word 账号 alone.
    BankCardPossible,
    /// What has the form of a passport or travel permit, with no word that says so.
    TravelDocumentPossible,
}

impl Personal {
    /// Every kind, in order.
    pub const ALL: [Self; 13] = [
        Self::CitizenNumber,
        Self::Mobile,
        Self::BankCard,
        Self::CitizenNumberWrong,
        Self::CitizenNumberOld,
        Self::TravelDocument,
        Self::WeakMask,
        Self::Email,
        Self::ChatAccount,
        Self::HomeAddress,
        Self::Plate,
        Self::BankCardPossible,
        Self::TravelDocumentPossible,
    ];

    /// A name for messages and data, such as `bank-card`.
    pub fn id(self) -> &'static str {
        match self {
            Self::CitizenNumber => "citizen-number",
            Self::CitizenNumberWrong => "citizen-number-wrong",
            Self::CitizenNumberOld => "citizen-number-old",
            Self::Mobile => "mobile",
            Self::BankCard => "bank-card",
            Self::BankCardPossible => "bank-card-possible",
            Self::TravelDocument => "travel-document",
            Self::TravelDocumentPossible => "travel-document-possible",
            Self::Email => "email",
            Self::ChatAccount => "chat-account",
            Self::Plate => "plate",
            Self::HomeAddress => "home-address",
            Self::WeakMask => "weak-mask",
        }
    }
}

/// A place in a text that says something about a person. Whoever shows it shows [`mask`] of it, never the text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Bytes of the text, on character boundaries.
    pub range: Range<usize>,
    /// What stands there.
    pub what: Personal,
}

/// Finds personal data in `text`. A citizen number counts only if its birth date is not after `latest`.
///
/// Hits are in order and do not overlap. Time is linear in the length of the text.
pub fn find(text: &str, latest: CivilDate) -> Vec<Hit> {
    let bytes = text.as_bytes();
    let mut hits = Vec::new();
    let mut run = Run::default();
    let (mut at, mut mail, mut home) = (0, 0, 0);
    while let Some(here) = scan::next(bytes, at) {
        if !bytes.get(here).is_some_and(|b| b.is_ascii_digit())
            && text.get(here..).is_some_and(|t| t.starts_with(['@', '＠']))
        {
            let (end, hit) = account::email(text, mail, here);
            hits.extend(hit);
            (at, mail) = (end, end);
            continue;
        }
        let end = match scan::short_figure(bytes, here) {
            Some(length) => here + length,
            None => {
                run.read(text, at, here);
                number::judge(text, &run, latest, &mut hits);
                run.end()
            }
        };
        if here >= home
            && end - here <= 12
            && let Some(hit) = place::home(text, here, end)
        {
            home = hit.range.end;
            hits.push(hit);
        }
        at = end;
    }
    account::wechat(text, &mut hits);
    keep_the_most_telling(hits)
}

/// The places of `text` that are worth [`find`]: a block of it in which none lies holds no personal data. A block is a part
/// between line feeds or tabs. In order; nearly all figures of a report are passed over.
pub fn suspects(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut suspects: Vec<usize> = account::WECHAT.find_iter(bytes).collect();
    let mut at = 0;
    while let Some(here) = scan::next(bytes, at) {
        match scan::short_figure(bytes, here) {
            Some(length) if !place::begins_home(text, here + length) => at = here + length,
            Some(length) => {
                suspects.push(here);
                at = here + length;
            }
            None => {
                suspects.push(here);
                // The rest of the block is looked at anyway.
                let rest = bytes.get(here..).unwrap_or_default();
                at = memchr::memchr2(b'\n', b'\t', rest).map_or(bytes.len(), |end| here + end);
            }
        }
    }
    suspects.sort_unstable();
    suspects
}

/// Sorts the hits and drops the less telling of two that overlap.
fn keep_the_most_telling(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.range.start, hit.what));
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                if hit.what < last.what {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn latest() -> CivilDate {
        CivilDate::parse("2024-12-31").expect("a day")
    }

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        find(text, latest()).into_iter().map(|h| (h.what.id(), &text[h.range])).collect()
    }

    #[test]
    fn of_two_readings_the_more_telling_is_kept() {
        assert_eq!(found("邮箱13800000000@example.com"), [("mobile", "13800000000")]);
        assert_eq!(found("微信号：13800000000"), [("mobile", "13800000000")]);
        assert_eq!(found("QQ：10000001@example.com"), [("email", "10000001@example.com")]);
    }

    #[test]
    fn names_of_kinds_differ() {
        let names: std::collections::BTreeSet<_> = Personal::ALL.iter().map(|k| k.id()).collect();
        assert_eq!(names.len(), Personal::ALL.len());
        assert!(Personal::ALL.is_sorted());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_text_hits_are_in_order_and_on_boundaries(
            text in "([0-9]{1,19}|[ \\-*·@.+X]|[０-９]{1,4}|身份证号|微信号：|QQ|账号|粤[A-F]|住址：|路12号|[a-z]{1,8}|\\PC|\u{200b}|🙂|\\\\\\*){0,24}"
        ) {
            let mut end = 0;
            for hit in find(&text, latest()) {
                prop_assert!(hit.range.start >= end && hit.range.start < hit.range.end, "{:?} in {:?}", hit, text);
                prop_assert!(text.get(hit.range.clone()).is_some());
                end = hit.range.end;
            }
        }

        #[test]
        fn a_block_with_personal_data_is_worth_a_look(
            blocks in prop::collection::vec("([0-9]{1,19}|[ \\-*·@.+X]|[０-９]{1,4}|身份证号|微信号：|[a-z]{6,8}|QQ|账号|粤[A-F]|住址：|路|12号|3栋|2单元|1[3-9][0-9]{9}|[a-z]@[a-z]\\.com){0,9}", 1..5),
            tabs in any::<bool>(),
        ) {
            let (text, ranges) = crate::text::joined(&blocks, if tabs { '\t' } else { '\n' });
            let suspects = suspects(&text);
            for (block, range) in blocks.iter().zip(ranges) {
                prop_assert!(find(block, latest()).is_empty() || suspects.iter().any(|s| range.contains(s)), "{:?}", block);
            }
        }

        #[test]
        fn a_mobile_number_is_found_between_any_han(a in "[一-龥：（]{0,6}", b in "[）。，丁一]{0,6}", n in "1[3-9][0-9]{9}") {
            let text = format!("{a}{n}{b}");
            prop_assert_eq!(found(&text), [("mobile", n.as_str())]);
        }
    }
}
