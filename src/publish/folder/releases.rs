//! Releases: `releases/TIME-DIGEST/`, of which the link `current` names the one in force. A release in the making is
//! `.sunlit-publish/next`, a tree of hard links to the one in force; `base` names that one, so that a release that was begun
//! on another is thrown away and not continued.

use super::{Mode, Open, failed, make_folder};
use crate::base::Sha256;
use crate::diag::Message;
use crate::publish::target::Failure;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The folder of all releases.
const RELEASES: &str = "releases";

/// The link to the one in force.
const CURRENT: &str = "current";

impl Open<'_> {
    /// The release in force: what `current` names; a folder that is not there when nothing was published yet.
    pub(super) fn current(&self) -> Result<PathBuf, Failure> {
        let link = self.folder.root.join(CURRENT);
        match fs::symlink_metadata(&link) {
            Ok(meta) if !meta.is_symlink() => {
                let message = Message::new("publish.current").with("path", link.display());
                Err(Failure::Permanent(message))
            }
            _ => Ok(link),
        }
    }

    /// Where files stand: the release in the making, or the one in force.
    pub(super) fn release_place(&self) -> PathBuf {
        let next = self.next();
        if self.base().is_some() && next.is_dir() { next } else { self.folder.root.join(CURRENT) }
    }

    fn next(&self) -> PathBuf {
        self.work.join("next")
    }

    /// Which release the one in the making was begun on, if it is still the one in force.
    fn base(&self) -> Option<String> {
        let base = fs::read_to_string(self.work.join("base")).ok()?;
        (base == self.in_force()).then_some(base)
    }

    /// The release in force, by its address.
    fn in_force(&self) -> String {
        let link = fs::read_link(self.folder.root.join(CURRENT));
        link.map(|l| l.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Whether an earlier run left a release that can be gone on with.
    pub(super) fn is_unfinished(&self) -> bool {
        self.base().is_some() && self.next().is_dir() && self.journal_file().is_file()
    }

    /// Throws away what cannot be gone on with.
    pub(super) fn clear_release(&self) -> Result<(), Failure> {
        if self.folder.mode == Mode::InPlace || self.is_unfinished() {
            return Ok(());
        }
        for name in ["clone", "next"] {
            remove_all(&self.work.join(name))?;
        }
        for name in ["base", "journal", CURRENT] {
            remove(&self.work.join(name))?;
        }
        Ok(())
    }

    /// Begins a release on the one in force, unless one was begun.
    pub(super) fn begin_release(&self) -> Result<(), Failure> {
        let next = self.next();
        if self.folder.mode == Mode::InPlace || (next.is_dir() && self.base().is_some()) {
            return Ok(());
        }
        let (clone, base) = (self.work.join("clone"), self.work.join("base"));
        make_folder(&clone)?;
        let current = self.current()?;
        if current.is_dir() {
            link_all(&current, &clone).map_err(failed(&clone))?;
        }
        fs::write(&base, self.in_force()).map_err(failed(&base))?;
        fs::rename(&clone, &next).map_err(failed(&next))
    }

    /// Puts the release in force, and removes those that are too many.
    pub(super) fn switch(&self, manifest: Sha256) -> Result<(), Failure> {
        let Mode::Releases(keep) = self.folder.mode else { return Ok(()) };
        let releases = self.folder.root.join(RELEASES);
        make_folder(&releases)?;
        let digest = manifest.to_string();
        let name = format!("{}-{}", self.folder.stamp, digest.get(..12).unwrap_or_default());
        let free = |name: &String| fs::symlink_metadata(releases.join(name)).is_err();
        let names = std::iter::once(name.clone()).chain((2..1000).map(|n| format!("{name}-{n}")));
        let Some(name) = names.into_iter().find(free) else {
            return Err(failed(&releases)(ErrorKind::AlreadyExists.into()));
        };
        let release = releases.join(&name);
        fs::rename(self.next(), &release).map_err(failed(&release))?;
        let (new, current) = (self.work.join(CURRENT), self.folder.root.join(CURRENT));
        remove(&new)?;
        link(&Path::new(RELEASES).join(&name), &new).map_err(failed(&new))?;
        fs::rename(&new, &current).map_err(failed(&current))?;
        remove(&self.work.join("base"))?;
        prune(&releases, &name, keep)
    }
}

/// Removes the oldest releases but for `keep`; only folders that are named as releases are.
fn prune(releases: &Path, in_force: &str, keep: usize) -> Result<(), Failure> {
    let entries = fs::read_dir(releases).map_err(failed(releases))?.flatten();
    let names = entries.filter(|e| e.file_type().is_ok_and(|t| t.is_dir()));
    let mut names: Vec<_> = names.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|n| n != in_force && is_release(n));
    names.sort();
    let surplus = (names.len() + 1).saturating_sub(keep);
    names.iter().take(surplus).try_for_each(|name| remove_all(&releases.join(name)))
}

/// Whether a folder's name is that of a release: `20261125T174200Z-0123456789ab`.
fn is_release(name: &str) -> bool {
    let mut parts = name.splitn(3, '-');
    let time = parts.next().is_some_and(|t| {
        t.len() == 16
            && t.bytes().enumerate().all(|(i, b)| match i {
                8 => b == b'T',
                15 => b == b'Z',
                _ => b.is_ascii_digit(),
            })
    });
    time && parts.next().is_some_and(|d| d.len() == 12 && d.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Makes `to` a tree of hard links to the files of `from`; of copies where the file system has none. Links stay links.
fn link_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, source, target) = (entry.file_type()?, entry.path(), to.join(entry.file_name()));
        let existing = |error: &io::Error| error.kind() == ErrorKind::AlreadyExists;
        if kind.is_dir() {
            match fs::create_dir(&target) {
                Err(error) if !existing(&error) => return Err(error),
                _ => link_all(&source, &target)?,
            }
        } else if kind.is_symlink() {
            link(&fs::read_link(&source)?, &target).or_else(|e| if existing(&e) { Ok(()) } else { Err(e) })?;
        } else if let Err(error) = fs::hard_link(&source, &target)
            && !existing(&error)
        {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(windows)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(to, at)
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

fn remove_all(path: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_release;

    #[test]
    fn only_releases_are_taken_for_releases() {
        assert!(is_release("20261125T174200Z-0123456789ab"));
        assert!(is_release("20261125T174200Z-0123456789ab-2"));
        for other in ["20261125T174200Z", "backup", "20261125X174200Z-0123456789ab", "20261125T174200Z-xyz", ""] {
            assert!(!is_release(other), "{other}");
        }
    }
}
