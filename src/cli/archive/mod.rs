//! `sunlit archive`: which of its commands it is.

mod bag;
mod seal;
mod signature;

use super::{Exit, Session};
use clap::ArgMatches;

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    match matches.subcommand() {
        Some(("create", m)) => bag::create(session, m),
        Some(("seal", m)) => seal::run(session, m),
        Some(("sign", m)) => signature::sign(session, m),
        Some(("verify", m)) => bag::verify(session, m),
        _ => Exit::Usage,
    }
}
