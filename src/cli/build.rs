//! `sunlit build`.

use super::progress::Bar;
use super::{Exit, Session, findings, jobs, moment};
use crate::build::{self, Options};
use crate::check::Asked;
use crate::diag::Message;
use crate::model::portal::Drafts;
use clap::ArgMatches;
use std::path::{Path, PathBuf};
use std::time::{self, SystemTime, UNIX_EPOCH};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let started = time::Instant::now();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let out = matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| default_output(&session.root));
    if swallows_sources(&session.root, &out) {
        session.out.say(&Message::new("build.output").with("path", out.display()));
        return Exit::Usage;
    }
    let base_url = matches.get_one::<String>("base-url").cloned();
    if base_url.as_deref().is_some_and(|url| !crate::source::shape::is_web_url(url)) {
        session.out.say(&Message::new("build.base_url"));
        return Exit::Usage;
    }
    let as_of = match moment::of(session, matches) {
        Ok(as_of) => as_of,
        Err(exit) => return exit,
    };
    let options = Options {
        base_url,
        drafts: if matches.get_flag("drafts") { Drafts::Shown } else { Drafts::Hidden },
        started: i128::try_from(now.as_nanos()).unwrap_or(0),
        jobs: jobs(matches),
        ..Options::new(session.root.clone(), out.clone(), as_of, Asked::Errors)
    };
    let bar = Bar::new(session.lang);
    let built = build::build(&options, &bar);
    build::Progress::end(&bar);
    match built {
        Ok(mut summary) => {
            // The process ends here: taking a large portal apart again would be time for nothing.
            std::mem::forget(summary.built.take());
            findings::print(session, &summary.findings);
            let key = if summary.fresh { "build.fresh" } else { "build.done" };
            let seconds = format!("{:.2}", started.elapsed().as_secs_f64());
            let message = Message::new(key)
                .with("path", out.display())
                .with("reports", summary.reports)
                .with("created", summary.created)
                .with("replaced", summary.replaced)
                .with("kept", summary.kept)
                .with("removed", summary.removed)
                .with("seconds", seconds);
            session.out.say(&message);
            Exit::Done
        }
        Err(failed) => {
            let exit = findings::failed(session, &failed);
            session.out.say(&Message::new("build.nothing_written").with("path", out.display()));
            exit
        }
    }
}

/// `public/` in the portal, without a leading `./` that would only be noise.
pub(super) fn default_output(root: &Path) -> PathBuf {
    if root == Path::new(".") { PathBuf::from("public") } else { root.join("public") }
}

/// Whether the output would be, or would hold, or would lie in, the portal's own sources.
fn swallows_sources(root: &Path, out: &Path) -> bool {
    real(root).starts_with(real(out)) || lies_among_sources(root, out)
}

/// Whether a folder would lie among the portal's own sources.
pub(super) fn lies_among_sources(root: &Path, out: &Path) -> bool {
    let (root, out) = (real(root), real(out));
    ["content", "kinds", "themes", "sealed"].iter().any(|folder| out.starts_with(root.join(folder)))
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let there = full.ancestors().find_map(|a| Some((a, a.canonicalize().ok()?)));
    there.map_or(full.clone(), |(a, real)| real.join(full.strip_prefix(a).unwrap_or(Path::new(""))))
}
