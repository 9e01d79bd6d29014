//! One state of the portal, complete: what a request reads while the next state is being made. In: an address. Out: the
//! bytes that a build would write there, made now. Knows nothing of sockets.

use super::super::grounds::Grounds;
use super::shelf::Stored;
use crate::base::{CivilDate, SitePath};
use crate::check::settle::Allowance;
use crate::diag::{Diagnostic, has_errors};
use crate::emit::{self, Subject, World, accessibility};
use crate::model::{Portal, ledger};
use crate::render::{Engine, Failure, Room, Theme, produce};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What stands at an address.
#[derive(Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file of the portal, published as it is; its path below the portal's root.
    File(PathBuf),
}

/// A theme that is ready, and what its globals were made from.
#[derive(Debug, Clone)]
pub(super) struct Dress {
    theme: Arc<Theme>,
    engine: Arc<Engine>,
    pages: Vec<(Option<Box<str>>, SitePath)>,
    statement: bool,
    site: Arc<crate::model::Site>,
}

impl Dress {
    /// The theme for a portal; the one of before where nothing differs that templates know of everywhere.
    pub(super) fn of(theme: &Arc<Theme>, portal: &Portal, before: Option<&Self>) -> Result<Self, Vec<Diagnostic>> {
        let pages: Vec<_> = portal.pages.iter().map(|p| (p.title.clone(), p.path.clone())).collect();
        let statement = accessibility::is_generated(portal);
        let fits = |b: &&Self| {
            Arc::ptr_eq(&b.theme, theme)
                && Arc::ptr_eq(&b.site, &portal.site)
                && b.statement == statement
                && b.pages == pages
        };
        if let Some(before) = before.filter(fits) {
            return Ok(before.clone());
        }
        let engine = Arc::new(Engine::new(theme, portal)?);
        Ok(Self { theme: Arc::clone(theme), engine, pages, statement, site: Arc::clone(&portal.site) })
    }
}

/// Where an address leads.
#[derive(Debug)]
enum Route {
    Subject(Subject),
    /// A static file of the theme, by its place.
    Theme(usize),
    /// A published file.
    File,
    /// A kept file of an earlier version, from the portal's root.
    Kept(String),
}

/// A portal from which every file can be made.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) root: PathBuf,
    pub(super) grounds: Arc<Grounds>,
    pub(super) portal: Portal,
    pub(super) allowances: BTreeMap<String, Vec<Allowance>>,
    pub(super) today: CivilDate,
    dress: Dress,
    pub(super) bodies: Stored,
    /// Every address but those of reports, which are found by their identity.
    routes: BTreeMap<SitePath, Route>,
}

impl Whole {
    pub(super) fn new(
        root: &Path,
        grounds: &Arc<Grounds>,
        (portal, dress): (Portal, Dress),
        bodies: Stored,
        allowances: BTreeMap<String, Vec<Allowance>>,
        today: CivilDate,
    ) -> Self {
        let mut routes = BTreeMap::new();
        for (index, (_, artefact)) in dress.theme.assets.iter().enumerate() {
            routes.insert(artefact.path.clone(), Route::Theme(index));
        }
        routes.extend(portal.assets.iter().map(|a| (a.path.clone(), Route::File)));
        let kept = portal.kept_files().iter().map(|(path, file)| (path.clone(), Route::Kept(file.clone())));
        routes.extend(kept);
        // Overviews last: an address that two things claim is an error, and what everybody looks for is shown.
        let subjects = emit::plan(&portal).into_iter().filter(|s| !matches!(s, Subject::Report(_)));
        for subject in subjects.rev() {
            // How many parts the sitemap has is known only by making it; they are found by their names.
            let paths = if subject == Subject::Sitemap { Vec::new() } else { subject.paths(&portal) };
            for path in paths {
                routes.insert(path, Route::Subject(subject.clone()));
            }
        }
        let grounds = Arc::clone(grounds);
        Self { root: root.to_path_buf(), grounds, portal, allowances, today, dress, bodies, routes }
    }

    pub(super) fn world(&self) -> World<'_> {
        World { portal: &self.portal, labels: &self.dress.theme.labels }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.dress.engine
    }

    pub(super) fn theme(&self) -> &Theme {
        &self.dress.theme
    }

    fn route(&self, path: &SitePath) -> Option<Found<'_>> {
        match self.routes.get(path) {
            Some(Route::Subject(subject)) => Some(Found::Subject(subject.clone())),
            Some(Route::Theme(index)) => self.dress.theme.assets.get(*index).map(|(_, a)| Found::Bytes(&a.bytes)),
            Some(Route::File) => Some(Found::File(format!("content/{path}"))),
            Some(Route::Kept(file)) => Some(Found::File(file.clone())),
            None if is_sitemap(path.as_str()) => Some(Found::Subject(Subject::Sitemap)),
            None => self.portal.report_at(path.as_str()).map(|index| Found::Subject(Subject::Report(index))),
        }
    }
}

enum Found<'a> {
    Subject(Subject),
    Bytes(&'a [u8]),
    /// Its path from the portal's root.
    File(String),
}

/// `sitemap.xml`, and `sitemap-1.xml`, … of a large portal.
fn is_sitemap(path: &str) -> bool {
    let number = path.strip_prefix("sitemap").and_then(|p| p.strip_suffix(".xml"));
    number.is_some_and(|n| n.is_empty() || n.strip_prefix('-').is_some_and(|n| n.parse::<u16>().is_ok()))
}

/// One state of the portal.
#[derive(Debug)]
pub struct Snapshot {
    /// Which state it is, from 0: none was read.
    pub generation: u64,
    /// What is wrong with documents, site, kinds, theme and how they belong together, by file and place: what a build
    /// would tell, but for what rules find in the whole, in attachments and in finished pages.
    pub findings: Vec<Diagnostic>,
    root: PathBuf,
    pub(super) whole: Option<Arc<Whole>>,
}

impl Snapshot {
    pub(super) fn empty(root: &Path) -> Self {
        Self { generation: 0, findings: Vec::new(), root: root.to_path_buf(), whole: None }
    }

    /// The state after this one.
    pub(super) fn next(&self, whole: Option<Arc<Whole>>, findings: Vec<Diagnostic>) -> Self {
        Self { generation: self.generation + 1, findings, root: self.root.clone(), whole }
    }

    /// The state after this one: the same portal, because what is there now cannot be read.
    pub(super) fn with_faults(&self, findings: Vec<Diagnostic>) -> Self {
        self.next(self.whole.clone(), findings)
    }

    /// The portal's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is nothing that would keep it from being built, as far as is known without asking every rule.
    pub fn is_good(&self) -> bool {
        self.whole.is_some() && !has_errors(&self.findings)
    }

    /// The site's language (BCP 47); none where the site could never be read.
    pub fn language(&self) -> Option<&str> {
        self.whole.as_ref().map(|w| w.portal.site.language.as_ref())
    }

    /// The path of `base_url`, with a slash at both ends; none where the site could never be read.
    pub fn base_path(&self) -> Option<String> {
        self.whole.as_ref().map(|w| w.portal.site.base_path().to_string())
    }

    /// Whether something stands at an address.
    pub fn has(&self, path: &SitePath) -> bool {
        self.whole.as_ref().is_some_and(|w| w.route(path).is_some())
    }

    /// Opens a published file, with its size in bytes; none where it is gone, or leads out of `content/` and `sealed/` by now.
    pub fn open(&self, file: &Path) -> Option<(std::fs::File, u64)> {
        let real = self.root.join(file).canonicalize().ok()?;
        let homes = ["content", ledger::KEPT].map(|folder| self.root.join(folder).canonicalize());
        homes.iter().flatten().find(|home| real.starts_with(home))?;
        let opened = std::fs::File::open(real).ok()?;
        let meta = opened.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((opened, meta.len()))
    }

    /// Reports shown.
    pub fn reports(&self) -> usize {
        self.whole.as_ref().map_or(0, |w| w.portal.reports.len())
    }

    /// Every address that has a file, but `manifest-sha256.txt`, which only a finished tree can have.
    pub fn paths(&self) -> Vec<SitePath> {
        let Some(whole) = &self.whole else { return Vec::new() };
        let reports = whole.portal.reports.iter().flat_map(|r| [r.page(), r.data()]);
        let sitemap = Subject::Sitemap.paths(&whole.portal);
        whole.routes.keys().cloned().chain(sitemap).chain(reports).collect()
    }

    /// The file in which what stands at an address is written; none for overviews.
    pub fn source(&self, path: &SitePath) -> Option<String> {
        let whole = self.whole.as_ref()?;
        let portal = &whole.portal;
        match whole.route(path)? {
            Found::Subject(Subject::Report(index)) => portal.reports.get(index).map(|r| r.file.to_string()),
            Found::Subject(Subject::Page(index)) => portal.pages.get(index).map(|p| p.file.to_string()),
            Found::Subject(Subject::Landing) => portal.introduction.as_ref().map(|p| p.file.to_string()),
            _ => None,
        }
    }

    /// Makes the file at an address, with the same bytes as a build.
    ///
    /// # Errors
    /// The fault of the theme or the content, or what the world refused.
    pub fn make(&self, path: &SitePath) -> Result<Option<Content>, Failure> {
        let Some(whole) = &self.whole else { return Ok(None) };
        let subject = match whole.route(path) {
            None => return Ok(None),
            Some(Found::Bytes(bytes)) => return Ok(Some(Content::Bytes(bytes.to_vec()))),
            Some(Found::File(file)) => return Ok(Some(Content::File(PathBuf::from(file)))),
            Some(Found::Subject(subject)) => subject,
        };
        let mut room = Room::default();
        let made = produce(whole.world(), whole.engine(), &whole.bodies, &subject, &mut room)?;
        Ok(made.into_iter().find(|a| a.path == *path).map(|a| Content::Bytes(a.bytes)))
    }
}
