//! A report's page and its data file.

use super::World;
use super::data::ReportData;
use super::frame::{Frame, HeadLink, PageKind, under_year};
use super::header::{Fact, Publication};
use super::lists::{Card, Place};
use super::plan::organization_page;
use super::versions::{self, VersionView};
use crate::base::{Sha256, SitePath, media};
use crate::markdown::Heading;
use crate::model::{Report, Status};
use serde::Serialize;

/// What the template of a report's page receives as `report`, but for the body.
#[derive(Debug, Clone, Serialize)]
pub struct ReportView {
    notice: Option<Notice>,
    title: String,
    facts: Vec<Fact>,
    summary: Option<String>,
    keywords: Vec<String>,
    corrections: Vec<CorrectionView>,
    versions: Vec<VersionView>,
    contents: Vec<Entry>,
    parts: Vec<PartView>,
    commitments: Vec<CommitmentView>,
    follow_ups: Vec<FollowUpView>,
    figures: Vec<FigureView>,
    attachments: Vec<AttachmentView>,
    data_href: String,
    fingerprint: String,
    previous: Option<Card>,
    next: Option<Card>,
    kind: String,
    organization: Place,
    year: YearLink,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Notice {
    pub(super) status: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) date: Option<String>,
    pub(super) href: Option<String>,
    pub(super) link: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct CorrectionView {
    date: String,
    note: String,
    section: Option<String>,
}

/// A line of the contents list.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    id: String,
    title: String,
    role: Option<String>,
    children: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize)]
struct PartView {
    id: String,
    role: Option<String>,
    role_label: Option<String>,
    title: String,
}

#[derive(Debug, Clone, Serialize)]
struct CommitmentView {
    id: String,
    text: String,
    due: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct FollowUpView {
    commitment: String,
    href: Option<String>,
    status: String,
    status_label: String,
    note: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct FigureView {
    label: String,
    value: String,
    unit: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct AttachmentView {
    title: String,
    href: String,
    r#type: &'static str,
    size: String,
}

#[derive(Debug, Clone, Serialize)]
struct YearLink {
    year: u16,
    href: String,
}

/// Appends the data file of a report, from its parts as JSON.
pub fn data(world: World<'_>, report: &Report, parts: &[u8], out: &mut Vec<u8>) {
    ReportData::new(world, report).to_json(parts, out);
}

/// The frame and the view of a report, whose data file has this digest, beside the reports before and after it.
pub fn page(
    world: World<'_>,
    report: &Report,
    (previous, next): (Option<&Report>, Option<&Report>),
    fingerprint: Sha256,
) -> Option<(Frame, ReportView)> {
    let portal = world.portal;
    let path = report.page();
    let owner = portal.organization_index(&report.organization)?;
    let publication = Publication {
        report,
        organization: &portal.site.organizations[owner],
        organization_page: organization_page(portal, owner),
        kind_name: portal.kind_name(&report.kind),
        updated: report.corrected_on(),
        fingerprint,
    };
    let mut frame = Frame::new(world, PageKind::Report, &path, &report.title, &under_year(world, report.id.year));
    versions::frame(world, report, &path, &mut frame);
    publication.tag(world, &mut frame, &path);
    if report.is_withdrawn() {
        frame.title = format!("{}{}", world.labels.get("titles.withdrawn_prefix"), frame.title);
    }
    if report.status == Status::Draft || portal.scope.is_scheduled(report) {
        frame.hide();
    }
    for (rel, neighbour) in [("prev", previous), ("next", next)] {
        let link = neighbour.map(|n| HeadLink {
            rel,
            href: path.link_to(&n.page()),
            r#type: None,
            title: Some(n.title.to_string()),
        });
        frame.links.extend(link);
    }
    let card = |r: Option<&Report>| r.map(|r| Card::new(world, r, &path));
    let view = ReportView {
        notice: versions::notice(world, report, &path).or_else(|| notice(world, report)),
        title: report.title.to_string(),
        facts: publication.facts(world, &path),
        summary: report.summary.as_ref().map(ToString::to_string),
        keywords: report.keywords.iter().map(ToString::to_string).collect(),
        corrections: report
            .corrections
            .iter()
            .map(|c| CorrectionView {
                date: c.date.to_string(),
                note: c.note.to_string(),
                section: c.section.as_ref().map(ToString::to_string),
            })
            .collect(),
        versions: versions::views(world, report, &path),
        contents: contents(&report.outline),
        parts: parts(world, report),
        commitments: report
            .commitments
            .iter()
            .filter(|_| !report.is_withdrawn())
            .map(|c| CommitmentView {
                id: c.id.to_string(),
                text: c.text.to_string(),
                due: c.due.map(|d| d.to_string()),
            })
            .collect(),
        follow_ups: follow_ups(world, report, &path),
        figures: report
            .figures
            .iter()
            .map(|f| FigureView {
                label: f.label.to_string(),
                value: f.value.to_string(),
                unit: f.unit.as_ref().map(ToString::to_string),
            })
            .collect(),
        attachments: report
            .attachments
            .iter()
            .map(|a| AttachmentView {
                title: a.title.to_string(),
                href: path.link_to(&a.path),
                r#type: media::of_name(a.path.as_str()).label,
                size: media::human_size(a.size),
            })
            .collect(),
        data_href: path.link_to(&report.data()),
        fingerprint: fingerprint.to_string(),
        previous: card(previous),
        next: card(next),
        kind: publication.kind_name.to_string(),
        organization: Place {
            name: publication.organization.name.to_string(),
            href: path.link_to(&publication.organization_page),
        },
        year: YearLink { year: report.id.year, href: path.link_to(&super::plan::year_page(report.id.year)) },
    };
    Some((frame, view))
}

/// The status that stands above everything else; withdrawal before draft before correction.
fn notice(world: World<'_>, report: &Report) -> Option<Notice> {
    let labels = world.labels;
    let make = |status: &'static str, date: Option<String>, reason: &str| {
        let text = labels.fill(
            &format!("notice.{status}_text"),
            &[("date", date.as_deref().unwrap_or_default()), ("reason", reason)],
        );
        let title = labels.get(&format!("notice.{status}_title")).to_string();
        Notice { status, title, text, date, href: None, link: None }
    };
    match &report.status {
        Status::Withdrawn { date, reason } => Some(make("withdrawn", Some(date.to_string()), reason)),
        Status::Draft => Some(make("draft", None, "")),
        Status::Current if world.portal.scope.is_scheduled(report) => {
            Some(make("scheduled", report.published.as_ref().map(crate::base::Instant::to_minute), ""))
        }
        Status::Current => report.corrected_on().map(|d| make("corrected", Some(d.to_string()), "")),
    }
}

/// The contents list: headings down to the third level.
pub fn contents(outline: &[Heading]) -> Vec<Entry> {
    let shown = outline.iter().filter(|h| h.level <= 3);
    shown
        .map(|h| Entry {
            id: h.id.clone(),
            // A run-in heading ends in a full stop that belongs to the running text (CLREQ, 同行标题).
            title: h.title.trim_end_matches('。').to_string(),
            role: h.role.clone(),
            children: contents(&h.children),
        })
        .collect()
}

fn parts(world: World<'_>, report: &Report) -> Vec<PartView> {
    let part = |h: &Heading| PartView {
        id: h.id.clone(),
        role: h.role.clone(),
        role_label: h.role.as_deref().map(|role| role_label(world, report, role)),
        title: h.title.clone(),
    };
    report.outline.iter().filter(|h| h.level == 2 && h.free).map(part).collect()
}

/// What a role is called: by the kind, or the role itself.
pub fn role_label(world: World<'_>, report: &Report, role: &str) -> String {
    let kind = world.portal.kind(&report.kind);
    let rule = kind.and_then(|k| k.parts.iter().find(|p| p.role.as_ref() == role));
    match rule.and_then(|p| p.name.as_ref()) {
        Some(name) => name.in_language(&world.portal.site.language).to_string(),
        None => role.to_string(),
    }
}

fn follow_ups(world: World<'_>, report: &Report, path: &SitePath) -> Vec<FollowUpView> {
    let view = |f: &crate::model::report::FollowUp| {
        let made = world.portal.report(&f.report);
        let promise = made.and_then(|r| r.commitments.iter().find(|c| c.id == f.commitment));
        FollowUpView {
            commitment: promise.map_or_else(|| format!("{}#{}", f.report, f.commitment), |c| c.text.to_string()),
            href: made.map(|r| format!("{}#commitment-{}", path.link_to(&r.page()), f.commitment)),
            status: f.status.to_string(),
            status_label: world.labels.get(&format!("follow_up.{}", f.status)).to_string(),
            note: f.note.as_ref().map(ToString::to_string),
        }
    };
    report.follow_ups.iter().map(view).collect()
}
