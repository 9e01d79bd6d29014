//! What one published attachment or image is and what it carries: its kind by content, its text with places, and the
//! traces of its making that nobody meant to publish (authors, comments, tracked changes, hidden sheets, positions).
//! In: the bytes of one file. Out: [`Contents`], or the [`Problem`] that keeps it from being read.
//! Pure: knows no file name, no rule, no language. The same bytes give the same answer, within [`bounds`]; text that
//! could not be read is named as [`Unread`], never guessed.

pub mod bounds;
mod contents;
mod gathering;
mod image;
mod kind;
mod office;
mod pdf;
mod plain;
mod table;
mod xml;

pub use contents::{
    Cell, Change, Contents, Mark, Passage, PdfFacts, Place, Problem, Standing, TextLayer, Trace, Unread,
};
pub use kind::Kind;

use bounds::Bound;
use gathering::Gathering;

/// Reads one attachment.
///
/// # Errors
///
/// [`Problem::Empty`] for no bytes, [`Problem::Damaged`] for a file that is not what its first bytes promise.
pub fn inspect(bytes: &[u8]) -> Result<Contents, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    let kind = kind::recognise(bytes);
    let mut gathering = Gathering::new(kind);
    if bytes.len() > bounds::FILE_BYTES {
        gathering.hit(Bound::FileBytes);
        gathering.unread(Unread::TooLarge);
        return Ok(gathering.finish());
    }
    match kind {
        Kind::Zip => office::read(bytes, &mut gathering)?,
        Kind::Doc | Kind::Xls | Kind::Ppt | Kind::CompoundFile => gathering.unread(Unread::OldBinary),
        Kind::EncryptedOffice => gathering.unread(Unread::Encrypted),
        Kind::Pdf => pdf::read(bytes, &mut gathering)?,
        Kind::Png | Kind::Jpeg | Kind::Gif | Kind::Webp | Kind::Tiff => image::read(kind, bytes, &mut gathering)?,
        Kind::Svg => image::svg(bytes, &mut gathering)?,
        Kind::Csv | Kind::Text | Kind::Xml | Kind::Html | Kind::Json => plain::read(kind, bytes, &mut gathering),
        _ => gathering.unread(Unread::NoReader),
    }
    Ok(gathering.finish())
}
