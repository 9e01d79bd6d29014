//! The portal as a whole: everything that is published, and the orders in which pages show it.

use super::history::Sealed;
use super::{Asset, Kind, Organization, Page, Report, Site, Status, assets, cross};
use crate::base::{Instant, KindId, OrganizationId, ReportId, SitePath, id};
use crate::diag::Diagnostic;
use crate::source::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Declared attachments of a report: file and title.
pub type Declared = Arc<[(Box<str>, Option<Box<str>>)]>;

/// What a portal is assembled from.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The site.
    pub site: Arc<Site>,
    /// Its kinds, built-in and own.
    pub kinds: Arc<[Kind]>,
    /// Every report that could be read, each with the attachments it declares.
    pub reports: Vec<(Arc<Report>, Declared)>,
    /// Every page that could be read, the introduction included.
    pub pages: Vec<Page>,
    /// Pages of documents that could not be read: what leads to them is not dead.
    pub broken: Vec<SitePath>,
    /// Every file of the portal.
    pub files: &'a [Entry],
    /// What is left out.
    pub scope: Scope,
}

/// Which reports are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// The moment for which the portal is built; later reports are left out.
    pub as_of: Instant,
    /// Whether drafts and later reports are shown all the same, marked.
    pub drafts: Drafts,
}

/// Whether drafts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts {
    /// Left out, as for publication.
    Hidden,
    /// Shown and marked, for reading before publication.
    Shown,
}

impl Scope {
    /// Whether a report is shown.
    pub fn shows(&self, report: &Report) -> bool {
        self.drafts == Drafts::Shown || (report.status != Status::Draft && !self.is_scheduled(report))
    }

    /// Whether a report is dated after the moment of the build.
    pub fn is_scheduled(&self, report: &Report) -> bool {
        report.status != Status::Draft && report.published.as_ref().is_some_and(|p| *p > self.as_of)
    }
}

/// A report that comes due later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scheduled {
    /// When it is published.
    pub published: Instant,
    /// Its identity.
    pub id: ReportId,
    /// Its title.
    pub title: Box<str>,
}

/// Reports of one kind by one body, by year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The body.
    pub organization: OrganizationId,
    /// The kind.
    pub kind: KindId,
    /// Positions in [`Portal::reports`], oldest first.
    pub reports: Vec<usize>,
}

/// A portal, complete and immutable. What does not change with an edit is shared with the portal of before.
#[derive(Debug)]
pub struct Portal {
    /// The site.
    pub site: Arc<Site>,
    /// Its kinds.
    pub kinds: Arc<[Kind]>,
    /// Its reports, by year and slug.
    pub reports: Vec<Arc<Report>>,
    /// Its stand-alone pages, by address.
    pub pages: Vec<Page>,
    /// The introduction of the landing page.
    pub introduction: Option<Page>,
    /// The files published beside pages, by path.
    pub assets: Vec<Asset>,
    /// What is shown.
    pub scope: Scope,
    /// The bodies of reports that are not shown yet: drafts, and reports of a later date.
    pub waiting: BTreeSet<OrganizationId>,
    /// What was published and sealed; none where there is no ledger.
    pub sealed: Option<Box<Sealed>>,
    /// The reports that come due after `as_of`, soonest first. For whoever plans the next build: no view may look at them.
    pub scheduled: Vec<Scheduled>,
    /// The nearest moments, before and after `as_of`, between which the same reports are shown (Unix seconds).
    pub valid: (i64, i64),
    years: BTreeMap<u16, Vec<usize>>,
    series: Vec<Series>,
    series_of: Vec<usize>,
    owned: Vec<Vec<usize>>,
}

impl Portal {
    /// Puts a portal together and checks what only the whole can tell.
    pub fn assemble(parts: Parts<'_>, sink: &mut Vec<Diagnostic>) -> Self {
        let Parts { site, kinds, reports: read, mut pages, broken, files, scope } = parts;
        let mut assets = assets::Assets::new(files);
        let (mut reports, mut hidden) = (Vec::with_capacity(read.len()), Vec::new());
        let valid = validity(&scope, read.iter().map(|(r, _)| r.as_ref()));
        // First what must not be published, whoever else may name it.
        for (report, declared) in read.iter().filter(|(r, _)| !scope.shows(r) || r.is_withdrawn()) {
            assets.hold_back(report, declared);
        }
        for (mut report, declared) in read {
            if !scope.shows(&report) {
                hidden.push(report);
            } else if report.is_withdrawn() {
                Arc::make_mut(&mut report).forget();
                reports.push(report);
            } else {
                assets.attach(&mut report, &declared, sink);
                assets.follow(&report.file, &report.links, sink);
                reports.push(report);
            }
        }
        reports.sort_by(|a: &Arc<Report>, b| (&a.id, &a.file).cmp(&(&b.id, &b.file)));
        pages.sort_by(|a, b| a.path.cmp(&b.path));
        for page in &pages {
            assets.follow(&page.file, &page.links, sink);
        }
        let published_assets = assets.finish(sink);
        let (introduction, pages): (Vec<_>, Vec<_>) = pages.into_iter().partition(|p| p.path.as_str() == "index.html");
        let mut years: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        // By position: comparing names for every report is a third of the work where there are many.
        let owners: Vec<Option<usize>> = reports.iter().map(|r| site.organization_index(&r.organization)).collect();
        let mut places: BTreeMap<(Option<usize>, Option<usize>), Vec<usize>> = BTreeMap::new();
        for (index, (report, owner)) in reports.iter().zip(&owners).enumerate() {
            years.entry(report.id.year).or_default().push(index);
            places.entry((*owner, kinds.iter().position(|k| k.id == report.kind))).or_default().push(index);
        }
        let mut by_series: BTreeMap<(&OrganizationId, &KindId), Vec<usize>> = BTreeMap::new();
        for ((owner, kind), mut members) in places {
            match (owner, kind, members.first()) {
                (Some(_), Some(_), Some(first)) => {
                    let first = &reports[*first];
                    by_series.entry((&first.organization, &first.kind)).or_default().append(&mut members);
                }
                // Bodies and kinds that the site does not know are told apart by their names.
                _ => members.into_iter().for_each(|index| {
                    let report = &reports[index];
                    by_series.entry((&report.organization, &report.kind)).or_default().push(index);
                }),
            }
        }
        let make = |((organization, kind), reports): ((&OrganizationId, &KindId), _)| Series {
            organization: organization.clone(),
            kind: kind.clone(),
            reports,
        };
        let series: Vec<Series> = by_series.into_iter().map(make).collect();
        let mut series_of = vec![0; reports.len()];
        for (index, one) in series.iter().enumerate() {
            for report in &one.reports {
                series_of[*report] = index;
            }
        }
        let introduction = introduction.into_iter().next();
        let mut owned = vec![Vec::new(); site.organizations.len()];
        for (index, owner) in owners.iter().enumerate() {
            if let Some(owner) = owner {
                owned[*owner].push(index);
            }
        }
        let portal = Self {
            site,
            kinds,
            reports,
            pages,
            introduction,
            assets: published_assets,
            scheduled: scheduled(&scope, &hidden),
            scope,
            waiting: hidden.iter().map(|r: &Arc<Report>| r.organization.clone()).collect(),
            sealed: None,
            valid,
            years,
            series,
            series_of,
            owned,
        };
        cross::check(&portal, &hidden, &broken, sink);
        portal
    }

    /// Files of earlier versions that are published, each with the file that is copied, from the portal's root.
    pub fn kept_files(&self) -> &[(SitePath, String)] {
        self.sealed.as_ref().map_or(&[], |s| &s.files)
    }

    /// The years with reports, oldest first, each with the positions of its reports.
    pub fn years(&self) -> &BTreeMap<u16, Vec<usize>> {
        &self.years
    }

    /// Every series, by body and kind.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// The report with this identity.
    pub fn report(&self, id: &ReportId) -> Option<&Report> {
        self.index_of(id).map(|i| self.reports[i].as_ref())
    }

    /// The position of the report with this identity.
    pub fn index_of(&self, id: &ReportId) -> Option<usize> {
        self.reports.binary_search_by(|r| r.id.cmp(id)).ok()
    }

    /// The position of the report whose page or data stands at an address.
    pub fn report_at(&self, path: &str) -> Option<usize> {
        let (year, file) = path.split_once('/')?;
        let slug = file.strip_suffix(".html").or_else(|| file.strip_suffix(".json")).filter(|s| id::is_slug(s))?;
        self.index_of(&ReportId { year: id::parse_year(year)?, slug: slug.into() })
    }

    /// The report whose page stands at an address.
    pub fn report_page(&self, path: &str) -> Option<&Report> {
        self.report_at(path).filter(|_| path.ends_with(".html")).map(|i| self.reports[i].as_ref())
    }

    /// The place of a body in `site.yaml`.
    pub fn organization_index(&self, id: &OrganizationId) -> Option<usize> {
        self.site.organization_index(id)
    }

    /// The body that owns a report.
    pub fn owner(&self, report: &Report) -> Option<&Organization> {
        self.organization_index(&report.organization).map(|i| &self.site.organizations[i])
    }

    /// Positions of a body's reports, by year and slug.
    pub fn reports_of(&self, organization: usize) -> &[usize] {
        &self.owned[organization]
    }

    /// Whether a body owes a report of `kind` for `year` and none is published. Only years count that others have
    /// published for since the body's own first report, so that neither a new body nor a year to come is a gap.
    pub fn is_missing(&self, organization: usize, kind: &KindId, year: u16) -> bool {
        let of_kind = |i: &&usize| self.reports[**i].kind == *kind;
        let own = || self.owned[organization].iter().filter(of_kind).map(|i| self.reports[*i].id.year);
        own().min().is_none_or(|first| first <= year) && !own().any(|y| y == year)
    }

    /// The kind with this id.
    pub fn kind(&self, id: &KindId) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.id == *id)
    }

    /// What a kind is called in the site's language.
    pub fn kind_name<'a>(&'a self, id: &'a KindId) -> &'a str {
        self.kind(id).map_or(id.as_str(), |k| k.name.in_language(&self.site.language))
    }

    /// The reports of the years before and after one in its series.
    pub fn neighbours(&self, index: usize) -> (Option<&Report>, Option<&Report>) {
        let series = &self.series[self.series_of[index]].reports;
        let year = self.reports[index].id.year;
        // Sorted by year: a kind with several reports a year has neighbours in other years all the same.
        let before = series.partition_point(|i| self.reports[*i].id.year < year);
        let after = series.partition_point(|i| self.reports[*i].id.year <= year);
        let get = |i: Option<usize>| i.and_then(|i| series.get(i)).map(|i| self.reports[*i].as_ref());
        (get(before.checked_sub(1)), get(Some(after)))
    }

    /// Positions of the newest reports by time of publication, newest first; withdrawn ones and drafts are left out.
    pub fn latest(&self, count: usize) -> Vec<usize> {
        let shown = |r: &Report| !r.is_withdrawn() && r.published.is_some();
        let mut indices: Vec<_> = (0..self.reports.len()).filter(|i| shown(&self.reports[*i])).collect();
        let newest_first = |a: &usize, b: &usize| {
            let (a, b) = (&self.reports[*a], &self.reports[*b]);
            b.published.cmp(&a.published).then_with(|| a.id.cmp(&b.id))
        };
        if indices.len() > count {
            indices.select_nth_unstable_by(count, newest_first);
            indices.truncate(count);
        }
        indices.sort_by(newest_first);
        indices
    }
}

/// The hidden reports that come due by themselves, soonest first.
fn scheduled(scope: &Scope, hidden: &[Arc<Report>]) -> Vec<Scheduled> {
    let due = |r: &Arc<Report>| {
        let published = r.published.clone().filter(|_| scope.is_scheduled(r))?;
        Some(Scheduled { published, id: r.id.clone(), title: r.title.clone() })
    };
    let mut out: Vec<_> = hidden.iter().filter_map(due).collect();
    out.sort();
    out
}

/// Between which moments a build for another `as_of` would show the same reports: from the first, before the second.
fn validity<'a>(scope: &Scope, reports: impl Iterator<Item = &'a Report>) -> (i64, i64) {
    let moments = reports.filter(|r| r.status != Status::Draft).filter_map(|r| r.published.as_ref());
    moments.fold((i64::MIN, i64::MAX), |(from, until), published| {
        if *published > scope.as_of { (from, until.min(published.unix())) } else { (from.max(published.unix()), until) }
    })
}
