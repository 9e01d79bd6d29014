//! The section as data: a JSON file beside each page, and all reports in `data/reports.json` and `data/reports.csv`.
//! These structs are the published format `sunlit/report/1` and `sunlit/reports/1`: fields are added, never changed.

use super::World;
use super::lists::status;
use super::versions::{self, VersionData};
use crate::base::{Instant, SitePath, media};
use crate::model::{Report, Status};
use serde::Serialize;
use serde_json::{Number, Value};

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Signed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

/// What all lists and files say of a report.
#[derive(Serialize)]
struct Summary<'a> {
    id: String,
    url: String,
    title: &'a str,
    kind: Named<'a>,
    organization: Named<'a>,
    year: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed: Option<Signed<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index_number: Option<&'a str>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<WithdrawnData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
}

#[derive(Serialize)]
struct WithdrawnData<'a> {
    date: String,
    reason: &'a str,
}

/// The file beside a page.
#[derive(Serialize)]
pub(super) struct ReportData<'a> {
    schema: &'static str,
    #[serde(flatten)]
    summary: Summary<'a>,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish_by: Option<String>,
    attachments: Vec<AttachmentData<'a>>,
    figures: Vec<FigureData<'a>>,
    sums: Vec<SumData<'a>>,
    commitments: Vec<CommitmentData<'a>>,
    follow_ups: Vec<FollowUpData<'a>>,
    corrections: Vec<CorrectionData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<VersionData>,
}

#[derive(Serialize)]
struct AttachmentData<'a> {
    title: &'a str,
    url: String,
    media_type: &'static str,
    bytes: u64,
}

#[derive(Serialize)]
struct FigureData<'a> {
    id: &'a str,
    label: &'a str,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a str>,
}

#[derive(Serialize)]
struct SumData<'a> {
    total: &'a str,
    parts: Vec<&'a str>,
}

#[derive(Serialize)]
struct CommitmentData<'a> {
    id: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
}

#[derive(Serialize)]
struct FollowUpData<'a> {
    commitment: String,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct CorrectionData<'a> {
    date: String,
    note: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removes: Option<&'static str>,
}

impl<'a> Summary<'a> {
    fn new(world: World<'a>, report: &'a Report) -> Self {
        let portal = world.portal;
        let owner = portal.owner(report);
        let signed_on = report.signed_on.map(|d| d.to_string());
        let by = report.signed_by.as_deref();
        Self {
            id: report.id.to_string(),
            url: report.page().under(&portal.site.base_url),
            title: &report.title,
            kind: Named { id: report.kind.as_str(), name: portal.kind_name(&report.kind) },
            organization: Named { id: report.organization.as_str(), name: owner.map_or("", |o| &o.name) },
            year: report.id.year,
            published: report.published.as_ref().map(Instant::to_rfc3339),
            signed: (by.is_some() || signed_on.is_some()).then_some(Signed { by, date: signed_on }),
            updated: report.corrected_on().map(|d| d.to_string()),
            source: &report.source,
            document_number: report.document_number.as_deref(),
            index_number: report.index_number.as_deref(),
            status: status(portal, report),
            withdrawn: match &report.status {
                Status::Withdrawn { date, reason } => Some(WithdrawnData { date: date.to_string(), reason }),
                _ => None,
            },
            summary: report.summary.as_deref(),
            keywords: report.keywords.iter().map(AsRef::as_ref).collect(),
        }
    }
}

impl<'a> ReportData<'a> {
    pub(super) fn new(world: World<'a>, report: &'a Report) -> Self {
        let base_url = &world.portal.site.base_url;
        let due = world.portal.kind(&report.kind).and_then(|k| k.publish_by);
        let attachment = |a: &'a crate::model::report::Attachment| AttachmentData {
            title: &a.title,
            url: a.path.under(base_url),
            media_type: media::of_name(a.path.as_str()).mime,
            bytes: a.size,
        };
        let figure = |f: &'a crate::model::report::Figure| FigureData {
            id: &f.id,
            label: &f.label,
            value: number(&f.value),
            unit: f.unit.as_deref(),
            quote: f.quote.as_deref(),
        };
        Self {
            schema: "sunlit/report/1",
            summary: Summary::new(world, report),
            language: &world.portal.site.language,
            publish_by: due.map(|(month, day)| format!("{:04}-{month:02}-{day:02}", report.id.year + 1)),
            attachments: report.attachments.iter().map(attachment).collect(),
            figures: report.figures.iter().map(figure).collect(),
            sums: report
                .sums
                .iter()
                .map(|s| SumData { total: &s.total, parts: s.parts.iter().map(AsRef::as_ref).collect() })
                .collect(),
            commitments: report
                .commitments
                .iter()
                .filter(|_| !report.is_withdrawn())
                .map(|c| CommitmentData { id: &c.id, text: &c.text, due: c.due.map(|d| d.to_string()) })
                .collect(),
            follow_ups: report
                .follow_ups
                .iter()
                .map(|f| FollowUpData {
                    commitment: format!("{}#{}", f.report, f.commitment),
                    status: &f.status,
                    note: f.note.as_deref(),
                })
                .collect(),
            corrections: report
                .corrections
                .iter()
                .map(|c| CorrectionData {
                    date: c.date.to_string(),
                    note: &c.note,
                    section: c.section.as_deref(),
                    removes: c.removes.map(|_| crate::model::history::PERSONAL_DATA),
                })
                .collect(),
            version: report.version(),
            versions: versions::data(report, base_url),
        }
    }

    /// The file's bytes, with `parts`, which is JSON already, as its last member.
    pub(super) fn to_json(&self, parts: &[u8], out: &mut Vec<u8>) {
        out.reserve(parts.len() + (1 << 12));
        let _ = serde_json::to_writer(&mut *out, self);
        out.truncate(out.len().saturating_sub(1));
        out.extend_from_slice(b",\"parts\":");
        out.extend_from_slice(parts);
        out.extend_from_slice(b"}\n");
    }
}

/// `data/reports.json`.
pub fn json(world: World<'_>) -> Vec<u8> {
    #[derive(Serialize)]
    struct Reports<'a> {
        schema: &'static str,
        title: &'a str,
        base_url: &'a str,
        reports: Vec<Row<'a>>,
    }
    #[derive(Serialize)]
    struct Row<'a> {
        #[serde(flatten)]
        summary: Summary<'a>,
        data: String,
        parts: Vec<PartRow<'a>>,
    }
    #[derive(Serialize)]
    struct PartRow<'a> {
        id: &'a str,
        role: Option<&'a str>,
        title: &'a str,
    }
    let site = &world.portal.site;
    let row = |r| Row {
        summary: Summary::new(world, r),
        data: r.data().under(&site.base_url),
        parts: r
            .outline
            .iter()
            .filter(|h| h.level == 2 && h.free)
            .map(|h| PartRow { id: &h.id, role: h.role.as_deref(), title: &h.title })
            .collect(),
    };
    let mut out = to_json(&Reports {
        schema: "sunlit/reports/1",
        title: &site.title,
        base_url: &site.base_url,
        reports: world.portal.reports.iter().map(|r| row(r)).collect(),
    });
    out.push(b'\n');
    out
}

/// `data/reports.csv`: RFC 4180, UTF-8 with byte order mark so that spreadsheets show Chinese.
pub fn csv(world: World<'_>) -> Vec<u8> {
    let mut out = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut out);
    let columns = [
        "id",
        "title",
        "kind",
        "kind_name",
        "organization",
        "organization_name",
        "year",
        "published",
        "signed_date",
        "updated",
        "source",
        "document_number",
        "index_number",
        "status",
        "url",
        "data",
    ];
    // Writing to memory cannot fail.
    let _ = writer.write_record(columns);
    for report in &world.portal.reports {
        let s = Summary::new(world, report);
        let signed = s.signed.and_then(|s| s.date).unwrap_or_default();
        let row = [
            s.id,
            s.title.into(),
            s.kind.id.into(),
            s.kind.name.into(),
            s.organization.id.into(),
            s.organization.name.into(),
            s.year.to_string(),
            s.published.unwrap_or_default(),
            signed,
            s.updated.unwrap_or_default(),
            s.source.into(),
            s.document_number.unwrap_or_default().into(),
            s.index_number.unwrap_or_default().into(),
            s.status.into(),
            s.url,
            report.data().under(&world.portal.site.base_url),
        ];
        let _ = writer.write_record(row.map(|cell: String| inert(&cell)));
    }
    let _ = writer.flush();
    drop(writer);
    out
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection).
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() }
}

fn number(value: &serde_yaml::Number) -> Value {
    let exact = value.as_i64().map(Number::from).or(value.as_u64().map(Number::from));
    exact.or_else(|| value.as_f64().and_then(Number::from_f64)).map_or(Value::Null, Value::Number)
}

/// JSON of our own structs, whose keys are text: serialising them cannot fail.
fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The address of `data/reports.json`.
pub fn json_path() -> SitePath {
    SitePath::of("data/reports.json")
}

/// The address of `data/reports.csv`.
pub fn csv_path() -> SitePath {
    SitePath::of("data/reports.csv")
}
