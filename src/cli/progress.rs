//! A progress bar on a terminal, for builds that take over half a second.

use super::{Session, publish::counted};
use crate::base::Lang;
use crate::base::media::human_size;
use crate::build::{Phase, Progress};
use crate::diag::Message;
use crate::publish::plan::{Plan, Stage};
use crate::publish::watch::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Shorter builds show nothing.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) struct Bar {
    bar: ProgressBar,
    lang: Lang,
    started: Instant,
    shown: AtomicBool,
}

impl Bar {
    pub(super) fn new(lang: Lang) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        // Off a terminal the bar counts as shown already, so that it never appears.
        Self { bar, lang, started: Instant::now(), shown: AtomicBool::new(!io::stderr().is_terminal()) }
    }

    fn show_late(&self) {
        if !self.shown.load(Ordering::Relaxed)
            && self.started.elapsed() > PATIENCE
            && !self.shown.swap(true, Ordering::Relaxed)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for Bar {
    fn begin(&self, phase: Phase, steps: usize) {
        let key = match phase {
            Phase::Read => "progress.read",
            Phase::Render => "progress.render",
            Phase::Write => "progress.write",
        };
        self.bar.set_message(Message::new(key).text(self.lang));
        self.bar.set_length(steps as u64);
        self.bar.set_position(0);
        self.show_late();
    }

    fn step(&self) {
        self.bar.inc(1);
        self.show_late();
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Most lines of a plan that are printed; the rest are counted.
const LISTED: usize = 200;

/// Tells what a publication will do, and shows bytes and the time that is left.
pub(super) struct Sent<'a> {
    session: &'a Session,
    bar: ProgressBar,
    /// Whether each file of the plan is told.
    lists: bool,
}

impl<'a> Sent<'a> {
    pub(super) fn new(session: &'a Session, lists: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {decimal_bytes}/{decimal_total_bytes} {eta}")
        {
            bar.set_style(style);
        }
        Self { session, bar, lists }
    }

    fn list(&self, plan: &Plan) {
        let sent = plan.send.iter().map(|s| {
            let mark = if s.stage == Stage::Add { '+' } else { '~' };
            format!("{mark} {:>10}  {}", human_size(s.length), s.path)
        });
        let removed = plan.remove.iter().map(|p| format!("- {:>10}  {p}", ""));
        let total = plan.send.len() + plan.remove.len();
        sent.chain(removed).take(LISTED).for_each(|line| self.session.out.line(&line));
        if total > LISTED {
            self.session.out.say(&Message::new("publish.more").with("count", total - LISTED));
        }
    }
}

impl Watch for Sent<'_> {
    fn planned(&self, plan: &Plan) {
        if self.lists {
            self.list(plan);
        } else if !plan.is_empty() {
            self.session.out.say(&counted(Message::new("publish.plan"), plan));
        }
    }

    fn opening(&self, address: &str) {
        self.bar.set_message(address.to_string());
    }

    fn begin(&self, files: usize, bytes: u64) {
        // A file without bytes is a step too.
        self.bar.set_length(bytes + files as u64);
        self.bar.set_position(0);
        if io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn sent(&self, bytes: u64) {
        self.bar.inc(bytes + 1);
    }

    fn verifying(&self, files: usize) {
        self.bar.finish_and_clear();
        self.session.out.say(&Message::new("publish.verifying").with("count", files));
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
