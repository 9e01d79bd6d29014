//! REVIEW: whether the record says who looked at a report before it was published. Off unless a site asks.
//! Nothing of a review is ever shown on a page.

use super::{Document, Rule, Run};
use crate::base::CivilDate;
use crate::diag::{Code, Diagnostic, Message};
use serde_yaml::Value;
use std::collections::BTreeSet;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Review002], run: Run::Document(steps) },
    Rule { codes: &[Code::Review003], run: Run::Document(one_role) },
];

/// The steps in their order; secrecy review may come at any time (政府信息公开条例, 第十七条).
const STEPS: [&str; 4] = ["first", "second", "final", "secrecy"];

struct Step<'a> {
    index: usize,
    name: &'a str,
    role: Option<&'a str>,
    date: Option<CivilDate>,
}

fn record<'a>(document: &Document<'a>) -> Vec<Step<'a>> {
    let items = document.map.get("review").and_then(Value::as_sequence).into_iter().flatten();
    let text = |item: &'a Value, key: &str| item.get(key).and_then(Value::as_str);
    let step = |(index, item)| {
        Some(Step {
            index,
            name: text(item, "step")?,
            role: text(item, "role"),
            date: text(item, "date").and_then(CivilDate::parse),
        })
    };
    items.enumerate().filter_map(step).collect()
}

/// REVIEW-002: every step is there, in order, and before publication, or before the newest correction.
fn steps(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = document.report else { return };
    let record = record(document);
    let missing: Vec<_> = STEPS.into_iter().filter(|s| !record.iter().any(|r| r.name == *s)).collect();
    if !missing.is_empty() {
        let message = Message::new("review.missing").with("steps", missing.join(", "));
        sink.push(document.at_key(Code::Review002, message, &["review"]).help(Message::new("review.missing.help")));
    }
    let mut before: Option<(&str, CivilDate)> = None;
    for name in &STEPS[..3] {
        let Some(step) = record.iter().find(|r| r.name == *name) else { continue };
        let Some(date) = step.date else { continue };
        if let Some((earlier, earlier_date)) = before.filter(|(_, d)| *d > date) {
            let message = Message::new("review.order")
                .with("step", name)
                .with("date", date)
                .with("earlier", earlier)
                .with("earlier_date", earlier_date);
            let finding = document.at_item(Code::Review002, message, "review", step.index, "date");
            sink.push(finding.help(Message::new("review.order.help")));
        }
        before = Some((name, date));
    }
    // The review of a correction comes before the day of that correction.
    let published = report.published.as_ref().map(crate::base::Instant::date).max(report.corrected_on());
    for step in &record {
        if let (Some(date), Some(published)) = (step.date, published.filter(|p| step.date > Some(*p))) {
            let message =
                Message::new("review.late").with("step", step.name).with("date", date).with("published", published);
            let finding = document.at_item(Code::Review002, message, "review", step.index, "date");
            sink.push(finding.help(Message::new("review.late.help")));
        }
    }
}

/// REVIEW-003: more than one pair of eyes.
fn one_role(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let record = record(document);
    let roles: BTreeSet<_> = record.iter().filter_map(|s| s.role).collect();
    if record.len() > 1 && roles.len() == 1 && record.iter().all(|s| s.role.is_some()) {
        let message = Message::new("review.one_role").with("role", roles.into_iter().next().unwrap_or_default());
        sink.push(document.at_key(Code::Review003, message, &["review"]).help(Message::new("review.one_role.help")));
    }
}
