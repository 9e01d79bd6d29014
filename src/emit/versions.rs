//! Versions of a report: what its page says of earlier ones, and how the page of an earlier one differs from others.
//! In: the history that the ledger gave the report. Out: views, notices, data.

use super::World;
use super::frame::{Crumb, Frame};
use super::report::Notice;
use crate::base::{ReportId, SitePath};
use crate::model::Report;
use crate::model::history::{Earlier, Left};
use serde::Serialize;

/// A line of the list of versions.
#[derive(Debug, Clone, Serialize)]
pub struct VersionView {
    version: u32,
    label: String,
    sealed: String,
    text: String,
    href: Option<String>,
    removed: bool,
}

/// An earlier version in the data file.
#[derive(Serialize)]
pub(super) struct VersionData {
    version: u32,
    sealed: String,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<&'static str>,
}

/// The page of a report as it is now.
fn current_page(id: &ReportId) -> SitePath {
    SitePath::of(format!("{id}.html"))
}

fn number(world: World<'_>, version: u32) -> String {
    world.labels.fill("version.number", &[("n", &version.to_string())])
}

/// The earlier versions of a report, newest first, as its page lists them.
pub(super) fn views(world: World<'_>, report: &Report, path: &SitePath) -> Vec<VersionView> {
    let view = |earlier: &Earlier| {
        let sealed = earlier.sealed.to_string();
        let (href, key) = match &earlier.left {
            Left::Whole(old) => (Some(path.link_to(&old.page())), "version.kept"),
            Left::Removed => (None, "version.removed"),
            Left::Nothing => return None,
        };
        let text = world.labels.fill(key, &[("date", &sealed)]);
        let removed = matches!(earlier.left, Left::Removed);
        Some(VersionView {
            version: earlier.version,
            label: number(world, earlier.version),
            sealed,
            text,
            href,
            removed,
        })
    };
    report.earlier().iter().filter_map(view).collect()
}

/// The same as data.
pub(super) fn data(report: &Report, base_url: &str) -> Vec<VersionData> {
    let version = |earlier: &Earlier| VersionData {
        version: earlier.version,
        sealed: earlier.sealed.to_string(),
        sha256: earlier.output.to_string(),
        url: earlier.report().map(|old| old.page().under(base_url)),
        data: earlier.report().map(|old| old.data().under(base_url)),
        removed: matches!(earlier.left, Left::Removed).then_some(crate::model::history::PERSONAL_DATA),
    };
    report.earlier().iter().map(version).collect()
}

/// What stands above an earlier version: that it is archived, since when, and where the report is now.
pub(super) fn notice(world: World<'_>, report: &Report, path: &SitePath) -> Option<Notice> {
    let superseded = report.record.superseded?;
    let (sealed, labels) = (superseded.sealed.to_string(), world.labels);
    let values = [("n", superseded.version.to_string()), ("date", sealed.clone())];
    let values = [(values[0].0, values[0].1.as_str()), (values[1].0, values[1].1.as_str())];
    Some(Notice {
        status: "superseded",
        title: labels.fill("notice.superseded_title", &values),
        text: labels.fill("notice.superseded_text", &values),
        date: Some(sealed),
        href: Some(path.link_to(&current_page(&report.id))),
        link: Some(labels.get("notice.superseded_link").to_string()),
    })
}

/// Makes the frame that of an earlier version: out of search engines, its canonical address that of the report as it is
/// now, which is also a step of its way back.
pub(super) fn frame(world: World<'_>, report: &Report, path: &SitePath, frame: &mut Frame) {
    let Some(superseded) = report.record.superseded else { return };
    let current = current_page(&report.id);
    let url = current.under(&world.portal.site.base_url);
    let name = number(world, superseded.version);
    frame.hide();
    frame.title = format!("{}{}", world.labels.fill("titles.superseded_prefix", &[("version", &name)]), frame.title);
    for link in frame.links.iter_mut().filter(|l| l.rel == "canonical") {
        link.href = url.clone();
    }
    for property in frame.properties.iter_mut().filter(|p| p.property == "og:url") {
        property.content = url.clone();
    }
    if let Some(last) = frame.crumbs.pop() {
        frame.crumbs.push(Crumb { title: last.title, href: Some(path.link_to(&current)), current: false });
        frame.crumbs.push(Crumb { title: name, href: None, current: true });
    }
}
