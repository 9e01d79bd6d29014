//! What a file ending means: its media type (IANA) and the short name readers know.

/// The media type and the reader's name of a file ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// IANA media type.
    pub mime: &'static str,
    /// The name in a download line: `XLSX`.
    pub label: &'static str,
}

const KNOWN: &[(&str, &str, &str)] = &[
    ("csv", "text/csv", "CSV"),
    ("doc", "application/msword", "DOC"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
    ("gif", "image/gif", "GIF"),
    ("jpeg", "image/jpeg", "JPEG"),
    ("jpg", "image/jpeg", "JPEG"),
    ("json", "application/json", "JSON"),
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
    ("webp", "image/webp", "WEBP"),
    ("xls", "application/vnd.ms-excel", "XLS"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    ("xml", "application/xml", "XML"),
    ("zip", "application/zip", "ZIP"),
];

/// The media type of a file name, by its ending in any case; octets when the ending is unknown.
pub fn of_name(name: &str) -> Media {
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    KNOWN
        .binary_search_by_key(&ending.as_str(), |k| k.0)
        .map(|i| Media { mime: KNOWN[i].1, label: KNOWN[i].2 })
        .unwrap_or(Media { mime: "application/octet-stream", label: "FILE" })
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
    fn sizes_round_to_a_tenth() {
        let sizes = [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (12_350, "12.4 KB"), (999_999, "1.0 MB")];
        for (bytes, text) in sizes {
            assert_eq!(human_size(bytes), text);
        }
    }
}
