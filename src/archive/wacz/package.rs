//! The small files of a WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): the list of pages, the list of files with
//! their digests, the digest of that list, and a note for people. In: facts. Out: text. Knows no portal, no container.

use super::{cdx, warc};
use crate::base::Sha256;
use html5gum::{Token, Tokenizer};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Where the records are.
pub const WARC: &str = "archive/data.warc.gz";
/// Where the index is. py-wacz, pywb and ReplayWeb.page look for this name.
pub const INDEX: &str = "indexes/index.cdx";
/// Where the list of pages is.
pub const PAGES: &str = "pages/pages.jsonl";
/// The note for people. In a folder, because `wacz validate` 0.6.0 takes files beside the list of files for unlisted.
pub const NOTE: &str = "notes/HOW-TO-VERIFY.txt";
/// The digests once more, as `sha256sum` reads them.
pub const SUMS: &str = "notes/manifest-sha256.txt";
/// Where the list of files is.
pub const LIST: &str = "datapackage.json";
/// Where the digest of the list of files is.
pub const DIGEST: &str = "datapackage-digest.json";

/// What the program calls itself in what it makes.
pub const SOFTWARE: &str = concat!("sunlit ", env!("CARGO_PKG_VERSION"));

/// The note for people: Chinese first, then English.
pub const NOTE_TEXT: &str = include_str!("how-to-verify.txt");

/// A file of the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its name, in lower case as a Data Package wants it.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// `sha256:` and 64 hexadecimal digits.
    pub hash: String,
    /// Its size.
    pub bytes: u64,
}

impl Resource {
    /// A file at `path`.
    pub fn new(path: &str, digest: Sha256, bytes: u64) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        Self { name, path: path.into(), hash: format!("sha256:{digest}"), bytes }
    }
}

/// The list of files, `datapackage.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// `data-package`.
    pub profile: String,
    /// The version of WACZ.
    #[serde(rename = "wacz_version")]
    pub wacz_version: String,
    /// What the archive is called.
    #[serde(default)]
    pub title: String,
    /// What it holds.
    #[serde(default)]
    pub description: String,
    /// The moment of its newest content.
    #[serde(default)]
    pub created: String,
    /// What made it.
    #[serde(default)]
    pub software: String,
    /// The page to begin with.
    #[serde(default)]
    pub main_page_url: String,
    /// The moment of that page.
    #[serde(default)]
    pub main_page_date: String,
    /// The files.
    pub resources: Vec<Resource>,
}

impl Package {
    /// The bytes of `datapackage.json`.
    pub fn text(&self) -> String {
        pretty(&serde_json::to_value(self).unwrap_or_default())
    }
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// The bytes of `datapackage-digest.json` beside a list of files.
pub fn digest(list: &[u8]) -> String {
    pretty(&json!({ "path": LIST, "hash": format!("sha256:{}", Sha256::of(list)) }))
}

/// The lines of `sha256sum` for the files of a package.
pub fn sums(resources: &[Resource]) -> String {
    resources.iter().map(|r| format!("{}  {}\n", r.hash.trim_start_matches("sha256:"), r.path)).collect()
}

/// The first line of `pages.jsonl`.
pub fn pages_head(title: &str) -> String {
    format!("{}\n", json!({ "format": "json-pages-1.0", "id": "pages", "title": title }))
}

/// The line of a page.
pub fn page_line(head: &warc::Head, title: &str) -> String {
    let date = warc::date(head.moment);
    let id = Sha256::of(format!("{} {}", cdx::digits(&date), head.url).as_bytes()).to_string();
    format!("{}\n", json!({ "id": &id[..16], "url": head.url, "ts": date, "title": title }))
}

/// The title of an HTML page.
pub fn title(html: &str) -> String {
    let mut title: Option<Vec<u8>> = None;
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match (token, &mut title) {
            (Token::StartTag(tag), None) if *tag.name == b"title" => title = Some(Vec::new()),
            (Token::String(text), Some(title)) => title.extend(text.iter()),
            (Token::EndTag(_), Some(_)) => break,
            _ => {}
        }
    }
    let title = String::from_utf8(title.unwrap_or_default()).unwrap_or_default();
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_as_browsers_read_them() {
        assert_eq!(title("<!doctype html><title>甲局 &amp; 乙局\n报告</title><p>x"), "甲局 & 乙局 报告");
        assert_eq!(title("<p>none"), "");
    }

    #[test]
    fn the_note_says_both_languages_what_the_files_are_called() {
        for name in [SUMS, LIST, "archive verify", "sha256sum"] {
            assert!(NOTE_TEXT.matches(name).count() >= 2, "{name}");
        }
    }
}
