//! The rules: what `sunlit check` looks for, and `sunlit build` too where it would stop the build. A rule reads one
//! document, the portal, a page or an attachment, and tells what it found; it changes nothing and reads nothing else.
//! A family of rules is a file; a new rule is a function, its line in the family's `RULES`, its code in `diag::code`
//! with the two pages of `docs/rules/`, and its cases in `tests/findings/`.

mod announced;
pub mod attachments;
mod dates;
pub mod disclosure;
pub mod document;
mod figures;
mod front;
pub mod html;
mod ledger;
mod links;
mod lists;
mod markdown;
mod order;
mod organization;
pub mod page;
mod pages;
mod personal;
mod review;
mod running;
mod secrecy;
mod series;
pub mod settle;
pub mod show;
mod structure;
mod wording;

pub use document::Document;
pub use page::Page;

use crate::diag::{Code, Diagnostic, Severity};
use crate::model::policy::Level;
use crate::model::{Policy, Portal};
use attachments::Attachment;

/// A rule, or several that are found in one look.
#[derive(Debug)]
pub struct Rule {
    /// What it may find.
    pub codes: &'static [Code],
    /// What it reads.
    pub run: Run,
}

/// What a rule reads.
#[derive(Debug)]
pub enum Run {
    /// One report or page, as it is written.
    Document(fn(&Document<'_>, &mut Vec<Diagnostic>)),
    /// The portal as a whole.
    Portal(fn(&Portal, &mut Vec<Diagnostic>)),
    /// A finished page: every kind of page, and a sample of the reports.
    Page(fn(&Page<'_>, &mut Vec<Diagnostic>)),
    /// An attachment or image that is published.
    Attachment(fn(&Attachment<'_>, &mut Vec<Diagnostic>)),
}

/// Every family.
const FAMILIES: &[&[Rule]] = &[
    announced::RULES,
    attachments::RULES,
    dates::RULES,
    disclosure::RULES,
    figures::RULES,
    front::RULES,
    ledger::RULES,
    links::RULES,
    lists::RULES,
    markdown::RULES,
    order::RULES,
    organization::RULES,
    pages::RULES,
    personal::RULES,
    review::RULES,
    running::RULES,
    secrecy::RULES,
    series::RULES,
    structure::RULES,
    wording::RULES,
];

/// Which rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Those that can stop a build.
    Errors,
    /// All that the site has not turned off.
    All,
}

impl Asked {
    /// Whether a code is looked for.
    pub fn wants(self, policy: &Policy, code: Code) -> bool {
        match (self, policy.level(code)) {
            (_, Level::Off) => false,
            (Asked::All, Level::On(_)) => true,
            (Asked::Errors, Level::On(severity)) => severity == Severity::Error,
        }
    }

    /// The rules that are to be run.
    pub fn rules(self, policy: &Policy) -> Vec<&'static Rule> {
        let all = FAMILIES.iter().copied().flatten();
        all.filter(|rule| rule.codes.iter().any(|code| self.wants(policy, *code))).collect()
    }
}

/// Runs the rules that read a document.
pub fn document(rules: &[&Rule], document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for rule in rules {
        if let Run::Document(run) = rule.run {
            run(document, sink);
        }
    }
}

/// Runs the rules that read the portal.
pub fn portal(rules: &[&Rule], portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for rule in rules {
        if let Run::Portal(run) = rule.run {
            run(portal, sink);
        }
    }
}

/// Runs the rules that read a finished page.
pub fn page(rules: &[&Rule], page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    for rule in rules {
        if let Run::Page(run) = rule.run {
            run(page, sink);
        }
    }
}

/// Runs the rules that read an attachment.
pub fn attachment(rules: &[&Rule], attachment: &Attachment<'_>, sink: &mut Vec<Diagnostic>) {
    for rule in rules {
        if let Run::Attachment(run) = rule.run {
            run(attachment, sink);
        }
    }
}

/// The codes that rules of this room find, for tests that hold the catalogue complete.
pub fn codes() -> impl Iterator<Item = Code> {
    FAMILIES.iter().copied().flatten().flat_map(|rule| rule.codes.iter().copied())
}
