//! Markdown to an HTML fragment with everything that is known about it: headings, parts, links, plain text.
//! In: a body, where it stands, and how its headings are to be read. Out: a [`Body`] and findings.
//! Pure: knows no model, no theme, no files. A document is parsed once; the fragment waits for its page.

mod convert;
mod footnotes;
mod format;
mod inline;
mod links;
mod outline;
mod prose;
mod tables;

pub use convert::{Source, Words, convert};
pub use links::{Link, Reference, ReferenceKind, Target};
pub use outline::Heading;
pub use prose::{Block, BlockKind, Prose};

use crate::base::SitePath;
use std::ops::Range;

/// What a body became.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The HTML fragment, complete and escaped.
    pub html: String,
    /// Its headings, nested.
    pub outline: Vec<Heading>,
    /// Its parts, a part being a heading of the second level with what follows it.
    pub parts: Vec<Part>,
    /// Its words.
    pub prose: Prose,
    /// Its links and images that lead into the section, for checking.
    pub links: Vec<Link>,
    /// Its links and images as they are written, wherever they lead.
    pub references: Vec<Reference>,
    /// Every `id` in it, sorted.
    pub ids: Vec<String>,
}

/// A part of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The `id` of its heading; empty for what stands before the first one.
    pub id: String,
    /// Its heading as text.
    pub title: String,
    /// What it is to the report: `achievements`, `problems`, …
    pub role: Option<String>,
    /// Its words: bytes of [`Prose::text`].
    pub text: Range<usize>,
}

/// The page that a Markdown file becomes: `2024/x.md` and `2024/x/index.md` are both `2024/x.html`.
///
/// `content` is relative to `content/`. `None` when it is not a Markdown file.
pub fn page_of(content: &str) -> Option<SitePath> {
    let stem = content.strip_suffix(".md")?;
    let stem = match stem.strip_suffix("/index") {
        Some(folder) => folder,
        None => stem,
    };
    SitePath::new(&format!("{stem}.html"))
}
