//! Where an archive is made and how it comes to its name: beside it, complete, and then by renaming, so that under its name
//! there is never half of one. In: a folder and a name. Out: a place to work, and what became of it.

use super::create::Refused;
use crate::write::{Lock, WriteError};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// What to do with another archive of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Present {
    /// It stays, and nothing is made.
    Kept,
    /// The new one takes its place.
    Replaced,
}

/// What became of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is new.
    New,
    /// The one that was there has the same bytes, and was not touched.
    Same,
    /// It took the place of another.
    Replaced,
}

/// A place to work, held by one process at a time.
pub(super) struct Place {
    /// Where the archive goes.
    pub(super) end: PathBuf,
    /// Where it is made.
    pub(super) staged: PathBuf,
    /// Where its folder is made when it is one file in the end.
    pub(super) folder: PathBuf,
    old: PathBuf,
    _lock: Lock,
}

impl Place {
    /// Takes the place of the archive `name` in `out`, and clears what a killed run left there.
    pub(super) fn take(out: &Path, name: &str) -> Result<Self, Refused> {
        let work = out.join(".sunlit");
        let lock = match Lock::take(&work.join(format!("{name}.lock"))) {
            Ok(lock) => lock.ok_or(Refused::Busy)?,
            Err(WriteError::Io(path, error)) => return Err(Refused::Io(path, error)),
            Err(WriteError::Findings(_)) => return Err(Refused::Busy),
        };
        let place = Self {
            end: out.join(name),
            staged: work.join(format!("{name}.new")),
            folder: work.join(format!("{name}.bag")),
            old: work.join(format!("{name}.old")),
            _lock: lock,
        };
        // Killed between two renames: the old archive comes back.
        if place.old.symlink_metadata().is_ok() && place.end.symlink_metadata().is_err() {
            fs::rename(&place.old, &place.end).map_err(|e| Refused::Io(place.end.clone(), e))?;
        }
        place.clear().map_err(|e| Refused::Io(work, e))?;
        Ok(place)
    }

    /// Removes everything that is no finished archive.
    pub(super) fn clear(&self) -> io::Result<()> {
        [&self.staged, &self.folder, &self.old].into_iter().try_for_each(|path| remove(path))
    }

    /// Gives what was made its name.
    pub(super) fn settle(&self, present: Present) -> Result<State, Refused> {
        let at = |path: &Path| {
            let path = path.to_path_buf();
            move |error| Refused::Io(path, error)
        };
        let mut state = State::New;
        if self.end.symlink_metadata().is_ok() {
            if same(&self.end, &self.staged).map_err(at(&self.end))? {
                self.clear().map_err(at(&self.staged))?;
                return Ok(State::Same);
            }
            if present == Present::Kept {
                return Err(Refused::Exists(self.end.clone()));
            }
            fs::rename(&self.end, &self.old).map_err(at(&self.end))?;
            state = State::Replaced;
        }
        fs::rename(&self.staged, &self.end).map_err(at(&self.end))?;
        self.clear().map_err(at(&self.old))?;
        Ok(state)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// Whether two files, or all files of two folders, have the same bytes. A link is the same as nothing.
fn same(a: &Path, b: &Path) -> io::Result<bool> {
    let (one, other) = (a.symlink_metadata()?, b.symlink_metadata()?);
    if one.is_file() && other.is_file() {
        return Ok(one.len() == other.len() && same_bytes(a, b)?);
    }
    if !one.is_dir() || !other.is_dir() {
        return Ok(false);
    }
    let (one, other) = (list(a)?, list(b)?);
    if one != other {
        return Ok(false);
    }
    for path in one.keys() {
        if !same_bytes(&a.join(path), &b.join(path))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Everything in a folder but its folders, each with its size; what is no file has one that no file has.
fn list(root: &Path) -> io::Result<BTreeMap<PathBuf, u64>> {
    let mut out = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.map_err(io::Error::from)?;
        let size =
            if entry.file_type().is_file() { entry.metadata().map_err(io::Error::from)?.len() } else { u64::MAX };
        if !entry.file_type().is_dir() {
            out.insert(entry.path().strip_prefix(root).unwrap_or(entry.path()).to_path_buf(), size);
        }
    }
    Ok(out)
}

fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (BufReader::new(File::open(a)?), BufReader::new(File::open(b)?));
    let (mut one, mut other) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let (n, m) = (fill(&mut a, &mut one)?, fill(&mut b, &mut other)?);
        if one[..n] != other[..m] {
            return Ok(false);
        }
        if n == 0 {
            return Ok(true);
        }
    }
}

/// Reads until `room` is full or the end is reached.
fn fill(reader: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < room.len() {
        match reader.read(&mut room[done..])? {
            0 => break,
            n => done += n,
        }
    }
    Ok(done)
}
