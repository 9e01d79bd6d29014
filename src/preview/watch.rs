//! What changed in the portal's folder. In: the system's notices. Out: one batch for what belongs together: a save, a rename
//! by which editors save, a checkout.

use super::{Clock, Refused};
use crate::build::live::{Changes, Relist};
use crate::model::site;
use crate::source::walk::is_ignored;
use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// So long nothing else may come for a save to be whole: editors write, close and rename within a millisecond.
const QUIET: Duration = Duration::from_millis(4);
/// The same where the last notice says that a file is whole: it was closed, or renamed into its place.
const QUIET_WHOLE: Duration = Duration::from_millis(1);
/// From so many files on it is no save, but a checkout or a copy, …
const MANY: usize = 8;
/// … and these pause for longer.
const QUIET_MANY: Duration = Duration::from_millis(60);
/// A batch waits no longer for its end.
const LONGEST: Duration = Duration::from_millis(500);
/// After folders were made, files may have been put in before anybody watched: they are looked for once more.
const AGAIN: Duration = Duration::from_millis(200);
/// Without any change, the moment is looked at so often: reports come due.
const IDLE: Duration = Duration::from_secs(20);

/// The folders that are watched with all below them.
const FOLDERS: [&str; 3] = ["content", "kinds", "themes"];

/// Watches a portal's folder.
pub(super) struct Watcher {
    root: PathBuf,
    system: RecommendedWatcher,
    notices: Receiver<notify::Result<Event>>,
    again: bool,
    /// Whether the last notice says that its file is whole.
    whole: bool,
}

impl Watcher {
    /// Begins to watch.
    pub(super) fn new(root: &Path) -> Result<Self, Refused> {
        let refused = |error: notify::Error| Refused::Watch(error.to_string());
        let (sender, notices) = channel();
        let heard = move |notice: notify::Result<Event>| {
            if notice.as_ref().map_or(true, |event| matters(&event.kind)) {
                let _ = sender.send(notice);
            }
        };
        let mut system = notify::recommended_watcher(heard).map_err(refused)?;
        notify::Watcher::watch(&mut system, root, RecursiveMode::NonRecursive).map_err(refused)?;
        let mut watcher = Self { root: root.to_path_buf(), system, notices, again: false, whole: false };
        for folder in FOLDERS {
            if watcher.root.join(folder).is_dir() {
                watcher.watch(folder).map_err(refused)?;
            }
        }
        Ok(watcher)
    }

    fn watch(&mut self, folder: &str) -> notify::Result<()> {
        notify::Watcher::watch(&mut self.system, &self.root.join(folder), RecursiveMode::Recursive)
    }

    /// Waits for the next batch; one without paths when nothing has happened for a while. None when no more can come.
    pub(super) fn next(&mut self, clock: Clock) -> Option<Changes> {
        let mut changes = Changes::default();
        let first = self.notices.recv_timeout(if self.again { AGAIN } else { IDLE });
        match first {
            Ok(notice) => self.note(notice, &mut changes),
            Err(RecvTimeoutError::Timeout) => {
                if std::mem::take(&mut self.again) {
                    changes.listing = Relist::Everything;
                }
                return Some(changes);
            }
            Err(RecvTimeoutError::Disconnected) => return None,
        }
        let began = (clock.ticks)();
        while (clock.ticks)().saturating_sub(began) < LONGEST {
            let quiet = match changes.paths.len() {
                0..=MANY if self.whole => QUIET_WHOLE,
                0..=MANY => QUIET,
                _ => QUIET_MANY,
            };
            match self.notices.recv_timeout(quiet) {
                Ok(notice) => self.note(notice, &mut changes),
                Err(_) => break,
            }
        }
        Some(changes)
    }

    fn note(&mut self, notice: notify::Result<Event>, changes: &mut Changes) {
        let Ok(event) = notice else {
            // Notices were lost, or a folder went away while it was being watched.
            changes.listing = Relist::Everything;
            return;
        };
        if event.need_rescan() {
            changes.listing = Relist::Everything;
        }
        self.whole = makes_whole(&event.kind);
        for path in &event.paths {
            let Some(below) = path.strip_prefix(&self.root).ok() else { continue };
            let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
            let Some(top) = parts.first() else { continue };
            let ours = FOLDERS.contains(&top.as_str()) || (top == site::FILE && parts.len() == 1);
            if !ours || parts.iter().any(|name| is_ignored(name)) {
                continue;
            }
            if parts.len() == 1 && top != site::FILE {
                changes.listing = Relist::Everything;
                // Made anew, it is watched anew; gone, there is nothing to watch.
                let _ = self.watch(&top.clone());
            }
            if path.is_dir() {
                self.again = true;
            }
            changes.paths.insert(parts.join("/"));
        }
    }
}

/// Whether a file is whole after a notice.
fn makes_whole(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(access) => *access == AccessKind::Close(AccessMode::Write),
        EventKind::Modify(ModifyKind::Name(mode)) => matches!(mode, RenameMode::To | RenameMode::Both),
        _ => false,
    }
}

/// Whether a notice is about a change: that a file was read is none.
fn matters(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write))
}
