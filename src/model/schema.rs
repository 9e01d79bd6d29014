//! Every key of every file of a portal, in one place: checking, JSON Schemas and the editor's help come from these tables.
//! The contract behind them is `docs/format.md`.

use super::accessibility::{METHOD, REASON, STATUS};
use super::hosting::{ENDINGS, FILES};
use crate::source::shape::{Field, Shape, optional, required};

/// `site.yaml`.
pub const SITE: &[Field] = &[
    required("title", Shape::Text),
    required("base_url", Shape::Url),
    required("language", Shape::Text),
    optional("timezone", Shape::Text),
    optional("theme", Shape::Slug),
    optional("notice", Shape::Text),
    optional(
        "site",
        Shape::Map(&[optional("name", Shape::Text), optional("domain", Shape::Text), optional("id_code", Shape::Text)]),
    ),
    optional("breadcrumb", Shape::List(&Shape::Map(&[required("title", Shape::Text), required("url", Shape::Url)]))),
    optional(
        "column",
        Shape::Map(&[
            optional("name", Shape::Text),
            optional("type", Shape::Text),
            optional("description", Shape::Text),
            optional("keywords", Shape::List(&Shape::Text)),
        ]),
    ),
    optional(
        "footer",
        Shape::Map(&[
            optional("sponsor", Shape::Text),
            optional("contact", Shape::Text),
            optional("icp", Shape::Text),
            optional("police", Shape::Text),
            optional("sitemap", Shape::Url),
            optional("report_error", Shape::Url),
        ]),
    ),
    optional("accessibility", Shape::Map(ACCESSIBILITY)),
    required("organizations", Shape::Registry(&Shape::Map(ORGANIZATION))),
    optional(
        "check",
        Shape::Map(&[
            optional("levels", Shape::Table(&LEVEL)),
            optional("contacts", Shape::List(&Shape::Text)),
            optional("typos", Shape::Table(&Shape::Text)),
            optional("phrases", Shape::List(&Shape::Text)),
            optional("hosts", Shape::List(&Shape::Text)),
            optional("update_within", Shape::Number),
            optional("holidays", Shape::List(&Shape::Date)),
            optional("workdays", Shape::List(&Shape::Date)),
            optional("page_kilobytes", Shape::Number),
        ]),
    ),
    optional("publish", Shape::Registry(&Shape::Map(TARGET))),
    optional(
        "hosting",
        Shape::Map(&[
            optional("files", Shape::List(&Shape::Choice(FILES))),
            optional("precompress", Shape::List(&Shape::Choice(ENDINGS))),
        ]),
    ),
];

/// A place that the site is published to. Which keys belong to which kind of place is known to `publish`.
const TARGET: &[Field] = &[
    required("to", Shape::Text),
    // file://
    optional("mode", Shape::Choice(MODES)),
    optional("keep", Shape::Number),
    // s3://, and `cleartext` for webdav:// too
    optional("endpoint", Shape::Text),
    optional("region", Shape::Text),
    optional("addressing", Shape::Choice(&["path", "host"])),
    optional("cleartext", Shape::Choice(&["allowed"])),
];

/// How a folder is published to.
pub const MODES: &[&str] = &["in-place", "releases"];

const LEVEL: Shape = Shape::Choice(&["error", "warning", "info", "off"]);

const ACCESSIBILITY: &[Field] = &[
    required("status", Shape::Choice(STATUS)),
    optional("standards", Shape::List(&Shape::Text)),
    required("prepared", Shape::Date),
    optional("reviewed", Shape::Date),
    required("method", Shape::Choice(METHOD)),
    optional("evaluator", Shape::Text),
    optional("tested", Shape::List(&Shape::Text)),
    optional("exceptions", Shape::List(&Shape::Map(EXCEPTION))),
    required("contact", Shape::Text),
    optional("response_days", Shape::Number),
    optional("enforcement", Shape::Text),
];

const EXCEPTION: &[Field] = &[
    required("content", Shape::Text),
    required("reason", Shape::Choice(REASON)),
    optional("criterion", Shape::Text),
    optional("alternative", Shape::Text),
    optional("until", Shape::Date),
];

const ORGANIZATION: &[Field] = &[
    required("name", Shape::Text),
    optional("aliases", Shape::List(&Shape::Text)),
    optional("code", Shape::Text),
    optional("expects", Shape::List(&Shape::Slug)),
];

/// A report's front matter.
pub const REPORT: &[Field] = &[
    required("title", Shape::Text),
    required("kind", Shape::Slug),
    required("organization", Shape::Slug),
    required("year", Shape::Year),
    optional("published", Shape::Time),
    optional("source", Shape::Text),
    optional("signed", Shape::Map(&[optional("by", Shape::Text), optional("date", Shape::Date)])),
    optional("document_number", Shape::Text),
    optional("index_number", Shape::Text),
    optional("summary", Shape::Text),
    optional("keywords", Shape::List(&Shape::Text)),
    optional("status", Shape::Choice(&["current", "draft", "withdrawn"])),
    optional("withdrawn", Shape::Map(&[required("date", Shape::Date), required("reason", Shape::Text)])),
    optional("openness", Shape::Text),
    optional("review", Shape::List(&Shape::Map(REVIEW))),
    optional("attachments", Shape::List(&Shape::Map(&[required("file", Shape::Path), optional("title", Shape::Text)]))),
    optional("sections", Shape::Table(&Shape::Text)),
    optional("figures", Shape::List(&Shape::Map(FIGURE))),
    optional("sums", Shape::List(&Shape::Map(SUM))),
    optional("commitments", Shape::List(&Shape::Map(COMMITMENT))),
    optional("follow_ups", Shape::List(&Shape::Map(FOLLOW_UP))),
    optional("corrections", Shape::List(&Shape::Map(CORRECTION))),
    optional("aliases", Shape::List(&Shape::Path)),
    optional("allow", Shape::List(&Shape::Map(ALLOW))),
];

const REVIEW: &[Field] = &[
    required("step", Shape::Choice(&["first", "second", "final", "secrecy"])),
    optional("role", Shape::Text),
    optional("date", Shape::Date),
    optional("ref", Shape::Text),
];

const FIGURE: &[Field] = &[
    required("id", Shape::Text),
    required("label", Shape::Text),
    required("value", Shape::Number),
    optional("unit", Shape::Text),
    optional("quote", Shape::Text),
];

const SUM: &[Field] = &[required("total", Shape::Text), required("parts", Shape::List(&Shape::Text))];

const COMMITMENT: &[Field] =
    &[required("id", Shape::Slug), required("text", Shape::Text), optional("due", Shape::Date)];

/// The words for how a commitment fared.
pub const FOLLOW_UP_STATUS: &[&str] = &["done", "partly", "not-done", "changed", "ongoing"];

const FOLLOW_UP: &[Field] = &[
    required("commitment", Shape::Text),
    required("status", Shape::Choice(FOLLOW_UP_STATUS)),
    optional("note", Shape::Text),
];

const CORRECTION: &[Field] = &[
    required("date", Shape::Date),
    required("note", Shape::Text),
    optional("section", Shape::Text),
    optional("removes", Shape::Choice(&[super::history::PERSONAL_DATA])),
];

const ALLOW: &[Field] =
    &[required("rule", Shape::Text), optional("match", Shape::Text), required("reason", Shape::Text)];

/// A stand-alone page's front matter, and that of the introduction.
pub const PAGE: &[Field] =
    &[required("title", Shape::Text), optional("summary", Shape::Text), optional("aliases", Shape::List(&Shape::Path))];

/// The introduction's front matter: `content/index.md`.
pub const INTRODUCTION: &[Field] = &[optional("title", Shape::Text), optional("summary", Shape::Text)];

/// A report kind: `kinds/ID.yaml`.
pub const KIND: &[Field] = &[
    required("names", Shape::Map(NAMES)),
    optional("publish_by", Shape::Map(&[required("month", Shape::Number), required("day", Shape::Number)])),
    optional("per_year", Shape::Choice(&["one", "several"])),
    optional("basis", Shape::Text),
    required("parts", Shape::List(&Shape::Map(PART))),
];

const NAMES: &[Field] = &[required("zh-CN", Shape::Text), optional("en", Shape::Text)];

const PART: &[Field] = &[
    required("role", Shape::Slug),
    optional("names", Shape::Map(NAMES)),
    required("need", Shape::Choice(&["required", "advised", "optional"])),
    required("patterns", Shape::List(&Shape::Text)),
    optional("heading", Shape::Text),
    optional("hint", Shape::Text),
];

/// A theme: `themes/NAME/theme.yaml`.
pub const THEME: &[Field] =
    &[required("name", Shape::Slug), optional("description", Shape::Text), optional("version", Shape::Text)];
