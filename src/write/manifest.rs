//! `manifest-sha256.txt`: every file of the tree with its SHA-256, in the format of `sha256sum`, sorted by path.
//! It tells readers that nothing was changed, and it tells the next build which files are ours.

use super::WriteError;
use crate::base::{Sha256, SitePath};
use std::collections::BTreeMap;
use std::path::Path;

/// Its name in the tree.
pub const FILE: &str = "manifest-sha256.txt";

/// What the tree holds. A path without a digest is one that a build was about to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest(pub BTreeMap<SitePath, Option<Sha256>>);

/// Stands for a digest that is not known yet.
const PENDING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Manifest {
    /// Reads the manifest of a tree; `None` where there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(root: &Path) -> Result<Option<Self>, WriteError> {
        let path = root.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Self::parse(&text))),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(WriteError::Io(path, error)),
        }
    }

    /// Reads its text; lines that are none of ours are passed over, so that they never name a file to remove.
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (digest, path) = line.split_once("  ")?;
            let known = Sha256::parse(digest)?;
            let path = SitePath::new(path).filter(|p| p.as_str() != FILE)?;
            Some((path, (digest != PENDING).then_some(known)))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// Its text.
    pub fn text(&self) -> String {
        use std::fmt::Write;
        let mut out = String::with_capacity(self.0.len() * 100);
        for (path, digest) in &self.0 {
            let _ = match digest {
                Some(digest) => writeln!(out, "{digest}  {path}"),
                None => writeln!(out, "{PENDING}  {path}"),
            };
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let mut manifest = Manifest::default();
        manifest.0.insert(SitePath::of("2024/附件 1.csv"), Some(Sha256::of(b"a")));
        manifest.0.insert(SitePath::of("index.html"), None);
        assert_eq!(Manifest::parse(&manifest.text()), manifest);
    }

    #[test]
    fn a_hostile_manifest_names_nothing_outside() {
        let digest = Sha256::of(b"a");
        let text =
            format!("{digest}  ../../etc/passwd\n{digest}  /etc/passwd\n{digest} x\nnonsense\n{digest}  {FILE}\n");
        assert_eq!(Manifest::parse(&text), Manifest::default());
    }
}
