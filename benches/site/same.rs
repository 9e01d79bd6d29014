//! Whether two generators made the same report pages. Two pages are the same when a reader, a search engine and a
//! screen reader find the same in them: the text, the links, the header in each vocabulary, the marked parts, the
//! cells of the tables, and a data file with the text, whose SHA-256 the page shows. Markup is each generator's own.

use crate::corpus::Corpus;
use html5gum::{StartTag, Token, Tokenizer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use sunlit::base::{Sha256, SitePath};

/// Elements that do not end a run of text.
const INLINE: [&[u8]; 9] = [b"a", b"b", b"code", b"span", b"strong", b"sup", b"time", b"wbr", b"input"];
/// Links that each generator has of its own: its feed's format, its icon, its style sheet.
const OWN: [&str; 5] = [
    "alternate application/atom+xml",
    "alternate application/feed+json",
    "alternate application/rss+xml",
    "icon",
    "stylesheet",
];

/// Some pages of a finished output, by their reports.
pub(crate) struct Sample(BTreeMap<String, Page>);

/// What there is to find in a page, each entry in words that say what it is.
struct Page(BTreeSet<String>);

impl Sample {
    /// The pages of the first report, the last one and one in the middle, below `out`.
    pub(crate) fn read(corpus: &Corpus, out: &Path) -> Result<Self, String> {
        let mut pages = BTreeMap::new();
        for i in [0, corpus.reports / 2, corpus.reports - 1] {
            let id = corpus.id(i);
            let read = |extension: &str| {
                let file = out.join(format!("{id}.{extension}"));
                fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))
            };
            let page = Page::new(&id, &read("html")?, &read("json")?).map_err(|e| format!("{id}: {e}"))?;
            pages.insert(id, page);
        }
        Ok(Self(pages))
    }

    /// Fails unless `other`, which Hugo made, has the same pages.
    pub(crate) fn check(&self, other: &Self) -> Result<(), String> {
        for (id, page) in &self.0 {
            let theirs = other.0.get(id).ok_or_else(|| format!("Hugo has no page {id}"))?;
            let mut differ = String::new();
            for only in page.0.difference(&theirs.0) {
                let _ = write!(differ, "\n  only sunlit: {only}");
            }
            for only in theirs.0.difference(&page.0) {
                let _ = write!(differ, "\n  only Hugo: {only}");
            }
            if !differ.is_empty() {
                return Err(format!("the pages {id} are not the same:{differ}"));
            }
        }
        Ok(())
    }
}

impl Page {
    /// The page of report `id` and the data file beside it.
    fn new(id: &str, html: &[u8], data: &[u8]) -> Result<Self, String> {
        let digest = Sha256::of(data).to_string();
        let at = SitePath::of(id);
        let mut found = Found { at, page: String::new(), text: String::new(), raw: None, cells: 0 };
        for Ok(token) in Tokenizer::new(html) {
            found.take(token);
        }
        found.end_of_text();
        let text = found.page.replace(&digest, "DIGEST").replace(&digest[..12], "DIGEST");
        let data: Value = serde_json::from_slice(data).map_err(|e| format!("the data file: {e}"))?;
        // Each generator parts the text as it likes; here are phrases of its beginning, middle and end.
        let words = bare(&data.to_string());
        match ["现将有关情况报告如下", "对重要工作亲自部署", "年初有部署"]
            .into_iter()
            .find(|phrase| !words.contains(phrase))
        {
            Some(phrase) => Err(format!("the data file does not have the text: {phrase}")),
            None => Ok(Self(text.lines().map(str::to_string).collect())),
        }
    }
}

/// What has been found so far, a line each.
struct Found {
    /// The page, without its ending.
    at: SitePath,
    page: String,
    text: String,
    /// The type of the script that is open.
    raw: Option<String>,
    cells: usize,
}

impl Found {
    fn take(&mut self, token: Token) {
        match token {
            Token::String(text) => self.text.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) => {
                if !INLINE.contains(&tag.name.as_slice()) {
                    self.end_of_text();
                }
                self.start(&tag);
            }
            Token::EndTag(tag) if !INLINE.contains(&tag.name.as_slice()) => self.end_of_text(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let of = |name: &str| tag.attributes.get(name.as_bytes()).map(|v| String::from_utf8_lossy(v).into_owned());
        let or_empty = |name: &str| of(name).unwrap_or_default();
        match tag.name.as_slice() {
            b"meta" => {
                let name = of("name").or_else(|| of("property")).or_else(|| of("http-equiv")).unwrap_or_default();
                self.line(&format!("meta {name}: {}", or_empty("content")));
            }
            b"link" => {
                let kind = format!("{} {}", or_empty("rel"), or_empty("type"));
                if !OWN.contains(&kind.trim()) {
                    self.line(&format!("link {}: {}", kind.trim(), self.link(&or_empty("href"))));
                }
            }
            b"script" => self.raw = of("type"),
            // Footnotes and contents lead to ids, which are each generator's own.
            b"a" => {
                if let Some(href) = of("href").filter(|href| !href.starts_with('#') || href == "#main") {
                    self.line(&format!("a: {}", self.link(&href)));
                }
            }
            b"time" => self.line(&format!("time: {}", or_empty("datetime"))),
            b"section" => {
                if let Some(role) = of("data-role") {
                    self.line(&format!("part: {role}"));
                }
            }
            b"th" | b"td" => {
                self.cells += 1;
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let cell = format!("cell {}: {name} {} {}", self.cells, or_empty("scope"), or_empty("class"));
                self.line(cell.trim());
            }
            _ => {}
        }
        if let Some(fact) = of("data-fact") {
            self.line(&format!("fact: {fact}"));
        }
    }

    /// Ends a run of text; JSON-LD is taken by its values, whatever their order.
    fn end_of_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        match self.raw.take() {
            Some(kind) if kind == "application/ld+json" => {
                let mut values = BTreeSet::new();
                match serde_json::from_str::<Value>(&text) {
                    Ok(value) => flatten("", &value, &mut values),
                    Err(e) => _ = values.insert(e.to_string()),
                }
                values.iter().for_each(|value| self.line(&format!("JSON-LD {value}")));
            }
            _ => {
                // A caption is a paragraph with this mark for Hugo; arrows lead back from footnotes.
                let text = bare(&text);
                let text = text.strip_prefix("表：").unwrap_or(&text).trim_end_matches(['↩', '\u{fe0e}']);
                if !text.is_empty() {
                    self.line(&format!("text: {text}"));
                }
            }
        }
    }

    /// Where a link leads: its path from the top of the site, when it stays inside.
    fn link(&self, href: &str) -> String {
        if href.contains(':') || href.starts_with('#') {
            return href.to_string();
        }
        self.at.join(href).map_or_else(|| format!("{href} leads out"), |path| path.to_string())
    }

    fn line(&mut self, line: &str) {
        self.page.push_str(line);
        self.page.push('\n');
    }
}

/// Each value with its path, a line each.
fn flatten(path: &str, value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(&format!("{path}/{key}"), value, out)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| flatten(&format!("{path}/{i}"), value, out))
        }
        Value::String(text) => _ = out.insert(format!("{path}: {}", index(text))),
        other => _ = out.insert(format!("{path}: {other}")),
    }
}

/// An address without the index of its folder, which is the folder's own.
fn index(href: &str) -> &str {
    href.strip_suffix("index.html").unwrap_or(href)
}

/// The text without white space, which no reader of Chinese sees.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
