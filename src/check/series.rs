//! ARCH-003 and NUM-007: what a report looks like beside the others of its body and kind.
//! In: the portal. A report that was withdrawn is there, and says so; one that is not published yet is not.

use super::{Rule, Run};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::model::kind::PerYear;
use crate::model::portal::Series;
use crate::model::{Portal, Report};

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Arch003], run: Run::Portal(gaps) },
    Rule { codes: &[Code::Num007], run: Run::Portal(jumps) },
];

/// Neighbours of a series: a report, and the next one, of a later year.
fn pairs<'p>(portal: &'p Portal, series: &'p Series) -> impl Iterator<Item = (&'p Report, &'p Report)> {
    let reports = series.reports.iter().filter_map(|i| portal.reports.get(*i).map(AsRef::as_ref));
    reports.clone().zip(reports.skip(1)).filter(|(before, after)| before.id.year < after.id.year)
}

/// ARCH-003: every year between two published ones has its report. Kinds of which a body publishes several a year, or now
/// and then, have no yearly series.
fn gaps(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let yearly = |s: &&Series| portal.kind(&s.kind).is_some_and(|k| k.per_year == PerYear::One);
    for series in portal.series().iter().filter(yearly) {
        for (before, after) in pairs(portal, series).filter(|(before, after)| after.id.year - before.id.year > 1) {
            let missing: Vec<_> = (before.id.year + 1..after.id.year).map(|y| y.to_string()).collect();
            let message = Message::new("arch.gap")
                .with("years", missing.join(", "))
                .with("body", portal.owner(after).map_or(after.organization.as_str(), |o| &o.name))
                .with("kind", portal.kind_name(&after.kind));
            let finding = Diagnostic::new(Code::Arch003, message).at(after.file.as_ref(), key(&["year"]));
            let finding = finding.see(before.file.as_ref(), key(&["year"]), Message::new("arch.gap.before"));
            sink.push(finding.help(Message::new("arch.gap.help")));
        }
    }
}

fn key(names: &[&str]) -> Place {
    Place::Value(names.iter().map(|n| Key::Name((*n).into())).collect())
}

fn value(index: usize) -> Place {
    Place::Value(vec![Key::Name("figures".into()), Key::Index(index), Key::Name("value".into())])
}

/// NUM-007: a figure of the year before, with the same id and unit, is of the same order. Zero has no order.
fn jumps(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for series in portal.series() {
        for (before, after) in pairs(portal, series).filter(|(before, after)| after.id.year - before.id.year == 1) {
            for (index, figure) in after.figures.iter().enumerate() {
                let same = |f: &crate::model::report::Figure| f.id == figure.id && f.unit == figure.unit;
                let Some(old) = before.figures.iter().position(same) else { continue };
                let (Some(then), Some(now)) = (before.figures[old].value.as_f64(), figure.value.as_f64()) else {
                    continue;
                };
                if then <= 0.0 || now <= 0.0 || (now <= then * 10.0 && then <= now * 10.0) {
                    continue;
                }
                let message = Message::new("num.jump")
                    .with("label", &figure.label)
                    .with("year", before.id.year)
                    .with("then", &before.figures[old].value)
                    .with("now", &figure.value);
                let finding = Diagnostic::new(Code::Num007, message).at(after.file.as_ref(), value(index));
                let finding = finding.see(before.file.as_ref(), value(old), Message::new("num.jump.before"));
                sink.push(finding.help(Message::new("num.jump.help")));
            }
        }
    }
}
