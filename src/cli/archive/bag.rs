//! `sunlit archive create` and `sunlit archive verify`: makes an archive of a year, or says whether one is what it was.

use super::signature;
use crate::archive::{self, Created, Format, Order, Present, Refused, State, Verdict, Verified};
use crate::base::id;
use crate::build::{Failed, Options, Progress};
use crate::check::Asked;
use crate::cli::progress::Bar;
use crate::cli::{Exit, Session, build, findings, jobs, moment};
use crate::diag::Message;
use clap::ArgMatches;
use std::io;
use std::path::{Path, PathBuf};

pub(super) fn create(session: &Session, matches: &ArgMatches) -> Exit {
    let typed = matches.get_one::<String>("year").map(String::as_str).unwrap_or_default();
    let Some(year) = id::parse_year(typed) else {
        session.out.say(&Message::new("new.year").with("year", typed));
        return Exit::Usage;
    };
    let out = matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| default_output(&session.root));
    if build::lies_among_sources(&session.root, &out) {
        session.out.say(&Message::new("build.output").with("path", out.display()));
        return Exit::Usage;
    }
    let as_of = match moment::of(session, matches) {
        Ok(as_of) => as_of,
        Err(exit) => return exit,
    };
    let options =
        Options { jobs: jobs(matches), ..Options::new(session.root.clone(), out.clone(), as_of, Asked::Errors) };
    let format = match matches.get_one::<String>("format").map(String::as_str) {
        Some("bagit-tar") => Format::Tar,
        Some("bagit-zip") => Format::Zip,
        Some("wacz") => Format::Wacz,
        _ => Format::Folder,
    };
    let present = if matches.get_flag("replace") { Present::Replaced } else { Present::Kept };
    let bar = Bar::new(session.lang);
    let made = archive::create(Order { build: &options, year, out: &out, format, present }, &bar);
    bar.end();
    match made {
        Ok(created) => {
            findings::print(session, &created.findings);
            session.out.say(&words(&created));
            Exit::Done
        }
        Err(refused) => say_refused(session, year, &refused),
    }
}

/// `archive/` in the portal, without a leading `./` that would only be noise.
fn default_output(root: &Path) -> PathBuf {
    if root == Path::new(".") { PathBuf::from("archive") } else { root.join("archive") }
}

fn words(created: &Created) -> Message {
    let key = match created.state {
        State::New => "archive.made",
        State::Same => "archive.same",
        State::Replaced => "archive.replaced",
    };
    Message::new(key)
        .with("path", created.path.display())
        .with("reports", created.reports)
        .with("files", created.files)
        .with("size", crate::base::media::human_size(created.bytes))
}

fn say_refused(session: &Session, year: u16, refused: &Refused) -> Exit {
    let (message, exit) = match refused {
        Refused::Build(failed) => {
            let exit = findings::failed(session, failed);
            (Message::new("archive.none").with("year", year), exit)
        }
        Refused::Empty(years) => {
            let years: Vec<String> = years.iter().map(ToString::to_string).collect();
            (Message::new("archive.empty").with("year", year).with("years", years.join(", ")), Exit::Usage)
        }
        Refused::Exists(path) => (Message::new("archive.exists").with("path", path.display()), Exit::Usage),
        Refused::Busy => (Message::new("archive.busy"), Exit::World),
        Refused::Changed(path) => (Message::new("archive.changed").with("path", path), Exit::World),
        Refused::Io(path, error) => {
            (Message::new("world.failed").with("path", path.display()).with("error", error), Exit::World)
        }
    };
    session.out.say(&message);
    exit
}

pub(super) fn verify(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(path) = matches.get_one::<PathBuf>("path") else { return Exit::Usage };
    let signers = match signature::signers(session, matches) {
        Ok(signers) => signers,
        Err(exit) => return exit,
    };
    let mut verified = match looked_at(session, path) {
        Ok(verified) => verified,
        Err(exit) => return exit,
    };
    let untold = match signature::look(session, path, signers.as_ref(), &mut verified) {
        Ok(untold) => untold,
        Err(exit) => return exit,
    };
    let verdict = verified.verdict();
    if matches.get_one::<String>("format").map(String::as_str) == Some("json") {
        let json = verified.json(&path.to_string_lossy(), session.lang);
        if let Err(error) = session.out.data(&json) {
            return findings::failed(session, &Failed::Io(PathBuf::from("stdout"), error));
        }
    } else {
        say_problems(session, &verified);
        let key = match verdict {
            Verdict::Valid => "archive.valid",
            Verdict::Complete => "archive.complete",
            Verdict::Incomplete => "archive.incomplete",
            Verdict::Invalid => "archive.invalid",
        };
        session.out.say(&Message::new(key).with("path", path.display()).with("count", verified.problems.len()));
    }
    signature::say(session, &verified, untold.as_ref());
    if verdict == Verdict::Valid { Exit::Done } else { Exit::Content }
}

/// What is found in an archive; or that it is none, or cannot be read.
pub(super) fn looked_at(session: &Session, path: &Path) -> Result<Verified, Exit> {
    archive::verify(path).map_err(|error| {
        if error.kind() == io::ErrorKind::Unsupported {
            session.out.say(&Message::new("archive.unknown").with("path", path.display()));
            return Exit::World;
        }
        findings::failed(session, &Failed::Io(path.to_path_buf(), error))
    })
}

pub(super) fn say_problems(session: &Session, verified: &Verified) {
    for problem in &verified.problems {
        let place = if problem.path.is_empty() { String::new() } else { format!("{}: ", plain(&problem.path)) };
        let message = plain(&problem.message.text(session.lang));
        session.out.line(&format!("{place}{message} [{}]", problem.fault.code()));
    }
}

/// Words of a stranger: nothing in them may steer the terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars().flat_map(shown).collect()
}

/// A character as it is shown: control characters, and those that turn the direction of writing, by their numbers.
fn shown(c: char) -> impl Iterator<Item = char> {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escaped = (c.is_control() || turns).then(|| c.escape_unicode());
    escaped.into_iter().flatten().chain((!(c.is_control() || turns)).then_some(c))
}
