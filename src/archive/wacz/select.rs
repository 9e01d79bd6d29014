//! What of a section belongs to a year. In: the portal and the plan. Out: subjects, published files, and the moment of
//! each. Knows neither files nor formats.

use crate::base::{CivilDate, Instant, SitePath};
use crate::emit::Subject;
use crate::markdown::{Link, Target};
use crate::model::{Asset, Portal, Report};
use std::collections::BTreeSet;

/// A year of a section.
#[derive(Debug)]
pub(super) struct Year<'a> {
    /// Its pages and data, in the order of the plan.
    pub(super) subjects: Vec<Subject>,
    /// The files that its pages attach, link or show.
    pub(super) assets: Vec<&'a Asset>,
    /// Files of earlier versions that are published, each with the file that is copied, from the portal's root.
    pub(super) kept: Vec<&'a (SitePath, String)>,
    /// When the latest of its reports was published or corrected, in seconds since 1970-01-01T00:00:00Z.
    pub(super) latest: i64,
    /// How many reports it has.
    pub(super) reports: usize,
}

/// Everything of the section that belongs to `year`: its reports with their data, attachments and former addresses, and
/// what is not a matter of one year. `None` when no report of the year is published.
///
/// Left out is what lies in the folders of other years, unless a page of this one links or shows it, and their former
/// addresses.
pub(super) fn of_year<'a>(portal: &'a Portal, plan: &[Subject], year: u16) -> Option<Year<'a>> {
    let reports = portal.years().get(&year)?;
    let others: BTreeSet<SitePath> = portal.reports.iter().filter(|r| r.id.year != year).map(|r| r.page()).collect();
    let belongs = |subject: &Subject| match subject {
        Subject::Alias { to, .. } => !others.contains(to),
        // Whatever lies in the folder of another year is of that year.
        other => other.paths(portal).first().and_then(year_of).is_none_or(|of| of == year),
    };
    let own = || reports.iter().map(|index| &portal.reports[*index]);
    let mut wanted: BTreeSet<&SitePath> = own().flat_map(|r| r.attachments.iter().map(|a| &a.path)).collect();
    wanted.extend(own().flat_map(|r| files(&r.links)));
    wanted.extend(portal.pages.iter().chain(&portal.introduction).flat_map(|p| files(&p.links)));
    Some(Year {
        subjects: plan.iter().filter(|s| belongs(s)).cloned().collect(),
        assets: portal.assets.iter().filter(|a| year_of(&a.path) == Some(year) || wanted.contains(&a.path)).collect(),
        kept: portal.kept_files().iter().filter(|(path, _)| year_of(path) == Some(year)).collect(),
        latest: own().map(|report| moment(portal, report)).max()?,
        reports: reports.len(),
    })
}

/// The year in whose folder a file lies.
fn year_of(path: &SitePath) -> Option<u16> {
    let (folder, _) = path.as_str().split_once('/')?;
    folder.parse().ok().filter(|_| folder.len() == 4 && folder.bytes().all(|b| b.is_ascii_digit()))
}

fn files(links: &[Link]) -> impl Iterator<Item = &SitePath> {
    links.iter().filter_map(|link| match &link.target {
        Target::File(path) | Target::Image(path) => Some(path),
        _ => None,
    })
}

/// The moment of a subject: that of its report, or else the latest of the year.
pub(super) fn moment_of(portal: &Portal, subject: &Subject, latest: i64) -> i64 {
    match subject {
        Subject::Report(index) | Subject::Version(index, _) => moment(portal, &portal.reports[*index]),
        _ => latest,
    }
}

/// When a report was published, or the day on which it was last corrected or withdrawn.
fn moment(portal: &Portal, report: &Report) -> i64 {
    let start = |day: CivilDate| Instant::start_of(day, &portal.site.zone);
    let days = report.corrected_on().into_iter().chain(report.withdrawn_on()).filter_map(start);
    days.chain(report.published.clone()).map(|instant| instant.unix()).max().unwrap_or_default()
}
