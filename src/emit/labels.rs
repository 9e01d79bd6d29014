//! The words of the interface in the language of the site, by dotted key: `facts.published`.

use std::collections::BTreeMap;

/// The words a theme brings.
#[derive(Debug, Clone, Default)]
pub struct Labels(BTreeMap<String, String>);

/// Every key that the program itself asks for; a theme that lacks one is THEME-002.
pub const NEEDED: &[&str] = &[
    "facts.publisher",
    "facts.document_number",
    "facts.index_number",
    "facts.year",
    "facts.signed",
    "facts.published",
    "facts.updated",
    "facts.source",
    "facts.openness",
    "facts.downloads",
    "facts.fingerprint",
    "fact_values.fingerprint",
    "fact_values.year",
    "openness.active",
    "status.withdrawn",
    "status.draft",
    "status.scheduled",
    "status.corrected",
    "notice.withdrawn_title",
    "notice.withdrawn_text",
    "notice.draft_title",
    "notice.draft_text",
    "notice.scheduled_title",
    "notice.scheduled_text",
    "notice.corrected_title",
    "notice.corrected_text",
    "notice.superseded_title",
    "notice.superseded_text",
    "notice.superseded_link",
    "version.number",
    "version.kept",
    "version.removed",
    "follow_up.done",
    "follow_up.partly",
    "follow_up.not-done",
    "follow_up.changed",
    "follow_up.ongoing",
    "body.footnotes",
    "body.back_to_reference",
    "body.footnote_reference",
    "body.task_done",
    "body.task_open",
    "body.table",
    "titles.year",
    "titles.archive",
    "titles.organization",
    "titles.accessibility",
    "titles.not_found",
    "titles.alias",
    "titles.withdrawn_prefix",
    "titles.superseded_prefix",
    "feed.title",
    "feed.description",
    "feed.corrected",
    "description.year",
    "description.archive",
    "description.organization",
    "description.accessibility",
];

impl Labels {
    /// Labels from dotted keys.
    pub fn new(words: BTreeMap<String, String>) -> Self {
        Self(words)
    }

    /// The keys of [`NEEDED`] that are missing.
    pub fn missing(&self) -> Vec<&'static str> {
        NEEDED.iter().copied().filter(|k| !self.0.contains_key(*k)).collect()
    }

    /// The words of a key; the key itself where there are none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The words of a key with `{places}` filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }
}

/// Replaces each `{name}` by its value.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_string(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
