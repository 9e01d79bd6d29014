//! Findings for programs: the frozen format `sunlit/check/1` of docs/format.md. Fields are added, never changed.

use super::{Code, Severity, Shown};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: Code,
    severity: &'static str,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    see: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    note: Option<&'a str>,
}

/// The document: lines and columns count from 1, columns in characters (Unicode code points).
pub fn render(findings: &[Shown]) -> String {
    let diagnostics = findings.iter().map(|finding| {
        let position = finding.position();
        let see = finding.places.iter().skip(1).map(|p| Place {
            file: &p.file,
            line: p.excerpt.as_ref().map(|e| e.line),
            column: p.excerpt.as_ref().map(|e| e.column),
            note: p.note.as_deref(),
        });
        Entry {
            code: finding.code,
            severity: word(finding.severity),
            file: finding.file(),
            line: position.map(|p| p.0),
            column: position.map(|p| p.1),
            message: &finding.message,
            help: finding.help.as_deref(),
            allowed: finding.allowed.as_deref(),
            see: see.collect(),
        }
    });
    let document = Document { schema: "sunlit/check/1", diagnostics: diagnostics.collect() };
    // Our own structs, whose keys are text: serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
