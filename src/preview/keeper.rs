//! The two threads behind the server: one follows the folder, the other asks the rules that take longer once it is quiet.

use super::Clock;
use super::shared::Shared;
use super::watch::Watcher;
use crate::build::Silent;
use crate::build::live::{Changes, Inspected, Live};
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// So long after a save the rules wait that read the whole: first the browser gets its page.
const QUIET: Duration = Duration::from_millis(150);

/// Starts both; they end with the process.
pub(super) fn start(mut live: Live, mut watcher: Watcher, shared: Arc<Shared>, clock: Clock) -> io::Result<()> {
    let judge = Arc::clone(&shared);
    // Deeply nested text takes deep calls.
    let thread = || thread::Builder::new().stack_size(8 << 20);
    thread().name("judge".into()).spawn(move || {
        let (mut seen, mut known) = (0, Inspected::default());
        loop {
            let snapshot = judge.settled(seen, QUIET);
            seen = snapshot.generation;
            judge.judged(seen, snapshot.judge(&mut known));
        }
    })?;
    thread().name("keeper".into()).spawn(move || {
        while let Some(changes) = watcher.next(clock) {
            let moment = (clock.moment)();
            if changes == Changes::default() && live.is_current(&moment) {
                continue;
            }
            let before = live.snapshot().generation;
            // What cannot be read is a finding; a failure here would be one of memory, and the last state stays.
            if live.follow(&changes, moment, &Silent).is_ok() && live.snapshot().generation != before {
                shared.publish(live.snapshot());
            }
        }
    })?;
    Ok(())
}
