//! Starting points for writers: a new portal, a report skeleton, schemas for editors.
//! In: a language, a kind, a body. Out: texts, and files where none were before. Never overwrites.

pub mod portal;
pub mod report;
pub mod schema;
pub mod timer;
pub mod workflow;

use crate::diag::Message;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file to be written: its path below a folder, and its text.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// `/`-separated.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Why a starting point was not written.
#[derive(Debug)]
pub enum Refused {
    /// Something is there already.
    Exists(PathBuf),
    /// The world failed.
    Io(PathBuf, io::Error),
}

impl Refused {
    /// In words.
    pub fn message(&self) -> Message {
        match self {
            Refused::Exists(path) => Message::new("scaffold.exists").with("path", path.display()),
            Refused::Io(path, error) => Message::new("world.failed").with("path", path.display()).with("error", error),
        }
    }
}

/// Writes files that are not there yet: all of them, or none.
///
/// # Errors
/// When one of them exists, or cannot be written.
pub fn write_new(dir: &Path, files: &[NewFile]) -> Result<Vec<PathBuf>, Refused> {
    let paths: Vec<_> = files.iter().map(|f| dir.join(&f.path)).collect();
    if let Some(there) = paths.iter().find(|p| fs::symlink_metadata(p).is_ok()) {
        return Err(Refused::Exists(there.clone()));
    }
    for (file, path) in files.iter().zip(&paths) {
        let put = || {
            fs::create_dir_all(path.parent().unwrap_or(dir))?;
            File::create_new(path)?.write_all(file.text.as_bytes())
        };
        put().map_err(|e| Refused::Io(path.clone(), e))?;
    }
    Ok(paths)
}
