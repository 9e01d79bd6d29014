//! `sunlit init`: a new portal that builds at once.

use super::{Exit, Session, findings};
use crate::diag::Message;
use crate::scaffold::{self, portal};
use clap::ArgMatches;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Exit::Usage };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    match scaffold::write_new(dir, &portal::files(session.lang, last_year(now))) {
        Ok(written) => {
            for path in &written {
                session.out.line(&format!("  {}", path.display()));
            }
            session.out.say(&Message::new("init.done").with("dir", dir.display()));
            Exit::Done
        }
        Err(refused) => findings::refused(session, &refused),
    }
}

/// The year before the one of this moment (UTC; near midnight of New Year either is right).
fn last_year(unix: u64) -> u16 {
    let zone = crate::base::Zone::utc();
    let now = i64::try_from(unix).ok().and_then(|s| crate::base::Instant::from_unix(s, &zone));
    now.and_then(|n| u16::try_from(n.date().year() - 1).ok()).unwrap_or(2025)
}
