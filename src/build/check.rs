//! A portal read and judged by every rule, and nothing written.

use super::attachments::Clean;
use super::bodies::Bodies;
use super::documents::{self, External};
use super::grounds::words;
use super::load::{Loaded, load};
use super::options::{Failed, Options, Progress};
use super::pages;
use crate::base::CivilDate;
use crate::check::settle;
use crate::diag::Diagnostic;
use crate::diag::code::Adjustable;
use crate::emit::{self, Subject, World};
use crate::model::Portal;
use crate::render::{Engine, Theme};
use crate::write::Spool;
use std::path::Path;
use std::sync::Arc;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// Every finding, by file and place, allowed ones included.
    pub findings: Vec<Diagnostic>,
    /// Reports that were looked at.
    pub reports: usize,
    /// The section's title.
    pub title: String,
    /// The moment for which it was looked at, as printed.
    pub moment: String,
    /// Links to other websites, in the order of the files.
    pub external: Vec<External>,
}

/// A portal that was read and judged, with its converted bodies.
#[derive(Debug)]
pub struct Judged {
    /// The portal, its theme and every finding, those about pages included.
    pub loaded: Loaded,
    /// Where its bodies wait.
    pub bodies: Spool,
}

/// Judges the portal at `options.root`. Its converted bodies wait in `scratch`, in a file without a name.
///
/// # Errors
/// What the world refuses; faults of the content are findings.
pub fn check(options: &Options, scratch: &Path, progress: &dyn Progress) -> Result<Checked, Failed> {
    let Judged { loaded: Loaded { portal, findings, external, .. }, .. } =
        read(options, scratch, Bodies::Few, progress)?;
    Ok(Checked {
        external,
        findings,
        reports: portal.as_ref().map_or(0, |p| p.reports.len()),
        title: portal.as_ref().map_or_else(String::new, |p| p.site.title.to_string()),
        moment: portal.as_ref().map_or_else(String::new, |p| p.scope.as_of.to_minute()),
    })
}

/// Reads and judges the portal at `options.root` as a build would, and writes nothing.
///
/// # Errors
/// What the world refuses; faults of the content are findings.
pub fn judge(options: &Options, scratch: &Path, progress: &dyn Progress) -> Result<Judged, Failed> {
    read(options, scratch, Bodies::All, progress)
}

fn read(options: &Options, scratch: &Path, kept: Bodies, progress: &dyn Progress) -> Result<Judged, Failed> {
    super::in_pool(options, || {
        let spool = Spool::new(scratch).map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
        let mut loaded = load(options, (&spool, kept), &|_| Clean::new(), progress)?;
        // Pages are made only of a portal that could be read; what is wrong in a text does not keep its page from being seen.
        let unreadable = |f: &Diagnostic| f.stops() && f.code.adjustable() == Adjustable::Fixed;
        if let (Some(portal), Some(theme), false) =
            (&mut loaded.portal, &loaded.theme, loaded.findings.iter().any(unreadable))
        {
            match Engine::new(theme, portal) {
                Ok(engine) => {
                    let subjects = emit::plan(portal);
                    if kept == Bodies::Few {
                        fetch(options, portal, theme, &spool, &subjects)
                            .map_err(|e| Failed::Io(options.root.clone(), e))?;
                    }
                    let world = World { portal, labels: &theme.labels };
                    let rules = options.asked.rules(&portal.site.policy);
                    let (mut found, _) = pages::judge(world, &engine, &spool, (&subjects, theme), &rules)
                        .map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
                    settle::weigh(&portal.site.policy, &mut found);
                    loaded.findings.extend(found);
                }
                Err(found) => loaded.findings.extend(found),
            }
        }
        progress.end();
        Ok(Judged { loaded, bodies: spool })
    })
}

/// Reads the bodies of the pages that are looked at: a handful of thousands, so that the others need not be kept.
fn fetch(
    options: &Options,
    portal: &mut Portal,
    theme: &Theme,
    spool: &Spool,
    subjects: &[Subject],
) -> std::io::Result<()> {
    let words = words(theme);
    let cx = documents::Context {
        root: &options.root,
        site: &portal.site,
        kinds: &portal.kinds,
        words: &words,
        shelf: spool,
        bodies: Bodies::All,
        ledger: None,
        rules: &[],
        asked: options.asked,
        today: CivilDate::LAST,
    };
    let mut bodies = Vec::new();
    for (_, subject) in pages::sample(portal, subjects) {
        let file = match subject {
            // A withdrawn report has no body left.
            Subject::Report(index) => Some(&portal.reports[*index]).filter(|r| !r.is_withdrawn()).map(|r| &r.file),
            Subject::Page(index) => Some(&portal.pages[*index].file),
            Subject::Landing => portal.introduction.as_ref().map(|page| &page.file),
            _ => None,
        };
        let body = file.map(|file| documents::again(cx, file)).transpose()?.flatten();
        bodies.extend(body.map(|body| (subject, body)));
    }
    for (subject, body) in bodies {
        match subject {
            Subject::Report(index) => Arc::make_mut(&mut portal.reports[*index]).body = body,
            Subject::Page(index) => portal.pages[*index].body = body,
            _ => portal.introduction.iter_mut().for_each(|page| page.body = body),
        }
    }
    Ok(())
}
