//! One line of the ledger as it is written: its keys in their one order, no white space, so that a line has one form.
//! A seal line ends in a digest of itself: nothing follows that would tell that the last line was changed.

use super::ledger::{Entry, Line, Seal};
use crate::base::{Instant, ReportId, Sha256, SitePath, Zone, id};
use crate::diag::Message;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest line, in bytes: a report with some thousand attachments.
const LINE_BYTES: usize = 1_000_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportLine {
    report: String,
    version: u32,
    published: String,
    file: String,
    source: String,
    output: String,
    address: String,
    attachments: BTreeMap<String, String>,
    corrections: u32,
    removals: u32,
    recorded: String,
    prev: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealLine {
    seal: u16,
    reports: u32,
    recorded: String,
    prev: String,
    digest: String,
}

/// What a line says, with the digest it gives of the line before it; or what is wrong with it. And the digest of the line.
pub(super) fn read(line: &[u8]) -> (Result<(Line, Sha256), Message>, Sha256) {
    let read = match line {
        _ if line.len() > LINE_BYTES => Err(Message::new("ledger.too_long").with("limit", LINE_BYTES)),
        _ if line.starts_with(b"{\"report\":") => {
            serde_json::from_slice::<ReportLine>(line).map_err(json).and_then(|l| {
                let line = canonical(l.print(), line, l.entry()?)?;
                Ok((Line::Report(Box::new(line)), digest("prev", &l.prev)?))
            })
        }
        _ if line.starts_with(b"{\"seal\":") => serde_json::from_slice::<SealLine>(line).map_err(json).and_then(|l| {
            let line = canonical(l.print(), line, l.seal()?)?;
            Ok((Line::Seal(line), digest("prev", &l.prev)?))
        }),
        _ => Err(Message::new("ledger.kind")),
    };
    (read, Sha256::of(line))
}

/// A line has one form: keys in another order, given twice, or white space are other bytes than those that are printed.
fn canonical<T>(printed: String, line: &[u8], value: T) -> Result<T, Message> {
    if printed.as_bytes() == line { Ok(value) } else { Err(Message::new("ledger.form")) }
}

fn json(error: serde_json::Error) -> Message {
    let words = error.to_string();
    Message::new("ledger.json").with("error", words.split(" at line ").next().unwrap_or_default())
}

fn wrong(key: &str) -> Message {
    Message::new("ledger.value").with("key", key)
}

fn digest(key: &str, text: &str) -> Result<Sha256, Message> {
    Sha256::parse(text).ok_or_else(|| wrong(key))
}

/// A moment as sunlit writes it: with seconds and an offset.
fn moment(key: &str, text: &str) -> Result<Box<str>, Message> {
    let written = text.len() == 25 && text.as_bytes().get(10) == Some(&b'T');
    match Instant::parse(text, &Zone::utc()).filter(|_| written) {
        Some(_) => Ok(text.into()),
        None => Err(wrong(key)),
    }
}

impl ReportLine {
    pub(super) fn of(entry: &Entry, prev: Sha256) -> Self {
        Self {
            report: entry.report.to_string(),
            version: entry.version,
            published: entry.published.to_string(),
            file: entry.file.to_string(),
            source: entry.source.to_string(),
            output: entry.output.to_string(),
            address: entry.address.to_string(),
            attachments: entry.attachments.iter().map(|(path, hash)| (path.to_string(), hash.to_string())).collect(),
            corrections: entry.corrections,
            removals: entry.removals,
            recorded: entry.recorded.to_string(),
            prev: prev.to_string(),
        }
    }

    pub(super) fn print(&self) -> String {
        // A struct whose keys are text: serialising it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn entry(&self) -> Result<Entry, Message> {
        let report = ReportId::parse(&self.report).ok_or_else(|| wrong("report"))?;
        let path = |key: &str, text: &str| SitePath::new(text).ok_or_else(|| wrong(key));
        let file = path("file", &self.file)?;
        let stem = file.as_str().strip_prefix("content/").and_then(crate::markdown::page_of);
        let address = path("address", &self.address)?;
        if address.as_str() != format!("{report}.html") {
            return Err(wrong("address"));
        }
        if stem.as_ref() != Some(&address) {
            return Err(wrong("file"));
        }
        let own = format!("{report}/");
        let attachment = |(name, hash): (&String, &String)| {
            let name = path("attachments", name)?;
            if !name.as_str().starts_with(&own) {
                return Err(wrong("attachments"));
            }
            Ok((name, digest("attachments", hash)?))
        };
        Ok(Entry {
            version: self.version,
            published: moment("published", &self.published)?,
            file: file.as_str().into(),
            source: digest("source", &self.source)?,
            output: digest("output", &self.output)?,
            address,
            attachments: self.attachments.iter().map(attachment).collect::<Result<_, _>>()?,
            corrections: self.corrections,
            removals: self.removals,
            recorded: moment("recorded", &self.recorded)?,
            report,
        })
    }
}

impl SealLine {
    pub(super) fn of(seal: &Seal, prev: Sha256) -> Self {
        let mut line = Self {
            seal: seal.year,
            reports: seal.reports,
            recorded: seal.recorded.to_string(),
            prev: prev.to_string(),
            digest: String::new(),
        };
        line.digest = line.own_digest();
        line
    }

    pub(super) fn print(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// SHA-256 of the line up to the comma before `"digest"`.
    fn own_digest(&self) -> String {
        let printed = self.print();
        let until = printed.rfind(",\"digest\":").unwrap_or(printed.len());
        Sha256::of(&printed.as_bytes()[..until]).to_string()
    }

    fn seal(&self) -> Result<Seal, Message> {
        if self.digest != self.own_digest() {
            return Err(wrong("digest"));
        }
        let year = id::parse_year(&self.seal.to_string()).ok_or_else(|| wrong("seal"))?;
        Ok(Seal { year, reports: self.reports, recorded: moment("recorded", &self.recorded)? })
    }
}
