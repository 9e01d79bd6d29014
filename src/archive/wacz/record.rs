//! Reads WARC files (ISO 28500), our own and anyone's: one record after another, its digests checked in passing.
//! In: bytes of unknown origin. Out: what each record says of itself, and where reading had to stop. Holds no block.

use crate::archive::digest::{Algorithm, Digests, hex};
use crate::diag::Message;
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// Longest head of a record or of an answer in it, in bytes.
pub const HEAD_BYTES: u64 = 64 << 10;
/// Most bytes that the records of one file may unpack to.
pub const UNPACKED_BYTES: u64 = 1 << 40;
/// Most records of a file.
pub const RECORDS: usize = 4_000_000;

/// Whether a digest is that of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// It is.
    Right,
    /// It is not.
    Wrong,
    /// The record has none.
    Absent,
    /// It was made in a way that is not known here.
    Unknown,
}

/// A record as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `response`, `warcinfo`, …
    pub kind: String,
    /// The address.
    pub url: String,
    /// WARC-Date.
    pub date: String,
    /// First byte, packed.
    pub offset: u64,
    /// Bytes, packed.
    pub length: u64,
    /// The digest of the block.
    pub block: Check,
    /// The digest of the file in it.
    pub payload: Check,
}

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bytes do not unpack, or end too early.
    Damaged,
    /// What stands there is no record.
    NoRecord,
    /// A head is longer than [`HEAD_BYTES`].
    LongHead,
    /// More than one record in a gzip member, or something behind it.
    Trailing,
    /// More than [`UNPACKED_BYTES`].
    TooMuch,
    /// More than [`RECORDS`].
    TooMany,
}

impl Fault {
    /// What it is called.
    pub fn message(self) -> Message {
        match self {
            Fault::Damaged => Message::new("archive.wacz.damaged"),
            Fault::NoRecord => Message::new("archive.wacz.no_record"),
            Fault::Trailing => Message::new("archive.wacz.trailing"),
            Fault::LongHead => Message::new("archive.bound.head").with("limit", HEAD_BYTES),
            Fault::TooMuch => Message::new("archive.bound.unpacked").with("limit", UNPACKED_BYTES),
            Fault::TooMany => Message::new("archive.bound.records").with("limit", RECORDS),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Fault::Damaged
    }
}

/// How a file of records is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// A gzip member for each record.
    Gzip,
    /// Not at all.
    Plain,
}

/// Reads a file of records.
///
/// # Errors
/// Where, in packed bytes, reading stopped, and why.
pub fn each(input: impl BufRead, packing: Packing, visit: &mut dyn FnMut(Record)) -> Result<(), (u64, Fault)> {
    let mut input = Counted { inner: input, at: 0 };
    let mut unpacked = 0;
    for count in 0.. {
        let offset = input.at;
        let mut next = || -> Result<Option<Record>, Fault> {
            if input.fill_buf()?.is_empty() {
                return Ok(None);
            }
            if count == RECORDS {
                return Err(Fault::TooMany);
            }
            let read = match packing {
                Packing::Plain => one(&mut input, &mut unpacked)?,
                Packing::Gzip => {
                    let mut member = BufReader::new(GzDecoder::new(&mut input));
                    let read = one(&mut member, &mut unpacked)?;
                    // The end has to be reached for the checksum of the member to be looked at.
                    if member.read(&mut [0])? != 0 {
                        return Err(Fault::Trailing);
                    }
                    read
                }
            };
            Ok(Some(Record { offset, length: input.at - offset, ..read }))
        };
        match next() {
            Ok(Some(record)) => visit(record),
            Ok(None) => break,
            Err(fault) => return Err((offset, fault)),
        }
    }
    Ok(())
}

struct Counted<R> {
    inner: R,
    at: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.at += n as u64;
        self.inner.consume(n);
    }
}

/// The lines of a head up to the empty one, which `seen` hears byte for byte; `None` when a line does not end.
fn head(input: &mut impl BufRead, seen: &mut dyn FnMut(&[u8])) -> Result<Vec<String>, Fault> {
    let (mut lines, mut left) = (Vec::new(), HEAD_BYTES);
    loop {
        let mut line = Vec::new();
        let n = input.by_ref().take(left).read_until(b'\n', &mut line)? as u64;
        left -= n;
        seen(&line);
        if line.last() != Some(&b'\n') {
            return Err(if left == 0 { Fault::LongHead } else { Fault::Damaged });
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Ok(lines);
        }
        lines.push(text.to_string());
    }
}

fn field<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
    let named = lines.iter().filter_map(|line| line.split_once(':')).find(|(n, _)| n.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.trim())
}

fn one(input: &mut impl BufRead, unpacked: &mut u64) -> Result<Record, Fault> {
    let lines = head(input, &mut |_| {})?;
    let version = lines.first().is_some_and(|first| first.starts_with("WARC/1."));
    let size = field(&lines, "Content-Length").and_then(|size| size.parse::<u64>().ok());
    let (Some(kind), Some(size), true) = (field(&lines, "WARC-Type"), size, version) else {
        return Err(Fault::NoRecord);
    };
    *unpacked = unpacked.saturating_add(size).saturating_add(HEAD_BYTES);
    if *unpacked > UNPACKED_BYTES {
        return Err(Fault::TooMuch);
    }
    let told =
        (field(&lines, "WARC-Block-Digest").map(Told::read), field(&lines, "WARC-Payload-Digest").map(Told::read));
    let (mut block, mut payload) = (Digests::new(wanted(&told.0)), Digests::new(wanted(&told.1)));
    let mut body = input.by_ref().take(size);
    let is_answer = field(&lines, "Content-Type").is_some_and(|t| t.starts_with("application/http"));
    let mut whole = kind != "revisit";
    if is_answer && size > 0 {
        let answer = head(&mut body, &mut |bytes| block.update(bytes))?;
        // A payload in chunks is hashed with or without them, as the writer likes.
        whole &= field(&answer, "Transfer-Encoding").is_none() && field(&lines, "WARC-Segment-Number").is_none();
    }
    loop {
        let bytes = body.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        block.update(bytes);
        payload.update(bytes);
        let n = bytes.len();
        body.consume(n);
    }
    if body.limit() != 0 {
        return Err(Fault::Damaged);
    }
    let mut end = [0; 4];
    input.read_exact(&mut end)?;
    if end != *b"\r\n\r\n" {
        return Err(Fault::NoRecord);
    }
    // Some writers put the address in angle brackets, as WARC 1.0 had it by mistake.
    let url = field(&lines, "WARC-Target-URI").unwrap_or_default().trim_start_matches('<').trim_end_matches('>');
    Ok(Record {
        kind: kind.into(),
        url: url.into(),
        date: field(&lines, "WARC-Date").unwrap_or_default().into(),
        offset: 0,
        length: 0,
        block: check(told.0, block),
        payload: check(told.1.filter(|_| whole), payload),
    })
}

/// A digest as it is written: `sha256:` with hexadecimal digits or base 32 (RFC 4648).
#[derive(Debug, Clone)]
struct Told {
    /// None when it is of a kind that is not known here.
    algorithm: Option<[Algorithm; 1]>,
    value: String,
}

impl Told {
    fn read(text: &str) -> Self {
        let (name, value) = text.split_once(':').unwrap_or_default();
        Self { algorithm: Algorithm::named(name).map(|a| [a]), value: value.to_ascii_lowercase() }
    }
}

fn wanted(told: &Option<Told>) -> &[Algorithm] {
    told.as_ref().and_then(|told| told.algorithm.as_ref()).map_or(&[], |a| a)
}

fn check(told: Option<Told>, digests: Digests) -> Check {
    let Some(Told { value, .. }) = told else { return Check::Absent };
    let Some(bytes) = digests.finish().into_iter().next() else { return Check::Unknown };
    let same = value == hex(&bytes) || value.trim_end_matches('=') == base32(&bytes).to_ascii_lowercase();
    if same { Check::Right } else { Check::Wrong }
}

fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut out, mut held, mut bits) = (String::new(), 0u32, 0);
    for byte in bytes {
        (held, bits) = (held << 8 | u32::from(*byte), bits + 8);
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(DIGITS[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(DIGITS[(held << (5 - bits) & 31) as usize]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::warc::{Head, write_response};
    use super::*;

    fn packed(url: &str, text: &str) -> Vec<u8> {
        let (url, kind, size) = (url.to_string(), "text/plain".to_string(), text.len() as u64);
        let head = Head::of(url, 0, kind, size, &mut text.as_bytes()).expect("a head");
        let mut out = Vec::new();
        write_response(&mut out, &head, &mut text.as_bytes()).expect("written");
        out
    }

    fn read(bytes: &[u8], packing: Packing) -> (Vec<Record>, Option<Fault>) {
        let mut records = Vec::new();
        let stopped = each(bytes, packing, &mut |record| records.push(record)).err();
        (records, stopped.map(|(_, fault)| fault))
    }

    #[test]
    fn what_is_written_is_read_with_its_places() {
        let (one, two) = (packed("https://example.gov.cn/1", "one"), packed("https://example.gov.cn/2", ""));
        let (records, stopped) = read(&[one.clone(), two.clone()].concat(), Packing::Gzip);
        assert_eq!(stopped, None);
        let places: Vec<_> = records.iter().map(|r| (r.url.as_str(), r.offset, r.length)).collect();
        let (first, second) = (one.len() as u64, two.len() as u64);
        assert_eq!(places, [("https://example.gov.cn/1", 0, first), ("https://example.gov.cn/2", first, second)]);
        assert!(records.iter().all(|r| r.block == Check::Right && r.payload == Check::Right));
    }

    #[test]
    fn digests_are_known_in_base_32_too() {
        // RFC 4648, section 10.
        let cases = [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")];
        for (text, base) in cases {
            assert_eq!(base32(text.as_bytes()), base);
        }
        let check = |text: &str| {
            let told = Some(Told::read(text));
            let mut digests = Digests::new(wanted(&told));
            digests.update(b"abc");
            check(told, digests)
        };
        // FIPS 180-4: the digests of `abc`.
        assert_eq!(check("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"), Check::Right);
        assert_eq!(check("SHA-1:a9993e364706816aba3e25717850c26c9cd0d89d"), Check::Right);
        assert_eq!(check("sha256:MZXW6"), Check::Wrong);
        assert_eq!(check("blake3:MZXW6"), Check::Unknown);
    }

    #[test]
    fn damage_is_named() {
        let whole = packed("https://example.gov.cn/1", "one");
        assert_eq!(read(&whole[..whole.len() - 1], Packing::Gzip).1, Some(Fault::Damaged));
        let member = |text: &[u8]| {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut out, text).expect("memory");
            out.finish().expect("memory")
        };
        assert_eq!(read(&member(b"HELLO\r\n\r\n"), Packing::Gzip).1, Some(Fault::NoRecord));
        let plain = b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 2\r\n\r\nok\r\n\r\n";
        assert_eq!(read(plain, Packing::Plain).1, None);
        assert_eq!(read(&member(&[&plain[..], b"x"].concat()), Packing::Gzip).1, Some(Fault::Trailing));
        let long = [b"WARC/1.1\r\nX: ".to_vec(), vec![b'x'; HEAD_BYTES as usize]].concat();
        assert_eq!(read(&member(&long), Packing::Gzip).1, Some(Fault::LongHead));
        let huge = b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 18446744073709551615\r\n\r\n";
        assert_eq!(read(&member(huge), Packing::Gzip).1, Some(Fault::TooMuch));
        let wrong = String::from_utf8(plain.to_vec()).expect("text").replace(
            "WARC-Type",
            "WARC-Block-Digest: sha256:0000000000000000000000000000000000000000000000000000000000000000\r\nWARC-Type",
        );
        assert_eq!(read(wrong.as_bytes(), Packing::Plain).0[0].block, Check::Wrong);
    }
}
