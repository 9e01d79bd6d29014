//! The working folder: new, our own, and gone at the end. Also what can be said of the machine it lies on.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder that did not exist before; dropping it deletes it unless it is to be kept.
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    pub(crate) filesystem: String,
    keep: bool,
}

impl Place {
    pub(crate) fn new(parent: Option<&Path>, keep: bool) -> Result<Self, String> {
        let memory = Path::new("/dev/shm");
        let parent = match parent {
            Some(given) => given.to_path_buf(),
            None if memory.is_dir() => memory.to_path_buf(),
            None => std::env::temp_dir(),
        };
        crate::folder(&parent)?;
        let parent = parent.canonicalize().map_err(|e| format!("{}: {e}", parent.display()))?;
        let root = parent.join(format!("sunlit-bench-{}", std::process::id()));
        fs::create_dir(&root).map_err(|e| format!("{}: {e}", root.display()))?;
        Ok(Self { filesystem: filesystem(&root), root, keep })
    }

    /// A path in the folder, with nothing there.
    pub(crate) fn empty(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.root.join(name);
        remove(&path)?;
        Ok(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.keep {
            println!("Kept {}", self.root.display());
        } else if let Err(why) = remove(&self.root) {
            eprintln!("{why}");
        }
    }
}

/// Removes a folder and all in it, if it exists.
pub(crate) fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {e}", path.display())),
        _ => Ok(()),
    }
}

/// The type of the file system on which `path` lies, as Linux names it.
fn filesystem(path: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let nearest = mounted.filter(|(point, _)| path.starts_with(point)).max_by_key(|(point, _)| point.len());
    nearest.map_or("unknown file system", |(_, kind)| kind).to_string()
}

pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
