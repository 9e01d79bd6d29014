//! A stand-alone page: `content/pages/NAME.md`. And the introduction on the landing page.

use super::{decode::Checked, report::BodySlot, schema};
use crate::base::SitePath;
use crate::diag::Diagnostic;
use crate::markdown::{Heading, Link};
use crate::source::shape::{self, Field};
use serde_yaml::Mapping;

/// A stand-alone page, or the introduction.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address.
    pub path: SitePath,
    /// Its source, relative to the portal's root.
    pub file: Box<str>,
    /// Its title; the introduction may have none.
    pub title: Option<Box<str>>,
    /// A summary.
    pub summary: Option<Box<str>>,
    /// Former addresses.
    pub aliases: Vec<SitePath>,
    /// The headings of its body.
    pub outline: Vec<Heading>,
    /// Links of its body that lead into the section.
    pub links: Vec<Link>,
    /// Every `id` of its body, sorted.
    pub ids: Vec<String>,
    /// Where its body waits.
    pub body: BodySlot,
}

impl Page {
    /// Reads a page's front matter; the body is added later.
    pub fn read(file: &str, path: SitePath, map: &Mapping, sink: &mut Vec<Diagnostic>) -> Self {
        let fields: &'static [Field] = if path.as_str() == "index.html" { schema::INTRODUCTION } else { schema::PAGE };
        shape::check(file, map, fields, sink);
        let top = Checked(map);
        Self {
            path,
            file: file.into(),
            title: top.text("title"),
            summary: top.text("summary"),
            aliases: top.texts("aliases").iter().filter_map(|a| SitePath::new(a)).collect(),
            outline: Vec::new(),
            links: Vec::new(),
            ids: Vec::new(),
            body: BodySlot::default(),
        }
    }
}
