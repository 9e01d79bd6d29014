//! What becomes of what was found: each finding gets the weight that the site gives its rule, and those that a document
//! allows are marked as allowed, with the reason. An allowance that meets nothing is a finding itself.

use crate::diag::{Code, Diagnostic, Key, Label, Message, Place};
use crate::model::Policy;
use crate::model::policy::{Level, unknown_rule};
use crate::source::locate::resolve;
use crate::source::{Text, bounds, file};
use serde_yaml::{Mapping, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// An entry of `allow`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    rule: Box<str>,
    words: Option<Box<str>>,
    reason: Box<str>,
}

/// The allowances of a front matter.
pub fn allowances(map: &Mapping) -> Vec<Allowance> {
    let items = map.get("allow").and_then(Value::as_sequence).into_iter().flatten();
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).map(Box::from);
    let read =
        |item| Some(Allowance { rule: text(item, "rule")?, words: text(item, "match"), reason: text(item, "reason")? });
    items.filter_map(read).collect()
}

/// Gives every finding its weight, and drops those whose rule is off.
pub fn weigh(policy: &Policy, findings: &mut Vec<Diagnostic>) {
    findings.retain_mut(|finding| match policy.level(finding.code) {
        Level::Off => false,
        // A room may weigh one of its findings more than the code usually does; only the site's own word changes that.
        Level::On(severity) if severity != finding.code.severity() => {
            finding.severity = severity;
            true
        }
        Level::On(_) => true,
    });
}

/// Marks the findings that `allowed` (by file) lets stand. With `Idle::Reported`, entries that meet nothing are reported.
pub fn allow(root: &Path, allowed: &BTreeMap<String, Vec<Allowance>>, idle: Idle, findings: &mut Vec<Diagnostic>) {
    for (path, entries) in allowed {
        let Some(text) = file::read(root, path, bounds::MARKDOWN_BYTES, &mut Vec::new()) else { continue };
        let block = resolve(&text, &Place::Value(vec![Key::Name("allow".into())])).unwrap_or(0..0);
        for (index, entry) in entries.iter().enumerate() {
            let place =
                |key: &str| Place::Value(vec![Key::Name("allow".into()), Key::Index(index), Key::Name(key.into())]);
            if Code::parse(&entry.rule).is_none() {
                let mut finding = unknown_rule(&entry.rule).at(path, place("rule"));
                finding.code = Code::Yaml006;
                finding.severity = Code::Yaml006.severity();
                findings.push(finding);
                continue;
            }
            let mut met = false;
            let own =
                |f: &Diagnostic| f.labels.first().is_some_and(|l| l.file == *path) && f.code.as_str() == &*entry.rule;
            for finding in findings.iter_mut().filter(|f| own(f)) {
                let label = &finding.labels[0];
                if entry.words.as_deref().is_none_or(|words| meets(&text, label, words, &block)) {
                    finding.allowed = Some(entry.reason.to_string());
                    met = true;
                }
            }
            if !met && idle == Idle::Reported {
                let message = Message::new("allow.idle").with("rule", &entry.rule);
                let finding = Diagnostic::new(Code::Yaml006, message).at(path, place("rule"));
                findings.push(finding.help(Message::new("allow.idle.help")));
            }
        }
    }
}

/// Whether entries of `allow` that meet nothing are reported: only where every rule was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// They are.
    Reported,
    /// They are not.
    Ignored,
}

/// Whether the words stand where the finding is, outside the allowance itself.
fn meets(text: &Text, label: &Label, words: &str, block: &Range<usize>) -> bool {
    let Some(place) = resolve(text, &label.place) else { return false };
    let found = text.text.match_indices(words).map(|(at, _)| at..at + words.len());
    let mut outside = found.filter(|r| r.start >= block.end || r.end <= block.start);
    outside.any(|r| r.start < place.end.max(place.start + 1) && place.start < r.end)
}
