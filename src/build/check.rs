//! A portal read and judged by every rule, and nothing written.

use super::attachments::Clean;
use super::documents::External;
use super::load::{Loaded, load};
use super::options::{Failed, Options, Progress};
use super::pages;
use crate::check::settle;
use crate::diag::Diagnostic;
use crate::diag::code::Adjustable;
use crate::emit::{self, World};
use crate::render::Engine;
use crate::write::Spool;
use std::path::Path;

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
    let Judged { loaded: Loaded { portal, findings, external, .. }, .. } = judge(options, scratch, progress)?;
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
    super::in_pool(options, || {
        let bodies = Spool::new(scratch).map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
        let mut loaded = load(options, &bodies, &|_| Clean::new(), progress)?;
        // Pages are made only of a portal that could be read; what is wrong in a text does not keep its page from being seen.
        let unreadable = |f: &Diagnostic| f.stops() && f.code.adjustable() == Adjustable::Fixed;
        if let (Some(portal), Some(theme), false) =
            (&loaded.portal, &loaded.theme, loaded.findings.iter().any(unreadable))
        {
            match Engine::new(theme, portal) {
                Ok(engine) => {
                    let world = World { portal, labels: &theme.labels };
                    let rules = options.asked.rules(&portal.site.policy);
                    let mut found = pages::judge(world, &engine, &bodies, (&emit::plan(portal), theme), &rules)
                        .map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
                    settle::weigh(&portal.site.policy, &mut found);
                    loaded.findings.extend(found);
                }
                Err(found) => loaded.findings.extend(found),
            }
        }
        progress.end();
        Ok(Judged { loaded, bodies })
    })
}
