//! Makes a web archive of a year and gives it its name. In: where the portal is, a year, where the archive goes. Out: an
//! archive with the same bytes each time, complete or not there at all.

use super::super::create::{Created, Order, Refused, name};
use super::super::place::Place;
use crate::build::{Progress, Section, with_section};
use std::fs::File;

/// Makes the web archive of a year; the folder for it is there.
pub(in crate::archive) fn create(order: Order<'_>, progress: &dyn Progress) -> Result<Created, Refused> {
    with_section(order.build, order.out, progress, |section| Ok(make(order, section, progress)))?
}

fn make(order: Order<'_>, section: &Section, progress: &dyn Progress) -> Result<Created, Refused> {
    let portal = section.portal();
    let empty = || Refused::Empty(portal.years().keys().copied().collect());
    if !portal.years().contains_key(&order.year) {
        return Err(empty());
    }
    let place = Place::take(order.out, &format!("{}.wacz", name(&portal.site.base_url, order.year)))?;
    let written = || {
        let at = |error| Refused::Io(place.staged.clone(), error);
        let mut file = File::create_new(&place.staged).map_err(at)?;
        let made = super::write(section, order.year, &mut file, order.out, progress)?.ok_or_else(empty)?;
        file.sync_all().map_err(at)?;
        Ok((made, place.settle(order.present)?))
    };
    let settled: Result<_, Refused> = written();
    if settled.is_err() {
        // What is left is cleared by the next run, too.
        let _ = place.clear();
    }
    let (made, state) = settled?;
    let findings = section.findings().to_vec();
    Ok(Created {
        path: place.end,
        reports: made.reports,
        files: made.records as u64,
        bytes: made.bytes,
        state,
        findings,
    })
}
