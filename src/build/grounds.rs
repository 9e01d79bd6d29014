//! What everything else stands on: `site.yaml`, the kinds and the theme, with the words that bodies themselves need.

use crate::base::{Fingerprint, KindId};
use crate::diag::{Code, Diagnostic, Key, Message, Place, has_errors};
use crate::markdown::Words;
use crate::model::{Kind, Site, site};
use crate::render::Theme;
use crate::render::theme::ThemeFile;
use crate::source::{Entry, Stat, Tree, bounds, file, walk, yaml};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Site, kinds and theme of a portal.
#[derive(Debug)]
pub(super) struct Grounds {
    pub(super) site: Arc<Site>,
    pub(super) kinds: Arc<[Kind]>,
    /// None when it cannot be put together.
    pub(super) theme: Option<Arc<Theme>>,
    pub(super) words: Words,
    /// The files it was read from, `site.yaml` first.
    pub(super) inputs: Vec<(Entry, Option<Fingerprint>)>,
}

impl Grounds {
    /// Reads them; none when `site.yaml` itself cannot be read.
    pub(super) fn read(root: &Path, base_url: Option<&str>, sink: &mut Vec<Diagnostic>) -> Option<Self> {
        let (site, site_input) = read_site(root, base_url, sink)?;
        let mut inputs = vec![site_input];
        let kinds = read_kinds(root, &mut inputs, sink);
        check_expectations(&site, &kinds, sink);
        let theme = read_theme(root, &site, &mut inputs, sink);
        let words = theme.as_ref().map(words).unwrap_or_default();
        Some(Self { site: Arc::new(site), kinds: kinds.into(), theme: theme.map(Arc::new), words, inputs })
    }
}

/// Reads only the site and the kinds of the portal at `root`.
///
/// # Errors
/// Their faults.
pub fn site_and_kinds(root: &Path) -> Result<(Site, Vec<Kind>), Vec<Diagnostic>> {
    let mut sink = Vec::new();
    let site = read_site(root, None, &mut sink);
    let kinds = read_kinds(root, &mut Vec::new(), &mut sink);
    match site {
        Some((site, _)) if !has_errors(&sink) => Ok((site, kinds)),
        _ => Err(sink),
    }
}

pub(super) fn read_site(
    root: &Path,
    base_url: Option<&str>,
    sink: &mut Vec<Diagnostic>,
) -> Option<(Site, (Entry, Option<Fingerprint>))> {
    let path = root.join(site::FILE);
    if !path.exists() {
        let message = Message::new("site.none").with("root", root.display());
        sink.push(
            Diagnostic::new(Code::File015, message).at(site::FILE, Place::Whole).help(Message::new("site.none.help")),
        );
        return None;
    }
    let stat = std::fs::metadata(&path).map(|m| Stat::of(&m)).unwrap_or_default();
    let text = file::read(root, site::FILE, bounds::YAML_BYTES, sink)?;
    let block = yaml::Block { file: site::FILE, text: &text.text, offset: text.offset };
    let map = yaml::mapping(block, sink)?;
    let site = Site::read(&map, base_url, sink)?;
    Some((site, (Entry { path: site::FILE.into(), stat }, Some(text.hash))))
}

/// The built-in kinds, and the portal's own, which replace built-in ones of the same name.
fn read_kinds(root: &Path, inputs: &mut Vec<(Entry, Option<Fingerprint>)>, sink: &mut Vec<Diagnostic>) -> Vec<Kind> {
    let mut kinds: BTreeMap<usize, Kind> = BTreeMap::new();
    let mut add = |id: KindId, file: &str, text: &str, offset: usize, sink: &mut Vec<Diagnostic>| {
        let map = yaml::mapping(yaml::Block { file, text, offset }, sink);
        if let Some(kind) = map.and_then(|map| Kind::read(id.clone(), file, &map, sink)) {
            let at = kinds.iter().find(|(_, k)| k.id == id).map_or(kinds.len(), |(at, _)| *at);
            kinds.insert(at, kind);
        }
    };
    for (id, text) in Kind::built_in() {
        if let Some(id) = KindId::new(id) {
            let file = format!("kinds/{id}.yaml");
            add(id, &file, text, 0, sink);
        }
    }
    let Tree { files } = walk::list(root, "kinds", sink);
    for entry in files {
        let id = entry.path.strip_prefix("kinds/").and_then(|p| p.strip_suffix(".yaml"));
        let Some(id) = id.and_then(KindId::new) else {
            let finding = Diagnostic::new(Code::File014, Message::new("kind.file")).at(&entry.path, Place::Whole);
            sink.push(finding.help(Message::new("kind.file.help")));
            continue;
        };
        let text = file::read(root, &entry.path, bounds::YAML_BYTES, sink);
        if let Some(text) = &text {
            add(id, &entry.path, &text.text, text.offset, sink);
        }
        inputs.push((entry, text.map(|t| t.hash)));
    }
    kinds.into_values().collect()
}

/// Every kind that a body owes is a kind.
fn check_expectations(site: &Site, kinds: &[Kind], sink: &mut Vec<Diagnostic>) {
    for body in &site.organizations {
        for (index, id) in body.expects.iter().enumerate().filter(|(_, id)| !kinds.iter().any(|k| k.id == **id)) {
            let names = ["organizations", body.id.as_str(), "expects"].map(|n| Key::Name(n.to_string()));
            let place = Place::Value(names.into_iter().chain([Key::Index(index)]).collect());
            let known: Vec<_> = kinds.iter().map(|k| k.id.as_str()).collect();
            let help = Message::new("report.kind.help").with("known", known.join(", ")).with("id", id);
            let message = Message::new("report.kind").with("id", id);
            sink.push(Diagnostic::new(Code::Yaml001, message).at(site::FILE, place).help(help));
        }
    }
}

pub(super) fn read_theme(
    root: &Path,
    site: &Site,
    inputs: &mut Vec<(Entry, Option<Fingerprint>)>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Theme> {
    let folder = format!("themes/{}", site.theme);
    let mut own = Vec::new();
    for entry in walk::list(root, &folder, sink).files {
        if entry.stat.size > bounds::TEMPLATE_BYTES && entry.path.starts_with(&format!("{folder}/templates/")) {
            sink.push(file::too_large(&entry.path, bounds::TEMPLATE_BYTES));
            continue;
        }
        match std::fs::read(root.join(&entry.path)) {
            Ok(bytes) => {
                let hash = Fingerprint::of(&bytes);
                let path = entry.path[folder.len() + 1..].to_string();
                own.push(ThemeFile { path, file: entry.path.clone(), bytes });
                inputs.push((entry, Some(hash)));
            }
            Err(error) => sink.push(file::unreadable(&entry.path, &error)),
        }
    }
    Theme::assemble(&site.theme, own, &site.language, sink)
}

/// The words that bodies themselves need.
pub(super) fn words(theme: &Theme) -> Words {
    let word = |key| theme.labels.get(key).to_string();
    Words {
        footnotes: word("body.footnotes"),
        footnote_reference: word("body.footnote_reference"),
        back_to_reference: word("body.back_to_reference"),
        task_done: word("body.task_done"),
        task_open: word("body.task_open"),
        table: word("body.table"),
    }
}
