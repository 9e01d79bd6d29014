//! What a build is told, what it tells while it runs, and how it ends.

use super::ready::Ready;
use crate::check::Asked;
use crate::diag::Diagnostic;
use crate::model::portal::Drafts;
use crate::write::WriteError;
use std::path::PathBuf;

/// What a build is told. Clock and environment are read by the caller, never here.
#[derive(Debug, Clone)]
pub struct Options {
    /// The portal's root: the folder of `site.yaml`.
    pub root: PathBuf,
    /// Where the section goes.
    pub out: PathBuf,
    /// Overrides the site's `base_url`.
    pub base_url: Option<String>,
    /// Whether drafts and later reports are shown.
    pub drafts: Drafts,
    /// The moment the section is built for.
    pub as_of: AsOf,
    /// Nanoseconds since 1970 at the start, for telling which files may change unnoticed.
    pub started: i128,
    /// Which rules are asked.
    pub asked: Asked,
    /// Threads; 0 for one a core.
    pub jobs: usize,
}

impl Options {
    /// A build as for publication, on every core, with the address that the site states.
    pub fn new(root: PathBuf, out: PathBuf, as_of: AsOf, asked: Asked) -> Self {
        Self { root, out, base_url: None, drafts: Drafts::Hidden, as_of, started: 0, asked, jobs: 0 }
    }
}

/// A moment that is read in the portal's zone, which is known only once `site.yaml` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsOf {
    /// Seconds since 1970-01-01T00:00:00Z.
    Unix(i64),
    /// A local time, a date or RFC 3339, as typed.
    Text(String),
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading and converting documents.
    Read,
    /// Making pages.
    Render,
    /// Putting changes in force.
    Write,
}

/// Hears how far a build has come.
pub trait Progress: Sync {
    /// A phase begins, with so many steps.
    fn begin(&self, phase: Phase, steps: usize);
    /// A step is done.
    fn step(&self);
    /// All is done.
    fn end(&self);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Phase, _: usize) {}
    fn step(&self) {}
    fn end(&self) {}
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Whether everything was as it is to be, and nothing was looked at more closely.
    pub fresh: bool,
    /// Reports shown.
    pub reports: usize,
    /// New files.
    pub created: usize,
    /// Changed files.
    pub replaced: usize,
    /// Files left as they were.
    pub kept: usize,
    /// Files removed.
    pub removed: usize,
    /// Warnings and notes.
    pub findings: Vec<Diagnostic>,
    /// The portal that was built; none when it was fresh.
    pub built: Option<Box<Ready>>,
}

/// Why a build came to nothing. The tree is as it was.
#[derive(Debug)]
pub enum Failed {
    /// The content, the site or the theme has errors.
    Findings(Vec<Diagnostic>),
    /// Another build is writing the same tree.
    Busy,
    /// The world failed, at this path.
    Io(PathBuf, std::io::Error),
}

impl From<WriteError> for Failed {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Findings(findings) => Failed::Findings(findings),
            WriteError::Io(path, error) => Failed::Io(path, error),
        }
    }
}
