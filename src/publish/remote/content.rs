//! The bytes of a file on its way. In: an [`Upload`]. Out: a reader that knows at its end whether the bytes were those of
//! the manifest, so that a file that changed meanwhile never takes the place of another.

use crate::base::Sha256;
use crate::diag::Message;
use crate::publish::target::{Content, Failure, Upload};
use md5::{Digest, Md5};
use std::fs::File;
use std::io::{self, Read};

/// Reads a file on its way.
pub(super) enum Source<'a> {
    /// Bytes that were held against their digest already.
    Bytes(&'a [u8]),
    /// A file, with the digest of what was read of it.
    File(io::Take<File>, Box<sha2::Sha256>),
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bytes(bytes) => bytes.read(buffer),
            Self::File(file, digest) => {
                let length = file.read(buffer)?;
                digest.update(buffer.get(..length).unwrap_or_default());
                Ok(length)
            }
        }
    }
}

impl<'a> Source<'a> {
    pub(super) fn open(upload: &Upload<'a>) -> Result<Self, Failure> {
        match upload.content {
            Content::Bytes(bytes) => Ok(Self::Bytes(bytes)),
            Content::File(path) => {
                let file = File::open(path).map_err(|e| unreadable(upload, &e))?;
                Ok(Self::File(file.take(upload.length), Box::default()))
            }
        }
    }

    /// Whether what was read is what the manifest says.
    pub(super) fn verify(self, upload: &Upload<'_>) -> Result<(), Failure> {
        let Self::File(_, digest) = self else { return Ok(()) };
        let hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if Sha256::parse(&hex) == Some(upload.sha256) {
            return Ok(());
        }
        Err(Failure::Damaged(Message::new("publish.damaged").with("path", upload.path)))
    }
}

/// The MD5 (RFC 1321) of a file on its way, and whether it is what the manifest says.
pub(super) fn md5(upload: &Upload<'_>) -> Result<[u8; 16], Failure> {
    let mut source = Source::open(upload)?;
    let mut digest = Md5::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match source.read(&mut buffer).map_err(|e| unreadable(upload, &e))? {
            0 => break,
            length => digest.update(buffer.get(..length).unwrap_or_default()),
        }
    }
    source.verify(upload)?;
    Ok(digest.finalize().into())
}

fn unreadable(upload: &Upload<'_>, error: &io::Error) -> Failure {
    Failure::Permanent(Message::new("remote.local").with("path", upload.path).with("why", error))
}
