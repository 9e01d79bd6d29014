//! PAGE-003: what the foot of a government website's pages has to say (国办发〔2017〕47号, 底部功能区): who runs it and how to
//! reach them, its registrations, its code, the map of the site, and where to report errors. Judged only where the site has
//! a foot of its own: a section may stand inside pages that bring one. The forms of the numbers are not judged here, and
//! the badge 党政机关网站标识 is not a text.

use super::super::Page;
use super::{at_site, governed, is_alias, stated, tight};
use crate::diag::{Code, Diagnostic, Message};
use crate::model::Portal;

/// PAGE-003, as far as `site.yaml` decides. The code itself is META-001.
pub(super) fn declared(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let site = &portal.site;
    if !site.has_footer || !governed(site) {
        return;
    }
    let foot = &site.footer;
    let keys = [
        ("sponsor", &foot.sponsor),
        ("contact", &foot.contact),
        ("icp", &foot.icp),
        ("police", &foot.police),
        ("sitemap", &foot.sitemap),
        ("report_error", &foot.report_error),
    ];
    let missing: Vec<_> = keys.iter().filter(|(_, v)| stated(v.as_deref()).is_none()).map(|(key, _)| *key).collect();
    if !missing.is_empty() {
        let message = Message::new("page.foot.key").with("missing", missing.join(", "));
        let finding = at_site(Code::Page003, message, &["footer"]);
        sink.push(finding.help(Message::new("page.foot.key.help").with("missing", missing.join(", "))));
    }
}

/// PAGE-003: the foot of the page shows all that `site.yaml` says. A page without a foot is A11Y-006.
pub(super) fn complete(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let site = &page.portal.site;
    let feet: Vec<_> = page.html.landmarks("footer").collect();
    if !site.has_footer || is_alias(page) || feet.is_empty() {
        return;
    }
    let words: String = feet.iter().map(|foot| tight(page.html.text(foot))).collect();
    let links = page.html.all("a").filter(|a| feet.iter().any(|foot| page.html.within(a, foot)));
    let links: Vec<_> = links.filter_map(|a| a.attribute("href")).collect();
    let foot = &site.footer;
    let shown = [
        ("sponsor", &foot.sponsor),
        ("contact", &foot.contact),
        ("icp", &foot.icp),
        ("police", &foot.police),
        ("id_code", &site.portal.id_code),
    ];
    let unsaid = shown.iter().filter(|(_, v)| stated(v.as_deref()).is_some_and(|v| !words.contains(&tight(v))));
    // The entry for reporting errors carries the address of the page behind its own.
    let linked = [("sitemap", &foot.sitemap), ("report_error", &foot.report_error)];
    let unlinked =
        linked.iter().filter(|(_, v)| stated(v.as_deref()).is_some_and(|v| !links.iter().any(|l| l.starts_with(v))));
    let missing: Vec<_> = unsaid.chain(unlinked).map(|(key, _)| *key).collect();
    if !missing.is_empty() {
        let message = Message::new("page.foot.missing").with("missing", missing.join(", "));
        sink.push(page.fault(Code::Page003, message, Message::new("page.foot.missing.help")));
    }
}
