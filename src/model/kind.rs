//! Report kinds are data: which parts a report of a kind has, how their headings read, when it is due.
//! The built-in ones are `kinds/*.yaml` beside this file; a portal's own `kinds/` adds to them or replaces them.

use super::{decode::Checked, schema};
use crate::base::{CivilDate, KindId, Lang};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::source::shape;
use serde_yaml::{Mapping, Value};

/// A kind of report.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its id.
    pub id: KindId,
    /// What it is called.
    pub name: Names,
    /// Month and day of the year after the one reported on until which it must be published.
    pub publish_by: Option<(u8, u8)>,
    /// Whether a body may publish several in a year.
    pub per_year: PerYear,
    /// The rule it rests on.
    pub basis: Option<Box<str>>,
    /// Its parts in their order; a heading belongs to the last of which it contains a pattern, so that 下一年度主要工作安排 is a plan.
    pub parts: Vec<PartRule>,
}

/// How many reports of a kind a body publishes in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerYear {
    /// One: a second one is ARCH-004.
    One,
    /// Any number.
    Several,
}

/// A name in the languages of the interface.
#[derive(Debug, Clone)]
pub struct Names {
    zh_cn: Box<str>,
    en: Option<Box<str>>,
}

/// A part that a kind knows.
#[derive(Debug, Clone)]
pub struct PartRule {
    /// `achievements`, `problems`, `plans`, …
    pub role: Box<str>,
    /// What the part is called; the theme's word for the role where absent.
    pub name: Option<Names>,
    /// Whether a report must have it.
    pub need: PartNeed,
    /// Texts of which one stands in the heading.
    pub patterns: Vec<Box<str>>,
    /// The heading that `new` writes.
    pub heading: Option<Box<str>>,
    /// What `new` writes under it.
    pub hint: Option<Box<str>>,
}

/// Whether a report must have a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartNeed {
    /// The rule demands it.
    Required,
    /// Good practice.
    Advised,
    /// As the writer likes.
    Optional,
}

impl Names {
    /// The name in the language of `tag` (BCP 47); Chinese where there is none.
    pub fn in_language(&self, tag: &str) -> &str {
        match (Lang::from_tag(tag), &self.en) {
            (Some(Lang::En), Some(en)) => en,
            _ => &self.zh_cn,
        }
    }
}

impl Kind {
    /// Reads the mapping of a kind's file.
    pub fn read(id: KindId, file: &str, map: &Mapping, sink: &mut Vec<Diagnostic>) -> Option<Self> {
        shape::check(file, map, schema::KIND, sink);
        let top = Checked(map);
        let due = top.map("publish_by");
        let number =
            |key: &str| due.and_then(|d| d.0.get(key)).and_then(Value::as_u64).and_then(|n| u8::try_from(n).ok());
        let publish_by = number("month").zip(number("day"));
        let real =
            publish_by.is_none_or(|(month, day)| CivilDate::parse(&format!("2023-{month:02}-{day:02}")).is_some());
        if due.is_some() && (publish_by.is_none() || !real) {
            let place = Place::Value(vec![Key::Name("publish_by".into())]);
            let help = Message::new("kind.publish_by.help");
            sink.push(Diagnostic::new(Code::Yaml001, Message::new("kind.publish_by")).at(file, place).help(help));
        }
        Some(Self {
            id,
            name: names(top.map("names")?)?,
            publish_by,
            per_year: if top.str("per_year") == Some("several") { PerYear::Several } else { PerYear::One },
            basis: top.text("basis"),
            parts: top.maps("parts").filter_map(part).collect(),
        })
    }

    /// The role of a part by its heading.
    pub fn role_of(&self, heading: &str) -> Option<&str> {
        let matches = |part: &&PartRule| part.patterns.iter().any(|p| heading.contains(p.as_ref()));
        self.parts.iter().rfind(matches).map(|p| p.role.as_ref())
    }

    /// The built-in kinds' files: name and text.
    pub fn built_in() -> &'static [(&'static str, &'static str)] {
        &[
            ("rule-of-law", include_str!("kinds/rule-of-law.yaml")),
            ("information-disclosure", include_str!("kinds/information-disclosure.yaml")),
            ("website", include_str!("kinds/website.yaml")),
            ("general", include_str!("kinds/general.yaml")),
        ]
    }
}

fn names(map: Checked<'_>) -> Option<Names> {
    Some(Names { zh_cn: map.text("zh-CN")?, en: map.text("en") })
}

fn part(map: Checked<'_>) -> Option<PartRule> {
    Some(PartRule {
        role: map.text("role")?,
        name: map.map("names").and_then(names),
        need: match map.str("need") {
            Some("required") => PartNeed::Required,
            Some("advised") => PartNeed::Advised,
            _ => PartNeed::Optional,
        },
        patterns: map.texts("patterns"),
        heading: map.text("heading"),
        hint: map.text("hint"),
    })
}
