//! Characters that readers cannot see or take for others: zero-width, private, decomposed, Cyrillic in Latin words.
//! In: a paragraph. Out: the places and what stands there. Properties: Unicode 16.
//! One pass by bytes; Han is stepped over without decoding.

use super::han::{before, behind};
use std::ops::Range;

/// What a character is taken for, or hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Takes no room: zero-width space, soft hyphen, byte order mark, tag characters.
    Invisible,
    /// Changes the direction of text, and with it what readers see.
    Direction,
    /// A control character other than tab and line end.
    Control,
    /// Of private use: every machine shows another sign, or none.
    Private,
    /// U+FFFD: something was lost when the text was converted.
    Lost,
    /// U+3000 or U+00A0 at the start: an indent typed by hand.
    Indent,
    /// A letter and its accent as two characters, which searches do not find.
    Decomposed,
    /// A Cyrillic or Greek letter that looks Latin.
    Foreign,
    /// Full-width digits or letters in running text.
    FullWidth,
    /// A radical or compatibility form that looks like a Han character.
    Radical,
    /// A Latin letter in a number: 2O24.
    LetterInNumber,
}

/// A run of odd characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddCharacters {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What they are.
    pub odd: Odd,
}

/// Every run of odd characters of a paragraph, in order.
pub fn characters(text: &str) -> Vec<OddCharacters> {
    let (bytes, mut out) = (text.as_bytes(), Vec::<OddCharacters>::new());
    let mut at = text.len() - text.trim_start_matches(['\u{3000}', '\u{A0}', ' ']).len();
    if text.get(..at).is_some_and(|t| !t.is_ascii()) {
        out.push(OddCharacters { range: 0..at, odd: Odd::Indent });
    }
    while let Some(byte) = bytes.get(at) {
        let length = match byte {
            0xE4..=0xE9 => 3,
            b'O' | b'o' | b'I' | b'l' => letter_in_number(bytes, at, &mut out),
            0x20..=0x7E | b'\t' | b'\n' | b'\r' => 1,
            0xE3 => 3,
            _ => other(text, at, &mut out),
        };
        at += length;
    }
    out
}

/// Looks at a character that is neither Han nor printable ASCII; gives how many bytes to go on.
fn other(text: &str, at: usize, out: &mut Vec<OddCharacters>) -> usize {
    let Some(c) = behind(text, at) else { return 1 };
    let length = c.len_utf8();
    let odd = match u32::from(c) {
        0x200D if behind(text, at + length).is_some_and(|n| u32::from(n) >= 0x2640) => return length, // joins emoji
        0x00AD | 0x180E | 0x200B..=0x200D | 0x2060..=0x2064 | 0xFEFF | 0xE0000..=0xE007F => Odd::Invisible,
        0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 => Odd::Direction,
        0x00..=0x1F | 0x7F..=0x9F | 0x2028 | 0x2029 => Odd::Control,
        0xE000..=0xF8FF | 0xF0000.. => Odd::Private,
        0xFFFD..=0xFFFF => Odd::Lost,
        0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A => Odd::FullWidth,
        0x2E80..=0x2FD5 => Odd::Radical,
        0xF900..=0xFAD9 if !is_unified(c) => Odd::Radical,
        0x0300..=0x036F if before(text, at).is_some_and(|b| b.is_alphabetic() && !is_cjk(b)) => Odd::Decomposed,
        0x0370..=0x052F => return foreign(text, at, out),
        _ => return length,
    };
    push(out, at..at + length, odd);
    length
}

/// Adds a run, or lengthens the one before it.
fn push(out: &mut Vec<OddCharacters>, range: Range<usize>, odd: Odd) {
    match out.last_mut() {
        Some(last) if last.odd == odd && last.range.end == range.start => last.range.end = range.end,
        _ => out.push(OddCharacters { range, odd }),
    }
}

/// Compatibility ideographs that are unified ones in fact (Unicode, 4.2).
fn is_unified(c: char) -> bool {
    matches!(
        u32::from(c),
        0xFA0E | 0xFA0F | 0xFA11 | 0xFA13 | 0xFA14 | 0xFA1F | 0xFA21 | 0xFA23 | 0xFA24 | 0xFA27..=0xFA29
    )
}

fn is_cjk(c: char) -> bool {
    u32::from(c) >= 0x2E80
}

/// Cyrillic and Greek letters drawn like Latin ones.
fn looks_latin(c: char) -> bool {
    "АВЕЅІЈКМНОРСТУХаеосрухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϳ".contains(c)
}

/// A word that a Cyrillic or Greek letter stands in: told when it mixes with Latin, or only poses as Latin beside Han.
fn foreign(text: &str, at: usize, out: &mut Vec<OddCharacters>) -> usize {
    let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{0370}'..='\u{052F}');
    let head = text.get(..at).unwrap_or_default();
    let latin_before = head.ends_with(|c: char| c.is_ascii_alphabetic());
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.find(|c| !letter(c)).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default();
    let latin = latin_before || word.contains(|c: char| c.is_ascii_alphabetic());
    let poses = word.chars().all(|c| looks_latin(c) && c.is_uppercase());
    let sides = [before(text, at), behind(text, at + length)];
    let beside_han = sides.iter().flatten().any(|c| is_cjk(*c) || c.is_ascii_digit());
    if latin || poses && beside_han {
        for (offset, c) in word.char_indices().filter(|(_, c)| looks_latin(*c)) {
            push(out, at + offset..at + offset + c.len_utf8(), Odd::Foreign);
        }
    }
    length.max(1)
}

/// O, o, I or l between digits, where the whole word has no other letters.
fn letter_in_number(bytes: &[u8], at: usize, out: &mut Vec<OddCharacters>) -> usize {
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    if digit(at.checked_sub(1).and_then(|b| bytes.get(b))) && digit(bytes.get(at + 1)) {
        let head = bytes.get(..at).unwrap_or_default().iter().rev();
        let tail = bytes.get(at + 1..).unwrap_or_default().iter();
        let plain = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.' | b'_');
        let other = |b: &u8| !b.is_ascii_digit() && !b"OoIl".contains(b);
        if !head.take(24).take_while(plain).chain(tail.take(24).take_while(plain)).any(other) {
            push(out, at..at + 1, Odd::LetterInNumber);
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_characters_are_told_by_kind() {
        let known = [
            ("甲\u{200B}乙", Odd::Invisible, 3..6),
            ("\u{FEFF}甲", Odd::Invisible, 0..3),
            ("甲\u{202E}乙", Odd::Direction, 3..6),
            ("甲\u{7}乙", Odd::Control, 3..4),
            ("甲\u{E001}\u{E002}乙", Odd::Private, 3..9),
            ("甲\u{F0001}", Odd::Private, 3..7),
            ("甲\u{FFFD}", Odd::Lost, 3..6),
            ("\u{3000}\u{3000}甲", Odd::Indent, 0..6),
            ("\u{A0}甲", Odd::Indent, 0..2),
            ("cafe\u{301}", Odd::Decomposed, 4..6),
            ("W\u{0435}b", Odd::Foreign, 1..3),
            ("\u{0410}级景区", Odd::Foreign, 0..2),
            ("共１２件", Odd::FullWidth, 3..9),
            ("ＡＰＰ平台", Odd::FullWidth, 0..9),
            ("\u{2F00}是", Odd::Radical, 0..3),
            ("\u{F900}", Odd::Radical, 0..3),
            ("2O24年", Odd::LetterInNumber, 1..2),
        ];
        for (text, odd, range) in known {
            assert_eq!(characters(text), [OddCharacters { range, odd }], "{text:?}");
        }
    }

    #[test]
    fn what_has_its_place_is_silent() {
        for text in [
            "增长5%，APP、café、5G、3.2μm、α粒子、Ω、Привет мир",
            "甲　乙",
            "👨\u{200D}👩 ①②③ ℃ ㎡ — … · “”",
            "葛\u{E0100}",
            "编号A1O2、10l、IPv4",
            " 甲",
            "\u{FA0E}",
        ] {
            assert_eq!(characters(text), [], "{text:?}");
        }
    }
}
