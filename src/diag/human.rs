//! A finding for people at a terminal: excerpt, caret, cause and help, in the manner of rustc.

use super::{Diagnostic, Excerpt, Label, Severity, message};
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

/// Prints one finding. `locate` makes a label's place concrete; `None` shows the file alone.
pub fn render(finding: &Diagnostic, lang: Lang, style: Style, locate: &dyn Fn(&Label) -> Option<Excerpt>) -> String {
    let words = |key| message::lookup(key, lang);
    let level = match finding.severity {
        Severity::Error => Level::ERROR.with_name(words("severity.error")),
        Severity::Warning => Level::WARNING.with_name(words("severity.warning")),
        Severity::Info => Level::INFO.with_name(words("severity.info")),
    };
    let excerpts: Vec<_> = finding.labels.iter().map(|l| (l, locate(l))).collect();
    let notes: Vec<_> = excerpts.iter().map(|(l, _)| l.note.as_ref().map(|n| n.text(lang))).collect();
    let mut group =
        level.primary_title(finding.message.text(lang)).id(finding.code.as_str()).elements(Vec::<Element<'_>>::new());
    for (index, ((label, excerpt), note)) in excerpts.iter().zip(&notes).enumerate() {
        group = match excerpt {
            Some(e) => {
                let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let mark = kind.span(e.span.clone()).label(note.as_deref());
                group.element(
                    Snippet::source(&e.text).path(label.file.as_str()).line_start(e.first_line).annotation(mark),
                )
            }
            None => group.element(Origin::path(label.file.as_str())),
        };
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.with_name(words("severity.help")).message(help.text(lang)));
    }
    let renderer = if style == Style::Colour { Renderer::styled() } else { Renderer::plain() };
    let report: [Group<'_>; 1] = [group];
    renderer.render(&report)
}
