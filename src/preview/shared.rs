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
    pages: Mutex<Pages>,
}

/// Pages as they were last made without fault, those asked for last at the end.
#[derive(Debug, Default)]
struct Pages(VecDeque<Sent>);

/// A page, and what was sent of it for which state, newest last.
#[derive(Debug)]
struct Sent {
    path: SitePath,
    states: VecDeque<(String, Arc<[u8]>)>,
}

/// So many pages are remembered, …
const PAGES: usize = 32;
/// … each for so many states: browsers that lag behind get the whole page.
const STATES: usize = 4;

impl Pages {
    fn remember(&mut self, path: &SitePath, tick: &str, bytes: &[u8]) {
        let known = self.0.iter().position(|page| page.path == *path).and_then(|at| self.0.remove(at));
        let mut page = known.unwrap_or_else(|| Sent { path: path.clone(), states: VecDeque::new() });
        // What did not change is held once, whatever states it stood for.
        let same = page.states.iter().rfind(|(_, held)| **held == *bytes).map(|(_, held)| Arc::clone(held));
        page.states.retain(|(held, _)| held != tick);
        page.states.push_back((tick.to_string(), same.unwrap_or_else(|| Arc::from(bytes))));
        while page.states.len() > STATES {
            page.states.pop_front();
        }
        self.0.push_back(page);
        while self.0.len() > PAGES {
            self.0.pop_front();
        }
    }

    /// A page as it was sent for the newest state that `fits`.
    fn sent(&self, path: &SitePath, fits: impl Fn(&str) -> bool) -> Option<Arc<[u8]>> {
        let page = self.0.iter().find(|page| page.path == *path)?;
        page.states.iter().rfind(|(tick, _)| fits(tick)).map(|(_, bytes)| Arc::clone(bytes))
    }
}

/// What a request sees.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) snapshot: Arc<Snapshot>,
    /// The last state without errors, so that there is a page to show behind them.
    pub(super) good: Option<Arc<Snapshot>>,
    /// Whether the rules that take longer found an error in this state.
    faulty: bool,
    /// What the rules that take longer found, of this state or the one before.
    pub(super) verdict: Option<Arc<Verdict>>,
}

impl Shared {
    pub(super) fn new(snapshot: Arc<Snapshot>, session: &str) -> Self {
        let good = snapshot.is_good().then(|| Arc::clone(&snapshot));
        let state = Mutex::new(View { snapshot, good, faulty: false, verdict: None });
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
        // What was shown until now is what its writer looks for behind an error, judged or not.
        if state.snapshot.is_good() && !state.faulty {
            state.good = Some(Arc::clone(&state.snapshot));
        } else if state.good.is_none() && snapshot.is_good() {
            state.good = Some(Arc::clone(&snapshot));
        }
        state.snapshot = snapshot;
        state.faulty = false;
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
        state.faulty = verdict.findings.iter().any(Diagnostic::stops);
        if state.snapshot.is_good() && !state.faulty {
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

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a page as it was made without fault.
    pub(super) fn remember(&self, path: &SitePath, tick: &str, bytes: &[u8]) {
        self.pages().remember(path, tick, bytes);
    }

    /// A page as it was last made without fault.
    pub(super) fn last_page(&self, path: &SitePath) -> Option<Arc<[u8]>> {
        self.pages().sent(path, |_| true)
    }

    /// A page as it was sent for a state, where that is remembered.
    pub(super) fn sent(&self, path: &SitePath, tick: &str) -> Option<Arc<[u8]>> {
        self.pages().sent(path, |held| held == tick)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_changes_often_makes_no_other_one_forgotten() {
        let (quiet, busy) = (SitePath::of("2023/index.html"), SitePath::of("2024/index.html"));
        let mut pages = Pages::default();
        pages.remember(&quiet, "1-0", b"quiet");
        for tick in 0..PAGES * 2 {
            pages.remember(&busy, &format!("1-{tick}"), format!("busy {}", tick / 2).as_bytes());
        }
        assert_eq!(pages.sent(&quiet, |_| true).as_deref(), Some(b"quiet".as_slice()));
        assert_eq!(pages.sent(&busy, |_| true).as_deref(), Some(b"busy 31".as_slice()));
        assert_eq!(pages.sent(&busy, |tick| tick == "1-60").as_deref(), Some(b"busy 30".as_slice()));
        assert_eq!(pages.sent(&busy, |tick| tick == "1-59"), None, "of one page only the last few states are kept");
        for other in 0..PAGES {
            pages.remember(&SitePath::of(format!("{other}.html")), "1-64", b"other");
        }
        assert_eq!(pages.sent(&quiet, |_| true), None, "and of all pages those asked for last");
    }
}
