//! A section made ready and kept in memory: for those who want its files, but not in an output folder.
//! In: where the portal is. Out: the portal, the plan, and the files of each subject on demand. Writes nothing.

use super::attachments::Clean;
use super::options::{Failed, Options, Progress};
use super::ready::Ready;
use crate::base::Artefact;
use crate::diag::Diagnostic;
use crate::emit::{Subject, World};
use crate::model::{Asset, Portal};
use crate::render::{self, Failure, Room};
use crate::write::Spool;
use std::path::{Path, PathBuf};

/// A section whose files can be made one after another, by as many threads as there are.
#[derive(Debug)]
pub struct Section {
    pub(super) ready: Ready,
    spool: Spool,
    root: PathBuf,
    scratch: PathBuf,
}

impl Section {
    /// Reads and judges the portal at `options.root` as a build does. Converted bodies wait in `scratch`, in a file without
    /// a name.
    pub(super) fn read(options: &Options, scratch: &Path, progress: &dyn Progress) -> Result<Self, Failed> {
        let spool = Spool::new(scratch).map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
        let ready = Ready::read(options, (&spool, scratch), &|_| Clean::new(), progress)?;
        Ok(Self { ready, spool, root: options.root.clone(), scratch: scratch.to_path_buf() })
    }

    /// Warnings and notes about the portal.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.ready.findings
    }

    /// The portal.
    pub fn portal(&self) -> &Portal {
        &self.ready.portal
    }

    /// Everything the section has, but for the files of the theme and of `content/`.
    pub fn subjects(&self) -> &[Subject] {
        &self.ready.subjects
    }

    /// The files of one subject, the same bytes as a build writes. `room` is where bodies are read to.
    ///
    /// # Errors
    /// What a template does wrong with it, or what the spool reports.
    pub fn files_of(&self, subject: &Subject, room: &mut Room) -> Result<Vec<Artefact>, Failed> {
        self.files_in(self.portal(), subject, room)
    }

    /// The same, of another choice of the portal's reports.
    pub(super) fn files_in(
        &self,
        portal: &Portal,
        subject: &Subject,
        room: &mut Room,
    ) -> Result<Vec<Artefact>, Failed> {
        let world = World { portal, labels: &self.ready.theme.labels };
        render::produce(world, &self.ready.engine, &self.spool, subject, room).map_err(|failure| match failure {
            Failure::Finding(finding) => Failed::Findings(vec![*finding]),
            Failure::Io(error) => Failed::Io(self.scratch.clone(), error),
        })
    }

    /// The files of the theme: style sheets, scripts, pictures.
    pub fn theme_files(&self) -> impl Iterator<Item = &Artefact> {
        self.ready.theme.assets.iter().map(|(_, artefact)| artefact)
    }

    /// Where a kept file of an earlier version lies.
    pub fn kept_source(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Where a file of `content/` that is published as it is lies.
    pub fn source_of(&self, asset: &Asset) -> PathBuf {
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
    work: impl FnOnce(&Section) -> Result<T, Failed> + Send,
) -> Result<T, Failed> {
    super::in_pool(options, || work(&Section::read(options, scratch, progress)?))
}
