//! Dates in running text: days that do not exist, 年月日 with padding or a two-digit year, unpadded ISO dates.
//! In: a paragraph. Out: the ranges of such dates and what is wrong. GB/T 9704-2012, 7.3.5; GB/T 7408.1-2023.
//! It knows no clock: whether a date is too late is judged elsewhere.

use std::ops::Range;

/// What is wrong about a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No such day or month: 2月30日.
    Impossible,
    /// 年月日 with a zero in front: 2024年03月05日.
    Padded,
    /// A year of two digits: 24年3月5日.
    ShortYear,
    /// An ISO date without its zeros: 2024-3-5.
    Unpadded,
}

/// A date that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongDate {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What is wrong; what cannot be comes before how it is written.
    pub fault: Fault,
}

/// Digits of one part of a date, their value and how many there are.
#[derive(Clone, Copy)]
struct Part {
    value: u32,
    count: usize,
}

/// Every wrong date of a paragraph, in order.
pub fn wrong(text: &str) -> Vec<WrongDate> {
    let bytes = text.as_bytes();
    let mut out: Vec<WrongDate> =
        memchr::memmem::find_iter(bytes, "月").filter_map(|month| written(text, month)).collect();
    let mut end = 0;
    for dash in memchr::memchr2_iter(b'-', b'/', bytes).filter(|d| is_digit(bytes.get(d + 1))) {
        if let Some((range, fault)) = iso(bytes, dash).filter(|(r, _)| r.start >= end) {
            end = range.end;
            out.extend(fault.map(|fault| WrongDate { range, fault }));
        }
    }
    out.sort_by_key(|d| d.range.start);
    out
}

/// Reads the date around 月 at byte `month`.
fn written(text: &str, month: usize) -> Option<WrongDate> {
    let (head, m) = digits_before(text.get(..month)?.trim_end_matches(' '))?;
    let head = head.trim_end_matches(' ');
    let year = head.strip_suffix('年').and_then(|h| digits_before(h.trim_end_matches(' ')));
    let start = year
        .map_or_else(|| month - (text.get(head.len()..month).unwrap_or_default().trim_start().len()), |(h, _)| h.len());
    let year = year.map(|(_, y)| y);
    let behind = text.get(month + '月'.len_utf8()..)?;
    let day = digits_behind(behind.trim_start_matches(' ')).and_then(|(rest, d)| {
        let rest = rest.trim_start_matches(' ');
        let end = ['日', '号'].iter().find_map(|c| rest.strip_prefix(*c))?;
        Some((text.len() - end.len(), d))
    });
    let end = day.map_or(month + '月'.len_utf8(), |(end, _)| end);
    let day = day.map(|(_, d)| d);
    if m.count > 2 || year.is_none() && day.is_none() || day.is_some_and(|d| d.count > 2) {
        return None; // 5月, or digits of something else
    }
    let long = year.filter(|y| y.count == 4);
    let fault = if !exists(long.map(|y| y.value), m.value, day.map(|d| d.value)) {
        Fault::Impossible
    } else if year.is_some_and(|y| y.count == 2) && day.is_some() {
        Fault::ShortYear
    } else if (long.is_some() || year.is_none())
        && [Some(m), day].into_iter().flatten().any(|p| p.count == 2 && p.value < 10)
    {
        Fault::Padded
    } else {
        return None;
    };
    Some(WrongDate { range: start..end, fault })
}

/// Reads the ISO date whose first dash stands at `dash`; gives its range and what is wrong, if something is.
fn iso(bytes: &[u8], dash: usize) -> Option<(Range<usize>, Option<Fault>)> {
    let mark = *bytes.get(dash)?;
    let start = dash.checked_sub(4)?;
    let (year, _) = ascii(bytes, start).filter(|(p, end)| p.count == 4 && *end == dash)?;
    let (month, next) = ascii(bytes, dash + 1).filter(|(p, _)| p.count <= 2)?;
    if bytes.get(next) != Some(&mark) || !(1900..=2100).contains(&year.value) {
        return None;
    }
    let (day, end) = ascii(bytes, next + 1).filter(|(p, _)| p.count <= 2)?;
    let glued = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b"-/_.".contains(b));
    let before = start.checked_sub(1).and_then(|b| bytes.get(b));
    // An address or a code, or the T of a time behind an ISO date
    if glued(before) || glued(bytes.get(end)) && bytes.get(end) != Some(&b'T') {
        return None;
    }
    let fault = if !exists(Some(year.value), month.value, Some(day.value)) {
        Some(Fault::Impossible)
    } else {
        (mark == b'-' && (month.count == 1 || day.count == 1)).then_some(Fault::Unpadded)
    };
    Some((start..end, fault))
}

/// Whether a day exists; without a year 29 February does.
fn exists(year: Option<u32>, month: u32, day: Option<u32>) -> bool {
    let leap = year.is_none_or(|y| y % 4 == 0 && y % 100 != 0 || y % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    day.is_none_or(|d| (1..=days).contains(&d))
}

fn is_digit(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_digit)
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

/// The digits that end `text`, four at most, and the text before them.
fn digits_before(text: &str) -> Option<(&str, Part)> {
    let (mut at, mut part, mut place) = (text.len(), Part { value: 0, count: 0 }, 1);
    for (start, c) in text.char_indices().rev().take(5) {
        let Some(d) = digit(c) else { break };
        part = Part { value: part.value + d * place, count: part.count + 1 };
        place *= 10;
        at = start;
    }
    (part.count > 0).then_some((text.get(..at)?, part))
}

fn digits_behind(text: &str) -> Option<(&str, Part)> {
    let (mut at, mut part) = (0, Part { value: 0, count: 0 });
    for c in text.chars().take(5) {
        let Some(d) = digit(c) else { break };
        part = Part { value: part.value * 10 + d, count: part.count + 1 };
        at += c.len_utf8();
    }
    (part.count > 0).then_some((text.get(at..)?, part))
}

fn ascii(bytes: &[u8], start: usize) -> Option<(Part, usize)> {
    let run = bytes.get(start..)?.iter().take(5).take_while(|b| b.is_ascii_digit());
    let part = run.fold(Part { value: 0, count: 0 }, |p, b| Part {
        value: p.value * 10 + u32::from(b - b'0'),
        count: p.count + 1,
    });
    (part.count > 0).then_some((part, start + part.count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, Fault)> {
        wrong(text).into_iter().map(|d| (&text[d.range], d.fault)).collect()
    }

    #[test]
    fn wrong_dates_are_told_with_their_range() {
        let known = [
            ("于2024年2月30日印发", "2024年2月30日", Fault::Impossible),
            ("于2月30日印发", "2月30日", Fault::Impossible),
            ("2023年2月29日", "2023年2月29日", Fault::Impossible),
            ("4月31日至5月3日", "4月31日", Fault::Impossible),
            ("2024年13月", "2024年13月", Fault::Impossible),
            ("2024年0月5日", "2024年0月5日", Fault::Impossible),
            ("2024-02-30前", "2024-02-30", Fault::Impossible),
            ("2024/13/01前", "2024/13/01", Fault::Impossible),
            ("２０２４年２月３０日", "２０２４年２月３０日", Fault::Impossible),
            ("于2024年03月05日", "2024年03月05日", Fault::Padded),
            ("2024年3月05日", "2024年3月05日", Fault::Padded),
            ("2024年03月", "2024年03月", Fault::Padded),
            ("03月15日", "03月15日", Fault::Padded),
            ("24年3月5日", "24年3月5日", Fault::ShortYear),
            ("2024-3-5发布", "2024-3-5", Fault::Unpadded),
            ("2024 年 2 月 30 日", "2024 年 2 月 30 日", Fault::Impossible),
        ];
        for (text, date, fault) in known {
            assert_eq!(shown(text), [(date, fault)], "{text}");
        }
    }

    #[test]
    fn right_dates_and_other_numbers_are_silent() {
        for text in [
            "2024年11月28日",
            "2024年2月29日",
            "2月29日",
            "2024-11-28 09:35",
            "2024-11-28T09:35",
            "历时24个月",
            "每月5日",
            "10年3月",
            "2024年3月至5月",
            "http://a.example/2024-13-45/x",
            "0759-2345678",
            "编号2024-13-45-7",
            "岁月30日",
            "2024/11/28",
        ] {
            assert_eq!(shown(text), [], "{text}");
        }
    }
}
