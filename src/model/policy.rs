//! What a site asks of the rules: how much each weighs, and what they may take for granted. `check:` in `site.yaml`.

use super::{decode::Checked, site};
use crate::base::CivilDate;
use crate::diag::code::Adjustable;
use crate::diag::{Code, Diagnostic, Key, Message, Place, Severity};
use crate::text::nearest::nearest;
use std::collections::BTreeMap;

/// How much a rule weighs on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It is looked for, and weighs this much.
    On(Severity),
    /// It is not looked for.
    Off,
}

/// What a site asks of the rules.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    levels: BTreeMap<Code, Level>,
    /// Telephone numbers that may be published.
    pub contacts: Vec<Box<str>>,
    /// Misspellings, each with what is right.
    pub typos: Vec<(Box<str>, Box<str>)>,
    /// Expressions that are to be written exactly so.
    pub phrases: Vec<Box<str>>,
    /// Hosts to which links may lead without a word of warning; those below them count too.
    pub hosts: Vec<Box<str>>,
    /// Days within which the column is to be updated.
    pub update_within: Option<u32>,
    /// Days that are no working days, besides Saturdays and Sundays.
    pub holidays: Vec<CivilDate>,
    /// Saturdays and Sundays that are working days.
    pub workdays: Vec<CivilDate>,
    /// Most kilobytes (1,000 bytes) of a page with what it loads.
    pub page_kilobytes: Option<u32>,
}

impl Policy {
    /// Reads `check:`; a rule that is not known, or may not be weighed otherwise, is reported.
    pub(super) fn read(check: Option<Checked<'_>>, sink: &mut Vec<Diagnostic>) -> Self {
        let Some(check) = check else { return Self::default() };
        let days = |key| check.texts(key).iter().filter_map(|d| CivilDate::parse(d)).collect();
        let number = |key| check.0.get(key).and_then(serde_yaml::Value::as_u64).and_then(|n| u32::try_from(n).ok());
        let pair = |(wrong, right): (&str, &serde_yaml::Value)| Some((wrong.into(), right.as_str()?.into()));
        let levels = check.entries("levels").filter_map(|(rule, level)| weigh(rule, level.as_str()?, sink)).collect();
        Self {
            levels,
            contacts: check.texts("contacts"),
            typos: check.entries("typos").filter_map(pair).collect(),
            phrases: check.texts("phrases"),
            hosts: check.texts("hosts"),
            update_within: number("update_within"),
            holidays: days("holidays"),
            workdays: days("workdays"),
            page_kilobytes: number("page_kilobytes"),
        }
    }

    /// How much a rule weighs here.
    pub fn level(&self, code: Code) -> Level {
        let usual = match code.adjustable() {
            Adjustable::OnRequest => Level::Off,
            Adjustable::Free | Adjustable::Fixed => Level::On(code.severity()),
        };
        self.levels.get(&code).copied().unwrap_or(usual)
    }
}

fn weigh(rule: &str, level: &str, sink: &mut Vec<Diagnostic>) -> Option<(Code, Level)> {
    let place = || Place::Name(["check", "levels", rule].map(|k| Key::Name(k.into())).to_vec());
    let Some(code) = Code::parse(rule) else {
        sink.push(unknown_rule(rule).at(site::FILE, place()));
        return None;
    };
    if code.adjustable() == Adjustable::Fixed {
        let message = Message::new("policy.fixed").with("rule", rule);
        sink.push(
            Diagnostic::new(Code::Yaml001, message).at(site::FILE, place()).help(Message::new("policy.fixed.help")),
        );
        return None;
    }
    let level = match level {
        "error" => Level::On(Severity::Error),
        "warning" => Level::On(Severity::Warning),
        "info" => Level::On(Severity::Info),
        "off" => Level::Off,
        _ => return None, // reported with the shapes
    };
    Some((code, level))
}

/// The finding for a rule that does not exist.
pub fn unknown_rule(rule: &str) -> Diagnostic {
    let finding = Diagnostic::new(Code::Yaml001, Message::new("policy.unknown").with("rule", rule));
    match nearest(rule, Code::ALL.iter().map(|c| c.as_str())) {
        Some(known) => finding.help(Message::new("policy.unknown.near").with("known", known)),
        None => finding.help(Message::new("policy.unknown.help")),
    }
}
