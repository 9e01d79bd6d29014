//! The first look at a text: where could a number or an e-mail address begin?
//! In: bytes of UTF-8. Out: a position worth a closer look. Fast, because nearly every paragraph of nearly every
//! report ends here.

/// Bytes that are judged at a time; the compiler turns the loop over them into vector instructions.
const BLOCK: usize = 32;

/// The first byte from `from` at which a digit or an at sign begins, ASCII, full-width or mathematical.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    // A full-width digit is told by its second and third byte, hence windows of one byte more than a block.
    while let (Some(block), Some(after)) = (bytes.get(at..at + BLOCK), bytes.get(at + 1..at + 1 + BLOCK)) {
        let found = block.iter().zip(after).fold(0u8, |found, (b, n)| {
            let plain = u8::from(b.wrapping_sub(b'0') < 10) | u8::from(*b == b'@') | u8::from(*b >= 0xf0);
            let wide = u8::from(*b == 0xbc) & (u8::from(n.wrapping_sub(0x90) < 10) | u8::from(*n == 0xa0));
            found | plain | wide
        });
        if found != 0
            && let Some(place) = (at..at + BLOCK).find_map(|i| begins(bytes, i))
            && place >= from
        {
            return Some(place);
        }
        at += BLOCK;
    }
    (at..bytes.len()).find_map(|i| begins(bytes, i)).filter(|place| *place >= from)
}

/// Whether a digit or an at sign has its first or, full-width, its second byte at `i`; gives its first byte.
fn begins(bytes: &[u8], i: usize) -> Option<usize> {
    let byte = *bytes.get(i)?;
    if byte.is_ascii_digit() || byte == b'@' {
        return Some(i);
    }
    let next = bytes.get(i + 1).copied().unwrap_or_default();
    if byte == 0xbc && (matches!(next, 0x90..=0x99) || next == 0xa0) {
        let first = i.checked_sub(1)?;
        return (bytes.get(first) == Some(&0xef)).then_some(first);
    }
    let mathematical = byte == 0xf0 && next == 0x9d && bytes.get(i + 2) == Some(&0x9f);
    (mathematical && bytes.get(i + 3).is_some_and(|b| *b >= 0x8e)).then_some(i)
}

/// The length of a short figure (up to four ASCII digits) at `at` that stands for itself, as nearly all figures of a
/// report do.
/// `None` where more digits, letters or separators may follow or go before.
pub(super) fn short_figure(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied().unwrap_or_default();
    let dotted = before == 0xb7 && at.checked_sub(2).and_then(|i| bytes.get(i)) == Some(&0xc2);
    // A letter and a blank before it may begin a plate (苏E 1234警).
    let spelled = before == b' ' && at.checked_sub(2).and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_alphabetic);
    let dropped = before == 0x8b || before == 0x8d; // may end a zero-width character
    if !(1..=4).contains(&length) || before.is_ascii_alphanumeric() || before == b'*' || spelled || dotted || dropped {
        return None;
    }
    let alone = match rest.get(length..).unwrap_or_default() {
        [] => true,
        [0xe3, 0x80, 0x80, ..] => false, // an ideographic space
        [0xe3..=0xee, ..] => true,
        [0xef, 0xbc, third, ..] => !matches!(third, 0x8a | 0x8d | 0x90..=0x99 | 0xa0..=0xba),
        [b' ' | b'-', next, ..] => {
            !(next.is_ascii_digit() || matches!(next, b' ' | b'-' | b'*' | b'X' | b'x' | 0x80..=0xe3 | 0xef..))
        }
        [next, ..] => !(next.is_ascii_alphanumeric() || matches!(next, b'*' | b'\\' | b'@' | b' ' | b'-' | 0x80..)),
    };
    alone.then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_stand_alone_and_parts_of_numbers_do_not() {
        for text in ["3864篇", "12", "8，", "36。", "5%", "1,", "7 a"] {
            assert!(short_figure(text.as_bytes(), 0).is_some(), "{text}");
        }
        for text in ["13800", "138 0000", "138-0", "138*", "1３", "1a", "138\u{200b}0", "1@", "138\u{3000}0"] {
            assert_eq!(short_figure(text.as_bytes(), 0), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_block_search_finds_what_a_plain_search_finds(text in "[汉字引9@９＠；：，a𝟗😀]{0,80}", from in 0usize..40) {
            let from = text.char_indices().map(|(i, _)| i).chain([text.len()]).find(|i| *i >= from).unwrap_or(text.len());
            let plain = text.char_indices().find(|(i, c)| *i >= from && "9@９＠𝟗".contains(*c)).map(|(i, _)| i);
            prop_assert_eq!(next(text.as_bytes(), from), plain);
        }
    }
}
