//! One build at a time writes a tree.

use super::WriteError;
use std::fs::File;
use std::path::Path;

/// Held while a tree is written; the system lets go of it even when the process is killed.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`; `None` when another process holds it.
    ///
    /// # Errors
    /// When the lock's file cannot be made.
    pub fn take(path: &Path) -> Result<Option<Self>, WriteError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(WriteError::io(folder))?;
        }
        let file = File::options().create(true).truncate(false).write(true).open(path).map_err(WriteError::io(path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            // A file system without locks (some network mounts): better one build than none.
            Err(std::fs::TryLockError::Error(_)) => Ok(Some(Self { _file: file })),
        }
    }
}
