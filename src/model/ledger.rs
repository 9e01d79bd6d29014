//! The ledger of what was published: `ledger.jsonl`, a line of JSON for each version of each report, chained by SHA-256,
//! and a line for each sealing of a year. In: its bytes. Out: its lines, or what is wrong with them and where.
//! Knows no folder: what the lines say of files is compared elsewhere.

use super::ledger_line::{ReportLine, SealLine};
use crate::base::{ReportId, Sha256, SitePath, media};
use crate::diag::{Code, Diagnostic, Message, Place};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Its name, at the portal's root.
pub const FILE: &str = "ledger.jsonl";

/// The folder of the copies that are kept of each version.
pub const KEPT: &str = "sealed";

/// Largest ledger, in bytes: two hundred thousand versions.
pub const BYTES: u64 = 200_000_000;

/// Most faults that are told of one ledger; one edit breaks two lines at most.
const FAULTS: usize = 10;

/// One published version of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The report.
    pub report: ReportId,
    /// Its version, from 1.
    pub version: u32,
    /// 发布时间, RFC 3339.
    pub published: Box<str>,
    /// The file it was written in, from the portal's root.
    pub file: Box<str>,
    /// SHA-256 of that file.
    pub source: Sha256,
    /// SHA-256 of its data file, which the page shows as its fingerprint.
    pub output: Sha256,
    /// The address of its page.
    pub address: SitePath,
    /// The files of its folder that were published with it, by path below `content/`.
    pub attachments: BTreeMap<SitePath, Sha256>,
    /// Entries of `corrections` that it had.
    pub corrections: u32,
    /// How many of these removed personal data.
    pub removals: u32,
    /// When the line was written, RFC 3339.
    pub recorded: Box<str>,
}

/// The sealing of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The year.
    pub year: u16,
    /// Reports of the year that the ledger knows.
    pub reports: u32,
    /// When the line was written, RFC 3339.
    pub recorded: Box<str>,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A version.
    Report(Box<Entry>),
    /// A sealing; it closes the lines above it.
    Seal(Seal),
}

/// A ledger that is whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    lines: Vec<Line>,
    /// Where each line stands in the file, for findings.
    spans: Vec<Range<usize>>,
    /// Positions of the versions of each report, oldest first.
    reports: BTreeMap<ReportId, Vec<usize>>,
    /// How many reports of each year it knows.
    counts: BTreeMap<u16, u32>,
    /// Years that were sealed.
    years: BTreeSet<u16>,
}

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// ARCH-005 for each line that is not as sunlit wrote it: no JSON of the known kinds, other than canonical, a broken
    /// chain, a version out of turn, a seal that does not fit; none of it is used then.
    pub fn read(bytes: &[u8], sink: &mut Vec<Diagnostic>) -> Option<Self> {
        if bytes.len() as u64 > BYTES {
            let message = Message::new("ledger.too_large").with("limit", media::human_size(BYTES));
            sink.push(fault(message, &(0..0)));
            return None;
        }
        let mut spans = Vec::new();
        let mut at = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            spans.push(at..end);
            at = end + 1;
        }
        let read: Vec<_> = spans.par_iter().map(|s| super::ledger_line::read(&bytes[s.clone()])).collect();
        let mut faults = Vec::new();
        let mut ledger = Self::default();
        let (mut tip, mut number) = (Sha256::ZERO, 0usize);
        for (span, (read, digest)) in spans.into_iter().zip(read) {
            number += 1;
            let said = match read {
                Ok((line, prev)) => {
                    let fits = ledger.accept(line, span.clone());
                    if prev == tip { fits } else { Err(Message::new("ledger.chain")) }
                }
                Err(message) => Err(message),
            };
            if let Err(message) = said {
                faults.push(fault(message.with("line", number), &span));
                if faults.len() == FAULTS {
                    break;
                }
            }
            tip = digest;
        }
        let closed = matches!(ledger.lines.last(), Some(Line::Seal(_)));
        if faults.is_empty() && (at < bytes.len() || !closed) {
            faults.push(fault(Message::new("ledger.cut"), &(at.min(bytes.len())..bytes.len())));
        }
        if !faults.is_empty() {
            sink.extend(faults);
            return None;
        }
        Some(ledger)
    }

    /// Takes a line up, if it may follow those before it.
    fn accept(&mut self, line: Line, span: Range<usize>) -> Result<(), Message> {
        match &line {
            Line::Report(entry) => {
                let due = self.latest(&entry.report).map_or(1, |e| e.version + 1);
                if entry.version != due {
                    let message = Message::new("ledger.version").with("report", &entry.report);
                    return Err(message.with("version", entry.version).with("due", due));
                }
                *self.counts.entry(entry.report.year).or_default() += u32::from(entry.version == 1);
                self.reports.entry(entry.report.clone()).or_default().push(self.lines.len());
            }
            Line::Seal(seal) => {
                let since = self.lines.iter().rev().map_while(|l| match l {
                    Line::Report(entry) => Some(entry),
                    Line::Seal(_) => None,
                });
                let (mut since, count) = (since.peekable(), self.reports_of(seal.year));
                if since.peek().is_none() || since.any(|e| e.report.year != seal.year) || count != seal.reports {
                    let message = Message::new("ledger.seal").with("year", seal.year);
                    return Err(message.with("reports", seal.reports).with("count", count));
                }
                self.years.insert(seal.year);
            }
        }
        self.lines.push(line);
        self.spans.push(span);
        Ok(())
    }

    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Every report with its versions, oldest first; each version with its bytes in the file.
    pub fn reports(&self) -> impl Iterator<Item = (&ReportId, Vec<(&Entry, Range<usize>)>)> {
        self.reports.iter().map(|(id, at)| {
            (id, at.iter().filter_map(|i| Some((self.entry(*i)?, self.spans.get(*i)?.clone()))).collect())
        })
    }

    /// The versions of a report, oldest first.
    pub fn versions<'a>(&'a self, report: &ReportId) -> impl Iterator<Item = &'a Entry> + use<'a> {
        self.reports.get(report).into_iter().flatten().filter_map(|i| self.entry(*i))
    }

    /// The newest version of a report.
    pub fn latest(&self, report: &ReportId) -> Option<&Entry> {
        self.reports.get(report)?.last().and_then(|i| self.entry(*i))
    }

    fn entry(&self, at: usize) -> Option<&Entry> {
        match self.lines.get(at)? {
            Line::Report(entry) => Some(entry),
            Line::Seal(_) => None,
        }
    }

    /// How many reports of a year it knows.
    pub fn reports_of(&self, year: u16) -> u32 {
        self.counts.get(&year).copied().unwrap_or(0)
    }

    /// Whether a year was sealed.
    pub fn has_sealed(&self, year: u16) -> bool {
        self.years.contains(&year)
    }
}

/// The text of a ledger of these lines.
pub fn print(lines: &[Line]) -> String {
    append("", lines)
}

/// The text of a ledger with `lines` behind those that `text` has; nothing of `text` is touched.
pub fn append(text: &str, lines: &[Line]) -> String {
    let mut out = text.to_string();
    let last = text.strip_suffix('\n').map(|t| t.rsplit('\n').next().unwrap_or(t));
    let mut tip = last.map_or(Sha256::ZERO, |line| Sha256::of(line.as_bytes()));
    for line in lines {
        let printed = match line {
            Line::Report(entry) => ReportLine::of(entry, tip).print(),
            Line::Seal(seal) => SealLine::of(seal, tip).print(),
        };
        tip = Sha256::of(printed.as_bytes());
        out.push_str(&printed);
        out.push('\n');
    }
    out
}

/// The file in which a version is kept, from the portal's root: `sealed/YEAR/SLUG/VERSION.md`.
pub fn kept_source(report: &ReportId, version: u32) -> String {
    format!("{KEPT}/{report}/{version}.md")
}

/// The file in which an attachment of a version is kept; none for one outside the report's own folder.
pub fn kept_file(report: &ReportId, version: u32, attachment: &SitePath) -> Option<String> {
    let below = attachment.as_str().strip_prefix(&format!("{report}/"))?;
    Some(format!("{KEPT}/{report}/{version}/{below}"))
}

fn fault(message: Message, span: &Range<usize>) -> Diagnostic {
    // The beginning of a line says which it is; the whole of it would be a wall of digits.
    let place = Place::Bytes(span.start..span.end.min(span.start + 48));
    Diagnostic::new(Code::Arch005, message).at(FILE, place).help(Message::new("ledger.help"))
}
