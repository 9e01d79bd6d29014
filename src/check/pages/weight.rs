//! PAGE-006: what a reader has to load. 国办发〔2017〕47号 asks that a page open within three seconds; the bound stands for
//! that, and `check.page_kilobytes` sets another. Counted are the page and the style sheets, scripts, icons and images of
//! the section that it names; what a style sheet loads is not read.

use super::super::page::{Leads, Page};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::markdown::Target;
use crate::model::{Portal, Site};
use std::collections::BTreeMap;

/// Most kilobytes of a page where the site sets no other bound: about three seconds at 1.3 Mbit/s.
const KILOBYTES: u32 = 500;

fn limit(site: &Site) -> u64 {
    u64::from(site.policy.page_kilobytes.unwrap_or(KILOBYTES))
}

/// Kilobytes of 1,000 bytes, rounded up.
fn kilobytes(bytes: u64) -> u64 {
    bytes.div_ceil(1000)
}

/// PAGE-006 for every report: its text and its images by themselves.
pub(super) fn report(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let limit = limit(&portal.site);
    for report in &portal.reports {
        let mut images: BTreeMap<&str, _> = BTreeMap::new();
        for link in &report.links {
            let Target::Image(path) = &link.target else { continue };
            let Ok(at) = portal.assets.binary_search_by(|a| a.path.cmp(path)) else { continue };
            images.entry(path.as_str()).or_insert((portal.assets[at].stat.size, link));
        }
        let total = u64::from(report.body.html) + images.values().map(|(size, _)| size).sum::<u64>();
        let Some((name, (size, link))) = images.into_iter().max_by_key(|(_, (size, _))| *size) else { continue };
        if kilobytes(total) > limit {
            let message = Message::new("page.weight.report").with("total", kilobytes(total)).with("limit", limit);
            let help = Message::new("page.weight.report.help").with("file", name).with("size", kilobytes(size));
            let finding = Diagnostic::new(Code::Page006, message).at(&*report.file, Place::Bytes(link.span.clone()));
            sink.push(finding.help(help));
        }
    }
}

/// PAGE-006 for the page as it is: its weight, and nothing from elsewhere.
pub(super) fn page(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let mut files: BTreeMap<&str, u64> = BTreeMap::new();
    for address in loaded(page) {
        match page.leads(address) {
            Leads::Elsewhere(host) => {
                let message = Message::new("page.elsewhere").with("host", host);
                sink.push(page.fault(
                    Code::Page006,
                    message,
                    Message::new("page.elsewhere.help").with("address", address),
                ));
            }
            Leads::Inside(path) => {
                files.extend(page.files.get_key_value(path.as_str()).map(|(name, size)| (*name, *size)));
            }
            Leads::Beyond => {}
        }
    }
    let limit = limit(&page.portal.site);
    let own = page.source.len() as u64;
    let images =
        |(name, size): (&&str, &u64)| page.portal.assets.iter().any(|a| a.path.as_str() == *name).then_some(*size);
    let shown: u64 = files.iter().filter_map(images).sum();
    // What the report itself is to blame for was said of its file.
    let blamed = page.report.is_some_and(|r| kilobytes(u64::from(r.body.html) + shown) > limit && shown > 0);
    let total = own + files.values().sum::<u64>();
    if kilobytes(total) > limit && !blamed {
        let (name, size) =
            files.into_iter().chain([(page.path.as_str(), own)]).max_by_key(|(_, s)| *s).unwrap_or_default();
        let message = Message::new("page.weight").with("total", kilobytes(total)).with("limit", limit);
        let help = Message::new("page.weight.help").with("file", name).with("size", kilobytes(size));
        sink.push(page.finding(Code::Page006, message).help(help));
    }
}

/// Relations of `link` that make a browser load what they name.
const LOADING: [&str; 6] = ["stylesheet", "icon", "apple-touch-icon", "preload", "modulepreload", "manifest"];

/// The addresses that a browser loads for the page.
fn loaded<'p>(page: &'p Page<'_>) -> impl Iterator<Item = &'p str> {
    page.html.elements.iter().filter_map(|e| match e.name.as_str() {
        "link" => {
            let rel = e.attribute("rel")?.to_ascii_lowercase();
            e.attribute("href").filter(|_| rel.split_ascii_whitespace().any(|r| LOADING.contains(&r)))
        }
        "script" | "img" | "iframe" | "embed" | "audio" | "video" | "source" | "track" => e.attribute("src"),
        "object" => e.attribute("data"),
        _ => None,
    })
}
