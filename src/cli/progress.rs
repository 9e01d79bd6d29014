//! A progress bar on a terminal, for builds that take over half a second.

use crate::base::Lang;
use crate::build::{Phase, Progress};
use crate::diag::Message;
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
