//! Finished pages put before the rules: every kind of page, and of the reports one for each combination of facts on which
//! a template can branch. What a template does to one of them it does to all of their like; what is written in a report
//! is judged where it is written.

use crate::base::SitePath;
use crate::check::html::Html;
use crate::check::{self, Rule};
use crate::diag::Diagnostic;
use crate::emit::frame::PageKind;
use crate::emit::{Subject, World};
use crate::model::{Report, Status};
use crate::render::{Bodies, Engine, Failure, Theme, produce};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// The kind of page that a subject is; none for feeds and data.
fn kind_of(subject: &Subject) -> Option<PageKind> {
    match subject {
        Subject::Landing => Some(PageKind::Landing),
        Subject::Archive => Some(PageKind::Archive),
        Subject::Year(_) => Some(PageKind::Year),
        Subject::Organization(_) => Some(PageKind::Organization),
        Subject::Report(_) => Some(PageKind::Report),
        Subject::Page(_) => Some(PageKind::Page),
        Subject::Accessibility => Some(PageKind::Accessibility),
        Subject::NotFound => Some(PageKind::NotFound),
        Subject::Alias { .. } => Some(PageKind::Alias),
        _ => None,
    }
}

/// Most pages of one kind, besides reports, that are looked at.
const LIKE: usize = 32;

/// The subjects whose pages are looked at.
pub(super) fn sample<'s>(world: World<'_>, subjects: &'s [Subject]) -> Vec<&'s Subject> {
    let mut shapes = BTreeSet::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let wanted = |subject: &&Subject| match (subject, kind_of(subject)) {
        (_, None) => false,
        (Subject::Report(index), _) => shapes.insert(shape(&world.portal.reports[*index])),
        (_, Some(kind)) => {
            let count = counts.entry(kind.name()).or_default();
            *count += 1;
            *count <= LIKE
        }
    };
    subjects.iter().filter(wanted).collect()
}

/// The facts of a report on which a template can branch.
fn shape(report: &Report) -> (String, u32) {
    let status = match report.status {
        Status::Draft => 0,
        Status::Current => 1,
        Status::Withdrawn { .. } => 2,
    };
    let facts = [
        report.signed_on.is_some(),
        report.document_number.is_some(),
        report.index_number.is_some(),
        report.summary.is_some(),
        report.keywords.is_empty(),
        report.openness_stated,
        report.attachments.is_empty(),
        report.figures.is_empty(),
        report.commitments.is_empty(),
        report.follow_ups.is_empty(),
        report.corrections.is_empty(),
        report.outline.is_empty(),
        report.links.is_empty(),
    ];
    (report.kind.to_string(), facts.iter().fold(status, |bits, fact| bits << 1 | u32::from(*fact)))
}

/// Renders the sample and asks the rules; the same finding about many pages is told of the first.
pub(super) fn judge(
    world: World<'_>,
    engine: &Engine,
    bodies: &dyn Bodies,
    (subjects, theme): (&[Subject], &Theme),
    rules: &[&'static Rule],
) -> io::Result<Vec<Diagnostic>> {
    let published = world.portal.assets.iter().map(|a| (a.path.as_str(), a.stat.size));
    let own = theme.assets.iter().map(|(_, a)| (a.path.as_str(), a.bytes.len() as u64));
    let files: BTreeMap<&str, u64> = published.chain(own).collect();
    let mut titles: BTreeMap<String, SitePath> = BTreeMap::new();
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut said = BTreeSet::new();
    let mut room = Vec::new();
    for subject in sample(world, subjects) {
        let Some(kind) = kind_of(subject) else { continue };
        let artefacts = match produce(world, engine, bodies, subject, &mut room) {
            Ok(artefacts) => artefacts,
            Err(Failure::Io(error)) => return Err(error),
            Err(Failure::Finding(finding)) => {
                found.push(*finding);
                continue;
            }
        };
        let page = artefacts.iter().find(|a| a.path.as_str().ends_with(".html"));
        let Some((artefact, source)) = page.and_then(|a| Some((a, std::str::from_utf8(&a.bytes).ok()?))) else {
            continue;
        };
        let report = match subject {
            Subject::Report(index) => Some(world.portal.reports[*index].as_ref()),
            _ => None,
        };
        let html = Html::read(source);
        // A former address leads on at once: it may be called like another of the same page.
        let title = html.all("title").next().filter(|_| kind != PageKind::Alias).map(|t| html.words(t));
        let namesake = title.as_ref().and_then(|title| titles.get(title));
        let (portal, path, files) = (world.portal, &artefact.path, &files);
        let page = check::Page { portal, path, kind, report, source, html, files, namesake };
        check::page(rules, &page, &mut found);
        if let Some(title) = title {
            titles.entry(title).or_insert_with(|| artefact.path.clone());
        }
    }
    found.retain(|f| said.insert((f.code, format!("{:?}", f.message))));
    Ok(found)
}
