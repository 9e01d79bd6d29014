//! `sunlit init`: a new portal that builds at once; or a workflow for a portal that is there.

use super::{Exit, Session, findings};
use crate::base::id;
use crate::diag::Message;
use crate::model::site;
use crate::scaffold::workflow::{self, Host};
use crate::scaffold::{self, portal};
use clap::ArgMatches;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Exit::Usage };
    let target = matches.get_one::<String>("target").map_or("www", String::as_str);
    if !id::is_slug(target) {
        session.out.say(&Message::new("next.target").with("target", target.escape_debug()));
        return Exit::Usage;
    }
    let host = matches.get_one::<String>("ci").and_then(|name| Host::named(name));
    let workflow = host.map(|host| workflow::file(host, target, session.lang));
    // Into a portal that is there comes the workflow alone.
    let there = workflow.is_some() && dir.join(site::FILE).is_file();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let mut files = if there { Vec::new() } else { portal::files(session.lang, last_year(now)) };
    let hint = workflow.is_some();
    files.extend(workflow);
    match scaffold::write_new(dir, &files) {
        Ok(written) => {
            for path in &written {
                session.out.line(&format!("  {}", path.display()));
            }
            if !there {
                session.out.say(&Message::new("init.done").with("dir", dir.display()));
            }
            if hint {
                session.out.say(&Message::new("init.workflow").with("target", target));
            }
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
