//! What a number in running text is for: a figure, or a date, an ordinal, a document number, a code.
//! In: a run of digits and the text on both sides. Out: its role. It does not know what the number is worth.

use super::digits::Digits;
use super::number::{Number, latin_unit};

/// What a number is for. Only figures and percentages count or measure something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Counts or measures.
    Figure,
    /// A share or a rate in per cent or per mille.
    Percent,
    /// One end of 3至5个, 10-20项.
    Span,
    /// Part of a date: 2024年, 11月, 28日, 2024-11-28.
    Date,
    /// Part of a time of day: 9:30, 9时30分.
    Time,
    /// One side of 3:1 or 1/3.
    Ratio,
    /// Counts places, not things: 第3批, 3号.
    Ordinal,
    /// Part of the number of a document: 〔2024〕12号.
    DocumentNumber,
    /// Part of 7*24小时.
    Schedule,
    /// Numbers an item: 1. (1) 1、
    ListMarker,
    /// Names something: 5G, 12345热线, a telephone number.
    Code,
}

/// Ends of sentences and clauses behind which an item of a list may begin.
const BREAKS: [char; 10] = ['。', '；', '：', '！', '？', ';', ':', '!', '?', '\n'];

/// Words behind the number of a hotline.
const HOTLINES: [&str; 16] = [
    "热线",
    "政务",
    "便民",
    "服务",
    "平台",
    "公共",
    "公益",
    "法律",
    "投诉",
    "举报",
    "电话",
    "分中心",
    "市民",
    "工单",
    "监督",
    "”",
];

/// Marks that join two ends of a span.
const JOINS: [char; 8] = ['-', '–', '—', '~', '～', '至', '到', '－'];

/// The role of `digits`, printed as `shown`, between `before` and `after`; `last` is the number before it.
pub(super) fn of(before: &str, shown: &str, digits: &Digits, after: &str, last: Option<&Number>) -> Role {
    let Some(value) = digits.value else { return Role::Code };
    if let Some(role) = run(before, shown, after) {
        return role;
    }
    let (left, right) = (before.chars().next_back(), after.chars().next());
    if left.is_some_and(is_code) || right.is_some_and(is_code) && latin_unit(after).is_none() {
        return Role::Code;
    }
    let (words, behind) = (before.trim_end_matches(' '), after.trim_start_matches(' '));
    if words.ends_with('第') {
        return Role::Ordinal;
    }
    if let Some(role) = bracketed(words, left, behind, right, value, digits) {
        return role;
    }
    if is_marker(words, right, after, value) {
        return Role::ListMarker;
    }
    let (tail, joined) = tail(behind);
    let follows = last.filter(|n| before.len() - n.range.end.min(before.len()) <= 9).map(|n| n.role);
    if let Some(role) = dated(words, tail, value, digits, follows) {
        return role;
    }
    match (left, right) {
        (Some('*' | '×' | '＊'), _) | (_, Some('*' | '×' | '＊')) if beside_digit(before, after) => {
            return Role::Schedule;
        }
        (Some('·' | '•'), _) | (_, Some('·' | '•')) if beside_digit(before, after) => return Role::Date,
        (Some('：' | '∶' | '／'), _) | (_, Some('：' | '∶' | '／')) if beside_digit(before, after) => {
            return if value < 60 { Role::Time } else { Role::Ratio };
        }
        _ => {}
    }
    let ends_span = left.is_some_and(|c| JOINS.contains(&c)) && ends_in_digit(before.trim_end_matches(JOINS));
    if joined || ends_span {
        return Role::Span;
    }
    if tail.starts_with('号') {
        return Role::Ordinal;
    }
    if is_name(shown, digits, value, behind) { Role::Code } else { Role::Figure }
}

/// Reads the run of ASCII digits and `- / : . *` that the digits stand in: 2024-11-28, 9:30, 7*24, 1/3.
fn run(before: &str, shown: &str, after: &str) -> Option<Role> {
    let inner = |c: &u8| c.is_ascii_digit() || b"-/:.*".contains(c);
    let left = before.bytes().rev().take(16).take_while(|c| inner(c)).count();
    let right = after.bytes().take(16).take_while(|c| inner(c)).count();
    if left + right == 0 {
        return None;
    }
    let (head, tail) = (before.get(before.len() - left..)?, after.get(..right)?);
    let whole = format!("{head}{shown}{tail}");
    let whole = whole.trim_matches(|c: char| !c.is_ascii_digit());
    let joint = whole.bytes().find(|c| b"-/:*".contains(c));
    let Some(joint) = joint else {
        return (whole.matches('.').count() > 1).then_some(Role::Code);
    };
    let parts: Vec<&str> = whole.split(char::from(joint)).collect();
    let number = |at: usize| parts.get(at).and_then(|p| p.parse::<u32>().ok()).unwrap_or(u32::MAX);
    let short = |at: usize| parts.get(at).is_some_and(|p| p.len() <= 2);
    let year = parts.first().is_some_and(|p| p.len() == 4) && (1900..=2100).contains(&number(0));
    Some(match (joint, parts.len()) {
        (b'*', _) => Role::Schedule,
        (b'-' | b'/', 3) if year && short(1) && short(2) => Role::Date,
        (b'-' | b'/', 2) if year && short(1) && number(1) <= 12 => Role::Date,
        (b'-', 2) if after.get(right..).is_some_and(|t| t.starts_with(['年', '月', '日'])) => Role::Date,
        (b'-', 2) if whole.starts_with('0') || whole.len() > 12 => Role::Code,
        (b'-', 2) => Role::Span,
        (b'/', 2) => Role::Ratio,
        (b':', 2 | 3) if number(0) <= 24 && number(1) < 60 && parts.get(1).is_some_and(|p| p.len() == 2) => Role::Time,
        (b':', 2) => Role::Ratio,
        _ => Role::Code,
    })
}

fn bracketed(
    words: &str,
    left: Option<char>,
    behind: &str,
    right: Option<char>,
    value: u64,
    digits: &Digits,
) -> Option<Role> {
    if left == Some('〔') && right == Some('〕') || words.ends_with('〕') {
        return Some(Role::DocumentNumber);
    }
    let closed = right.is_some_and(|c| matches!(c, ')' | '）' | ']' | '］'));
    if left.is_some_and(|c| matches!(c, '(' | '（' | '[' | '［')) && closed {
        let year = digits.count == 4 && (1900..=2100).contains(&value);
        return Some(if year { Role::Date } else { Role::ListMarker });
    }
    // “110”宣传日: quoted digits are a name
    (left == Some('“') && behind.starts_with('”')).then_some(Role::Code)
}

/// Whether the digits number an item at the start of a text or of a sentence in it.
fn is_marker(words: &str, right: Option<char>, after: &str, value: u64) -> bool {
    let starts = words.chars().next_back().is_none_or(|c| BREAKS.contains(&c) || c == '\u{3000}');
    let marked = right.is_some_and(|c| matches!(c, '.' | '．' | '、' | ')' | '）'));
    let more = after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    starts && marked && !more && value < 100
}

/// The text behind a span that begins here (3至5月), and whether one does.
fn tail(behind: &str) -> (&str, bool) {
    let rest = behind.trim_start_matches(JOINS);
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < behind.len() && digits.len() < rest.len() { (digits, true) } else { (behind, false) }
}

fn dated(words: &str, tail: &str, value: u64, digits: &Digits, follows: Option<Role>) -> Option<Role> {
    let (date, time) = (follows == Some(Role::Date), follows == Some(Role::Time));
    let mut chars = tail.chars();
    let (first, second) = (chars.next()?, chars.next());
    let numeral = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if digits.fraction > 0 {
        return None;
    }
    match first {
        '年' if digits.count == 4 && (1900..=2100).contains(&value) => Some(Role::Date),
        '年' if digits.count == 2 && numeral(second) => Some(Role::Date),
        '月' if (1..=12).contains(&value) => Some(Role::Date),
        '日' | '号' if value <= 31 && (date || words.ends_with('月')) => Some(Role::Date),
        '时' if value <= 24 && !second.is_some_and(|c| "间段代期".contains(c)) => Some(Role::Time),
        '点' if value <= 24 && (date || numeral(second) || second.is_some_and(|c| "半整钟".contains(c))) => {
            Some(Role::Time)
        }
        '分' | '秒' if time && value < 60 => Some(Role::Time),
        _ => None,
    }
}

/// Whether a number names something: a hotline, a telephone, a number of a document or account.
fn is_name(shown: &str, digits: &Digits, value: u64, behind: &str) -> bool {
    let plain = shown.len() == digits.count || shown.len() == digits.count * 3;
    let measured =
        behind.starts_with(['件', '条', '个', '人', '次', '项', '份', '起', '户', '家', '篇', '元', '万', '宗']);
    let service = digits.count == 5 && (12300..12400).contains(&value);
    let hotline = plain && service && (HOTLINES.iter().any(|w| behind.starts_with(w)) || behind.is_empty());
    let short =
        matches!(shown, "110" | "119" | "120" | "122") && behind.starts_with(['报', '指', '接', '警', '急', '、']);
    let long = plain && digits.count > 11 || plain && digits.count == 11 && shown.starts_with('1') && !measured;
    let padded = shown.starts_with('0') && digits.count > 1 && digits.fraction == 0 && !behind.starts_with(is_han);
    hotline || short || long || padded
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Whether `c` beside digits makes them part of a name.
fn is_code(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '@' | '#' | '&' | '=' | '+' | '\\' | '/')
}

fn beside_digit(before: &str, after: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    digit(before.chars().rev().nth(1)) || digit(after.chars().nth(1))
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}
