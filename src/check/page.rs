//! What a rule may see of one finished page.

use super::html::Html;
use crate::base::SitePath;
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::emit::frame::PageKind;
use crate::model::{Portal, Report};

/// A finished page.
#[derive(Debug)]
pub struct Page<'a> {
    /// The portal it belongs to.
    pub portal: &'a Portal,
    /// Its address.
    pub path: &'a SitePath,
    /// What kind of page it is.
    pub kind: PageKind,
    /// The report it shows.
    pub report: Option<&'a Report>,
    /// Its bytes.
    pub source: &'a str,
    /// Its elements.
    pub html: Html,
}

impl Page<'_> {
    /// A finding about the page.
    pub fn finding(&self, code: Code, message: Message) -> Diagnostic {
        Diagnostic::new(code, message).at(self.path.as_str(), Place::Whole)
    }
}
