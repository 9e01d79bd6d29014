//! The index of a web archive in the form CDXJ: a line for each record, found by the address in the order of a phone book.
//! In: addresses, and where their records stand. Out: lines; or, of a line, what it says. Knows no container.

use super::warc::Head;
use crate::base::path::decode;
use serde::Deserialize;
use serde_json::json;

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The WARC file, below `archive/`.
    pub file: String,
    /// First byte.
    pub offset: u64,
    /// Bytes, packed.
    pub length: u64,
}

/// A line of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The address as it is sorted: `cn,gov,example)/2024`.
    pub key: String,
    /// `YYYYMMDDhhmmss`.
    pub time: String,
    /// The address.
    pub url: String,
    /// Where its record stands.
    pub place: Place,
}

/// The sort key of an address (SURT, as pywb and Heritrix make it): host reversed and without `www`, all in lower case,
/// without the last slash of the path. Good for the addresses of a section, which have no query.
pub fn sort_key(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let default = if url.starts_with("https:") { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default).unwrap_or(authority).to_lowercase();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port)),
        _ => (authority.as_str(), None),
    };
    let mut key = reversed(without_www(host));
    if let Some(port) = port {
        key.push(':');
        key.push_str(port);
    }
    key.push(')');
    let path = path.strip_suffix('/').filter(|p| !p.is_empty()).unwrap_or(path);
    // What has to be escaped is escaped once, whatever was escaped before.
    for byte in decode(path).unwrap_or_else(|| path.to_string()).bytes() {
        match byte {
            b'#' | b'%' | 0..=32 | 127.. => key.push_str(&format!("%{byte:02x}")),
            _ => key.push(char::from(byte.to_ascii_lowercase())),
        }
    }
    key
}

/// `www.`, `www2.` and the like lead to the same host.
fn without_www(host: &str) -> &str {
    let rest = host.strip_prefix("www").map(|r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.and_then(|r| r.strip_prefix('.')).filter(|r| !r.is_empty()).unwrap_or(host)
}

fn reversed(host: &str) -> String {
    host.split('.').rev().collect::<Vec<_>>().join(",")
}

/// `2024-12-09T01:35:00Z` as `20241209013500`.
pub fn digits(date: &str) -> String {
    date.chars().filter(char::is_ascii_digit).take(14).collect()
}

/// The line of a record, with its line end.
pub fn line(head: &Head, place: &Place) -> String {
    let mime = head.content_type.split(';').next().unwrap_or_default();
    let facts = json!({
        "url": head.url,
        "mime": mime,
        "status": "200",
        "digest": format!("sha256:{}", head.payload),
        "length": place.length.to_string(),
        "offset": place.offset.to_string(),
        "filename": place.file,
    });
    format!("{} {} {facts}\n", sort_key(&head.url), digits(&super::warc::date(head.moment)))
}

#[derive(Deserialize)]
struct Facts {
    url: String,
    offset: Number,
    length: Number,
    filename: String,
}

/// Numbers stand in quotes or not, as the writer likes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(u64),
    Quoted(String),
}

impl Number {
    fn value(&self) -> Option<u64> {
        match self {
            Number::Plain(value) => Some(*value),
            Number::Quoted(text) => text.parse().ok(),
        }
    }
}

/// Reads a line; `None` when it is none of an index.
pub fn read(line: &str) -> Option<Line> {
    let (key, rest) = line.split_once(' ')?;
    let (time, facts) = rest.split_once(' ')?;
    let is_time = time.len() == 14 && time.bytes().all(|b| b.is_ascii_digit());
    let facts: Facts = serde_json::from_str(facts).ok().filter(|_| is_time)?;
    let place = Place { offset: facts.offset.value()?, length: facts.length.value()?, file: facts.filename };
    Some(Line { key: key.into(), time: time.into(), url: facts.url, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_tools_that_read_them() {
        let cases = [
            ("https://www.example.gov.cn/zwgk/fzzf/", "cn,gov,example)/zwgk/fzzf"),
            ("https://example.gov.cn/", "cn,gov,example)/"),
            ("https://example.gov.cn:443/A/b.HTML", "cn,gov,example)/a/b.html"),
            ("http://example.gov.cn:8080/2024/index.html", "cn,gov,example:8080)/2024/index.html"),
            ("http://127.0.0.1:8080/a", "1,0,0,127:8080)/a"),
            ("https://example.gov.cn/%E9%99%84%20%26%27.pdf", "cn,gov,example)/%e9%99%84%20&'.pdf"),
            ("https://www2.example.gov.cn/100%25.csv", "cn,gov,example)/100%25.csv"),
        ];
        for (url, key) in cases {
            assert_eq!(sort_key(url), key);
        }
    }
}
