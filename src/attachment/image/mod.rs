//! Pictures: the metadata that cameras and drawing programs write into them. In: bytes. Out: traces, for SVG text too.
//! Pixels are not decoded. A container is cut into its blocks here (`blocks`); EXIF and XMP are read from them.

mod blocks;
mod exif;
mod vector;
mod xmp;

use super::gathering::Gathering;
use super::xml::Part;
use super::{Kind, Mark, Place, Problem, kind};
pub(super) use vector::svg;

/// A block of metadata.
enum Block<'a> {
    Exif(&'a [u8]),
    Xmp(&'a [u8]),
    /// A comment with the keyword that PNG gives it.
    Comment(String, String),
    /// So many bytes after the end of the picture.
    AfterEnd(usize),
}

/// Reads a picture.
///
/// # Errors
///
/// When its blocks do not reach its end.
pub(super) fn read(kind: Kind, bytes: &[u8], gathering: &mut Gathering) -> Result<(), Problem> {
    let place = Place::File;
    let blocks = blocks::blocks(kind, bytes).map_err(|reason| Problem::Damaged {
        kind,
        part: String::new(),
        reason: reason.to_owned(),
    })?;
    traces(&place, blocks, gathering);
    Ok(())
}

/// Reads a picture inside a document; a broken one there is the document's affair.
pub(super) fn within(part: &Part, gathering: &mut Gathering) {
    let kind = kind::recognise(&part.bytes);
    if let Ok(blocks) = blocks::blocks(kind, &part.bytes) {
        traces(&Place::Part(part.name.clone()), blocks, gathering);
    }
}

/// Reads the XMP packet of a PDF and gives the title in it.
pub(super) fn packet(bytes: &[u8], gathering: &mut Gathering) -> Option<String> {
    xmp::read(bytes, &Place::File, gathering)
}

fn traces(place: &Place, blocks: Vec<Block<'_>>, gathering: &mut Gathering) {
    for block in blocks {
        match block {
            Block::Exif(bytes) => exif::read(bytes, place, gathering),
            Block::Xmp(bytes) => {
                xmp::read(bytes, place, gathering);
            }
            Block::Comment(keyword, text) => gathering.said(place.clone(), mark(&keyword), &text),
            Block::AfterEnd(count) => gathering.trace(place.clone(), Mark::AfterEnd(count)),
        }
    }
}

/// What a keyword of PNG means (ISO/IEC 15948, 11.3.4.2).
fn mark(keyword: &str) -> fn(String) -> Mark {
    match keyword {
        "Author" => Mark::Author,
        "Software" => Mark::Software,
        "Source" => Mark::Device,
        _ => Mark::Description,
    }
}
