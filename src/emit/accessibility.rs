//! The accessibility statement, from what `site.yaml` says; a portal's own page at the same address takes its place.

use super::World;
use super::frame::{Frame, PageKind, landing};
use crate::base::SitePath;
use crate::model::Portal;
use crate::model::accessibility::{Exception, PATH};
use serde::Serialize;

/// What the template receives as `statement`.
#[derive(Debug, Clone, Serialize)]
pub struct StatementView {
    owner: String,
    status: String,
    standards: Vec<String>,
    prepared: String,
    reviewed: Option<String>,
    method: String,
    evaluator: Option<String>,
    tested: Vec<String>,
    exceptions: Vec<Reason>,
    contact: String,
    response_days: Option<u32>,
    enforcement: Option<String>,
}

/// The exceptions that have one reason.
#[derive(Debug, Clone, Serialize)]
struct Reason {
    reason: &'static str,
    items: Vec<ExceptionView>,
}

#[derive(Debug, Clone, Serialize)]
struct ExceptionView {
    content: String,
    criterion: Option<String>,
    alternative: Option<String>,
    until: Option<String>,
}

/// The statement's address.
pub fn path() -> SitePath {
    SitePath::of(PATH)
}

/// Whether the section has a statement of its making: `site.yaml` says what is in it, and nothing else has its address.
pub fn is_generated(portal: &Portal) -> bool {
    let taken = |aliases: &[SitePath]| aliases.contains(&path());
    portal.site.accessibility.is_some()
        && !portal.pages.iter().any(|p| p.path == path() || taken(&p.aliases))
        && !portal.reports.iter().any(|r| taken(&r.aliases))
}

/// The frame and the view of the statement.
pub fn statement(world: World<'_>) -> Option<(Frame, StatementView)> {
    let site = &world.portal.site;
    let said = site.accessibility.as_ref()?;
    let title = world.labels.get("titles.accessibility");
    let mut frame = Frame::new(world, PageKind::Accessibility, &path(), title, &[landing(world)]);
    frame.describe(&world.labels.fill("description.accessibility", &[("title", &site.title)]));
    let owned = |texts: &[Box<str>]| texts.iter().map(ToString::to_string).collect();
    let optional = |text: &Option<Box<str>>| text.as_ref().map(ToString::to_string);
    let with = |reason: &'static str| Reason {
        reason,
        items: said.exceptions.iter().filter(|e| &*e.reason == reason).map(exception).collect(),
    };
    let reasons = crate::model::accessibility::REASON.iter().map(|r| with(r));
    let view = StatementView {
        owner: site.footer.sponsor.as_ref().unwrap_or(&site.title).to_string(),
        status: said.status.to_string(),
        standards: owned(&said.standards),
        prepared: said.prepared.to_string(),
        reviewed: said.reviewed.map(|d| d.to_string()),
        method: said.method.to_string(),
        evaluator: optional(&said.evaluator),
        tested: owned(&said.tested),
        exceptions: reasons.filter(|r| !r.items.is_empty()).collect(),
        contact: said.contact.to_string(),
        response_days: said.response_days,
        enforcement: optional(&said.enforcement),
    };
    Some((frame, view))
}

fn exception(exception: &Exception) -> ExceptionView {
    ExceptionView {
        content: exception.content.to_string(),
        criterion: exception.criterion.as_ref().map(ToString::to_string),
        alternative: exception.alternative.as_ref().map(ToString::to_string),
        until: exception.until.map(|d| d.to_string()),
    }
}
