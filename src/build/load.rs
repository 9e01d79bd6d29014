//! Reads a portal: site, kinds, theme, documents; in parallel, every fault of the run at once.

use super::attachments::{self, Clean};
use super::documents::{self, External};
use super::kept::Kept;
use super::options::{AsOf, Failed, Options, Phase, Progress};
use crate::base::{CivilDate, Fingerprint, Instant, KindId, Zone};
use crate::check::settle::{self, Idle};
use crate::check::{self, Asked};
use crate::diag::{Code, Diagnostic, Key, Message, Place, Severity, has_errors};
use crate::markdown::Words;
use crate::model::portal::{Drafts, Scope};
use crate::model::{Kind, Parts, Portal, Site, site};
use crate::render::theme::ThemeFile;
use crate::render::{Bodies, Theme, Waiting};
use crate::source::{Entry, Stat, Tree, bounds, file, walk, yaml};
use crate::write::{Slot, Spool};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// A portal that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The portal; none when `site.yaml` itself cannot be read.
    pub portal: Option<Portal>,
    /// Its theme; none when it cannot be put together.
    pub theme: Option<Theme>,
    /// Every finding, by file and place.
    pub findings: Vec<Diagnostic>,
    /// Every file it was read from.
    pub inputs: Vec<(Entry, Option<Fingerprint>)>,
    /// Published files in which nothing stops a build.
    pub(super) clean: Clean,
    /// Links to other websites; only where every rule was asked.
    pub(super) external: Vec<External>,
}

impl Bodies for Spool {
    fn body<'r>(&self, slot: crate::model::BodySlot, room: &'r mut Vec<u8>) -> io::Result<Waiting<'r>> {
        let len = slot.html as usize + slot.parts as usize;
        Ok(Waiting { bytes: self.get(Slot { at: slot.at, len }, room)?, split: slot.html as usize })
    }
}

/// Reads the portal at `options.root`; its converted `bodies` wait in `spool`. Files that are `known` to be clean are not
/// looked at again.
///
/// # Errors
/// Only when a body cannot be put away; faults of the content are in [`Loaded::findings`].
pub(super) fn load(
    options: &Options,
    (spool, bodies): (&Spool, documents::Bodies),
    known: &dyn Fn(Fingerprint) -> Clean,
    progress: &dyn Progress,
) -> Result<Loaded, Failed> {
    let mut sink = Vec::new();
    let root = &options.root;
    let Some((site, site_input)) = read_site(root, options.base_url.as_deref(), &mut sink) else {
        return Ok(Loaded {
            portal: None,
            theme: None,
            findings: sorted(sink),
            inputs: Vec::new(),
            clean: Clean::new(),
            external: Vec::new(),
        });
    };
    let known = known(site_input.1.unwrap_or_default());
    let mut clean = Clean::new();
    let mut inputs = vec![site_input];
    let kinds = read_kinds(root, &mut inputs, &mut sink);
    check_expectations(&site, &kinds, &mut sink);
    let theme = read_theme(root, &site, &mut inputs, &mut sink);
    let words = theme.as_ref().map(words).unwrap_or_default();
    let content = walk::list(root, "content", &mut sink);
    let kept = Kept::read(root, &mut inputs, &mut sink);
    let as_of = as_of(&options.as_of, &site.zone, &mut sink);
    let today = as_of.as_ref().map_or(CivilDate::LAST, Instant::date);
    let policy = site.policy.clone();
    let rules = options.asked.rules(&policy);
    let cx = documents::Context {
        root,
        site: &site,
        kinds: &kinds,
        words: &words,
        spool,
        bodies,
        rules: &rules,
        asked: options.asked,
        today,
        ledger: kept.as_ref().map(|k| &k.ledger),
    };
    progress.begin(Phase::Read, content.files.len());
    let (mut read, hashes) = documents::read(cx, &content, progress, &mut sink)?;
    let earlier = kept.as_ref().map(|kept| kept.lay_beside(cx, &content, &mut read, &mut sink)).transpose()?;
    let sealed = kept.zip(earlier).map(|(kept, files)| kept.into_sealed(files, read.broken.clone()));
    let hidden_drafts: Vec<_> = match options.drafts {
        Drafts::Hidden => read.drafts.clone(),
        Drafts::Shown => Vec::new(),
    };
    let allowances = std::mem::take(&mut read.allowances);
    let external = std::mem::take(&mut read.external);
    let portal = as_of.map(|as_of| {
        let scope = Scope { as_of, drafts: options.drafts };
        let documents::Read { reports, pages, broken, .. } = read;
        let files = &content.files;
        let mut portal = Portal::assemble(Parts { site, kinds, reports, pages, broken, files, scope }, &mut sink);
        portal.sealed = sealed;
        check::portal(&rules, &portal, &mut sink);
        let (found, untroubled) = attachments::judge(root, &portal, &rules, &known);
        sink.extend(found);
        clean = untroubled;
        portal
    });
    settle::weigh(&policy, &mut sink);
    if options.asked == Asked::Errors {
        // Rules that find several codes at one look tell only what stops the build.
        let judged: Vec<_> = check::codes().collect();
        sink.retain(|f| f.severity == Severity::Error || !judged.contains(&f.code));
    }
    // What is wrong with a draft that is not published does not keep the others from being published.
    for finding in sink.iter_mut().filter(|f| f.labels.first().is_some_and(|l| hidden_drafts.contains(&l.file))) {
        finding.severity = finding.severity.max(Severity::Warning);
    }
    let idle = if options.asked == Asked::All { Idle::Reported } else { Idle::Ignored };
    settle::allow(root, &allowances, idle, &mut sink);
    inputs.extend(content.files.into_iter().zip(hashes));
    Ok(Loaded { portal, theme, findings: sorted(sink), inputs, clean, external })
}

/// By file, then place, then code: the same order however many threads found them.
fn sorted(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |d: &Diagnostic| {
        let first = d.labels.first();
        let at = match first.map(|l| &l.place) {
            Some(Place::Bytes(range)) => range.start,
            _ => 0,
        };
        (first.map(|l| l.file.clone()), at, d.code)
    };
    findings.sort_by_cached_key(key);
    findings
}

/// Reads only the site and the kinds of the portal at `root`.
///
/// # Errors
/// Their faults.
pub fn site_and_kinds(root: &Path) -> Result<(Site, Vec<Kind>), Vec<Diagnostic>> {
    let mut sink = Vec::new();
    let site = read_site(root, None, &mut sink);
    let kinds = read_kinds(root, &mut Vec::new(), &mut sink);
    match site {
        Some((site, _)) if !has_errors(&sink) => Ok((site, kinds)),
        _ => Err(sink),
    }
}

pub(super) fn read_site(
    root: &Path,
    base_url: Option<&str>,
    sink: &mut Vec<Diagnostic>,
) -> Option<(Site, (Entry, Option<Fingerprint>))> {
    let path = root.join(site::FILE);
    if !path.exists() {
        let message = Message::new("site.none").with("root", root.display());
        sink.push(
            Diagnostic::new(Code::File015, message).at(site::FILE, Place::Whole).help(Message::new("site.none.help")),
        );
        return None;
    }
    let stat = std::fs::metadata(&path).map(|m| Stat::of(&m)).unwrap_or_default();
    let text = file::read(root, site::FILE, bounds::YAML_BYTES, sink)?;
    let block = yaml::Block { file: site::FILE, text: &text.text, offset: text.offset };
    let map = yaml::mapping(block, sink)?;
    let site = Site::read(&map, base_url, sink)?;
    Some((site, (Entry { path: site::FILE.into(), stat }, Some(text.hash))))
}

/// The built-in kinds, and the portal's own, which replace built-in ones of the same name.
fn read_kinds(root: &Path, inputs: &mut Vec<(Entry, Option<Fingerprint>)>, sink: &mut Vec<Diagnostic>) -> Vec<Kind> {
    let mut kinds: BTreeMap<usize, Kind> = BTreeMap::new();
    let mut add = |id: KindId, file: &str, text: &str, offset: usize, sink: &mut Vec<Diagnostic>| {
        let map = yaml::mapping(yaml::Block { file, text, offset }, sink);
        if let Some(kind) = map.and_then(|map| Kind::read(id.clone(), file, &map, sink)) {
            let at = kinds.iter().find(|(_, k)| k.id == id).map_or(kinds.len(), |(at, _)| *at);
            kinds.insert(at, kind);
        }
    };
    for (id, text) in Kind::built_in() {
        if let Some(id) = KindId::new(id) {
            let file = format!("kinds/{id}.yaml");
            add(id, &file, text, 0, sink);
        }
    }
    let Tree { files } = walk::list(root, "kinds", sink);
    for entry in files {
        let id = entry.path.strip_prefix("kinds/").and_then(|p| p.strip_suffix(".yaml"));
        let Some(id) = id.and_then(KindId::new) else {
            let finding = Diagnostic::new(Code::File014, Message::new("kind.file")).at(&entry.path, Place::Whole);
            sink.push(finding.help(Message::new("kind.file.help")));
            continue;
        };
        let text = file::read(root, &entry.path, bounds::YAML_BYTES, sink);
        if let Some(text) = &text {
            add(id, &entry.path, &text.text, text.offset, sink);
        }
        inputs.push((entry, text.map(|t| t.hash)));
    }
    kinds.into_values().collect()
}

/// Every kind that a body owes is a kind.
fn check_expectations(site: &Site, kinds: &[Kind], sink: &mut Vec<Diagnostic>) {
    for body in &site.organizations {
        for (index, id) in body.expects.iter().enumerate().filter(|(_, id)| !kinds.iter().any(|k| k.id == **id)) {
            let names = ["organizations", body.id.as_str(), "expects"].map(|n| Key::Name(n.to_string()));
            let place = Place::Value(names.into_iter().chain([Key::Index(index)]).collect());
            let known: Vec<_> = kinds.iter().map(|k| k.id.as_str()).collect();
            let help = Message::new("report.kind.help").with("known", known.join(", ")).with("id", id);
            let message = Message::new("report.kind").with("id", id);
            sink.push(Diagnostic::new(Code::Yaml001, message).at(site::FILE, place).help(help));
        }
    }
}

pub(super) fn read_theme(
    root: &Path,
    site: &Site,
    inputs: &mut Vec<(Entry, Option<Fingerprint>)>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Theme> {
    let folder = format!("themes/{}", site.theme);
    let mut own = Vec::new();
    for entry in walk::list(root, &folder, sink).files {
        if entry.stat.size > bounds::TEMPLATE_BYTES && entry.path.starts_with(&format!("{folder}/templates/")) {
            sink.push(file::too_large(&entry.path, bounds::TEMPLATE_BYTES));
            continue;
        }
        match std::fs::read(root.join(&entry.path)) {
            Ok(bytes) => {
                let hash = Fingerprint::of(&bytes);
                let path = entry.path[folder.len() + 1..].to_string();
                own.push(ThemeFile { path, file: entry.path.clone(), bytes });
                inputs.push((entry, Some(hash)));
            }
            Err(error) => sink.push(file::unreadable(&entry.path, &error)),
        }
    }
    Theme::assemble(&site.theme, own, &site.language, sink)
}

/// The words that bodies themselves need.
pub(super) fn words(theme: &Theme) -> Words {
    let word = |key| theme.labels.get(key).to_string();
    Words {
        footnotes: word("body.footnotes"),
        footnote_reference: word("body.footnote_reference"),
        back_to_reference: word("body.back_to_reference"),
        task_done: word("body.task_done"),
        task_open: word("body.task_open"),
        table: word("body.table"),
    }
}

/// The moment of the build: a time, or a date, which means its first moment.
fn as_of(given: &AsOf, zone: &Zone, sink: &mut Vec<Diagnostic>) -> Option<Instant> {
    let read = match given {
        AsOf::Unix(seconds) => Instant::from_unix(*seconds, zone),
        AsOf::Text(text) => {
            Instant::parse(text, zone).or_else(|| CivilDate::parse(text).and_then(|d| Instant::start_of(d, zone)))
        }
    };
    if read.is_none() {
        let message = Message::new("build.as_of");
        sink.push(Diagnostic::new(Code::Yaml001, message));
    }
    read
}
