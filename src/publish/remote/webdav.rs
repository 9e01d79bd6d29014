//! WebDAV (RFC 4918): `webdav://HOST/PATH` and `webdavs://HOST/PATH`, by ureq. A file is put under a name that nobody reads and
//! then moved over the old one, since a PUT that breaks off may leave half a file. Folders are made when they are missing.

use super::folders::{above, of_paths};
use super::hold::{self, Condition, FOLDER, Owner, Store, Written};
use super::http::{ANSWER, Answer, Ask, Http, may_go_open};
use super::list;
use crate::base::{SitePath, path::encode};
use crate::diag::Message;
use crate::publish::target::{Failure, Hold, Session, Setting, Standing, Target, Upload, Visibility};
use crate::write::manifest;
use base64::{Engine, prelude::BASE64_STANDARD};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most bytes of a manifest or a journal: about a million files.
const LISTED: u64 = 256 << 20;
/// Up to so many paths are asked for one by one; for more, their folders are listed.
const ONE_BY_ONE: usize = 8;

struct WebDav {
    http: Http,
    /// The address of the section's root, encoded, ending in `/`.
    root: String,
    /// Its path on the server, decoded, without `/` at the end.
    path: String,
    authorization: Option<String>,
    shown: String,
    me: Owner,
}

/// The target of `webdav(s)://HOST/PATH`. Option: `cleartext`. User and password: `SUNLIT_WEBDAV_USER`, `SUNLIT_WEBDAV_PASSWORD`.
pub(super) fn make(setting: &Setting<'_>) -> Result<Box<dyn Target>, Failure> {
    setting.only(&["cleartext"])?;
    let environment = |name: &str| (setting.environment)(name).filter(|value| !value.is_empty());
    let address = setting.address;
    let scheme = if address.scheme == "webdavs" { "https" } else { "http" };
    if scheme == "http" {
        may_go_open(&address.host, setting)?;
    }
    let path = address.path.trim_matches('/');
    let wrong = address.fragment.is_some() || address.host.is_empty();
    if wrong || !(path.is_empty() || SitePath::new(path).is_some()) {
        let message = Message::new("remote.webdav.address").with("target", &setting.destination.name);
        return Err(Failure::Refused(message));
    }
    let user = address.user.clone().or_else(|| environment("SUNLIT_WEBDAV_USER"));
    let authorization = user.map(|user| {
        let password = environment("SUNLIT_WEBDAV_PASSWORD").unwrap_or_default();
        format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
    });
    let port = address.port.map(|port| format!(":{port}")).unwrap_or_default();
    let root = format!("{scheme}://{}{port}/{}", address.host, encode(path));
    Ok(Box::new(WebDav {
        http: Http::new(&address.host, setting)?,
        root: if root.ends_with('/') { root } else { format!("{root}/") },
        path: if path.is_empty() { String::new() } else { format!("/{path}") },
        authorization,
        shown: address.text.clone(),
        me: Owner::new(setting.publisher),
    }))
}

impl Target for WebDav {
    fn address(&self) -> String {
        self.shown.clone()
    }

    fn open(&self, hold: Hold) -> Result<Box<dyn Session + '_>, Failure> {
        if hold != Hold::Look {
            let read = || self.get(&lock(), ANSWER);
            let write = |bytes: &[u8], condition| self.write(&lock(), bytes, condition);
            hold::take(&Store { read: &read, write: &write }, hold, &self.me)?;
        }
        Ok(Box::new(Open {
            dav: self,
            holds: hold != Hold::Look,
            folders: Mutex::default(),
            emptied: Mutex::default(),
            free: Mutex::new((0..64).rev().collect()),
            noted: AtomicBool::new(true),
        }))
    }
}

/// An open target; dropping it lets the lock go.
struct Open<'a> {
    dav: &'a WebDav,
    holds: bool,
    /// Folders that are known to be there.
    folders: Mutex<BTreeSet<String>>,
    /// Folders from which something was removed.
    emptied: Mutex<BTreeSet<String>>,
    /// Names for files on their way that nobody uses just now. They are few, and used again by the next run, so that a
    /// killed one leaves little behind.
    free: Mutex<Vec<u32>>,
    /// Whether a journal may be there.
    noted: AtomicBool,
}

fn lock() -> String {
    format!("{FOLDER}/lock")
}

fn journal() -> String {
    format!("{FOLDER}/journal")
}

impl WebDav {
    fn url(&self, path: &str) -> String {
        format!("{}{}", self.root, encode(path))
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], limit: u64) -> Result<Answer, Failure> {
        let mut all = self.headers();
        all.extend_from_slice(headers);
        self.http.ask(&Ask { method, url: &self.url(path), headers: &all, limit })
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.authorization.iter().map(|a| ("authorization", a.as_str())).collect()
    }

    fn refusal(&self, answer: &Answer, path: &str) -> Failure {
        self.http.refusal(answer.status, "", path, "remote.webdav.denied")
    }

    fn get(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        let answer = self.ask("GET", path, &[("cache-control", "no-cache")], limit)?;
        match answer.status {
            404 | 409 => Ok(None),
            _ if answer.is_success() => Ok(Some(answer.body)),
            _ => Err(self.refusal(&answer, path)),
        }
    }

    /// Writes a file of our own, which nobody else reads; its folder is made.
    fn write(&self, path: &str, bytes: &[u8], condition: Condition) -> Result<Written, Failure> {
        let mut headers = self.headers();
        headers.push(("content-type", "application/octet-stream"));
        if condition == Condition::IfAbsent {
            headers.push(("if-none-match", "*"));
        }
        let url = self.url(path);
        let put = || self.http.ask_with(&Ask { method: "PUT", url: &url, headers: &headers, limit: ANSWER }, bytes);
        let mut answer = put()?;
        if matches!(answer.status, 404 | 409) {
            self.make_folders(path)?;
            answer = put()?;
        }
        match answer.status {
            412 if condition == Condition::IfAbsent => Ok(Written::Exists),
            _ if answer.is_success() => Ok(Written::Done),
            _ => Err(self.refusal(&answer, path)),
        }
    }

    fn delete(&self, path: &str) -> Result<(), Failure> {
        let answer = self.ask("DELETE", path, &[], ANSWER)?;
        match answer.status {
            404 | 409 => Ok(()),
            207 => Err(self.http.refusal(424, "", path, "")),
            _ if answer.is_success() => Ok(()),
            _ => Err(self.refusal(&answer, path)),
        }
    }

    /// Makes every folder above `path` that is not there, the root itself too.
    fn make_folders(&self, path: &str) -> Result<(), Failure> {
        let folders: Vec<String> = std::iter::once(String::new()).chain(above(path).map(|f| format!("{f}/"))).collect();
        // From below upwards to the first that is there, then down again.
        let mut missing = Vec::new();
        for folder in folders.iter().rev() {
            match self.make_folder(folder)? {
                true => break,
                false => missing.push(folder),
            }
        }
        for folder in missing.into_iter().rev() {
            if !self.make_folder(folder)? {
                let message = Message::new("remote.no_folder").with("address", &self.shown).with("path", folder);
                return Err(Failure::Permanent(message));
            }
        }
        Ok(())
    }

    /// Makes one folder; whether it is there now. It is not where the one above is missing.
    fn make_folder(&self, folder: &str) -> Result<bool, Failure> {
        let answer = self.ask("MKCOL", folder, &[], ANSWER)?;
        match answer.status {
            404 | 409 => Ok(false),
            // There is something already; some servers send on to its name with `/` instead.
            405 | 301 => Ok(true),
            _ if answer.is_success() => Ok(true),
            _ => Err(self.refusal(&answer, folder)),
        }
    }

    /// The names in a folder; `None` where there is none.
    fn members(&self, folder: &str) -> Result<Option<BTreeSet<String>>, Failure> {
        let body =
            br#"<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>"#;
        let mut headers = self.headers();
        headers.extend([("depth", "1"), ("content-type", "application/xml; charset=utf-8")]);
        let url = self.url(&if folder.is_empty() { String::new() } else { format!("{folder}/") });
        let limit = ANSWER * 8;
        let answer = self.http.ask_with(&Ask { method: "PROPFIND", url: &url, headers: &headers, limit }, body)?;
        match answer.status {
            404 | 409 => return Ok(None),
            207 if (answer.body.len() as u64) < limit => {}
            207 => return Err(Failure::Permanent(self.too_many(limit))),
            _ => return Err(self.refusal(&answer, folder)),
        }
        let here = if folder.is_empty() { self.path.clone() } else { format!("{}/{folder}", self.path) };
        let members = list::members(&answer.body).into_iter();
        Ok(Some(members.filter_map(|m| Some(m.path.strip_prefix(&here)?.strip_prefix('/')?.to_string())).collect()))
    }

    fn too_many(&self, limit: u64) -> Message {
        Message::new("remote.too_long").with("address", &self.shown).with("limit", limit >> 20)
    }

    fn is_held(&self) -> Result<bool, Failure> {
        Ok(self.me.holds(self.get(&lock(), ANSWER)?.as_deref()))
    }
}

impl Open<'_> {
    /// Puts a file under a name of our own and moves it to its place.
    fn place(&self, file: &Upload<'_>, to: &str) -> Result<(), Failure> {
        let slot = hold_of(&self.free).pop().unwrap_or(u32::MAX);
        let done = self.place_by(&format!("{FOLDER}/new-{slot}"), file, to);
        hold_of(&self.free).push(slot);
        done
    }

    fn place_by(&self, new: &str, file: &Upload<'_>, to: &str) -> Result<(), Failure> {
        let mut headers = self.dav.headers();
        headers.push(("content-type", file.media_type));
        let url = self.dav.url(new);
        let answer = self.dav.http.upload(&Ask { method: "PUT", url: &url, headers: &headers, limit: ANSWER }, file)?;
        if !answer.is_success() {
            return Err(self.dav.refusal(&answer, to));
        }
        self.make_folders_of(to)?;
        let destination = self.dav.url(to);
        let headers = [("destination", destination.as_str()), ("overwrite", "T")];
        let answer = self.dav.ask("MOVE", new, &headers, ANSWER)?;
        match answer.status {
            // A folder that was there is gone: it is made when this is tried again.
            404 | 409 => {
                hold_of(&self.folders).clear();
                Err(self.dav.http.refusal(503, "", to, ""))
            }
            207 => Err(self.dav.http.refusal(424, "", to, "")),
            _ if answer.is_success() => Ok(()),
            _ => Err(self.dav.refusal(&answer, to)),
        }
    }

    fn make_folders_of(&self, path: &str) -> Result<(), Failure> {
        let Some(folder) = above(path).last() else { return Ok(()) };
        // One at a time: servers answer 403 to the slower of two who make the same folder.
        let mut folders = hold_of(&self.folders);
        if !folders.contains(folder) {
            self.dav.make_folders(path)?;
            folders.extend(above(path).map(str::to_string));
        }
        Ok(())
    }

    /// Removes the folders that removals have left empty, the deepest first, and those above that this empties.
    fn sweep(&self) -> Result<(), Failure> {
        let mut folders = std::mem::take(&mut *hold_of(&self.emptied));
        let depth = |folder: &String| folder.matches('/').count();
        while let Some(folder) = folders.iter().max_by_key(|f| depth(f)).cloned() {
            folders.remove(&folder);
            if self.dav.members(&folder)?.is_some_and(|members| members.is_empty()) {
                self.dav.delete(&format!("{folder}/"))?;
                folders.extend(above(&folder).last().map(str::to_string));
            }
        }
        Ok(())
    }
}

impl Session for Open<'_> {
    fn visibility(&self) -> Visibility {
        Visibility::FileByFile
    }

    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        let bytes = self.dav.get(manifest::FILE, LISTED)?;
        // What is published stands in folders that need not be made again.
        if let Some(text) = bytes.as_deref().and_then(|b| std::str::from_utf8(b).ok()) {
            let paths = manifest::Manifest::parse(text).0;
            let folders = paths.keys().flat_map(|p| above(p.as_str())).map(str::to_string);
            hold_of(&self.folders).extend(folders);
        }
        Ok(bytes)
    }

    fn journal(&self) -> Result<Option<Vec<u8>>, Failure> {
        let bytes = self.dav.get(&journal(), LISTED)?;
        self.noted.store(bytes.is_some(), Ordering::Relaxed);
        Ok(bytes)
    }

    fn note(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.noted.store(true, Ordering::Relaxed);
        self.dav.write(&format!("{FOLDER}/new-journal"), bytes, Condition::Always)?;
        let destination = self.dav.url(&journal());
        let headers = [("destination", destination.as_str()), ("overwrite", "T")];
        match self.dav.ask("MOVE", &format!("{FOLDER}/new-journal"), &headers, ANSWER)? {
            answer if answer.is_success() => Ok(()),
            answer => Err(self.dav.refusal(&answer, &journal())),
        }
    }

    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure> {
        if paths.len() <= ONE_BY_ONE {
            let one = |path: &SitePath| match self.dav.ask("HEAD", path.as_str(), &[], ANSWER)? {
                answer if matches!(answer.status, 404 | 409) => Ok(Standing::Absent),
                answer if answer.is_success() => Ok(Standing::Other),
                answer => Err(self.dav.refusal(&answer, path.as_str())),
            };
            return paths.iter().map(one).collect();
        }
        of_paths(paths, |folder| self.dav.members(folder))
    }

    fn put(&self, file: &Upload<'_>) -> Result<(), Failure> {
        self.place(file, file.path.as_str())
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        self.dav.delete(path.as_str())?;
        hold_of(&self.emptied).extend(above(path.as_str()).last().map(str::to_string));
        Ok(())
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        self.dav.get(path.as_str(), limit)
    }

    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure> {
        if !self.dav.is_held()? {
            return Err(Failure::Overtaken(Message::new("remote.overtaken").with("address", &self.dav.shown)));
        }
        self.sweep()?;
        self.place(manifest, manifest.path.as_str())?;
        self.dav.delete(&journal())?;
        self.noted.store(false, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // A lock that cannot be let go says who left it; the next publisher takes it over. Without a journal, everything
        // in our folder is of no use to anybody any more.
        if self.holds && self.dav.is_held().unwrap_or(false) {
            let what = if self.noted.load(Ordering::Relaxed) { lock() } else { format!("{FOLDER}/") };
            let _ = self.dav.delete(&what);
        }
    }
}

fn hold_of<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
