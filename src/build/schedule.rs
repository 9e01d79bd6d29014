//! What comes due by itself, and whether the build that is then to run will go well.

use super::attachments::Clean;
use super::bodies::Bodies;
use super::load::{Loaded, load};
use super::options::{AsOf, Failed, Options, Silent};
use crate::base::{Instant, Zone};
use crate::diag::{Diagnostic, has_errors};
use crate::model::portal::Scheduled;
use crate::write::Spool;
use std::path::Path;

/// Everything that comes due after a moment.
#[derive(Debug)]
pub struct Schedule {
    /// The moment from which it was looked ahead.
    pub as_of: Instant,
    /// The portal's zone.
    pub zone: Zone,
    /// The moments at which a build must run, soonest first.
    pub due: Vec<Due>,
    /// What will stop the first of these builds, if nobody mends it.
    pub faults: Vec<Diagnostic>,
}

/// A moment at which a build must run.
#[derive(Debug)]
pub struct Due {
    /// The first whole second in which the reports are shown.
    pub at: Instant,
    /// The reports.
    pub reports: Vec<Scheduled>,
}

/// Looks ahead from `options.as_of`. Converted bodies wait in `scratch`, in a file without a name.
///
/// # Errors
/// What stops a build at that moment already, or what the world refuses.
pub fn schedule(options: &Options, scratch: &Path) -> Result<Schedule, Failed> {
    super::in_pool(options, || {
        let portal = match read(options, scratch)? {
            Loaded { portal: Some(portal), findings, .. } if !has_errors(&findings) => portal,
            loaded => return Err(Failed::Findings(loaded.findings)),
        };
        let zone = portal.site.zone.clone();
        let mut due: Vec<Due> = Vec::new();
        for report in portal.scheduled {
            let at = report.published.next_second();
            match due.last_mut().filter(|d| d.at == at) {
                Some(due) => due.reports.push(report),
                None => due.push(Due { at, reports: vec![report] }),
            }
        }
        let mut faults = Vec::new();
        if let Some(first) = due.first() {
            let then = Options { as_of: AsOf::Unix(first.at.unix()), ..options.clone() };
            faults = read(&then, scratch)?.findings;
            faults.retain(Diagnostic::stops);
        }
        Ok(Schedule { as_of: portal.scope.as_of, zone, due, faults })
    })
}

fn read(options: &Options, scratch: &Path) -> Result<Loaded, Failed> {
    let spool = Spool::new(scratch).map_err(|e| Failed::Io(scratch.to_path_buf(), e))?;
    load(options, (&spool, Bodies::Few), &|_| Clean::new(), &Silent)
}
