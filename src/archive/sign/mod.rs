//! Signatures of archives in the format of OpenSSH (PROTOCOL.sshsig), which `ssh-keygen -Y` makes and verifies everywhere.
//! In: an archive, a key that its owner made, a list of those who are trusted. Out: a signature beside the archive, or what
//! is said of one. Never makes a key, never shows one.

#[cfg(feature = "signatures")]
mod key;
mod signers;
#[cfg(feature = "signatures")]
mod sshsig;

pub use signers::{Signer, Signers};
#[cfg(feature = "signatures")]
pub use sshsig::{sign, verify};

#[cfg(not(feature = "signatures"))]
use super::place::Present;
use super::place::State;
use crate::diag::Message;
use serde::Serialize;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Whether this program was built with the feature `signatures`.
pub const AVAILABLE: bool = cfg!(feature = "signatures");

/// What a signature is for: one that was made for something else says nothing about an archive.
pub const NAMESPACE: &str = "sunlit-archive";

/// The file of a bag in a folder that is signed: it names the digest of every other, manifests included.
const OF_FOLDER: &str = "tagmanifest-sha512.txt";

/// A signature that was made, or was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Where it is.
    pub path: PathBuf,
    /// The key, as `ssh-keygen -l` names it: `SHA256:…`.
    pub key: String,
    /// What became of it.
    pub state: State,
}

/// Why there is no signature, or why nothing can be said of one.
#[derive(Debug)]
pub enum Refused {
    /// In a sentence.
    Because(Message),
    /// The world failed, at this path.
    Io(PathBuf, io::Error),
}

/// A signature that is right, and whether it was to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The key, as `ssh-keygen -l` names it: `SHA256:…`.
    pub key: String,
    /// Who that is, by the list of those who are trusted; none when no list was given.
    pub signer: Option<String>,
}

/// What is said of the signature of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// There is none.
    None,
    /// It is right.
    Right(Signature),
    /// It is not, or not to be trusted: why.
    Wrong(Message),
    /// This program cannot tell: why.
    Untold(Message),
}

/// Where the signature of an archive lies: beside it, for a folder too, so that the folder stays as it is.
pub fn signature_of(path: &Path) -> PathBuf {
    let mut name: OsString = path.file_name().unwrap_or_default().to_os_string();
    name.push(".sig");
    path.with_file_name(name)
}

/// The file whose bytes are signed: the archive itself, or of a folder the manifest of its tag files.
pub fn signed_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(OF_FOLDER) } else { path.to_path_buf() }
}

/// Signs nothing: this program was built without the feature `signatures`.
///
/// # Errors
/// That it cannot.
#[cfg(not(feature = "signatures"))]
pub fn sign(_: &Path, _: &Path, _: Present) -> Result<Signed, Refused> {
    Err(Refused::Because(Message::new("archive.sign.unavailable")))
}

/// Says only whether there is a signature: this program was built without the feature `signatures`.
///
/// # Errors
/// None.
#[cfg(not(feature = "signatures"))]
pub fn verify(path: &Path, _: Option<&Signers>, _: i64) -> Result<Found, Refused> {
    let there = signature_of(path).is_file();
    Ok(if there { Found::Untold(Message::new("archive.sign.unavailable")) } else { Found::None })
}
