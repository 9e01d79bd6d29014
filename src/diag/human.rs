//! A finding for people at a terminal: excerpt, caret, cause and help, in the manner of rustc.

use super::{Severity, Shown, message};
use crate::base::Lang;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

/// Whether the text may carry terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// ANSI colours.
    Colour,
}

/// Prints one finding.
pub fn render(finding: &Shown, lang: Lang, style: Style) -> String {
    let words = |key| message::lookup(key, lang);
    let level = match (finding.severity, &finding.allowed) {
        (_, Some(_)) => Level::NOTE.with_name(words("severity.allowed")),
        (Severity::Error, None) => Level::ERROR.with_name(words("severity.error")),
        (Severity::Warning, None) => Level::WARNING.with_name(words("severity.warning")),
        (Severity::Info, None) => Level::INFO.with_name(words("severity.info")),
    };
    let mut group =
        level.primary_title(finding.message.as_str()).id(finding.code.as_str()).elements(Vec::<Element<'_>>::new());
    for (index, place) in finding.places.iter().enumerate() {
        group = match &place.excerpt {
            Some(e) => {
                let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let mark = kind.span(e.span.clone()).label(place.note.as_deref());
                group.element(
                    Snippet::source(&e.text).path(place.file.as_str()).line_start(e.first_line).annotation(mark),
                )
            }
            None => group.element(Origin::path(place.file.as_str())),
        };
    }
    let reason = finding.allowed.as_ref().map(|why| format!("{}{why}", words("severity.reason")));
    if let Some(reason) = reason.as_ref().or(finding.help.as_ref()) {
        let name = if finding.allowed.is_some() { "severity.allowed" } else { "severity.help" };
        group = group.element(Level::HELP.with_name(words(name)).message(reason.as_str()));
    }
    let renderer = if style == Style::Colour { Renderer::styled() } else { Renderer::plain() };
    let report: [Group<'_>; 1] = [group];
    renderer.render(&report)
}
