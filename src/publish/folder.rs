//! `file://`: a folder of this machine, or one that is mounted. In place, each file is replaced by itself; as releases, a
//! new folder is made of hard links to the old one, changed, and put in force by turning the link `current` over. What a
//! run needs meanwhile lies in `.sunlit-publish/` of the folder and is gone when the run has ended well.

use super::send::world;
use super::target::{Content, Failure, Hold, Session, Setting, Standing, Target, Upload, Visibility};
use crate::base::{Instant, Sha256, SitePath, Zone};
use crate::diag::Message;
use crate::write::manifest;
use lock::Taken;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

mod lock;
mod releases;

/// Where a run keeps what it needs.
const WORK: &str = ".sunlit-publish";

/// How a folder is published to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    InPlace,
    /// So many releases stay.
    Releases(usize),
}

struct Folder {
    root: PathBuf,
    address: String,
    mode: Mode,
    who: String,
    /// RFC 3339, in UTC.
    since: String,
    /// The run's start as a name: `20261125T174200Z`.
    stamp: String,
}

/// Makes the target of a `file://` address.
pub(super) fn make(setting: &Setting<'_>) -> Result<Box<dyn Target>, Failure> {
    setting.only(&["mode", "keep"])?;
    let address = setting.address;
    let local = matches!(address.host.as_str(), "" | "localhost") && address.user.is_none() && address.port.is_none();
    let root = PathBuf::from(&address.path);
    if !local || address.fragment.is_some() || !root.is_absolute() || root.parent().is_none() {
        let message = Message::new("publish.folder").with("to", &address.text);
        return Err(Failure::Refused(message.with("target", &setting.destination.name)));
    }
    let keep = setting.option("keep").map_or(Ok(5), str::parse::<usize>);
    let mode = match (setting.option("mode"), keep) {
        (Some("releases"), Ok(keep)) if keep > 0 => Mode::Releases(keep),
        (None | Some("in-place"), _) if setting.option("keep").is_none() => Mode::InPlace,
        _ => return Err(Failure::Refused(Message::new("publish.keep").with("target", &setting.destination.name))),
    };
    let since = Instant::from_unix(setting.publisher.started, &Zone::utc()).map(|i| i.to_rfc3339()).unwrap_or_default();
    let stamp = since.split(['+', '.', 'Z']).next().unwrap_or_default().replace(['-', ':'], "") + "Z";
    let who = setting.publisher.who.clone();
    Ok(Box::new(Folder { root, address: address.text.clone(), mode, who, since, stamp }))
}

impl Target for Folder {
    fn address(&self) -> String {
        self.address.clone()
    }

    fn open(&self, hold: Hold) -> Result<Box<dyn Session + '_>, Failure> {
        let work = self.root.join(WORK);
        let taken = match hold {
            Hold::Look => None,
            Hold::Take | Hold::TakeOver => Some(Taken::take((&self.root, &work), (&self.who, &self.since), hold)?),
        };
        let open = Open { folder: self, work, _taken: taken, known: Mutex::default(), names: AtomicU64::new(0) };
        if hold != Hold::Look {
            open.clear()?;
        }
        Ok(Box::new(open))
    }
}

struct Open<'a> {
    folder: &'a Folder,
    work: PathBuf,
    _taken: Option<Taken>,
    /// Folders that were found to be folders, or made.
    known: Mutex<BTreeSet<PathBuf>>,
    /// For names that no two files share.
    names: AtomicU64,
}

impl Open<'_> {
    /// Where files go, and where they stand.
    fn place(&self) -> PathBuf {
        match self.folder.mode {
            Mode::InPlace => self.folder.root.clone(),
            Mode::Releases(_) => self.release_place(),
        }
    }

    /// Removes what an earlier run left half written.
    fn clear(&self) -> Result<(), Failure> {
        for entry in fs::read_dir(&self.work).map_err(failed(&self.work))?.flatten() {
            if entry.file_name().to_string_lossy().starts_with("new-") {
                let path = entry.path();
                fs::remove_file(&path).map_err(failed(&path))?;
            }
        }
        self.clear_release()
    }

    fn journal_file(&self) -> PathBuf {
        self.work.join("journal")
    }

    /// Writes a file where nobody looks and renames it into place.
    fn replace(&self, path: &Path, content: Content<'_>, sha256: Sha256) -> Result<(), Failure> {
        let temporary = self.work.join(format!("new-{}", self.names.fetch_add(1, Ordering::Relaxed)));
        let write = || {
            let mut file = File::create(&temporary)?;
            match content {
                Content::Bytes(bytes) => file.write_all(bytes),
                Content::File(source) => io::copy(&mut File::open(source)?, &mut file).map(drop),
            }
        };
        let written = write().map_err(failed(path)).and_then(|()| match content {
            Content::Bytes(_) => Ok(()),
            Content::File(source) => match digest(&temporary).map_err(failed(path))? == sha256 {
                true => Ok(()),
                false => Err(Failure::Damaged(Message::new("publish.damaged").with("path", source.display()))),
            },
        });
        let done = written.and_then(|()| fs::rename(&temporary, path).map_err(failed(path)));
        if done.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        done
    }

    /// Makes the folders above a path. A link to a folder elsewhere is a stranger: nothing is written through it.
    fn make_folders(&self, place: &Path, path: &SitePath) -> Result<(), Failure> {
        let mut folder = place.to_path_buf();
        let Some((parents, _)) = path.as_str().rsplit_once('/') else { return Ok(()) };
        if self.lock_known().contains(&place.join(parents)) {
            return Ok(());
        }
        for part in parents.split('/') {
            folder.push(part);
            make_folder(&folder)?;
            if !fs::symlink_metadata(&folder).map_err(failed(&folder))?.is_dir() {
                let message = Message::new("publish.foreign").with("count", 1).with("paths", folder.display());
                return Err(Failure::Permanent(message.with("target", &self.folder.address)));
            }
            self.lock_known().insert(folder.clone());
        }
        Ok(())
    }

    fn lock_known(&self) -> std::sync::MutexGuard<'_, BTreeSet<PathBuf>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session for Open<'_> {
    fn visibility(&self) -> Visibility {
        match self.folder.mode {
            Mode::InPlace => Visibility::FileByFile,
            Mode::Releases(_) => Visibility::AtOnce,
        }
    }

    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        let place = match self.folder.mode {
            Mode::InPlace => self.folder.root.clone(),
            Mode::Releases(_) => self.current()?,
        };
        read(&place.join(manifest::FILE), u64::MAX)
    }

    fn journal(&self) -> Result<Option<Vec<u8>>, Failure> {
        match self.folder.mode {
            Mode::Releases(_) if !self.is_unfinished() => Ok(None),
            _ => read(&self.journal_file(), u64::MAX),
        }
    }

    fn note(&self, journal: &[u8]) -> Result<(), Failure> {
        self.begin_release()?;
        self.replace(&self.journal_file(), Content::Bytes(journal), Sha256::of(journal))
    }

    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure> {
        let place = self.place();
        paths.par_iter().map(|path| standing(&place, path)).collect()
    }

    fn put(&self, file: &Upload<'_>) -> Result<(), Failure> {
        let place = self.place();
        self.make_folders(&place, file.path)?;
        self.replace(&place.join(file.path.as_str()), file.content, file.sha256)
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        let place = self.place();
        let full = place.join(path.as_str());
        if standing_above(&place, path)? == Above::Folders {
            match fs::remove_file(&full) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(&full)(error)),
                _ => {}
            }
        }
        let mut folder = path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            // One in which something is left stays.
            if fs::remove_dir(place.join(parent)).is_err() {
                break;
            }
            folder = parent;
        }
        Ok(())
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        read(&self.place().join(path.as_str()), limit)
    }

    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure> {
        self.begin_release()?;
        self.put(manifest)?;
        // What was half switched must not be begun anew on the old release.
        self.switch(manifest.sha256).map_err(|failure| match failure {
            Failure::Temporary(message) => Failure::Permanent(message),
            other => other,
        })?;
        match fs::remove_file(self.journal_file()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&self.journal_file())(error)),
            _ => Ok(()),
        }
    }
}

/// What stands above a path.
#[derive(PartialEq, Eq)]
enum Above {
    Folders,
    Nothing,
    Other,
}

fn standing_above(place: &Path, path: &SitePath) -> Result<Above, Failure> {
    let mut folder = place.to_path_buf();
    let Some((parents, _)) = path.as_str().rsplit_once('/') else { return Ok(Above::Folders) };
    for part in parents.split('/') {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Ok(Above::Other),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Above::Nothing),
            Err(error) => return Err(failed(&folder)(error)),
        }
    }
    Ok(Above::Folders)
}

fn standing(place: &Path, path: &SitePath) -> Result<Standing, Failure> {
    match standing_above(place, path)? {
        Above::Folders => {}
        Above::Nothing => return Ok(Standing::Absent),
        Above::Other => return Ok(Standing::Other),
    }
    let full = place.join(path.as_str());
    match fs::symlink_metadata(&full) {
        Ok(meta) if meta.is_file() => digest(&full).map(Standing::Is).map_err(failed(&full)),
        Ok(_) => Ok(Standing::Other),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Standing::Absent),
        Err(error) => Err(failed(&full)(error)),
    }
}

fn digest(path: &Path) -> io::Result<Sha256> {
    Sha256::of_reader(File::open(path)?)
}

fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    match fs::create_dir(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// A file system's refusal; what a network mount may mend by itself is tried again.
fn failed(path: &Path) -> impl Fn(io::Error) -> Failure + '_ {
    move |error| match error.kind() {
        ErrorKind::Interrupted | ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::StaleNetworkFileHandle => {
            Failure::Temporary(world(path, &error))
        }
        _ => Failure::Permanent(world(path, &error)),
    }
}
