//! A portal that may be published: read, judged by the rules that are asked, its theme loaded. In: where the portal is, and
//! where bodies wait. Out: everything that its files are made of; or why nothing may be made. Writes nothing.

use super::attachments::Clean;
use super::bodies::Bodies;
use super::load::{Loaded, load};
use super::options::{Failed, Options, Progress};
use super::pages;
use crate::base::Fingerprint;
use crate::check::settle;
use crate::diag::{Diagnostic, has_errors};
use crate::emit::{self, Subject, World};
use crate::model::Portal;
use crate::render::{Engine, Theme};
use crate::source::Entry;
use crate::write::Spool;
use std::path::Path;
use std::sync::Arc;

/// A portal without an error.
#[derive(Debug)]
pub struct Ready {
    pub(super) portal: Portal,
    pub(super) theme: Arc<Theme>,
    pub(super) engine: Engine,
    /// Everything the section has, but for the files of the theme and of `content/`.
    pub(super) subjects: Vec<Subject>,
    /// What was made of them to be looked at, by their place.
    pub(super) made: pages::MadeFiles,
    /// Warnings and notes.
    pub(super) findings: Vec<Diagnostic>,
    pub(super) inputs: Vec<(Entry, Option<Fingerprint>)>,
    pub(super) clean: Clean,
}

impl Ready {
    /// Reads the portal at `options.root`; all of its converted bodies wait in `spool`, which lies in `scratch`.
    ///
    /// # Errors
    /// Every finding of the run when one of them is an error; or what the world refuses.
    pub(super) fn read(
        options: &Options,
        (spool, scratch): (&Spool, &Path),
        known: &dyn Fn(Fingerprint) -> Clean,
        progress: &dyn Progress,
    ) -> Result<Self, Failed> {
        let Loaded { portal, theme, findings, inputs, clean, .. } =
            load(options, (spool, Bodies::All), known, progress)?;
        let (Some(portal), Some(theme), false) = (portal, theme, has_errors(&findings)) else {
            return Err(Failed::Findings(findings));
        };
        let engine = match Engine::new(&theme, &portal) {
            Ok(engine) => engine,
            Err(found) => return Err(Failed::Findings([findings, found].concat())),
        };
        let subjects = emit::plan(&portal);
        let rules = options.asked.rules(&portal.site.policy);
        let world = World { portal: &portal, labels: &theme.labels };
        let (mut seen, made) = pages::judge(world, &engine, spool, (&subjects, &theme), &rules)
            .map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
        settle::weigh(&portal.site.policy, &mut seen);
        if has_errors(&seen) {
            return Err(Failed::Findings([findings, seen].concat()));
        }
        Ok(Self { portal, theme, engine, subjects, made, findings, inputs, clean })
    }

    pub(super) fn world(&self) -> World<'_> {
        World { portal: &self.portal, labels: &self.theme.labels }
    }
}
