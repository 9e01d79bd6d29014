//! The files that are published beside pages: attachments that are declared, images that are shown, files that are linked.
//! Nothing else leaves `content/`: a forgotten draft in a report's folder stays where it is, with a warning.

use super::{Report, report::Attachment};
use crate::base::SitePath;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::{Link, Target};
use crate::source::{Entry, Stat, bounds, file::too_large};
use crate::text::nearest::nearest;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// A file that is published as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its path below `content/`, and equally in the output.
    pub path: SitePath,
    /// What the file system says of it.
    pub stat: Stat,
}

/// The files below `content/` that are not Markdown, by path, and which of them are wanted.
pub(super) struct Assets<'a> {
    files: BTreeMap<&'a str, Stat>,
    /// Named by something, so that they are not forgotten.
    named: BTreeSet<&'a str>,
    /// Named, and fit to be published.
    wanted: BTreeSet<&'a str>,
    /// Attached to reports that are not shown, or withdrawn, and in their folders: published by nobody.
    held: BTreeSet<&'a str>,
}

impl<'a> Assets<'a> {
    pub(super) fn new(files: &'a [Entry]) -> Self {
        let below = files.iter().filter_map(|f| Some((f.path.strip_prefix("content/")?, f.stat)));
        Self {
            files: below.filter(|(path, _)| !path.ends_with(".md")).collect(),
            named: BTreeSet::new(),
            wanted: BTreeSet::new(),
            held: BTreeSet::new(),
        }
    }

    /// Notes what a report that is not shown would publish, so that it is not taken for forgotten; publishes nothing, and
    /// keeps others from publishing its attachments and what lies in its folder.
    pub(super) fn hold_back(&mut self, report: &Report, declared: &[(Box<str>, Option<Box<str>>)]) {
        let folder = format!("{}/", report.id);
        let from = (Bound::Included(folder.as_str()), Bound::Unbounded);
        let own = self.files.range::<str, _>(from).map(|(path, _)| *path).take_while(|p| p.starts_with(&folder));
        self.held.extend(own.collect::<Vec<_>>());
        let attached = declared.iter().map(|(file, _)| format!("{}/{file}", report.id));
        let linked = report.links.iter().filter_map(|link| match &link.target {
            Target::File(path) | Target::Image(path) => Some(path.to_string()),
            _ => None,
        });
        for path in attached.chain(linked) {
            if let Some((known, _)) = self.files.get_key_value(path.as_str()) {
                self.named.insert(known);
            }
        }
    }

    /// Finds the declared attachments of a report. A report that has them already stays the one it is.
    pub(super) fn attach(
        &mut self,
        report: &mut Arc<Report>,
        declared: &[(Box<str>, Option<Box<str>>)],
        sink: &mut Vec<Diagnostic>,
    ) {
        let mut found = Vec::with_capacity(declared.len());
        for (index, (file, title)) in declared.iter().enumerate() {
            // A path that climbs out was reported with the keys.
            let Some(path) = SitePath::new(&format!("{}/{file}", report.id)) else { continue };
            let place =
                Place::Value(vec![Key::Name("attachments".into()), Key::Index(index), Key::Name("file".into())]);
            if let Some(size) = self.want(&path, &report.file, place, sink) {
                let title = title.clone().unwrap_or_else(|| file.clone());
                found.push(Attachment { title, path, size });
            }
        }
        if report.attachments != found {
            Arc::make_mut(report).attachments = found;
        }
    }

    /// Finds the files that a body links or shows.
    pub(super) fn follow(&mut self, file: &str, links: &[Link], sink: &mut Vec<Diagnostic>) {
        for link in links {
            if let Target::File(path) | Target::Image(path) = &link.target {
                self.want(path, file, Place::Bytes(link.span.clone()), sink);
            }
        }
    }

    fn want(&mut self, path: &SitePath, file: &str, place: Place, sink: &mut Vec<Diagnostic>) -> Option<u64> {
        let name = path.as_str();
        let Some((known, stat)) = self.files.get_key_value(name) else {
            let near = nearest(name, self.files.keys().copied().filter(|k| same_folder(k, name)));
            let help = match near {
                Some(near) => Message::new("asset.missing.near").with("near", format!("content/{near}")),
                None => Message::new("asset.missing.help").with("path", format!("content/{name}")),
            };
            let message = Message::new("asset.missing").with("path", format!("content/{name}"));
            sink.push(Diagnostic::new(Code::File001, message).at(file, place).help(help));
            return None;
        };
        self.named.insert(known);
        if self.held.contains(known) {
            let message = Message::new("asset.held").with("path", format!("content/{name}"));
            sink.push(Diagnostic::new(Code::Link001, message).at(file, place).help(Message::new("asset.held.help")));
            return None;
        }
        if stat.size == 0 {
            let message = Message::new("asset.empty").with("path", format!("content/{name}"));
            sink.push(Diagnostic::new(Code::File001, message).at(file, place).help(Message::new("asset.empty.help")));
            return None;
        }
        if stat.size > bounds::ATTACHMENT_BYTES {
            sink.push(too_large(&format!("content/{name}"), bounds::ATTACHMENT_BYTES).see(
                file,
                place,
                Message::new("asset.wanted_here"),
            ));
            return None;
        }
        self.wanted.insert(known);
        Some(stat.size)
    }

    /// The files to publish; a warning for each that nothing asks for.
    pub(super) fn finish(self, sink: &mut Vec<Diagnostic>) -> Vec<Asset> {
        for path in self.files.keys().filter(|p| !self.named.contains(*p)) {
            let file = format!("content/{path}");
            let finding = Diagnostic::new(Code::File014, Message::new("asset.unused")).at(file, Place::Whole);
            sink.push(finding.help(Message::new("asset.unused.help")));
        }
        let published = |path: &&str| Some(Asset { path: SitePath::new(path)?, stat: *self.files.get(path)? });
        self.wanted.iter().filter_map(published).collect()
    }
}

fn same_folder(a: &str, b: &str) -> bool {
    a.rsplit_once('/').map(|(folder, _)| folder) == b.rsplit_once('/').map(|(folder, _)| folder)
}
