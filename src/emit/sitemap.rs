//! `sitemap.xml` (sitemaps.org 0.9), with the dates that the reports carry: a page whose date nobody wrote has none.

use super::plan::{organization_page, year_page};
use super::{World, accessibility};
use crate::base::{CivilDate, SitePath};
use crate::model::{Portal, Status};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// Most addresses of one sitemap (sitemaps.org); a larger section has an index of several.
pub const LIMIT: usize = 50_000;

/// The files of the sitemap: one, or beyond [`LIMIT`] addresses an index and its parts.
pub fn paths(portal: &Portal) -> Vec<SitePath> {
    paths_of(urls(portal).len())
}

/// The files for so many addresses.
fn paths_of(addresses: usize) -> Vec<SitePath> {
    let parts = addresses.div_ceil(LIMIT);
    let part = |n: usize| SitePath::of(format!("sitemap-{n}.xml"));
    let index = [SitePath::of("sitemap.xml")].into_iter();
    if parts > 1 { index.chain((1..=parts).map(part)).collect() } else { index.collect() }
}

/// Every address with the day it last changed.
fn urls(portal: &Portal) -> Vec<(String, Option<CivilDate>)> {
    let newest = |reports: &[usize]| reports.iter().filter_map(|i| portal.reports[*i].changed_on()).max();
    let all: Vec<usize> = (0..portal.reports.len()).collect();
    let mut urls = vec![(String::new(), newest(&all)), ("archive.html".to_string(), newest(&all))];
    urls.extend(portal.years().iter().map(|(year, reports)| (folder(&year_page(*year)), newest(reports))));
    urls.extend(
        (0..portal.site.organizations.len())
            .map(|i| (organization_page(portal, i).to_string(), newest(portal.reports_of(i)))),
    );
    urls.extend(portal.pages.iter().map(|p| (p.path.to_string(), None)));
    if let Some(said) = portal.site.accessibility.as_ref().filter(|_| accessibility::is_generated(portal)) {
        urls.push((accessibility::path().to_string(), Some(said.reviewed.unwrap_or(said.prepared))));
    }
    let public = portal.reports.iter().filter(|r| r.status != Status::Draft && !portal.scope.is_scheduled(r));
    urls.extend(public.map(|r| (r.page().to_string(), r.changed_on())));
    urls
}

/// `sitemap.xml`; beyond [`LIMIT`] addresses an index, and `sitemap-1.xml`, …
///
/// # Errors
/// None: the writer writes to memory.
pub fn sitemaps(world: World<'_>) -> io::Result<Vec<(SitePath, Vec<u8>)>> {
    let base = &world.portal.site.base_url;
    let located = |urls: &[(String, Option<CivilDate>)]| {
        let locate = |path: &str| if path.is_empty() { base.to_string() } else { SitePath::of(path).under(base) };
        write("urlset", "url", urls.iter().map(|(path, day)| (locate(path), *day)))
    };
    let urls = urls(world.portal);
    let paths = paths_of(urls.len());
    let [index, parts @ ..] = paths.as_slice() else { return Ok(Vec::new()) };
    if parts.is_empty() {
        return Ok(vec![(index.clone(), located(&urls)?)]);
    }
    let chunks = || urls.chunks(LIMIT).zip(parts);
    let listed = chunks().map(|(urls, path)| (path.under(base), urls.iter().filter_map(|u| u.1).max()));
    let mut files = vec![(index.clone(), write("sitemapindex", "sitemap", listed)?)];
    for (urls, path) in chunks() {
        files.push((path.clone(), located(urls)?));
    }
    Ok(files)
}

fn folder(path: &SitePath) -> String {
    path.as_str().trim_end_matches("index.html").to_string()
}

fn write(root: &str, item: &str, urls: impl Iterator<Item = (String, Option<CivilDate>)>) -> io::Result<Vec<u8>> {
    let mut w = Writer::new_with_indent(Vec::new(), b' ', 1);
    w.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let element = w.create_element(root).with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
    element.write_inner_content(|w| {
        for (url, date) in urls {
            w.create_element(item).write_inner_content(|w| {
                w.create_element("loc").write_text_content(BytesText::new(&url))?;
                if let Some(date) = date {
                    w.create_element("lastmod").write_text_content(BytesText::new(&date.to_string()))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    let mut out = w.into_inner();
    out.push(b'\n');
    Ok(out)
}
