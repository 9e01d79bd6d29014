//! The command line: the only room that prints, and that reads the clock and the environment.
//! In: arguments. Out: words on standard error, machine output on standard output, an exit status.

mod archive;
mod args;
mod build;
mod check;
mod findings;
mod hosting;
mod init;
mod language;
mod moment;
mod new;
mod next;
mod out;
mod preview;
mod progress;
mod publish;
mod schema;

use crate::base::Lang;
use clap::ArgMatches;
use out::Out;
use std::path::PathBuf;
use std::process::ExitCode;

/// How a command ends; the numbers are the exit status of `docs/format.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Done.
    Done = 0,
    /// The content or the site has errors; nothing was written.
    Content = 1,
    /// Wrong usage.
    Usage = 2,
    /// The world failed: disk, network, permission.
    World = 3,
}

/// What every command knows.
struct Session {
    root: PathBuf,
    lang: Lang,
    out: Out,
}

/// How many threads were asked for; 0 for one a core.
fn jobs(matches: &ArgMatches) -> usize {
    matches.get_one::<u16>("jobs").map_or(0, |n| usize::from(*n))
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let lang = language::choose(&arguments);
    let matches = match args::command(lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are no errors: they go to standard output with status 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let root = matches.get_one::<PathBuf>("root").cloned().unwrap_or_else(|| PathBuf::from("."));
    let session = Session { root, lang, out: Out::new(lang) };
    ExitCode::from(run(&session, &matches) as u8)
}

fn run(session: &Session, matches: &ArgMatches) -> Exit {
    match matches.subcommand() {
        Some(("archive", m)) => archive::run(session, m),
        Some(("build", m)) => build::run(session, m),
        Some(("check", m)) => check::run(session, m),
        Some(("hosting", m)) => hosting::run(session, m),
        Some(("init", m)) => init::run(session, m),
        Some(("new", m)) => new::run(session, m),
        Some(("publish", m)) => publish::run(session, m),
        Some(("next", m)) => next::run(session, m),
        Some(("preview", m)) => preview::run(session, m),
        Some(("schema", m)) => schema::schema(session, m),
        Some(("completions", m)) => schema::completions(session, m),
        _ => Exit::Usage,
    }
}
