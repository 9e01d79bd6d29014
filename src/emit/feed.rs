//! The newest reports as feeds: Atom (RFC 4287) and JSON Feed 1.1.

use super::World;
use crate::base::{Instant, SitePath};
use crate::model::Report;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::json;
use std::io;

/// Entries of a feed.
pub const ENTRIES: usize = 20;

fn entries<'a>(world: World<'a>) -> Vec<&'a Report> {
    world.portal.latest(ENTRIES).into_iter().map(|i| world.portal.reports[i].as_ref()).collect()
}

/// When a report last changed for its readers: its newest correction, or its publication.
fn updated(world: World<'_>, report: &Report) -> String {
    let corrected = report.corrected_on().and_then(|d| Instant::start_of(d, &world.portal.site.zone));
    corrected.as_ref().max(report.published.as_ref()).map(Instant::to_rfc3339).unwrap_or_default()
}

fn owner<'a>(world: World<'a>, report: &'a Report) -> &'a str {
    world.portal.owner(report).map_or(report.source.as_ref(), |o| &o.name)
}

fn title(world: World<'_>) -> String {
    world.labels.fill("feed.title", &[("title", &world.portal.site.title)])
}

/// `atom.xml`.
///
/// # Errors
/// None: the writer writes to memory.
pub fn atom(world: World<'_>) -> io::Result<Vec<u8>> {
    let site = &world.portal.site;
    let reports = entries(world);
    let newest = reports.iter().map(|r| updated(world, r)).max().unwrap_or_else(|| "1970-01-01T00:00:00Z".into());
    let mut w = Writer::new_with_indent(Vec::new(), b' ', 1);
    w.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed = w
        .create_element("feed")
        .with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", site.language.as_ref())]);
    feed.write_inner_content(|w| {
        let text = |w: &mut Writer<Vec<u8>>, name: &str, value: &str| {
            w.create_element(name).write_text_content(BytesText::new(value)).map(drop)
        };
        text(w, "title", &title(world))?;
        text(w, "subtitle", world.labels.get("feed.description"))?;
        text(w, "id", &site.base_url)?;
        text(w, "updated", &newest)?;
        let own = SitePath::of("atom.xml").under(&site.base_url);
        w.create_element("link")
            .with_attributes([("rel", "self"), ("type", "application/atom+xml"), ("href", own.as_str())])
            .write_empty()?;
        w.create_element("link")
            .with_attributes([("rel", "alternate"), ("type", "text/html"), ("href", &*site.base_url)])
            .write_empty()?;
        text(w, "generator", "sunlit")?;
        for report in &reports {
            let url = report.page().under(&site.base_url);
            w.create_element("entry").write_inner_content(|w| {
                text(w, "title", &report.title)?;
                text(w, "id", &url)?;
                w.create_element("link")
                    .with_attributes([("rel", "alternate"), ("type", "text/html"), ("href", url.as_str())])
                    .write_empty()?;
                text(w, "published", &report.published.as_ref().map(Instant::to_rfc3339).unwrap_or_default())?;
                text(w, "updated", &updated(world, report))?;
                w.create_element("author").write_inner_content(|w| text(w, "name", owner(world, report)))?;
                let kind = world.portal.kind_name(&report.kind);
                w.create_element("category")
                    .with_attributes([("term", report.kind.as_str()), ("label", kind)])
                    .write_empty()?;
                text(w, "summary", &summary(world, report))
            })?;
        }
        Ok(())
    })?;
    let mut out = w.into_inner();
    out.push(b'\n');
    Ok(out)
}

/// What it is about; of one that was corrected first what was corrected, for that is the news.
fn summary(world: World<'_>, report: &Report) -> String {
    let about = report.summary.as_deref().unwrap_or(&report.title);
    match report.corrections.first() {
        Some(c) => world.labels.fill("feed.corrected", &[("date", &c.date.to_string())]) + &c.note + "\n" + about,
        None => about.to_string(),
    }
}

/// `feed.json` (jsonfeed.org/version/1.1).
pub fn json_feed(world: World<'_>) -> Vec<u8> {
    let site = &world.portal.site;
    let items: Vec<_> = entries(world)
        .into_iter()
        .map(|report| {
            let url = report.page().under(&site.base_url);
            let mut tags = vec![world.portal.kind_name(&report.kind).to_string(), report.id.year.to_string()];
            tags.extend(report.keywords.iter().map(ToString::to_string));
            json!({
                "id": url,
                "url": url,
                "title": report.title,
                "content_text": summary(world, report),
                "date_published": report.published.as_ref().map(Instant::to_rfc3339),
                "date_modified": updated(world, report),
                "authors": [{"name": owner(world, report)}],
                "tags": tags,
                "language": site.language,
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(world),
        "description": world.labels.get("feed.description"),
        "home_page_url": site.base_url,
        "feed_url": SitePath::of("feed.json").under(&site.base_url),
        "language": site.language,
        "items": items,
    });
    format!("{feed}\n").into_bytes()
}
