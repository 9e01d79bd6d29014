//! One publisher at a time changes a folder. The system lets go of the lock of a process that was killed; where it cannot
//! lock (some network mounts), the file itself is the lock, and one that was left behind must be taken over.

use super::super::target::{Failure, Hold};
use super::{failed, make_folder};
use crate::source::Stat;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// A folder that is taken.
pub(super) struct Taken {
    work: PathBuf,
    path: PathBuf,
    /// The folder, if it was made for this run.
    made: Option<PathBuf>,
    _file: File,
}

/// Another run may take the file away between our look and our hold; so often it is tried again.
const TRIES: usize = 20;

impl Taken {
    /// Takes the folder `root`, whose `work` folder this is. The folder itself is made, those above are not: a slip in the
    /// address makes no tree of folders.
    pub(super) fn take((root, work): (&Path, &Path), (who, since): (&str, &str), hold: Hold) -> Result<Self, Failure> {
        let path = work.join("lock");
        let made = (!root.exists()).then(|| root.to_path_buf());
        make_folder(root)?;
        for _ in 0..TRIES {
            make_folder(work)?;
            let file = File::options().create(true).truncate(false).read(true).write(true).open(&path);
            let mut file = match file {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                file => file.map_err(failed(&path))?,
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy(&mut file)),
                Err(TryLockError::Error(_)) if hold == Hold::TakeOver => {}
                Err(TryLockError::Error(_)) => match busy(&mut file) {
                    // Nobody has written a name into it yet.
                    Failure::Busy { who, .. } if who == UNKNOWN => {}
                    busy => return Err(busy),
                },
            }
            // Only the file that others will find is a lock.
            let ours = file.metadata().map(|m| Stat::of(&m).inode).ok();
            if fs::metadata(&path).map(|m| Stat::of(&m).inode).ok() != ours {
                continue;
            }
            let text = format!("{who}\n{since}\n");
            file.set_len(0).and_then(|()| file.write_all(text.as_bytes())).map_err(failed(&path))?;
            return Ok(Self { work: work.to_path_buf(), path, made, _file: file });
        }
        Err(Failure::Busy { who: UNKNOWN.into(), since: String::new() })
    }
}

const UNKNOWN: &str = "?";

fn busy(file: &mut File) -> Failure {
    let mut text = String::new();
    let _ = file.take(1000).read_to_string(&mut text);
    let mut lines = text.lines().map(|l| l.chars().filter(|c| !c.is_control()).collect::<String>());
    let who = lines.next().filter(|w| !w.is_empty()).unwrap_or_else(|| UNKNOWN.into());
    Failure::Busy { who, since: lines.next().unwrap_or_default() }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        // Stays while an interrupted run has left its journal in it.
        let _ = fs::remove_dir(&self.work);
        if let Some(root) = &self.made {
            // Stays once there is something in it.
            let _ = fs::remove_dir(root);
        }
    }
}
