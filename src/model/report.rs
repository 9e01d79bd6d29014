//! A report: its period, owner, dates, parts, figures, promises and corrections.

pub use super::history::Correction;
use super::history::{Left, Record, correction};
use super::{decode::Checked, kind::Kind, portal::Declared, schema, site::Site};
use crate::base::{CivilDate, Instant, KindId, OrganizationId, ReportId, SitePath};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::{Heading, Link};
use crate::source::shape;
use serde_yaml::{Mapping, Number};
use std::ops::Range;

/// A report.
#[derive(Debug, Clone)]
pub struct Report {
    /// `YEAR/SLUG`.
    pub id: ReportId,
    /// Its source, relative to the portal's root.
    pub file: Box<str>,
    /// What kind of report it is.
    pub kind: KindId,
    /// The body that owns it.
    pub organization: OrganizationId,
    /// Its title.
    pub title: Box<str>,
    /// 发布时间; absent only in drafts.
    pub published: Option<Instant>,
    /// 来源.
    pub source: Box<str>,
    /// 署名.
    pub signed_by: Option<Box<str>>,
    /// 成文日期.
    pub signed_on: Option<CivilDate>,
    /// 文号.
    pub document_number: Option<Box<str>>,
    /// 索引号.
    pub index_number: Option<Box<str>>,
    /// A summary of at most a hundred characters.
    pub summary: Option<Box<str>>,
    /// Its keywords.
    pub keywords: Vec<Box<str>>,
    /// Draft, current or withdrawn.
    pub status: Status,
    /// Whether `openness: active` is stated.
    pub openness_stated: bool,
    /// Its attachments.
    pub attachments: Vec<Attachment>,
    /// Its declared figures.
    pub figures: Vec<Figure>,
    /// Its declared sums.
    pub sums: Vec<Sum>,
    /// Next year's plans as promises.
    pub commitments: Vec<Commitment>,
    /// Answers to last year's promises.
    pub follow_ups: Vec<FollowUp>,
    /// Its corrections, newest first.
    pub corrections: Vec<Correction>,
    /// Former addresses.
    pub aliases: Vec<SitePath>,
    /// The headings of its body.
    pub outline: Vec<Heading>,
    /// Links of its body that lead into the section.
    pub links: Vec<Link>,
    /// Every `id` of its body, sorted.
    pub ids: Vec<String>,
    /// Requests for information that it carries from year to year.
    pub carried: Option<Carried>,
    /// Where its body waits.
    pub body: BodySlot,
    /// How it stands beside the ledger.
    pub record: Record,
}

/// Requests open at the beginning and at the end of a year, each with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// 上年结转.
    pub from_before: (u64, Range<usize>),
    /// 结转下年度.
    pub to_next: (u64, Range<usize>),
}

/// Where a converted body waits for its page: a place in the build's spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BodySlot {
    /// First byte.
    pub at: u64,
    /// Bytes of HTML.
    pub html: u32,
    /// Bytes of the parts as JSON, behind the HTML.
    pub parts: u32,
}

/// What has become of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Not yet to be published.
    Draft,
    /// In force.
    Current,
    /// Withdrawn; the page stays and says so.
    Withdrawn {
        /// The day it was withdrawn.
        date: CivilDate,
        /// Why.
        reason: Box<str>,
    },
}

/// A file that belongs to a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its title.
    pub title: Box<str>,
    /// Its path below `content/`, and equally in the output.
    pub path: SitePath,
    /// Bytes.
    pub size: u64,
}

/// A figure declared as data.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its id in the report.
    pub id: Box<str>,
    /// What it counts.
    pub label: Box<str>,
    /// How many.
    pub value: Number,
    /// Of what unit.
    pub unit: Option<Box<str>>,
    /// The words of the body that carry it.
    pub quote: Option<Box<str>>,
}

/// A sum declared as data: the total is the sum of the parts.
#[derive(Debug, Clone)]
pub struct Sum {
    /// The id of the total.
    pub total: Box<str>,
    /// The ids of the parts.
    pub parts: Vec<Box<str>>,
}

/// A promise.
#[derive(Debug, Clone)]
pub struct Commitment {
    /// Its id in the report.
    pub id: Box<str>,
    /// What is promised.
    pub text: Box<str>,
    /// Until when.
    pub due: Option<CivilDate>,
}

/// What became of a promise of an earlier report.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// The report that made the promise.
    pub report: ReportId,
    /// The promise's id there.
    pub commitment: Box<str>,
    /// `done`, `partly`, `not-done`, `changed` or `ongoing`.
    pub status: Box<str>,
    /// A word on it.
    pub note: Option<Box<str>>,
}

impl Report {
    /// Its page: `YEAR/SLUG.html`, of an earlier version `YEAR/SLUG/vN.html`.
    pub fn page(&self) -> SitePath {
        SitePath::of(format!("{}.html", self.stem()))
    }

    /// Its data file, beside its page.
    pub fn data(&self) -> SitePath {
        SitePath::of(format!("{}.json", self.stem()))
    }

    /// The day of its withdrawal.
    pub fn withdrawn_on(&self) -> Option<CivilDate> {
        match self.status {
            Status::Withdrawn { date, .. } => Some(date),
            _ => None,
        }
    }

    /// The last day on which it was published, corrected or withdrawn.
    pub fn changed_on(&self) -> Option<CivilDate> {
        let published = self.published.as_ref().map(Instant::date);
        [published, self.corrected_on(), self.withdrawn_on()].into_iter().flatten().max()
    }

    /// The day of its newest correction.
    pub fn corrected_on(&self) -> Option<CivilDate> {
        self.corrections.iter().map(|c| c.date).max()
    }

    /// Leaves of a withdrawn report what says that it was: who, what, when and why. Its text may be the reason, so
    /// nothing of it is published; promises stay known, because later reports answer them.
    pub(super) fn forget(&mut self) {
        self.summary = None;
        self.keywords.clear();
        self.figures.clear();
        self.sums.clear();
        self.follow_ups.clear();
        self.outline.clear();
        self.links.clear();
        self.ids.clear();
        self.carried = None;
        self.body = BodySlot::default();
        // What was withdrawn is not to be read in an older version either.
        self.record.history.iter_mut().for_each(|h| h.earlier.iter_mut().for_each(|e| e.left = Left::Nothing));
    }

    /// Whether it was withdrawn.
    pub fn is_withdrawn(&self) -> bool {
        matches!(self.status, Status::Withdrawn { .. })
    }
}

/// What is needed to read a report's front matter.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The site.
    pub site: &'a Site,
    /// The kinds of the portal.
    pub kinds: &'a [Kind],
    /// The file, relative to the portal's root.
    pub file: &'a str,
    /// The identity that the file's place gives.
    pub id: &'a ReportId,
}

impl Report {
    /// Reads a report's front matter; the body is added later.
    pub fn read(cx: Context<'_>, map: &Mapping, sink: &mut Vec<Diagnostic>) -> Option<Self> {
        shape::check(cx.file, map, schema::REPORT, sink);
        let top = Checked(map);
        let mut find = |code, message: Message, help: Message, path: &[&str]| {
            let path = path.iter().map(|k| Key::Name((*k).into())).collect();
            sink.push(Diagnostic::new(code, message).at(cx.file, Place::Value(path)).help(help));
        };
        if let Some(year) = map.get("year").and_then(serde_yaml::Value::as_u64).filter(|y| *y != u64::from(cx.id.year))
        {
            let help = Message::new("report.year.help").with("folder", cx.id.year);
            find(
                Code::Yaml001,
                Message::new("report.year").with("year", year).with("folder", cx.id.year),
                help,
                &["year"],
            );
        }
        let organization = top.str("organization").and_then(OrganizationId::new);
        let owner = organization.as_ref().and_then(|id| cx.site.organization(id));
        if let (Some(id), None) = (&organization, owner) {
            let known = cx.site.organizations.iter().map(|o| o.id.as_str());
            let help = match crate::text::nearest::nearest(id.as_str(), known) {
                Some(known) => Message::new("report.organization.near").with("known", known),
                None => Message::new("report.organization.help").with("id", id),
            };
            find(Code::Org006, Message::new("report.organization").with("id", id), help, &["organization"]);
        }
        let kind = top.str("kind").and_then(KindId::new);
        if let Some(id) = kind.as_ref().filter(|id| !cx.kinds.iter().any(|k| k.id == **id)) {
            let known: Vec<_> = cx.kinds.iter().map(|k| k.id.as_str()).collect();
            let help = Message::new("report.kind.help").with("known", known.join(", ")).with("id", id);
            find(Code::Yaml001, Message::new("report.kind").with("id", id), help, &["kind"]);
        }
        if let Some(other) = top.str("openness").filter(|o| *o != "active") {
            let message = Message::new("report.openness").with("value", other);
            find(Code::Review001, message, Message::new("report.openness.help"), &["openness"]);
        }
        let withdrawn = top.map("withdrawn");
        let status = match top.str("status") {
            Some("draft") => Status::Draft,
            Some("withdrawn") if withdrawn.is_none() => {
                find(
                    Code::Yaml001,
                    Message::new("report.withdrawn"),
                    Message::new("report.withdrawn.help"),
                    &["status"],
                );
                Status::Current
            }
            Some("withdrawn") => {
                let (date, reason) = withdrawn.and_then(|w| Some((w.date("date")?, w.text("reason")?)))?;
                Status::Withdrawn { date, reason }
            }
            _ => {
                if withdrawn.is_some() {
                    let help = Message::new("report.withdrawn_status.help");
                    find(Code::Yaml001, Message::new("report.withdrawn_status"), help, &["withdrawn"]);
                }
                Status::Current
            }
        };
        let published = top.instant("published", &cx.site.zone);
        if status != Status::Draft && !map.contains_key("published") {
            find(
                Code::Yaml001,
                Message::new("report.published"),
                Message::new("report.published.help"),
                &["published"],
            );
        }
        let signed = top.map("signed");
        let signed_on = signed.and_then(|s| s.date("date"));
        if let (Some(signed), Some(published)) = (signed_on, published.as_ref().filter(|p| signed_on > Some(p.date())))
        {
            let message = Message::new("report.signed_late").with("signed", signed).with("published", published.date());
            find(Code::Date001, message, Message::new("report.signed_late.help"), &["signed", "date"]);
        }
        for (index, item) in top.maps("follow_ups").enumerate() {
            if item.str("commitment").is_some_and(|c| parse_commitment(c).is_none()) {
                let path = vec![Key::Name("follow_ups".into()), Key::Index(index), Key::Name("commitment".into())];
                let help = Message::new("report.follow_up_shape.help");
                let message = Message::new("report.follow_up_shape");
                sink.push(Diagnostic::new(Code::Yaml001, message).at(cx.file, Place::Value(path)).help(help));
            }
        }
        let mut corrections: Vec<_> = top.maps("corrections").filter_map(correction).collect();
        corrections.sort_by_key(|c| std::cmp::Reverse(c.date));
        Some(Self {
            id: cx.id.clone(),
            file: cx.file.into(),
            kind: kind?,
            organization: organization?,
            title: top.text("title")?,
            published,
            source: top.text("source").or_else(|| owner.map(|o| o.name.clone()))?,
            signed_by: signed.and_then(|s| s.text("by")),
            signed_on,
            document_number: top.text("document_number"),
            index_number: top.text("index_number"),
            summary: top.text("summary"),
            keywords: top.texts("keywords"),
            status,
            openness_stated: top.str("openness") == Some("active"),
            attachments: Vec::new(),
            figures: top.maps("figures").filter_map(figure).collect(),
            sums: top
                .maps("sums")
                .filter_map(|s| Some(Sum { total: s.text("total")?, parts: s.texts("parts") }))
                .collect(),
            commitments: top
                .maps("commitments")
                .filter_map(|c| Some(Commitment { id: c.text("id")?, text: c.text("text")?, due: c.date("due") }))
                .collect(),
            follow_ups: top.maps("follow_ups").filter_map(follow_up).collect(),
            corrections,
            aliases: top.texts("aliases").iter().filter_map(|a| SitePath::new(a)).collect(),
            outline: Vec::new(),
            links: Vec::new(),
            ids: Vec::new(),
            carried: None,
            body: BodySlot::default(),
            record: Record { reviewed: top.maps("review").filter_map(|r| r.date("date")).max(), ..Record::default() },
        })
    }
}

/// The attachments as they are declared: file names and titles.
pub fn declared_attachments(map: &Mapping) -> Declared {
    Checked(map).maps("attachments").filter_map(|a| Some((a.text("file")?, a.text("title")))).collect()
}

/// The roles that a report gives its headings itself: role and heading.
pub fn declared_sections(map: &Mapping) -> Vec<(String, String)> {
    let text = |v: &serde_yaml::Value| v.as_str().map(|t| t.trim().to_string());
    Checked(map).entries("sections").filter_map(|(role, v)| Some((role.to_string(), text(v)?))).collect()
}

fn figure(map: Checked<'_>) -> Option<Figure> {
    let value = match map.0.get("value") {
        Some(serde_yaml::Value::Number(n)) => n.clone(),
        _ => return None,
    };
    Some(Figure {
        id: map.text("id")?,
        label: map.text("label")?,
        value,
        unit: map.text("unit"),
        quote: map.text("quote"),
    })
}

fn follow_up(map: Checked<'_>) -> Option<FollowUp> {
    let (report, commitment) = parse_commitment(map.str("commitment")?)?;
    Some(FollowUp { report, commitment: commitment.into(), status: map.text("status")?, note: map.text("note") })
}

/// `YEAR/SLUG#ID`.
fn parse_commitment(text: &str) -> Option<(ReportId, &str)> {
    let (report, id) = text.split_once('#')?;
    Some((ReportId::parse(report)?, (!id.is_empty()).then_some(id)?))
}
