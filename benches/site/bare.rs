//! The yardstick: the same tree, written from memory with plain `std::fs` and nothing else. The finished tree is read
//! in chunks; only the writing is timed. It also counts what the tree holds.

use crate::measure::Cost;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Bytes held in memory at a time.
const CHUNK: u64 = 256 << 20;

/// A finished output tree: folders before what they hold, files in the order of their names.
pub(crate) struct Tree {
    root: PathBuf,
    folders: Vec<PathBuf>,
    files: Vec<(PathBuf, u64)>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut tree = Self { root: root.to_path_buf(), folders: vec![PathBuf::new()], files: Vec::new() };
        let mut at = 0;
        while let Some(folder) = tree.folders.get(at).cloned() {
            at += 1;
            let fail = |e| format!("{}: {e}", root.join(&folder).display());
            for entry in fs::read_dir(root.join(&folder)).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                let (name, data) = (folder.join(entry.file_name()), entry.metadata().map_err(fail)?);
                if data.is_dir() {
                    tree.folders.push(name);
                } else {
                    tree.files.push((name, data.len()));
                }
            }
        }
        tree.files.sort();
        Ok(tree)
    }

    pub(crate) fn files(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.1).sum()
    }

    /// How many pages, and their bytes on average.
    pub(crate) fn pages(&self) -> (usize, u64) {
        let pages: Vec<_> = self.files.iter().filter(|f| f.0.extension().is_some_and(|e| e == "html")).collect();
        (pages.len(), pages.iter().map(|f| f.1).sum::<u64>() / pages.len().max(1) as u64)
    }

    /// Writes the tree anew to the empty folder `target` with so many threads.
    pub(crate) fn write(&self, target: &Path, threads: usize) -> Result<Cost, String> {
        let start = Instant::now();
        for folder in &self.folders {
            crate::folder(&target.join(folder))?;
        }
        let mut wall = start.elapsed();
        let mut rest = &self.files[..];
        while !rest.is_empty() {
            let mut size = 0;
            let mut count = 0;
            while count < rest.len() && size < CHUNK {
                size += rest[count].1;
                count += 1;
            }
            let (now, later) = rest.split_at(count);
            rest = later;
            wall += self.write_chunk(now, target, threads)?;
        }
        Ok(Cost { wall, cpu: None, memory: None })
    }

    fn write_chunk(&self, files: &[(PathBuf, u64)], target: &Path, threads: usize) -> Result<Duration, String> {
        let read = |name: &PathBuf| fs::read(self.root.join(name)).map_err(|e| format!("{}: {e}", name.display()));
        let ready: Result<Vec<_>, String> = files.iter().map(|f| Ok((target.join(&f.0), read(&f.0)?))).collect();
        let ready = ready?;
        let part = ready.len().div_ceil(threads).max(1);
        let start = Instant::now();
        std::thread::scope(|scope| {
            let threads: Vec<_> = ready.chunks(part).map(|part| scope.spawn(|| write_all(part))).collect();
            threads.into_iter().try_for_each(|t| t.join().map_err(|_| "a writing thread failed".to_string())?)
        })?;
        Ok(start.elapsed())
    }
}

fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), String> {
    files.iter().try_for_each(|(path, bytes)| fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display())))
}
