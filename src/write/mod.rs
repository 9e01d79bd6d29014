//! The only writer of the output folder. A file that replaces another is written beside it and renamed; a new one is
//! created in place; an unchanged one is not touched; what sunlit did not make is never overwritten or removed.
//! In: artefacts. Out: a tree, its manifest, and counts. Knows no portal, no pages.

mod lock;
pub mod manifest;
mod output;
mod spool;

pub use lock::Lock;
pub use manifest::Manifest;
pub use output::{Content, Counts, Known, Output, Written};
pub use spool::{Slot, Spool};

use crate::diag::Diagnostic;
use std::path::{Path, PathBuf};

/// Why nothing, or not everything, was written.
#[derive(Debug)]
pub enum WriteError {
    /// Files in the way.
    Findings(Vec<Diagnostic>),
    /// The world failed: which file, and how.
    Io(PathBuf, std::io::Error),
}

impl WriteError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> WriteError + '_ {
        move |error| WriteError::Io(path.to_path_buf(), error)
    }
}
