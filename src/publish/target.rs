//! The one interface of all places that a section can be published to, and the table of those that there are: a line of
//! [`TARGETS`] and one file of code each. A target moves files and keeps a lock; it knows no portal, no order, no limit
//! and no retry: these are the same for all and live beside it. Environment and clock are handed in, never read.

use super::address::Address;
use super::{folder, git, remote};
use crate::base::{Sha256, SitePath};
use crate::diag::Message;
use crate::hosting::Freshness;
use crate::model::Destination;
use std::path::Path;

/// A scheme of `to:` in `site.yaml`, and what makes its target. A target refuses options that it does not know
/// ([`Setting::only`]) before anything is asked of the world.
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// What stands before `://`.
    pub name: &'static str,
    /// Makes the target; touches nothing yet.
    pub make: fn(&Setting<'_>) -> Result<Box<dyn Target>, Failure>,
}

/// Every scheme that can be published to. A target is a file beside this one and its line here.
pub const TARGETS: &[Scheme] = &[
    Scheme { name: "file", make: folder::make },
    Scheme { name: "git+file", make: git::make },
    Scheme { name: "git+https", make: git::make },
    Scheme { name: "git+ssh", make: git::make },
    Scheme { name: "s3", make: remote::s3 },
    Scheme { name: "sftp", make: remote::sftp },
    Scheme { name: "webdav", make: remote::webdav },
    Scheme { name: "webdavs", make: remote::webdav },
];

/// What a target is made of.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Its entry in `site.yaml`, with its options.
    pub destination: &'a Destination,
    /// `to:`, taken apart; it holds no password, for one that does was refused.
    pub address: &'a Address,
    /// The portal's root.
    pub root: &'a Path,
    /// A folder that is kept between runs and never published (`.sunlit/`), for what a target wants to remember.
    pub scratch: &'a Path,
    /// Who publishes.
    pub publisher: &'a Publisher,
    /// The environment, for credentials; they are never written and never said.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
}

/// Who publishes, and when the run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// User, machine and process, as others are told who finds the target taken.
    pub who: String,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub started: i64,
}

/// How a target is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// To look only: nothing is locked and nothing will be changed (`--dry-run`).
    Look,
    /// To change: another publisher that holds the target is [`Failure::Busy`].
    Take,
    /// To change, even if a lock of another publisher, who is taken to be dead, is still there (`--take-over`).
    TakeOver,
}

/// A place that a section can be published to.
pub trait Target: Sync {
    /// What stands in messages: the address without credentials.
    fn address(&self) -> String;

    /// Opens the target and takes it for this publisher. A session that is dropped before it is finished lets the
    /// target go, and leaves journal and files so that the next run goes on.
    ///
    /// # Errors
    /// [`Failure::Busy`] with who holds it and since when; or what the target refuses.
    fn open(&self, hold: Hold) -> Result<Box<dyn Session + '_>, Failure>;
}

/// When readers see what was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Each file by itself: the order protects readers.
    FileByFile,
    /// All at once, in [`Session::finish`].
    AtOnce,
}

/// What stands at a path of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Absent,
    /// A file with this digest.
    Is(Sha256),
    /// Something; which bytes cannot be told without fetching them, or it is no plain file at all.
    Other,
}

/// A target that is open. Methods are called from several threads at once; every call may be repeated after
/// [`Failure::Temporary`], so each must bear being done twice.
pub trait Session: Sync {
    /// When readers see what was put.
    fn visibility(&self) -> Visibility;

    /// `manifest-sha256.txt` as the target has it: what the last publication that was finished left there.
    ///
    /// # Errors
    /// What the target refuses.
    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure>;

    /// The journal of a publication that was not finished, whole as it was last noted.
    ///
    /// # Errors
    /// What the target refuses.
    fn journal(&self) -> Result<Option<Vec<u8>>, Failure>;

    /// Replaces the journal, whole or not at all, where readers do not look. It is noted before the first change and
    /// about twenty times in a run; [`Session::finish`] takes it away. A target that is [`Visibility::AtOnce`] and throws
    /// an interrupted run away may keep none.
    ///
    /// # Errors
    /// What the target refuses.
    fn note(&self, journal: &[u8]) -> Result<(), Failure>;

    /// What stands at each path, in the order asked. Asked about paths that are to be added and that neither manifest nor
    /// journal name, so that what others put there is not overwritten; and about those that an interrupted run left open.
    /// Many paths come at once, so that a listing can answer instead of a request for each.
    ///
    /// # Errors
    /// What the target refuses.
    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure>;

    /// Puts one file: readers see the old one or the new one, whole, and never half of either.
    ///
    /// # Errors
    /// What the target refuses.
    fn put(&self, file: &Upload<'_>) -> Result<(), Failure>;

    /// Removes one file of ours, and the folders that this leaves empty where there are folders. One that is not there is
    /// no error.
    ///
    /// # Errors
    /// What the target refuses.
    fn remove(&self, path: &SitePath) -> Result<(), Failure>;

    /// Reads a file back as it was put, not through a cache; `None` where there is none. Files over `limit` bytes are cut
    /// off there.
    ///
    /// # Errors
    /// What the target refuses.
    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, Failure>;

    /// Puts the manifest in force, makes everything visible where the target switches at once, and forgets the journal.
    /// The lock is let go when the session is dropped.
    ///
    /// # Errors
    /// [`Failure::Overtaken`] when somebody else has published meanwhile; or what the target refuses.
    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure>;
}

/// A file on its way.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// Where it goes, below the section's root.
    pub path: &'a SitePath,
    /// Its bytes.
    pub content: Content<'a>,
    /// Their number.
    pub length: u64,
    /// Their digest, which was verified just now.
    pub sha256: Sha256,
    /// Media type, with charset where it is text.
    pub media_type: &'static str,
    /// How long others may keep it.
    pub cache: Cache,
}

/// The bytes of a file on its way.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// In memory: up to [`super::send::IN_MEMORY`].
    Bytes(&'a [u8]),
    /// A larger file, to be streamed.
    File(&'a Path),
}

/// How long others may keep a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Its name carries its fingerprint: for ever.
    Fingerprinted,
    /// It may be replaced any time.
    Page,
}

impl Cache {
    /// The value of `Cache-Control` (RFC 9111; `immutable`: RFC 8246).
    pub const fn control(self) -> &'static str {
        // As a web server is told by `sunlit hosting`.
        match self {
            Cache::Fingerprinted => Freshness::Fixed.value(),
            Cache::Page => Freshness::Short.value(),
        }
    }
}

/// Why something did not happen. A message never holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Another publisher holds the target.
    Busy {
        /// Who, in their own words.
        who: String,
        /// Since when, RFC 3339; empty where nobody noted it.
        since: String,
    },
    /// What `site.yaml` or the command line asks for cannot be done: wrong usage.
    Refused(Message),
    /// The network or the host, perhaps only now: it is tried again.
    Temporary(Message),
    /// The host refuses, and will again: no permission, wrong credentials, no space.
    Permanent(Message),
    /// The file to be sent is not what the manifest says: a target that streams one may notice it last.
    Damaged(Message),
    /// Somebody else published between our look and our switch: everything is begun anew, once.
    Overtaken(Message),
}

impl Setting<'_> {
    /// Refuses options that the target does not know; `to` is always known.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the first that is unknown.
    pub fn only(&self, known: &[&str]) -> Result<(), Failure> {
        let unknown = self.destination.options.keys().find(|key| !known.contains(&&***key));
        match unknown {
            Some(key) => Err(Failure::Refused(
                Message::new("publish.option")
                    .with("target", &self.destination.name)
                    .with("key", key)
                    .with("scheme", &self.address.scheme)
                    .with("known", [&["to"], known].concat().join(", ")),
            )),
            None => Ok(()),
        }
    }

    /// The value of an option, as text.
    pub fn option(&self, key: &str) -> Option<&str> {
        self.destination.options.get(key).map(|v| &**v)
    }
}
