//! Carries a plan out on an open target: stage by stage, rank by rank, several files at a time, with the journal a step
//! behind what is done. In: a plan, the tree, the books. Out: books that say what stands. Retries what may pass.

use super::journal::{Books, Now};
use super::order;
use super::plan::{Plan, Stage, Step, batch};
use super::target::{Content, Failure, Session, Upload};
use super::watch::Watch;
use crate::base::{Sha256, SitePath, media};
use crate::diag::Message;
use rayon::prelude::*;
use std::fs::{self, File};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Files up to so many bytes are handed to a target in memory; larger ones are streamed.
pub const IN_MEMORY: u64 = 8 << 20;

/// Files that are on their way at the same time.
const AT_ONCE: usize = 8;

/// The journal is noted anew when so many parts of the work are done, besides the start of each stage.
const NOTES: u64 = 16;

/// What a file weighs beside its bytes: an empty one takes its time too.
const EACH: u64 = 4096;

/// How long to wait before trying again: five times, 15.5 seconds in all.
pub const WAITS: &[Duration] = &[
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// Does `work`, and does it again after each of `waits` as long as what failed may pass.
///
/// # Errors
/// The last failure.
pub fn patiently<T>(waits: &[Duration], work: impl Fn() -> Result<T, Failure>) -> Result<T, Failure> {
    for wait in waits {
        match work() {
            Err(Failure::Temporary(_)) => std::thread::park_timeout(*wait),
            result => return result,
        }
    }
    work()
}

/// Sizes every file that is to be sent, and holds it against its digest.
///
/// # Errors
/// The first file that is missing or differs, or that cannot be read.
pub fn weigh(plan: &mut Plan, tree: &Path) -> Result<(), Failure> {
    plan.send.par_iter_mut().try_for_each(|step| {
        let path = tree.join(step.path.as_str());
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => damaged(&path),
            _ => Failure::Permanent(world(&path, &error)),
        };
        let file = File::open(&path).map_err(failed)?;
        step.length = file.metadata().map_err(failed)?.len();
        let found = Sha256::of_reader(file).map_err(failed)?;
        if found == step.sha256 { Ok(()) } else { Err(damaged(&path)) }
    })
}

/// A sending in progress.
pub struct Sending<'a> {
    session: &'a dyn Session,
    tree: &'a Path,
    waits: &'a [Duration],
    watch: &'a dyn Watch,
    state: Mutex<State>,
    /// Weight between two notes.
    interval: u64,
}

struct State {
    books: Books,
    /// Weight done since the last note.
    unnoted: u64,
}

impl<'a> Sending<'a> {
    /// Prepares to carry out `plan` from the files of `tree`.
    pub fn new(
        session: &'a dyn Session,
        tree: &'a Path,
        waits: &'a [Duration],
        watch: &'a dyn Watch,
        books: Books,
        plan: &Plan,
    ) -> Self {
        let weight = plan.bytes() + EACH * (plan.send.len() + plan.remove.len()) as u64;
        let interval = (weight / NOTES).max(64 * EACH);
        Self { session, tree, waits, watch, state: Mutex::new(State { books, unnoted: 0 }), interval }
    }

    /// Carries the plan out, all but the manifest.
    ///
    /// # Errors
    /// The first failure that does not pass; what is done then stands in the journal.
    pub fn run(&self, plan: &Plan) -> Result<(), Failure> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build();
        let pool = pool.map_err(|e| Failure::Permanent(world(self.tree, &e)))?;
        for steps in plan.send.chunk_by(|a, b| a.stage == b.stage) {
            self.open(steps.iter().map(|s| {
                let now = if s.stage == Stage::Add { Now::Adding(s.sha256) } else { Now::Changing(s.sha256) };
                (s.path.clone(), now)
            }))?;
            for steps in steps.chunk_by(|a, b| a.rank == b.rank) {
                pool.install(|| steps.par_iter().with_max_len(1).try_for_each(|step| self.put(step)))?;
            }
        }
        if !plan.remove.is_empty() {
            self.open(plan.remove.iter().map(|path| (path.clone(), Now::Removing)))?;
        }
        for paths in plan.remove.chunk_by(|a, b| batch(a) == batch(b)) {
            pool.install(|| paths.par_iter().with_max_len(1).try_for_each(|path| self.remove(path)))?;
        }
        Ok(())
    }

    /// Notes what the next stage is about to touch.
    fn open(&self, touched: impl Iterator<Item = (SitePath, Now)>) -> Result<(), Failure> {
        let mut state = self.lock();
        state.books.touched.extend(touched);
        self.note(&mut state)
    }

    fn put(&self, step: &Step) -> Result<(), Failure> {
        send(self.session, self.tree, self.waits, &step.path, (step.sha256, step.length))?;
        self.watch.sent(step.length);
        self.done(step.path.clone(), Now::Is(step.sha256), step.length)
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        patiently(self.waits, || self.session.remove(path))?;
        self.watch.sent(0);
        self.done(path.clone(), Now::Gone, 0)
    }

    fn done(&self, path: SitePath, now: Now, bytes: u64) -> Result<(), Failure> {
        let mut state = self.lock();
        state.books.touched.insert(path, now);
        state.unnoted += bytes + EACH;
        if state.unnoted < self.interval { Ok(()) } else { self.note(&mut state) }
    }

    fn note(&self, state: &mut State) -> Result<(), Failure> {
        state.unnoted = 0;
        let text = state.books.journal();
        patiently(self.waits, || self.session.note(text.as_bytes()))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends one file of the tree, whose bytes are held against their digest once more.
fn send(
    session: &dyn Session,
    tree: &Path,
    waits: &[Duration],
    path: &SitePath,
    (sha256, length): (Sha256, u64),
) -> Result<(), Failure> {
    let full = tree.join(path.as_str());
    let bytes = match length {
        0..=IN_MEMORY => Some(fs::read(&full).map_err(|e| Failure::Permanent(world(&full, &e)))?),
        _ => None,
    };
    if bytes.as_ref().is_some_and(|b| Sha256::of(b) != sha256) {
        return Err(damaged(&full));
    }
    let content = bytes.as_deref().map_or(Content::File(&full), Content::Bytes);
    let upload = upload(path, content, length, sha256);
    patiently(waits, || session.put(&upload))
}

/// A file on its way, with what its path says of it.
pub fn upload<'a>(path: &'a SitePath, content: Content<'a>, length: u64, sha256: Sha256) -> Upload<'a> {
    let media_type = match content {
        Content::Bytes(bytes) => media::of_bytes(path.as_str(), bytes),
        Content::File(_) => media::of_path(path.as_str()),
    };
    Upload { path, content, length, sha256, media_type, cache: order::cache(path) }
}

fn damaged(path: &Path) -> Failure {
    Failure::Damaged(Message::new("publish.damaged").with("path", path.display()))
}

/// What the world refused, with the path.
pub(super) fn world(path: &Path, error: &dyn std::fmt::Display) -> Message {
    Message::new("world.failed").with("path", path.display()).with("error", error)
}
