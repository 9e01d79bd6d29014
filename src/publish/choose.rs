//! From the name that was typed to a target: the entry of `site.yaml`, its address taken apart, the code that serves it.

use super::address::{Address, Fault, mask};
use super::target::{Failure, Scheme, Setting, TARGETS, Target};
use super::{Publisher, Unpublished};
use crate::build;
use crate::diag::Message;
use crate::model::{Destination, Site};
use crate::text::nearest::nearest;
use std::path::Path;

/// The site; only `site.yaml` and the kinds are read.
pub(super) fn site(options: &build::Options) -> Result<Site, Unpublished> {
    build::site_and_kinds(&options.root).map(|(site, _)| site).map_err(Unpublished::Findings)
}

/// A target by its name, made and not yet opened; for those who bring other things to a host than a section.
///
/// # Errors
/// A name, address or option that is not understood.
pub fn choose(
    destinations: &[Destination],
    name: Option<&str>,
    (root, scratch): (&Path, &Path),
    publisher: &Publisher,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Box<dyn Target>, Unpublished> {
    let (destination, address) = self::destination(destinations, name)?;
    target(&Setting { destination, address: &address, root, scratch, publisher, environment })
}

/// The entry of a name; without a name the only one there is.
pub(super) fn destination<'a>(
    all: &'a [Destination],
    name: Option<&str>,
) -> Result<(&'a Destination, Address), Unpublished> {
    let names = || all.iter().map(|d| &*d.name);
    let found = match (name, all) {
        (_, []) => return Err(Unpublished::Usage(Message::new("publish.no_targets"))),
        (None, [only]) => only,
        (None, _) => {
            let known = names().collect::<Vec<_>>().join(", ");
            return Err(Unpublished::Usage(Message::new("publish.which").with("known", known)));
        }
        (Some(name), _) => match all.iter().find(|d| &*d.name == name) {
            Some(found) => found,
            None => {
                let message = match nearest(name, names()) {
                    Some(known) => Message::new("publish.unknown.near").with("known", known),
                    None => Message::new("publish.unknown").with("known", names().collect::<Vec<_>>().join(", ")),
                };
                return Err(Unpublished::Usage(message.with("target", name)));
            }
        },
    };
    let address = Address::parse(&found.to).map_err(|fault| {
        let key = match fault {
            Fault::Malformed => "publish.malformed",
            Fault::Password => "publish.password",
            Fault::Query => "publish.query",
        };
        Unpublished::Usage(Message::new(key).with("target", &found.name).with("to", mask(&found.to)))
    })?;
    Ok((found, address))
}

/// The target of a setting.
pub(super) fn target(setting: &Setting<'_>) -> Result<Box<dyn Target>, Unpublished> {
    let scheme = &setting.address.scheme;
    match TARGETS.iter().find(|s| s.name == scheme) {
        Some(Scheme { make, .. }) => make(setting).map_err(|f| unpublished(f, &mask(&setting.address.text))),
        None => {
            let known: Vec<_> = TARGETS.iter().map(|s| s.name).collect();
            let message = match nearest(scheme, known.iter().copied()) {
                Some(near) => Message::new("publish.scheme.near").with("known", near),
                None => Message::new("publish.scheme").with("known", known.join(", ")),
            };
            Err(Unpublished::Usage(message.with("scheme", scheme).with("target", &setting.destination.name)))
        }
    }
}

/// A target's failure as the end of the run.
pub(super) fn unpublished(failure: Failure, address: &str) -> Unpublished {
    match failure {
        Failure::Busy { who, since } => {
            let message = Message::new("publish.busy").with("target", address).with("who", who);
            Unpublished::World(message.with("since", if since.is_empty() { "?" } else { &since }))
        }
        Failure::Refused(message) => Unpublished::Usage(message),
        Failure::Damaged(message) => Unpublished::Gate(message),
        Failure::Temporary(message) | Failure::Permanent(message) | Failure::Overtaken(message) => {
            Unpublished::World(message)
        }
    }
}
