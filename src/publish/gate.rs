//! What may not be published: content with errors, drafts, a tree that is older than its sources or not what its manifest
//! says, more removals than expected, and anything that would touch what others put there.

use super::plan::Plan;
use super::target::Visibility;
use super::{Failed, Unpublished, Wanted};
use crate::base::SitePath;
use crate::build::{self, Freshness, Held, Progress, hold};
use crate::diag::Message;
use crate::write::{Manifest, WriteError, manifest};
use std::collections::BTreeMap;

/// Most paths that a message names.
const NAMED: usize = 10;

/// Lets a tree pass that may be published, and keeps builds away from it as long as what is returned lives.
pub(super) fn pass<'a>(
    options: &'a build::Options,
    progress: &dyn Progress,
) -> Result<(Held, Wanted<'a>), Unpublished> {
    let tree = options.out.as_path();
    let failed = |failed| match failed {
        build::Failed::Findings(findings) => Unpublished::Findings(findings),
        build::Failed::Busy => Unpublished::World(Message::new("publish.tree_busy").with("path", tree.display())),
        build::Failed::Io(path, error) => Unpublished::World(super::send::world(&path, &error)),
    };
    let at = |key| Unpublished::Gate(Message::new(key).with("path", tree.display()));
    let unread = |error| match error {
        WriteError::Findings(findings) => Unpublished::Findings(findings),
        WriteError::Io(path, error) => Unpublished::World(super::send::world(&path, &error)),
    };
    let Some(listed) = Manifest::read(tree).map_err(unread)? else { return Err(at("publish.unbuilt")) };
    let held = hold(options).map_err(failed)?;
    // What is wrong is said before what is old: a build would only say the same.
    let checked = build::check(options, &held.memory, progress).map_err(failed)?;
    progress.end();
    let stops: Vec<_> = checked.findings.into_iter().filter(|f| f.stops()).collect();
    if !stops.is_empty() {
        return Err(Unpublished::Findings(stops));
    }
    match held.freshness {
        Freshness::Fresh => {}
        Freshness::Drafts => return Err(at("publish.drafts")),
        Freshness::Unbuilt => return Err(at("publish.unbuilt")),
        Freshness::Stale => return Err(at("publish.stale")),
    }
    let files =
        listed.0.iter().map(|(path, digest)| Some((path.clone(), (*digest)?))).collect::<Option<BTreeMap<_, _>>>();
    let files = files.filter(|f| !f.is_empty()).ok_or_else(|| at("publish.unbuilt"))?;
    let path = tree.join(manifest::FILE);
    let manifest = std::fs::read(&path).map_err(|e| Unpublished::World(super::send::world(&path, &e)))?;
    // What is sent as the manifest is what was read of it: a line that is none of ours would travel unseen.
    if manifest != listed.text().as_bytes() {
        let message = Message::new("publish.damaged").with("path", path.display());
        return Err(Unpublished::Gate(message));
    }
    Ok((held, Wanted { tree, files, manifest }))
}

/// Stops a plan that would remove more than expected, or touch what others put there.
pub(super) fn limits(plan: &Plan, visibility: Visibility, max_deletes: usize, address: &str) -> Result<(), Failed> {
    let refuse = |message: Message| Err(Failed::Gate(message.with("target", address)));
    in_the_way(&plan.foreign, address)?;
    if visibility == Visibility::FileByFile && !plan.clashes.is_empty() {
        return refuse(Message::new("publish.clash").with("paths", some(&plan.clashes)));
    }
    if plan.remove.len() > max_deletes {
        let message = Message::new("publish.deletes").with("count", plan.remove.len()).with("limit", max_deletes);
        return refuse(message.with("paths", some(&plan.remove)));
    }
    Ok(())
}

/// Stops where paths of others are in the way.
pub(super) fn in_the_way(foreign: &[SitePath], address: &str) -> Result<(), Failed> {
    if foreign.is_empty() {
        return Ok(());
    }
    let message = Message::new("publish.foreign").with("count", foreign.len()).with("paths", some(foreign));
    Err(Failed::Gate(message.with("target", address)))
}

/// The first paths of a list, in words.
pub(super) fn some(paths: &[SitePath]) -> String {
    let mut text = paths.iter().take(NAMED).map(SitePath::as_str).collect::<Vec<_>>().join(", ");
    if paths.len() > NAMED {
        text.push_str(", …");
    }
    text
}
