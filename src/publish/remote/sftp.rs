//! SFTP: `sftp://USER@HOST:PORT/PATH`, over the host's own `ssh`. A file is written under a name that nobody reads and renamed
//! over the old one; the lock is a folder, since making a folder succeeds for one only.

use super::content::Source;
use super::folders::{above, of_paths};
use super::hold::{FOLDER, Owner};
use super::ssh::{Connection, Place};
use super::wire::{Kind, SshError};
use crate::base::SitePath;
use crate::diag::Message;
use crate::publish::target::{Failure, Hold, Session, Setting, Standing, Target, Upload, Visibility};
use crate::write::manifest;
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Most bytes of a manifest or a journal: about a million files.
const LISTED: usize = 256 << 20;
/// Most names in one folder.
const NAMES: usize = 1_000_000;
/// Connections at the same time; servers begin to refuse at ten that have not yet logged in (`MaxStartups`).
const CONNECTIONS: usize = 4;
/// Up to so many paths are asked for one by one; for more, their folders are listed.
const ONE_BY_ONE: usize = 64;

struct Sftp {
    place: Place,
    /// The root of the section, without `/` at the end; relative to the folder in which a login begins for `/~/…`.
    root: String,
    shown: String,
    me: Owner,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    lent: usize,
}

/// The target of `sftp://USER@HOST:PORT/PATH`. `SUNLIT_SSH_CONFIG` names another configuration file for `ssh`.
pub(super) fn make(setting: &Setting<'_>) -> Result<Box<dyn Target>, Failure> {
    setting.only(&[])?;
    let address = setting.address;
    let path = address.path.trim_end_matches('/');
    let (root, inner) = match path.strip_prefix("/~/") {
        Some(inner) => (inner, inner),
        None => (path, path.trim_start_matches('/')),
    };
    let host = address.host.trim_start_matches('[').trim_end_matches(']');
    let sound = |text: &str| !text.is_empty() && !text.starts_with('-');
    let user = address.user.as_deref();
    if address.fragment.is_some() || !sound(host) || !user.is_none_or(sound) || SitePath::new(inner).is_none() {
        let message = Message::new("remote.sftp.address").with("target", &setting.destination.name);
        return Err(Failure::Refused(message));
    }
    Ok(Box::new(Sftp {
        place: Place {
            user: address.user.clone(),
            host: host.to_string(),
            port: address.port,
            config: (setting.environment)("SUNLIT_SSH_CONFIG").filter(|c| !c.is_empty()).map(Into::into),
        },
        root: root.to_string(),
        shown: address.text.clone(),
        me: Owner::new(setting.publisher),
        pool: Mutex::default(),
        returned: Condvar::new(),
    }))
}

impl Target for Sftp {
    fn address(&self) -> String {
        self.shown.clone()
    }

    fn open(&self, hold: Hold) -> Result<Box<dyn Session + '_>, Failure> {
        if hold != Hold::Look {
            self.with(&lock(), |c| self.take(c, hold))?;
        }
        Ok(Box::new(Open {
            sftp: self,
            holds: hold != Hold::Look,
            folders: Mutex::default(),
            free: Mutex::new((0..64).rev().collect()),
        }))
    }
}

/// An open target; dropping it lets the lock go.
struct Open<'a> {
    sftp: &'a Sftp,
    holds: bool,
    /// Folders that are known to be there.
    folders: Mutex<BTreeSet<String>>,
    /// Names for files on their way that nobody uses just now.
    free: Mutex<Vec<u32>>,
}

fn lock() -> String {
    format!("{FOLDER}/lock")
}

fn owner() -> String {
    format!("{FOLDER}/lock/owner")
}

fn journal() -> String {
    format!("{FOLDER}/journal")
}

/// What an operation on the server ends in.
type Done<T> = Result<T, Trouble>;

/// What went wrong, on the way or by what was found.
enum Trouble {
    Ssh(SshError),
    Failure(Failure),
}

impl From<SshError> for Trouble {
    fn from(error: SshError) -> Self {
        Self::Ssh(error)
    }
}

impl Sftp {
    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    /// Lends a connection, of which there are a few at most, and takes it back while it is good.
    fn with<T>(&self, path: &str, work: impl FnOnce(&mut Connection) -> Done<T>) -> Result<T, Failure> {
        let mut pool = guard(&self.pool);
        while pool.idle.is_empty() && pool.lent >= CONNECTIONS {
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        let idle = pool.idle.pop();
        pool.lent += 1;
        drop(pool);
        let (done, connection) = match idle.map_or_else(|| Connection::open(&self.place), Ok) {
            Ok(mut connection) => (work(&mut connection), Some(connection)),
            Err(error) => (Err(error.into()), None),
        };
        let broken = matches!(done, Err(Trouble::Ssh(SshError::Ended(_) | SshError::Nonsense(_) | SshError::Local(_))));
        let mut pool = guard(&self.pool);
        pool.lent -= 1;
        pool.idle.extend(connection.filter(|_| !broken));
        drop(pool);
        self.returned.notify_one();
        done.map_err(|trouble| match trouble {
            Trouble::Ssh(error) => self.failure(error, path),
            Trouble::Failure(failure) => failure,
        })
    }

    fn failure(&self, error: SshError, path: &str) -> Failure {
        let host = &self.place.host;
        let words = |key, why: &str| {
            let why = if why.is_empty() { "the connection ended" } else { why };
            Message::new(key).with("host", host).with("path", path).with("why", why)
        };
        match error {
            SshError::NoProgram(error) => Failure::Permanent(words("remote.sftp.no_program", &error.to_string())),
            SshError::Ended(why)
                if why.contains("Host key verification failed") || why.contains("IDENTIFICATION HAS") =>
            {
                Failure::Permanent(words("remote.sftp.host_key", "Host key verification failed"))
            }
            SshError::Ended(why) if why.contains("Permission denied (") || why.contains("authentication failures") => {
                Failure::Permanent(words("remote.sftp.denied", &why))
            }
            SshError::Ended(why) if why.contains("onfiguration option") || why.contains("Can't open user config") => {
                Failure::Permanent(words("remote.sftp.refused", &why))
            }
            SshError::Ended(why) => Failure::Temporary(words("remote.network", &why)),
            SshError::Nonsense(why) => Failure::Temporary(words("remote.network", why)),
            SshError::Local(error) => Failure::Permanent(words("remote.local", &error.to_string())),
            SshError::Absent => Failure::Permanent(words("remote.sftp.refused", "no such file")),
            SshError::Status(6 | 7, why) => Failure::Temporary(words("remote.network", &why)),
            SshError::Status(_, why) => Failure::Permanent(words("remote.sftp.refused", &why)),
        }
    }

    /// Makes the lock. Whoever makes the folder has it; the file in it only says who that is.
    fn take(&self, c: &mut Connection, hold: Hold) -> Done<()> {
        let (folder, owner) = (self.at(&lock()), self.at(&owner()));
        self.make_folders(c, &lock())?;
        match c.make_folder(&folder) {
            Ok(()) => {}
            Err(SshError::Status(code, why)) => {
                if c.stat(&folder)?.is_none() {
                    return Err(SshError::Status(code, why).into());
                }
                let held = c.get(&owner, 64 << 10)?;
                if hold != Hold::TakeOver && !self.me.holds(held.as_deref()) {
                    return Err(Trouble::Failure(Owner::parse(&held.unwrap_or_default()).busy()));
                }
            }
            Err(error) => return Err(error.into()),
        }
        self.place(c, &format!("{FOLDER}/new-lock"), &owner, &mut self.me.text().as_bytes())
    }

    fn is_held(&self, c: &mut Connection) -> Done<bool> {
        Ok(self.me.holds(c.get(&self.at(&owner()), 64 << 10)?.as_deref()))
    }

    /// Writes a file under a name of our own and renames it to its place.
    fn place(&self, c: &mut Connection, new: &str, to: &str, bytes: &mut dyn std::io::Read) -> Done<()> {
        let new = self.at(new);
        c.put(&new, bytes)?;
        Ok(c.rename(&new, to)?)
    }

    /// Makes every folder above `path` that is not there, from the section's root or above it if that is missing, too.
    fn make_folders(&self, c: &mut Connection, path: &str) -> Done<()> {
        let full = self.at(path);
        let folders: Vec<&str> = above(&full).collect();
        let mut missing = Vec::new();
        for folder in folders.into_iter().rev() {
            match c.stat(folder)? {
                None => missing.push(folder),
                Some(Kind::Folder) => break,
                Some(_) => return Err(SshError::Status(4, format!("{folder} is no folder")).into()),
            }
        }
        for folder in missing.into_iter().rev() {
            match c.make_folder(folder) {
                // Another connection of ours was first.
                Err(SshError::Status(..)) if c.stat(folder)? == Some(Kind::Folder) => {}
                made => made?,
            }
        }
        Ok(())
    }
}

impl Open<'_> {
    fn put_at(&self, file: &Upload<'_>) -> Result<(), Failure> {
        let path = file.path.as_str();
        let slot = guard(&self.free).pop().unwrap_or(u32::MAX);
        let put = self.sftp.with(path, |c| {
            let folder = above(path).last().unwrap_or_default();
            if !guard(&self.folders).contains(folder) {
                self.sftp.make_folders(c, path)?;
                guard(&self.folders).extend(above(path).chain([folder]).map(str::to_string));
            }
            let (new, to) = (format!("{FOLDER}/new-{slot}"), self.sftp.at(path));
            let mut source = Source::open(file).map_err(Trouble::Failure)?;
            let placed = c.put(&self.sftp.at(&new), &mut source).map_err(Trouble::from).and_then(|()| {
                source.verify(file).map_err(Trouble::Failure)?;
                Ok(c.rename(&self.sftp.at(&new), &to)?)
            });
            if matches!(placed, Err(Trouble::Ssh(SshError::Absent))) {
                // A folder that was there is gone: it is made when this is tried again.
                guard(&self.folders).clear();
                return Err(SshError::Status(7, "a folder is gone".to_string()).into());
            }
            placed
        });
        guard(&self.free).push(slot);
        put
    }

    fn get(&self, path: &str, most: usize) -> Result<Option<Vec<u8>>, Failure> {
        self.sftp.with(path, |c| Ok(c.get(&self.sftp.at(path), most)?))
    }
}

impl Session for Open<'_> {
    fn visibility(&self) -> Visibility {
        Visibility::FileByFile
    }

    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        let bytes = self.get(manifest::FILE, LISTED)?;
        // What is published stands in folders that need not be made again.
        if let Some(text) = bytes.as_deref().and_then(|b| std::str::from_utf8(b).ok()) {
            let paths = manifest::Manifest::parse(text).0;
            guard(&self.folders).extend(paths.keys().flat_map(|p| above(p.as_str())).map(str::to_string));
        }
        Ok(bytes)
    }

    fn journal(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.get(&journal(), LISTED)
    }

    fn note(&self, bytes: &[u8]) -> Result<(), Failure> {
        let place = |c: &mut Connection| {
            self.sftp.place(c, &format!("{FOLDER}/new-journal"), &self.sftp.at(&journal()), &mut { bytes })
        };
        self.sftp.with(&journal(), place)
    }

    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure> {
        if paths.len() <= ONE_BY_ONE {
            let one = |path: &SitePath| {
                let there = self.sftp.with(path.as_str(), |c| Ok(c.stat(&self.sftp.at(path.as_str()))?))?;
                Ok(there.map_or(Standing::Absent, |_| Standing::Other))
            };
            return paths.iter().map(one).collect();
        }
        of_paths(paths, |folder| {
            let at = if folder.is_empty() { self.sftp.root.clone() } else { self.sftp.at(folder) };
            self.sftp.with(folder, |c| match c.list(&at, NAMES) {
                Ok(names) => Ok(Some(names.into_iter().map(|(name, _)| name).collect())),
                Err(SshError::Absent) => Ok(None),
                Err(error) => Err(error.into()),
            })
        })
    }

    fn put(&self, file: &Upload<'_>) -> Result<(), Failure> {
        self.put_at(file)
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        self.sftp.with(path.as_str(), |c| {
            match c.remove(&self.sftp.at(path.as_str())) {
                Ok(()) | Err(SshError::Absent) => {}
                Err(error) => return Err(error.into()),
            }
            // A folder that still holds something cannot be removed; nobody needs to ask.
            let folders: Vec<&str> = above(path.as_str()).collect();
            for folder in folders.into_iter().rev() {
                match c.remove_folder(&self.sftp.at(folder)) {
                    Ok(()) | Err(SshError::Absent) => {
                        guard(&self.folders).remove(folder);
                    }
                    Err(SshError::Status(..)) => break,
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        })
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.sftp.with(path.as_str(), |c| Ok(c.read(&self.sftp.at(path.as_str()), limit)?))
    }

    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure> {
        if !self.sftp.with(&owner(), |c| self.sftp.is_held(c))? {
            return Err(Failure::Overtaken(Message::new("remote.overtaken").with("address", &self.sftp.shown)));
        }
        self.put_at(manifest)?;
        self.sftp.with(&journal(), |c| match c.remove(&self.sftp.at(&journal())) {
            Ok(()) | Err(SshError::Absent) => Ok(()),
            Err(error) => Err(error.into()),
        })
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.holds {
            return;
        }
        // A lock that cannot be let go says who left it; the next publisher takes it over. Files that a killed run left on
        // their way go, too; the folder goes when there is no journal in it.
        let _ = self.sftp.with(&lock(), |c| {
            if self.sftp.is_held(c)? {
                let folder = self.sftp.at(FOLDER);
                for (name, _) in c.list(&folder, NAMES)?.iter().filter(|(name, _)| name.starts_with("new-")) {
                    c.remove(&format!("{folder}/{name}"))?;
                }
                c.remove(&self.sftp.at(&owner()))?;
                c.remove_folder(&self.sftp.at(&lock()))?;
                let _ = c.remove_folder(&folder);
            }
            Ok(())
        });
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
