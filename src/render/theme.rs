//! A theme: templates, static files and words, each taken from the portal's theme folder or else from the default theme.

use super::builtin;
use crate::base::{Artefact, Fingerprint, SitePath};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::emit::Labels;
use crate::emit::frame::PageKind;
use crate::text::nearest::nearest;
use serde_yaml::{Mapping, Value};
use std::collections::BTreeMap;

/// A file of a theme's folder.
#[derive(Debug, Clone)]
pub struct ThemeFile {
    /// Its path below the theme's folder.
    pub path: String,
    /// Its path from the portal's root, for findings.
    pub file: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A template.
#[derive(Debug, Clone)]
pub struct Template {
    /// `THEME/report.html`.
    pub name: String,
    /// Its file, for findings.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A theme, complete.
#[derive(Debug)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// Its templates and those of the default theme.
    pub templates: Vec<Template>,
    /// Its words, nested, as templates see them.
    pub strings: Value,
    /// Its words by dotted key.
    pub labels: Labels,
    /// Its static files, as they are published, with the key under which templates know them.
    pub assets: Vec<(String, Artefact)>,
    /// A hash over all of it.
    pub hash: Fingerprint,
}

impl Theme {
    /// Puts a theme together from its folder's files, for a language (BCP 47).
    pub fn assemble(name: &str, own: Vec<ThemeFile>, language: &str, sink: &mut Vec<Diagnostic>) -> Option<Self> {
        if own.is_empty() && name != builtin::NAME {
            let message = Message::new("theme.unknown").with("name", name);
            let place = Place::Value(vec![crate::diag::Key::Name("theme".into())]);
            let finding = Diagnostic::new(Code::Theme002, message).at(crate::model::site::FILE, place);
            sink.push(finding.help(Message::new("theme.unknown.help").with("name", name)));
            return None;
        }
        let built_in = builtin::FILES.iter().map(|(path, bytes)| ThemeFile {
            path: (*path).to_string(),
            file: format!("themes/{}/{path}", builtin::NAME),
            bytes: bytes.to_vec(),
        });
        let built_in: Vec<_> =
            built_in.filter(|b| name != builtin::NAME || !own.iter().any(|o| o.path == b.path)).collect();
        let mut hashed = Vec::new();
        for file in own.iter().chain(&built_in) {
            hashed.extend_from_slice(file.file.as_bytes());
            hashed.extend_from_slice(&Fingerprint::of(&file.bytes).0.to_le_bytes());
        }
        if let Some(file) = own.iter().find(|f| f.path == "theme.yaml") {
            let text = String::from_utf8_lossy(&file.bytes);
            let block = crate::source::yaml::Block { file: &file.file, text: &text, offset: 0 };
            if let Some(map) = crate::source::yaml::mapping(block, sink) {
                crate::source::shape::check(&file.file, &map, crate::model::schema::THEME, sink);
            }
        }
        let mut templates = Vec::new();
        for (owner, files) in [(name, &own), (builtin::NAME, &built_in)] {
            templates.extend(files.iter().filter_map(|f| template(owner, f, sink)));
        }
        for kind in PageKind::ALL {
            let wanted = format!("{}.html", kind.name());
            if !templates.iter().any(|t| t.name.ends_with(&format!("/{wanted}"))) {
                sink.push(Diagnostic::new(Code::Theme002, Message::new("theme.no_template").with("name", wanted)));
            }
        }
        let strings = strings(name, &own, &built_in, language, sink)?;
        let mut flat = BTreeMap::new();
        flatten("", &strings, &mut flat);
        let labels = Labels::new(flat);
        let missing = labels.missing();
        if !missing.is_empty() {
            let message = Message::new("theme.no_string").with("key", missing.join(", ")).with("language", language);
            let file = format!("themes/{name}/locales/{language}.yaml");
            sink.push(Diagnostic::new(Code::Theme002, message).at(file, Place::Whole));
        }
        Some(Self {
            name: name.to_string(),
            templates,
            strings: Value::Mapping(strings),
            labels,
            assets: assets(&own, &built_in),
            hash: Fingerprint::of(&hashed),
        })
    }

    /// The prefixes under which templates are looked up: the theme's own, then the default theme's.
    pub(super) fn prefixes(&self) -> Vec<String> {
        let mut prefixes = vec![format!("{}/", self.name)];
        if self.name != builtin::NAME {
            prefixes.push(format!("{}/", builtin::NAME));
        }
        prefixes
    }

    /// The Content-Security-Policy that its pages state: the one in its own `base.html`, or in the default theme's where
    /// its own builds on that or is not there.
    pub fn security_policy(&self) -> Option<&str> {
        let base = |owner: &str| self.templates.iter().find(|t| t.name == format!("{owner}/base.html"));
        let own = base(&self.name).or_else(|| base(builtin::NAME))?;
        match stated_policy(&own.text) {
            None if own.text.contains("{% extends") => base(builtin::NAME).and_then(|t| stated_policy(&t.text)),
            stated => stated,
        }
    }

    /// The addresses of the static files, by the key under which templates know them.
    pub(super) fn asset_names(&self) -> BTreeMap<&str, &str> {
        self.assets.iter().map(|(key, artefact)| (key.as_str(), artefact.path.as_str())).collect()
    }
}

/// The policy in a template's head, where it is written out and not put together by expressions.
fn stated_policy(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    rest.split('"').next().filter(|policy| !policy.contains('{'))
}

fn template(owner: &str, file: &ThemeFile, sink: &mut Vec<Diagnostic>) -> Option<Template> {
    let name = file.path.strip_prefix("templates/")?;
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Some(Template { name: format!("{owner}/{name}"), file: file.file.clone(), text: text.to_string() }),
        Err(error) => {
            let message = Message::new("file.not_utf8").with("line", "?").with("byte", error.valid_up_to());
            sink.push(Diagnostic::new(Code::File011, message).at(file.file.clone(), Place::Whole));
            None
        }
    }
}

/// The words of a language: the default theme's, with the theme's own laid over them.
fn strings(
    name: &str,
    own: &[ThemeFile],
    built_in: &[ThemeFile],
    language: &str,
    sink: &mut Vec<Diagnostic>,
) -> Option<Mapping> {
    let mut merged = Mapping::new();
    let mut found = false;
    for file in built_in.iter().chain(own).filter(|f| is_locale(&f.path, language)) {
        found = true;
        let text = String::from_utf8_lossy(&file.bytes);
        let block = crate::source::yaml::Block { file: &file.file, text: &text, offset: 0 };
        lay_over(&mut merged, crate::source::yaml::mapping(block, sink)?);
    }
    if !found {
        let known: Vec<_> =
            built_in.iter().chain(own).filter_map(|f| f.path.strip_prefix("locales/")?.strip_suffix(".yaml")).collect();
        let message = Message::new("theme.no_language").with("language", language);
        let help = match nearest(language, known.iter().copied()) {
            Some(near) => Message::new("theme.no_language.near").with("near", near),
            None => Message::new("theme.no_language.help")
                .with("name", name)
                .with("language", language)
                .with("known", known.join(", ")),
        };
        let place = Place::Value(vec![crate::diag::Key::Name("language".into())]);
        sink.push(Diagnostic::new(Code::Theme002, message).at(crate::model::site::FILE, place).help(help));
        return None;
    }
    Some(merged)
}

/// Whether a file holds the words of `language`: by its whole tag, or by its primary subtag (`zh-Hans` reads `zh-CN`).
fn is_locale(path: &str, language: &str) -> bool {
    let tag = path.strip_prefix("locales/").and_then(|p| p.strip_suffix(".yaml"));
    let primary = |t: &str| t.split('-').next().unwrap_or_default().to_ascii_lowercase();
    tag.is_some_and(|t| t.eq_ignore_ascii_case(language) || primary(t) == primary(language))
}

fn lay_over(base: &mut Mapping, top: Mapping) {
    for (key, value) in top {
        match (base.get_mut(&key), value) {
            (Some(Value::Mapping(below)), Value::Mapping(above)) => lay_over(below, above),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn flatten(prefix: &str, map: &Mapping, out: &mut BTreeMap<String, String>) {
    for (key, value) in map {
        let key = format!("{prefix}{}", key.as_str().unwrap_or_default());
        match value {
            Value::Mapping(inner) => flatten(&format!("{key}."), inner, out),
            Value::String(text) => {
                out.insert(key, text.clone());
            }
            _ => {}
        }
    }
}

/// The static files, each under a name that carries its content's hash, so that it may be cached for ever.
fn assets(own: &[ThemeFile], built_in: &[ThemeFile]) -> Vec<(String, Artefact)> {
    let mut out: BTreeMap<String, Artefact> = BTreeMap::new();
    for file in built_in.iter().chain(own) {
        let Some(name) = file.path.strip_prefix("static/") else { continue };
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let key: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let hash = &Fingerprint::of(&file.bytes).short()[..10];
        let path = SitePath::of(format!("assets/{stem}.{hash}.{ending}"));
        out.insert(key, Artefact::new(path, file.bytes.clone()));
    }
    out.into_iter().collect()
}
