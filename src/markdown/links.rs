//! The links of a body: rewritten so that they lead from the page, and kept so that they can be checked.

use super::{Source, page_of};
use crate::base::{ReportId, SitePath, path};
use crate::diag::Code;
use std::ops::Range;

/// A link that leads into the section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub target: Target,
    /// The anchor behind `#`, decoded.
    pub fragment: Option<String>,
    /// Where it stands in the file.
    pub span: Range<usize>,
    /// As it was written.
    pub written: String,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of the output: a page, or a file published beside it.
    Page(SitePath),
    /// A file below `content/` that is to be published because it is linked.
    File(SitePath),
    /// An image below `content/` that is to be published because it is shown.
    Image(SitePath),
    /// Outside the section.
    Outside,
}

/// A link or image as it is written, for rules about its words and its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Where it leads, as it was written.
    pub url: String,
    /// What readers see or hear of it: the words of a link, the text that stands for an image.
    pub words: String,
    /// Where it stands in the file.
    pub span: Range<usize>,
}

/// What a reference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `[words](url)` or `<url>`.
    Link,
    /// `![words](url)`.
    Image,
    /// An address that stands in the text.
    Bare,
}

/// A finding about a link: its code, its words, its help.
pub(super) type Fault = (Code, &'static str, &'static str);

pub(super) struct Links<'a> {
    page: &'a SitePath,
    here: SitePath,
    links: Vec<Link>,
}

impl<'a> Links<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        Self { page: source.page, here: SitePath::of(source.content), links: Vec::new() }
    }

    pub(super) fn into_links(self) -> Vec<Link> {
        self.links
    }

    /// Rewrites the address of a link.
    pub(super) fn link(&mut self, url: &mut String, span: impl FnOnce() -> Range<usize>) -> Option<Fault> {
        if let Some(scheme) = scheme(url) {
            let known = ["http", "https", "mailto", "tel"].iter().any(|k| scheme.eq_ignore_ascii_case(k));
            return (!known).then_some((Code::Link006, "link.scheme", "link.scheme.help"));
        }
        if url.starts_with('/') {
            return Some((Code::Link006, "link.rooted", "link.rooted.help"));
        }
        let (written_path, fragment) = url.split_once('#').map_or((url.as_str(), None), |(p, f)| (p, Some(f)));
        let fragment = fragment.and_then(path::decode).filter(|f| !f.is_empty());
        let Some(path) = path::decode(written_path).filter(|_| !url.is_empty()) else {
            return Some((Code::Link006, "link.empty", "link.empty.help"));
        };
        let target = if path.is_empty() {
            Target::Page(self.page.clone())
        } else {
            let file = self.here.join(&path).or_else(|| self.is_root(&path).then(|| SitePath::of("index.html")));
            match file {
                None => Target::Outside,
                Some(file) if file.as_str().ends_with(".md") => {
                    page_of(file.as_str()).map_or(Target::Outside, Target::Page)
                }
                Some(root) if root.as_str() == "index.html" => Target::Page(root),
                Some(folder) if path.ends_with('/') => Target::Page(SitePath::of(format!("{folder}/index.html"))),
                Some(file) if file.as_str().ends_with(".html") || is_generated(file.as_str()) => Target::Page(file),
                Some(file) => Target::File(file),
            }
        };
        let written = url.clone();
        self.rewrite(url, &target, fragment.as_deref(), path.is_empty());
        self.links.push(Link { target, fragment, span: span(), written });
        None
    }

    /// Whether a path of dots leads exactly to the section's root.
    fn is_root(&self, path: &str) -> bool {
        let up = path.split('/').filter(|part| *part == "..").count();
        path.split('/').all(|part| matches!(part, "" | "." | "..")) && up == self.here.as_str().matches('/').count()
    }

    /// Rewrites the address of an image, which must lie beside the report.
    pub(super) fn image(&mut self, url: &mut String, span: impl FnOnce() -> Range<usize>) -> Option<Fault> {
        if scheme(url).is_some() || url.starts_with('/') {
            return Some((Code::Link006, "link.remote_image", "link.remote_image.help"));
        }
        let target = path::decode(url).and_then(|p| self.here.join(&p)).map_or(Target::Outside, Target::Image);
        let written = url.clone();
        self.rewrite(url, &target, None, false);
        self.links.push(Link { target, fragment: None, span: span(), written });
        None
    }

    fn rewrite(&self, url: &mut String, target: &Target, fragment: Option<&str>, same_page: bool) {
        if let (Target::Page(to) | Target::File(to) | Target::Image(to), false) = (target, same_page) {
            *url = self.page.link_to(to);
            if let Some(fragment) = fragment {
                url.push('#');
                url.push_str(fragment);
            }
        }
    }
}

/// Whether a path is a file that the section makes itself: a feed, data, a report's data file.
fn is_generated(path: &str) -> bool {
    const FILES: [&str; 7] = [
        "atom.xml",
        "feed.json",
        "sitemap.xml",
        "robots.txt",
        "manifest-sha256.txt",
        "data/reports.json",
        "data/reports.csv",
    ];
    FILES.contains(&path) || path.strip_suffix(".json").is_some_and(|id| ReportId::parse(id).is_some())
}

/// The scheme of an absolute URL, in lower case when it is one that matters; `//host` counts as one.
fn scheme(url: &str) -> Option<&str> {
    if url.starts_with("//") {
        return Some("//");
    }
    let (scheme, _) = url.split_once(':')?;
    let valid = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let begins = scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (valid && begins).then_some(scheme)
}
