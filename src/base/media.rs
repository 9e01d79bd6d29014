//! What a file ending means: its media type (IANA) and the short name readers know; and which types are text, whose
//! character set a host has to say.

/// The media type and the reader's name of a file ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// IANA media type.
    pub mime: &'static str,
    /// The name in a download line: `XLSX`.
    pub label: &'static str,
}

const KNOWN: &[(&str, &str, &str)] = &[
    ("avif", "image/avif", "AVIF"),
    ("css", "text/css", "CSS"),
    ("csv", "text/csv", "CSV"),
    ("doc", "application/msword", "DOC"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
    ("gif", "image/gif", "GIF"),
    ("htm", "text/html", "HTML"),
    ("html", "text/html", "HTML"),
    ("ico", "image/vnd.microsoft.icon", "ICO"),
    ("jpeg", "image/jpeg", "JPEG"),
    ("jpg", "image/jpeg", "JPEG"),
    ("js", "text/javascript", "JS"), // RFC 9239
    ("json", "application/json", "JSON"),
    ("md", "text/markdown", "MD"), // RFC 7763
    ("mjs", "text/javascript", "JS"),
    ("mp3", "audio/mpeg", "MP3"),
    ("mp4", "video/mp4", "MP4"),
    ("odp", "application/vnd.oasis.opendocument.presentation", "ODP"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet", "ODS"),
    ("odt", "application/vnd.oasis.opendocument.text", "ODT"),
    ("ofd", "application/ofd", "OFD"),
    ("pdf", "application/pdf", "PDF"),
    ("png", "image/png", "PNG"),
    ("ppt", "application/vnd.ms-powerpoint", "PPT"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PPTX"),
    ("svg", "image/svg+xml", "SVG"),
    ("txt", "text/plain", "TXT"),
    ("webmanifest", "application/manifest+json", "JSON"),
    ("webp", "image/webp", "WEBP"),
    ("woff", "font/woff", "WOFF"),
    ("woff2", "font/woff2", "WOFF2"),
    ("xls", "application/vnd.ms-excel", "XLS"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    ("xml", "application/xml", "XML"),
    ("zip", "application/zip", "ZIP"),
];

/// Files of a section whose type their ending does not tell: path below the section's root, media type.
pub const NAMED: &[(&str, &str)] = &[("atom.xml", "application/atom+xml"), ("feed.json", "application/feed+json")];

/// Types of text that are sent with their character set: a browser that is left to guess may take Chinese text for GBK.
const TEXT: &[(&str, &str)] = &[
    ("application/atom+xml", "application/atom+xml; charset=utf-8"),
    ("application/feed+json", "application/feed+json; charset=utf-8"),
    ("application/json", "application/json; charset=utf-8"),
    ("application/manifest+json", "application/manifest+json; charset=utf-8"),
    ("application/xml", "application/xml; charset=utf-8"),
    ("text/css", "text/css; charset=utf-8"),
    ("text/csv", "text/csv; charset=utf-8"),
    ("text/html", "text/html; charset=utf-8"),
    ("text/javascript", "text/javascript; charset=utf-8"),
    ("text/markdown", "text/markdown; charset=utf-8"),
    ("text/plain", "text/plain; charset=utf-8"),
];

/// The media type of a file name, by its ending in any case; octets when the ending is unknown.
pub fn of_name(name: &str) -> Media {
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    KNOWN
        .binary_search_by_key(&ending.as_str(), |k| k.0)
        .map(|i| Media { mime: KNOWN[i].1, label: KNOWN[i].2 })
        .unwrap_or(Media { mime: "application/octet-stream", label: "FILE" })
}

/// The media type of a file at a path below the section's root, without its character set.
pub fn of_path(path: &str) -> &'static str {
    NAMED.iter().find(|(name, _)| *name == path).map_or_else(|| of_name(path).mime, |(_, mime)| mime)
}

/// `Content-Type` of a file at a path below the section's root, whose text is UTF-8: `text/csv; charset=utf-8`.
pub fn in_utf8(path: &str) -> &'static str {
    named(of_path(path))
}

/// `Content-Type` of a file with these bytes: a character set is claimed only where it holds, since an attachment may be
/// in another one (RFC 2046 leaves the default to nobody).
pub fn of_bytes(path: &str, bytes: &[u8]) -> &'static str {
    let mime = of_path(path);
    let named = named(mime);
    if mime != named && simdutf8::basic::from_utf8(bytes).is_ok() { named } else { mime }
}

/// The media type with its character set, where it is text.
fn named(mime: &'static str) -> &'static str {
    TEXT.iter().find(|(text, _)| *text == mime).map_or(mime, |(_, named)| named)
}

/// Every ending that is known, in small letters, sorted.
pub fn endings() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|k| k.0)
}

/// A size for readers, in decimal units as storage is sold and as IEC 80000-13 defines kB: `12.4 KB`.
pub fn human_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let (mut tenths, mut unit) = ((bytes + 50) / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths = (tenths + 500) / 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_sorted_and_found_in_any_case() {
        assert!(KNOWN.is_sorted_by_key(|k| k.0));
        assert_eq!(of_name("附件1.XLSX").label, "XLSX");
        assert_eq!(of_name("README").mime, "application/octet-stream");
    }

    #[test]
    fn text_says_its_charset_where_it_holds() {
        assert!(TEXT.is_sorted() && TEXT.iter().all(|(mime, named)| *named == format!("{mime}; charset=utf-8")));
        let cases = [
            ("index.html", "text/html; charset=utf-8"),
            ("atom.xml", "application/atom+xml; charset=utf-8"),
            ("2024/atom.xml", "application/xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
            ("2024/data-bureau.json", "application/json; charset=utf-8"),
            ("2024/a/附件.CSV", "text/csv; charset=utf-8"),
            ("manifest-sha256.txt", "text/plain; charset=utf-8"),
            ("a.pdf", "application/pdf"),
            ("a.svg", "image/svg+xml"),
            ("_headers", "application/octet-stream"),
        ];
        for (path, wanted) in cases {
            assert_eq!((in_utf8(path), of_bytes(path, "表".as_bytes())), (wanted, wanted), "{path}");
        }
        assert_eq!(of_bytes("2024/a/rows.csv", b"\xb1\xed"), "text/csv", "GBK");
    }

    #[test]
    fn sizes_round_to_a_tenth() {
        let sizes = [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (12_350, "12.4 KB"), (999_999, "1.0 MB")];
        for (bytes, text) in sizes {
            assert_eq!(human_size(bytes), text);
        }
    }
}
