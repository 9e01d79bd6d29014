//! Turns a subject of the plan into finished files: a pure function of the portal, the theme and the waiting body.
//! In: a [`World`], a [`Theme`] and [`Bodies`]. Out: artefacts. Reads nothing else, writes nothing.

pub mod builtin;
mod engine;
pub mod theme;

pub use engine::Engine;
pub use theme::Theme;

use crate::base::{Artefact, Sha256, SitePath};
use crate::diag::Diagnostic;
use crate::emit::frame::{Frame, PageKind, landing};
use crate::emit::{self, Subject, World};
use crate::markdown::Heading;
use crate::model::{BodySlot, Page, Report};
use serde::Serialize;
use std::io;

/// Where converted bodies wait.
pub trait Bodies: Sync {
    /// The HTML and the parts (as JSON) of a body, read into `room`.
    ///
    /// # Errors
    /// When the spool cannot be read.
    fn body<'r>(&self, slot: BodySlot, room: &'r mut Vec<u8>) -> io::Result<Waiting<'r>>;
}

/// A body that waited: its HTML, and behind it its parts as JSON.
#[derive(Debug)]
pub struct Waiting<'r> {
    /// Both, one behind the other.
    pub bytes: &'r [u8],
    /// Where the parts begin.
    pub split: usize,
}

impl Waiting<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the spool was damaged.
    pub fn html(&self) -> io::Result<&str> {
        simdutf8::basic::from_utf8(&self.bytes[..self.split]).map_err(io::Error::other)
    }

    /// The parts as JSON.
    pub fn parts(&self) -> &[u8] {
        &self.bytes[self.split..]
    }
}

/// Memory that is used again from subject to subject: what is touched for the first time costs more than what is written.
#[derive(Debug, Default)]
pub struct Room {
    body: Vec<u8>,
    pages: Vec<Vec<u8>>,
}

impl Room {
    /// Takes the bytes of a file back that is not needed any more.
    pub fn take_back(&mut self, artefact: Artefact) {
        self.pages.push(artefact.bytes);
        // A subject has a page and a data file.
        self.pages.truncate(2);
    }
}

/// Room for a page, used before where there is some.
fn paper(pages: &mut Vec<Vec<u8>>) -> Vec<u8> {
    let mut page = pages.pop().unwrap_or_default();
    page.clear();
    page
}

/// Why a page could not be made.
#[derive(Debug)]
pub enum Failure {
    /// The theme or the content is at fault.
    Finding(Box<Diagnostic>),
    /// The world failed.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

/// Makes the files of one subject. `room` is used again for the next.
///
/// # Errors
/// A template's error as a finding, or what the spool reports.
pub fn produce(
    world: World<'_>,
    engine: &Engine,
    bodies: &dyn Bodies,
    subject: &Subject,
    room: &mut Room,
) -> Result<Vec<Artefact>, Failure> {
    let Room { body: room, pages } = room;
    let one = |path: &str, bytes: Vec<u8>| Ok(vec![Artefact::new(SitePath::of(path), bytes)]);
    match subject {
        Subject::Landing => {
            let (frame, view) = emit::lists::landing_page(world);
            let introduction = world.portal.introduction.as_ref();
            let intro = introduction.map(|p| bodies.body(p.body, room)).transpose()?;
            let intro = intro.as_ref().map(Waiting::html).transpose()?.filter(|html| !html.is_empty());
            engine.page(paper(pages), PageKind::Landing, &frame, "landing", &view, &[("intro", intro)])
        }
        Subject::Archive => {
            let (frame, view) = emit::archive::archive(world);
            engine.page(paper(pages), PageKind::Archive, &frame, "archive", &view, &[])
        }
        Subject::Year(year) => {
            let (frame, view) = emit::lists::year(world, *year);
            engine.page(paper(pages), PageKind::Year, &frame, "year", &view, &[])
        }
        Subject::Organization(index) => {
            let (frame, view) = emit::lists::organization(world, *index);
            engine.page(paper(pages), PageKind::Organization, &frame, "organization", &view, &[])
        }
        Subject::Report(index) => {
            let shown = &world.portal.reports[*index];
            report(world, (engine, pages), bodies.body(shown.body, room)?, shown, world.portal.neighbours(*index))
        }
        Subject::Version(index, earlier) => match world.portal.reports[*index].earlier()[*earlier].report() {
            Some(old) => report(world, (engine, pages), bodies.body(old.body, room)?, old, (None, None)),
            None => Ok(Vec::new()),
        },
        Subject::Page(index) => {
            let page = &world.portal.pages[*index];
            self::page(world, (engine, pages), bodies.body(page.body, room)?, page)
        }
        Subject::Accessibility => match emit::accessibility::statement(world) {
            Some((frame, view)) => engine.page(paper(pages), PageKind::Accessibility, &frame, "statement", &view, &[]),
            None => Ok(Vec::new()),
        },
        Subject::NotFound => not_found(world, engine),
        Subject::Alias { from, to, title } => alias(world, engine, from, to, title),
        Subject::Atom => one("atom.xml", emit::feed::atom(world)?),
        Subject::JsonFeed => one("feed.json", emit::feed::json_feed(world)),
        Subject::Sitemap => {
            let files = emit::sitemap::sitemaps(world)?;
            Ok(files.into_iter().map(|(path, bytes)| Artefact::new(path, bytes)).collect())
        }
        Subject::Robots => one("robots.txt", emit::robots::robots(world)),
        Subject::HostHeaders => one(emit::plan::HOST_HEADERS, engine.host_headers(world.portal)),
        Subject::DataJson => Ok(vec![Artefact::new(emit::data::json_path(), emit::data::json(world))]),
        Subject::DataCsv => Ok(vec![Artefact::new(emit::data::csv_path(), emit::data::csv(world))]),
    }
}

/// A report's data file, put into `out`.
pub fn data(world: World<'_>, report: &Report, body: &Waiting<'_>, out: &mut Vec<u8>) {
    // A withdrawn report has no body left, and no parts.
    let parts = if body.parts().is_empty() { b"[]" } else { body.parts() };
    emit::report::data(world, report, parts, out);
}

/// A report's data file, and its page, which names the data file's digest.
fn report(
    world: World<'_>,
    (engine, pages): (&Engine, &mut Vec<Vec<u8>>),
    body: Waiting<'_>,
    report: &Report,
    neighbours: (Option<&Report>, Option<&Report>),
) -> Result<Vec<Artefact>, Failure> {
    let mut data = paper(pages);
    self::data(world, report, &body, &mut data);
    let fingerprint = Sha256::of(&data);
    let Some((frame, view)) = emit::report::page(world, report, neighbours, fingerprint) else {
        return Ok(Vec::new());
    };
    let mut out =
        engine.page(paper(pages), PageKind::Report, &frame, "report", &view, &[("body", Some(body.html()?))])?;
    out.push(Artefact { path: report.data(), bytes: data, sha256: Some(fingerprint) });
    Ok(out)
}

#[derive(Serialize)]
struct DocumentView {
    title: String,
    contents: Vec<emit::report::Entry>,
}

fn page(
    world: World<'_>,
    (engine, pages): (&Engine, &mut Vec<Vec<u8>>),
    body: Waiting<'_>,
    page: &Page,
) -> Result<Vec<Artefact>, Failure> {
    let title = page.title.as_deref().unwrap_or_default();
    let mut frame = Frame::new(world, PageKind::Page, &page.path, title, &[landing(world)]);
    if let Some(summary) = &page.summary {
        frame.describe(summary);
    }
    let headings: &[Heading] = &page.outline;
    let view = DocumentView { title: title.to_string(), contents: emit::report::contents(headings) };
    engine.page(paper(pages), PageKind::Page, &frame, "document", &view, &[("body", Some(body.html()?))])
}

/// The page for addresses that do not exist. It is served at any depth, so its links start at the host's root.
fn not_found(world: World<'_>, engine: &Engine) -> Result<Vec<Artefact>, Failure> {
    let path = SitePath::of("404.html");
    let title = world.labels.get("titles.not_found");
    let mut frame = Frame::new(world, PageKind::NotFound, &path, title, &[landing(world)]);
    let base = world.portal.site.base_path();
    let rooted = |href: &str| if href.contains("://") { href.to_string() } else { format!("{base}{href}") };
    frame.root = base.to_string();
    frame.index = false;
    frame.json_ld = None;
    frame.links.retain(|l| l.rel != "canonical");
    for link in &mut frame.links {
        link.href = rooted(&link.href);
    }
    for href in frame.crumbs.iter_mut().filter_map(|c| c.href.as_mut()) {
        *href = rooted(href);
    }
    let hrefs = [("landing_href", rooted("index.html")), ("archive_href", rooted("archive.html"))];
    engine.bare(PageKind::NotFound, &frame, &hrefs)
}

/// A former address: says where the page went, and leads there at once.
fn alias(
    world: World<'_>,
    engine: &Engine,
    from: &SitePath,
    to: &SitePath,
    title: &str,
) -> Result<Vec<Artefact>, Failure> {
    let heading = world.labels.fill("titles.alias", &[("title", title)]);
    let mut frame = Frame::new(world, PageKind::Alias, from, &heading, &[landing(world)]);
    frame.index = false;
    frame.json_ld = None;
    frame.properties.clear();
    for link in frame.links.iter_mut().filter(|l| l.rel == "canonical") {
        link.href = to.under(&world.portal.site.base_url);
    }
    #[derive(Serialize)]
    struct View<'a> {
        href: String,
        title: &'a str,
    }
    engine.page(Vec::new(), PageKind::Alias, &frame, "target", &View { href: from.link_to(to), title }, &[])
}
