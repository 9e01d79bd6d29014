//! Prints findings: places are looked up now, in the files as they are.

use super::{Exit, Session};
use crate::build::Failed;
use crate::check::show::show;
use crate::diag::{Diagnostic, Message, Severity, Shown, human};
use crate::scaffold::Refused;
use crate::source::{Text, bounds, file};
use std::collections::BTreeMap;

/// Most findings that are printed in full; the rest are counted.
const SHOWN: usize = 100;

/// Puts findings into words; places are looked up now, in the files as they are.
pub(super) fn shown(session: &Session, findings: &[Diagnostic]) -> Vec<Shown> {
    show(findings, session.lang, &|file| read(session, file))
}

/// Prints findings, most serious last so that they stand where the eye is, and a line that counts them.
pub(super) fn print(session: &Session, findings: &[Diagnostic]) {
    print_shown(session, &shown(session, findings));
}

/// Prints findings that are in words already.
pub(super) fn print_shown(session: &Session, findings: &[Shown]) {
    let mut ordered: Vec<_> = findings.iter().collect();
    let skipped = ordered.len().saturating_sub(SHOWN);
    // Where not all are printed, the first of the serious ones are.
    ordered.sort_by_key(|f| !f.stops());
    ordered.truncate(SHOWN);
    ordered.sort_by_key(|f| f.stops());
    for finding in ordered {
        session.out.line(&human::render(finding, session.lang, session.out.style));
        session.out.line("");
    }
    let open = |severity| findings.iter().filter(|f| f.severity == severity && f.allowed.is_none()).count();
    let (errors, warnings) = (open(Severity::Error), open(Severity::Warning));
    if errors + warnings > 0 {
        let message = Message::new("findings.count").with("errors", errors).with("warnings", warnings);
        session.out.say(&message);
    }
    if skipped > 0 {
        session.out.say(&Message::new("findings.skipped").with("count", skipped));
    }
}

/// Prints a line for each file: how many errors, warnings and notes it has, and how many are allowed.
pub(super) fn by_file(session: &Session, findings: &[Shown]) {
    let mut files: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for finding in findings {
        let column = match (finding.severity, &finding.allowed) {
            (_, Some(_)) => 3,
            (Severity::Error, None) => 0,
            (Severity::Warning, None) => 1,
            (Severity::Info, None) => 2,
        };
        files.entry(finding.file()).or_default()[column] += 1;
    }
    for (file, [errors, warnings, infos, allowed]) in files {
        let message = Message::new("findings.file")
            .with("file", if file.is_empty() { "-" } else { file })
            .with("errors", errors)
            .with("warnings", warnings)
            .with("infos", infos)
            .with("allowed", allowed);
        session.out.say(&message);
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
