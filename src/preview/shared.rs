//! What requests see: one state of the portal at a time, whole. The keeper puts a new one in place, the judge adds what takes
//! longer to find, and whoever waits for news is told.

use crate::base::SitePath;
use crate::build::live::{Snapshot, Verdict};
use crate::diag::Diagnostic;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The states, and who waits for them.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<View>,
    newer: Condvar,
    /// How often something has changed that a page may show.
    tick: watch::Sender<u64>,
    session: String,
    pages: Mutex<VecDeque<Sent>>,
}

/// A page as it was last made without fault, and the state that it shows.
#[derive(Debug)]
struct Sent {
    path: SitePath,
    tick: String,
    bytes: Arc<[u8]>,
}

/// So many pages are remembered as they were last made.
const PAGES: usize = 32;

/// What a request sees.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) snapshot: Arc<Snapshot>,
    /// The last state without errors, so that there is a page to show behind them.
    pub(super) good: Option<Arc<Snapshot>>,
    /// What the rules that take longer found, of this state or the one before.
    pub(super) verdict: Option<Arc<Verdict>>,
}

impl Shared {
    pub(super) fn new(snapshot: Arc<Snapshot>, session: &str) -> Self {
        let good = snapshot.is_good().then(|| Arc::clone(&snapshot));
        let state = Mutex::new(View { snapshot, good, verdict: None });
        let tick = watch::Sender::new(0);
        Self { state, newer: Condvar::new(), tick, session: session.to_string(), pages: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, View> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state of now, and its name.
    pub(super) fn view(&self) -> (View, String) {
        let state = self.lock();
        let tick = self.name(*self.tick.borrow());
        (state.clone(), tick)
    }

    /// Puts a new state in place.
    pub(super) fn publish(&self, snapshot: Arc<Snapshot>) {
        let mut state = self.lock();
        // One that was judged as well is better; the first may not be yet.
        if state.good.is_none() && snapshot.is_good() {
            state.good = Some(Arc::clone(&snapshot));
        }
        state.snapshot = snapshot;
        self.tick.send_modify(|tick| *tick += 1);
        self.newer.notify_all();
    }

    /// Adds a verdict, unless there is a newer state; those who wait are told only where it says something new.
    pub(super) fn judged(&self, generation: u64, verdict: Verdict) {
        let mut state = self.lock();
        if state.snapshot.generation != generation {
            return;
        }
        let said = |v: &Verdict| format!("{:?}", v.findings);
        let news = state.verdict.as_ref().is_none_or(|v| said(v) != said(&verdict));
        if state.snapshot.is_good() && !verdict.findings.iter().any(Diagnostic::stops) {
            state.good = Some(Arc::clone(&state.snapshot));
        }
        state.verdict = Some(Arc::new(verdict));
        if news {
            self.tick.send_modify(|tick| *tick += 1);
        }
    }

    /// Waits for a state after `generation` that stays for `quiet`.
    pub(super) fn settled(&self, generation: u64, quiet: Duration) -> Arc<Snapshot> {
        let mut state = self.lock();
        loop {
            while state.snapshot.generation <= generation {
                state = self.newer.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let seen = state.snapshot.generation;
            let waited = self.newer.wait_timeout(state, quiet).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            if waited.1.timed_out() && state.snapshot.generation == seen {
                return Arc::clone(&state.snapshot);
            }
        }
    }

    /// Remembers a page as it was made without fault.
    pub(super) fn remember(&self, path: &SitePath, tick: &str, bytes: &[u8]) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        // One that did not change is held once, whatever states it stood for.
        let same = pages.iter().rfind(|p| p.path == *path && *p.bytes == *bytes).map(|p| Arc::clone(&p.bytes));
        pages.retain(|p| p.path != *path || p.tick != tick);
        let bytes = same.unwrap_or_else(|| Arc::from(bytes));
        pages.push_back(Sent { path: path.clone(), tick: tick.to_string(), bytes });
        while pages.len() > PAGES {
            pages.pop_front();
        }
    }

    /// A page as it was last made without fault.
    pub(super) fn last_page(&self, path: &SitePath) -> Option<Arc<[u8]>> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.iter().rfind(|p| p.path == *path).map(|p| Arc::clone(&p.bytes))
    }

    /// A page as it was sent for a state, where that is remembered.
    pub(super) fn sent(&self, path: &SitePath, tick: &str) -> Option<Arc<[u8]>> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.iter().rfind(|p| p.path == *path && p.tick == tick).map(|p| Arc::clone(&p.bytes))
    }

    /// Hears of every change.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.tick.subscribe()
    }

    /// What the state with this number is called.
    pub(super) fn name(&self, tick: u64) -> String {
        format!("{}-{tick}", self.session)
    }
}
