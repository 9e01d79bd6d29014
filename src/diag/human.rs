//! A finding for people at a terminal: excerpt, caret, cause and help, in the manner of rustc.

use super::{Severity, Shown, ShownPlace, message};
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
    let mut places = finding.places.as_slice();
    while let Some((first, rest)) = places.split_first() {
        let Some(shown) = &first.excerpt else {
            group = group.element(Origin::path(first.file.as_str()));
            places = rest;
            continue;
        };
        // Places in the same lines are marked in one excerpt.
        let same = |p: &&ShownPlace| {
            let excerpt = p.excerpt.as_ref().map(|e| (e.first_line, e.text.as_str()));
            p.file == first.file && excerpt == Some((shown.first_line, shown.text.as_str()))
        };
        let here = rest.iter().take_while(same).count();
        let marks = [first].into_iter().chain(&rest[..here]).filter_map(|p| {
            let kind =
                if std::ptr::eq(p, &finding.places[0]) { AnnotationKind::Primary } else { AnnotationKind::Context };
            Some(kind.span(p.excerpt.as_ref()?.span.clone()).label(p.note.as_deref()))
        });
        let lines = Snippet::source(&shown.text).path(first.file.as_str()).line_start(shown.first_line);
        group = group.element(lines.annotations(marks));
        places = &rest[here..];
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
