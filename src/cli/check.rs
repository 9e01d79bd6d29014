//! `sunlit check`: every finding, in the form that is asked for; or what one rule is about.

use super::progress::Bar;
use super::{Exit, Session, findings, jobs, moment};
use crate::build::{self, External, Failed, Options, Progress};
use crate::check::Asked;
use crate::diag::{Code, Diagnostic, Message, Place, Severity, Shown, json, sarif, sheet};
use crate::model::portal::Drafts;
use crate::probe::{self, Answer, Limits};
use crate::text::nearest::nearest;
use clap::ArgMatches;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    if let Some(code) = matches.get_one::<String>("explain") {
        return explain(session, code);
    }
    let as_of = match moment::of(session, matches) {
        Ok(as_of) => as_of,
        Err(exit) => return exit,
    };
    let given = matches.get_many::<PathBuf>("path").into_iter().flatten();
    let mut paths = Vec::new();
    for path in given {
        match below(&session.root, path) {
            Some(path) => paths.push(path),
            None => {
                session.out.say(&Message::new("check.path").with("path", path.display()));
                return Exit::Usage;
            }
        }
    }
    let options = Options {
        drafts: if matches.get_flag("drafts") { Drafts::Shown } else { Drafts::Hidden },
        jobs: jobs(matches),
        ..Options::new(session.root.clone(), session.root.join("public"), as_of, Asked::All)
    };
    let bar = Bar::new(session.lang);
    let checked = build::check(&options, &std::env::temp_dir(), &bar);
    bar.end();
    let checked = match checked {
        Ok(checked) => checked,
        Err(failed) => return findings::failed(session, &failed),
    };
    let wanted =
        |d: &Diagnostic| paths.is_empty() || d.labels.iter().any(|l| paths.iter().any(|p| is_below(&l.file, p)));
    let mut found = checked.findings;
    if matches.get_flag("external") {
        if !probe::AVAILABLE {
            session.out.say(&Message::new("check.no_external"));
            return Exit::Usage;
        }
        found.extend(dead(&checked.external));
    }
    let list: Vec<Diagnostic> = found.into_iter().filter(wanted).collect();
    let shown = findings::shown(session, &list);
    let format = matches.get_one::<String>("format").map(String::as_str);
    let text = match format {
        Some("json") => json::render(&shown),
        Some("sarif") => sarif::render(&shown, session.lang),
        Some("html") => {
            let head =
                sheet::Head { title: &checked.title, moment: &checked.moment, reports: checked.reports, paths: &paths };
            sheet::render(&shown, &head, session.lang)
        }
        _ => {
            findings::print_shown(session, &shown);
            findings::by_file(session, &shown);
            let message = Message::new("check.done").with("reports", checked.reports).with("findings", shown.len());
            session.out.say(&message);
            return verdict(matches, &shown);
        }
    };
    match session.out.data(text.as_bytes()) {
        Ok(()) => verdict(matches, &shown),
        Err(error) => findings::failed(session, &Failed::Io(PathBuf::from("stdout"), error)),
    }
}

/// Errors fail a check, and with `--deny warning` warnings do too.
fn verdict(matches: &ArgMatches, shown: &[Shown]) -> Exit {
    let denied = match matches.get_one::<String>("deny").map(String::as_str) {
        Some("info") => Severity::Info,
        Some("warning") => Severity::Warning,
        _ => Severity::Error,
    };
    // The graver, the smaller: `Error` comes first.
    let fails = shown.iter().any(|f| f.allowed.is_none() && f.severity <= denied);
    if fails { Exit::Content } else { Exit::Done }
}

/// LINK-007: the links to other websites that do not answer. An address is asked once, however many links lead there.
fn dead(links: &[External]) -> Vec<Diagnostic> {
    let addresses: BTreeSet<&str> = links.iter().map(|l| l.url.split('#').next().unwrap_or_default()).collect();
    let addresses: Vec<String> = addresses.into_iter().map(str::to_string).collect();
    let answers = probe::ask(&addresses, &Limits::default(), &|| {});
    let answer = |link: &External| {
        let address = link.url.split('#').next().unwrap_or_default();
        addresses.binary_search_by(|a| a.as_str().cmp(address)).ok().and_then(|at| answers.get(at))
    };
    let finding = |link: &External| {
        let message = match answer(link)? {
            Answer::Fine => return None,
            Answer::Status(status) => Message::new("link.status").with("url", &link.url).with("status", status),
            Answer::Silent(why) => Message::new("link.silent").with("url", &link.url).with("why", why),
            Answer::Unasked => Message::new("link.unasked").with("url", &link.url),
        };
        let finding = Diagnostic::new(Code::Link007, message).at(&link.file, Place::Bytes(link.span.clone()));
        Some(finding.help(Message::new("link.external.help")))
    };
    links.iter().filter_map(finding).collect()
}

/// Prints what a rule is about.
fn explain(session: &Session, text: &str) -> Exit {
    let wanted = text.to_uppercase();
    match Code::parse(&wanted) {
        Some(code) => match session.out.data(code.documentation(session.lang).as_bytes()) {
            Ok(()) => Exit::Done,
            Err(error) => findings::failed(session, &Failed::Io(PathBuf::from("stdout"), error)),
        },
        None => {
            let known = nearest(&wanted, Code::ALL.iter().map(|c| c.as_str())).unwrap_or("LINK-001");
            session.out.say(&Message::new("check.explain").with("code", text).with("known", known));
            Exit::Usage
        }
    }
}

/// A path of the portal as findings name it: relative to its root, `/`-separated; none where it is not there or outside.
fn below(root: &Path, path: &Path) -> Option<String> {
    let real = |p: &Path| p.canonicalize().ok();
    let found = [path.to_path_buf(), root.join(path)].iter().find_map(|p| real(p))?;
    let inside = found.strip_prefix(real(root)?).ok()?.to_path_buf();
    let parts = inside.components().filter_map(|c| match c {
        Component::Normal(part) => part.to_str(),
        _ => None,
    });
    Some(parts.collect::<Vec<_>>().join("/"))
}

fn is_below(file: &str, folder: &str) -> bool {
    folder.is_empty() || file == folder || file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
