//! `sunlit archive`: keeps a year, checks what was kept, signs it.

use super::progress::Bar;
use super::{Exit, Session, findings, moment};
use crate::archive::{Existing, Placed, place, wacz};
use crate::build::{self, Failed, Options, Progress};
use crate::check::Asked;
use crate::diag::Message;
use crate::model::portal::Drafts;
use clap::ArgMatches;
use std::path::{Path, PathBuf};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    match matches.subcommand() {
        Some(("create", m)) => create(session, m),
        Some(("verify", m)) => verify(session, m),
        _ => Exit::Usage,
    }
}

fn create(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(year) = matches.get_one::<u16>("year").copied() else { return Exit::Usage };
    let base_url = matches.get_one::<String>("base-url").cloned();
    if base_url.as_deref().is_some_and(|url| !crate::source::shape::is_web_url(url)) {
        session.out.say(&Message::new("build.base_url"));
        return Exit::Usage;
    }
    let as_of = match moment::of(matches) {
        Ok(as_of) => as_of,
        Err(message) => {
            session.out.say(&message);
            return Exit::Usage;
        }
    };
    let folder = matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| session.root.join("archive"));
    let path = folder.join(format!("{year:04}.wacz"));
    let options = Options {
        root: session.root.clone(),
        out: folder.clone(),
        base_url,
        drafts: Drafts::Hidden,
        as_of,
        started: 0,
        asked: Asked::Errors,
        jobs: matches.get_one::<u16>("jobs").map_or(0, |n| usize::from(*n)),
    };
    let existing = if matches.get_flag("replace") { Existing::Replaced } else { Existing::Kept };
    let bar = Bar::new(session.lang);
    let placed = place(
        &path,
        existing,
        |error| Failed::Io(path.clone(), error),
        |out| build::with_section(&options, &folder, &bar, |section| wacz::write(section, year, out, &folder, &bar)),
    );
    bar.end();
    let (made, placed) = match placed {
        Ok(Some(done)) => done,
        Ok(None) => {
            session.out.say(&Message::new("wacz.no_reports").with("year", year));
            return Exit::Usage;
        }
        Err(failed) => return findings::failed(session, &failed),
    };
    let key = match placed {
        Placed::New | Placed::Replaced => "wacz.made",
        Placed::Same => "wacz.same",
        Placed::InTheWay => "wacz.in_the_way",
    };
    let message = Message::new(key)
        .with("path", path.display())
        .with("year", year)
        .with("reports", made.reports)
        .with("pages", made.pages)
        .with("records", made.records)
        .with("bytes", made.bytes);
    session.out.say(&message);
    if placed == Placed::InTheWay { Exit::Usage } else { Exit::Done }
}

fn verify(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(path) = matches.get_one::<PathBuf>("path") else { return Exit::Usage };
    verify_wacz(session, path)
}

fn verify_wacz(session: &Session, path: &Path) -> Exit {
    let bar = Bar::new(session.lang);
    let verified = wacz::verify(path, &bar);
    bar.end();
    let verified = match verified {
        Ok(verified) => verified,
        Err(error) => return findings::failed(session, &Failed::Io(path.to_path_buf(), error)),
    };
    verified.problems.iter().for_each(|problem| session.out.say(problem));
    let valid = verified.problems.is_empty();
    let message = Message::new(if valid { "wacz.valid" } else { "wacz.invalid" })
        .with("path", path.display())
        .with("title", &verified.title)
        .with("created", &verified.created)
        .with("software", &verified.software)
        .with("files", verified.files)
        .with("records", verified.records)
        .with("pages", verified.pages)
        .with("problems", verified.problems.len());
    session.out.say(&message);
    if verified.unchecked > 0 {
        session.out.say(&Message::new("wacz.unchecked").with("count", verified.unchecked));
    }
    if valid { Exit::Done } else { Exit::Content }
}
