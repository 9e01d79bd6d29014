//! SVG: its text, its scripts, what it fetches from elsewhere, and what drawing programs noted. In: bytes. Out: passages
//! and traces. Text is placed by the number of its text element.

use super::super::gathering::Gathering;
use super::super::xml::{self, Part, Path, Piece, Tag};
use super::super::{Mark, Place, Problem, Standing};

/// Reads an SVG.
pub(in super::super) fn svg(bytes: &[u8], gathering: &mut Gathering) -> Result<(), Problem> {
    let part = Part { name: String::new(), bytes: bytes.to_vec(), cut: false };
    let (mut number, mut text) = (0, String::new());
    xml::walk(&part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) => {
            opened(tag, path, gathering);
            if matches!(tag.name(), "text" | "title" | "desc" | "creator") && !path.inside("text") {
                text.clear();
            }
        }
        Piece::Text(piece) => {
            if path.last() == "style" && (piece.contains("@import") || piece.contains("url(http")) {
                gathering.said(Place::File, Mark::ExternalReference, piece);
            }
            text.push_str(piece);
        }
        Piece::Close("creator") => gathering.said(Place::File, Mark::Author, &text),
        Piece::Close("text" | "title" | "desc" | "p" | "div") if !path.inside("text") && !path.inside("metadata") => {
            number += 1;
            gathering.passage(Place::Paragraph(number), Standing::Shown, &text);
            text.clear();
        }
        Piece::Close(_) => {}
    })
}

fn opened(tag: &Tag<'_>, path: &Path, gathering: &mut Gathering) {
    if tag.name() == "script" {
        gathering.trace(Place::File, Mark::Script);
    }
    for (name, value) in tag.attributes() {
        let value = value.trim();
        match xml::local(&name) {
            "href" | "src" if tag.name() != "a" && !value.starts_with('#') && !value.starts_with("data:") => {
                gathering.said(Place::File, Mark::ExternalReference, value);
            }
            "href" if value.to_ascii_lowercase().starts_with("javascript:") => {
                gathering.trace(Place::File, Mark::Script);
            }
            "style" | "fill" | "filter" | "mask" if value.contains("url(http") => {
                gathering.said(Place::File, Mark::ExternalReference, value);
            }
            "docname" | "export-filename" | "absref" => gathering.said(Place::File, Mark::LocalPath, value),
            "resource" if path.inside("creator") => gathering.said(Place::File, Mark::Author, value),
            event if event.len() > 2 && event.starts_with("on") && !name.contains(':') => {
                gathering.trace(Place::File, Mark::Script);
            }
            _ => {}
        }
    }
}
