//! META-008: linked data (JSON-LD), tags, visible header and front matter are four ways of saying one thing.
//! META-003 holds the tags against the header; here linked data and header are held against the report itself, and the
//! `BreadcrumbList` against the way back that readers see. What else may stand in linked data is not judged.

use super::super::Page;
use super::{is_alias, tight, way};
use crate::base::Instant;
use crate::diag::{Code, Diagnostic, Message};
use serde_json::Value;

/// META-008.
pub(super) fn agrees(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let mut graphs = Vec::new();
    for script in page.html.all("script").filter(|s| s.attribute("type") == Some("application/ld+json")) {
        match serde_json::from_str::<Value>(page.html.text(script)) {
            Ok(graph) => graphs.push(graph),
            Err(error) => {
                let help = Message::new("meta.linked.unreadable.help").with("error", error);
                sink.push(page.fault(Code::Meta008, Message::new("meta.linked.unreadable"), help));
                return;
            }
        }
    }
    let nodes: Vec<&Value> = graphs.iter().flat_map(nodes).collect();
    report(page, &nodes, sink);
    header(page, sink);
    crumbs(page, &nodes, sink);
}

/// The nodes of a script: the value itself, the items of a list, those of `@graph`.
fn nodes(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        _ => match value.get("@graph") {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(one) => vec![one],
            None => vec![value],
        },
    }
}

fn is_a(node: &Value, kind: &str) -> bool {
    match node.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|k| k == kind),
        Some(one) => one == kind,
        None => false,
    }
}

/// The report's node says what the front matter says.
fn report(page: &Page<'_>, nodes: &[&Value], sink: &mut Vec<Diagnostic>) {
    let Some(report) = page.report else { return };
    let reports: Vec<_> = nodes.iter().filter(|n| is_a(n, "Report")).collect();
    if reports.is_empty() {
        sink.push(page.fault(Code::Meta008, Message::new("meta.linked.none"), Message::new("meta.missing.help")));
        return;
    }
    let site = &page.portal.site;
    let owner = page.portal.owner(report).map(|o| o.name.to_string());
    let wanted = [
        ("/headline", Some(report.title.to_string())),
        ("/datePublished", report.published.as_ref().map(Instant::to_rfc3339)),
        ("/dateCreated", report.signed_on.map(|d| d.to_string())),
        ("/dateModified", report.corrected_on().map(|d| d.to_string())),
        ("/temporalCoverage", Some(report.id.year.to_string())),
        ("/publisher/name", owner),
        ("/sourceOrganization/name", Some(report.source.to_string())),
        ("/inLanguage", Some(site.language.to_string())),
        ("/url", Some(page.path.under(&site.base_url))),
    ];
    for node in reports {
        let differs = |(field, value): &&(&str, Option<String>)| {
            let said = node.pointer(field).and_then(Value::as_str);
            said != value.as_deref() && !same_moment(page, said, value.as_deref())
        };
        let wrong: Vec<_> = wanted.iter().filter(differs).collect();
        let Some((field, value)) = wrong.first() else { continue };
        let fields: Vec<_> = wrong.iter().map(|(f, _)| f.trim_start_matches('/').replace('/', ".")).collect();
        let said = node.pointer(field).map_or("–".to_string(), |v| v.as_str().map_or(v.to_string(), str::to_string));
        let help = Message::new("meta.linked.differs.help")
            .with("field", &fields[0])
            .with("said", said)
            .with("value", value.as_deref().unwrap_or("–"));
        let message = Message::new("meta.linked.differs").with("fields", fields.join(", "));
        sink.push(page.fault(Code::Meta008, message, help));
    }
}

fn same_moment(page: &Page<'_>, a: Option<&str>, b: Option<&str>) -> bool {
    let read = |text: Option<&str>| Instant::parse(text?, &page.portal.site.zone).map(|m| m.unix());
    read(a).is_some() && read(a) == read(b)
}

/// The visible header says what the front matter says, where no tag repeats it.
fn header(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = page.report else { return };
    let wanted = [
        ("publisher", page.portal.owner(report).map(|o| o.name.to_string())),
        ("signed", report.signed_on.map(|d| d.to_string())),
        ("updated", report.corrected_on().map(|d| d.to_string())),
    ];
    for (key, value) in wanted {
        let Some(fact) = page.fact(key) else { continue };
        let shown = page.html.words(fact);
        let value = value.unwrap_or_default();
        let times = page.html.all("time").filter(|t| page.html.within(t, fact));
        let meant = times.filter_map(|t| t.attribute("datetime")).any(|datetime| datetime == value);
        if tight(&shown) != tight(&value) && !meant {
            let message = Message::new("meta.header.differs").with("fact", key);
            let help = Message::new("meta.header.differs.help").with("shown", shown).with("value", value);
            sink.push(page.fault(Code::Meta008, message, help));
        }
    }
}

/// The breadcrumb of the linked data is the one that readers see.
fn crumbs(page: &Page<'_>, nodes: &[&Value], sink: &mut Vec<Diagnostic>) {
    let Some(seen) = way::steps(page).filter(|_| !is_alias(page)) else { return };
    let seen: Vec<_> = seen.iter().map(|step| tight(&page.html.words(step))).collect();
    for list in nodes.iter().filter(|n| is_a(n, "BreadcrumbList")) {
        let items = list.get("itemListElement").and_then(Value::as_array).into_iter().flatten();
        let said: Vec<_> = items.map(|i| tight(i.get("name").and_then(Value::as_str).unwrap_or_default())).collect();
        if said != seen {
            let help =
                Message::new("meta.linked.crumbs.help").with("said", said.join(" › ")).with("seen", seen.join(" › "));
            sink.push(page.fault(Code::Meta008, Message::new("meta.linked.crumbs"), help));
        }
    }
}
