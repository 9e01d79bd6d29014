//! `sunlit hosting`: what a web server must be told of the section, on standard output.

use super::{Exit, Session, findings};
use crate::build::{self, Failed};
use crate::diag::Message;
use crate::hosting::{self, BasePath, Folder, Policy};
use clap::ArgMatches;
use std::path::{Path, PathBuf};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let base_url = matches.get_one::<String>("base-url").map(String::as_str);
    if base_url.is_some_and(|url| !crate::source::shape::is_web_url(url)) {
        session.out.say(&Message::new("build.base_url"));
        return Exit::Usage;
    }
    let (site, theme) = match build::site_and_theme(&session.root, base_url) {
        Ok(read) => read,
        Err(list) => return findings::failed(session, &Failed::Findings(list)),
    };
    let out = matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| session.root.join("public"));
    let csp = theme.security_policy();
    if csp.is_none() {
        session.out.say(&Message::new("hosting.no_policy"));
    }
    let policy = Policy::new(csp, &site.hosting);
    let server = matches.get_one::<String>("server").map(String::as_str).unwrap_or_default();
    match snippet(session, server, &policy, site.base_path(), &out) {
        Ok(text) => super::schema::write(session, text.as_bytes()),
        Err(message) => {
            session.out.say(&message);
            Exit::Usage
        }
    }
}

fn snippet(session: &Session, server: &str, policy: &Policy, base: &str, out: &Path) -> Result<String, Message> {
    let base = BasePath::new(base).map_err(|unfit| unfit.message())?;
    if server == "headers" {
        return Ok(hosting::headers(policy, &base, session.lang));
    }
    let folder = absolute(out).ok_or_else(|| Message::new("hosting.not_utf8"))?;
    let folder = Folder::new(&folder).map_err(|unfit| unfit.message())?;
    Ok(match server {
        "caddy" => hosting::caddy(policy, &base, &folder, session.lang),
        _ => hosting::nginx(policy, &base, &folder, session.lang),
    })
}

/// The folder's absolute path without `.` steps; links stay, so that a release can be exchanged behind one.
fn absolute(path: &Path) -> Option<String> {
    let full = std::path::absolute(path).ok()?;
    let clean: PathBuf = full.components().collect();
    Some(clean.to_str()?.replace('\\', "/")).filter(|_| cfg!(windows)).or_else(|| clean.to_str().map(String::from))
}
