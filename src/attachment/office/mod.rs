//! Office documents in a package (ZIP): OOXML (ECMA-376), OpenDocument (ISO/IEC 26300), and what other packages are.
//! In: the bytes of a package. Out: its kind, text and traces. A package inside the package is named, never opened;
//! pictures inside are looked at for their own traces.

mod opendocument;
mod package;
mod properties;
mod sheet;
mod slides;
mod word;
mod workbook;

use super::gathering::Gathering;
use super::image;
use super::{Kind, Mark, Place, Problem, Unread};
use package::Package;

/// What tells a package's kind: an entry of this name.
const MAIN: &[(&str, Kind)] = &[
    ("word/document.xml", Kind::Docx),
    ("xl/workbook.xml", Kind::Xlsx),
    ("xl/workbook.bin", Kind::Xlsb),
    ("ppt/presentation.xml", Kind::Pptx),
    ("OFD.xml", Kind::Ofd),
];

/// What the entry `mimetype` says in the other packages.
const MIMETYPES: &[(&str, Kind)] = &[
    ("application/vnd.oasis.opendocument.text", Kind::Odt),
    ("application/vnd.oasis.opendocument.spreadsheet", Kind::Ods),
    ("application/vnd.oasis.opendocument.presentation", Kind::Odp),
    ("application/epub+zip", Kind::Epub),
];

/// Reads a package.
pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) -> Result<(), Problem> {
    let Some(mut package) = Package::open(bytes, gathering)? else { return Ok(()) };
    let kind = kind(&mut package, gathering)?;
    gathering.is(kind);
    match kind {
        Kind::Docx => word::read(&mut package, gathering)?,
        Kind::Xlsx => workbook::read(&mut package, gathering)?,
        Kind::Pptx => slides::read(&mut package, gathering)?,
        Kind::Odt | Kind::Ods | Kind::Odp => opendocument::read(&mut package, gathering)?,
        _ => {
            gathering.unread(Unread::NoReader);
            return Ok(());
        }
    }
    properties::read(&mut package, gathering)?;
    inside(&mut package, gathering)
}

fn kind(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<Kind, Problem> {
    if let Some((_, kind)) = MAIN.iter().find(|(name, _)| package.has(name)) {
        return Ok(*kind);
    }
    let Some(part) = package.part("mimetype", gathering)? else { return Ok(Kind::Zip) };
    let said = String::from_utf8_lossy(&part.bytes);
    let said = said.trim();
    Ok(MIMETYPES.iter().find(|(m, _)| *m == said).map_or(Kind::Zip, |(_, k)| *k))
}

/// Files, programs and pictures that an office document carries.
fn inside(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    for name in package.names() {
        let file = name.rsplit('/').next().unwrap_or_default();
        let ending = file.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
        let place = || Place::Part(name.clone());
        if file.starts_with("vbaProject") && ending == "bin" || name == "Basic/script-lc.xml" {
            gathering.trace(place(), Mark::Macro);
        } else if name.contains("/embeddings/") || name.contains("/activeX/") && ending == "bin" {
            gathering.trace(place(), Mark::EmbeddedFile(file.to_owned()));
        } else if name.starts_with("Object ") && file == "content.xml" {
            gathering.trace(place(), Mark::EmbeddedFile(name.clone()));
        } else if matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "tif" | "tiff")
            && let Some(part) = package.part(&name, gathering)?
        {
            image::within(&part, gathering);
        }
    }
    Ok(())
}
