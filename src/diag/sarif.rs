//! Findings for code hosts and editors: SARIF 2.1.0 (OASIS standard, 2020). Columns count Unicode code points. A finding
//! that the document allows is a suppressed result, with its reason.

use super::{Code, Severity, Shown, ShownPlace};
use crate::base::{Lang, path};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    language: &'static str,
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: Code,
    short_description: Words<'static>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Words<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: Code,
    rule_index: usize,
    level: &'static str,
    message: Sentence,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
struct Sentence {
    text: String,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Words<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The log of one run.
pub fn render(findings: &[Shown], lang: Lang) -> String {
    let used: BTreeSet<Code> = findings.iter().map(|f| f.code).collect();
    let used: Vec<Code> = used.into_iter().collect();
    let rules = used.iter().map(|code| Descriptor {
        id: *code,
        short_description: Words { text: code.title(lang) },
        help: Help { text: code.documentation(lang), markdown: code.documentation(lang) },
        default_configuration: Configuration { level: level(code.severity()) },
    });
    let driver = Driver { name: "sunlit", version: env!("CARGO_PKG_VERSION"), rules: rules.collect() };
    let results = findings.iter().map(|finding| Outcome {
        rule_id: finding.code,
        rule_index: used.binary_search(&finding.code).unwrap_or_default(),
        level: level(finding.severity),
        message: Sentence {
            text: match &finding.help {
                Some(help) => format!("{}\n{help}", finding.message),
                None => finding.message.clone(),
            },
        },
        locations: finding.places.iter().take(1).filter_map(location).collect(),
        related_locations: finding.places.iter().skip(1).filter_map(location).collect(),
        suppressions: finding.allowed.iter().map(|why| Suppression { kind: "inSource", justification: why }).collect(),
    });
    let run = Run {
        tool: Tool { driver },
        language: lang.tag(),
        column_kind: "unicodeCodePoints",
        results: results.collect(),
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    // Our own structs, whose keys are text: serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn location(place: &ShownPlace) -> Option<Location<'_>> {
    if place.file.is_empty() {
        return None;
    }
    let region = place.excerpt.as_ref().map(|e| {
        let marked = e.text.get(e.span.clone()).unwrap_or_default();
        let lines = marked.matches('\n').count();
        let tail = marked.rsplit('\n').next().unwrap_or_default().chars().count();
        let end_column = if lines == 0 { e.column + tail } else { tail + 1 };
        Region { start_line: e.line, start_column: e.column, end_line: e.line + lines, end_column }
    });
    let artifact_location = Artifact { uri: path::encode(&place.file) };
    let message = place.note.as_deref().map(|text| Words { text });
    Some(Location { physical_location: Physical { artifact_location, region }, message })
}
