//! Linked data (JSON-LD) of a page: schema.org `BreadcrumbList`, and for a report schema.org `Report`.
//! Field names are schema.org's; the validators hold them against its vocabulary.

use super::frame::Crumb;
use crate::base::{SitePath, path};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// The graph of a page.
#[derive(Serialize)]
pub(super) struct Graph<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    nodes: Nodes<'a>,
}

struct Nodes<'a> {
    report: Option<&'a ReportNode<'a>>,
    breadcrumb: BreadcrumbList,
}

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        if let Some(report) = self.report {
            seq.serialize_element(report)?;
        }
        seq.serialize_element(&self.breadcrumb)?;
        seq.end()
    }
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct BreadcrumbList {
    #[serde(rename = "itemListElement")]
    items: Vec<ListItem>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct ListItem {
    position: usize,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
}

/// schema.org/Report.
#[derive(Serialize)]
#[serde(tag = "@type", rename = "Report", rename_all = "camelCase")]
pub(super) struct ReportNode<'a> {
    #[serde(rename = "@id")]
    pub(super) id: &'a str,
    pub(super) url: &'a str,
    pub(super) headline: &'a str,
    pub(super) name: &'a str,
    pub(super) in_language: &'a str,
    pub(super) publisher: Body<'a>,
    pub(super) author: Body<'a>,
    pub(super) source_organization: Source<'a>,
    pub(super) temporal_coverage: String,
    pub(super) is_part_of: CreativeWorkSeries<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) report_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) r#abstract: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) creative_work_status: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) keywords: &'a [Box<str>],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) correction: Vec<CorrectionComment<'a>>,
    pub(super) encoding: Vec<MediaObject<'a>>,
}

#[derive(Clone, Serialize)]
#[serde(tag = "@type", rename = "GovernmentOrganization")]
pub(super) struct Body<'a> {
    pub(super) name: &'a str,
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "Organization")]
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) struct CreativeWorkSeries<'a> {
    pub(super) name: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub(super) struct CorrectionComment<'a> {
    pub(super) date_published: String,
    pub(super) text: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub(super) struct MediaObject<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'a str>,
    pub(super) content_url: String,
    pub(super) encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sha256: Option<String>,
}

/// The linked data of a page, ready for its `script` element.
pub(super) fn script(crumbs: &[Crumb], base_url: &str, path: &SitePath, report: Option<&ReportNode<'_>>) -> String {
    let item = |(index, crumb): (usize, &Crumb)| ListItem {
        position: index + 1,
        name: crumb.title.clone(),
        item: crumb.href.as_deref().map(|href| absolute(href, base_url, path)),
    };
    let breadcrumb = BreadcrumbList { items: crumbs.iter().enumerate().map(item).collect() };
    let graph = Graph { context: "https://schema.org", nodes: Nodes { report, breadcrumb } };
    // Our own structs, whose keys are text: serialising them cannot fail.
    escape(&serde_json::to_string(&graph).unwrap_or_default())
}

/// The absolute URL of a link of the page at `path`, as schema.org demands.
fn absolute(href: &str, base_url: &str, path: &SitePath) -> String {
    let inner = path::decode(href).and_then(|h| path.join(&h)).filter(|_| !href.contains("://"));
    inner.map_or_else(|| href.to_string(), |target| canonical(&target.under(base_url)))
}

/// A folder's index is known by its folder.
pub(super) fn canonical(url: &str) -> String {
    url.strip_suffix("/index.html").map_or_else(|| url.to_string(), |folder| format!("{folder}/"))
}

/// JSON that can stand in a `script` element: no `<` can end it or open a comment.
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        out.push_str("\\u003c");
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_can_end_the_script() {
        let crumb = Crumb { title: "</script><!--".into(), href: None, current: true };
        let text = script(&[crumb], "https://example.org/", &SitePath::of("index.html"), None);
        assert!(!text.contains('<'), "{text}");
        assert!(text.contains(r#""name":"\u003c/script>\u003c!--""#), "{text}");
    }
}
