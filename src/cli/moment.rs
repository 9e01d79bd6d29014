//! For which moment to work: `--as-of`, then `SOURCE_DATE_EPOCH`, then now.

use super::{Exit, Session};
use crate::base::{CivilDate, Instant, Zone};
use crate::build::AsOf;
use crate::diag::Message;
use clap::ArgMatches;
use std::time::{SystemTime, UNIX_EPOCH};

/// The moment; what is wrong with the one that was given has been said.
pub(super) fn of(session: &Session, matches: &ArgMatches) -> Result<AsOf, Exit> {
    match matches.get_one::<String>("as-of") {
        Some(text) if !is_moment(text) => {
            session.out.say(&Message::new("build.as_of"));
            Err(Exit::Usage)
        }
        Some(text) => Ok(AsOf::Text(text.clone())),
        None => Ok(now()),
    }
}

/// `SOURCE_DATE_EPOCH`, else now.
pub(super) fn now() -> AsOf {
    // https://reproducible-builds.org/specs/source-date-epoch/
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|t| t.parse().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    AsOf::Unix(epoch.unwrap_or_else(|| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)))
}

fn is_moment(text: &str) -> bool {
    Instant::parse(text, &Zone::utc()).is_some() || CivilDate::parse(text).is_some()
}
