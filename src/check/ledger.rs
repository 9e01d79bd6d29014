//! ARCH-001, ARCH-002, ARCH-008, DATE-004, LINK-004 and REVIEW-004: what was published and sealed stays, or changes in the
//! open. In: the portal with the history that the ledger gave each report. Without a ledger none of them finds anything.

use super::{Page, Rule, Run};
use crate::base::{Instant, SitePath};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::model::history::{History, Standing};
use crate::model::{Portal, Report, Status, ledger};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Arch001], run: Run::Portal(changed) },
    Rule { codes: &[Code::Arch002], run: Run::Page(marked) },
    Rule { codes: &[Code::Arch008], run: Run::Portal(unsealed) },
    Rule { codes: &[Code::Date004], run: Run::Portal(published) },
    Rule { codes: &[Code::Link004], run: Run::Portal(addresses) },
    Rule { codes: &[Code::Review004], run: Run::Portal(reviewed) },
];

fn key(name: &str) -> Place {
    Place::Value(vec![Key::Name(name.into())])
}

/// Reports that are published and that the ledger knows.
fn known(portal: &Portal) -> impl Iterator<Item = (&Report, &History)> {
    portal.reports.iter().filter_map(|r| Some((r.as_ref(), r.record.history.as_deref()?)))
}

/// ARCH-001: a sealed report changes only by a correction.
fn changed(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for (report, history) in known(portal) {
        let (message, help, place) = match &history.standing {
            Standing::Sealed | Standing::Next => continue,
            Standing::Text => ("sealed.text", "sealed.text.help", Place::Whole),
            Standing::Corrections => ("sealed.corrections", "sealed.corrections.help", key("corrections")),
            Standing::Attachments(_) => ("sealed.attachments", "sealed.attachments.help", key("attachments")),
        };
        let files = match &history.standing {
            Standing::Attachments(files) => files.iter().map(|f| format!("content/{f}")).collect(),
            _ => Vec::new(),
        };
        let message = Message::new(message).with("version", history.last).with("files", files.join(", "));
        let help = Message::new(help).with("version", history.last).with("id", &report.id).with("file", &report.file);
        sink.push(Diagnostic::new(Code::Arch001, message).at(report.file.as_ref(), place).help(help));
    }
}

/// DATE-004: the time of publication is the one that was sealed.
fn published(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for (report, history) in known(portal) {
        let (Some(now), Some(then)) = (&report.published, &history.published) else { continue };
        if now.unix() != then.unix() {
            let (now, then) = (now.to_minute(), written(then));
            let message = Message::new("sealed.published").with("now", now).with("then", &then);
            let help = Message::new("sealed.published.help").with("then", then);
            sink.push(Diagnostic::new(Code::Date004, message).at(report.file.as_ref(), key("published")).help(help));
        }
    }
}

/// A moment as it can be written in a front matter.
fn written(at: &Instant) -> String {
    if at.unix().rem_euclid(60) == 0 { at.to_minute() } else { at.to_rfc3339() }
}

/// REVIEW-004: what was corrected after sealing was reviewed after the sealed version was.
fn reviewed(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for (report, history) in known(portal).filter(|(report, _)| !report.is_withdrawn()) {
        let Some(before) = history.reviewed.filter(|_| history.standing == Standing::Next) else { continue };
        if report.record.reviewed.is_none_or(|now| now <= before) {
            let message = Message::new("sealed.review").with("version", history.last).with("date", before);
            let finding = Diagnostic::new(Code::Review004, message).at(report.file.as_ref(), key("review"));
            sink.push(finding.help(Message::new("sealed.review.help")));
        }
    }
}

/// LINK-004: every address that the ledger records has a page, or a former address that leads on.
fn addresses(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let Some(sealed) = &portal.sealed else { return };
    let pages = portal.reports.iter().map(|r| r.page()).chain(portal.pages.iter().map(|p| p.path.clone()));
    let aliases = portal.reports.iter().map(|r| &r.aliases).chain(portal.pages.iter().map(|p| &p.aliases));
    let answers: BTreeSet<SitePath> =
        pages.chain(aliases.flatten().cloned()).chain(sealed.unread.iter().cloned()).collect();
    for (_, versions) in sealed.ledger.reports() {
        let Some((entry, span)) = versions.last() else { continue };
        // Before its time it is not looked for: a build may be made for an earlier moment.
        let at = Instant::parse(&entry.published, &portal.site.zone).filter(|at| *at <= portal.scope.as_of);
        let Some(at) = at.filter(|_| !answers.contains(&entry.address)) else { continue };
        let message = Message::new("sealed.address").with("address", &entry.address).with("date", at.date());
        let place = Place::Bytes(span.start..span.end.min(span.start + 48));
        let help = Message::new("sealed.address.help").with("file", &entry.file).with("address", &entry.address);
        sink.push(Diagnostic::new(Code::Link004, message).at(ledger::FILE, place).help(help));
    }
}

/// ARCH-008: of a year that was sealed, everything is.
fn unsealed(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let Some(sealed) = &portal.sealed else { return };
    let public = |r: &&Arc<Report>| r.status != Status::Draft && !portal.scope.is_scheduled(r);
    for report in portal.reports.iter().filter(public).filter(|r| sealed.ledger.has_sealed(r.id.year)) {
        let message = match report.record.history.as_deref() {
            None => Message::new("sealed.new").with("year", report.id.year),
            Some(h) if h.standing == Standing::Next => Message::new("sealed.next").with("version", h.version),
            Some(_) => continue,
        };
        let help = Message::new("sealed.next.help").with("year", report.id.year);
        sink.push(Diagnostic::new(Code::Arch008, message).at(report.file.as_ref(), Place::Whole).help(help));
    }
}

/// ARCH-002: the page of an earlier version says that it is archived, since when, and where the report is now.
fn marked(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = page.report.filter(|r| r.record.superseded.is_some()) else { return };
    let html = &page.html;
    let current = format!("{}.html", report.id);
    let is_mark = |mark: &&super::html::Element| {
        let leads = |href: &str| page.leads(href) == super::page::Leads::Inside(SitePath::of(current.as_str()));
        mark.attribute("data-status") == Some("superseded")
            && html.all("time").any(|time| html.within(time, mark))
            && html.all("a").any(|a| html.within(a, mark) && a.attribute("href").is_some_and(leads))
    };
    let hidden = html.metas("robots").any(|robots| robots.contains("noindex"));
    if !hidden || !html.elements.iter().any(|e| is_mark(&e)) {
        sink.push(page.fault(Code::Arch002, Message::new("sealed.mark"), Message::new("sealed.mark.help")));
    }
}
