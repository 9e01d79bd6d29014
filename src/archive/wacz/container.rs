//! Opens a ZIP file of unknown origin: the places of its files, each looked at before a byte is unpacked.
//! In: a file. Out: its files and readers for them, or what is wrong with it. Unpacks nothing to disk.

use super::zip::{Entry, Layout};
use crate::base::SitePath;
use crate::diag::Message;
use ::zip::{CompressionMethod, ZipArchive};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Most files of a container.
const FILES: u64 = 100_000;

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
    /// Reads the directory of a container.
    pub(super) fn open(file: File) -> Result<Self, Message> {
        let unreadable = |error: String| Message::new("wacz.zip").with("error", super::verify::shown(&error));
        let mut archive = ZipArchive::new(file).map_err(|error| unreadable(error.to_string()))?;
        let (count, directory) = (archive.len(), archive.central_directory_start());
        if count as u64 > FILES {
            return Err(Message::new("wacz.bound").with("what", "ZIP").with("bound", FILES));
        }
        let mut members = Vec::with_capacity(count);
        for index in 0..count {
            let file = archive.by_index_raw(index).map_err(|error| unreadable(error.to_string()))?;
            let name = file.name().map_err(|error| unreadable(error.to_string()))?.into_owned();
            let deflated = match file.compression() {
                CompressionMethod::Stored => false,
                CompressionMethod::Deflated => true,
                _ => return Err(unreadable(name)),
            };
            if file.encrypted() {
                return Err(unreadable(name));
            }
            let Some(start) = file.data_start() else { return Err(unreadable(name)) };
            if SitePath::new(name.trim_end_matches('/')).is_none() {
                return Err(Message::new("wacz.name").with("name", super::verify::shown(&name)));
            }
            let (size, packed) = (file.size(), file.compressed_size());
            if !deflated && size != packed {
                return Err(unreadable(name));
            }
            members.push(Member { entry: Entry { name, crc: file.crc32(), size }, start, packed, deflated });
        }
        let mut file = archive.into_inner();
        let io = |error: io::Error| Message::new("wacz.zip").with("error", error);
        if listed(&mut file, directory).map_err(io)? != members.len() {
            return Err(Message::new("wacz.twice"));
        }
        overlapping(&members, directory)?;
        let exact = is_exact(&mut file, &members).map_err(io)?;
        let by_name = members.iter().enumerate().map(|(index, m)| (m.entry.name.clone(), index)).collect();
        Ok(Self { file: RefCell::new(file), members, by_name, exact })
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
fn overlapping(members: &[Member], directory: u64) -> Result<(), Message> {
    let mut spans: Vec<_> = members.iter().map(|m| (m.start, m.start.saturating_add(m.packed))).collect();
    spans.sort_unstable();
    let ends = spans.iter().skip(1).map(|(start, _)| *start).chain([directory]);
    if spans.iter().zip(ends).any(|((_, end), next)| *end > next) {
        return Err(Message::new("wacz.overlap"));
    }
    Ok(())
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
