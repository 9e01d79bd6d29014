//! `sunlit publish`: the built section to a host.

use super::progress::{Bar, Sent};
use super::{Exit, Session, build, findings, moment};
use crate::build::Options as Build;
use crate::check::Asked;
use crate::diag::Message;
use crate::publish::{self, Hold, Options, Publisher, Unpublished, Verify, send};
use clap::ArgMatches;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let out = matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| build::default_output(&session.root));
    let built = Build {
        base_url: matches.get_one::<String>("base-url").cloned(),
        ..Build::new(session.root.clone(), out, moment::now(), Asked::All)
    };
    let hold = match (matches.get_flag("dry-run"), matches.get_flag("take-over")) {
        (true, _) => Hold::Look,
        (false, true) => Hold::TakeOver,
        (false, false) => Hold::Take,
    };
    let publisher = Publisher { who: who(), started: i64::try_from(now.as_secs()).unwrap_or(0) };
    let options = Options {
        build: &built,
        target: matches.get_one::<String>("target").map(String::as_str),
        hold,
        max_deletes: matches.get_one::<u32>("max-deletes").map_or(256, |n| *n as usize),
        verify: match matches.get_one::<String>("verify").map(String::as_str) {
            Some("all") => Verify::All,
            Some(_) => Verify::Sample,
            None => Verify::Nothing,
        },
        publisher: &publisher,
        environment: &|name| std::env::var(name).ok(),
        waits: send::WAITS,
    };
    let sent = Sent::new(session, hold == Hold::Look);
    match publish::publish(&options, &Bar::new(session.lang), &sent) {
        Ok(done) => {
            let key = match hold {
                Hold::Look => "publish.dry",
                _ if done.plan.is_empty() => "publish.nothing",
                _ => "publish.done",
            };
            session.out.say(&counted(Message::new(key).with("target", &done.address), &done.plan));
            if done.verified > 0 {
                session.out.say(&Message::new("publish.verified").with("count", done.verified));
            }
            Exit::Done
        }
        Err(Unpublished::Findings(found)) => {
            findings::print(session, &found);
            session.out.say(&Message::new("publish.check"));
            Exit::Content
        }
        Err(Unpublished::Gate(message)) => say(session, &message, Exit::Content),
        Err(Unpublished::Usage(message)) => say(session, &message, Exit::Usage),
        Err(Unpublished::World(message)) => say(session, &message, Exit::World),
    }
}

fn say(session: &Session, message: &Message, exit: Exit) -> Exit {
    session.out.say(message);
    exit
}

/// A sentence with what a plan counts.
pub(super) fn counted(message: Message, plan: &publish::Plan) -> Message {
    message
        .with("added", plan.added())
        .with("changed", plan.changed())
        .with("removed", plan.remove.len())
        .with("kept", plan.kept)
        .with("size", crate::base::media::human_size(plan.bytes()))
}

/// User, machine and process, for whoever finds the target taken.
fn who() -> String {
    let first = |names: &[&str]| names.iter().find_map(|n| std::env::var(n).ok()).filter(|v| !v.is_empty());
    let user = first(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "?".into());
    let kernel = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let host = first(&["HOSTNAME", "COMPUTERNAME"]).or_else(kernel).unwrap_or_else(|| "?".into());
    format!("{user}@{} ({})", host.trim(), std::process::id())
}
