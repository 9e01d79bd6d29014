//! The pipeline, top to bottom: load → assemble → plan → render → write. The one place where the rooms meet.
//! In: where the portal is, where its section goes, and the moment it is built for. Out: what was done, or why not.

mod attachments;
mod bodies;
mod check;
mod documents;
mod fresh;
mod grounds;
mod hosting;
mod kept;
pub mod live;
mod load;
mod options;
mod pages;
mod precompress;
mod ready;
mod schedule;
mod section;
mod standing;
mod state;
mod year;

pub use check::{Checked, Judged, check, judge};
pub use documents::External;
pub use grounds::site_and_kinds;
pub use hosting::site_and_theme;
pub use kept::STRAY;
pub use load::Loaded;
pub use options::{AsOf, Failed, Options, Phase, Progress, Silent, Summary};
pub use ready::Ready;
pub use schedule::{Due, Schedule, schedule};
pub use section::{Section, with_section};
pub use standing::{Freshness, Held, hold};
pub use year::{Take, Year};

use crate::base::{Artefact, SitePath};
use crate::diag::Diagnostic;
use crate::render::{self, Failure, Room};
use crate::write::{Content, Known, Lock, Output, Spool, WriteError};
use precompress::Copies;
use rayon::prelude::*;
use state::State;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Builds a section.
///
/// # Errors
/// Every finding of the run when one of them is an error; then nothing is written. Or what the world refused.
pub fn build(options: &Options, progress: &dyn Progress) -> Result<Summary, Failed> {
    in_pool(options, || run(options, progress))
}

/// Runs `work` on as many threads as were asked for, each with room for deeply nested text.
fn in_pool<T: Send>(options: &Options, work: impl FnOnce() -> Result<T, Failed> + Send) -> Result<T, Failed> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).stack_size(8 << 20).build();
    let pool = threads.map_err(|e| Failed::Io(options.root.clone(), std::io::Error::other(e)))?;
    pool.install(work)
}

fn run(options: &Options, progress: &dyn Progress) -> Result<Summary, Failed> {
    let places = state::Places::of(&options.out)?;
    let _lock = Lock::take(&places.lock)?.ok_or(Failed::Busy)?;
    let before = State::read(&places.state);
    if let Some(state) = &before
        && fresh::is_fresh(options, state)
    {
        return Ok(Summary {
            fresh: true,
            kept: state.outputs.len(),
            reports: state.reports,
            findings: state.warnings.clone(),
            ..Summary::default()
        });
    }
    let spool = Spool::new(&places.folder).map_err(|e| Failed::Io(places.folder.clone(), e))?;
    let known = |site| before.as_ref().map(|s| s.clean_for(options, site)).unwrap_or_default();
    let ready = Ready::read(options, (&spool, &places.folder), &known, progress)?;
    let Ready { portal, theme, subjects, findings, .. } = &ready;
    let mut paths: Vec<SitePath> = subjects.iter().flat_map(|s| s.paths(portal)).collect();
    paths.extend(theme.assets.iter().map(|(_, a)| a.path.clone()));
    paths.extend(portal.assets.iter().map(|a| a.path.clone()));
    paths.extend(portal.kept_files().iter().map(|(path, _)| path.clone()));
    let nothing = Known::new();
    let same = before.as_ref().filter(|s| s.told == state::told(options));
    let copies = Copies::plan(&portal.site.hosting, same, &mut paths);
    let known = before.as_ref().map_or(&nothing, |s| &s.outputs);
    // From here on the last state is wrong, whatever happens.
    State::forget(&places.state)?;
    let output = Output::open(&options.out, &paths, known, &places.folder).map_err(|e| with(findings, e))?;
    progress.begin(Phase::Render, subjects.len());
    if let Err(failed) = fill(options, (&ready, &spool), (&output, &copies), progress) {
        output.abandon()?;
        return Err(match failed {
            Failed::Findings(more) => Failed::Findings([findings.as_slice(), &more].concat()),
            other => other,
        });
    }
    progress.begin(Phase::Write, 0);
    // What was read is noted, and the spool given back, while the tree comes into force.
    let told = || {
        drop(spool);
        state::before(options, &ready)
    };
    let (committed, mut state) = rayon::join(|| output.commit(), told);
    let (counts, outputs) = committed.map_err(|e| with(findings, e))?;
    progress.end();
    state::after(&outputs, &mut state);
    // A state that cannot be kept costs the next build time, nothing else.
    let _ = state::write(&places.state, &state);
    Ok(Summary {
        fresh: false,
        reports: portal.reports.len(),
        created: counts.created,
        replaced: counts.replaced,
        kept: counts.kept,
        removed: counts.removed,
        findings: findings.clone(),
        built: Some(Box::new(ready)),
    })
}

/// Most documents that a thread takes at once: without a bound the last thread is left with a thousand while the
/// others wait, a twentieth of a build on two cores.
const SHARE: usize = 32;

/// Renders every subject and offers what it becomes.
fn fill(
    options: &Options,
    (ready, spool): (&Ready, &Spool),
    (output, copies): (&Output<'_>, &Copies<'_>),
    progress: &dyn Progress,
) -> Result<(), Failed> {
    let findings: Mutex<BTreeMap<String, Diagnostic>> = Mutex::default();
    let offer = |artefact: &Artefact| {
        copies.offer(output, artefact.path.clone(), Content::Bytes(&artefact.bytes, artefact.sha256))
    };
    ready.subjects.par_iter().enumerate().with_max_len(SHARE).try_for_each_init(
        Room::default,
        |room, (at, subject)| {
            if let Some(made) = ready.made.get(&at) {
                made.iter().try_for_each(offer)?;
                progress.step();
                return Ok(());
            }
            match render::produce(ready.world(), &ready.engine, spool, subject, room) {
                Ok(artefacts) => {
                    for artefact in artefacts {
                        offer(&artefact)?;
                        room.take_back(artefact);
                    }
                }
                Err(Failure::Finding(finding)) => {
                    // One slip in a template fails every page: it is said once.
                    let key = format!("{:?}{:?}", finding.message, finding.labels);
                    let mut findings = findings.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    findings.insert(key, *finding);
                }
                Err(Failure::Io(error)) => return Err(Failed::Io(options.out.clone(), error)),
            }
            progress.step();
            Ok(())
        },
    )?;
    let findings = findings.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !findings.is_empty() {
        return Err(Failed::Findings(findings.into_values().collect()));
    }
    for (_, artefact) in &ready.theme.assets {
        copies.offer(output, artefact.path.clone(), Content::Bytes(&artefact.bytes, None))?;
    }
    ready.portal.kept_files().par_iter().try_for_each(|(path, file)| {
        copies.offer(output, path.clone(), Content::File(&options.root.join(file))).map_err(Failed::from)
    })?;
    ready.portal.assets.par_iter().try_for_each(|asset| {
        let source = options.root.join("content").join(asset.path.as_str());
        copies.offer(output, asset.path.clone(), Content::File(&source)).map_err(Failed::from)
    })
}

/// A failure to write, with the findings of the run so far.
fn with(findings: &[Diagnostic], error: WriteError) -> Failed {
    match error {
        WriteError::Findings(more) => Failed::Findings([findings.to_vec(), more].concat()),
        WriteError::Io(path, error) => Failed::Io(path, error),
    }
}
