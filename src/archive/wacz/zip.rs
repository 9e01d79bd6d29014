//! The container of a WACZ: a ZIP file (APPNOTE 6.3.10) whose every byte outside the files follows from their names, sizes
//! and checksums. In: files. Out: the container; or, of one that is there, the places of its files.
//! Knows nothing of what the files hold.
//!
//! All files are stored, without flags, extra fields (but for sizes over 4 GiB), comments and gaps, dated 1980-01-01.
//! Whoever compares a container with [`Layout::of`] the same files therefore finds a change of any byte in it.

use std::io::{self, Read, Write};

/// A file of the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the container, ASCII.
    pub name: String,
    /// CRC-32 of its bytes.
    pub crc: u32,
    /// Its size in bytes.
    pub size: u64,
}

/// What stands around the files: a head before each, and the directory behind the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The head of each file, in the order of the files.
    pub heads: Vec<Vec<u8>>,
    /// Where the bytes of each file begin.
    pub starts: Vec<u64>,
    /// The directory and the end of the container.
    pub tail: Vec<u8>,
    /// Where the directory begins.
    pub tail_at: u64,
}

/// 1980-01-01 00:00:00, the first moment that the format can write.
const DATE: u16 = 0x0021;
/// From here on a size or place stands in an extra field (APPNOTE 4.5.3).
const LIMIT: u64 = 0xFFFF_FFFF;

impl Layout {
    /// The layout of `entries` in this order.
    pub fn of(entries: &[Entry]) -> Self {
        let (mut heads, mut starts, mut tail) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = 0;
        for entry in entries {
            let head = head(entry);
            push_directory(&mut tail, entry, at);
            at += head.len() as u64;
            starts.push(at);
            at += entry.size;
            heads.push(head);
        }
        push_end(&mut tail, entries.len() as u64, at);
        Self { heads, starts, tail, tail_at: at }
    }
}

/// The larger version is that of sizes over 4 GiB.
fn version(large: bool) -> u16 {
    if large { 45 } else { 20 }
}

fn short(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Version, flags, method, time, date, checksum and sizes: the part that head and directory share.
fn push_facts(out: &mut Vec<u8>, entry: &Entry, version: u16) {
    for field in [version, 0, 0, 0, DATE] {
        out.extend(field.to_le_bytes());
    }
    for field in [entry.crc, short(entry.size), short(entry.size)] {
        out.extend(field.to_le_bytes());
    }
    out.extend(u16::try_from(entry.name.len()).unwrap_or(u16::MAX).to_le_bytes());
}

fn head(entry: &Entry) -> Vec<u8> {
    let large = entry.size >= LIMIT;
    let mut out = b"PK\x03\x04".to_vec();
    push_facts(&mut out, entry, version(large));
    let sizes = if large { vec![entry.size, entry.size] } else { Vec::new() };
    push_extra_length(&mut out, &sizes);
    out.extend(entry.name.as_bytes());
    push_extra(&mut out, &sizes);
    out
}

fn push_directory(out: &mut Vec<u8>, entry: &Entry, at: u64) {
    let mut large = if entry.size >= LIMIT { vec![entry.size, entry.size] } else { Vec::new() };
    if at >= LIMIT {
        large.push(at);
    }
    let version = version(!large.is_empty());
    out.extend(b"PK\x01\x02");
    // Made by the same version, on a system whose file attributes mean nothing here.
    out.extend(version.to_le_bytes());
    push_facts(out, entry, version);
    push_extra_length(out, &large);
    // Comment, disk, internal and external attributes.
    out.extend([0; 10]);
    out.extend(short(at).to_le_bytes());
    out.extend(entry.name.as_bytes());
    push_extra(out, &large);
}

fn push_extra_length(out: &mut Vec<u8>, large: &[u64]) {
    let length = if large.is_empty() { 0 } else { 4 + 8 * large.len() as u16 };
    out.extend(length.to_le_bytes());
}

fn push_extra(out: &mut Vec<u8>, large: &[u64]) {
    if !large.is_empty() {
        out.extend(1u16.to_le_bytes());
        out.extend((8 * large.len() as u16).to_le_bytes());
        large.iter().for_each(|value| out.extend(value.to_le_bytes()));
    }
}

fn push_end(out: &mut Vec<u8>, count: u64, at: u64) {
    let size = out.len() as u64;
    if at >= LIMIT || size >= LIMIT || count >= 0xFFFF {
        let end = at + size;
        out.extend(b"PK\x06\x06");
        out.extend(44u64.to_le_bytes());
        out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        [count, count, size, at].iter().for_each(|value| out.extend(value.to_le_bytes()));
        out.extend(b"PK\x06\x07");
        out.extend(0u32.to_le_bytes());
        out.extend(end.to_le_bytes());
        out.extend(1u32.to_le_bytes());
    }
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(short(size).to_le_bytes());
    out.extend(short(at).to_le_bytes());
    out.extend([0; 2]);
}

/// Writes a container; each file comes out of its reader, which must give exactly what its entry says.
///
/// # Errors
/// What a reader or `out` reports, or that a reader gave something else.
pub fn write(out: &mut dyn Write, files: Vec<(Entry, Box<dyn Read + '_>)>) -> io::Result<()> {
    let entries: Vec<Entry> = files.iter().map(|(entry, _)| entry.clone()).collect();
    let layout = Layout::of(&entries);
    for ((entry, mut reader), head) in files.into_iter().zip(&layout.heads) {
        out.write_all(head)?;
        let mut sum = Summed { inner: &mut *out, crc: flate2::Crc::new(), size: 0 };
        io::copy(&mut reader, &mut sum)?;
        if (sum.size, sum.crc.sum()) != (entry.size, entry.crc) {
            return Err(io::Error::other(format!("{} changed while it was being written", entry.name)));
        }
    }
    out.write_all(&layout.tail)
}

struct Summed<'a> {
    inner: &'a mut dyn Write,
    crc: flate2::Crc,
    size: u64,
}

impl Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.crc.update(&bytes[..n]);
        self.size += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Seek, SeekFrom};

    fn entry(name: &str, bytes: &[u8]) -> Entry {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        Entry { name: name.into(), crc: crc.sum(), size: bytes.len() as u64 }
    }

    #[test]
    fn another_program_reads_the_container() {
        let mut out = Vec::new();
        let files = [("a.txt", &b"one"[..]), ("b/c.txt", b""), ("d", b"three")];
        let given = files.iter().map(|(n, b)| (entry(n, b), Box::new(*b) as Box<dyn Read>)).collect();
        write(&mut out, given).expect("written");
        let mut archive = ::zip::ZipArchive::new(Cursor::new(out)).expect("a container");
        assert_eq!(archive.len(), 3);
        for (name, bytes) in files {
            let mut got = Vec::new();
            archive.by_name(name).expect("there").read_to_end(&mut got).expect("readable");
            assert_eq!(got, bytes, "{name}");
        }
    }

    /// A file that is nothing but zeros, except for what is laid over it.
    struct Sparse {
        parts: Vec<(u64, Vec<u8>)>,
        length: u64,
        at: u64,
    }

    impl Read for Sparse {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = buffer.len().min(usize::try_from(self.length - self.at.min(self.length)).unwrap_or(usize::MAX));
            for (i, byte) in buffer[..n].iter_mut().enumerate() {
                let at = self.at + i as u64;
                let part = self.parts.iter().find(|(from, b)| (*from..from + b.len() as u64).contains(&at));
                *byte = part.map_or(0, |(from, b)| b[(at - from) as usize]);
            }
            self.at += n as u64;
            Ok(n)
        }
    }

    impl Seek for Sparse {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(by) => self.length.saturating_add_signed(by),
                SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            };
            Ok(self.at)
        }
    }

    #[test]
    fn files_over_four_gibibytes_are_found_by_another_program() {
        let large = Entry { name: "archive/data.warc.gz".into(), crc: 7, size: 5 << 30 };
        let entries = [large.clone(), entry("small", b"small"), Entry { name: "second".into(), ..large }];
        let layout = Layout::of(&entries);
        let mut parts: Vec<(u64, Vec<u8>)> =
            layout.heads.iter().zip(&layout.starts).map(|(h, s)| (s - h.len() as u64, h.clone())).collect();
        parts.push((layout.starts[1], b"small".to_vec()));
        parts.push((layout.tail_at, layout.tail.clone()));
        let length = layout.tail_at + layout.tail.len() as u64;
        let mut archive = ::zip::ZipArchive::new(Sparse { parts, length, at: 0 }).expect("a container");
        for (entry, start) in entries.iter().zip(&layout.starts) {
            let file = archive.by_name(&entry.name).expect("there");
            assert_eq!((file.size(), file.data_start()), (entry.size, Some(*start)), "{}", entry.name);
        }
        let mut small = String::new();
        archive.by_name("small").expect("there").read_to_string(&mut small).expect("readable");
        assert_eq!(small, "small");
    }
}
