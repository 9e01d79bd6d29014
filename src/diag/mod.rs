//! Findings: everything a person should act on, from a YAML slip to a file in the way.
//! In: what a room noticed. Out: one value, that human, JSON and later writers print. Knows no room but `base`.

pub mod code;
pub mod human;
pub mod json;
pub mod message;
pub mod sarif;
pub mod sheet;
mod shown;
pub mod span;

pub use code::Code;
pub use message::Message;
pub use shown::{Shown, ShownPlace};
pub use span::{Excerpt, Key, Label, Place};

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Nothing is published until it is mended.
    Error,
    /// To be mended or allowed with a reason.
    Warning,
    /// To be known.
    Info,
}

/// One finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Which rule speaks.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: Message,
    /// What to do about it.
    pub help: Option<Message>,
    /// Where; the first is the place itself, the others are "see also".
    pub labels: Vec<Label>,
    /// Whether the words at its places may be printed.
    #[serde(default)]
    pub exposure: Exposure,
    /// Why the document lets it stand; none where it does not.
    #[serde(default)]
    pub allowed: Option<String>,
}

/// Whether the words at the places of a finding may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Exposure {
    /// They may.
    #[default]
    Open,
    /// They are what must not be published: no output shows them, in whatever finding their line stands.
    Masked,
}

impl Diagnostic {
    /// A finding of `code` with its usual severity.
    pub fn new(code: Code, message: Message) -> Self {
        Self {
            code,
            severity: code.severity(),
            message,
            help: None,
            labels: Vec::new(),
            exposure: Exposure::Open,
            allowed: None,
        }
    }

    /// Adds a place: the first one added is the place itself.
    pub fn at(mut self, file: impl Into<String>, place: Place) -> Self {
        self.labels.push(Label { file: file.into(), place, note: None });
        self
    }

    /// Adds a place with words beside it.
    pub fn see(mut self, file: impl Into<String>, place: Place, note: Message) -> Self {
        self.labels.push(Label { file: file.into(), place, note: Some(note) });
        self
    }

    /// Keeps the words at its places out of every output.
    pub fn masked(mut self) -> Self {
        self.exposure = Exposure::Masked;
        self
    }

    /// Whether it forbids publication.
    pub fn stops(&self) -> bool {
        self.severity == Severity::Error && self.allowed.is_none()
    }

    /// Says what to do.
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }
}

/// Whether any finding forbids publication.
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(Diagnostic::stops)
}
