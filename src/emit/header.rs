//! The publication header: one struct, many vocabularies. The visible list, schema.org, Dublin Core, Open Graph and the
//! Chinese government tags are all written from [`Publication`], so that they cannot disagree.

use super::World;
use super::frame::{Frame, HeadLink, Meta, Property};
use super::linked::{self, Body, CorrectionComment, CreativeWorkSeries, MediaObject, ReportNode, Source};
use crate::base::{CivilDate, Instant, Sha256, SitePath, media};
use crate::model::report::Correction;
use crate::model::{Organization, Report, Status};
use serde::Serialize;

/// The facts of a publication.
#[derive(Debug, Clone)]
pub struct Publication<'a> {
    /// The report.
    pub report: &'a Report,
    /// The body that owns it.
    pub organization: &'a Organization,
    /// Where the body's page is.
    pub organization_page: SitePath,
    /// The name of its kind.
    pub kind_name: &'a str,
    /// The day of its newest correction.
    pub updated: Option<CivilDate>,
    /// SHA-256 of its data file.
    pub fingerprint: Sha256,
}

/// A line of the visible header.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// `publisher`, `published`, …
    pub key: &'static str,
    /// What it is called.
    pub label: String,
    /// What it says.
    pub text: String,
    /// The same for machines, when it is a date or time.
    pub datetime: Option<String>,
    /// Where it leads.
    pub href: Option<String>,
    /// Whether it is code: a digest.
    pub code: bool,
}

impl Publication<'_> {
    /// The visible header in its one order; what is absent is left out.
    pub fn facts(&self, world: World<'_>, page: &SitePath) -> Vec<Fact> {
        let report = self.report;
        let fact = |key, label: &str, text: String| Fact {
            key,
            label: world.labels.get(label).to_string(),
            text,
            datetime: None,
            href: None,
            code: false,
        };
        let year = world.labels.fill("fact_values.year", &[("year", &report.id.year.to_string())]);
        let digest = self.fingerprint.to_string();
        let short = world.labels.fill("fact_values.fingerprint", &[("short", &digest[..12]), ("full", &digest)]);
        let publisher = Fact {
            href: Some(page.link_to(&self.organization_page)),
            ..fact("publisher", "facts.publisher", self.organization.name.to_string())
        };
        let day = |key, label: &str, date: CivilDate| Fact {
            datetime: Some(date.to_string()),
            ..fact(key, label, date.to_string())
        };
        let moment = |at: &Instant| Fact {
            datetime: Some(at.to_rfc3339()),
            ..fact("published", "facts.published", at.to_minute())
        };
        let mut facts = vec![publisher];
        facts.extend(
            report.document_number.as_ref().map(|n| fact("document_number", "facts.document_number", n.to_string())),
        );
        facts.extend(report.index_number.as_ref().map(|n| fact("index_number", "facts.index_number", n.to_string())));
        facts.push(Fact { datetime: Some(report.id.year.to_string()), ..fact("year", "facts.year", year) });
        facts.extend(report.signed_on.map(|d| day("signed", "facts.signed", d)));
        facts.extend(report.published.as_ref().map(moment));
        facts.extend(self.updated.map(|d| day("updated", "facts.updated", d)));
        facts.push(fact("source", "facts.source", report.source.to_string()));
        if report.openness_stated {
            facts.push(fact("openness", "facts.openness", world.labels.get("openness.active").to_string()));
        }
        if !report.attachments.is_empty() {
            facts.push(fact("downloads", "facts.downloads", String::new()));
        }
        let href = Some(page.link_to(&report.data()));
        facts.push(Fact { href, code: true, ..fact("fingerprint", "facts.fingerprint", short) });
        facts
    }

    /// Puts the head's tags on the frame of the report's page.
    pub fn tag(&self, world: World<'_>, frame: &mut Frame, page: &SitePath) {
        let report = self.report;
        if let Some(summary) = &report.summary {
            frame.describe(summary);
        }
        frame.metas.extend(self.government_tags(&frame.url));
        frame.metas.extend(self.dublin_core(world, &frame.url));
        frame.properties.extend(self.open_graph(world));
        frame.links.push(HeadLink {
            rel: "schema.DCTERMS",
            href: "http://purl.org/dc/terms/".into(),
            r#type: None,
            title: None,
        });
        let data = page.link_to(&report.data());
        frame.links.push(HeadLink {
            rel: "alternate",
            href: data,
            r#type: Some("application/json"),
            title: Some(report.title.to_string()),
        });
        let node = self.linked_data(world, &frame.url);
        let script = linked::script(&frame.crumbs, &world.portal.site.base_url, page, Some(&node));
        frame.json_ld = Some(script);
    }

    /// The 内容页标签 of 国办发〔2017〕47号.
    fn government_tags(&self, url: &str) -> Vec<Meta> {
        let report = self.report;
        let keywords = (!report.keywords.is_empty()).then(|| report.keywords.join(","));
        let values = [
            ("ArticleTitle", Some(report.title.to_string())),
            ("PubDate", report.published.as_ref().map(Instant::to_minute)),
            ("ContentSource", Some(report.source.to_string())),
            ("Keywords", keywords),
            ("Url", Some(url.to_string())),
        ];
        metas(values)
    }

    fn dublin_core(&self, world: World<'_>, url: &str) -> Vec<Meta> {
        let report = self.report;
        let number = report.document_number.as_ref().or(report.index_number.as_ref());
        metas([
            ("DCTERMS.title", Some(report.title.to_string())),
            ("DCTERMS.creator", Some(self.organization.name.to_string())),
            ("DCTERMS.publisher", Some(self.organization.name.to_string())),
            ("DCTERMS.source", Some(report.source.to_string())),
            ("DCTERMS.identifier", Some(number.map_or(url.to_string(), ToString::to_string))),
            ("DCTERMS.temporal", Some(report.id.year.to_string())),
            ("DCTERMS.created", report.signed_on.map(|d| d.to_string())),
            ("DCTERMS.issued", report.published.as_ref().map(Instant::to_rfc3339)),
            ("DCTERMS.modified", self.updated.map(|d| d.to_string())),
            ("DCTERMS.isPartOf", Some(self.kind_name.to_string())),
            ("DCTERMS.language", Some(world.portal.site.language.to_string())),
        ])
    }

    fn open_graph(&self, world: World<'_>) -> Vec<Property> {
        let values = [
            ("article:author", Some(self.organization.name.to_string())),
            ("article:published_time", self.report.published.as_ref().map(Instant::to_rfc3339)),
            ("article:modified_time", self.updated.map(|d| d.to_string())),
            ("article:section", Some(world.portal.site.title.to_string())),
        ];
        values.into_iter().filter_map(|(property, content)| Some(Property { property, content: content? })).collect()
    }

    /// schema.org `Report` (schema.org/Report).
    fn linked_data<'b>(&'b self, world: World<'b>, url: &'b str) -> ReportNode<'b> {
        let report = self.report;
        let base_url = &world.portal.site.base_url;
        let body = Body {
            name: &self.organization.name,
            url: self.organization_page.under(base_url),
            identifier: self.organization.code.as_deref(),
        };
        let data = MediaObject {
            name: None,
            content_url: report.data().under(base_url),
            encoding_format: "application/json",
            content_size: None,
            sha256: Some(self.fingerprint.to_string()),
        };
        let files = report.attachments.iter().map(|a| MediaObject {
            name: Some(&a.title),
            content_url: a.path.under(base_url),
            encoding_format: media::of_name(a.path.as_str()).mime,
            content_size: Some(media::human_size(a.size)),
            sha256: None,
        });
        let correction = |c: &'b Correction| CorrectionComment { date_published: c.date.to_string(), text: &c.note };
        ReportNode {
            id: url,
            url,
            headline: &report.title,
            name: &report.title,
            in_language: &world.portal.site.language,
            publisher: body.clone(),
            author: body,
            source_organization: Source { name: &report.source },
            temporal_coverage: report.id.year.to_string(),
            is_part_of: CreativeWorkSeries { name: self.kind_name },
            report_number: report.document_number.as_deref(),
            identifier: report.index_number.as_deref(),
            r#abstract: report.summary.as_deref(),
            date_created: report.signed_on.map(|d| d.to_string()),
            date_published: report.published.as_ref().map(Instant::to_rfc3339),
            date_modified: self.updated.map(|d| d.to_string()),
            version: report.version(),
            creative_work_status: match report.record.superseded {
                Some(_) => Some("Obsolete"),
                None => status_word(&report.status),
            },
            keywords: &report.keywords,
            correction: report.corrections.iter().map(correction).collect(),
            encoding: [data].into_iter().chain(files).collect(),
        }
    }
}

/// A status for machines; none while the report is simply in force.
pub fn status_word(status: &Status) -> Option<&'static str> {
    match status {
        Status::Draft => Some("Draft"),
        Status::Withdrawn { .. } => Some("Withdrawn"),
        Status::Current => None,
    }
}

fn metas<const N: usize>(values: [(&'static str, Option<String>); N]) -> Vec<Meta> {
    values.into_iter().filter_map(|(name, content)| Some(Meta { name, content: content? })).collect()
}
