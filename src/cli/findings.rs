//! Prints findings: places are looked up now, in the files as they are.

use super::{Exit, Session};
use crate::build::{Failed, count};
use crate::diag::{Diagnostic, Excerpt, Label, Message, Place, Severity, human};
use crate::scaffold::Refused;
use crate::source::front::{self, Fences};
use crate::source::locate::{self, Part};
use crate::source::{Text, bounds, file};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Most findings that are printed in full; the rest are counted.
const SHOWN: usize = 100;

/// Prints findings, most serious last so that they stand where the eye is, and a line that counts them.
pub(super) fn print(session: &Session, findings: &[Diagnostic]) {
    let texts: RefCell<BTreeMap<String, Option<Text>>> = RefCell::default();
    let locate = |label: &Label| {
        let mut texts = texts.borrow_mut();
        let text = texts.entry(label.file.clone()).or_insert_with(|| read(session, &label.file));
        text.as_ref().and_then(|t| excerpt(t, &label.place))
    };
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    let others = findings.iter().filter(|f| f.severity != Severity::Error);
    let ordered: Vec<_> = if errors.clone().count() > 0 { others.chain(errors).collect() } else { others.collect() };
    let skipped = ordered.len().saturating_sub(SHOWN);
    for finding in &ordered[skipped..] {
        session.out.line(&human::render(finding, session.lang, session.out.style, &locate));
        session.out.line("");
    }
    let (errors, warnings) = (count(findings, Severity::Error), count(findings, Severity::Warning));
    if errors + warnings > 0 {
        let message = Message::new("findings.count").with("errors", errors).with("warnings", warnings);
        session.out.say(&message);
    }
    if skipped > 0 {
        session.out.say(&Message::new("findings.skipped").with("count", skipped));
    }
}

/// The text of a file of the portal, or of a built-in file.
fn read(session: &Session, path: &str) -> Option<Text> {
    let mut sink = Vec::new();
    if session.root.join(path).is_file() {
        return file::read(&session.root, path, bounds::YAML_BYTES, &mut sink);
    }
    let name = path.strip_prefix("themes/default/")?;
    let (_, bytes) = crate::render::builtin::FILES.iter().find(|(file, _)| *file == name)?;
    let text = String::from_utf8(bytes.to_vec()).ok()?;
    Some(Text { file: path.into(), text, offset: 0, hash: crate::base::Fingerprint::of(bytes) })
}

fn excerpt(text: &Text, place: &Place) -> Option<Excerpt> {
    let source = &text.text;
    let (yaml, keys, part) = match place {
        Place::Whole => return None,
        Place::Bytes(range) => {
            let at = |byte: usize| byte.saturating_sub(text.offset);
            return (!source.is_empty()).then(|| Excerpt::of(source, at(range.start)..at(range.end)));
        }
        Place::Value(keys) => (0..source.len(), keys, Part::Value),
        Place::Name(keys) => (0..source.len(), keys, Part::Name),
    };
    let yaml = match text.file.ends_with(".md") {
        true => front::split(text, Fences::Required, &mut Vec::new())?.yaml,
        false => yaml,
    };
    let found = locate::locate(&source[yaml.clone()], keys, part).unwrap_or(0..0);
    Some(Excerpt::of(source, yaml.start + found.start..yaml.start + found.end))
}

/// Says why a starting point was not written.
pub(super) fn refused(session: &Session, refused: &Refused) -> Exit {
    session.out.say(&refused.message());
    match refused {
        Refused::Exists(_) => Exit::Usage,
        Refused::Io(..) => Exit::World,
    }
}

/// Says why a build came to nothing.
pub(super) fn failed(session: &Session, failed: &Failed) -> Exit {
    match failed {
        Failed::Findings(findings) => {
            print(session, findings);
            Exit::Content
        }
        Failed::Busy => {
            session.out.say(&Message::new("build.busy"));
            Exit::World
        }
        Failed::Io(path, error) => {
            session.out.say(&Message::new("world.failed").with("path", path.display()).with("error", error));
            Exit::World
        }
    }
}
