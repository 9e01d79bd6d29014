//! `sunlit preview`.

use super::progress::Bar;
use super::{Exit, Session, findings, moment};
use crate::build::{AsOf, Options};
use crate::check::Asked;
use crate::diag::Message;
use crate::model::portal::Drafts;
use crate::preview::{self, Clock, Editor, Port, Reach, Ready, Refused, Settings};
use clap::ArgMatches;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where a preview is without being told otherwise.
const HOST: &str = "127.0.0.1";
const PORT: u16 = 4000;

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let root = match session.root.canonicalize() {
        Ok(root) => root,
        Err(error) => return findings::failed(session, &crate::build::Failed::Io(session.root.clone(), error)),
    };
    let editor = match matches.get_one::<String>("editor").map(String::as_str) {
        Some("idea") => Editor::Idea,
        Some("none") => Editor::None,
        _ => Editor::VsCode,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let settings = Settings {
        options: Options {
            drafts: Drafts::Shown,
            ..Options::new(root.clone(), root.join("public"), at(), Asked::Errors)
        },
        scratch: std::env::temp_dir(),
        host: matches.get_one::<String>("host").cloned().unwrap_or_else(|| HOST.into()),
        port: matches.get_one::<u16>("port").map_or(Port::From(PORT), |port| Port::Given(*port)),
        editor,
        lang: session.lang,
        clock: Clock { moment: at, ticks },
        session: format!("{:x}", now.as_nanos()),
    };
    let bar = Bar::new(session.lang);
    let ready = |ready: &Ready| {
        crate::build::Progress::end(&bar);
        let message = Message::new("preview.ready").with("url", &ready.url).with("reports", ready.reports);
        session.out.say(&message);
        session.out.say(&Message::new("preview.watches").with("paths", ready.watched.join(", ")));
        if ready.errors > 0 {
            session.out.say(&Message::new("preview.errors").with("errors", ready.errors));
        }
        if ready.reach == Reach::Network {
            session.out.say(&Message::new("preview.exposed").with("host", &settings.host));
        }
        session.out.say(&Message::new("preview.stop"));
        if matches.get_flag("open") && !open(&ready.url) {
            session.out.say(&Message::new("preview.no_browser").with("url", &ready.url));
        }
    };
    match preview::run(&settings, &bar, &ready) {
        Ok(()) => Exit::Done,
        Err(refused) => {
            crate::build::Progress::end(&bar);
            let message = match refused {
                Refused::Failed(failed) => return findings::failed(session, &failed),
                Refused::Taken(port) => Message::new("preview.taken").with("port", port),
                Refused::Address(host, error) => {
                    Message::new("preview.address").with("host", host).with("error", error)
                }
                Refused::Watch(error) => Message::new("preview.no_watch").with("error", error),
                Refused::System(error) => Message::new("preview.system").with("error", error),
            };
            session.out.say(&message);
            Exit::World
        }
    }
}

/// The moment for which the portal is shown: `SOURCE_DATE_EPOCH`, else now.
fn at() -> AsOf {
    moment::now()
}

/// How long the program has run.
fn ticks() -> std::time::Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Opens an address in the reader's browser; whether there is a program that does.
fn open(url: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[url]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler", url]),
        _ => ("xdg-open", &[url]),
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
