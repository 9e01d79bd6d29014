//! What only the whole portal can tell: addresses claimed twice, links that lead nowhere, promises nobody made.

use super::{Portal, Report, kind::PerYear};
use crate::base::SitePath;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::{Link, Target};
use crate::text::nearest::nearest;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) fn check(portal: &Portal, hidden: &[Arc<Report>], broken: &[SitePath], sink: &mut Vec<Diagnostic>) {
    let mut addresses = Addresses { portal, others: addresses(portal, sink) };
    addresses.others.extend(broken.iter().map(ToString::to_string));
    one_per_year(portal, sink);
    links(portal, hidden, &addresses, sink);
    promises(portal, broken, sink);
}

/// Every address of the portal that a link may name: those of reports are found by their identity, without being made.
struct Addresses<'a> {
    portal: &'a Portal,
    others: BTreeSet<String>,
}

impl Addresses<'_> {
    fn contains(&self, path: &str) -> bool {
        self.others.contains(path) || self.portal.report_at(path).is_some()
    }

    /// All of them in their order, for what is told of a dead link.
    fn all(&self) -> BTreeSet<String> {
        let reports = self.portal.reports.iter().flat_map(|r| [r.page().to_string(), r.data().to_string()]);
        self.others.iter().cloned().chain(reports).collect()
    }
}

/// Every address but those of reports. Two claims on one address are reported, those of reports included.
fn addresses(portal: &Portal, sink: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let mut claims: Vec<(SitePath, &str, Place)> = Vec::new();
    for report in portal.reports.iter().filter(|r| !r.earlier().is_empty()) {
        for old in report.earlier().iter().filter_map(|e| e.report()) {
            claims.extend([old.page(), old.data()].map(|path| (path, report.file.as_ref(), Place::Whole)));
        }
    }
    for page in &portal.pages {
        claims.push((page.path.clone(), &page.file, Place::Whole));
    }
    let aliases =
        portal.reports.iter().map(|r| (&r.aliases, &r.file)).chain(portal.pages.iter().map(|p| (&p.aliases, &p.file)));
    for (aliases, file) in aliases {
        for (index, alias) in aliases.iter().enumerate() {
            let place = Place::Value(vec![Key::Name("aliases".into()), Key::Index(index)]);
            if !alias.as_str().ends_with(".html") {
                let help = Message::new("alias.html.help");
                sink.push(
                    Diagnostic::new(Code::Link005, Message::new("alias.html")).at(file.as_ref(), place).help(help),
                );
                continue;
            }
            claims.push((alias.clone(), file, place));
        }
    }
    let asset_files: Vec<_> = portal.assets.iter().map(|a| format!("content/{}", a.path)).collect();
    claims
        .extend(portal.assets.iter().zip(&asset_files).map(|(a, file)| (a.path.clone(), file.as_str(), Place::Whole)));
    let own = [
        "index.html",
        "archive.html",
        "404.html",
        "atom.xml",
        "feed.json",
        "sitemap.xml",
        "robots.txt",
        "manifest-sha256.txt",
    ];
    let own = own.map(String::from).into_iter().chain(["data/reports.json".into(), "data/reports.csv".into()]);
    let own = own.chain(portal.site.hosting.headers_file.then(|| "_headers".into()));
    let own = own.chain(portal.years().keys().map(|y| format!("{y}/index.html")));
    let own = own.chain(portal.site.organizations.iter().map(|o| format!("organizations/{}.html", o.id)));
    let own: Vec<String> = own.collect();
    // Reports lie in the order of their identities, which are lower case: two with one address are neighbours, and what
    // else claims the address of one finds it. Only these are compared.
    let mut contested: BTreeSet<usize> = BTreeSet::new();
    for (index, _) in portal.reports.windows(2).enumerate().filter(|(_, pair)| pair[0].id == pair[1].id) {
        contested.extend([index, index + 1]);
    }
    let lower = claims.iter().map(|(path, ..)| path.as_str().to_lowercase()).chain(own.iter().cloned());
    contested.extend(lower.filter_map(|path| portal.report_at(&path)));
    let of_reports = contested.iter().flat_map(|index| {
        let report = &portal.reports[*index];
        [report.page(), report.data()].map(|path| (path, report.file.as_ref(), Place::Whole))
    });
    let reports = 2 * contested.len();
    let claims: Vec<(SitePath, &str, Place)> = of_reports.chain(claims).collect();
    let own = own.into_iter();
    // Unique without regard to case: a folder may be served from a file system that has none.
    let folded = claims.iter().enumerate().map(|(index, (path, ..))| (path.as_str().to_lowercase(), Some(index)));
    let mut taken: Vec<(String, Option<usize>)> = own.map(|path| (path, None)).chain(folded).collect();
    taken.par_sort_unstable();
    // In the order of the claims, which is that of the files and of what stands in them.
    let mut twice: Vec<_> = taken.windows(2).filter(|p| p[0].0 == p[1].0).map(|p| (p[1].1, p[0].1)).collect();
    twice.sort_unstable();
    for (second, first) in twice {
        let Some((path, file, place)) = second.map(|second| &claims[second]) else { continue };
        let message = Message::new("address.twice").with("path", path);
        let finding = Diagnostic::new(Code::Link005, message).at(*file, place.clone());
        let finding = match first.map(|first| &claims[first]) {
            Some((_, other, place)) => finding.see(*other, place.clone(), Message::new("address.first")),
            None => finding,
        };
        sink.push(finding.help(Message::new("address.twice.help")));
    }
    let own = taken.into_iter().filter(|(_, claim)| claim.is_none()).map(|(path, _)| path);
    // The statement yields to a page of the portal's own, so that it claims nothing; but links may name it.
    let statement = portal.site.accessibility.as_ref().map(|_| super::accessibility::PATH.to_string());
    own.chain(statement).chain(claims.iter().skip(reports).map(|(path, ..)| path.to_string())).collect()
}

fn one_per_year(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for series in portal.series() {
        if portal.kind(&series.kind).is_none_or(|k| k.per_year == PerYear::Several) {
            continue;
        }
        let current: Vec<_> =
            series.reports.iter().map(|i| &portal.reports[*i]).filter(|r| !r.is_withdrawn()).collect();
        for pair in current.windows(2).filter(|p| p[0].id.year == p[1].id.year) {
            let message = Message::new("report.second")
                .with("year", pair[0].id.year)
                .with("kind", portal.kind_name(&series.kind));
            let finding = Diagnostic::new(Code::Arch004, message).at(pair[1].file.as_ref(), Place::Whole);
            let finding = finding.see(pair[0].file.as_ref(), Place::Whole, Message::new("address.first"));
            sink.push(finding.help(Message::new("report.second.help")));
        }
    }
}

fn links<'a>(portal: &'a Portal, hidden: &[Arc<Report>], addresses: &Addresses<'_>, sink: &mut Vec<Diagnostic>) {
    let pages = || portal.pages.iter().chain(&portal.introduction);
    let ids: BTreeMap<String, &[String]> = pages().map(|p| (p.path.to_string(), p.ids.as_slice())).collect();
    let ids = |page: &str| ids.get(page).copied().or_else(|| portal.report_page(page).map(|r| r.ids.as_slice()));
    let unpublished: BTreeSet<_> = hidden.iter().map(|r| r.page().to_string()).collect();
    let faults = |(file, links): (&'a str, &'a [Link])| -> Vec<_> {
        let fault = |link: &'a Link| Some((file, link, dead(link, addresses, &ids, &unpublished)?));
        links.iter().filter_map(fault).collect()
    };
    let mut found: Vec<_> = portal.reports.par_iter().flat_map_iter(|r| faults((&r.file, &r.links))).collect();
    found.extend(pages().flat_map(|p| faults((&p.file, &p.links))));
    let mut compared = 0;
    let all = if found.is_empty() { BTreeSet::new() } else { addresses.all() };
    for (file, link, (message, help)) in found {
        let finding = Diagnostic::new(Code::Link001, message).at(file, Place::Bytes(link.span.clone()));
        let help = match help {
            Help::Said(help) => help,
            Help::Nearest(page) => {
                compared += 1;
                let near = Some(page).filter(|_| compared <= COMPARED);
                lost(link, page, near.and_then(|page| nearest(page, all.iter().map(String::as_str))))
            }
        };
        sink.push(finding.help(help));
    }
}

/// Most dead links that the nearest address is looked for: a folder that was moved leaves thousands, and each would be
/// compared with every page.
const COMPARED: usize = 200;

/// What to do about a dead link.
enum Help<'a> {
    /// This.
    Said(Message),
    /// To write the address that is nearest to this one.
    Nearest(&'a str),
}

fn lost(link: &Link, page: &str, near: Option<&str>) -> Message {
    match near {
        // Named as the writer names files, not as the output does.
        Some(near) if link.written.contains(".md") => {
            Message::new("link.dead.near").with("near", near.replace(".html", ".md"))
        }
        Some(near) => Message::new("link.dead.near").with("near", near),
        None => Message::new("link.dead.help").with("page", page),
    }
}

/// Why a link is dead, and what to do.
fn dead<'a>(
    link: &'a Link,
    addresses: &Addresses<'_>,
    ids: &(dyn Fn(&str) -> Option<&'a [String]> + Sync),
    unpublished: &BTreeSet<String>,
) -> Option<(Message, Help<'a>)> {
    let page = match &link.target {
        Target::Outside => {
            let message = Message::new("link.outside").with("link", &link.written);
            return Some((message, Help::Said(Message::new("link.outside.help"))));
        }
        Target::File(_) | Target::Image(_) => return None, // reported as FILE-001
        Target::Page(page) => page.as_str(),
    };
    let message = || Message::new("link.dead").with("link", &link.written);
    if !addresses.contains(page) {
        if unpublished.contains(page) {
            return Some((message(), Help::Said(Message::new("link.unpublished.help"))));
        }
        return Some((message(), Help::Nearest(page)));
    }
    let fragment = link.fragment.as_ref()?;
    let known = ids(page)?;
    if known.binary_search(fragment).is_ok() {
        return None;
    }
    let help = match nearest(fragment, known.iter().map(String::as_str)) {
        Some(near) => Message::new("link.anchor.near").with("near", near),
        None => Message::new("link.anchor.help")
            .with("known", known.iter().take(12).cloned().collect::<Vec<_>>().join(", ")),
    };
    Some((Message::new("link.anchor").with("fragment", fragment).with("page", page), Help::Said(help)))
}

/// Every follow-up answers a promise that an earlier report made.
fn promises(portal: &Portal, broken: &[SitePath], sink: &mut Vec<Diagnostic>) {
    for report in &portal.reports {
        for (index, answer) in report.follow_ups.iter().enumerate() {
            let made = portal.report(&answer.report);
            if broken.iter().any(|page| *page.as_str() == format!("{}.html", answer.report)) {
                continue;
            }
            let known = made.map(|r| r.commitments.iter().map(|c| c.id.as_ref()).collect::<Vec<_>>());
            let help = match &known {
                Some(known) if known.contains(&answer.commitment.as_ref()) => continue,
                Some(known) if known.is_empty() => Message::new("promise.none.help").with("report", &answer.report),
                Some(known) => Message::new("promise.unknown.help").with("known", known.join(", ")),
                None => Message::new("promise.report.help").with("report", &answer.report),
            };
            let message =
                Message::new("promise.unknown").with("report", &answer.report).with("commitment", &answer.commitment);
            let path = vec![Key::Name("follow_ups".into()), Key::Index(index), Key::Name("commitment".into())];
            sink.push(Diagnostic::new(Code::Link001, message).at(report.file.as_ref(), Place::Value(path)).help(help));
        }
    }
}
