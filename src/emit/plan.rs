//! Which pages and files the section has.

use crate::base::SitePath;
use crate::model::Portal;

/// What a file of the output shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The landing page.
    Landing,
    /// The archive of all years.
    Archive,
    /// The page of a year.
    Year(u16),
    /// The page of a body, by its place in `site.yaml`.
    Organization(usize),
    /// A report's page and its data, by its place in the portal.
    Report(usize),
    /// An earlier version of a report and its data: its place among the report's earlier ones, behind the report's place.
    Version(usize, usize),
    /// A stand-alone page, by its place in the portal.
    Page(usize),
    /// The accessibility statement.
    Accessibility,
    /// The page for addresses that do not exist.
    NotFound,
    /// A former address.
    Alias {
        /// The former address.
        from: SitePath,
        /// The page that took its place.
        to: SitePath,
        /// That page's title.
        title: Box<str>,
    },
    /// Atom feed.
    Atom,
    /// JSON Feed.
    JsonFeed,
    /// Sitemap.
    Sitemap,
    /// robots.txt.
    Robots,
    /// What Netlify and Cloudflare Pages must be told.
    HostHeaders,
    /// All reports as JSON.
    DataJson,
    /// All reports as CSV.
    DataCsv,
}

/// The name under which static hosts look for headers.
pub const HOST_HEADERS: &str = "_headers";

/// The address of a year's page.
pub fn year_page(year: u16) -> SitePath {
    SitePath::of(format!("{year:04}/index.html"))
}

/// The address of a body's page.
pub fn organization_page(portal: &Portal, index: usize) -> SitePath {
    SitePath::of(format!("organizations/{}.html", portal.site.organizations[index].id))
}

impl Subject {
    /// The files that this subject becomes.
    pub fn paths(&self, portal: &Portal) -> Vec<SitePath> {
        match self {
            Subject::Landing => vec![SitePath::of("index.html")],
            Subject::Archive => vec![SitePath::of("archive.html")],
            Subject::Year(year) => vec![year_page(*year)],
            Subject::Organization(index) => vec![organization_page(portal, *index)],
            Subject::Report(index) => vec![portal.reports[*index].page(), portal.reports[*index].data()],
            Subject::Version(index, earlier) => {
                let old = portal.reports[*index].earlier()[*earlier].report();
                old.map_or_else(Vec::new, |old| vec![old.page(), old.data()])
            }
            Subject::Page(index) => vec![portal.pages[*index].path.clone()],
            Subject::Accessibility => vec![super::accessibility::path()],
            Subject::NotFound => vec![SitePath::of("404.html")],
            Subject::Alias { from, .. } => vec![from.clone()],
            Subject::Atom => vec![SitePath::of("atom.xml")],
            Subject::JsonFeed => vec![SitePath::of("feed.json")],
            Subject::Sitemap => super::sitemap::paths(portal),
            Subject::Robots => vec![SitePath::of("robots.txt")],
            Subject::HostHeaders => vec![SitePath::of(HOST_HEADERS)],
            Subject::DataJson => vec![super::data::json_path()],
            Subject::DataCsv => vec![super::data::csv_path()],
        }
    }
}

/// Everything the section has: overviews first, then reports in their order.
pub fn plan(portal: &Portal) -> Vec<Subject> {
    use Subject::{
        Accessibility, Alias, Archive, Atom, DataCsv, DataJson, HostHeaders, JsonFeed, Landing, NotFound, Organization,
        Page, Robots, Sitemap, Year,
    };
    let mut out = vec![Landing, Archive, NotFound, Atom, JsonFeed, Sitemap, Robots, DataJson, DataCsv];
    out.extend(portal.site.hosting.headers_file.then_some(HostHeaders));
    out.extend(portal.years().keys().map(|y| Year(*y)));
    out.extend((0..portal.site.organizations.len()).map(Organization));
    out.extend((0..portal.pages.len()).map(Page));
    out.extend(super::accessibility::is_generated(portal).then_some(Accessibility));
    for page in &portal.pages {
        let title = page.title.clone().unwrap_or_default();
        out.extend(page.aliases.iter().map(|a| Alias { from: a.clone(), to: page.path.clone(), title: title.clone() }));
    }
    for report in portal.reports.iter().filter(|r| !r.aliases.is_empty()) {
        let to = report.page();
        out.extend(report.aliases.iter().map(|a| Alias {
            from: a.clone(),
            to: to.clone(),
            title: report.title.clone(),
        }));
    }
    out.extend((0..portal.reports.len()).map(Subject::Report));
    for (index, report) in portal.reports.iter().enumerate() {
        let shown = report.earlier().iter().enumerate().filter(|(_, e)| e.report().is_some());
        out.extend(shown.map(|(earlier, _)| Subject::Version(index, earlier)));
    }
    out
}
