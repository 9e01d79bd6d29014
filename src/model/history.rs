//! What is known of a report beyond its text: corrections made in the open, and how it stands beside the versions that
//! the ledger knows. In: a front matter; what `build` found beside the ledger. Out: facts; the rules judge them.

use super::{Report, decode::Checked};
use crate::base::{CivilDate, Instant, Sha256, SitePath};
use crate::model::ledger::Ledger;
use std::sync::Arc;

/// A correction made in the open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The day it was made.
    pub date: CivilDate,
    /// What was corrected.
    pub note: Box<str>,
    /// In which section.
    pub section: Option<Box<str>>,
    /// What it took away for good, so that no earlier version is kept.
    pub removes: Option<Removal>,
}

/// What a correction takes away for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Personal data: `removes: personal-data`.
    PersonalData,
}

/// The word of [`Removal::PersonalData`].
pub const PERSONAL_DATA: &str = "personal-data";

pub(super) fn correction(map: Checked<'_>) -> Option<Correction> {
    Some(Correction {
        date: map.date("date")?,
        note: map.text("note")?,
        section: map.text("section"),
        removes: (map.str("removes") == Some(PERSONAL_DATA)).then_some(Removal::PersonalData),
    })
}

/// How a report stands beside the ledger; empty where there is none.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// SHA-256 of its file; only of a report that the ledger knows.
    pub digest: Option<Sha256>,
    /// The day of the newest step of its review.
    pub reviewed: Option<CivilDate>,
    /// What the ledger knows of it.
    pub history: Option<Box<History>>,
    /// Of an earlier version: which, and since when it is kept. None of a report as it is now.
    pub superseded: Option<Superseded>,
}

/// An earlier version as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superseded {
    /// Its number.
    pub version: u32,
    /// The day it was sealed.
    pub sealed: CivilDate,
}

/// A report beside its versions.
#[derive(Debug, Clone)]
pub struct History {
    /// The version that the report is now.
    pub version: u32,
    /// How it stands beside the newest version that was sealed.
    pub standing: Standing,
    /// The number of that version; 0 while nothing is sealed.
    pub last: u32,
    /// 发布时间 of that version.
    pub published: Option<Instant>,
    /// The day of the newest step of review of that version.
    pub reviewed: Option<CivilDate>,
    /// Earlier versions, newest first.
    pub earlier: Vec<Earlier>,
}

impl History {
    /// Whether it says the same, as far as that can be told at once: histories with earlier versions count as different.
    pub fn is_same(&self, other: &Self) -> bool {
        let facts = |h: &Self| (h.version, h.last, h.reviewed, h.earlier.len());
        facts(self) == facts(other)
            && self.standing == other.standing
            && self.published == other.published
            && self.earlier.is_empty()
    }
}

/// How a report stands beside the version that was sealed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is that version.
    Sealed,
    /// It is the next one: corrected in the open, or withdrawn.
    Next,
    /// Its text differs, and no correction says so.
    Text,
    /// It differs, and an earlier entry of its corrections was changed or taken away.
    Corrections,
    /// Its text is the same, and these attachments are not.
    Attachments(Vec<SitePath>),
}

/// A version before the one that is shown.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Its number.
    pub version: u32,
    /// The day it was sealed.
    pub sealed: CivilDate,
    /// SHA-256 of its data file, as the ledger has it.
    pub output: Sha256,
    /// What is left of it.
    pub left: Left,
}

/// What is left of an earlier version.
#[derive(Debug, Clone)]
pub enum Left {
    /// All of it: it is shown, marked as superseded.
    Whole(Box<Report>),
    /// The fact that there was one: it held personal data.
    Removed,
    /// Nothing that could be shown: it was withdrawn, or its copy cannot be read.
    Nothing,
}

impl Earlier {
    /// The report as it was.
    pub fn report(&self) -> Option<&Report> {
        match &self.left {
            Left::Whole(report) => Some(report),
            Left::Removed | Left::Nothing => None,
        }
    }
}

impl Report {
    /// Its version: of an earlier one its own, otherwise the ledger's count; none where there is no ledger.
    pub fn version(&self) -> Option<u32> {
        let own = self.record.superseded.map(|s| s.version);
        own.or_else(|| self.record.history.as_ref().map(|h| h.version))
    }

    /// Versions before this one, newest first.
    pub fn earlier(&self) -> &[Earlier] {
        self.record.history.as_ref().map_or(&[], |h| &h.earlier)
    }

    /// Entries of `corrections` that removed personal data.
    pub fn removals(&self) -> u32 {
        count(self.corrections.iter().filter(|c| c.removes.is_some()))
    }

    /// The address of its page without its ending: `YEAR/SLUG`, or `YEAR/SLUG/vN` of an earlier version.
    pub(super) fn stem(&self) -> String {
        match self.record.superseded {
            Some(Superseded { version, .. }) => format!("{}/v{version}", self.id),
            None => self.id.to_string(),
        }
    }
}

/// A count as the ledger writes it.
pub(crate) fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// What the ledger adds to a portal.
#[derive(Debug, Default)]
pub struct Sealed {
    /// The ledger.
    pub ledger: Arc<Ledger>,
    /// Pages of documents that are there and could not be read: they did not vanish.
    pub unread: Vec<SitePath>,
    /// Files of earlier versions that are published: each with the file that is copied, from the portal's root.
    pub files: Vec<(SitePath, String)>,
}
