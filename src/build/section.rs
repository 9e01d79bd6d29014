//! A section made ready and kept in memory: for those who want its files, but not in an output folder.
//! In: where the portal is. Out: the portal, the plan, and the files of each subject on demand. Writes nothing.

use super::attachments::Clean;
use super::bodies::Bodies;
use super::load::{Loaded, load};
use super::options::{Failed, Options, Progress};
use super::pages;
use crate::base::Artefact;
use crate::check::settle;
use crate::diag::{Diagnostic, has_errors};
use crate::emit::{self, Subject, World};
use crate::model::Portal;
use crate::render::{self, Engine, Failure, Theme};
use crate::write::Spool;
use std::path::{Path, PathBuf};

/// A section whose files can be made one after another, by as many threads as there are.
pub struct Section<'a> {
    portal: &'a Portal,
    theme: &'a Theme,
    engine: &'a Engine,
    spool: &'a Spool,
    root: &'a Path,
    scratch: &'a Path,
    /// Warnings and notes about the portal.
    pub findings: Vec<Diagnostic>,
}

impl Section<'_> {
    /// The portal.
    pub fn portal(&self) -> &Portal {
        self.portal
    }

    /// Everything the section has, but for the files of the theme and of `content/`.
    pub fn subjects(&self) -> Vec<Subject> {
        emit::plan(self.portal)
    }

    /// The files of one subject, the same bytes as a build writes. `room` is where bodies are read to.
    ///
    /// # Errors
    /// What a template does wrong with it, or what the spool reports.
    pub fn files_of(&self, subject: &Subject, room: &mut Vec<u8>) -> Result<Vec<Artefact>, Failed> {
        let world = World { portal: self.portal, labels: &self.theme.labels };
        render::produce(world, self.engine, self.spool, subject, room).map_err(|failure| match failure {
            Failure::Finding(finding) => Failed::Findings(vec![*finding]),
            Failure::Io(error) => Failed::Io(self.scratch.to_path_buf(), error),
        })
    }

    /// The files of the theme: style sheets, scripts, pictures.
    pub fn theme_files(&self) -> impl Iterator<Item = &Artefact> {
        self.theme.assets.iter().map(|(_, artefact)| artefact)
    }

    /// Where a kept file of an earlier version lies.
    pub fn kept_source(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Where a file of `content/` that is published as it is lies.
    pub fn source_of(&self, asset: &crate::model::Asset) -> PathBuf {
        self.root.join("content").join(asset.path.as_str())
    }
}

/// Reads and judges the portal at `options.root` as a build does, and does `work` with its section. Converted bodies wait
/// in `scratch`, in a file without a name.
///
/// # Errors
/// Every finding of the run when one of them is an error; what the world refused; what `work` says.
pub fn with_section<T: Send>(
    options: &Options,
    scratch: &Path,
    progress: &dyn Progress,
    work: impl FnOnce(&Section<'_>) -> Result<T, Failed> + Send,
) -> Result<T, Failed> {
    super::in_pool(options, || {
        let io = |error| Failed::Io(scratch.to_path_buf(), error);
        let spool = Spool::new(scratch).map_err(io)?;
        let Loaded { portal, theme, findings, .. } = load(options, (&spool, Bodies::All), &|_| Clean::new(), progress)?;
        let (Some(portal), Some(theme), false) = (&portal, &theme, has_errors(&findings)) else {
            return Err(Failed::Findings(findings));
        };
        let engine =
            Engine::new(theme, portal).map_err(|found| Failed::Findings([findings.clone(), found].concat()))?;
        let world = World { portal, labels: &theme.labels };
        let rules = options.asked.rules(&portal.site.policy);
        let mut seen = pages::judge(world, &engine, &spool, (&emit::plan(portal), theme), &rules).map_err(io)?;
        settle::weigh(&portal.site.policy, &mut seen);
        if has_errors(&seen) {
            return Err(Failed::Findings([findings, seen].concat()));
        }
        work(&Section {
            portal,
            theme,
            engine: &engine,
            spool: &spool,
            root: &options.root,
            scratch,
            findings: findings.clone(),
        })
    })
}
