//! Brings a built section to a host: what may not be published is refused, what changed is found by hash, and files go in
//! an order in which no reader meets a broken link, wherever the run is interrupted. In: a portal, its built tree and a
//! target of `site.yaml`. Out: what was added, changed and removed. Prints nothing, asks no clock; knows no page's content.

pub mod address;
mod choose;
mod folder;
mod gate;
mod git;
pub mod journal;
pub mod order;
pub mod plan;
mod remote;
pub mod send;
pub mod target;
pub mod verify;
pub mod watch;

pub use choose::choose;
pub use plan::Plan;
pub use target::{Hold, Publisher};
pub use verify::Verify;
pub use watch::Watch;

use crate::base::{Sha256, SitePath};
use crate::build::{self, Progress};
use crate::diag::{Diagnostic, Message};
use crate::write::manifest;
use journal::Books;
use send::{Sending, patiently};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use target::{Content, Failure, Target};

/// What a publication is told. Clock and environment are read by the caller, never here.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The build whose tree is published: the same root, folder and base URL.
    pub build: &'a build::Options,
    /// The target's name in `site.yaml`; none for the only one.
    pub target: Option<&'a str>,
    /// How the target is opened; [`Hold::Look`] plans and does nothing.
    pub hold: Hold,
    /// Most files that may be removed.
    pub max_deletes: usize,
    /// How much is read back.
    pub verify: Verify,
    /// Who publishes.
    pub publisher: &'a Publisher,
    /// The environment, for credentials.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// How long to wait before trying again, each time: [`send::WAITS`].
    pub waits: &'a [Duration],
}

/// What a publication did; of a dry run, what it would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The target, as it may be shown.
    pub address: String,
    /// What was done.
    pub plan: Plan,
    /// Files that were read back.
    pub verified: usize,
}

/// Why a publication came to nothing, or stopped half way; then what readers see still works.
#[derive(Debug)]
pub enum Unpublished {
    /// The content, the site or the theme has errors.
    Findings(Vec<Diagnostic>),
    /// The tree or the target is not as it must be: status 1.
    Gate(Message),
    /// Wrong usage: status 2.
    Usage(Message),
    /// The world failed: status 3.
    World(Message),
}

/// Publishes a portal's tree to a target of its `site.yaml`.
///
/// # Errors
/// What the gate, the target or the world refuses; see [`Unpublished`].
pub fn publish(options: &Options<'_>, progress: &dyn Progress, watch: &dyn Watch) -> Result<Summary, Unpublished> {
    let site = choose::site(options.build)?;
    let (destination, address) = choose::destination(&site.destinations, options.target)?;
    let (held, wanted) = gate::pass(options.build, progress)?;
    let setting = target::Setting {
        destination,
        address: &address,
        root: &options.build.root,
        scratch: &held.memory,
        publisher: options.publisher,
        environment: options.environment,
    };
    let target = choose::target(&setting)?;
    let told = || deliver(options, &*target, &wanted, watch);
    let done = match told() {
        // Somebody else was faster: what they left is looked at once, and everything planned anew.
        Err(Failed::Target(Failure::Overtaken(_))) => told(),
        done => done,
    };
    watch.end();
    done.map_err(|failed| match failed {
        Failed::Gate(message) => Unpublished::Gate(message),
        Failed::Target(failure) => choose::unpublished(failure, &target.address()),
    })
}

/// Why a delivery failed.
#[derive(Debug)]
pub enum Failed {
    /// A limit, or something in the way.
    Gate(Message),
    /// The target.
    Target(Failure),
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::Target(failure)
    }
}

/// The tree to deliver: what its manifest names.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The folder.
    pub tree: &'a Path,
    /// Every file with its digest.
    pub files: BTreeMap<SitePath, Sha256>,
    /// The manifest's text.
    pub manifest: Vec<u8>,
}

/// Brings a tree to a target: looks, plans, sends, switches, reads back. Knows nothing of the gate before it.
///
/// # Errors
/// What the target refuses, a limit that is hit, or what is in the way.
pub fn deliver(
    options: &Options<'_>,
    target: &dyn Target,
    wanted: &Wanted<'_>,
    watch: &dyn Watch,
) -> Result<Summary, Failed> {
    let address = target.address();
    watch.opening(&address);
    let session = patiently(options.waits, || target.open(options.hold))?;
    let session = &*session;
    let manifest = patiently(options.waits, || session.manifest())?;
    let journal = patiently(options.waits, || session.journal())?;
    let Some(books) = Books::read(manifest.as_deref(), journal.as_deref()) else {
        return Err(Failed::Gate(Message::new("publish.journal").with("target", &address)));
    };
    if manifest.as_ref().is_some_and(|m| !m.is_empty()) && books.finished.is_empty() {
        // A file of this name that names nothing of ours was put there by somebody else.
        gate::in_the_way(&[SitePath::of(manifest::FILE)], &address)?;
    }
    let questions = plan::open_questions(&wanted.files, &books);
    let answers =
        if questions.is_empty() { Vec::new() } else { patiently(options.waits, || session.standing(&questions))? };
    let mut plan = plan::plan(&wanted.files, &books, &questions.into_iter().zip(answers).collect());
    gate::limits(&plan, session.visibility(), options.max_deletes, &address)?;
    send::weigh(&mut plan, wanted.tree)?;
    watch.planned(&plan);
    if options.hold == Hold::Look {
        return Ok(Summary { address, plan, verified: 0 });
    }
    if !plan.is_empty() || journal.is_some() || manifest.as_ref() != Some(&wanted.manifest) {
        watch.begin(plan.send.len() + plan.remove.len(), plan.bytes());
        Sending::new(session, wanted.tree, options.waits, watch, books, &plan).run(&plan)?;
        let path = SitePath::of(manifest::FILE);
        let bytes = Content::Bytes(&wanted.manifest);
        let upload = send::upload(&path, bytes, wanted.manifest.len() as u64, Sha256::of(&wanted.manifest));
        patiently(options.waits, || session.finish(&upload))?;
    }
    let sent: Vec<&SitePath> = plan.send.iter().map(|s| &s.path).collect();
    let (verified, differing) = verify::verify(options.verify, session, wanted, &sent, options.waits, watch)?;
    if !differing.is_empty() {
        let message = Message::new("publish.differs").with("target", &address).with("count", differing.len());
        return Err(Failure::Permanent(message.with("paths", gate::some(&differing))).into());
    }
    Ok(Summary { address, plan, verified })
}
