//! Lays what was sealed beside what is there now: the ledger, the copies that are kept in `sealed/`, and the reports.
//! In: the portal's folder and its reports as they were read. Out: the history of each report, its earlier versions ready
//! to be shown, and ARCH-005 to ARCH-007 where the record itself is damaged. What has changed is judged in `check`.

use super::bodies::put;
use super::documents::{Context, earlier};
use super::options::Failed;
use crate::base::{Fingerprint, Instant, ReportId, Sha256, SitePath};
use crate::check::Asked;
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::model::history::{Earlier, History, Left, Sealed, Standing, Superseded};
use crate::model::ledger::{self, Entry, Ledger, kept_file, kept_source};
use crate::model::portal::Declared;
use crate::model::report::Attachment;
use crate::model::{Report, Status};
use crate::source::{self, Stat, bounds, file, walk};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// A ledger that is whole, and the copies that are kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) ledger: Arc<Ledger>,
    /// The files below `sealed/`, by path from the root.
    files: BTreeMap<String, Stat>,
}

/// What one report's place beside the ledger came to.
#[derive(Default)]
struct Found {
    findings: Vec<Diagnostic>,
    history: Option<History>,
    files: Vec<(SitePath, String)>,
}

impl Kept {
    /// Reads the ledger of the portal at `root`, and lists what is kept; none where there is no ledger, or a damaged one.
    pub(super) fn read(
        root: &Path,
        inputs: &mut Vec<(source::Entry, Option<Fingerprint>)>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let path = root.join(ledger::FILE);
        let copies = walk::list(root, ledger::KEPT, sink).files;
        let files = copies.iter().map(|e| (e.path.clone(), e.stat)).collect::<BTreeMap<_, _>>();
        inputs.extend(copies.into_iter().map(|entry| (entry, None)));
        if !path.exists() {
            // A folder of that name may be somebody's own: only what looks like a kept version speaks of a ledger.
            let is_kept = |path: &&String| {
                let below = path.strip_prefix("sealed/").and_then(|p| p.strip_suffix(".md"));
                let parts = below.and_then(|p| p.rsplit_once('/'));
                parts.is_some_and(|(id, n)| ReportId::parse(id).is_some() && n.parse::<u32>().is_ok())
            };
            if let Some(first) = files.keys().find(is_kept) {
                let message = Message::new("ledger.none").with("file", first);
                let finding = Diagnostic::new(Code::Arch005, message).at(ledger::FILE, Place::Whole);
                sink.push(finding.help(Message::new("ledger.help")));
            }
            return None;
        }
        let stat = std::fs::metadata(&path).map(|m| Stat::of(&m)).unwrap_or_default();
        let read = if stat.size > ledger::BYTES { Ok(Vec::new()) } else { std::fs::read(&path) };
        let bytes = match read {
            Ok(_) if stat.size > ledger::BYTES => {
                sink.push(file::too_large(ledger::FILE, ledger::BYTES));
                return None;
            }
            Ok(bytes) => bytes,
            Err(error) => {
                sink.push(file::unreadable(ledger::FILE, &error));
                return None;
            }
        };
        inputs.push((source::Entry { path: ledger::FILE.into(), stat }, Some(Fingerprint::of(&bytes))));
        Some(Self { ledger: Arc::new(Ledger::read(&bytes, sink)?), files })
    }

    /// Gives each report that the ledger knows its history. Out: files of earlier versions that are published.
    pub(super) fn lay_beside(
        &self,
        cx: Context<'_>,
        content: &[source::Entry],
        read: &mut [(Arc<Report>, Declared)],
        sink: &mut Vec<Diagnostic>,
    ) -> Result<Vec<(SitePath, String)>, Failed> {
        let now = self.digests(cx, content);
        let reports: BTreeMap<ReportId, &Report> = read.iter().map(|(r, _)| (r.id.clone(), r.as_ref())).collect();
        let known: Vec<(&ReportId, Vec<&Entry>)> =
            self.ledger.reports().map(|(id, versions)| (id, versions.into_iter().map(|(e, _)| e).collect())).collect();
        let beside = |(id, entries): &(&ReportId, Vec<&Entry>)| {
            self.one(cx, &now, entries, reports.get(*id).copied()).map_err(|e| Failed::Io(cx.root.into(), e))
        };
        let found: Vec<Found> = known.par_iter().map(beside).collect::<Result<_, _>>()?;
        let mut histories = BTreeMap::new();
        let mut files = Vec::new();
        for ((id, _), one) in known.iter().zip(found) {
            sink.extend(one.findings);
            files.extend(one.files);
            histories.extend(one.history.map(|history| ((*id).clone(), history)));
        }
        self.strays(sink);
        for (path, _) in &files {
            let there = format!("content/{path}");
            if content.binary_search_by(|e| e.path.as_str().cmp(&there)).is_ok() {
                let message = Message::new("address.twice").with("path", path);
                let finding = Diagnostic::new(Code::Link005, message).at(there, Place::Whole);
                sink.push(finding.help(Message::new("address.twice.help")));
            }
        }
        for (report, _) in read {
            let history = histories.remove(&report.id).map(Box::new);
            // Reports that the ledger does not know, or knows as they are, are left alone: others may share them.
            let before = &report.record.history;
            let same = match (&history, before) {
                (Some(now), Some(before)) => now.is_same(before),
                (now, before) => now.is_none() && before.is_none(),
            };
            if !same {
                Arc::make_mut(report).record.history = history;
            }
        }
        Ok(files)
    }

    /// What the portal keeps of it.
    pub(super) fn sealed(&self, files: Vec<(SitePath, String)>, unread: Vec<SitePath>) -> Box<Sealed> {
        Box::new(Sealed { ledger: Arc::clone(&self.ledger), unread, files })
    }

    /// SHA-256 of every file below `content/` that some version was published with, as it is now.
    fn digests(&self, cx: Context<'_>, content: &[source::Entry]) -> BTreeMap<SitePath, Sha256> {
        let there: BTreeSet<&str> =
            content.iter().filter_map(|e| e.path.strip_prefix("content/")).filter(|p| !p.ends_with(".md")).collect();
        let entries = self.ledger.reports().flat_map(|(_, versions)| versions).map(|(entry, _)| entry);
        let named: BTreeSet<&SitePath> = entries.flat_map(|e| e.attachments.keys()).collect();
        let named: Vec<_> = named.into_iter().filter(|path| there.contains(path.as_str())).collect();
        let digest = |path: &&SitePath| Some(((*path).clone(), sha256(&cx.root.join("content").join(path.as_str()))?));
        named.par_iter().filter_map(digest).collect()
    }

    /// One report, or what is left of one that is not there any more.
    fn one(
        &self,
        cx: Context<'_>,
        now: &BTreeMap<SitePath, Sha256>,
        entries: &[&Entry],
        report: Option<&Report>,
    ) -> std::io::Result<Found> {
        let mut found = Found::default();
        let Some(last) = entries.last() else { return Ok(found) };
        let removals = report.map_or(0, Report::removals).max(last.removals);
        for entry in entries {
            self.copies(cx, entry, entry.removals < removals, &mut found.findings);
        }
        let Some(report) = report.filter(|r| r.status != Status::Draft) else { return Ok(found) };
        let changed = report.record.digest != Some(last.source);
        let old = if changed { self.open(cx, last, &mut found.findings) } else { None };
        let standing = if changed { stand(report, last, old.as_ref()) } else { attachments(report, last, now) };
        let version = if standing == Standing::Next { last.version + 1 } else { last.version };
        let mut history = History {
            version,
            standing,
            last: last.version,
            published: Instant::parse(&last.published, &cx.site.zone),
            reviewed: old.as_ref().and_then(|old| old.report.record.reviewed),
            earlier: Vec::new(),
        };
        let mut old = old;
        for entry in entries.iter().rev().filter(|e| e.version < version && !report.is_withdrawn()) {
            let again = match &old {
                Some(_) if entry.version == last.version => old.take(),
                _ if entry.removals < removals => None,
                _ => self.open(cx, entry, &mut found.findings),
            };
            let left = match again {
                _ if entry.removals < removals => Left::Removed,
                Some(old) if !old.report.is_withdrawn() => self.show(cx, entry, report, old, now, &mut found)?,
                _ => Left::Nothing,
            };
            let sealed = sealed_on(cx, entry);
            history.earlier.push(Earlier { version: entry.version, sealed, output: entry.output, left });
        }
        found.history = Some(history);
        Ok(found)
    }

    /// The copies of a version are there, and as they were; or, of one that held personal data, are not there.
    fn copies(&self, cx: Context<'_>, entry: &Entry, removed: bool, sink: &mut Vec<Diagnostic>) {
        let attached = entry
            .attachments
            .iter()
            .filter_map(|(path, hash)| Some((kept_file(&entry.report, entry.version, path)?, *hash)));
        let copies = [(kept_source(&entry.report, entry.version), entry.source)].into_iter().chain(attached);
        if removed {
            let still: Vec<_> = copies.map(|(file, _)| file).filter(|f| self.files.contains_key(f)).collect();
            if let Some(first) = still.first() {
                let message = Message::new("kept.removed").with("report", &entry.report).with("version", entry.version);
                let finding = Diagnostic::new(Code::Arch007, message).at(first, Place::Whole);
                // Its words are what was to disappear.
                sink.push(finding.masked().help(Message::new("kept.removed.help").with("files", still.join(" "))));
            }
            return;
        }
        for (path, hash) in copies {
            if !self.files.contains_key(&path) {
                sink.push(broken("kept.missing", &path, entry));
            } else if cx.asked == Asked::All && sha256(&cx.root.join(&path)) != Some(hash) {
                sink.push(broken("kept.changed", &path, entry));
            }
        }
    }

    /// Copies that no line of the ledger names: it was cut short, or sealing was interrupted.
    fn strays(&self, sink: &mut Vec<Diagnostic>) {
        let mut known = BTreeSet::new();
        for (entry, _) in self.ledger.reports().flat_map(|(_, versions)| versions) {
            known.insert(kept_source(&entry.report, entry.version));
            known.extend(entry.attachments.keys().filter_map(|path| kept_file(&entry.report, entry.version, path)));
        }
        for path in self.files.keys().filter(|path| !known.contains(*path)) {
            let finding = Diagnostic::new(Code::Arch006, Message::new(STRAY)).at(path, Place::Whole);
            sink.push(finding.help(Message::new("kept.stray.help")));
        }
    }

    /// Reads the kept copy of a version; none where it is not there, not as it was, or not to be understood any more.
    fn open(&self, cx: Context<'_>, entry: &Entry, sink: &mut Vec<Diagnostic>) -> Option<Old> {
        let path = kept_source(&entry.report, entry.version);
        self.files.get(&path)?;
        let text = file::read(cx.root, &path, bounds::MARKDOWN_BYTES, &mut Vec::new());
        let text = text.filter(|text| text.sha256() == entry.source);
        let Some(text) = text else {
            // A check has said so already.
            if cx.asked == Asked::Errors {
                sink.push(broken("kept.changed", &path, entry));
            }
            return None;
        };
        let page = SitePath::of(format!("{}/v{}.html", entry.report, entry.version));
        let Some((report, declared, body)) = earlier(cx, &text, &entry.file, &page) else {
            sink.push(broken("kept.unreadable", &path, entry));
            return None;
        };
        Some(Old { report, declared, body })
    }

    /// Makes an earlier version ready to be shown: its files are those that are there, or the kept ones where these differ.
    fn show(
        &self,
        cx: Context<'_>,
        entry: &Entry,
        current: &Report,
        old: Old,
        now: &BTreeMap<SitePath, Sha256>,
        found: &mut Found,
    ) -> std::io::Result<Left> {
        let Old { mut report, declared, mut body } = old;
        let sealed = sealed_on(cx, entry);
        report.record.superseded = Some(Superseded { version: entry.version, sealed });
        if cx.site.organization(&report.organization).is_none() {
            report.organization = current.organization.clone();
        }
        let page = report.page();
        let mut moved: BTreeMap<&SitePath, SitePath> = BTreeMap::new();
        for (path, hash) in entry.attachments.iter().filter(|(path, hash)| now.get(*path) != Some(hash)) {
            let Some(file) = kept_file(&entry.report, entry.version, path) else { continue };
            let Some(below) = file.strip_prefix(&format!("{}/{}/{}/", ledger::KEPT, entry.report, entry.version))
            else {
                continue;
            };
            if cx.asked == Asked::Errors && sha256(&cx.root.join(&file)).is_some_and(|now| now != *hash) {
                found.findings.push(broken("kept.changed", &file, entry));
            }
            let target = SitePath::of(format!("{}/v{}/{below}", entry.report, entry.version));
            found.files.push((target.clone(), file));
            moved.insert(path, target);
        }
        let size = |path: &SitePath| {
            let kept = kept_file(&entry.report, entry.version, path).and_then(|file| self.files.get(&file));
            kept.map_or(0, |stat| stat.size)
        };
        for (name, title) in declared.iter().cloned() {
            let Some(path) = SitePath::new(&format!("{}/{name}", entry.report)) else { continue };
            let title = title.unwrap_or_else(|| name.clone());
            let (size, path) = (size(&path), moved.get(&path).cloned().unwrap_or(path));
            report.attachments.push(Attachment { title, path, size });
        }
        let links = moved.iter().map(|(from, to)| (page.link_to(from), page.link_to(to))).collect();
        body.html = lead_to(&body.html, &links);
        report.body = put(cx.shelf, &mut body)?;
        Ok(Left::Whole(Box::new(report)))
    }
}

/// The message of a copy that no line names; sealing looks for it, since it may be what an interrupted one left.
pub const STRAY: &str = "kept.stray";

/// A kept copy that was read.
struct Old {
    report: Report,
    declared: Declared,
    body: crate::markdown::Body,
}

fn broken(key: &'static str, path: &str, entry: &Entry) -> Diagnostic {
    let message = Message::new(key).with("report", &entry.report).with("version", entry.version);
    let finding = Diagnostic::new(Code::Arch006, message).at(path, Place::Whole);
    finding.help(Message::new("kept.help").with("file", path))
}

fn sha256(path: &Path) -> Option<Sha256> {
    File::open(path).and_then(Sha256::of_reader).ok()
}

fn sealed_on(cx: Context<'_>, entry: &Entry) -> crate::base::CivilDate {
    Instant::parse(&entry.recorded, &cx.site.zone).map_or(crate::base::CivilDate::LAST, |at| at.date())
}

/// How a report stands whose text is not that of the version that was sealed last.
fn stand(report: &Report, last: &Entry, old: Option<&Old>) -> Standing {
    let was_withdrawn = old.is_some_and(|old| old.report.is_withdrawn());
    if report.is_withdrawn() && !was_withdrawn {
        return Standing::Next;
    }
    if crate::model::history::count(report.corrections.iter()) <= last.corrections {
        return Standing::Text;
    }
    // What was said to be corrected stays said; only an entry that holds personal data itself may go.
    let kept = old.is_none_or(|old| old.report.corrections.iter().all(|c| report.corrections.contains(c)));
    if kept || report.removals() > last.removals { Standing::Next } else { Standing::Corrections }
}

/// How a report stands whose text is that of the version that was sealed last.
fn attachments(report: &Report, last: &Entry, now: &BTreeMap<SitePath, Sha256>) -> Standing {
    let differs = |(path, hash): (&SitePath, &Sha256)| (now.get(path) != Some(hash)).then(|| path.clone());
    let changed: Vec<_> = last.attachments.iter().filter_map(differs).collect();
    if changed.is_empty() || report.is_withdrawn() { Standing::Sealed } else { Standing::Attachments(changed) }
}

/// The fragment with links and images that lead to the first address of a pair leading to the second. Only our own
/// tags have `<`, and in their attributes quotation marks are escaped.
fn lead_to(html: &str, links: &BTreeMap<String, String>) -> String {
    if links.is_empty() {
        return html.to_string();
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').map_or(rest.len(), |i| at + i);
        out.push_str(&rest[..at]);
        let tag = &rest[at..end];
        let attribute = ["<a href=\"", "<img src=\""].into_iter().find(|start| tag.starts_with(start));
        let value = attribute.and_then(|start| Some((start, tag[start.len()..].split_once('"')?)));
        match value.and_then(|(start, (url, after))| Some((start, links.get(url)?, after))) {
            Some((start, target, after)) => {
                out.push_str(start);
                out.push_str(target);
                out.push('"');
                out.push_str(after);
            }
            None => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_and_images_lead_elsewhere() {
        let links = [("a.csv".to_string(), "v1/a.csv".to_string())].into();
        let html = "<p>href=\"a.csv\" <a href=\"a.csv\" class=\"x\">a.csv</a><img src=\"a.csv\" alt=\"\"><a href=\"b.csv\">b</a></p>";
        let wanted = "<p>href=\"a.csv\" <a href=\"v1/a.csv\" class=\"x\">a.csv</a><img src=\"v1/a.csv\" alt=\"\"><a href=\"b.csv\">b</a></p>";
        assert_eq!(lead_to(html, &links), wanted);
    }
}
