//! `sunlit schema` and `sunlit completions`: output for other programs.

use super::{Exit, Session, args};
use crate::diag::Message;
use crate::scaffold::schema::{File, json_schema};
use clap::ArgMatches;

pub(super) fn schema(session: &Session, matches: &ArgMatches) -> Exit {
    let file = match matches.get_one::<String>("file").map(String::as_str) {
        Some("site") => File::Site,
        Some("kind") => File::Kind,
        _ => File::Report,
    };
    let mut text = json_schema(file, session.lang);
    text.push('\n');
    write(session, text.as_bytes())
}

pub(super) fn completions(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(shell) = matches.get_one::<clap_complete::Shell>("shell") else { return Exit::Usage };
    let mut out = Vec::new();
    clap_complete::generate(*shell, &mut args::command(session.lang), "sunlit", &mut out);
    write(session, &out)
}

pub(super) fn write(session: &Session, bytes: &[u8]) -> Exit {
    match session.out.data(bytes) {
        Ok(()) => Exit::Done,
        Err(error) => {
            session.out.say(&Message::new("world.failed").with("path", "stdout").with("error", error));
            Exit::World
        }
    }
}
