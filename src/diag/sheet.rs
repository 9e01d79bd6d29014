//! The pre-publication sheet: findings on paper, to be gone through and signed. One HTML page that stands alone; it is
//! printed, not published.

use super::{Severity, Shown, message};
use crate::base::Lang;
use quick_xml::escape::escape;
use std::fmt::Write;

/// What the head of the sheet says.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// The section's title.
    pub title: &'a str,
    /// The moment for which the portal was checked, as printed.
    pub moment: &'a str,
    /// Reports that were checked.
    pub reports: usize,
    /// The files or folders that were asked for; empty for all.
    pub paths: &'a [String],
}

const STYLE: &str = "@page{size:A4;margin:15mm}body{font:10.5pt/1.5 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;\
max-width:180mm;margin:1em auto;color:#000;background:#fff}h1{font-size:16pt;margin:0 0 .3em}h2{font-size:12pt;margin:1em 0 .3em}\
table{border-collapse:collapse;width:100%}th,td{border:.5pt solid #555;padding:.25em .4em;text-align:left;vertical-align:top}\
tr{break-inside:avoid}td:first-child{white-space:nowrap}.place{font-family:monospace;font-size:9pt;overflow-wrap:anywhere}\
.box{width:1.4em}.sign td{height:3.2em}p{margin:.3em 0}";

/// The steps that sign, in their order.
const STEPS: [&str; 4] = ["sheet.first", "sheet.second", "sheet.final", "sheet.secrecy"];

/// The sheet.
pub fn render(findings: &[Shown], head: &Head<'_>, lang: Lang) -> String {
    let words = |key| message::lookup(key, lang);
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{} {}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{}</h1>\n",
        lang.tag(),
        words("sheet.title"),
        escape(head.title),
        words("sheet.title")
    );
    let paths = if head.paths.is_empty() { words("sheet.everything").to_string() } else { head.paths.join(" ") };
    let facts = [
        ("sheet.portal", head.title),
        ("sheet.moment", head.moment),
        ("sheet.scope", paths.as_str()),
        ("sheet.program", concat!("sunlit ", env!("CARGO_PKG_VERSION"))),
    ];
    for (key, value) in facts {
        let _ = writeln!(out, "<p>{}{}</p>", words(key), escape(value));
    }
    let count = |severity| findings.iter().filter(|f| f.severity == severity && f.allowed.is_none()).count();
    let counts = super::Message::new("sheet.counts")
        .with("reports", head.reports)
        .with("errors", count(Severity::Error))
        .with("warnings", count(Severity::Warning))
        .with("infos", count(Severity::Info))
        .with("allowed", findings.iter().filter(|f| f.allowed.is_some()).count());
    let _ = writeln!(out, "<p><strong>{}</strong></p>", escape(counts.text(lang)));
    let verdict = if findings.iter().any(Shown::stops) { "sheet.stopped" } else { "sheet.passed" };
    let _ = writeln!(out, "<p><strong>{}</strong></p>", words(verdict));
    let (allowed, open): (Vec<_>, Vec<_>) = findings.iter().partition(|f| f.allowed.is_some());
    table(&mut out, lang, "sheet.open", &open);
    table(&mut out, lang, "sheet.allowed", &allowed);
    let _ = writeln!(out, "<h2>{}</h2>", words("sheet.signatures"));
    let _ = writeln!(
        out,
        "<table class=\"sign\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        words("sheet.step"),
        words("sheet.role"),
        words("sheet.signature"),
        words("sheet.date")
    );
    for step in STEPS {
        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th><td></td><td></td><td></td></tr>", words(step));
    }
    out.push_str("</tbody>\n</table>\n</main>\n</body>\n</html>\n");
    out
}

fn table(out: &mut String, lang: Lang, title: &'static str, findings: &[&Shown]) {
    let words = |key| message::lookup(key, lang);
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<h2>{}</h2>\n<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\" class=\"box\">✓</th></tr></thead>\n<tbody>",
        words(title),
        words("sheet.rule"),
        words("sheet.place"),
        words("sheet.what")
    );
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "severity.error",
            Severity::Warning => "severity.warning",
            Severity::Info => "severity.info",
        };
        let place = match finding.position() {
            Some((line, column)) => format!("{}:{line}:{column}", finding.file()),
            None => finding.file().to_string(),
        };
        let more = finding.allowed.as_ref().map(|why| format!("{}{why}", words("severity.reason")));
        let more = more.or_else(|| finding.help.clone()).unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><td>{}<br>{}</td><td class=\"place\">{}</td><td>{}<br>{}</td><td></td></tr>",
            finding.code,
            words(severity),
            escape(place),
            escape(finding.message.as_str()),
            escape(more)
        );
    }
    out.push_str("</tbody>\n</table>\n");
}
