//! Finished pages put before the rules: every kind of page, and of the reports one for each combination of facts on which
//! a template can branch. What a template does to one of them it does to all of their like; what is written in a report
//! is judged where it is written.

use crate::base::{Artefact, SitePath};
use crate::check::html::Html;
use crate::check::{self, Rule};
use crate::diag::Diagnostic;
use crate::emit::frame::PageKind;
use crate::emit::{self, Subject, World};
use crate::model::{Portal, Report, Status};
use crate::render::{Bodies, Engine, Failure, Room, Theme, produce};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// The kind of page that a subject is; none for feeds and data.
fn kind_of(subject: &Subject) -> Option<PageKind> {
    match subject {
        Subject::Landing => Some(PageKind::Landing),
        Subject::Archive => Some(PageKind::Archive),
        Subject::Year(_) => Some(PageKind::Year),
        Subject::Organization(_) => Some(PageKind::Organization),
        Subject::Report(_) | Subject::Version(..) => Some(PageKind::Report),
        Subject::Page(_) => Some(PageKind::Page),
        Subject::Accessibility => Some(PageKind::Accessibility),
        Subject::NotFound => Some(PageKind::NotFound),
        Subject::Alias { .. } => Some(PageKind::Alias),
        _ => None,
    }
}

/// Most pages of one kind, besides reports, that are looked at.
const LIKE: usize = 8;

/// The subjects whose pages are looked at.
pub(super) fn sample<'s>(portal: &Portal, subjects: &'s [Subject]) -> Vec<(usize, &'s Subject)> {
    let mut shapes = BTreeSet::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let years = sample_years(portal);
    let wanted = |(_, subject): &(usize, &Subject)| match (subject, kind_of(subject)) {
        (_, None) => false,
        (Subject::Year(year), _) => years.contains(year),
        (Subject::Report(index), _) => shapes.insert(shape(&portal.reports[*index])),
        (_, Some(kind)) => {
            // Reports were dealt with: of their kind only earlier versions are left.
            let count = counts.entry(kind.name()).or_default();
            *count += 1;
            *count <= LIKE
        }
    };
    subjects.iter().enumerate().filter(wanted).collect()
}

/// The years whose pages are looked at: they are long, so of those that are alike the shortest.
fn sample_years(portal: &Portal) -> BTreeSet<u16> {
    let mut shortest: BTreeMap<_, (usize, u16)> = BTreeMap::new();
    let (first, last) = (portal.years().keys().next(), portal.years().keys().next_back());
    for (year, reports) in portal.years() {
        let marked = |of: fn(&Report) -> bool| reports.iter().any(|i| of(&portal.reports[*i]));
        let marks = [
            marked(Report::is_withdrawn),
            marked(|r| r.status == Status::Draft),
            marked(|r| !r.corrections.is_empty()),
            marked(|r| r.summary.is_some()),
            reports.iter().any(|i| portal.scope.is_scheduled(&portal.reports[*i])),
        ];
        let ends = (Some(year) == first, Some(year) == last, emit::lists::is_complete(portal, *year));
        let size = (reports.len(), *year);
        shortest.entry((marks, ends)).and_modify(|least| *least = size.min(*least)).or_insert(size);
    }
    shortest.into_values().map(|(_, year)| year).collect()
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
        report.earlier().is_empty(),
    ];
    (report.kind.to_string(), facts.iter().fold(status, |bits, fact| bits << 1 | u32::from(*fact)))
}

/// A page of the sample.
struct Made<'s> {
    index: usize,
    subject: &'s Subject,
    kind: PageKind,
    /// Its files, the page among them.
    files: Vec<Artefact>,
    page: usize,
}

/// The same, as browsers read it.
struct Seen<'m> {
    made: &'m Made<'m>,
    source: &'m str,
    html: Html,
    title: Option<String>,
}

impl Made<'_> {
    fn page(&self) -> &Artefact {
        &self.files[self.page]
    }

    fn read(&self) -> Option<Seen<'_>> {
        let source = std::str::from_utf8(&self.page().bytes).ok()?;
        let html = Html::read(source);
        // A former address leads on at once: it may be called like another of the same page.
        let title = html.all("title").next().filter(|_| self.kind != PageKind::Alias).map(|t| html.words(t));
        Some(Seen { made: self, source, html, title })
    }
}

/// Files that were made to be looked at, by their subject's place in the plan.
pub(super) type MadeFiles = BTreeMap<usize, Vec<Artefact>>;

/// Renders the sample and asks the rules; the same finding about many pages is told of the first. What was made is given
/// back with the findings: it need not be made again.
pub(super) fn judge(
    world: World<'_>,
    engine: &Engine,
    bodies: &dyn Bodies,
    (subjects, theme): (&[Subject], &Theme),
    rules: &[&'static Rule],
) -> io::Result<(Vec<Diagnostic>, MadeFiles)> {
    let published = world.portal.assets.iter().map(|a| (a.path.as_str(), a.stat.size));
    let own = theme.assets.iter().map(|(_, a)| (a.path.as_str(), a.bytes.len() as u64));
    let files: BTreeMap<&str, u64> = published.chain(own).collect();
    let mut found: Vec<Diagnostic> = Vec::new();
    let wanted = sample(world.portal, subjects);
    let wanted: Vec<_> = wanted.into_iter().filter_map(|(at, s)| Some((at, s, kind_of(s)?))).collect();
    let make = |room: &mut Room, (index, subject, kind)| {
        let files = produce(world, engine, bodies, subject, room)?;
        let page = files.iter().position(|a| a.path.as_str().ends_with(".html"));
        Ok(page.map(|page| Made { index, subject, kind, files, page }))
    };
    // The longest pages come first in the plan: one at a time, so that no thread is left with several.
    let results: Vec<Result<_, Failure>> =
        wanted.into_par_iter().with_max_len(1).map_init(Room::default, make).collect();
    let mut made = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(page) => made.extend(page),
            Err(Failure::Io(error)) => return Err(error),
            Err(Failure::Finding(finding)) => found.push(*finding),
        }
    }
    let mut titles: BTreeMap<String, &SitePath> = BTreeMap::new();
    for Seen { made, source, html, title } in made.par_iter().with_max_len(1).filter_map(Made::read).collect::<Vec<_>>()
    {
        let report = match made.subject {
            Subject::Report(index) => Some(world.portal.reports[*index].as_ref()),
            Subject::Version(index, earlier) => world.portal.reports[*index].earlier()[*earlier].report(),
            _ => None,
        };
        let (portal, path, kind, files) = (world.portal, &made.page().path, made.kind, &files);
        let namesake = title.as_ref().and_then(|title| titles.get(title).copied());
        let page = check::Page { portal, path, kind, report, source, html, files, namesake };
        check::page(rules, &page, &mut found);
        if let Some(title) = title {
            titles.entry(title).or_insert(path);
        }
    }
    let mut said = BTreeSet::new();
    found.retain(|f| said.insert((f.code, format!("{:?}", f.message))));
    Ok((found, made.into_iter().map(|m| (m.index, m.files)).collect()))
}
