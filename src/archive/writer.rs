//! A bag as it is written: payload files one at a time, from any thread, then the tag files that describe them.
//! In: bytes and files. Out: a folder that is a bag of version 1.0. Knows nothing of what the files are.

use super::digest::{Algorithm, Digests};
use super::manifest::entry;
use super::tags::{DECLARATION, Info};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The algorithms of our manifests: the two that RFC 8493, 2.4, asks every program to know.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha512, Algorithm::Sha256];

struct Record {
    path: String,
    size: u64,
    digests: Vec<Vec<u8>>,
}

/// A bag that is being written.
pub(super) struct Writer {
    root: PathBuf,
    records: Mutex<Vec<Record>>,
}

/// What a payload came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) bytes: u64,
    pub(super) files: u64,
}

impl Writer {
    /// Begins a bag in a folder that is not there yet.
    pub(super) fn new(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root.join("data"))?;
        Ok(Self { root: root.into(), records: Mutex::default() })
    }

    /// Adds `data/PATH` with these bytes.
    pub(super) fn add(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.copy(path, &mut &bytes[..]).map(|_| ())
    }

    /// Adds `data/PATH` with everything that `reader` yields; gives the number of bytes.
    pub(super) fn copy(&self, path: &str, reader: &mut dyn Read) -> io::Result<u64> {
        let path = format!("data/{path}");
        let place = self.root.join(&path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        // Two files of one path would be one: `create_new` says so.
        let mut file = File::create_new(&place)?;
        let (digests, size) = Digests::of_reader(&ALGORITHMS, &mut Copied { reader, file: &mut file })?;
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.push(Record { path, size, digests });
        Ok(size)
    }

    /// What the payload has come to.
    pub(super) fn total(&self) -> Total {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        Total { bytes: records.iter().map(|r| r.size).sum(), files: records.len() as u64 }
    }

    /// Writes the tag files; gives the paths of all files of the bag, sorted.
    pub(super) fn finish(self, info: &Info) -> io::Result<Vec<String>> {
        let mut records = self.records.into_inner().unwrap_or_else(PoisonError::into_inner);
        records.sort_by(|a, b| a.path.cmp(&b.path));
        let mut tags: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
        let put = |name: String, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>| {
            let mut file = BufWriter::new(File::create_new(self.root.join(&name))?);
            write(&mut file)?;
            file.into_inner().map_err(io::IntoInnerError::into_error)?;
            let (digests, _) = Digests::of_reader(&ALGORITHMS, &mut File::open(self.root.join(&name))?)?;
            io::Result::Ok((name, digests))
        };
        tags.push(put("bagit.txt".into(), &mut |out| out.write_all(DECLARATION.as_bytes()))?);
        tags.push(put("bag-info.txt".into(), &mut |out| out.write_all(info.write().as_bytes()))?);
        for (index, algorithm) in ALGORITHMS.iter().enumerate() {
            tags.push(put(format!("manifest-{}.txt", algorithm.name()), &mut |out| {
                records.iter().try_for_each(|r| out.write_all(entry(&r.digests[index], &r.path).as_bytes()))
            })?);
        }
        tags.sort();
        let mut paths: Vec<String> = records.into_iter().map(|r| r.path).collect();
        for (index, algorithm) in ALGORITHMS.iter().enumerate() {
            let (name, _) = put(format!("tagmanifest-{}.txt", algorithm.name()), &mut |out| {
                tags.iter().try_for_each(|(path, digests)| out.write_all(entry(&digests[index], path).as_bytes()))
            })?;
            paths.push(name);
        }
        paths.extend(tags.into_iter().map(|(name, _)| name));
        paths.sort();
        Ok(paths)
    }
}

/// Yields what it reads, and writes it down.
struct Copied<'a> {
    reader: &'a mut dyn Read,
    file: &'a mut File,
}

impl Read for Copied<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(room)?;
        self.file.write_all(&room[..n])?;
        Ok(n)
    }
}
