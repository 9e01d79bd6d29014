//! What the site says of its own accessibility: the facts of the statement that the section publishes.
//! The fields follow the model statement of Commission Implementing Decision (EU) 2018/1523, which suits any law: status,
//! what is not accessible and why, how that was found out, whom to tell, who answers when nobody does.

use super::decode::Checked;
use crate::base::CivilDate;

/// The `accessibility` of `site.yaml`.
#[derive(Debug, Clone)]
pub struct Accessibility {
    /// `full`, `partial` or `none`.
    pub status: Box<str>,
    /// The standards that the status is about; the theme's own words where none is named.
    pub standards: Vec<Box<str>>,
    /// The day on which the statement was prepared.
    pub prepared: CivilDate,
    /// The day on which it was last looked through.
    pub reviewed: Option<CivilDate>,
    /// `self` or `external`.
    pub method: Box<str>,
    /// Who evaluated the site, where that was not its own body.
    pub evaluator: Option<Box<str>>,
    /// With what it was tested: a line for each program or person.
    pub tested: Vec<Box<str>>,
    /// What is not accessible.
    pub exceptions: Vec<Exception>,
    /// Where to say what is in the way.
    pub contact: Box<str>,
    /// Working days until an answer.
    pub response_days: Option<u32>,
    /// Where to go when no answer comes.
    pub enforcement: Option<Box<str>>,
}

/// Something that is not accessible.
#[derive(Debug, Clone)]
pub struct Exception {
    /// What it is.
    pub content: Box<str>,
    /// `noncompliance`, `burden` or `scope`.
    pub reason: Box<str>,
    /// The criteria that it misses.
    pub criterion: Option<Box<str>>,
    /// What to use instead.
    pub alternative: Option<Box<str>>,
    /// The day by which it will be mended.
    pub until: Option<CivilDate>,
}

/// The statement's address.
pub const PATH: &str = "pages/accessibility.html";

/// The words of `status`.
pub const STATUS: &[&str] = &["full", "partial", "none"];

/// The words of `method`.
pub const METHOD: &[&str] = &["self", "external"];

/// The words of an exception's `reason`.
pub const REASON: &[&str] = &["noncompliance", "burden", "scope"];

impl Accessibility {
    /// Reads the mapping; none where a needed fact is missing, which was reported.
    pub(super) fn read(map: Checked<'_>) -> Option<Self> {
        Some(Self {
            status: map.text("status")?,
            standards: map.texts("standards"),
            prepared: map.date("prepared")?,
            reviewed: map.date("reviewed"),
            method: map.text("method")?,
            evaluator: map.text("evaluator"),
            tested: map.texts("tested"),
            exceptions: map.maps("exceptions").filter_map(exception).collect(),
            contact: map.text("contact")?,
            response_days: map.number("response_days"),
            enforcement: map.text("enforcement"),
        })
    }
}

fn exception(map: Checked<'_>) -> Option<Exception> {
    Some(Exception {
        content: map.text("content")?,
        reason: map.text("reason")?,
        criterion: map.text("criterion"),
        alternative: map.text("alternative"),
        until: map.date("until"),
    })
}
