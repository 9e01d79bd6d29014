//! XMP (ISO 16684-1): people, positions, serial numbers and programs, as attributes or as elements. In: a packet. Out:
//! traces. PDF files carry the same packets.

use super::super::gathering::Gathering;
use super::super::xml::{self, Part, Piece};
use super::super::{Mark, Place, Unread};

/// What a property means, by its name without prefix.
fn mark(name: &str) -> Option<fn(String) -> Mark> {
    Some(match name {
        "creator" | "Author" | "OwnerName" | "AuthorsPosition" => Mark::Author,
        "SerialNumber" | "BodySerialNumber" | "LensSerialNumber" => Mark::SerialNumber,
        "GPSLatitude" | "GPSLongitude" => Mark::Position,
        "CreatorTool" => Mark::Software,
        "description" | "UserComment" => Mark::Description,
        "filePath" => Mark::LocalPath,
        _ => return None,
    })
}

/// Reads a packet and gives the title in it.
pub(super) fn read(bytes: &[u8], place: &Place, gathering: &mut Gathering) -> Option<String> {
    let part = Part { name: String::new(), bytes: bytes.to_vec(), cut: false };
    let (mut text, mut title) = (String::new(), None);
    let walked = xml::walk(&part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) => {
            text.clear();
            for (name, value) in tag.attributes() {
                if let Some(mark) = mark(xml::local(&name)) {
                    gathering.said(place.clone(), mark, &value);
                }
            }
        }
        Piece::Text(piece) => text.push_str(piece),
        // A value stands in its property or in the items of a list in it.
        Piece::Close(name) => {
            let property = if name == "li" { path.above() } else { name };
            if property == "title" && !text.trim().is_empty() {
                title = Some(text.trim().to_owned());
            } else if let Some(mark) = mark(property) {
                gathering.said(place.clone(), mark, &text);
            }
            text.clear();
        }
    });
    if walked.is_err() {
        gathering.unread(Unread::PictureMetadata);
    }
    title
}
