//! NUM-001, -002, -004 and -006: figures that a report declares against the words and sums that carry them. Only what is
//! declared is judged here; sums in running text are `running`'s.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::BlockKind;
use crate::model::Report;
use crate::model::report::Figure;
use crate::text::decimal::Decimal;
use crate::text::number::{self, Exactness, Number};

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Num001], run: Run::Document(sums) },
    Rule { codes: &[Code::Num002], run: Run::Document(quotes) },
    Rule { codes: &[Code::Num004], run: Run::Document(undeclared) },
    Rule { codes: &[Code::Num006], run: Run::Document(units) },
];

fn report<'a>(document: &Document<'a>) -> Option<&'a Report> {
    document.report.filter(|r| !r.figures.is_empty() || !r.sums.is_empty())
}

fn named<'a>(report: &'a Report, id: &str) -> Option<&'a Figure> {
    report.figures.iter().find(|f| *f.id == *id)
}

/// The value of a figure, exactly: its digits as they are written, no binary fraction of them.
fn value(figure: &Figure) -> Option<Decimal> {
    let text = figure.value.to_string();
    let (digits, negative) = text.strip_prefix('-').map_or((text.as_str(), false), |d| (d, true));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scaled = format!("{whole}{fraction}").parse().ok()?;
    let size = Decimal::scaled(scaled, u32::try_from(fraction.len()).ok()?, 0)?;
    Some(if negative { Decimal::ZERO.minus(size) } else { size })
}

/// NUM-001: a declared total is the sum of its parts.
fn sums(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = report(document) else { return };
    let place =
        |index: usize, rest: &[Key]| Place::Value([&[Key::Name("sums".into()), Key::Index(index)], rest].concat());
    for (index, sum) in report.sums.iter().enumerate() {
        let parts: Vec<_> = sum.parts.iter().map(|id| named(report, id)).collect();
        let unknown = sum.parts.iter().zip(&parts).position(|(_, figure)| figure.is_none());
        let total = named(report, &sum.total);
        let missing = match (total, unknown) {
            (None, _) => Some((&sum.total, vec![Key::Name("total".into())])),
            (_, Some(at)) => sum.parts.get(at).map(|id| (id, vec![Key::Name("parts".into()), Key::Index(at)])),
            _ => None,
        };
        if let Some((id, rest)) = missing {
            let message = Message::new("num.unknown").with("id", id);
            let finding = Diagnostic::new(Code::Num001, message).at(document.file(), place(index, &rest));
            let known: Vec<_> = report.figures.iter().map(|f| f.id.as_ref()).collect();
            sink.push(finding.help(Message::new("num.unknown.help").with("known", known.join(", "))));
            continue;
        }
        let Some((total, stated)) = total.and_then(|t| Some((t, value(t)?))) else { continue };
        let Some(values) = parts.iter().map(|p| p.and_then(value)).collect::<Option<Vec<_>>>() else { continue };
        let computed = values.into_iter().fold(Decimal::ZERO, Decimal::plus);
        if computed != stated {
            let message = Message::new("num.declared")
                .with("label", &total.label)
                .with("stated", stated)
                .with("computed", computed);
            let finding =
                Diagnostic::new(Code::Num001, message).at(document.file(), place(index, &[Key::Name("parts".into())]));
            sink.push(finding.help(Message::new("num.declared.help")));
        }
    }
}

/// NUM-002: the words that carry a figure stand in the text once, and hold its number.
fn quotes(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = report(document) else { return };
    let text = &document.body.prose.text;
    for (index, figure) in report.figures.iter().enumerate() {
        let Some(quote) = figure.quote.as_deref() else { continue };
        let mut found = text.match_indices(quote);
        let (first, second) = (found.next(), found.next());
        let (message, help) = match (first, second) {
            (None, _) => (Message::new("num.quote_missing").with("quote", quote), "num.quote_missing.help"),
            (Some(_), Some(_)) => (Message::new("num.quote_twice").with("quote", quote), "num.quote_twice.help"),
            _ if in_ones(figure).is_some_and(|v| !number::numbers(quote).iter().any(|n| carries(n, v))) => {
                let message = Message::new("num.quote_number").with("quote", quote).with("value", &figure.value);
                (message, "num.quote_number.help")
            }
            _ => continue,
        };
        let finding = document.at_item(Code::Num002, message, "figures", index, "quote");
        sink.push(finding.help(Message::new(help)));
    }
}

/// The value in units of one, as a printed number is read: 3860 万元 are 38,600,000 元.
fn in_ones(figure: &Figure) -> Option<Decimal> {
    let unit = figure.unit.as_deref().unwrap_or_default();
    let factors = [("万亿", [10_000, 100_000_000]), ("亿", [100_000_000, 1]), ("万", [10_000, 1])];
    let factor = factors.iter().find(|(name, _)| unit.starts_with(name)).map_or([1, 1], |(_, f)| *f);
    value(figure).map(|v| factor.into_iter().fold(v, Decimal::times))
}

/// Whether a printed number stands for a value: the same, or rounded to its last place.
fn carries(printed: &Number, value: Decimal) -> bool {
    let (least, most) = match printed.exactness {
        Exactness::Exact | Exactness::Rounded => (value.minus(printed.step), value.plus(printed.step)),
        // 9千余 stands for 9,000 and for 9,400; 近200 for 198.
        Exactness::AtLeast => (value.minus(printed.step), value),
        Exactness::AtMost => (value, value.plus(printed.step)),
    };
    let whole = printed.step <= Decimal::whole(1);
    printed.value == value || (!whole && least < printed.value && printed.value < most) || {
        printed.exactness != Exactness::Exact && least <= printed.value && printed.value <= most
    }
}

/// NUM-004: in a paragraph with declared figures, the others are declared too.
fn undeclared(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = report(document) else { return };
    let quotes: Vec<_> = report.figures.iter().filter_map(|f| f.quote.as_deref()).collect();
    for (block, words) in document.blocks().filter(|(block, _)| block.kind == BlockKind::Paragraph) {
        let spans: Vec<_> =
            quotes.iter().flat_map(|q| words.match_indices(*q).map(|(at, found)| at..at + found.len())).collect();
        if spans.is_empty() {
            continue;
        }
        for number in number::numbers(words).iter().filter(|n| n.is_figure()) {
            if !spans.iter().any(|s| s.start <= number.range.start && number.range.end <= s.end) {
                let printed = words.get(number.range.clone()).unwrap_or_default();
                let message = Message::new("num.undeclared").with("printed", printed);
                let finding = document.in_block(Code::Num004, message, block, number.range.clone());
                sink.push(finding.help(Message::new("num.undeclared.help")));
            }
        }
    }
}

/// NUM-006: a sum adds what can be added, and a percentage lies between 0 and 100.
fn units(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = report(document) else { return };
    for (index, figure) in report.figures.iter().enumerate() {
        let percent = figure.unit.as_deref().is_some_and(|u| matches!(u, "%" | "％"));
        let outside = value(figure).is_some_and(|v| v < Decimal::ZERO || v > Decimal::whole(100));
        // Growth may exceed a hundred; a share or a rate may not.
        if percent && outside && !["增", "升", "长", "growth"].iter().any(|w| figure.label.contains(w)) {
            let message = Message::new("num.percent").with("label", &figure.label).with("value", &figure.value);
            let finding = document.at_item(Code::Num006, message, "figures", index, "value");
            sink.push(finding.help(Message::new("num.share.help")));
        }
    }
    for (index, sum) in report.sums.iter().enumerate() {
        let Some(total) = named(report, &sum.total) else { continue };
        let other = sum.parts.iter().filter_map(|id| named(report, id)).find(|f| f.unit != total.unit);
        if let Some(other) = other {
            let unit = |f: &Figure| f.unit.as_deref().unwrap_or("–").to_string();
            let message = Message::new("num.units")
                .with("total", &total.label)
                .with("unit", unit(total))
                .with("part", &other.label)
                .with("other", unit(other));
            let finding = document.at_item(Code::Num006, message, "sums", index, "parts");
            sink.push(finding.help(Message::new("num.units.help")));
        }
    }
}
