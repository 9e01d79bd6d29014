//! The properties of an office document: who made it, where, with which additions (ECMA-376 part 2, 11, and part 1,
//! 22.2; OpenDocument 1.3 part 3, 4.3). In: a package. Out: traces of the file.

use super::super::gathering::Gathering;
use super::super::xml::{self, Piece};
use super::super::{Mark, Place, Problem};
use super::package::Package;

/// Parts with properties.
const PARTS: &[&str] = &["docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"];

/// Reads the properties.
pub(super) fn read(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    package.relations("", gathering)?;
    for name in PARTS {
        let Some(part) = package.part(name, gathering)? else { continue };
        let (mut text, mut property) = (String::new(), None::<String>);
        let opendocument = *name == "meta.xml";
        xml::walk(&part, gathering, |piece, _, gathering| match piece {
            Piece::Open(tag) => {
                text.clear();
                if matches!(tag.name(), "property" | "user-defined") {
                    property = tag.attribute("name");
                }
            }
            Piece::Text(piece) => text.push_str(piece),
            Piece::Close(name) => {
                if let Some(mark) = mark(name, opendocument) {
                    gathering.said(Place::File, mark, &text);
                } else if let Some(property) = property.as_ref().filter(|_| !text.trim().is_empty()) {
                    let property = property.clone();
                    gathering.said(Place::File, |value| Mark::Property(property, value), &text);
                }
                if matches!(name, "property" | "user-defined") {
                    property = None;
                }
                text.clear();
            }
        })?;
    }
    Ok(())
}

/// What an element of the properties means. OpenDocument's `creator` is who saved the file last.
fn mark(name: &str, opendocument: bool) -> Option<fn(String) -> Mark> {
    Some(match name {
        "creator" if opendocument => Mark::LastModifiedBy,
        "creator" | "initial-creator" => Mark::Author,
        "lastModifiedBy" | "printed-by" => Mark::LastModifiedBy,
        "Company" => Mark::Company,
        "Manager" => Mark::Manager,
        "description" => Mark::Description,
        "HyperlinkBase" => Mark::LocalPath,
        _ => return None,
    })
}
