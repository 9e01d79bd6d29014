//! What an archive is, by its first bytes and, where these do not tell, by its name.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What an archive is packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A tar.
    Tar,
    /// A tar in gzip.
    TarGz,
    /// A zip.
    Zip,
    /// A zip that is called `.wacz`.
    Wacz,
    /// Something else.
    Unknown,
}

impl Kind {
    /// Its name in `sunlit/verify/1`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Folder => "bagit",
            Kind::Tar => "bagit-tar",
            Kind::TarGz => "bagit-tgz",
            Kind::Zip => "bagit-zip",
            Kind::Wacz => "wacz",
            Kind::Unknown => "unknown",
        }
    }
}

/// What the archive at `path` is.
///
/// # Errors
/// When it cannot be read.
pub fn of(path: &Path) -> io::Result<Kind> {
    let meta = std::fs::metadata(path)?;
    if meta.is_dir() {
        return Ok(Kind::Folder);
    }
    // A pipe or a device would be waited for, or never end.
    if !meta.is_file() {
        return Ok(Kind::Unknown);
    }
    let mut head = Vec::new();
    File::open(path)?.take(512).read_to_end(&mut head)?;
    let is = |extension: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
    Ok(match head.as_slice() {
        // A zip begins with its first entry, or, when it has none, with its end.
        [b'P', b'K', 3 | 5, 4 | 6, ..] if is("wacz") => Kind::Wacz,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Kind::Zip,
        [0x1f, 0x8b, ..] => Kind::TarGz,
        // POSIX.1-1988 and later say so at byte 257; older ones only by their name.
        bytes if bytes.get(257..262) == Some(b"ustar") || is("tar") => Kind::Tar,
        _ if is("zip") => Kind::Zip,
        _ if is("wacz") => Kind::Wacz,
        _ if is("tgz") || is("gz") => Kind::TarGz,
        _ => Kind::Unknown,
    })
}
