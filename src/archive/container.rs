//! The entries of an archive, whatever it is packed in: a folder, a tar, a gzipped tar, a zip. In: a path or bytes.
//! Out: one entry after the other with its bytes, as a stream. Nothing is unpacked to disk, no link is followed, and
//! whatever a hostile archive could make grow has a bound.

use super::verdict::{Fault, Faults};
use crate::diag::Message;
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use zip::ZipArchive;

/// Most entries of an archive.
const ENTRIES: usize = 2_000_000;
/// Bytes that an archive may unpack to whatever its own size.
const UNPACKED_BYTES: u64 = 256 << 20;
/// Beyond them, how many times its own size; DEFLATE reaches 1032, text 20.
const RATIO: u64 = 200;
/// Bytes of the header of an entry of a tar, long names included.
const HEADER_BYTES: u64 = 1 << 20;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    File,
    Folder,
    Link,
    Special,
}

/// An entry.
pub(super) struct Item<'a> {
    /// Its path, `/`-separated, as it is written.
    pub(super) path: &'a str,
    pub(super) sort: Sort,
    /// Bytes, as the archive says.
    pub(super) size: u64,
    /// Its bytes; they need not be read.
    pub(super) bytes: &'a mut dyn Read,
}

/// What is seen of each entry.
pub(super) type Visit<'v> = dyn FnMut(Item<'_>, &mut Faults) -> io::Result<()> + 'v;

pub(super) trait Seekable: Read + Seek {}
impl<T: Read + Seek> Seekable for T {}

/// An archive that can be read again and again.
pub(super) enum Container<'a> {
    Folder(PathBuf),
    Tar(PathBuf),
    TarGz(PathBuf),
    Zip(Box<ZipArchive<BufReader<Box<dyn Seekable + 'a>>>>),
}

/// A bound that was hit while reading; travels inside an [`io::Error`].
#[derive(Debug)]
struct Hit(Message);

impl std::fmt::Display for Hit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.key)
    }
}

impl std::error::Error for Hit {}

/// The error that a bound was hit.
pub(super) fn hit(message: Message) -> io::Error {
    io::Error::other(Hit(message))
}

/// The bound on entries, as a sentence.
fn too_many() -> Message {
    Message::new("archive.bound.entries").with("limit", ENTRIES)
}

fn too_large() -> Message {
    Message::new("archive.bound.ratio").with("bytes", UNPACKED_BYTES).with("ratio", RATIO)
}

/// Notes why reading ended; an error that is not the archive's own is handed on.
pub(super) fn note(error: io::Error, path: &str, faults: &mut Faults) -> io::Result<()> {
    if let Some(Hit(message)) = error.get_ref().and_then(|e| e.downcast_ref::<Hit>()) {
        faults.bound(path, message.clone());
        return Ok(());
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {}
        // What libraries find wrong with the bytes; the operating system's errors have a number.
        io::ErrorKind::Other if error.raw_os_error().is_none() => {}
        _ => return Err(error),
    }
    faults.add(Fault::ArchiveDamaged, path, &[("why", &error)]);
    Ok(())
}

impl<'a> Container<'a> {
    /// Opens a zip; `None` when its directory is damaged or too long, which is noted.
    pub(super) fn zip(reader: Box<dyn Seekable + 'a>, length: u64, faults: &mut Faults) -> Option<Self> {
        let opened = (|| {
            let mut reader = BufReader::new(reader);
            // The library lists all entries at once; a directory of millions is refused before that.
            if zip::unstable::read::ZipIterable::try_new(&mut reader, zip::read::Config::default())?.len() > ENTRIES {
                return Err(hit(too_many()).into());
            }
            ZipArchive::new(reader)
        })();
        let mut archive = match opened {
            Ok(archive) => archive,
            Err(error) => {
                // Whatever it is, it is noted: a zip that cannot be opened is damaged.
                if let Err(error) = note(error.into(), "", faults) {
                    faults.add(Fault::ArchiveDamaged, "", &[("why", &error)]);
                }
                return None;
            }
        };
        if archive.has_duplicate_names() {
            faults.add(Fault::EntryTwice, "", &[]);
        }
        if archive.decompressed_size().is_none_or(|all| all > bound_of(length).into()) {
            faults.bound("", too_large());
            return None;
        }
        if !matches!(archive.has_overlapping_entries(), Ok(false)) {
            faults.bound("", Message::new("archive.bound.overlap"));
            return None;
        }
        Some(Self::Zip(Box::new(archive)))
    }

    /// A zip in memory.
    pub(super) fn zip_of(bytes: &'a [u8], faults: &mut Faults) -> Option<Self> {
        Self::zip(Box::new(Cursor::new(bytes)), bytes.len() as u64, faults)
    }

    /// Shows every entry. What is wrong with the archive itself is noted, and ends the walk.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub(super) fn walk(&mut self, faults: &mut Faults, visit: &mut Visit<'_>) -> io::Result<()> {
        let walked = match self {
            Self::Folder(path) => folder(path, faults, visit),
            Self::Tar(path) => File::open(path).and_then(|file| tar(BufReader::new(file), faults, visit)),
            Self::TarGz(path) => gzip(path).and_then(|unpacked| tar(unpacked, faults, visit)),
            Self::Zip(archive) => zip_entries(archive, faults, visit),
        };
        walked.or_else(|error| note(error, "", faults))
    }
}

fn bound_of(length: u64) -> u64 {
    UNPACKED_BYTES.max(length.saturating_mul(RATIO))
}

fn folder(root: &Path, faults: &mut Faults, visit: &mut Visit<'_>) -> io::Result<()> {
    let walk = walkdir::WalkDir::new(root).min_depth(1).follow_links(false).sort_by_file_name();
    for (count, entry) in walk.into_iter().enumerate() {
        if count == ENTRIES {
            faults.bound("", too_many());
            return Ok(());
        }
        let entry = entry.map_err(io::Error::from)?;
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let names: Option<Vec<&str>> = below.components().map(|c| c.as_os_str().to_str()).collect();
        let Some(path) = names.map(|n| n.join("/")) else {
            faults.add(Fault::NameNotText, &below.to_string_lossy(), &[]);
            continue;
        };
        let kind = entry.file_type();
        let sort = match (kind.is_file(), kind.is_dir(), kind.is_symlink()) {
            (true, ..) => Sort::File,
            (_, true, _) => Sort::Folder,
            (_, _, true) => Sort::Link,
            _ => Sort::Special,
        };
        let size = if sort == Sort::File { entry.metadata().map_err(io::Error::from)?.len() } else { 0 };
        let mut bytes = Late { path: entry.path(), file: None, is_file: sort == Sort::File };
        visit(Item { path: &path, sort, size, bytes: &mut bytes }, faults)?;
    }
    Ok(())
}

/// A file that is opened when its first byte is asked for.
struct Late<'a> {
    path: &'a Path,
    file: Option<File>,
    is_file: bool,
}

impl Read for Late<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if !self.is_file {
            return Ok(0);
        }
        let file = match self.file.take() {
            Some(file) => file,
            None => File::open(self.path)?,
        };
        self.file.insert(file).read(room)
    }
}

/// Ends with an error when more is read than was granted.
struct Ration<R> {
    inner: R,
    left: Rc<Cell<u64>>,
    bound: fn() -> Message,
}

impl<R: Read> Read for Ration<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(room)?;
        match self.left.get().checked_sub(n as u64) {
            Some(left) => self.left.set(left),
            None => return Err(hit((self.bound)())),
        }
        Ok(n)
    }
}

fn gzip(path: &Path) -> io::Result<impl Read> {
    let file = File::open(path)?;
    let left = Rc::new(Cell::new(bound_of(file.metadata()?.len())));
    Ok(Ration { inner: MultiGzDecoder::new(BufReader::new(file)), left, bound: too_large })
}

fn tar(reader: impl Read, faults: &mut Faults, visit: &mut Visit<'_>) -> io::Result<()> {
    // The library reads long names into memory. Between entries nothing else is read, since each is read to its end
    // below: so a ration for what lies between bounds the names.
    let left = Rc::new(Cell::new(HEADER_BYTES));
    let bound = || Message::new("archive.bound.header").with("limit", HEADER_BYTES);
    let mut archive = tar::Archive::new(Ration { inner: reader, left: left.clone(), bound });
    for (count, entry) in archive.entries()?.enumerate() {
        if count == ENTRIES {
            return Err(hit(too_many()));
        }
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        let raw = entry.path_bytes().into_owned();
        left.set(u64::MAX);
        let sort = match kind {
            _ if kind.is_file() || kind.is_contiguous() => Sort::File,
            _ if kind.is_dir() => Sort::Folder,
            _ if kind.is_symlink() || kind.is_hard_link() => Sort::Link,
            _ if kind.is_pax_global_extensions() => {
                io::copy(&mut entry, &mut io::sink())?;
                left.set(HEADER_BYTES);
                continue;
            }
            _ => Sort::Special,
        };
        match std::str::from_utf8(&raw) {
            Ok(path) => visit(Item { path, sort, size: entry.size(), bytes: &mut entry }, faults)?,
            Err(_) => faults.add(Fault::NameNotText, &String::from_utf8_lossy(&raw), &[]),
        }
        io::copy(&mut entry, &mut io::sink())?;
        left.set(HEADER_BYTES);
    }
    Ok(())
}

fn zip_entries<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    faults: &mut Faults,
    visit: &mut Visit<'_>,
) -> io::Result<()> {
    for index in 0..archive.len() {
        let named = archive.name_for_index(index).and_then(Result::ok).map(|n| n.into_owned()).unwrap_or_default();
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                faults.add(Fault::EntryUnreadable, &named, &[("why", &error)]);
                continue;
            }
        };
        let raw = entry.name_raw().to_vec();
        let Ok(path) = std::str::from_utf8(&raw) else {
            faults.add(Fault::NameNotText, &named, &[]);
            continue;
        };
        let (size, is_folder) = (entry.size(), entry.is_dir());
        // The high bits of the mode that Unix tools keep (S_IFMT).
        let sort = match entry.unix_mode().map(|mode| mode & 0o170_000) {
            Some(0o120_000) => Sort::Link,
            Some(0o010_000 | 0o020_000 | 0o060_000 | 0o140_000) => Sort::Special,
            _ if is_folder => Sort::Folder,
            _ => Sort::File,
        };
        let left = Rc::new(Cell::new(size));
        let bound = || Message::new("archive.bound.declared");
        let mut bytes = Ration { inner: &mut entry, left, bound };
        visit(Item { path: path.trim_end_matches('/'), sort, size, bytes: &mut bytes }, faults)
            .or_else(|error| note(error, path, faults))?;
    }
    Ok(())
}
