//! The pages that list reports: landing, year, organisation. They see cards, never bodies. `archive` is beside.

use super::World;
use super::frame::{Frame, PageKind, landing};
use super::plan::{organization_page, year_page};
use crate::base::{Instant, KindId, OrganizationId, SitePath};
use crate::model::{Portal, Report, Status};
use serde::Serialize;
use std::collections::BTreeMap;

/// The part of a report that lists show.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    id: String,
    title: String,
    href: String,
    kind: String,
    organization: Place,
    year: u16,
    published: String,
    published_datetime: String,
    published_date: String,
    summary: Option<String>,
    status: &'static str,
    status_label: Option<String>,
    corrected: bool,
}

/// Something with a name and a page.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
}

/// A year with its page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct YearEntry {
    year: u16,
    href: String,
    count: usize,
    /// Reports that are owed and not published.
    missing: usize,
    entries: Vec<Card>,
}

impl Card {
    /// The card of a report as it stands on the page `from`.
    pub fn new(world: World<'_>, report: &Report, from: &SitePath) -> Self {
        let published = report.published.as_ref();
        let status = status(world.portal, report);
        Self {
            id: report.id.to_string(),
            title: report.title.to_string(),
            href: from.link_to(&report.page()),
            kind: world.portal.kind_name(&report.kind).to_string(),
            organization: owner(world.portal, &report.organization, from),
            year: report.id.year,
            published: published.map(Instant::to_minute).unwrap_or_default(),
            published_datetime: published.map(Instant::to_rfc3339).unwrap_or_default(),
            published_date: published.map(|p| p.date().to_string()).unwrap_or_default(),
            summary: report.summary.as_ref().map(ToString::to_string),
            status,
            status_label: (status != "current").then(|| world.labels.get(&format!("status.{status}")).to_string()),
            corrected: !report.corrections.is_empty(),
        }
    }
}

/// `current`, `withdrawn`, `draft` or `scheduled`; `superseded` of an earlier version.
pub fn status(portal: &Portal, report: &Report) -> &'static str {
    match report.status {
        _ if report.record.superseded.is_some() => "superseded",
        Status::Withdrawn { .. } => "withdrawn",
        Status::Draft => "draft",
        Status::Current if portal.scope.is_scheduled(report) => "scheduled",
        Status::Current => "current",
    }
}

fn owner(portal: &Portal, id: &OrganizationId, from: &SitePath) -> Place {
    let index = portal.organization_index(id);
    Place {
        name: index.map_or_else(|| id.to_string(), |i| portal.site.organizations[i].name.to_string()),
        href: index.map_or_else(|| from.to_root(), |i| from.link_to(&organization_page(portal, i))),
    }
}

/// The landing page.
#[derive(Debug, Clone, Serialize)]
pub struct LandingView {
    latest: Vec<Card>,
    years: Vec<YearEntry>,
    organizations: Vec<OrganizationEntry>,
    total: usize,
    archive_href: String,
}

#[derive(Debug, Clone, Serialize)]
struct OrganizationEntry {
    name: String,
    href: String,
    count: usize,
    latest_year: Option<u16>,
}

/// Reports on the landing page.
const LATEST: usize = 6;

/// The frame and view of the landing page.
pub fn landing_page(world: World<'_>) -> (Frame, LandingView) {
    let portal = world.portal;
    let path = SitePath::of("index.html");
    let mut frame = Frame::new(world, PageKind::Landing, &path, &portal.site.title, &[]);
    if let Some(description) = &portal.site.column.description {
        frame.describe(description);
    }
    let organizations = (0..portal.site.organizations.len()).map(|i| {
        let reports = portal.reports_of(i);
        OrganizationEntry {
            name: portal.site.organizations[i].name.to_string(),
            href: path.link_to(&organization_page(portal, i)),
            count: reports.len(),
            latest_year: reports.iter().map(|r| portal.reports[*r].id.year).max(),
        }
    });
    let view = LandingView {
        latest: portal.latest(LATEST).into_iter().map(|i| Card::new(world, &portal.reports[i], &path)).collect(),
        years: years(world, &path, Depth::Years),
        organizations: organizations.collect(),
        total: portal.reports.len(),
        archive_href: path.link_to(&SitePath::of("archive.html")),
    };
    (frame, view)
}

/// How far a list of years goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Only the years.
    Years,
    /// The reports of each year too.
    Reports,
}

/// The years, newest first.
pub(super) fn years(world: World<'_>, path: &SitePath, depth: Depth) -> Vec<YearEntry> {
    let portal = world.portal;
    let entries = |reports: &Vec<usize>| match depth {
        Depth::Years => Vec::new(),
        Depth::Reports => reports.iter().map(|i| Card::new(world, &portal.reports[*i], path)).collect(),
    };
    let year = |(year, reports): (&u16, &Vec<usize>)| YearEntry {
        year: *year,
        href: path.link_to(&year_page(*year)),
        count: reports.len(),
        missing: owed(portal, *year).count(),
        entries: entries(reports),
    };
    portal.years().iter().rev().map(year).collect()
}

/// What bodies owe for a year and have not published: the body's place in `site.yaml`, and the kind.
fn owed(portal: &Portal, year: u16) -> impl Iterator<Item = (usize, &KindId)> {
    (0..portal.site.organizations.len()).flat_map(move |i| {
        let missing = portal.site.organizations[i].expects.iter().filter(move |k| portal.is_missing(i, k, year));
        missing.map(move |k| (i, k))
    })
}

/// Whether nobody owes a report for a year.
pub fn is_complete(portal: &Portal, year: u16) -> bool {
    owed(portal, year).next().is_none()
}

/// A year's page.
#[derive(Debug, Clone, Serialize)]
pub struct YearView {
    year: u16,
    total: usize,
    groups: Vec<Group>,
    missing: Vec<Missing>,
    previous: Option<YearLink>,
    next: Option<YearLink>,
}

#[derive(Debug, Clone, Serialize)]
struct Group {
    organization: Place,
    entries: Vec<KindEntry>,
}

#[derive(Debug, Clone, Serialize)]
struct KindEntry {
    kind: String,
    card: Card,
}

#[derive(Debug, Clone, Serialize)]
struct Missing {
    organization: Place,
    kind: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct YearLink {
    pub(super) year: u16,
    pub(super) href: String,
}

/// The frame and view of a year's page: grouped by body, in the order of `site.yaml`, then by kind.
pub fn year(world: World<'_>, year: u16) -> (Frame, YearView) {
    let portal = world.portal;
    let path = year_page(year);
    let text = year.to_string();
    let title = world.labels.fill("titles.year", &[("year", &text)]);
    let mut frame = Frame::new(world, PageKind::Year, &path, &title, &[landing(world)]);
    let reports = portal.years().get(&year).map(Vec::as_slice).unwrap_or_default();
    let count = reports.len().to_string();
    frame.describe(
        &world.labels.fill("description.year", &[("year", &text), ("count", &count), ("title", &portal.site.title)]),
    );
    let mut by_owner: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in reports {
        if let Some(owner) = portal.organization_index(&portal.reports[*index].organization) {
            by_owner.entry(owner).or_default().push(*index);
        }
    }
    let place = |i: usize| Place {
        name: portal.site.organizations[i].name.to_string(),
        href: path.link_to(&organization_page(portal, i)),
    };
    let kind_order = |i: &usize| portal.kinds.iter().position(|k| k.id == portal.reports[*i].kind);
    let group = |(owner, mut reports): (usize, Vec<usize>)| {
        reports.sort_by_key(|i| (kind_order(i), *i));
        let entry = |i: usize| KindEntry {
            kind: portal.kind_name(&portal.reports[i].kind).to_string(),
            card: Card::new(world, &portal.reports[i], &path),
        };
        Group { organization: place(owner), entries: reports.into_iter().map(entry).collect() }
    };
    let missing = owed(portal, year)
        .map(|(i, k)| Missing { organization: place(i), kind: portal.kind_name(k).to_string() })
        .collect();
    let link = |year: &u16| YearLink { year: *year, href: path.link_to(&year_page(*year)) };
    let view = YearView {
        year,
        total: reports.len(),
        groups: by_owner.into_iter().map(group).collect(),
        missing,
        previous: portal.years().range(..year).next_back().map(|(y, _)| link(y)),
        next: portal.years().range(year + 1..).next().map(|(y, _)| link(y)),
    };
    (frame, view)
}

/// A body's page.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationView {
    name: String,
    aliases: Vec<String>,
    code: Option<String>,
    total: usize,
    series: Vec<SeriesView>,
}

#[derive(Debug, Clone, Serialize)]
struct SeriesView {
    kind: String,
    years: Vec<SeriesYear>,
}

#[derive(Debug, Clone, Serialize)]
struct SeriesYear {
    year: u16,
    card: Option<Card>,
    missing: bool,
}

/// The frame and view of a body's page: each kind over the years, newest first, gaps shown.
pub fn organization(world: World<'_>, index: usize) -> (Frame, OrganizationView) {
    let portal = world.portal;
    let body = &portal.site.organizations[index];
    let path = organization_page(portal, index);
    let title = world.labels.fill("titles.organization", &[("name", &body.name)]);
    let mut frame = Frame::new(world, PageKind::Organization, &path, &title, &[landing(world)]);
    let total = portal.reports_of(index).len();
    frame.describe(
        &world.labels.fill("description.organization", &[("name", &body.name), ("count", &total.to_string())]),
    );
    let series = portal.series().iter().filter(|s| s.organization == body.id).map(|s| {
        let reports: Vec<_> = s.reports.iter().map(|i| &portal.reports[*i]).collect();
        let (first, last) = (reports.first().map_or(0, |r| r.id.year), reports.last().map_or(0, |r| r.id.year));
        let of_year = |year: u16| {
            let mut cards: Vec<_> =
                reports.iter().filter(|r| r.id.year == year).map(|r| Some(Card::new(world, r, &path))).collect();
            if cards.is_empty() {
                cards.push(None);
            }
            cards.into_iter().map(move |card| SeriesYear { year, missing: card.is_none(), card })
        };
        SeriesView {
            kind: portal.kind_name(&s.kind).to_string(),
            years: (first..=last).rev().flat_map(of_year).collect(),
        }
    });
    let view = OrganizationView {
        name: body.name.to_string(),
        aliases: body.aliases.iter().map(ToString::to_string).collect(),
        code: body.code.as_ref().map(ToString::to_string),
        total,
        series: series.collect(),
    };
    (frame, view)
}
