//! Writes WARC 1.1 (ISO 28500:2017): records of what a static host would have answered, each a gzip member of its own.
//! In: an address, a moment of the content, the bytes of a file. Out: a record, the same bytes whenever it is made.
//! Knows no portal, no container.

use crate::base::{Instant, Sha256, Zone};
use flate2::{Compression, GzBuilder};
use sha2::Digest;
use std::io::{self, Read, Write};

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The address that was asked for.
    pub url: String,
    /// The moment of the content, in seconds since 1970-01-01T00:00:00Z.
    pub moment: i64,
    /// What the host says of the kind of the file.
    pub content_type: String,
    /// SHA-256 of the file.
    pub payload: Sha256,
    /// SHA-256 of the host's answer: its head and the file.
    pub block: Sha256,
    /// Size of the file in bytes.
    pub size: u64,
}

/// A moment as WARC-Date writes it: `2024-12-09T01:35:00Z`. What lies outside of the calendar is its beginning.
pub fn date(moment: i64) -> String {
    let utc = Zone::utc();
    let instant = Instant::from_unix(moment, &utc).or_else(|| Instant::from_unix(0, &utc));
    instant.map(|i| i.to_rfc3339().replace("+00:00", "Z")).unwrap_or_default()
}

/// A name for a record that follows from what it holds: a UUID of version 8 (RFC 9562, section 5.8) made of a SHA-256.
fn id(parts: &[&[u8]]) -> String {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    id[6] = id[6] & 0x0F | 0x80;
    id[8] = id[8] & 0x3F | 0x80;
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A gzip member without time, name and system (RFC 1952).
fn member<W: Write>(out: W) -> flate2::write::GzEncoder<W> {
    GzBuilder::new().mtime(0).operating_system(255).write(out, Compression::default())
}

/// Writes the record that says what the file is: `fields` are lines of `application/warc-fields`.
///
/// # Errors
/// What `out` reports.
pub fn write_info(out: &mut dyn Write, moment: i64, fields: &[(&str, String)]) -> io::Result<()> {
    // A line end would begin another field.
    let clean = |value: &str| value.replace(|c: char| c.is_control(), " ");
    let block: String = fields.iter().map(|(name, value)| format!("{name}: {}\r\n", clean(value))).collect();
    let (date, digest) = (date(moment), Sha256::of(block.as_bytes()));
    let mut member = member(out);
    write!(
        member,
        "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: {}\r\nWARC-Date: {date}\r\n\
         WARC-Block-Digest: sha256:{digest}\r\nContent-Type: application/warc-fields\r\nContent-Length: {}\r\n\r\n\
         {block}\r\n\r\n",
        id(&[b"warcinfo", date.as_bytes(), block.as_bytes()]),
        block.len(),
    )?;
    member.finish().map(drop)
}

/// Writes a response with the bytes that `payload` gives, which must be those of `head`.
///
/// # Errors
/// What `payload` or `out` reports, or that the bytes are others.
pub fn write_response(out: &mut dyn Write, head: &Head, payload: &mut dyn Read) -> io::Result<()> {
    let answer = answer(&head.content_type, head.size);
    let Head { url, block, payload: digest, .. } = head;
    let date = date(head.moment);
    let mut member = member(out);
    write!(
        member,
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: {}\r\nWARC-Date: {date}\r\nWARC-Target-URI: {url}\r\n\
         WARC-Payload-Digest: sha256:{digest}\r\nWARC-Block-Digest: sha256:{block}\r\n\
         Content-Type: application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n{answer}",
        id(&[b"response", date.as_bytes(), url.as_bytes(), block.to_string().as_bytes()]),
        answer.len() as u64 + head.size,
    )?;
    let mut seen = Seen { inner: payload, hasher: sha2::Sha256::new(), size: 0 };
    io::copy(&mut seen, &mut member)?;
    if (seen.size, Sha256::from(<[u8; 32]>::from(seen.hasher.finalize()))) != (head.size, *digest) {
        return Err(io::Error::other("the file changed while it was being archived"));
    }
    member.write_all(b"\r\n\r\n")?;
    member.finish().map(drop)
}

/// The head of the host's answer.
fn answer(content_type: &str, size: u64) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {size}\r\n\r\n")
}

impl Head {
    /// What a record of the `size` bytes that `payload` gives will say of itself.
    ///
    /// # Errors
    /// What `payload` reports, or that it gives another number of bytes.
    pub fn of(url: String, moment: i64, content_type: String, size: u64, payload: &mut dyn Read) -> io::Result<Self> {
        let answer = answer(&content_type, size);
        let mut seen = Seen { inner: payload, hasher: sha2::Sha256::new(), size: 0 };
        let block = Sha256::of_reader(answer.as_bytes().chain(&mut seen))?;
        if seen.size != size {
            return Err(io::Error::other("the file changed while it was being archived"));
        }
        let payload = Sha256::from(<[u8; 32]>::from(seen.hasher.finalize()));
        Ok(Self { url, moment, content_type, payload, block, size })
    }
}

/// Hashes and counts what is read.
struct Seen<'a> {
    inner: &'a mut dyn Read,
    hasher: sha2::Sha256,
    size: u64,
}

impl Read for Seen<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..n]);
        self.size += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(date(1_733_708_100), "2024-12-09T01:35:00Z");
        assert_eq!(date(i64::MAX), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_payload_that_changed_is_refused() {
        let head = Head::of("https://example.gov.cn/a".into(), 0, "text/plain".into(), 3, &mut &b"one"[..]);
        let head = head.expect("a head");
        assert!(write_response(&mut Vec::new(), &head, &mut &b"one"[..]).is_ok());
        assert!(write_response(&mut Vec::new(), &head, &mut &b"two"[..]).is_err());
        assert!(Head::of("https://example.gov.cn/a".into(), 0, "text/plain".into(), 2, &mut &b"one"[..]).is_err());
    }
}
