//! Reads a portal: site, kinds, theme, documents; in parallel, every fault of the run at once.

use super::attachments::{self, Clean};
use super::documents::{self, External};
use super::grounds::Grounds;
use super::kept::Kept;
use super::options::{AsOf, Failed, Options, Phase, Progress};
use crate::base::{CivilDate, Fingerprint, Instant, Zone};
use crate::check::settle::{self, Idle};
use crate::check::{self, Asked};
use crate::diag::{Code, Diagnostic, Message, Place, Severity};
use crate::model::portal::{Drafts, Scope};
use crate::model::{Parts, Portal};
use crate::render::{Bodies, Theme, Waiting};
use crate::source::{Entry, walk};
use crate::write::{Slot, Spool};
use std::io;
use std::sync::Arc;

/// A portal that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The portal; none when `site.yaml` itself cannot be read.
    pub portal: Option<Portal>,
    /// Its theme; none when it cannot be put together.
    pub theme: Option<Arc<Theme>>,
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
    (spool, bodies): (&Spool, super::bodies::Bodies),
    known: &dyn Fn(Fingerprint) -> Clean,
    progress: &dyn Progress,
) -> Result<Loaded, Failed> {
    let root = &options.root;
    let (mut sink, mut listed) = (Vec::new(), Vec::new());
    let (grounds, content) = rayon::join(
        || Grounds::read(root, options.base_url.as_deref(), &mut sink),
        || walk::list(root, "content", &mut listed),
    );
    let Some(grounds) = grounds else {
        return Ok(Loaded {
            portal: None,
            theme: None,
            findings: sorted(sink),
            inputs: Vec::new(),
            clean: Clean::new(),
            external: Vec::new(),
        });
    };
    let Grounds { site, kinds, theme, words, mut inputs } = grounds;
    let known = known(inputs.first().and_then(|(_, hash)| *hash).unwrap_or_default());
    let mut clean = Clean::new();
    sink.extend(listed);
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
        shelf: spool,
        bodies,
        rules: &rules,
        asked: options.asked,
        today,
        ledger: kept.as_ref().map(|k| k.ledger.as_ref()),
    };
    progress.begin(Phase::Read, content.files.len());
    let (mut read, hashes) = documents::read(cx, &content, progress, &mut sink)?;
    let earlier =
        kept.as_ref().map(|kept| kept.lay_beside(cx, &content.files, &mut read.reports, &mut sink)).transpose()?;
    let sealed = kept.as_ref().zip(earlier).map(|(kept, files)| kept.sealed(files, read.broken.clone()));
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
        keep_what_stops(&mut sink);
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

/// Rules that find several codes at one look tell only what stops the build; rooms tell all.
pub(super) fn keep_what_stops(findings: &mut Vec<Diagnostic>) {
    let judged: Vec<_> = check::codes().collect();
    findings.retain(|f| f.severity == Severity::Error || !judged.contains(&f.code));
}

/// By file, then place, then code: the same order however many threads found them.
pub(super) fn sorted(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
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

/// The moment of the build: a time, or a date, which means its first moment.
pub(super) fn as_of(given: &AsOf, zone: &Zone, sink: &mut Vec<Diagnostic>) -> Option<Instant> {
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
