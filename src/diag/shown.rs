//! A finding as it is printed: in a language, its places as lines and columns, and without anything that must not be
//! seen. Every printer starts from here.

use super::{Code, Excerpt, Severity};

/// A finding, ready for any printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which rule speaks.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Why the document lets it stand.
    pub allowed: Option<String>,
    /// Where; the first is the place itself.
    pub places: Vec<ShownPlace>,
}

/// A place, ready for any printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPlace {
    /// The file, relative to the portal's root.
    pub file: String,
    /// The lines around it; none for the file as such.
    pub excerpt: Option<Excerpt>,
    /// What is to be seen there.
    pub note: Option<String>,
}

impl Shown {
    /// Whether it forbids publication.
    pub fn stops(&self) -> bool {
        self.severity == Severity::Error && self.allowed.is_none()
    }

    /// The file it is about; empty where it is about none.
    pub fn file(&self) -> &str {
        self.places.first().map_or("", |p| &p.file)
    }

    /// Line and column of its place, from 1; none for the file as such.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.places.first()?.excerpt.as_ref().map(|e| (e.line, e.column))
    }
}
