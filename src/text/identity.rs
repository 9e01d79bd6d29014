//! Check digits of the numbers that name people, bodies and bank cards in China.
//! In: the bare number, ASCII, without separators. Out: whether it has the form, and whether its check digit is right.
//! Knows nothing of the text around a number; a right check digit says that a number is well made, not that it was
//! given to anyone.

use crate::base::CivilDate;

/// What the check digit of a number of the right form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The check digit fits the number.
    Right,
    /// The check digit belongs to another number: a slip, or no such number at all.
    Wrong,
}

impl Check {
    fn of(fits: bool) -> Self {
        if fits { Self::Right } else { Self::Wrong }
    }
}

/// First two digits of a citizen number: provinces by GB/T 2260, and residence permits of Hong Kong, Macao (81, 82)
/// and Taiwan (83, 71).
const PROVINCES: &[u8] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

/// Reads an 18-character citizen number (GB 11643-1999): region, a birth date that existed and is not after `latest`,
/// check character.
///
/// The permanent residence permit for foreigners (form of 2023) begins with 9 and is checked alike; credit codes
/// begin with 9 too, so that
/// such a number counts only with a right check digit.
pub fn citizen_number(number: &str, latest: CivilDate) -> Option<Check> {
    let (body, check) = number.split_at_checked(17)?;
    if check.len() != 1 || !body.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let foreign = body.starts_with('9');
    if !(foreign || is_province(body)) || !is_birth_date(body.get(6..14)?, latest) {
        return None;
    }
    let given = check.bytes().next()?.to_ascii_uppercase();
    if !(given.is_ascii_digit() || given == b'X') {
        return None;
    }
    let verdict = Check::of(citizen_check(body) == Some(given));
    (verdict == Check::Right || !foreign).then_some(verdict)
}

/// The check character for the first 17 digits of a citizen number: ISO 7064 MOD 11-2 with the weights of GB
/// 11643-1999.
fn citizen_check(body: &str) -> Option<u8> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b.wrapping_sub(b'0')) * w).sum();
    b"10X98765432".get((sum % 11) as usize).copied()
}

/// Whether `number` has the form of the 15-digit citizen number used until 1999, which has no check digit and a year
/// of two digits.
pub fn is_old_citizen_number(number: &str, latest: CivilDate) -> bool {
    let date = number.get(6..12).map(|d| format!("19{d}"));
    number.len() == 15
        && number.bytes().all(|b| b.is_ascii_digit())
        && is_province(number)
        && date.is_some_and(|d| is_birth_date(&d, latest))
}

/// Whether `text` begins with the digits of a province.
pub fn is_province(text: &str) -> bool {
    text.get(..2).and_then(|p| p.parse().ok()).is_some_and(|p: u8| PROVINCES.contains(&p))
}

/// Whether `YYYYMMDD` is a day that existed, from 1800 up to `latest`.
fn is_birth_date(text: &str, latest: CivilDate) -> bool {
    let parts = (text.get(..4), text.get(4..6), text.get(6..8));
    let (Some(year), Some(month), Some(day)) = parts else { return false };
    year >= "1800" && CivilDate::parse(&format!("{year}-{month}-{day}")).is_some_and(|date| date <= latest)
}

/// Reads an 18-character unified social credit code (GB 32100-2015), capital letters only.
///
/// Codes in real use are known that fail the check, so that `Wrong` is a reason to look, not an error.
pub fn credit_code(code: &str) -> Option<Check> {
    let bytes = code.as_bytes();
    let (head, region, tail) = (bytes.get(..2)?, bytes.get(2..8)?, bytes.get(8..)?);
    if bytes.len() != 18 || !region.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let form = head.iter().chain(tail).all(|b| credit_value(*b).is_some());
    // Weights are the powers of 3 modulo 31. The last `% 31` matters: a remainder of 0 must give 0, not 31.
    let (sum, _) = bytes
        .iter()
        .take(17)
        .fold((0, 1), |(sum, weight), b| (sum + credit_value(*b).unwrap_or_default() * weight, weight * 3 % 31));
    let given = credit_value(*bytes.last()?);
    form.then(|| Check::of(given == Some((31 - sum % 31) % 31)))
}

/// The value of a character in a credit code; I, O, S, V and Z are not used.
fn credit_value(byte: u8) -> Option<u32> {
    let place = b"0123456789ABCDEFGHJKLMNPQRTUWXY".iter().position(|b| *b == byte)?;
    u32::try_from(place).ok()
}

/// Reads a 9-character organization code (GB 11714-1997), which is also characters 9 to 17 of a credit code.
pub fn organization_code(code: &str) -> Option<Check> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let (body, check) = code.split_at_checked(8)?;
    let sum = body.chars().zip(WEIGHTS).try_fold(0, |sum, (c, weight)| {
        let value = c.to_digit(36).filter(|_| !c.is_ascii_lowercase())?;
        Some(sum + value * weight)
    })?;
    let right = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).ok()?,
    };
    match check.as_bytes() {
        [given] if given.is_ascii_digit() || *given == b'X' => Some(Check::of(*given == right)),
        _ => None,
    }
}

/// The organization code within a credit code.
pub fn organization_part(credit_code: &str) -> Option<&str> {
    credit_code.get(8..17)
}

/// Whether the digits pass the Luhn check of bank cards (ISO/IEC 7812-1, annex B). A tenth of all digit strings does.
pub fn luhn(digits: &str) -> bool {
    let sum = digits.bytes().rev().enumerate().try_fold(0, |sum, (place, b)| {
        let digit = u32::from(b.is_ascii_digit().then(|| b - b'0')?);
        Some(sum + if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
    });
    !digits.is_empty() && sum.is_some_and(|sum: u32| sum.is_multiple_of(10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn latest() -> CivilDate {
        CivilDate::parse("2024-12-31").expect("a day")
    }

    #[test]
    fn known_citizen_numbers_are_right() {
        for number in ["11010519491231002X", "11010519491231002x", "440524188001010014", "34052419800101001X"] {
            assert_eq!(citizen_number(number, latest()), Some(Check::Right), "{number}");
        }
    }

    #[test]
    fn a_citizen_number_needs_region_real_date_and_length() {
        let none = [
            "",
            "1101051949123100",
            "11010519491231002XX",
            "160105194912310021",
            "110105194902300021",
            "110105202501010021",
            "110105179912310021",
            "11010519491231O021",
            "11010519491231002Y",
            "身份证号身份证号",
        ];
        for number in none {
            assert_eq!(citizen_number(number, latest()), None, "{number}");
        }
        assert_eq!(citizen_number("110105194912310021", latest()), Some(Check::Wrong));
    }

    #[test]
    fn the_old_form_has_fifteen_digits_and_a_date() {
        assert!(is_old_citizen_number("440899900307001", latest()));
        for number in ["440899901307001", "4408999003070011", "160899900307001", "44089990030700X"] {
            assert!(!is_old_citizen_number(number, latest()), "{number}");
        }
    }

    const CREDIT_CODES: [&str; 6] = [
        "91350100M000100Y43",
        "91110000101623741K",
        "911101066976941872",
        "11441300007187648G",
        "11620300013909010R",
        "11341702486344515H",
    ];

    #[test]
    fn known_credit_codes_are_right_and_so_is_the_organization_code_within() {
        for code in CREDIT_CODES {
            assert_eq!(credit_code(code), Some(Check::Right), "{code}");
            let part = organization_part(code).expect("18 characters");
            assert_eq!(organization_code(part), Some(Check::Right), "{part}");
        }
        assert_eq!(credit_code("91350211M0000XUF46"), Some(Check::Wrong));
        for code in ["91350100M000100Y4", "91350100M000100Y4I", "9135010OM000100Y43", "91350100m000100y43", "代码"] {
            assert_eq!(credit_code(code), None, "{code}");
        }
    }

    #[test]
    fn known_cards_pass_luhn() {
        for digits in ["79927398713", "4111111111111111", "0"] {
            assert!(luhn(digits), "{digits}");
        }
        for digits in ["79927398710", "4111111111111112", "", "41x1"] {
            assert!(!luhn(digits), "{digits}");
        }
    }

    /// `text` with the byte at `place` moved on by `step` within `alphabet`; `None` where that byte is not in it.
    fn changed(text: &str, place: usize, step: usize, alphabet: &str) -> Option<String> {
        let mut bytes = text.as_bytes().to_vec();
        let old = alphabet.bytes().position(|b| b == bytes[place])?;
        bytes[place] = alphabet.as_bytes()[(old + step) % alphabet.len()];
        String::from_utf8(bytes).ok()
    }

    fn citizen() -> impl Strategy<Value = String> {
        (0..PROVINCES.len(), 0u32..10_000, 1800u32..2024, 1u32..13, 1u32..29, 0u32..1000).prop_map(
            |(p, place, y, m, d, n)| {
                let body = format!("{}{place:04}{y}{m:02}{d:02}{n:03}", PROVINCES[p]);
                let check = citizen_check(&body).expect("17 digits");
                format!("{body}{}", char::from(check))
            },
        )
    }

    proptest! {
        #[test]
        fn one_changed_digit_never_leaves_a_right_citizen_number(number in citizen(), place in 0usize..17, step in 1usize..10) {
            prop_assert_eq!(citizen_number(&number, latest()), Some(Check::Right));
            let other = changed(&number, place, step, "0123456789").expect("a digit");
            prop_assert_ne!(citizen_number(&other, latest()), Some(Check::Right));
        }

        #[test]
        fn two_neighbours_that_change_places_never_leave_a_right_citizen_number(number in citizen(), place in 0usize..16) {
            let mut bytes = number.clone().into_bytes();
            bytes.swap(place, place + 1);
            let other = String::from_utf8(bytes).expect("ASCII");
            if other != number {
                prop_assert_ne!(citizen_number(&other, latest()), Some(Check::Right));
            }
        }

        #[test]
        fn one_changed_character_never_leaves_a_right_credit_code(code in 0usize..6, place in 0usize..18, step in 1usize..31) {
            let alphabet = if (2..8).contains(&place) { "0123456789" } else { "0123456789ABCDEFGHJKLMNPQRTUWXY" };
            let step = step % alphabet.len();
            if step > 0 {
                let other = changed(CREDIT_CODES[code], place, step, alphabet).expect("in the alphabet");
                prop_assert_eq!(credit_code(&other), Some(Check::Wrong));
            }
        }

        #[test]
        fn one_changed_digit_never_passes_luhn(digits in "[0-9]{12,19}", place in 0usize..12, step in 1usize..10) {
            let passing = (0..10).map(|c| format!("{digits}{c}")).find(|d| luhn(d)).expect("one of ten passes");
            prop_assert!(!luhn(&changed(&passing, place, step, "0123456789").expect("a digit")));
        }

        #[test]
        fn one_changed_digit_never_leaves_a_right_organization_code(code in 0usize..6, place in 0usize..8, step in 1usize..10) {
            // The weight 10 and letters above 10 hide some changes of letters; digits differ by less than 11.
            let part = organization_part(CREDIT_CODES[code]).expect("18 characters");
            if let Some(other) = changed(part, place, step, "0123456789") {
                prop_assert_eq!(organization_code(&other), Some(Check::Wrong));
            }
        }

        #[test]
        fn no_text_makes_a_check_panic(text in "\\PC{0,20}") {
            let _ = (citizen_number(&text, latest()), credit_code(&text), organization_code(&text), luhn(&text));
            let _ = (is_old_citizen_number(&text, latest()), organization_part(&text));
        }
    }
}
