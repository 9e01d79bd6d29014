//! Brings a tree from what it is to what it is to be.
//!
//! 1. `open` reads the manifest, and marks the new paths in it as ours before any of them is created.
//! 2. `offer`, from many threads: a new file is created at once; one that differs is put aside; an equal one is left.
//! 3. `commit` replaces what was put aside, removes what is no longer wanted and writes the manifest; `abandon` removes
//!    what was created. Until `commit`, no file that readers know has changed.

use super::manifest::{self, Manifest};
use super::{Slot, Spool, WriteError};
use crate::base::{Fingerprint, Sha256, SitePath};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::source::Stat;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of a finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its digest.
    pub sha256: Sha256,
    /// Hash of its content.
    pub content: Fingerprint,
    /// What the file system says of it.
    pub stat: Stat,
}

/// What a build knows of its files, by path.
pub type Known = BTreeMap<SitePath, Written>;

/// How many files were what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// New files.
    pub created: usize,
    /// Changed files.
    pub replaced: usize,
    /// Files that were as they are to be.
    pub kept: usize,
    /// Files that were removed.
    pub removed: usize,
}

/// What is offered: bytes, or a file to copy, which may be large.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// Bytes in memory, and their digest where it is known already.
    Bytes(&'a [u8], Option<Sha256>),
    /// A file of the portal.
    File(&'a Path),
}

/// A tree being written.
#[derive(Debug)]
pub struct Output<'a> {
    root: PathBuf,
    old: Manifest,
    had_manifest: bool,
    /// Whether the tree was empty: then nothing can stand in the way.
    empty: bool,
    /// Folders made for this build, outermost first.
    made: Mutex<Vec<PathBuf>>,
    known: &'a Known,
    /// Whether the manifest on disk is not `old` any more.
    claimed: bool,
    spool: Spool,
    done: Mutex<Done>,
}

#[derive(Debug, Default)]
struct Done {
    kept: Vec<(SitePath, Written)>,
    created: Vec<(SitePath, Written)>,
    aside: Vec<(SitePath, Aside, Written)>,
    in_the_way: Vec<Diagnostic>,
}

#[derive(Debug)]
enum Aside {
    Spooled(Slot),
    Copy(PathBuf),
}

/// Under this name, at the tree's root, a file is complete before it takes the place of another.
const TEMPORARY: &str = ".sunlit-new";

impl<'a> Output<'a> {
    /// Opens the tree at `root` for writing `paths`. `known` is what the last build left, where it can be trusted;
    /// `spool` a folder for what is put aside.
    ///
    /// # Errors
    /// OUT-001 for strangers where folders belong; or what the file system reports.
    pub fn open(root: &Path, paths: &[SitePath], known: &'a Known, spool: &Path) -> Result<Self, WriteError> {
        let manifest = Manifest::read(root)?;
        let found = root.is_dir();
        fs::create_dir_all(root).map_err(WriteError::io(root))?;
        let mut output = Self {
            root: root.to_path_buf(),
            had_manifest: manifest.is_some(),
            empty: fs::read_dir(root).map_err(WriteError::io(root))?.next().is_none(),
            old: manifest.unwrap_or_default(),
            made: Mutex::new(if found { Vec::new() } else { vec![root.to_path_buf()] }),
            known,
            claimed: false,
            spool: Spool::new(spool).map_err(WriteError::io(spool))?,
            done: Mutex::default(),
        };
        let _ = fs::remove_file(root.join(TEMPORARY));
        if !output.had_manifest && fs::symlink_metadata(root.join(manifest::FILE)).is_ok() {
            return Err(WriteError::Findings(vec![output.in_the_way(manifest::FILE)]));
        }
        output.make_folders(paths)?;
        output.claim(paths)?;
        Ok(output)
    }

    fn make_folders(&self, paths: &[SitePath]) -> Result<(), WriteError> {
        let mut folders = BTreeSet::new();
        for path in paths {
            let mut path = path.as_str();
            while let Some((folder, _)) = path.rsplit_once('/') {
                folders.insert(folder);
                path = folder;
            }
        }
        let mut blocked = Vec::new();
        for folder in folders {
            let full = self.root.join(folder);
            // A link to a folder elsewhere is a stranger too: what is written through it lands outside the tree.
            match fs::symlink_metadata(&full) {
                Ok(meta) if meta.is_dir() => {}
                Ok(_) if self.old.0.contains_key(&SitePath::of(folder)) => {
                    fs::remove_file(&full).and_then(|()| fs::create_dir(&full)).map_err(WriteError::io(&full))?;
                }
                Ok(_) => blocked.push(self.in_the_way(folder)),
                Err(_) if blocked.is_empty() => {
                    fs::create_dir(&full).map_err(WriteError::io(&full))?;
                    self.made.lock().unwrap_or_else(PoisonError::into_inner).push(full);
                }
                Err(_) => {}
            }
        }
        if blocked.is_empty() { Ok(()) } else { Err(WriteError::Findings(blocked)) }
    }

    /// Enters the paths that are not there yet in the manifest, so that a build that is killed leaves no file that the
    /// next one takes for a stranger's. A stranger's file stays a stranger's.
    fn claim(&mut self, paths: &[SitePath]) -> Result<(), WriteError> {
        let mut claimed = self.old.clone();
        let absent = |p: &&SitePath| {
            self.empty || (!claimed.0.contains_key(*p) && fs::symlink_metadata(self.root.join(p.as_str())).is_err())
        };
        let new: Vec<_> = paths.iter().filter(absent).cloned().collect();
        if new.is_empty() && self.had_manifest {
            return Ok(());
        }
        claimed.0.extend(new.into_iter().map(|p| (p, None)));
        self.claimed = true;
        self.replace(manifest::FILE, &mut claimed.text().as_bytes()).map(drop)
    }

    /// Offers the content of a file.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn offer(&self, path: SitePath, content: Content<'_>) -> Result<(), WriteError> {
        let full = self.root.join(path.as_str());
        let hash = match content {
            Content::Bytes(bytes, _) => Fingerprint::of(bytes),
            Content::File(source) => Fingerprint::of_reader(open(source)?).map_err(WriteError::io(source))?,
        };
        if let Some(known) = self.known.get(&path).filter(|k| k.content == hash)
            && fs::symlink_metadata(&full).is_ok_and(|m| Stat::of(&m) == known.stat)
        {
            self.lock().kept.push((path, known.clone()));
            return Ok(());
        }
        let sha256 = match content {
            Content::Bytes(bytes, known) => known.unwrap_or_else(|| Sha256::of(bytes)),
            Content::File(source) => Sha256::of_reader(open(source)?).map_err(WriteError::io(source))?,
        };
        let written = |stat| Written { sha256, content: hash, stat };
        match create(&full, content) {
            Ok(stat) => {
                self.lock().created.push((path, written(stat)));
                return Ok(());
            }
            Err(WriteError::Io(_, error)) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        let meta = fs::symlink_metadata(&full).map_err(WriteError::io(&full))?;
        if meta.is_file() && is_same(&full, &meta, content, sha256).map_err(WriteError::io(&full))? {
            self.lock().kept.push((path, written(Stat::of(&meta))));
        } else if !meta.is_dir() && self.old.0.contains_key(&path) {
            let aside = match content {
                Content::Bytes(bytes, _) => Aside::Spooled(self.spool.put(bytes).map_err(WriteError::io(&full))?),
                Content::File(source) => Aside::Copy(source.to_path_buf()),
            };
            self.lock().aside.push((path, aside, written(Stat::default())));
        } else {
            let finding = self.in_the_way(path.as_str());
            self.lock().in_the_way.push(finding);
        }
        Ok(())
    }

    /// Keeps a file that the last build made, where it is as that left it; says whether it is.
    pub fn keep(&self, path: &SitePath) -> bool {
        let Some(known) = self.known.get(path) else { return false };
        let same = fs::symlink_metadata(self.root.join(path.as_str())).is_ok_and(|m| Stat::of(&m) == known.stat);
        if same {
            self.lock().kept.push((path.clone(), known.clone()));
        }
        same
    }

    /// Puts everything in force.
    ///
    /// # Errors
    /// OUT-001 for every stranger's file in the way, with nothing changed; or what the file system reports.
    pub fn commit(self) -> Result<(Counts, Known), WriteError> {
        if !self.lock().in_the_way.is_empty() {
            let mut findings = std::mem::take(&mut self.lock().in_the_way);
            findings.sort_by(|a, b| a.labels[0].file.cmp(&b.labels[0].file));
            self.abandon()?;
            return Err(WriteError::Findings(findings));
        }
        let Done { mut kept, created, aside, .. } = std::mem::take(&mut *self.lock());
        let mut counts = Counts { created: created.len(), replaced: aside.len(), kept: kept.len(), removed: 0 };
        kept.extend(created);
        let mut room = Vec::new();
        for (path, aside, mut written) in aside {
            let mut source: Box<dyn Read> = match &aside {
                Aside::Spooled(slot) => Box::new(self.spool.get(*slot, &mut room).map_err(WriteError::io(&self.root))?),
                Aside::Copy(file) => Box::new(open(file)?),
            };
            written.stat = self.replace(path.as_str(), &mut source)?;
            kept.push((path, written));
        }
        let kept: Known = kept.into_iter().collect();
        for path in self.old.0.keys().filter(|p| !kept.contains_key(*p)) {
            counts.removed += usize::from(self.remove(path)?);
        }
        let manifest = Manifest(kept.iter().map(|(path, w)| (path.clone(), Some(w.sha256))).collect());
        if manifest != self.old || self.claimed {
            self.replace(manifest::FILE, &mut manifest.text().as_bytes())?;
        }
        Ok((counts, kept))
    }

    /// Takes everything back that was created, and leaves the tree as it was found.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn abandon(self) -> Result<(), WriteError> {
        let created = std::mem::take(&mut self.lock().created);
        for (path, _) in &created {
            self.remove(path)?;
        }
        if self.claimed && self.had_manifest {
            self.replace(manifest::FILE, &mut self.old.text().as_bytes())?;
        } else if self.claimed {
            let _ = fs::remove_file(self.root.join(manifest::FILE));
        }
        for folder in self.made.lock().unwrap_or_else(PoisonError::into_inner).iter().rev() {
            // One that others have put something into stays.
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    }

    /// Removes a file of ours, and the folders that it leaves empty.
    fn remove(&self, path: &SitePath) -> Result<bool, WriteError> {
        let full = self.root.join(path.as_str());
        let there = match fs::symlink_metadata(&full) {
            Ok(meta) if meta.is_dir() => false,
            Ok(_) => {
                fs::remove_file(&full).map_err(WriteError::io(&full))?;
                true
            }
            Err(_) => false,
        };
        let mut folder = path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if fs::remove_dir(self.root.join(parent)).is_err() {
                break;
            }
            folder = parent;
        }
        Ok(there)
    }

    /// Writes a file beside the tree's others and renames it into place: a reader sees the old one or the new one.
    fn replace(&self, path: &str, source: &mut dyn Read) -> Result<Stat, WriteError> {
        let (full, temporary) = (self.root.join(path), self.root.join(TEMPORARY));
        let mut write = || {
            let mut file = File::create(&temporary)?;
            io::copy(source, &mut file)?;
            fs::rename(&temporary, &full)?;
            // Renaming touches the inode's times: they are read afterwards.
            file.metadata().map(|m| Stat::of(&m))
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&temporary);
            WriteError::Io(full.clone(), error)
        })
    }

    fn lock(&self) -> MutexGuard<'_, Done> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_the_way(&self, path: &str) -> Diagnostic {
        let file = self.root.join(path).display().to_string();
        let help = Message::new("out.foreign.help");
        Diagnostic::new(Code::Out001, Message::new("out.foreign")).at(file, Place::Whole).help(help)
    }
}

fn open(path: &Path) -> Result<File, WriteError> {
    File::open(path).map_err(WriteError::io(path))
}

/// Creates a file that must not be there yet. One that cannot be finished is taken back.
fn create(full: &Path, content: Content<'_>) -> Result<Stat, WriteError> {
    let mut file = File::options().write(true).create_new(true).open(full).map_err(WriteError::io(full))?;
    let result = match content {
        Content::Bytes(bytes, _) => file.write_all(bytes),
        Content::File(source) => File::open(source).and_then(|mut source| io::copy(&mut source, &mut file).map(drop)),
    };
    result.and_then(|()| file.metadata()).map(|m| Stat::of(&m)).map_err(|error| {
        let _ = fs::remove_file(full);
        WriteError::Io(full.to_path_buf(), error)
    })
}

fn is_same(full: &Path, meta: &fs::Metadata, content: Content<'_>, sha256: Sha256) -> io::Result<bool> {
    match content {
        Content::Bytes(bytes, _) if meta.len() != bytes.len() as u64 => Ok(false),
        Content::Bytes(bytes, _) => Ok(fs::read(full)? == bytes),
        Content::File(_) => Ok(Sha256::of_reader(File::open(full)?)? == sha256),
    }
}
