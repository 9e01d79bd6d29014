//! One year of a portal as a section of its own: the whole portal is read and judged as a build does; lists, feeds and data
//! know only the year's reports, while each report's page is the one that a build makes. Nothing is written here.
//! In: where the portal is, and a year. Out: finished files, one at a time, and the files to copy.

use super::options::{Failed, Options, Phase, Progress};
use super::section::Section;
use crate::base::{Artefact, Fingerprint, ReportId, SitePath};
use crate::diag::Diagnostic;
use crate::emit::{self, Subject};
use crate::model::{Parts, Portal};
use crate::render::Room;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A year that was read.
#[derive(Debug)]
pub struct Year {
    whole: Section,
    portal: Portal,
    /// What the site, the kinds, the theme and the documents were when they were read.
    pub inputs: BTreeMap<String, Option<Fingerprint>>,
}

/// Takes a finished file.
pub type Take<'t> = dyn Fn(Artefact) -> io::Result<()> + Sync + 't;

impl Year {
    /// Reads the portal at `options.root`. Its converted bodies wait in `scratch`, in a file without a name.
    ///
    /// # Errors
    /// Every finding when one of them is an error; or what the world refuses.
    pub fn load(options: &Options, scratch: &Path, year: u16, progress: &dyn Progress) -> Result<Self, Failed> {
        super::in_pool(options, || {
            let mut whole = Section::read(options, scratch, progress)?;
            let portal = only(whole.portal(), year);
            let inputs = std::mem::take(&mut whole.ready.inputs);
            let inputs = inputs.into_iter().map(|(entry, hash)| (entry.path, hash)).collect();
            Ok(Self { whole, portal, inputs })
        })
    }

    /// Warnings and notes about the portal.
    pub fn findings(&self) -> &[Diagnostic] {
        self.whole.findings()
    }

    /// The portal with the year's reports only.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The years that have reports.
    pub fn years(&self) -> Vec<u16> {
        self.whole.portal().years().keys().copied().collect()
    }

    /// Everything that the year's section has. What only a web server has a use for is left out: the page for addresses
    /// that do not exist, and the two files that lead search engines.
    fn subjects(&self) -> Vec<Subject> {
        let served = |s: &Subject| matches!(s, Subject::NotFound | Subject::Robots | Subject::Sitemap);
        emit::plan(&self.portal).into_iter().filter(|s| !served(s)).collect()
    }

    /// The address of every file of the section.
    pub fn paths(&self) -> Vec<SitePath> {
        let mut paths: Vec<SitePath> = self.subjects().iter().flat_map(|s| s.paths(&self.portal)).collect();
        paths.extend(self.whole.theme_files().map(|a| a.path.clone()));
        paths.extend(self.portal.assets.iter().map(|a| a.path.clone()));
        paths.extend(self.kept_files().map(|(path, _)| path.clone()));
        paths
    }

    /// Files of earlier versions that are published, each with the file that is copied, from the portal's root.
    pub fn kept_files(&self) -> impl Iterator<Item = &(SitePath, String)> {
        let of_year = |path: &SitePath| {
            let mut parts = path.as_str().splitn(3, '/');
            let id = parts.next().zip(parts.next()).and_then(|(year, slug)| ReportId::parse(&format!("{year}/{slug}")));
            id.is_some_and(|id| self.portal.report(&id).is_some())
        };
        self.whole.portal().kept_files().iter().filter(move |(path, _)| of_year(path))
    }

    /// Makes every file of the section but the published files, which lie in `content/` and `sealed/`, in parallel and in no order.
    ///
    /// # Errors
    /// What a template does wrong, and what `take` reports.
    pub fn produce(&self, options: &Options, progress: &dyn Progress, take: &Take<'_>) -> Result<(), Failed> {
        let subjects = self.subjects();
        progress.begin(Phase::Render, subjects.len());
        super::in_pool(options, || {
            subjects.par_iter().with_max_len(super::SHARE).try_for_each_init(Room::default, |room, subject| {
                for artefact in self.one(subject, room)? {
                    take(artefact).map_err(|e| Failed::Io(options.root.clone(), e))?;
                }
                progress.step();
                Ok(())
            })
        })?;
        for artefact in self.whole.theme_files() {
            take(artefact.clone()).map_err(|e| Failed::Io(options.root.clone(), e))?;
        }
        Ok(())
    }

    fn one(&self, subject: &Subject, room: &mut Room) -> Result<Vec<Artefact>, Failed> {
        // A report's page says what came before and after, and which promise it answers: only the whole portal knows.
        let there = |index: &usize| {
            let id = &self.portal.reports[*index].id;
            self.whole.portal().reports.binary_search_by(|r| r.id.cmp(id)).ok()
        };
        let of_whole = match subject {
            Subject::Report(index) => there(index).map(Subject::Report),
            Subject::Version(index, earlier) => there(index).map(|at| Subject::Version(at, *earlier)),
            _ => None,
        };
        match of_whole {
            Some(subject) => self.whole.files_of(&subject, room),
            None => self.whole.files_in(&self.portal, subject, room),
        }
    }
}

/// The portal with the reports of one year. What only the whole can tell was judged with the whole.
fn only(whole: &Portal, year: u16) -> Portal {
    let mut site = Arc::clone(&whole.site);
    for (index, body) in Arc::make_mut(&mut site).organizations.iter_mut().enumerate() {
        // A body owes what it owed that year: one that began to report later has no gap.
        let has = |kind| {
            let own = whole.reports_of(index).iter().map(|r| &whole.reports[*r]);
            own.clone().any(|r| r.id.year == year && r.kind == kind)
        };
        body.expects.retain(|kind| has(kind.clone()) || whole.is_missing(index, kind, year));
    }
    let reports = whole.reports.iter().filter(|r| r.id.year == year).map(|report| {
        let mut report = Arc::clone(report);
        let folder = format!("{}/", report.id);
        let declared = std::mem::take(&mut Arc::make_mut(&mut report).attachments).into_iter().filter_map(|a| {
            let file = a.path.as_str().strip_prefix(&folder)?;
            Some((file.into(), Some(a.title)))
        });
        let declared = declared.collect();
        (report, declared)
    });
    let files: Vec<_> = whole
        .assets
        .iter()
        .map(|a| crate::source::Entry { path: format!("content/{}", a.path), stat: a.stat })
        .collect();
    let parts = Parts {
        site,
        kinds: whole.kinds.clone(),
        reports: reports.collect(),
        pages: whole.pages.iter().chain(&whole.introduction).cloned().collect(),
        broken: Vec::new(),
        files: &files,
        scope: whole.scope.clone(),
    };
    Portal::assemble(parts, &mut Vec::new())
}
