//! Published files put before the rules: each is read, inspected and judged, in parallel. A build passes over files that
//! the last one looked at and found nothing in that could stop it, while they, the rules and the site are the same.

use crate::attachment::{Contents, Problem, bounds, inspect};
use crate::base::SitePath;
use crate::check::attachments::Attachment;
use crate::check::{self, Rule};
use crate::diag::{Diagnostic, Severity};
use crate::model::{Asset, Portal};
use crate::source::Stat;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Files that were looked at and have nothing that stops a build.
pub(super) type Clean = BTreeMap<SitePath, Stat>;

/// Judges the portal's files; gives the findings and the files without any that stops a build.
pub(super) fn judge(root: &Path, portal: &Portal, rules: &[&'static Rule], known: &Clean) -> (Vec<Diagnostic>, Clean) {
    let judged: Vec<_> = portal.assets.par_iter().map(|asset| one(root, portal, rules, known, asset)).collect();
    let (mut findings, mut clean) = (Vec::new(), Clean::new());
    for (found, asset) in judged.into_iter().zip(&portal.assets) {
        if !found.iter().any(|f| f.severity == Severity::Error) {
            clean.insert(asset.path.clone(), asset.stat);
        }
        findings.extend(found);
    }
    (findings, clean)
}

/// Judges the files that are not `known` or have changed since; gives all findings, the known ones included.
pub(super) fn judge_again(
    root: &Path,
    portal: &Portal,
    rules: &[&'static Rule],
    known: &mut BTreeMap<SitePath, (Stat, Arc<Vec<Diagnostic>>)>,
) -> Vec<Diagnostic> {
    let look = |asset: &Asset| {
        let same = known.get(&asset.path).filter(|(stat, _)| *stat == asset.stat).map(|(_, found)| Arc::clone(found));
        let found = same.unwrap_or_else(|| Arc::new(look_into(root, portal, rules, asset)));
        (asset.path.clone(), (asset.stat, found))
    };
    *known = portal.assets.par_iter().map(look).collect::<Vec<_>>().into_iter().collect();
    known.values().flat_map(|(_, found)| found.iter().cloned()).collect()
}

fn one(root: &Path, portal: &Portal, rules: &[&'static Rule], known: &Clean, asset: &Asset) -> Vec<Diagnostic> {
    if known.get(&asset.path) == Some(&asset.stat) { Vec::new() } else { look_into(root, portal, rules, asset) }
}

fn look_into(root: &Path, portal: &Portal, rules: &[&'static Rule], asset: &Asset) -> Vec<Diagnostic> {
    let file = format!("content/{}", asset.path);
    // What cannot be read is reported by whoever copies it; what is too large is not read into memory.
    let Some(contents) = read(&root.join(&file), asset.stat.size) else { return Vec::new() };
    let mut sink = Vec::new();
    let policy = &portal.site.policy;
    let latest = portal.scope.as_of.date();
    check::attachment(rules, &Attachment { file: &file, contents: &contents, policy, latest }, &mut sink);
    sink
}

fn read(path: &Path, size: u64) -> Option<Result<Contents, Problem>> {
    if size > bounds::FILE_BYTES as u64 {
        return None;
    }
    std::fs::read(path).ok().map(|bytes| inspect(&bytes))
}
