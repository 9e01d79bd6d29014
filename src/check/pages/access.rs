//! A11Y-002, A11Y-003, A11Y-006, A11Y-007: what of WCAG 2.2 can be read off a finished page: its language (3.1.1), tables
//! that can be read aloud (1.3.1), a way past the head (2.4.1), landmarks and one heading (1.3.1, 2.4.6), a title of its own
//! (2.4.2), and two ways to every page (2.4.5). Foreign passages in a text are not found.

use super::super::html::Element;
use super::super::page::{Leads, Page};
use super::{is_alias, tight};
use crate::base::SitePath;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::emit::frame::PageKind;
use crate::emit::plan::year_page;
use crate::model::{Portal, Report};
use std::collections::{BTreeMap, BTreeSet};

/// A11Y-002: the page says its language, the one of `site.yaml`, whose form is checked there (BCP 47).
pub(super) fn language(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let language = &page.portal.site.language;
    let said = page.html.all("html").next().and_then(|html| html.attribute("lang")).unwrap_or_default().trim();
    if !said.eq_ignore_ascii_case(language) {
        let message = match said {
            "" => Message::new("access.language.none"),
            _ => Message::new("access.language.other").with("said", said).with("language", language),
        };
        sink.push(page.fault(Code::A11y002, message, Message::new("access.language.help")));
    }
}

/// A11Y-003: every table has a caption, header cells, and header cells that say what they head.
pub(super) fn tables(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let html = &page.html;
    let scopes = ["row", "col", "rowgroup", "colgroup"];
    let only_layout = |t: &&Element| !matches!(t.attribute("role"), Some("presentation" | "none"));
    for table in html.all("table").filter(only_layout) {
        let heads: Vec<_> = html.all("th").filter(|th| html.within(th, table)).collect();
        let captioned = html.all("caption").any(|c| html.within(c, table) && !html.words(c).is_empty());
        let scoped = |th: &&Element| th.attribute("scope").is_some_and(|s| scopes.contains(&s));
        let key = match (captioned, heads.is_empty(), heads.iter().all(scoped)) {
            (false, ..) => "access.table.caption",
            (_, true, _) => "access.table.head",
            (.., false) => "access.table.scope",
            _ => continue,
        };
        sink.push(page.fault(Code::A11y003, Message::new(key), Message::new("access.table.help")));
    }
}

/// A11Y-006, of every report: none of another body or year has its title, as when last year's was copied. Several of
/// one body and year are told apart by their dates or are ARCH-004, and a withdrawn one may be replaced under its title.
pub(super) fn titles(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let mut titles = BTreeMap::new();
    let place = || Place::Value(vec![Key::Name("title".into())]);
    for report in portal.reports.iter().filter(|r| !r.is_withdrawn()) {
        let alike = |o: &Report| (&o.organization, o.id.year) == (&report.organization, report.id.year);
        let first: Option<&Report> = titles.insert(&*report.title, report);
        if let Some(first) = first.filter(|first| !alike(first)) {
            let finding =
                Diagnostic::new(Code::A11y006, Message::new("access.title.report")).at(&*report.file, place());
            let finding = finding.see(&*first.file, place(), Message::new("access.title.first"));
            sink.push(finding.help(Message::new("access.title.report.help")));
        }
    }
}

/// A11Y-006, of the page.
pub(super) fn landmarks(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    if is_alias(page) {
        return;
    }
    let html = &page.html;
    let mut fault = |message: Message, help: &'static str| {
        sink.push(page.fault(Code::A11y006, message, Message::new(help)));
    };
    if !skips(page) {
        fault(Message::new("access.skip"), "access.skip.help");
    }
    let has = |name| html.landmarks(name).next().is_some();
    let wanted = [("header", has("header")), ("nav", has("nav")), ("main", html.all("main").next().is_some())];
    // A section without a foot of its own stands in pages that bring one.
    let footer = ("footer", !page.portal.site.has_footer || has("footer"));
    let missing: Vec<_> = wanted.iter().chain([&footer]).filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        fault(Message::new("access.landmarks").with("missing", missing.join(", ")), "access.landmarks.help");
    }
    if html.all("main").count() > 1 {
        fault(Message::new("access.mains"), "access.landmarks.help");
    }
    let headings = html.all("h1").filter(|h1| !html.words(h1).is_empty()).count();
    if headings != 1 || html.all("h1").count() != 1 {
        fault(Message::new("access.heading").with("count", headings), "access.heading.help");
    }
    title(page, sink);
}

/// The first thing that the keyboard reaches is a link to the content.
fn skips(page: &Page<'_>) -> bool {
    let html = &page.html;
    let reached = |e: &&Element| match e.name.as_str() {
        "a" => e.attribute("href").is_some(),
        "button" | "input" | "select" | "textarea" => true,
        _ => e.attribute("tabindex").is_some_and(|t| t != "-1"),
    };
    let target = html.elements.iter().find(reached).and_then(|a| a.attribute("href")?.strip_prefix('#'));
    let target = target.and_then(|id| html.elements.iter().find(|e| e.attribute("id") == Some(id)));
    let Some(main) = html.all("main").next() else { return target.is_some() };
    target.is_some_and(|e| std::ptr::eq(e, main) || html.within(e, main) || html.within(main, e))
}

/// The title: what the page shows, then the name of the website; no other page's.
fn title(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let site = &page.portal.site;
    let title = page.html.all("title").find(|t| !page.html.inside(t, |e| e.name == "svg"));
    let title = title.map(|t| tight(&page.html.words(t))).unwrap_or_default();
    let name = tight(site.portal.name.as_ref().unwrap_or(&site.title));
    let named = match title.strip_suffix(&name) {
        Some(rest) => {
            page.kind == PageKind::Landing || rest.trim_end_matches(['-', '–', '_', '|', '·']).len() < rest.len()
        }
        None => false,
    };
    let shown = page.report.is_none_or(|r| title.contains(&tight(&r.title)));
    if !named || !shown {
        let help = Message::new("access.title.form.help").with("title", &title).with("name", &name);
        sink.push(page.fault(Code::A11y006, Message::new("access.title.form"), help));
        return;
    }
    // Two reports of one title were told of where it is written.
    let twins = |r: &Report| page.portal.reports.iter().filter(|o| o.title == r.title).count() > 1;
    if let Some(other) = page.namesake.filter(|_| !page.report.is_some_and(twins)) {
        let help = Message::new("access.title.same.help").with("other", other);
        sink.push(page.fault(Code::A11y006, Message::new("access.title.same"), help));
    }
}

/// A11Y-007: every page leads to the landing page and the archive; and these, through years and bodies, to every report.
pub(super) fn two_ways(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    if is_alias(page) {
        return;
    }
    let portal = page.portal;
    let links = page.html.all("a").filter_map(|a| match page.leads(a.attribute("href")?) {
        Leads::Inside(path) => Some(path),
        _ => None,
    });
    let links: BTreeSet<SitePath> = links.chain([page.path.clone()]).collect();
    let overviews = [SitePath::of("index.html"), SitePath::of("archive.html")];
    let missing: Vec<_> = overviews.iter().filter(|path| !links.contains(*path)).map(SitePath::as_str).collect();
    if !missing.is_empty() {
        let message = Message::new("access.ways").with("missing", missing.join(", "));
        sink.push(page.fault(Code::A11y007, message, Message::new("access.ways.help")));
    }
    let report = |i: &usize| portal.reports[*i].page();
    let listed: Vec<SitePath> = match page.kind {
        PageKind::Archive => portal.years().keys().map(|year| year_page(*year)).collect(),
        PageKind::Year => {
            let year = portal.years().iter().find(|(year, _)| year_page(**year) == *page.path);
            year.map(|(_, reports)| reports.iter().map(report).collect()).unwrap_or_default()
        }
        PageKind::Organization => {
            let bodies = 0..portal.site.organizations.len();
            let body = bodies.into_iter().find(|i| crate::emit::plan::organization_page(portal, *i) == *page.path);
            body.map(|i| portal.reports_of(i).iter().map(report).collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let lost: Vec<_> = listed.iter().filter(|path| !links.contains(*path)).collect();
    if let Some(first) = lost.first() {
        let help = Message::new("access.unlisted.help").with("count", lost.len()).with("total", listed.len());
        sink.push(page.fault(Code::A11y007, Message::new("access.unlisted"), help.with("first", first)));
    }
}
