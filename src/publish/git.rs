//! `git+file://`, `git+ssh://`, `git+https://`: a branch of a Git repository, as Pages hosts take it. The system's `git` does
//! the work and finds its own credentials (ssh-agent, credential helpers); it is called with arguments, never through a
//! shell, and never asks at a terminal. One commit a publication; what others keep in the branch stays.

use super::target::{Content, Failure, Hold, Session, Setting, Standing, Target, Upload, Visibility};
use crate::base::{Sha256, SitePath};
use crate::diag::Message;
use crate::write::{Lock, WriteError, manifest};
use run::{Git, said};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin};
use std::sync::{Mutex, MutexGuard, PoisonError};

mod run;

/// The branch where none is named.
const BRANCH: &str = "gh-pages";

/// What the repository of the run calls the branch as the host has it, and as it is to be.
const THEIRS: &str = "refs/sunlit/theirs";
const OURS: &str = "refs/sunlit/ours";

struct Pages {
    /// As git takes it.
    url: String,
    branch: String,
    address: String,
    /// A bare repository that is kept between runs, so that only what is new is fetched.
    cache: PathBuf,
    /// Where the publisher's own git configuration is found.
    root: PathBuf,
    started: i64,
}

/// Makes the target of a `git+…://` address.
pub(super) fn make(setting: &Setting<'_>) -> Result<Box<dyn Target>, Failure> {
    setting.only(&[])?;
    let address = setting.address;
    let refused = |key| {
        let message = Message::new(key).with("target", &setting.destination.name).with("to", &address.text);
        Err(Failure::Refused(message))
    };
    let url = address.text.strip_prefix("git+").unwrap_or(&address.text);
    let url = url.split('#').next().unwrap_or_default();
    // ssh takes what begins with a hyphen for an option.
    let odd = |text: &str| text.starts_with('-');
    let local = address.scheme == "git+file";
    if local != address.host.is_empty()
        || address.path.len() < 2
        || odd(&address.host)
        || address.user.as_deref().is_some_and(odd)
    {
        return refused("publish.git.address");
    }
    let branch = address.fragment.as_deref().unwrap_or(BRANCH);
    if !is_branch(branch) {
        return refused("publish.git.branch");
    }
    let name = crate::base::Fingerprint::of(address.text.as_bytes()).short();
    Ok(Box::new(Pages {
        url: if local { format!("file://{}", address.path) } else { url.to_string() },
        branch: branch.to_string(),
        address: address.text.clone(),
        cache: std::path::absolute(setting.scratch).unwrap_or_default().join(format!("git-{name}")),
        root: setting.root.to_path_buf(),
        started: setting.publisher.started,
    }))
}

/// Whether git takes this for a branch (git-check-ref-format, narrowed to what a URL holds without encoding).
fn is_branch(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    let part = |p: &str| !p.is_empty() && !p.starts_with(['.', '-']) && !p.ends_with('.') && !p.ends_with(".lock");
    name.len() <= 200 && name.bytes().all(letter) && !name.contains("..") && name.split('/').all(part)
}

impl Target for Pages {
    fn address(&self) -> String {
        self.address.clone()
    }

    fn open(&self, _: Hold) -> Result<Box<dyn Session + '_>, Failure> {
        // A look fetches too: the cache is ours. The host itself is taken by the push, which only one of two can do.
        let lock = self.cache.with_extension("lock");
        let lock = Lock::take(&lock).map_err(|error| match error {
            WriteError::Io(path, error) => Failure::Permanent(super::send::world(&path, &error)),
            WriteError::Findings(_) => Failure::Permanent(super::send::world(&self.cache, &"?")),
        })?;
        let Some(lock) = lock else { return Err(Failure::Busy { who: "git".into(), since: String::new() }) };
        let git = Git { folder: self.cache.clone() };
        git.prepare()?;
        let mut open =
            Open { pages: self, git, parent: None, files: BTreeMap::new(), stream: Mutex::default(), _lock: lock };
        open.look()?;
        Ok(Box::new(open))
    }
}

struct Open<'a> {
    pages: &'a Pages,
    git: Git,
    /// The commit that the branch names on the host.
    parent: Option<String>,
    /// Its files: path and object.
    files: BTreeMap<String, String>,
    stream: Mutex<Option<Stream>>,
    _lock: Lock,
}

/// `git fast-import`, which is told the commit file by file.
struct Stream {
    child: Child,
    input: ChildStdin,
    /// What became of each path, so that a call that is repeated does no harm.
    touched: BTreeSet<SitePath>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Open<'_> {
    /// Fetches the branch and lists its files.
    fn look(&mut self) -> Result<(), Failure> {
        let head = format!("refs/heads/{}", self.pages.branch);
        let listed = self.git.ask(&["ls-remote", "--", &self.pages.url, &head])?;
        if !listed.lines().any(|l| l.split('\t').nth(1) == Some(&head)) {
            return Ok(());
        }
        self.fetch(THEIRS)?;
        self.parent = Some(self.git.ask(&["rev-parse", "--verify", THEIRS])?.trim().to_string());
        let list = self.git.ask_bytes(&["ls-tree", "-r", "-z", "--full-tree", THEIRS])?;
        for entry in list.split(|b| *b == 0).filter(|e| !e.is_empty()) {
            let entry = String::from_utf8_lossy(entry);
            let Some((facts, path)) = entry.split_once('\t') else { continue };
            let object = facts.rsplit(' ').next().unwrap_or_default();
            self.files.insert(path.to_string(), object.to_string());
        }
        Ok(())
    }

    fn fetch(&self, to: &str) -> Result<(), Failure> {
        let refspec = format!("+refs/heads/{}:{to}", self.pages.branch);
        self.git.ask(&["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", &self.pages.url, &refspec])?;
        Ok(())
    }

    fn object(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let Some(object) = self.files.get(path) else { return Ok(None) };
        self.git.ask_bytes(&["cat-file", "blob", object]).map(Some)
    }

    /// The stream, with the commit begun.
    fn stream(&self) -> Result<MutexGuard<'_, Option<Stream>>, Failure> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        if stream.is_none() {
            let ident = self.git.identity(&self.pages.root)?;
            let (child, mut input) =
                self.git.start(&["fast-import", "--quiet", "--done", "--force", "--date-format=raw"])?;
            let message = "Publish\n";
            let mut head = format!("commit {OURS}\n");
            for role in ["author", "committer"] {
                head.push_str(&format!("{role} {ident} {} +0000\n", self.pages.started));
            }
            head.push_str(&format!("data {}\n{message}", message.len()));
            if let Some(parent) = &self.parent {
                head.push_str(&format!("from {parent}\n"));
            }
            input.write_all(head.as_bytes()).map_err(|e| self.git.failed(&e))?;
            *stream = Some(Stream { child, input, touched: BTreeSet::new() });
        }
        Ok(stream)
    }
}

impl Session for Open<'_> {
    fn visibility(&self) -> Visibility {
        Visibility::AtOnce
    }

    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.object(manifest::FILE)
    }

    fn journal(&self) -> Result<Option<Vec<u8>>, Failure> {
        Ok(None)
    }

    fn note(&self, _: &[u8]) -> Result<(), Failure> {
        Ok(())
    }

    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure> {
        let folders: BTreeSet<&str> =
            self.files.keys().flat_map(|p| p.match_indices('/').map(|(at, _)| &p[..at])).collect();
        let above = |path: &str| path.match_indices('/').any(|(at, _)| self.files.contains_key(&path[..at]));
        let one = |path: &SitePath| match self.object(path.as_str())? {
            Some(bytes) => Ok(Standing::Is(Sha256::of(&bytes))),
            None if above(path.as_str()) || folders.contains(path.as_str()) => Ok(Standing::Other),
            None => Ok(Standing::Absent),
        };
        paths.iter().map(one).collect()
    }

    fn put(&self, file: &Upload<'_>) -> Result<(), Failure> {
        let mut guard = self.stream()?;
        let Some(stream) = guard.as_mut() else { return Err(self.git.failed(&"fast-import")) };
        let mut write = || {
            writeln!(stream.input, "M 100644 inline {}\ndata {}", quoted(file.path), file.length)?;
            match file.content {
                Content::Bytes(bytes) => stream.input.write_all(bytes)?,
                Content::File(path) => {
                    let mut source = std::fs::File::open(path)?;
                    if std::io::copy(&mut source, &mut stream.input)? != file.length {
                        return Err(std::io::Error::other("the file changed while it was read"));
                    }
                }
            }
            stream.input.write_all(b"\n")
        };
        write().map_err(|e| self.git.failed(&e))?;
        stream.touched.insert(file.path.clone());
        Ok(())
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        let mut guard = self.stream()?;
        let Some(stream) = guard.as_mut() else { return Err(self.git.failed(&"fast-import")) };
        if self.files.contains_key(path.as_str()) && stream.touched.insert(path.clone()) {
            writeln!(stream.input, "D {}", quoted(path)).map_err(|e| self.git.failed(&e))?;
        }
        Ok(())
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        let name = format!("{THEIRS}:{path}");
        let there = self.git.try_ask(&["cat-file", "-e", &name])?;
        if !there {
            return Ok(None);
        }
        let mut bytes = self.git.ask_bytes(&["cat-file", "blob", &name])?;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(Some(bytes))
    }

    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure> {
        self.put(manifest)?;
        let stream = self.stream()?.take();
        let Some(mut stream) = stream else { return Err(self.git.failed(&"fast-import")) };
        stream.input.write_all(b"done\n").and_then(|()| stream.input.flush()).map_err(|e| self.git.failed(&e))?;
        let ended = stream.child.wait().map_err(|e| self.git.failed(&e))?;
        if !ended.success() {
            return Err(self.git.failed(&said(&mut stream.child)));
        }
        let refspec = format!("{OURS}:refs/heads/{}", self.pages.branch);
        match self.git.push(&self.pages.url, &refspec)? {
            run::Pushed::Done => {}
            run::Pushed::Overtaken => {
                return Err(Failure::Overtaken(
                    Message::new("publish.git.overtaken").with("target", &self.pages.address),
                ));
            }
        }
        // What is read back is what the host has.
        self.fetch(THEIRS)
    }
}

/// A path as fast-import reads it, quoted like a string of C.
fn quoted(path: &SitePath) -> String {
    format!("\"{}\"", path.as_str().replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::is_branch;

    #[test]
    fn branches_are_what_git_takes() {
        for name in ["gh-pages", "main", "site/2024", "v1.0"] {
            assert!(is_branch(name), "{name}");
        }
        for name in ["", "-x", "a..b", "a b", "a/.b", "a.lock", "a/", "/a", "a~1", "a:b", "@{u}", "a\n"] {
            assert!(!is_branch(name), "{name:?}");
        }
    }
}
