//! Opens a ZIP file of unknown origin: the places of its files, each looked at before a byte is unpacked.
//! In: a file. Out: its files and readers for them, or what is wrong with it. Unpacks nothing to disk.

use super::zip::{Entry, Layout};
use crate::archive::path::is_safe;
use crate::archive::verdict::{Fault, Faults};
use crate::diag::Message;
use ::zip::{CompressionMethod, ZipArchive};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Most files of a container.
const FILES: usize = 100_000;

/// A file of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) entry: Entry,
    start: u64,
    packed: u64,
    deflated: bool,
}

/// A container whose directory was read.
#[derive(Debug)]
pub(super) struct Container {
    file: RefCell<File>,
    /// Its files in the order of its directory.
    pub(super) members: Vec<Member>,
    by_name: BTreeMap<String, usize>,
    /// Whether each of its bytes that belongs to no file is as sunlit writes it.
    pub(super) exact: bool,
}

impl Container {
    /// Reads the directory of a container; `None` when that is not possible, or not wise.
    pub(super) fn open(file: File, faults: &mut Faults) -> Option<Self> {
        let damaged = |error: &dyn ToString, faults: &mut Faults| {
            faults.add(Fault::ArchiveDamaged, "", &[("why", &error.to_string())]);
        };
        let mut archive = match ZipArchive::new(file) {
            Ok(archive) => archive,
            Err(error) => {
                damaged(&error, faults);
                return None;
            }
        };
        let (count, directory) = (archive.len(), archive.central_directory_start());
        if count > FILES {
            faults.bound("", Message::new("archive.bound.entries").with("limit", FILES));
            return None;
        }
        let mut members = Vec::with_capacity(count);
        for index in 0..count {
            match member(&mut archive, index) {
                Ok(member) if is_safe(member.entry.name.trim_end_matches('/')) => members.push(member),
                Ok(member) => faults.add(Fault::PathUnsafe, &member.entry.name, &[]),
                Err((name, why)) => faults.add(Fault::EntryUnreadable, &name, &[("why", &why)]),
            }
        }
        let mut file = archive.into_inner();
        match listed(&mut file, directory) {
            Ok(listed) if listed == count => {}
            Ok(_) => faults.add(Fault::EntryTwice, "", &[]),
            Err(error) => damaged(&error, faults),
        }
        if overlapping(&members, directory) {
            faults.bound("", Message::new("archive.bound.overlap"));
            return None;
        }
        let exact = is_exact(&mut file, &members).unwrap_or(false);
        let by_name = members.iter().enumerate().map(|(index, m)| (m.entry.name.clone(), index)).collect();
        Some(Self { file: RefCell::new(file), members, by_name, exact })
    }

    /// The file at `path`.
    pub(super) fn find(&self, path: &str) -> Option<&Member> {
        self.by_name.get(path).map(|index| &self.members[*index])
    }

    /// The bytes of a file, at most as many as it says it has.
    pub(super) fn read(&self, member: &Member) -> Box<dyn Read + '_> {
        let packed = Packed { file: &self.file, at: member.start, left: member.packed };
        if member.deflated {
            let unpacked = flate2::read::DeflateDecoder::new(BufReader::new(packed));
            return Box::new(unpacked.take(member.entry.size.saturating_add(1)));
        }
        Box::new(packed)
    }
}

/// How many files the directory at `at` lists, the same name twice included.
fn listed(file: &mut File, at: u64) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    let mut input = BufReader::new(file);
    let (mut count, mut head) = (0, [0; 46]);
    loop {
        let mut mark = [0; 4];
        input.read_exact(&mut mark)?;
        if mark != *b"PK\x01\x02" {
            return Ok(count);
        }
        input.read_exact(&mut head[4..])?;
        let lengths = [28, 30, 32].map(|at| i64::from(u16::from_le_bytes([head[at], head[at + 1]])));
        input.seek_relative(lengths.iter().sum())?;
        count += 1;
    }
}

/// Files that share bytes unpack to far more than the container holds.
fn overlapping(members: &[Member], directory: u64) -> bool {
    let mut spans: Vec<_> = members.iter().map(|m| (m.start, m.start.saturating_add(m.packed))).collect();
    spans.sort_unstable();
    let ends = spans.iter().skip(1).map(|(start, _)| *start).chain([directory]);
    spans.iter().zip(ends).any(|((_, end), next)| *end > next)
}

/// One file of the directory, or its name and why it cannot be read.
fn member(archive: &mut ZipArchive<File>, index: usize) -> Result<Member, (String, String)> {
    let file = archive.by_index_raw(index).map_err(|error| (String::new(), error.to_string()))?;
    let name = file.name().map_err(|error| (String::new(), error.to_string()))?.into_owned();
    let (size, packed, method) = (file.size(), file.compressed_size(), file.compression());
    let deflated = method == CompressionMethod::Deflated;
    let known = deflated || method == CompressionMethod::Stored && size == packed;
    match file.data_start().filter(|_| known && !file.encrypted()) {
        Some(start) => {
            let entry = Entry { name, crc: file.crc32(), size };
            Ok(Member { entry, start, packed, deflated })
        }
        None => Err((name, method.to_string())),
    }
}

/// Whether every byte between and behind the files is as it would be written.
fn is_exact(file: &mut File, members: &[Member]) -> io::Result<bool> {
    if members.iter().any(|m| m.deflated) {
        return Ok(false);
    }
    let entries: Vec<Entry> = members.iter().map(|m| m.entry.clone()).collect();
    let layout = Layout::of(&entries);
    if file.metadata()?.len() != layout.tail_at + layout.tail.len() as u64 {
        return Ok(false);
    }
    let heads = layout.heads.iter().zip(&layout.starts).map(|(head, start)| (start - head.len() as u64, head));
    for (at, wanted) in heads.chain([(layout.tail_at, &layout.tail)]) {
        let mut found = vec![0; wanted.len()];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut found)?;
        if found != *wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The packed bytes of a file; each look finds its own place, so that several can be read at a time.
struct Packed<'a> {
    file: &'a RefCell<File>,
    at: u64,
    left: u64,
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let mut file = self.file.borrow_mut();
        file.seek(SeekFrom::Start(self.at))?;
        let n = file.read(&mut buffer[..most])?;
        self.at += n as u64;
        self.left -= n as u64;
        Ok(n)
    }
}
