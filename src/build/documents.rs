//! Reads every Markdown file of `content/` in parallel: split, decode, convert, and put the body away.

use super::bodies::{Bodies, Shelf, put};
use super::options::{Failed, Progress};
use crate::base::{CivilDate, Fingerprint, Instant, ReportId, SitePath, id};
use crate::check::settle::{self, Allowance};
use crate::check::{self, Asked, Rule};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::{self, Body, Reference, Source, Words};
use crate::model::ledger::Ledger;
use crate::model::portal::Declared;
use crate::model::{BodySlot, Kind, Page, Report, Site, report};
use crate::source::front::{self, Fences};
use crate::source::{Front, Text, Tree, bounds, file, yaml};
use rayon::prelude::*;
use serde_yaml::Mapping;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What reading a document needs.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) root: &'a Path,
    pub(super) site: &'a Site,
    pub(super) kinds: &'a [Kind],
    pub(super) words: &'a Words,
    /// Where converted bodies are put.
    pub(super) shelf: &'a dyn Shelf,
    /// Which of them.
    pub(super) bodies: Bodies,
    /// The rules that are asked.
    pub(super) rules: &'a [&'static Rule],
    /// Which rules these are.
    pub(super) asked: Asked,
    /// The day of the build.
    pub(super) today: CivilDate,
    /// The ledger, whose reports are hashed.
    pub(super) ledger: Option<&'a Ledger>,
}

/// Every document that could be read.
#[derive(Default)]
pub(super) struct Read {
    pub(super) reports: Vec<(Arc<Report>, Declared)>,
    pub(super) pages: Vec<Page>,
    /// Pages of documents that are there but could not be read: links to them are not dead.
    pub(super) broken: Vec<SitePath>,
    /// Files whose front matter says `draft`, however much else is wrong with it.
    pub(super) drafts: Vec<String>,
    /// What documents allow, by file.
    pub(super) allowances: BTreeMap<String, Vec<Allowance>>,
    /// Links to other websites.
    pub(super) external: Vec<External>,
}

/// A link to another website.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// The file in which it stands.
    pub file: String,
    /// Its bytes in the file.
    pub span: Range<usize>,
    /// Where it leads.
    pub url: String,
}

/// What a file of `content/` is by its place.
enum Role {
    Report(ReportId),
    Page(SitePath),
    Asset,
    Misplaced(Box<Diagnostic>),
}

#[derive(Debug)]
pub(super) enum Document {
    Report(Arc<Report>, Declared),
    Page(Box<Page>),
}

/// What became of one file.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) document: Option<Document>,
    hash: Option<Fingerprint>,
    pub(super) findings: Vec<Diagnostic>,
    draft: bool,
    pub(super) allowances: Vec<Allowance>,
    external: Vec<External>,
}

/// Reads the documents of a tree; the hashes are those of its files, in their order.
pub(super) fn read(
    cx: Context<'_>,
    content: &Tree,
    progress: &dyn Progress,
    sink: &mut Vec<Diagnostic>,
) -> Result<(Read, Vec<Option<Fingerprint>>), Failed> {
    let outcomes: Result<Vec<Outcome>, Failed> = content
        .files
        .par_iter()
        .with_max_len(super::SHARE)
        .map(|entry| {
            let outcome = one(cx, &entry.path).map_err(|error| Failed::Io(cx.root.to_path_buf(), error));
            progress.step();
            outcome
        })
        .collect();
    let (mut read, mut hashes) = (Read::default(), Vec::with_capacity(content.files.len()));
    for (Outcome { document, hash, findings, draft, allowances, external }, entry) in
        outcomes?.into_iter().zip(&content.files)
    {
        sink.extend(findings);
        hashes.push(hash);
        read.drafts.extend(draft.then(|| entry.path.clone()));
        read.external.extend(external);
        if !allowances.is_empty() {
            read.allowances.insert(entry.path.clone(), allowances);
        }
        match document {
            Some(Document::Report(report, declared)) => read.reports.push((report, declared)),
            Some(Document::Page(page)) => read.pages.push(*page),
            None => read.broken.extend(entry.path.strip_prefix("content/").and_then(markdown::page_of)),
        }
    }
    Ok((read, hashes))
}

/// Reads one document again, for its body. None when it is no longer what it was.
pub(super) fn again(cx: Context<'_>, path: &str) -> std::io::Result<Option<BodySlot>> {
    Ok(one(cx, path)?.document.map(|document| match document {
        Document::Report(report, _) => report.body,
        Document::Page(page) => page.body,
    }))
}

impl Outcome {
    /// The same, with another document.
    pub(super) fn with(&self, document: Document) -> Self {
        let Self { hash, findings, draft, allowances, external, .. } = self;
        let (findings, allowances, external) = (findings.clone(), allowances.clone(), external.clone());
        Self { document: Some(document), hash: *hash, findings, draft: *draft, allowances, external }
    }
}

/// A document that was read, split and decoded.
#[derive(Clone, Copy)]
struct Opened<'a> {
    path: &'a str,
    content: &'a str,
    text: &'a Text,
    front: &'a Front,
    map: &'a Mapping,
}

/// Reads one file.
pub(super) fn one(cx: Context<'_>, path: &str) -> std::io::Result<Outcome> {
    let mut sink = Vec::new();
    let content = path.strip_prefix("content/").unwrap_or(path);
    let role = match role_of(path, content) {
        Role::Asset => return Ok(Outcome::default()),
        Role::Misplaced(finding) => return Ok(Outcome { findings: vec![*finding], ..Outcome::default() }),
        role => role,
    };
    let Some(text) = file::read(cx.root, path, bounds::MARKDOWN_BYTES, &mut sink) else {
        return Ok(Outcome { findings: sink, ..Outcome::default() });
    };
    let fences = if content == "index.md" { Fences::Optional } else { Fences::Required };
    let Some(front) = front::split(&text, fences, &mut sink) else {
        return Ok(Outcome { hash: Some(text.hash), findings: sink, ..Outcome::default() });
    };
    let block =
        yaml::Block { file: path, text: &text.text[front.yaml.clone()], offset: text.offset + front.yaml.start };
    let map = yaml::mapping(block, &mut sink).unwrap_or_default();
    let opened = Opened { path, content, text: &text, front: &front, map: &map };
    let mut external = Vec::new();
    let document = match role {
        Role::Report(id) if !map.is_empty() => report(cx, opened, &id, &mut external, &mut sink)?,
        Role::Page(page) => Some(self::page(cx, opened, page, &mut external, &mut sink)?),
        // A front matter that could not be read was reported; one that is empty lacks every key.
        Role::Report(id) if sink.is_empty() => {
            Report::read(report::Context { site: cx.site, kinds: cx.kinds, file: path, id: &id }, &map, &mut sink);
            None
        }
        _ => None,
    };
    let draft = map.get("status").and_then(serde_yaml::Value::as_str) == Some("draft");
    let allowances = settle::allowances(&map);
    Ok(Outcome { document, hash: Some(text.hash), findings: sink, draft, allowances, external })
}

fn report(
    cx: Context<'_>,
    opened: Opened<'_>,
    id: &ReportId,
    external: &mut Vec<External>,
    sink: &mut Vec<Diagnostic>,
) -> std::io::Result<Option<Document>> {
    let Opened { path, map, .. } = opened;
    let context = report::Context { site: cx.site, kinds: cx.kinds, file: path, id };
    let read = Report::read(context, map, sink);
    let kind = read.as_ref().and_then(|r| cx.kinds.iter().find(|k| k.id == r.kind));
    let declared = report::declared_sections(map);
    let role = |heading: &str| role_of_part(&declared, kind, heading);
    let page = SitePath::of(format!("{id}.html"));
    // The body is read even when the front matter is wrong, so that all is told at once.
    let mut body = convert(cx, opened, &page, &role, sink);
    for (role, heading) in &declared {
        check_section(path, role, heading, kind, &body, sink);
    }
    judge(cx, opened, read.as_ref(), kind, &body, sink);
    external.extend(leads_out(cx, opened, &body));
    let Some(mut report) = read else { return Ok(None) };
    if cx.ledger.is_some_and(|ledger| ledger.latest(id).is_some()) {
        report.record.digest = Some(opened.text.sha256());
    }
    if report.kind.as_str() == "information-disclosure" {
        report.carried = check::disclosure::carried(&body.prose);
    }
    report.body = keep(cx, &mut body)?;
    body.ids.extend(report.commitments.iter().map(|c| format!("commitment-{}", c.id)));
    body.ids.sort_unstable();
    (report.outline, report.links, report.ids) = (body.outline, body.links, body.ids);
    let attachments = report::declared_attachments(map);
    Ok(Some(Document::Report(Arc::new(report), attachments)))
}

fn page(
    cx: Context<'_>,
    opened: Opened<'_>,
    at: SitePath,
    external: &mut Vec<External>,
    sink: &mut Vec<Diagnostic>,
) -> std::io::Result<Document> {
    let mut body = convert(cx, opened, &at, &|_| None, sink);
    judge(cx, opened, None, None, &body, sink);
    external.extend(leads_out(cx, opened, &body));
    let mut page = Page::read(opened.path, at, opened.map, sink);
    page.body = keep(cx, &mut body)?;
    (page.outline, page.links, page.ids) = (body.outline, body.links, body.ids);
    Ok(Document::Page(Box::new(page)))
}

fn convert(
    cx: Context<'_>,
    opened: Opened<'_>,
    page: &SitePath,
    role: &dyn Fn(&str) -> Option<String>,
    sink: &mut Vec<Diagnostic>,
) -> Body {
    let Opened { path, content, text, front, .. } = opened;
    let body = &text.text[front.body.clone()];
    let source = Source { file: path, content, page, text: body, offset: text.offset + front.body.start };
    markdown::convert(source, cx.words, role, sink)
}

/// An earlier version of a report, from the copy that was kept of it: `text`, which stood in `file` and is shown at `page`.
/// Nothing of it is judged, for nothing of it can be mended; none when it cannot be read. The HTML and the parts are not
/// put away yet.
pub(super) fn earlier(cx: Context<'_>, text: &Text, file: &str, page: &SitePath) -> Option<(Report, Declared, Body)> {
    let mut said = Vec::new();
    let front = front::split(text, Fences::Required, &mut said)?;
    let block = yaml::Block { file, text: &text.text[front.yaml.clone()], offset: text.offset + front.yaml.start };
    let map = yaml::mapping(block, &mut said)?;
    let content = file.strip_prefix("content/").unwrap_or(file);
    let Role::Report(id) = role_of(file, content) else { return None };
    let context = report::Context { site: cx.site, kinds: cx.kinds, file, id: &id };
    let mut report = Report::read(context, &map, &mut said)?;
    let kind = cx.kinds.iter().find(|k| k.id == report.kind);
    let declared = report::declared_sections(&map);
    let role = |heading: &str| role_of_part(&declared, kind, heading);
    let opened = Opened { path: file, content, text, front: &front, map: &map };
    let mut body = convert(cx, opened, page, &role, &mut said);
    report.outline = std::mem::take(&mut body.outline);
    Some((report, report::declared_attachments(&map), body))
}

/// The role of a part: declared by the report, or else known to its kind by the heading.
fn role_of_part(declared: &[(String, String)], kind: Option<&Kind>, heading: &str) -> Option<String> {
    let own = declared.iter().find(|(_, h)| heading == h).map(|(role, _)| role.clone());
    own.or_else(|| kind.and_then(|k| k.role_of(heading)).map(str::to_string))
}

/// The links to other websites, where every rule is asked: a build has no use for them.
fn leads_out(cx: Context<'_>, opened: Opened<'_>, body: &Body) -> Vec<External> {
    let leads = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let wanted = body.references.iter().filter(|r| cx.asked == Asked::All && leads(&r.url));
    let link = |r: &Reference| External { file: opened.path.into(), span: r.span.clone(), url: r.url.clone() };
    wanted.map(link).collect()
}

/// Asks the rules that read a document. One that has been withdrawn publishes no text.
fn judge(
    cx: Context<'_>,
    opened: Opened<'_>,
    report: Option<&Report>,
    kind: Option<&Kind>,
    body: &Body,
    sink: &mut Vec<Diagnostic>,
) {
    if cx.rules.is_empty() || report.is_some_and(Report::is_withdrawn) {
        return;
    }
    let Opened { text, front, map, .. } = opened;
    let published = report.and_then(|r| r.published.as_ref()).map(Instant::date);
    let document = check::Document {
        text,
        front: (front.yaml.start, front.yaml.end),
        body_start: front.body.start,
        map,
        report,
        kind,
        body,
        site: cx.site,
        latest: published.map_or(cx.today, |p| p.min(cx.today)),
        today: cx.today,
    };
    check::document(cx.rules, &document, sink);
}

fn keep(cx: Context<'_>, body: &mut Body) -> std::io::Result<BodySlot> {
    match cx.bodies {
        Bodies::All => put(cx.shelf, body),
        Bodies::Few => Ok(BodySlot::default()),
    }
}

/// `sections:` names a heading that is there and a role that the kind knows.
fn check_section(path: &str, role: &str, heading: &str, kind: Option<&Kind>, body: &Body, sink: &mut Vec<Diagnostic>) {
    let place = Place::Value(vec![Key::Name("sections".into()), Key::Name(role.into())]);
    if !body.parts.iter().any(|p| p.title == heading) {
        let known: Vec<_> = body.parts.iter().map(|p| p.title.as_str()).collect();
        let message = Message::new("report.section").with("heading", heading);
        let help = Message::new("report.section.help").with("known", known.join(" · "));
        sink.push(Diagnostic::new(Code::Yaml001, message).at(path, place.clone()).help(help));
    }
    if let Some(kind) = kind.filter(|k| !k.parts.iter().any(|p| p.role.as_ref() == role)) {
        let known: Vec<_> = kind.parts.iter().map(|p| p.role.as_ref()).collect();
        let message = Message::new("report.role").with("role", role);
        let help = Message::new("report.role.help").with("known", known.join(", "));
        let Place::Value(keys) = place else { return };
        sink.push(Diagnostic::new(Code::Yaml001, message).at(path, Place::Name(keys)).help(help));
    }
}

fn role_of(path: &str, content: &str) -> Role {
    if !content.ends_with(".md") {
        return Role::Asset;
    }
    let misplaced = |key: &'static str, help: &'static str, code: Code| {
        let mut finding = Diagnostic::new(code, Message::new(key)).at(path, Place::Whole).help(Message::new(help));
        finding.severity = crate::diag::Severity::Error;
        Role::Misplaced(Box::new(finding))
    };
    let parts: Vec<&str> = content.split('/').collect();
    let stem = |name: &str| name.strip_suffix(".md").unwrap_or(name).to_string();
    match parts.as_slice() {
        ["index.md"] => Role::Page(SitePath::of("index.html")),
        ["pages", names @ ..] if !names.is_empty() => match markdown::page_of(content) {
            Some(page) if names.iter().all(|n| id::is_slug(&stem(n))) => Role::Page(page),
            _ => misplaced("content.slug", "content.slug.help", Code::Link005),
        },
        [year, name] | [year, name, "index.md"] if id::parse_year(year).is_some() && *name != "index.md" => {
            let id = id::parse_year(year).map(|year| (year, stem(name))).filter(|(_, slug)| id::is_slug(slug));
            match id {
                Some((year, slug)) => Role::Report(ReportId { year, slug: slug.into() }),
                None => misplaced("content.slug", "content.slug.help", Code::Link005),
            }
        }
        _ => misplaced("content.misplaced", "content.misplaced.help", Code::File014),
    }
}
