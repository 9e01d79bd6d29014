//! One text file: bounded, UTF-8, without its byte order mark.

use super::bounds;
use crate::base::{Fingerprint, Sha256};
use crate::diag::{Code, Diagnostic, Message, Place};
use std::{fs::File, io::Read, path::Path};

/// The text of a file.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its path in the portal, `/`-separated.
    pub file: String,
    /// What it says, without a byte order mark.
    pub text: String,
    /// Bytes that were taken away before `text` (3 for a byte order mark).
    pub offset: usize,
    /// Hash of the file's bytes.
    pub hash: Fingerprint,
}

impl Text {
    /// SHA-256 of the file's bytes.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of_both(if self.offset == 0 { b"" } else { "\u{feff}".as_bytes() }, self.text.as_bytes())
    }
}

/// Reads `root/file`, of at most `limit` bytes.
///
/// # Errors
/// FILE-010 for a larger file, FILE-011 when it is not UTF-8, FILE-015 when it cannot be read.
pub fn read(root: &Path, file: &str, limit: u64, sink: &mut Vec<Diagnostic>) -> Option<Text> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that grew since it was listed; a gigabyte is never read.
    let opened = File::open(root.join(file)).and_then(|f| {
        let size = f.metadata()?.len();
        bytes.reserve(usize::try_from(size.min(limit)).unwrap_or(0) + 1);
        if size > limit { Ok(usize::MAX) } else { f.take(limit + 1).read_to_end(&mut bytes) }
    });
    match opened {
        Err(error) => {
            sink.push(unreadable(file, &error));
            return None;
        }
        Ok(n) if n as u64 > limit => {
            sink.push(too_large(file, limit));
            return None;
        }
        Ok(_) => {}
    }
    let hash = Fingerprint::of(&bytes);
    let text = match simdutf8::compat::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            sink.push(not_utf8(file, &bytes, error.valid_up_to()));
            return None;
        }
    };
    let (text, offset) = match text.strip_prefix('\u{feff}') {
        Some(rest) => {
            let message = Message::new("file.bom");
            let help = Message::new("file.bom.help");
            sink.push(Diagnostic::new(Code::File012, message).at(file, Place::Bytes(0..0)).help(help));
            (rest, 3)
        }
        None => (text, 0),
    };
    Some(Text { file: file.to_string(), text: text.to_string(), offset, hash })
}

/// The finding for a file that the system does not let us read.
pub fn unreadable(file: &str, error: &std::io::Error) -> Diagnostic {
    let message = Message::new("file.unreadable").with("error", error);
    Diagnostic::new(Code::File015, message).at(file, Place::Whole).help(Message::new("file.unreadable.help"))
}

/// The finding for a file over its bound.
pub fn too_large(file: &str, limit: u64) -> Diagnostic {
    let message = Message::new("file.too_large").with("limit", crate::base::media::human_size(limit));
    let key = if limit == bounds::ATTACHMENT_BYTES { "file.too_large.help_attachment" } else { "file.too_large.help" };
    Diagnostic::new(Code::File010, message).at(file, Place::Whole).help(Message::new(key))
}

fn not_utf8(file: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    let message = Message::new("file.not_utf8")
        .with("line", line)
        .with("byte", at - bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1) + 1);
    Diagnostic::new(Code::File011, message).at(file, Place::Whole).help(Message::new("file.not_utf8.help"))
}
