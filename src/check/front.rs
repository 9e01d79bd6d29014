//! META-007 and YAML-002: the summary, and values of the front matter that not every program reads alike.
//! In: the front matter as it is written. Quoted values, and words with such a value inside, are as they should be.

use super::{Document, Rule, Run};
use crate::diag::{Code, Message};
use crate::source::scalars::{Role, Scalar, Style, scalars};
use crate::text::wide::is_unspaced;
use serde_yaml::Value;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Meta007], run: Run::Document(summary) },
    Rule { codes: &[Code::Yaml002], run: Run::Document(readings) },
];

/// Most characters of a summary in Chinese, by the field conventions of disclosure catalogues (内容概述).
const SUMMARY: usize = 100;

/// META-007: a summary that fits its place and says more than the title. The bound is one for Chinese.
fn summary(document: &Document<'_>, sink: &mut Vec<crate::diag::Diagnostic>) {
    let text = |key: &str| document.map.get(key).and_then(Value::as_str).map(str::trim);
    let Some(summary) = text("summary").filter(|s| !s.is_empty()) else { return };
    let length = summary.chars().count();
    let message = if text("title") == Some(summary) {
        Message::new("meta.summary_title")
    } else if length > SUMMARY && summary.contains(is_unspaced) {
        Message::new("meta.summary_long").with("length", length).with("limit", SUMMARY)
    } else {
        return;
    };
    let finding = document.at_key(Code::Meta007, message, &["summary"]);
    sink.push(finding.help(Message::new("meta.summary.help").with("limit", SUMMARY)));
}

/// YAML-002: values that YAML 1.1 (most programs) and YAML 1.2 read differently, and tabs.
fn readings(document: &Document<'_>, sink: &mut Vec<crate::diag::Diagnostic>) {
    let yaml = document.yaml();
    if !may_read_otherwise(yaml) {
        return;
    }
    let all = scalars(yaml);
    for scalar in all.iter().filter(|s| s.style == Style::Plain && s.role == Role::Value) {
        let written = yaml.get(scalar.span.clone()).unwrap_or_default().trim_end();
        let Some(reading) = other_reading(written) else { continue };
        let message = match &reading {
            Reading::Number(number) => Message::new("yaml.as_number").with("reading", number),
            Reading::Truth(truth) => Message::new("yaml.as_truth").with("reading", truth),
            Reading::Date => Message::new("yaml.as_date"),
        };
        let range = scalar.span.start..scalar.span.start + written.len();
        let finding = document.in_yaml(Code::Yaml002, message.with("value", written), range);
        sink.push(finding.help(Message::new("yaml.quote.help").with("value", written)));
    }
    if let Some(at) = tab_between(yaml, &all) {
        let finding = document.in_yaml(Code::Yaml002, Message::new("yaml.tab_between"), at..at + 1);
        sink.push(finding.help(Message::new("yaml.tab_between.help")));
    }
}

/// What some programs take a plain value for.
#[derive(Debug, PartialEq, Eq)]
enum Reading {
    Number(String),
    Truth(&'static str),
    Date,
}

/// Whether a look at every value is worth it: hardly any front matter holds a tab or a word that YAML reads in two ways.
fn may_read_otherwise(yaml: &str) -> bool {
    let otherwise = |word: &str| {
        let first = word.as_bytes().first();
        first.is_some_and(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'o' | b'O' | b'y' | b'Y' | b'n' | b'N'))
            && other_reading(word).is_some()
    };
    let apart = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
    yaml.contains('\t') || yaml.split(apart).any(otherwise)
}

/// How else a plain value is read: truth values, octal and binary numbers, underscores, base 60, exponents and dates, by
/// YAML 1.1 (yaml.org/type) beside the core schema of YAML 1.2.2, section 10.3.2.
fn other_reading(value: &str) -> Option<Reading> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" => return Some(Reading::Truth("true")),
        "no" | "off" | "n" => return Some(Reading::Truth("false")),
        _ => {}
    }
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let all =
        |text: &str, extra: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || extra.contains(c));
    if is_date(digits) || is_time(digits) {
        return Some(Reading::Date);
    }
    if digits.len() > 1 && digits.starts_with('0') && all(digits, "") {
        // `012` is ten for YAML 1.1 and twelve for YAML 1.2; `08` loses its zero.
        let octal = i64::from_str_radix(digits, 8).map(|n| n.to_string());
        return Some(Reading::Number(octal.unwrap_or_else(|_| digits.trim_start_matches('0').to_string())));
    }
    for (prefix, radix) in [("0b", 2), ("0o", 8)] {
        if let Some(number) = digits.strip_prefix(prefix).and_then(|d| i64::from_str_radix(d, radix).ok()) {
            return Some(Reading::Number(number.to_string()));
        }
    }
    if digits.contains('_') && all(digits, "_.") {
        return Some(Reading::Number(digits.replace('_', "")));
    }
    let (mantissa, exponent) = digits.split_once(['e', 'E'])?;
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let number = (all(mantissa, ".") && all(exponent, "")).then(|| digits.parse::<f64>().ok()).flatten()?;
    // With a point, both versions read a number.
    (!mantissa.contains('.')).then(|| Reading::Number(format!("{number:e}")))
}

/// `2024-12-09`, alone or with a time.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_once([' ', 'T']).map_or((text, None), |(date, time)| (date, Some(time)));
    let parts: Vec<_> = date.split('-').collect();
    let number =
        |part: &&str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let [year, month, day] = parts.as_slice() else { return false };
    year.len() == 4
        && number(year, 4)
        && number(month, 2)
        && number(day, 2)
        && time.is_none_or(|t| t.starts_with(|c: char| c.is_ascii_digit()) && t.contains(':'))
}

/// `19:35`, with seconds or without: in YAML 1.1 a number to the base of 60.
fn is_time(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').collect();
    let short = |p: &&str| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
    matches!(parts.len(), 2 | 3) && parts.iter().all(short) && parts[1..].iter().all(|p| *p < "60")
}

/// The first tab that is neither in a value nor in a comment.
fn tab_between(yaml: &str, scalars: &[Scalar]) -> Option<usize> {
    let inside = |at: usize| {
        let next = scalars.partition_point(|s| s.span.start <= at);
        next.checked_sub(1).and_then(|i| scalars.get(i)).is_some_and(|s| at < s.span.end)
    };
    let in_comment = |at: usize| {
        let line = yaml[..at].rfind('\n').map_or(0, |i| i + 1);
        let mut hashes = yaml[line..at].match_indices('#').map(|(i, _)| line + i);
        hashes.any(|i| !inside(i) && (i == line || yaml[..i].ends_with([' ', '\t'])))
    };
    yaml.match_indices('\t').map(|(at, _)| at).find(|at| !inside(*at) && !in_comment(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_two_versions_read_differently_are_known() {
        let number = |n: &str| Some(Reading::Number(n.into()));
        let cases = [
            ("19:35", Some(Reading::Date)),
            ("09:35:10", Some(Reading::Date)),
            ("2024-12-09", Some(Reading::Date)),
            ("2024-12-09 09:35", Some(Reading::Date)),
            ("2024-12-09T09:35:00+08:00", Some(Reading::Date)),
            ("012", number("10")),
            ("09", number("9")),
            ("1_000", number("1000")),
            ("0b11", number("3")),
            ("11E3", number("1.1e4")),
            ("Yes", Some(Reading::Truth("true"))),
            ("off", Some(Reading::Truth("false"))),
        ];
        for (value, reading) in cases {
            assert_eq!(other_reading(value), reading, "{value}");
        }
        for plain in [
            "2024",
            "0",
            "-3.5",
            "1.5e3",
            "2024-11",
            "2024年12月",
            "阳司〔2024〕1号",
            "done",
            "1:2:3:4",
            "80%",
            "no-one",
            "2024-12-09 会议",
            "12:75",
            "",
        ] {
            assert_eq!(other_reading(plain), None, "{plain}");
        }
    }

    #[test]
    fn tabs_in_values_and_comments_are_let_be() {
        let tab = |yaml: &str| tab_between(yaml, &scalars(yaml));
        assert_eq!(tab("a:\tb\n"), Some(2));
        assert_eq!(tab("a: b\t# c\n"), Some(4));
        for yaml in ["a: \"b\tc\"\n", "a: b # c\td\n", "a: b\tc\n", "# a\tb\nc: d\n"] {
            assert_eq!(tab(yaml), None, "{yaml:?}");
        }
    }
}
