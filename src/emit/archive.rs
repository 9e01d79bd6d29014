//! The archive of all years: who published what and when, and what is missing. Sees dates and titles, never bodies.

use super::World;
use super::frame::{Frame, PageKind, landing};
use super::lists::{Depth, Place, YearEntry, YearLink, status, years};
use super::plan::{organization_page, year_page};
use crate::base::{Instant, KindId, SitePath};
use crate::model::Report;
use serde::Serialize;

/// The archive of all years.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveView {
    total: usize,
    years: Vec<YearEntry>,
    kinds: Vec<String>,
    matrix: Matrix,
}

/// Who published what and when: a row for each kind of report of each body, a column for each year.
#[derive(Debug, Clone, Serialize)]
struct Matrix {
    years: Vec<YearLink>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    organization: Place,
    kinds: Vec<KindRow>,
}

#[derive(Debug, Clone, Serialize)]
struct KindRow {
    kind: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Serialize)]
struct Cell {
    year: u16,
    entries: Vec<CellEntry>,
    missing: bool,
}

#[derive(Debug, Clone, Serialize)]
struct CellEntry {
    href: String,
    title: String,
    published: String,
    published_date: String,
    status: &'static str,
    corrected: bool,
}

/// Most reports that the archive lists one by one; beyond, its years lead to their pages.
pub const ARCHIVE_REPORTS: usize = 1000;

/// The frame and view of the archive.
pub fn archive(world: World<'_>) -> (Frame, ArchiveView) {
    let portal = world.portal;
    let path = SitePath::of("archive.html");
    let mut frame = Frame::new(world, PageKind::Archive, &path, world.labels.get("titles.archive"), &[landing(world)]);
    let count = portal.reports.len().to_string();
    frame.describe(&world.labels.fill("description.archive", &[("count", &count), ("title", &portal.site.title)]));
    let small = portal.reports.len() <= ARCHIVE_REPORTS;
    let bodies = if small { 0..portal.site.organizations.len() } else { 0..0 };
    let kinds = portal.kinds.iter().filter(|k| portal.series().iter().any(|s| s.kind == k.id));
    let view = ArchiveView {
        total: portal.reports.len(),
        years: years(world, &path, if small { Depth::Reports } else { Depth::Years }),
        kinds: kinds.map(|k| k.name.in_language(&portal.site.language).to_string()).collect(),
        matrix: Matrix {
            years: portal
                .years()
                .keys()
                .rev()
                .map(|y| YearLink { year: *y, href: path.link_to(&year_page(*y)) })
                .collect(),
            rows: bodies.map(|i| row(world, i, &path)).filter(|r| !r.kinds.is_empty()).collect(),
        },
    };
    (frame, view)
}

/// A body's kinds in the portal's order: those it publishes and those it owes.
fn row(world: World<'_>, organization: usize, path: &SitePath) -> Row {
    let portal = world.portal;
    let body = &portal.site.organizations[organization];
    let reports: Vec<_> = portal.reports_of(organization).iter().map(|i| &portal.reports[*i]).collect();
    let has = |kind: &KindId| body.expects.contains(kind) || reports.iter().any(|r| r.kind == *kind);
    let cell = |kind: &KindId, year: u16| Cell {
        year,
        entries: reports
            .iter()
            .filter(|r| r.id.year == year && r.kind == *kind)
            .map(|r| entry(world, r, path))
            .collect(),
        missing: body.expects.contains(kind) && portal.is_missing(organization, kind, year),
    };
    let kinds = portal.kinds.iter().map(|k| &k.id).filter(|k| has(k));
    let place = Place { name: body.name.to_string(), href: path.link_to(&organization_page(portal, organization)) };
    Row {
        organization: place,
        kinds: kinds
            .map(|kind| KindRow {
                kind: portal.kind_name(kind).to_string(),
                cells: portal.years().keys().rev().map(|year| cell(kind, *year)).collect(),
            })
            .collect(),
    }
}

fn entry(world: World<'_>, report: &Report, path: &SitePath) -> CellEntry {
    CellEntry {
        href: path.link_to(&report.page()),
        title: report.title.to_string(),
        published: report.published.as_ref().map(Instant::to_minute).unwrap_or_default(),
        published_date: report.published.as_ref().map(|p| p.date().to_string()).unwrap_or_default(),
        status: status(world.portal, report),
        corrected: !report.corrections.is_empty(),
    }
}
