//! Masks: how found data may be shown, and masks in a text that hide too little.
//! In: a piece of text. Out: what is left of it, or a hit. Nothing here ever shows more than an accepted mask shows.

use super::{Hit, Personal};
use crate::text::identity::is_province;
use crate::text::normal::{Joint, Run, fold};

/// `text` as it may be shown to anyone: `138****1234` for a mobile number, two characters at the front and three at
/// the end of a longer
/// number, the first character of anything shorter. Text that is no single number shows its first character only.
pub fn mask(text: &str) -> String {
    let plain: String = text.chars().filter_map(fold).filter(|c| !c.is_whitespace() && *c != '\\').collect();
    let number: String = plain.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').collect();
    let separated = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '-' | '·' | '+'));
    if let Some((local, host)) = plain.split_once('@') {
        let local: String = local.chars().take(12).collect();
        return format!("{}@***{}", hide(&local, 1, 0), tail_of(host));
    }
    let national = ["0086", "86", "0"].iter().find_map(|c| number.strip_prefix(c).filter(|n| is_mobile(n)));
    let number = national.unwrap_or(&number);
    match number.chars().count() {
        11 if separated && is_mobile(number) => hide(number, 3, 4),
        12..=22 if separated => hide(number, 2, 3),
        _ if plain.is_empty() => "***".to_string(),
        _ => hide(&plain.chars().take(12).collect::<String>(), 1, 0),
    }
}

/// The last label of a host: `com` of `mail.example.com`.
fn tail_of(host: &str) -> String {
    let top = host
        .rsplit_once('.')
        .map(|(_, top)| top)
        .filter(|t| t.len() <= 6 && t.bytes().all(|b| b.is_ascii_alphabetic()));
    top.map(|t| format!(".{t}")).unwrap_or_default()
}

/// Eleven characters of a mobile number; some of its digits may be hidden already.
fn is_mobile(number: &str) -> bool {
    let mut digits = number.chars();
    number.len() == 11
        && digits.next() == Some('1')
        && digits.next().is_some_and(|c| matches!(c, '3'..='9'))
        && digits.all(|c| c.is_ascii_digit() || c == '*')
}

/// Keeps `front` and `back` characters, and puts a star for every other.
fn hide(text: &str, front: usize, back: usize) -> String {
    let count = text.chars().count();
    text.chars().enumerate().map(|(i, c)| if i < front || i + back >= count { c } else { '*' }).collect()
}

/// The first number of the run whose mask hides too little.
pub(super) fn weak(text: &str, run: &Run) -> Option<Hit> {
    let pieces = run.pieces();
    let mut first = 0;
    while let Some(piece) = pieces.get(first) {
        let next = pieces
            .iter()
            .enumerate()
            .skip(first + 1)
            .find(|(_, p)| p.joint == Joint::Blank)
            .map_or(pieces.len(), |(i, _)| i);
        // Blanks inside a mask join its parts (6200 **** **** 0120), so that the whole run is tried first.
        for last in [pieces.len(), next] {
            let range = piece.range.start..pieces.get(last - 1)?.range.end;
            let found = run.plain().get(range.clone()).filter(|plain| plain.len() <= 24 && is_weak(plain));
            if found.is_some()
                && let Some(range) = run.origin(range)
                && !super::context::is_in_address(text, range.start, range.end)
            {
                return Some(Hit { range, what: Personal::WeakMask });
            }
        }
        first = next;
    }
    None
}

/// Whether a masked number leaves too little to guess.
///
/// An identity number may keep six digits at the front (the region) or two and three (粤, local rule), and four at the
/// end; it must not show the
/// birth date. Where fewer than six characters of it are hidden, or fewer than four of a mobile number, the rest can
/// be tried out.
fn is_weak(masked: &str) -> bool {
    let marked: String = masked
        .char_indices()
        .map(|(i, c)| if matches!(c, 'X' | 'x') && i + 1 < masked.len() { '*' } else { c })
        .collect();
    let inner = marked.trim_start_matches('*');
    let (Some(open), Some(close)) = (inner.find('*'), inner.rfind('*')) else { return false };
    let (front, middle, back) = (&inner[..open], &inner[open..=close], &inner[close + 1..]);
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let end = back.strip_suffix(['X', 'x']).unwrap_or(back);
    let hidden = middle.bytes().filter(|b| *b == b'*').count();
    if !(digits(front) && digits(end) && middle.bytes().all(|b| b == b'*' || b.is_ascii_digit())) || front.len() < 2 {
        return false;
    }
    let visible = inner.len() - hidden;
    match inner.len() {
        11 => is_mobile(inner) && hidden < 4,
        15 | 18 if is_province(front) => hidden < 6 || front.len() > 10 || (front.len() > 6 && back.len() > 4),
        16..=19 if front.starts_with("62") => hidden < 6,
        12..=20 => is_province(front) && front.len() >= 6 && visible >= 14,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shown_is_what_an_accepted_mask_shows() {
        let cases = [
            ("13800001234", "138****1234"),
            ("+86 138-0000 1234", "138****1234"),
            ("１３８００００１２３４", "138****1234"),
            ("440899199003070011", "44*************011"),
            ("44089919900307002X", "44*************02X"),
            ("440899-19900307-0011", "44*************011"),
            ("6200000000000120", "62***********120"),
            ("E12345678", "E********"),
            ("粤A12345", "粤******"),
            ("10000001", "1*******"),
            ("zhangsan@mail.example.com", "z*******@***.com"),
            ("示例市阳光区幸福路12号3栋502室", "示***********"),
            ("1380000*234", "138*****234"),
            ("", "***"),
        ];
        for (text, shown) in cases {
            assert_eq!(mask(text), shown, "{text}");
        }
    }

    #[test]
    fn masks_are_weak_where_the_rest_can_be_tried_out() {
        for masked in [
            "440899199003****11",
            "4408991990030700**",
            "44089919900307****",
            "1380000*000",
            "138**000000",
            "620000000000**20",
        ] {
            assert!(is_weak(masked), "{masked}");
        }
        for masked in [
            "44*************011",
            "440899********0011",
            "138****0000",
            "138XXXX0000",
            "6200********0120",
            "7*24",
            "1034*676",
            "**1034**",
        ] {
            assert!(!is_weak(masked), "{masked}");
        }
    }

    proptest! {
        #[test]
        fn a_mask_never_shows_more_than_seven_digits_nor_half_of_what_is_there(text in "([0-9]{1,20}|[ -]|[A-Za-z]|[一-龥]|@){0,8}") {
            let shown = mask(&text).chars().filter(|c| c.is_ascii_digit()).count();
            let there = text.chars().filter(char::is_ascii_alphanumeric).count();
            prop_assert!(shown <= 7 && (shown <= 1 || shown * 11 <= there * 7), "{text} as {}", mask(&text));
        }

        #[test]
        fn masks_do_not_tell_two_numbers_apart_by_what_they_hide(a in "1[3-9][0-9]", hidden in "[0-9]{4}", b in "[0-9]{4}") {
            prop_assert_eq!(mask(&format!("{a}{hidden}{b}")), format!("{a}****{b}"));
        }
    }
}
