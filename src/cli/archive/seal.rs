//! `sunlit archive seal`.

use crate::archive::seal::{Mode, Refused, seal};
use crate::base::id;
use crate::build::{Options, Silent};
use crate::check::Asked;
use crate::cli::{Exit, Session, findings, jobs, moment};
use crate::diag::Message;
use clap::ArgMatches;

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let text = matches.get_one::<String>("year").map(String::as_str).unwrap_or_default();
    let Some(year) = id::parse_year(text) else {
        session.out.say(&Message::new("seal.year").with("year", text));
        return Exit::Usage;
    };
    let as_of = match moment::of(session, matches) {
        Ok(as_of) => as_of,
        Err(exit) => return exit,
    };
    let options = Options {
        jobs: jobs(matches),
        ..Options::new(session.root.clone(), session.root.join("public"), as_of, Asked::Errors)
    };
    let mode = if matches.get_flag("dry-run") { Mode::Rehearse } else { Mode::Write };
    match seal(&options, year, mode, &Silent) {
        Ok(done) => {
            let key = if mode == Mode::Write { "seal.version" } else { "seal.would" };
            for (report, version) in &done.versions {
                session.out.say(&Message::new(key).with("report", report).with("version", version));
            }
            let key = match mode {
                _ if done.versions.is_empty() => "seal.none_new",
                Mode::Write => "seal.done",
                Mode::Rehearse => "seal.would_done",
            };
            let message = Message::new(key).with("year", year).with("reports", done.reports);
            session.out.say(&message.with("versions", done.versions.len()));
            Exit::Done
        }
        Err(refused) => {
            let exit = match (&refused, refused.message(year)) {
                (_, Some(message)) => {
                    session.out.say(&message);
                    if matches!(refused, Refused::Nothing) { Exit::Usage } else { Exit::World }
                }
                (Refused::Failed(failed), None) => findings::failed(session, failed),
                _ => Exit::World,
            };
            session.out.say(&Message::new("seal.refused"));
            exit
        }
    }
}
