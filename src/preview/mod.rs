//! `sunlit preview`: the section as it would be built, served on this machine while it is written. In: a portal's folder
//! and an address. Out: pages made when they are asked for, which follow every save and say what is wrong. Writes nothing;
//! prints nothing; what the time is, it is told.

mod answer;
mod events;
mod guard;
mod keeper;
mod page;
mod panel;
mod server;
mod shared;
mod swap;
mod watch;

pub use server::Port;

use crate::base::Lang;
use crate::build::live::Live;
use crate::build::{AsOf, Failed, Options, Progress};
use shared::Shared;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a preview is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The portal, whose `root` must be absolute and without symbolic links.
    pub options: Options,
    /// A folder on whose disk converted bodies wait, in a file without a name.
    pub scratch: PathBuf,
    /// The address to listen at: a name or an IP address.
    pub host: String,
    /// The port to listen at.
    pub port: Port,
    /// Which editor opens a source file.
    pub editor: Editor,
    /// The language of what the preview itself says.
    pub lang: Lang,
    /// What the time is.
    pub clock: Clock,
    /// A word that no earlier preview at this address had, so that pages of that one are noticed.
    pub session: String,
}

/// Where the time comes from.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The moment for which the portal is shown.
    pub moment: fn() -> AsOf,
    /// How long the program has run.
    pub ticks: fn() -> Duration,
}

/// An editor that opens files by an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    /// Visual Studio Code and those that understand its addresses.
    VsCode,
    /// IntelliJ IDEA and its relatives.
    Idea,
    /// None: places are named, not linked.
    None,
}

/// A preview that can be opened.
#[derive(Debug)]
pub struct Ready {
    /// Its address for a browser.
    pub url: String,
    /// What is watched, from the portal's root.
    pub watched: Vec<String>,
    /// Reports shown.
    pub reports: usize,
    /// Errors that keep the portal from being built.
    pub errors: usize,
    /// Whether other machines can reach it.
    pub reach: Reach,
}

/// From where a preview can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From this machine only.
    Loopback,
    /// From other machines, too.
    Network,
}

/// Why there is no preview.
#[derive(Debug)]
pub enum Refused {
    /// The port that was asked for is taken.
    Taken(u16),
    /// There is no listening at the address.
    Address(String, io::Error),
    /// The system does not say what changes.
    Watch(String),
    /// The portal cannot be kept.
    Failed(Failed),
    /// The system gives no threads or timers.
    System(io::Error),
}

/// Serves until the process is asked to end; `ready` is called once, when the first page can be asked for.
///
/// # Errors
/// When it cannot begin.
pub fn run(settings: &Settings, progress: &dyn Progress, ready: &dyn Fn(&Ready)) -> Result<(), Refused> {
    let (listener, address) = server::listen(&settings.host, settings.port)?;
    // Watched before it is read: what is saved meanwhile is not missed.
    let watcher = watch::Watcher::new(&settings.options.root)?;
    let live = Live::open(settings.options.clone(), &settings.scratch, progress).map_err(Refused::Failed)?;
    let shared = Arc::new(Shared::new(live.snapshot(), &settings.session));
    let snapshot = live.snapshot();
    let name = if settings.host.contains(':') { format!("[{}]", settings.host) } else { settings.host.clone() };
    let told = Ready {
        url: format!("http://{name}:{}/", address.port()),
        watched: live.watched(),
        reports: snapshot.reports(),
        errors: snapshot.findings.iter().filter(|f| f.stops()).count(),
        reach: if address.ip().is_loopback() { Reach::Loopback } else { Reach::Network },
    };
    keeper::start(live, watcher, Arc::clone(&shared), settings.clock).map_err(Refused::System)?;
    let desk = answer::Desk {
        guard: guard::Guard::new(address, &settings.host),
        shared,
        editor: settings.editor,
        lang: settings.lang,
    };
    server::serve(listener, desk, || ready(&told)).map_err(Refused::System)
}
