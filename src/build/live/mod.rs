//! A portal that is kept in memory and follows its folder. In: paths that may have changed. Out: a [`Snapshot`], which
//! is complete, never changes, and makes the files of the section when they are asked for.
//!
//! What is dear (reading, decoding and converting a document) is done again only for the documents that changed; what is
//! cheap (putting the portal together, and what only the whole can tell) is done anew each time. There is no graph of
//! what depends on what, so none can be wrong: the files are those of a clean build.

mod listing;
mod record;
mod shelf;
mod snapshot;
mod verdict;

pub use snapshot::{Content, Snapshot};
pub use verdict::{Inspected, Verdict};

use super::bodies::{self, Shelf};
use super::documents::{self, Context, Document, Outcome};
use super::grounds::Grounds;
use super::kept;
use super::load::{as_of, sorted};
use super::options::{AsOf, Failed, Options, Phase, Progress};
use crate::base::{CivilDate, Fingerprint, Instant};
use crate::check::settle::{self, Allowance, Idle};
use crate::check::{Asked, Rule};
use crate::diag::Diagnostic;
use crate::markdown::Words;
use crate::model::portal::Scope;
use crate::model::{Parts, Portal, Report, ledger};
use crate::source::Entry;
use crate::write::Spool;
use listing::Listing;
use rayon::prelude::*;
use shelf::{Body, Memory, Stored};
use snapshot::{Dress, Whole};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What may have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were written, made, moved or removed, from the portal's root, `/`-separated.
    pub paths: BTreeSet<String>,
    /// Whether folders changed or notices were lost, so that the whole folder is to be listed again.
    pub listing: Relist,
}

/// Whether the portal's folder is listed again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Relist {
    /// Only the named files are looked at.
    #[default]
    Named,
    /// Everything is listed, and what differs in size, times or inode is read again.
    Everything,
}

/// From so many named files on, listing the folder costs less than looking at each.
const NAMED: usize = 256;

/// A document as it was last read.
#[derive(Debug)]
struct Kept {
    outcome: Outcome,
    body: Option<Body>,
}

/// A portal in memory.
pub struct Live {
    options: Options,
    pool: rayon::ThreadPool,
    listing: Listing,
    grounds: Option<Arc<Grounds>>,
    /// What is wrong with site, kinds and theme.
    faults: Vec<Diagnostic>,
    /// The words with which the kept bodies were converted.
    words: Words,
    today: CivilDate,
    kept: BTreeMap<String, Arc<Kept>>,
    memory: Memory,
    /// The ledger, and what is kept of earlier versions.
    record: Option<Arc<kept::Kept>>,
    /// What is wrong with them.
    record_faults: Vec<Diagnostic>,
    /// The ledger's own bytes, by which a change of it is told.
    record_inputs: Vec<(Entry, Option<Fingerprint>)>,
    /// Where the bodies of the last reading of everything wait, and on the disk of which folder.
    spool: Option<Arc<Spool>>,
    scratch: PathBuf,
    dress: Option<Dress>,
    snapshot: Arc<Snapshot>,
}

impl Live {
    /// Reads the portal at `options.root`. A portal that cannot be read is a snapshot with findings. Converted bodies wait
    /// in `scratch`, in a file without a name.
    ///
    /// # Errors
    /// What the world refuses.
    pub fn open(options: Options, scratch: &Path, progress: &dyn Progress) -> Result<Self, Failed> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).stack_size(8 << 20).build();
        let pool = threads.map_err(|e| Failed::Io(options.root.clone(), std::io::Error::other(e)))?;
        let mut live = Self {
            snapshot: Arc::new(Snapshot::empty(&options.root)),
            options,
            pool,
            listing: Listing::default(),
            grounds: None,
            faults: Vec::new(),
            words: Words::default(),
            today: CivilDate::LAST,
            kept: BTreeMap::new(),
            memory: Memory::default(),
            record: None,
            record_faults: Vec::new(),
            record_inputs: Vec::new(),
            spool: None,
            scratch: scratch.to_path_buf(),
            dress: None,
        };
        let moment = live.options.as_of.clone();
        let all = Changes { listing: Relist::Everything, ..Changes::default() };
        live.follow(&all, moment, progress)?;
        Ok(live)
    }

    /// The portal as it was last read.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot)
    }

    /// The folders and files on which the portal depends, from its root.
    pub fn watched(&self) -> Vec<String> {
        let mut out: Vec<String> = ["content", "kinds", ledger::KEPT, ledger::FILE].map(String::from).into();
        out.extend(self.grounds.as_ref().map(|g| format!("themes/{}", g.site.theme)));
        out.push(crate::model::site::FILE.to_string());
        out
    }

    /// Whether nothing would change if the portal were shown for another moment.
    pub fn is_current(&self, moment: &AsOf) -> bool {
        if *moment == self.options.as_of {
            return true;
        }
        let (Some(grounds), Some(whole)) = (&self.grounds, &self.snapshot.whole) else { return true };
        let Some(at) = as_of(moment, &grounds.site.zone, &mut Vec::new()) else { return true };
        let (from, until) = whole.portal.valid;
        at.date() == self.today && (from..until).contains(&at.unix())
    }

    /// Reads again what changed, for a moment.
    ///
    /// # Errors
    /// What the world refuses.
    pub fn follow(&mut self, changes: &Changes, moment: AsOf, progress: &dyn Progress) -> Result<(), Failed> {
        self.options.as_of = moment;
        let everything = changes.listing == Relist::Everything || changes.paths.len() > NAMED;
        let in_content = |path: &&String| path.starts_with("content/");
        let mut dirty = Dirty::Named;
        if everything || self.grounds.is_none() || !changes.paths.iter().all(|p| in_content(&p)) {
            self.read_grounds(&mut dirty);
            self.read_record(&mut dirty);
        }
        let Some(grounds) = self.grounds.clone() else {
            self.snapshot = Arc::new(self.snapshot.with_faults(sorted(self.faults.clone())));
            return Ok(());
        };
        let mut sink = Vec::new();
        let moment = as_of(&self.options.as_of, &grounds.site.zone, &mut sink);
        let today = moment.as_ref().map_or(CivilDate::LAST, Instant::date);
        if today != self.today {
            // Rules compare dates with the day of the build.
            (self.today, dirty) = (today, Dirty::Everything);
        }
        let named = changes.paths.iter().filter(in_content);
        let root = &self.options.root;
        let listed = if everything {
            self.pool.install(|| self.listing.relist(root, named))
        } else {
            self.pool.install(|| self.listing.look_at(root, named))
        };
        let known: BTreeSet<String> = match dirty {
            Dirty::Named => listed,
            Dirty::Everything => {
                // Where there is no disk for it, everything is kept in memory.
                self.spool = Spool::new(&self.scratch).ok().map(Arc::new);
                self.listing.files().iter().map(|e| e.path.clone()).chain(listed).collect()
            }
        };
        let spool = self.spool.clone().filter(|_| matches!(dirty, Dirty::Everything));
        self.read_documents(&grounds, &known, spool.as_deref(), progress)?;
        if let Some(as_of) = moment {
            self.assemble(&grounds, as_of, sink)?;
        }
        Ok(())
    }

    /// Reads site, kinds and theme again. What of them is broken stays as it last was.
    fn read_grounds(&mut self, dirty: &mut Dirty) {
        self.faults.clear();
        let base_url = self.options.base_url.as_deref();
        let (root, faults) = (&self.options.root, &mut self.faults);
        let Some(mut now) = self.pool.install(|| Grounds::read(root, base_url, faults)) else { return };
        let before = self.grounds.take();
        if now.theme.is_none()
            && let Some(before) = &before
        {
            (now.theme, now.words) = (before.theme.clone(), before.words.clone());
        }
        let decisive = |grounds: &Grounds| -> Vec<_> {
            let theme = |path: &str| path.starts_with("themes/");
            grounds.inputs.iter().filter(|(e, _)| !theme(&e.path)).map(|(e, hash)| (e.path.clone(), *hash)).collect()
        };
        let same = before.as_ref().is_some_and(|b| decisive(b) == decisive(&now)) && self.words == now.words;
        if let Some(before) = before.filter(|_| same) {
            // The same words in the same files: what was decoded by them is shared further.
            (now.site, now.kinds) = (Arc::clone(&before.site), Arc::clone(&before.kinds));
        } else {
            *dirty = Dirty::Everything;
        }
        self.words = now.words.clone();
        self.grounds = Some(Arc::new(now));
    }

    fn context<'c>(&'c self, grounds: &'c Grounds, shelf: &'c dyn Shelf, rules: &'c [&'static Rule]) -> Context<'c> {
        Context {
            root: &self.options.root,
            site: &grounds.site,
            kinds: &grounds.kinds,
            words: &grounds.words,
            shelf,
            bodies: bodies::Bodies::All,
            rules,
            asked: Asked::Errors,
            today: self.today,
            ledger: self.record.as_ref().map(|r| r.ledger.as_ref()),
        }
    }

    /// Reads the documents among `paths` again, and forgets those that are gone; bodies go to `spool`, else into memory.
    fn read_documents(
        &mut self,
        grounds: &Grounds,
        paths: &BTreeSet<String>,
        spool: Option<&Spool>,
        progress: &dyn Progress,
    ) -> Result<(), Failed> {
        let documents: Vec<&String> = paths.iter().filter(|p| p.ends_with(".md")).collect();
        let rules = Asked::Errors.rules(&grounds.site.policy);
        let cx = self.context(grounds, spool.map_or(&self.memory as &dyn Shelf, |spool| spool), &rules);
        progress.begin(Phase::Read, documents.len());
        let (listing, memory) = (&self.listing, &self.memory);
        let one = |path: &&String| -> std::io::Result<(String, Option<Arc<Kept>>)> {
            progress.step();
            if !listing.holds(path) {
                return Ok(((*path).clone(), None));
            }
            let mut outcome = documents::one(cx, path)?;
            settle_document(cx, path, &mut outcome);
            let slot = match &outcome.document {
                Some(Document::Report(report, _)) => Some(report.body),
                Some(Document::Page(page)) => Some(page.body),
                None => None,
            };
            let body = slot.and_then(|slot| memory.take(slot));
            Ok(((*path).clone(), Some(Arc::new(Kept { outcome, body }))))
        };
        let read = self.pool.install(|| documents.par_iter().with_max_len(super::SHARE).map(one).collect());
        let read: Vec<(String, Option<Arc<Kept>>)> =
            Result::map_err(read, |error| Failed::Io(self.options.root.clone(), error))?;
        progress.end();
        for (path, kept) in read {
            match kept {
                Some(kept) => self.kept.insert(path, kept),
                None => self.kept.remove(&path),
            };
        }
        // Bodies that nobody took belong to documents that could not be read.
        self.memory.clear();
        Ok(())
    }

    /// Puts the portal together from what is kept.
    fn assemble(&mut self, grounds: &Arc<Grounds>, as_of: Instant, sink: Vec<Diagnostic>) -> Result<(), Failed> {
        let faults = [&self.faults, &self.record_faults, self.listing.faults()].concat();
        let mut findings = [sink, faults].concat();
        let (mut reports, mut pages, mut broken) = (Vec::with_capacity(self.kept.len()), Vec::new(), Vec::new());
        let mut bodies = Vec::with_capacity(self.kept.len());
        let mut allowances: BTreeMap<String, Vec<Allowance>> = BTreeMap::new();
        for (path, kept) in &self.kept {
            let outcome = &kept.outcome;
            findings.extend(outcome.findings.iter().cloned());
            bodies.extend(kept.body.clone());
            if !outcome.allowances.is_empty() {
                allowances.insert(path.clone(), outcome.allowances.clone());
            }
            match &outcome.document {
                Some(Document::Report(report, declared)) => reports.push((Arc::clone(report), Arc::clone(declared))),
                Some(Document::Page(page)) => pages.push((**page).clone()),
                None => broken.extend(path.strip_prefix("content/").and_then(crate::markdown::page_of)),
            }
        }
        let scope = Scope { as_of, drafts: self.options.drafts };
        let (site, kinds) = (Arc::clone(&grounds.site), Arc::clone(&grounds.kinds));
        let files = self.listing.files();
        let mut whole = Vec::new();
        let sealed = self.lay_record(grounds, &mut reports, (&broken, &mut bodies), &mut whole)?;
        let parts = Parts { site, kinds, reports, pages, broken, files, scope };
        let mut portal = self.pool.install(|| Portal::assemble(parts, &mut whole));
        portal.sealed = sealed;
        self.share(&portal);
        settle_some(&self.options.root, &allowances, &mut whole);
        findings.extend(whole);
        settle::weigh(&grounds.site.policy, &mut findings);
        bodies.sort_unstable_by_key(|(at, _)| *at);
        let dress = grounds.theme.as_ref().map(|theme| Dress::of(theme, &portal, self.dress.as_ref()));
        let dress = match dress {
            Some(Ok(dress)) => Some(dress),
            Some(Err(found)) => {
                findings.extend(found);
                self.dress.clone()
            }
            None => self.dress.clone(),
        };
        self.dress.clone_from(&dress);
        let whole = dress.map(|dress| {
            let bodies = Stored { spool: self.spool.clone(), memory: bodies };
            Arc::new(Whole::new(&self.options.root, grounds, (portal, dress), bodies, allowances, self.today))
        });
        self.snapshot = Arc::new(self.snapshot.next(whole, sorted(findings)));
        Ok(())
    }

    /// Keeps the reports as the portal has them, with their attachments and histories: the next one need not find them
    /// anew, nor copy every report that the ledger knows.
    fn share(&mut self, portal: &Portal) {
        let has_more = |r: &&Arc<Report>| !r.attachments.is_empty() || r.record.history.is_some();
        for report in portal.reports.iter().filter(|r| has_more(r) && !r.is_withdrawn()) {
            let Some(kept) = self.kept.get_mut(report.file.as_ref()) else { continue };
            if let Some(Document::Report(old, declared)) = &kept.outcome.document
                && !Arc::ptr_eq(old, report)
            {
                let outcome = kept.outcome.with(Document::Report(Arc::clone(report), Arc::clone(declared)));
                *kept = Arc::new(Kept { outcome, body: kept.body.clone() });
            }
        }
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("root", &self.options.root).field("documents", &self.kept.len()).finish()
    }
}

/// Which documents are read again.
enum Dirty {
    /// Those whose files changed.
    Named,
    /// All: what they are decoded by has changed.
    Everything,
}

/// Weighs the findings of a document, keeps what a build would tell, and marks what the document allows.
fn settle_document(cx: Context<'_>, path: &str, outcome: &mut Outcome) {
    let findings = &mut outcome.findings;
    settle::weigh(&cx.site.policy, findings);
    super::load::keep_what_stops(findings);
    if !outcome.allowances.is_empty() && !findings.is_empty() {
        let allowed = BTreeMap::from([(path.to_string(), outcome.allowances.clone())]);
        settle::allow(cx.root, &allowed, Idle::Ignored, findings);
    }
}

/// Marks what documents allow among findings about the whole; only documents that have such findings are read for it.
fn settle_some(root: &Path, allowances: &BTreeMap<String, Vec<Allowance>>, findings: &mut Vec<Diagnostic>) {
    let files: BTreeSet<&str> = findings.iter().filter_map(|f| Some(f.labels.first()?.file.as_str())).collect();
    let some: BTreeMap<_, _> =
        allowances.iter().filter(|(f, _)| files.contains(f.as_str())).map(|(f, a)| (f.clone(), a.clone())).collect();
    settle::allow(root, &some, Idle::Ignored, findings);
}
