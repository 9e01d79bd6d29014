//! EXIF (JEITA CP-3451 / CIPA DC-008): position, people, devices, serial numbers, remarks. In: a TIFF structure. Out:
//! traces. Broken parts of it are unread; what can be read beside them counts.

use super::super::gathering::Gathering;
use super::super::{Mark, Place, Unread};
use exif::{Context, Exif, In, Reader, Tag, Value};

/// Largest EXIF block in bytes: a JPEG segment holds 64 KB, TIFF files hold the picture itself.
const BYTES: usize = 64_000_000;

/// A sort of trace made of words.
type Sort = fn(String) -> Mark;

/// Windows' own fields, in UTF-16: title, comment, author, keywords, subject.
const WINDOWS: &[(u16, Sort)] = &[
    (0x9c9b, Mark::Description),
    (0x9c9c, Mark::Description),
    (0x9c9d, Mark::Author),
    (0x9c9e, Mark::Description),
    (0x9c9f, Mark::Description),
];

/// Fields that are text, and what they mean.
const TEXTS: &[(Tag, Sort)] = &[
    (Tag::Artist, Mark::Author),
    (Tag::CameraOwnerName, Mark::Author),
    (Tag::Copyright, Mark::Description),
    (Tag::ImageDescription, Mark::Description),
    (Tag::UserComment, Mark::Description),
    (Tag::BodySerialNumber, Mark::SerialNumber),
    (Tag::LensSerialNumber, Mark::SerialNumber),
    (Tag::Model, Mark::Device),
    (Tag::Software, Mark::Software),
];

pub(super) fn read(bytes: &[u8], place: &Place, gathering: &mut Gathering) {
    if bytes.len() > BYTES {
        return gathering.unread(Unread::PictureMetadata);
    }
    let mut partial = false;
    let exif = Reader::new().continue_on_error(true).read_raw(bytes.to_vec());
    let exif = exif.or_else(|e| {
        partial = true;
        e.distill_partial_result(|_| {})
    });
    if partial {
        gathering.unread(Unread::PictureMetadata);
    }
    let Ok(exif) = exif else { return };
    let mut position = false;
    for field in exif.fields() {
        position |= matches!(field.tag, Tag::GPSLatitude | Tag::GPSLongitude);
        let text = || match &field.value {
            Value::Ascii(lines) => lines.iter().map(|l| String::from_utf8_lossy(l)).collect::<Vec<_>>().join(" "),
            Value::Undefined(bytes, _) => comment(bytes),
            _ => String::new(),
        };
        if let Some((_, mark)) = TEXTS.iter().find(|(tag, _)| *tag == field.tag) {
            gathering.said(place.clone(), mark, &text());
        }
        if let (Context::Tiff, number, Value::Byte(bytes)) = (field.tag.context(), field.tag.number(), &field.value)
            && let Some((_, mark)) = WINDOWS.iter().find(|(tag, _)| *tag == number)
        {
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|u| u16::from_le_bytes(*u)).collect();
            gathering.said(place.clone(), mark, &String::from_utf16_lossy(&units));
        }
    }
    if position {
        gathering.trace(place.clone(), Mark::Position(coordinates(&exif)));
    }
}

/// `UserComment`: eight bytes name its character code.
fn comment(bytes: &[u8]) -> String {
    match bytes.split_at_checked(8) {
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0", text)) => String::from_utf8_lossy(text).into_owned(),
        _ => String::new(),
    }
}

/// `30.123456, -120.654321`, as far as it can be read.
fn coordinates(exif: &Exif) -> String {
    let degrees = |tag, reference| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let [degrees, minutes, seconds, ..] = parts.as_slice() else { return None };
        let size = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
        let away = exif.get_field(reference, In::PRIMARY).is_some_and(|f| match &f.value {
            Value::Ascii(lines) => lines.first().is_some_and(|l| matches!(l.first(), Some(b'S' | b'W'))),
            _ => false,
        });
        size.is_finite().then(|| format!("{:.6}", if away { -size } else { size }))
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef);
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef);
    [latitude, longitude].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
