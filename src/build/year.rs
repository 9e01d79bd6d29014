//! One year of a portal as a section of its own: the whole portal is read and judged as a build does; lists, feeds and data
//! know only the year's reports, while each report's page is the one that a build makes. Nothing is written here.
//! In: where the portal is, and a year. Out: finished files, one at a time, and the files to copy.

use super::attachments::Clean;
use super::bodies::Bodies;
use super::load::{Loaded, load};
use super::options::{Failed, Options, Phase, Progress};
use super::pages;
use crate::base::{Artefact, Fingerprint, ReportId, SitePath};
use crate::check::settle;
use crate::diag::{Diagnostic, has_errors};
use crate::emit::{self, Subject, World};
use crate::model::{Parts, Portal};
use crate::render::{self, Engine, Failure, Theme};
use crate::write::Spool;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A year that was read.
#[derive(Debug)]
pub struct Year {
    whole: Portal,
    portal: Portal,
    theme: Arc<Theme>,
    engine: Engine,
    spool: Spool,
    /// Warnings and notes about the portal.
    pub findings: Vec<Diagnostic>,
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
            let spool = Spool::new(scratch).map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
            let Loaded { portal, theme, findings, inputs, .. } =
                load(options, (&spool, Bodies::All), &|_| Clean::new(), progress)?;
            let (Some(whole), Some(theme), false) = (portal, theme, has_errors(&findings)) else {
                return Err(Failed::Findings(findings));
            };
            let engine = match Engine::new(&theme, &whole) {
                Ok(engine) => engine,
                Err(more) => return Err(Failed::Findings([findings, more].concat())),
            };
            let rules = options.asked.rules(&whole.site.policy);
            let world = World { portal: &whole, labels: &theme.labels };
            let mut seen = pages::judge(world, &engine, &spool, (&emit::plan(&whole), &theme), &rules)
                .map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
            settle::weigh(&whole.site.policy, &mut seen);
            if has_errors(&seen) {
                return Err(Failed::Findings([findings, seen].concat()));
            }
            let portal = only(&whole, year);
            let inputs = inputs.into_iter().map(|(entry, hash)| (entry.path, hash)).collect();
            Ok(Self { whole, portal, theme, engine, spool, findings, inputs })
        })
    }

    /// The portal with the year's reports only.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The years that have reports.
    pub fn years(&self) -> Vec<u16> {
        self.whole.years().keys().copied().collect()
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
        paths.extend(self.theme.assets.iter().map(|(_, a)| a.path.clone()));
        paths.extend(self.portal.assets.iter().map(|a| a.path.clone()));
        paths.extend(self.kept_files().map(|(path, _)| path.clone()));
        paths
    }

    /// Files of earlier versions that are published, each with the file that is copied, from the portal's root.
    pub fn kept_files(&self) -> impl Iterator<Item = &(SitePath, String)> {
        let of_year = |path: &SitePath| self.portal.reports.iter().any(|r| is_below(path, &r.id));
        self.whole.kept_files().iter().filter(move |(path, _)| of_year(path))
    }

    /// Makes every file of the section but the published files, which lie in `content/` and `sealed/`, in parallel and in no order.
    ///
    /// # Errors
    /// What a template does wrong, and what `take` reports.
    pub fn produce(&self, options: &Options, progress: &dyn Progress, take: &Take<'_>) -> Result<(), Failed> {
        let subjects = self.subjects();
        progress.begin(Phase::Render, subjects.len());
        super::in_pool(options, || {
            subjects.par_iter().with_max_len(super::SHARE).try_for_each_init(Vec::new, |room, subject| {
                for artefact in self.one(subject, room)? {
                    take(artefact).map_err(|e| Failed::Io(options.root.clone(), e))?;
                }
                progress.step();
                Ok(())
            })
        })?;
        for (_, artefact) in &self.theme.assets {
            take(artefact.clone()).map_err(|e| Failed::Io(options.root.clone(), e))?;
        }
        Ok(())
    }

    fn one(&self, subject: &Subject, room: &mut Vec<u8>) -> Result<Vec<Artefact>, Failed> {
        // A report's page says what came before and after, and which promise it answers: only the whole portal knows.
        let there = |index: &usize| {
            let id = &self.portal.reports[*index].id;
            self.whole.reports.binary_search_by(|r| r.id.cmp(id)).ok()
        };
        let of_whole = match subject {
            Subject::Report(index) => there(index).map(Subject::Report),
            Subject::Version(index, earlier) => there(index).map(|at| Subject::Version(at, *earlier)),
            _ => None,
        };
        let (portal, subject) = match of_whole {
            Some(subject) => (&self.whole, subject),
            None => (&self.portal, subject.clone()),
        };
        let world = World { portal, labels: &self.theme.labels };
        render::produce(world, &self.engine, &self.spool, &subject, room).map_err(|failure| match failure {
            Failure::Finding(finding) => Failed::Findings(vec![*finding]),
            Failure::Io(error) => Failed::Io(portal.site.theme.to_string().into(), error),
        })
    }
}

fn is_below(path: &SitePath, report: &ReportId) -> bool {
    path.as_str().strip_prefix(&report.to_string()).is_some_and(|rest| rest.starts_with('/'))
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
