//! One finished file of the output: where it goes and its bytes.

use super::{Sha256, SitePath};

/// A file of the output, complete in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    /// Its address below the section's root.
    pub path: SitePath,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its digest, where it is known already.
    pub sha256: Option<Sha256>,
}

impl Artefact {
    /// A file of the output at `path`.
    pub fn new(path: SitePath, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path, bytes: bytes.into(), sha256: None }
    }
}
