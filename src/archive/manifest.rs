//! Manifests of a bag and its list of files to fetch, line by line. In: text. Out: entries, and which lines are none;
//! and the other way round. What the entries say of the files is judged elsewhere.

use super::digest::{Algorithm, unhex};
use super::path;
use super::tags::Version;

/// The lines of a tag file with their numbers from 1: they end in LF, CR or CRLF (RFC 8493, 2.1.3).
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text).filter(|t| !t.is_empty());
    let next = move || {
        let text = rest?;
        let end = text.find(['\r', '\n']).unwrap_or(text.len());
        let after = &text[end..];
        let width = if after.starts_with("\r\n") { 2 } else { usize::from(!after.is_empty()) };
        rest = Some(&after[width..]).filter(|t| !t.is_empty());
        Some(&text[..end])
    };
    std::iter::from_fn(next).enumerate().map(|(index, line)| (index + 1, line))
}

/// What a line of a manifest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A file and its digest.
    Entry {
        /// The digest.
        digest: Vec<u8>,
        /// The path, decoded.
        path: String,
        /// Whether the digest is written in capitals and small letters at once, which no tool does.
        mixed: bool,
    },
    /// Nothing that a manifest may say.
    Fault,
}

/// Reads a line of a manifest: `DIGEST  PATH`, or `DIGEST *PATH` as tools for digests write it.
pub fn line(text: &str, algorithm: Algorithm, version: Version) -> Line {
    let read = || {
        let (written, rest) = text.split_once([' ', '\t'])?;
        let digest = unhex(written).filter(|d| d.len() == algorithm.size())?;
        let rest = rest.trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix('*').unwrap_or(rest);
        let rest = rest.strip_prefix("./").unwrap_or(rest);
        let has = |test: fn(&u8) -> bool| written.as_bytes().iter().any(test);
        let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
        (!rest.is_empty()).then(|| Line::Entry { digest, path: path::decode(rest, version), mixed })
    };
    read().unwrap_or(Line::Fault)
}

/// A line of a manifest as it is written.
pub fn entry(digest: &[u8], path: &str) -> String {
    format!("{}  {}\n", super::digest::hex(digest), path::encode(path))
}

/// A file to fetch: where it is, how large where that is known, and its path in the bag. `None` for a line that is none.
pub fn fetch(text: &str, version: Version) -> Option<(&str, Option<u64>, String)> {
    let blank = |c: char| c == ' ' || c == '\t';
    let (url, rest) = text.split_once(blank)?;
    let (size, rest) = rest.trim_start_matches(blank).split_once(blank)?;
    let size = if size == "-" { None } else { Some(size.parse().ok()?) };
    let rest = rest.trim_start_matches(blank);
    let named = url.split_once(':').is_some_and(|(scheme, after)| !scheme.is_empty() && !after.is_empty());
    (named && !rest.is_empty()).then(|| (url, size, path::decode(rest, version)))
}

/// The algorithm that a manifest's name says: `manifest-sha512.txt`, or `tagmanifest-sha512.txt` with that prefix.
pub fn algorithm_of<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    name.strip_prefix(prefix)?.strip_suffix(".txt").filter(|a| !a.is_empty() && !a.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

    fn path_of(text: &str) -> Option<String> {
        match line(text, Algorithm::Md5, Version::V1_0) {
            Line::Entry { path, .. } => Some(path),
            Line::Fault => None,
        }
    }

    #[test]
    fn lines_end_in_any_of_three_ways() {
        let found: Vec<_> = lines("a\nb\r\nc\rd\n\ne").collect();
        assert_eq!(found, [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, ""), (6, "e")]);
        assert_eq!(lines("a\n").count(), 1);
    }

    #[test]
    fn an_entry_is_read_as_every_tool_writes_it() {
        for text in ["{}  data/a b.txt", "{} *data/a b.txt", "{}\tdata/a b.txt", "{} ./data/a b.txt"] {
            assert_eq!(path_of(&text.replace("{}", MD5)).as_deref(), Some("data/a b.txt"), "{text}");
        }
        for bad in ["", MD5, "# a comment", "{}  ", "{}x  data/a", "  {} data/a", "ab  data/a"] {
            assert_eq!(path_of(&bad.replace("{}", MD5)), None, "{bad:?}");
        }
        let mixed = format!("{}A{}  data/a", &MD5[..10], &MD5[11..]);
        assert!(matches!(line(&mixed, Algorithm::Md5, Version::V1_0), Line::Entry { mixed: true, .. }));
        let capitals = format!("{}  data/a", MD5.to_uppercase());
        assert!(matches!(line(&capitals, Algorithm::Md5, Version::V1_0), Line::Entry { mixed: false, .. }));
    }

    #[test]
    fn a_file_to_fetch_has_an_address_a_size_and_a_path() {
        let read = |text| fetch(text, Version::V1_0);
        assert_eq!(read("https://a.example/x 10 data/x y"), Some(("https://a.example/x", Some(10), "data/x y".into())));
        assert_eq!(read("https://a.example/x\t-\tdata/x"), Some(("https://a.example/x", None, "data/x".into())));
        for bad in
            ["", "https://a.example/x", "https://a.example/x 10", "x 10 data/x", "https://a.example/x ten data/x"]
        {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
