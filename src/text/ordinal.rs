//! The numbering of official Chinese text: 一、 (一) 1. (1), by GB/T 9704-2012, 7.3.3.
//! In: a heading. Out: its level and number, and the text behind them.

/// The ordinal a heading begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal {
    /// 1 for 一、 · 2 for (一) · 3 for 1. · 4 for (1).
    pub level: u8,
    /// The number, from 1.
    pub number: u16,
}

/// Reads the ordinal at the start of `heading`; half-width and full-width marks count alike.
/// Gives the ordinal and the byte at which the words begin.
pub fn leading(heading: &str) -> Option<(Ordinal, usize)> {
    let open = heading.chars().next().filter(|c| matches!(c, '(' | '（'));
    let start = open.map_or(0, char::len_utf8);
    let digits: usize = heading[start..].chars().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum();
    let (numeral, rest) = heading[start..].split_at(digits);
    let number = parse_numeral(numeral)?;
    let arabic = numeral.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let mark = rest.chars().next()?;
    let level = match (open.is_some(), arabic, mark) {
        (false, false, '、') => 1,
        (true, false, ')' | '）') => 2,
        (false, true, '.' | '．' | '、') => 3,
        (true, true, ')' | '）') => 4,
        _ => return None,
    };
    let after = &rest[mark.len_utf8()..];
    if level == 3 && after.starts_with(|c: char| c.is_ascii_digit()) {
        return None; // 3.5 is a number, not a heading
    }
    let spaces = after.len() - after.trim_start().len();
    Some((Ordinal { level, number }, start + digits + mark.len_utf8() + spaces))
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百".contains(c)
}

/// Reads 1–999 in Arabic or Chinese numerals: `12`, `十二`, `二十`, `一百零三`.
pub fn parse_numeral(text: &str) -> Option<u16> {
    if text.is_empty() || text.chars().count() > 6 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|n| (1..1000).contains(n));
    }
    let (mut total, mut digit, mut last_unit) = (0u16, 0u16, 1000u16);
    for c in text.chars() {
        match c {
            '〇' | '零' if digit == 0 => {}
            '十' | '百' => {
                let unit = if c == '十' { 10 } else { 100 };
                if unit >= last_unit || (unit == 100 && digit == 0) {
                    return None;
                }
                total += digit.max(1) * unit;
                (digit, last_unit) = (0, unit);
            }
            _ if digit == 0 => {
                let index = "一二三四五六七八九".chars().position(|d| d == c)?;
                digit = u16::try_from(index).ok()? + 1;
            }
            _ => return None,
        }
    }
    Some(total + digit).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u8, u16, &str)> {
        leading(text).map(|(o, at)| (o.level, o.number, &text[at..]))
    }

    #[test]
    fn four_levels_in_both_widths() {
        assert_eq!(read("一、工作情况"), Some((1, 1, "工作情况")));
        assert_eq!(read("(二)深化改革"), Some((2, 2, "深化改革")));
        assert_eq!(read("（十二） 深化改革"), Some((2, 12, "深化改革")));
        assert_eq!(read("3. 建设平台"), Some((3, 3, "建设平台")));
        assert_eq!(read("(4)平台"), Some((4, 4, "平台")));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in ["一是推进", "2024年度", "3.5倍增长", "(三", "工作情况", "", "十十、", "、一", "(一、"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn numerals_to_999() {
        let known = [("十", 10), ("二十", 20), ("二十一", 21), ("一百零三", 103), ("九百九十九", 999), ("7", 7)];
        for (text, number) in known {
            assert_eq!(parse_numeral(text), Some(number), "{text}");
        }
        for text in ["百", "零", "一一", "十百", "0", "1000"] {
            assert_eq!(parse_numeral(text), None, "{text}");
        }
    }
}
