//! `sunlit next`: when the next build must run, and an entry for the clock of a server.

use super::{Exit, Session, findings, moment, schema};
use crate::base::{Instant, Zone, id};
use crate::build::{self, Options, Schedule};
use crate::check::Asked;
use crate::diag::Message;
use crate::scaffold::timer::{self, Job};
use clap::ArgMatches;
use serde_json::json;
use std::path::Path;

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let target = matches.get_one::<String>("target").map(String::as_str);
    if let Some(name) = target.filter(|t| !id::is_slug(t)) {
        session.out.say(&Message::new("next.target").with("target", name.escape_debug()));
        return Exit::Usage;
    }
    let as_of = match moment::of(session, matches) {
        Ok(as_of) => as_of,
        Err(exit) => return exit,
    };
    let options = Options::new(session.root.clone(), session.root.join("public"), as_of, Asked::Errors);
    let schedule = match build::schedule(&options, &std::env::temp_dir()) {
        Ok(schedule) => schedule,
        Err(failed) => return findings::failed(session, &failed),
    };
    let format = matches.get_one::<String>("format").map(String::as_str);
    let exit = if format == Some("json") {
        schema::write(session, json(&schedule).as_bytes())
    } else {
        tell(session, &schedule);
        timers(session, matches, &schedule, target)
    };
    if schedule.faults.is_empty() || exit != Exit::Done {
        return exit;
    }
    findings::print(session, &schedule.faults);
    session.out.say(&Message::new("next.fails"));
    Exit::Content
}

/// In words, soonest first.
fn tell(session: &Session, schedule: &Schedule) {
    if schedule.due.is_empty() {
        session.out.say(&Message::new("next.none").with("moment", schedule.as_of.to_minute()));
    }
    for (index, due) in schedule.due.iter().enumerate() {
        let key = if index == 0 { "next.first" } else { "next.later" };
        let message = Message::new(key).with("local", local(&due.at)).with("zone", schedule.zone.name());
        session.out.say(&message.with("utc", utc(&due.at)));
        for report in &due.reports {
            session.out.line(&format!("  {}  {}", report.id, report.title));
        }
    }
}

fn timers(session: &Session, matches: &ArgMatches, schedule: &Schedule, target: Option<&str>) -> Exit {
    let (cron, systemd) = (matches.get_flag("cron"), matches.get_flag("systemd"));
    if schedule.due.is_empty() || !(cron || systemd) {
        return Exit::Done;
    }
    let program = std::env::current_exe().ok().and_then(|p| p.to_str().map(String::from));
    let root = absolute(&session.root);
    let moments: Vec<_> = schedule.due.iter().map(|d| d.at.clone()).collect();
    let text = program.zip(root).and_then(|(program, root)| {
        let job = Job { program: &program, root: &root, target };
        if cron {
            timer::cron(&moments, &schedule.zone, job, session.lang).ok()
        } else {
            timer::systemd(&moments, job, session.lang).ok()
        }
    });
    let Some(text) = text else {
        session.out.say(&Message::new("next.unwritable").with("root", session.root.display()));
        return Exit::Usage;
    };
    if target.is_none() {
        session.out.say(&Message::new("next.no_target"));
    }
    schema::write(session, text.as_bytes())
}

fn json(schedule: &Schedule) -> String {
    let due: Vec<_> = schedule
        .due
        .iter()
        .map(|due| {
            let reports: Vec<_> =
                due.reports.iter().map(|r| json!({"id": r.id.to_string(), "title": r.title})).collect();
            json!({"at": due.at.to_rfc3339(), "utc": utc(&due.at), "unix": due.at.unix(), "reports": reports})
        })
        .collect();
    let next = schedule.due.first().map(|d| utc(&d.at));
    let whole = json!({
        "schema": "sunlit/next/1",
        "as_of": schedule.as_of.to_rfc3339(),
        "time_zone": schedule.zone.name(),
        "next": next,
        "ready": schedule.faults.is_empty(),
        "due": due,
    });
    format!("{whole:#}\n")
}

/// With seconds only where there are some.
fn local(moment: &Instant) -> String {
    let text = moment.to_rfc3339();
    text.get(11..19)
        .filter(|t| !t.ends_with(":00"))
        .map_or_else(|| moment.to_minute(), |t| format!("{} {t}", moment.date()))
}

fn utc(moment: &Instant) -> String {
    moment.in_zone(&Zone::utc()).to_rfc3339().replace("+00:00", "Z")
}

fn absolute(path: &Path) -> Option<String> {
    let full = std::path::absolute(path).ok()?;
    full.components().collect::<std::path::PathBuf>().to_str().map(String::from)
}
