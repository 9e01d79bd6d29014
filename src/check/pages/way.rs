//! PAGE-001 and PAGE-002: the way back (当前位置) on every page, and under a report's heading one publication header.
//! 国办发〔2017〕47号 asks for a visible time and source on every content page and one layout for items of one class.

use super::super::html::Element;
use super::super::page::{Leads, Page};
use super::tags::is_pub_date;
use super::{exists, is_alias, tight};
use crate::base::{Instant, SitePath};
use crate::diag::{Code, Diagnostic, Message};
use crate::emit::frame::PageKind;

/// The steps of the way back; none where the page has none.
pub(super) fn steps<'p>(page: &'p Page<'_>) -> Option<Vec<&'p Element>> {
    let nav = page.html.all("nav").find(|nav| nav.has_class("crumbs"))?;
    Some(page.html.all("li").filter(|li| page.html.within(li, nav)).collect())
}

/// PAGE-001: from the website's home page to the page itself, and every link of it leads somewhere.
pub(super) fn crumbs(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    // Where a page is missing or has moved, there is no place to name.
    if is_alias(page) || page.kind == PageKind::NotFound {
        return;
    }
    let mut fault = |key: &'static str, help: Message| {
        sink.push(page.fault(Code::Page001, Message::new(key), help));
    };
    let steps = steps(page).unwrap_or_default();
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return fault("page.crumbs.none", Message::new("page.crumbs.help"));
    };
    let html = &page.html;
    let link = |step: &Element| html.all("a").find(|a| html.within(a, step)).and_then(|a| a.attribute("href"));
    let begins = match page.portal.site.breadcrumb.first() {
        Some((title, url)) => tight(&html.words(first)) == tight(title) && link(first) == Some(url),
        None => {
            let home = SitePath::of("index.html");
            *page.path == home || link(first).is_some_and(|href| page.leads(href) == Leads::Inside(home))
        }
    };
    if !begins {
        let home = page.portal.site.breadcrumb.first().map_or(&page.portal.site.title, |(title, _)| title);
        fault("page.crumbs.first", Message::new("page.crumbs.first.help").with("home", home));
    }
    let current = |e: &Element| e.attribute("aria-current") == Some("page");
    let marked = current(last) || html.elements.iter().any(|e| current(e) && html.within(e, last));
    if !marked || html.words(last).is_empty() {
        fault("page.crumbs.last", Message::new("page.crumbs.last.help"));
    }
    let dead = |href: &&str| matches!(page.leads(href), Leads::Inside(path) if !exists(page.portal, &path));
    if let Some(href) = steps.iter().filter_map(|step| link(step)).find(dead) {
        fault("page.crumbs.dead", Message::new("page.crumbs.dead.help").with("href", href));
    }
}

/// The facts of the publication header in their one order (`emit::header`).
const FACTS: [&str; 11] = [
    "publisher",
    "document_number",
    "index_number",
    "year",
    "signed",
    "published",
    "updated",
    "source",
    "openness",
    "downloads",
    "fingerprint",
];

/// PAGE-002: time and source under the heading, once, in the order and form of every report.
pub(super) fn facts(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = page.report else { return };
    let html = &page.html;
    let shown: Vec<(usize, &str)> =
        html.elements.iter().enumerate().filter_map(|(at, e)| Some((at, e.attribute("data-fact")?))).collect();
    let mut fault = |message: Message, help: Message| sink.push(page.fault(Code::Page002, message, help));
    let said = |key: &str| page.fact(key).is_some_and(|dd| !html.words(dd).is_empty());
    let wanted = [report.published.as_ref().map(|_| "published"), Some("source")];
    let missing: Vec<_> = wanted.into_iter().flatten().filter(|key| !said(key)).collect();
    if !missing.is_empty() {
        let message = Message::new("page.facts.missing").with("facts", missing.join(", "));
        return fault(message, Message::new("page.facts.help"));
    }
    let places: Vec<_> = shown.iter().map(|(_, key)| FACTS.iter().position(|known| known == key)).collect();
    let known: Vec<_> = places.iter().flatten().collect();
    if known.iter().any(|p| known.iter().filter(|o| *o == p).count() > 1) {
        return fault(Message::new("page.facts.twice"), Message::new("page.facts.help"));
    }
    if !known.is_sorted() {
        let order = shown.iter().map(|(_, key)| *key).collect::<Vec<_>>().join(", ");
        let help = Message::new("page.facts.order.help").with("order", FACTS.join(", ")).with("shown", order);
        return fault(Message::new("page.facts.order"), help);
    }
    let heading = html.elements.iter().position(|e| e.name == "h1");
    if let (Some(heading), Some((first, _))) = (heading, shown.first())
        && heading > *first
    {
        fault(Message::new("page.facts.above"), Message::new("page.facts.help"));
    }
    // Another time in the right form is META-003.
    if let Some(shown) = page.fact("published").map(|dd| html.words(dd)).filter(|shown| !is_pub_date(page, shown)) {
        let published = report.published.as_ref().map(Instant::to_minute).unwrap_or_default();
        let help = Message::new("page.facts.form.help").with("shown", shown).with("published", published);
        fault(Message::new("page.facts.form"), help);
    }
}
