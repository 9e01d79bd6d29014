//! The files below `content/`, kept sorted: a plain file that was named is looked at alone; whatever is less plain
//! (folders, symbolic links, files too deep) has the whole folder listed again.

use crate::diag::Diagnostic;
use crate::source::{Entry, Stat, bounds, walk};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The files of `content/`, and what was wrong with listing them.
#[derive(Debug, Default)]
pub(super) struct Listing {
    files: Vec<Entry>,
    faults: Vec<Diagnostic>,
    /// Whether it was listed at all.
    listed: bool,
    /// A link shows a file under two names, of which only one is told of.
    linked: bool,
}

impl Listing {
    pub(super) fn files(&self) -> &[Entry] {
        &self.files
    }

    pub(super) fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        self.position(path).is_ok()
    }

    fn position(&self, path: &str) -> Result<usize, usize> {
        self.files.binary_search_by(|e| e.path.as_str().cmp(path))
    }

    /// Lists everything; gives the paths that are new, gone or changed, and those that are `named`.
    pub(super) fn relist<'a>(&mut self, root: &Path, named: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
        self.faults.clear();
        let now = walk::list(root, "content", &mut self.faults).files;
        let before: BTreeMap<&str, Stat> = self.files.iter().map(|e| (e.path.as_str(), e.stat)).collect();
        let mut changed: BTreeSet<String> = named.cloned().collect();
        let fresh = now.iter().filter(|e| before.get(e.path.as_str()) != Some(&e.stat)).map(|e| e.path.clone());
        changed.extend(fresh);
        let held: BTreeSet<&str> = now.iter().map(|e| e.path.as_str()).collect();
        changed.extend(before.keys().filter(|p| !held.contains(*p)).map(|p| (*p).to_string()));
        self.linked = now.par_iter().any(|e| is_linked(root, &e.path));
        (self.files, self.listed) = (now, true);
        changed
    }

    /// Looks at the named files alone where that is enough; gives the paths that may have changed.
    pub(super) fn look_at<'a>(&mut self, root: &Path, named: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        let named: Vec<&String> = named.filter(|path| !path.split('/').any(walk::is_ignored)).collect();
        if !self.listed || self.linked || !self.faults.is_empty() || !named.iter().all(|path| self.is_plain(root, path))
        {
            return self.relist(root, named.into_iter());
        }
        for path in named {
            let found = fs::symlink_metadata(root.join(path)).ok().map(|meta| Stat::of(&meta));
            match (self.position(path), found) {
                (Ok(at), Some(stat)) => self.files[at].stat = stat,
                (Err(at), Some(stat)) => self.files.insert(at, Entry { path: path.clone(), stat }),
                (Ok(at), None) => {
                    self.files.remove(at);
                }
                (Err(_), None) => {}
            }
            changed.insert(path.clone());
        }
        changed
    }

    /// Whether a path is, or was, a plain file in plain folders.
    fn is_plain(&self, root: &Path, path: &str) -> bool {
        let depth = path.matches('/').count();
        match fs::symlink_metadata(root.join(path)) {
            Ok(meta) => {
                meta.is_file()
                    && depth <= bounds::FOLDER_DEPTH
                    && self.files.len() < bounds::ENTRIES
                    && !{
                        let mut folders = Path::new(path).ancestors().skip(1);
                        folders.any(|f| !f.as_os_str().is_empty() && f != Path::new("content") && is_link(root, f))
                    }
            }
            // Gone: plain unless it was a folder.
            Err(_) => {
                let below = format!("{path}/");
                let at = self.files.partition_point(|e| e.path.as_str() < below.as_str());
                !self.files.get(at).is_some_and(|e| e.path.starts_with(&below))
            }
        }
    }
}

fn is_link(root: &Path, path: &Path) -> bool {
    fs::symlink_metadata(root.join(path)).is_ok_and(|m| m.is_symlink())
}

/// Whether a file, or a folder above it, is reached by a symbolic link.
fn is_linked(root: &Path, path: &str) -> bool {
    Path::new(path).ancestors().any(|p| !p.as_os_str().is_empty() && p != Path::new("content") && is_link(root, p))
}
