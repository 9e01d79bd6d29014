//! `sunlit archive`: which of its commands it is.

mod seal;

use super::{Exit, Session};
use clap::ArgMatches;

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    match matches.subcommand() {
        Some(("seal", m)) => seal::run(session, m),
        _ => Exit::Usage,
    }
}
