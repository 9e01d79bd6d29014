//! What a file is, by its first bytes and never by its name: the signatures that its format prescribes.
//! In: bytes. Out: a [`Kind`]. Which office document a package is, its reader tells; text is told from noise by
//! being UTF-8 without control characters.

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Kind {
    Docx,
    Xlsx,
    /// The binary twin of XLSX.
    Xlsb,
    Pptx,
    Odt,
    Ods,
    Odp,
    /// GB/T 33190-2016.
    Ofd,
    Epub,
    /// A package of another kind.
    Zip,
    Doc,
    Xls,
    Ppt,
    /// An office document behind a password.
    EncryptedOffice,
    /// Another compound file, as old office programs wrote them.
    CompoundFile,
    Rtf,
    Pdf,
    Png,
    Jpeg,
    Gif,
    Webp,
    Tiff,
    Bmp,
    Heif,
    Svg,
    Csv,
    /// Text without markup, in UTF-8 or perhaps another encoding.
    Text,
    Json,
    Xml,
    Html,
    Gzip,
    Rar,
    SevenZip,
    Mp3,
    Mp4,
    /// A program: Windows, Linux, macOS, a script with an interpreter's line.
    Executable,
    Unknown,
}

/// Signatures at the start of a file.
const SIGNATURES: &[(&[u8], Kind)] = &[
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"%PDF-", Kind::Pdf),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"GIF87a", Kind::Gif),
    (b"GIF89a", Kind::Gif),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"{\\rtf", Kind::Rtf),
    (b"\x1f\x8b", Kind::Gzip),
    (b"Rar!\x1a\x07", Kind::Rar),
    (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (b"\x7fELF", Kind::Executable),
    (b"MZ", Kind::Executable),
    (b"\xca\xfe\xba\xbe", Kind::Executable),
    (b"\xcf\xfa\xed\xfe", Kind::Executable),
    (b"\xfe\xed\xfa\xcf", Kind::Executable),
    (b"#!", Kind::Executable),
    (b"ID3", Kind::Mp3),
];

/// Names of streams in a compound file, from which its kind follows.
const STREAMS: &[(&str, Kind)] = &[
    ("EncryptedPackage", Kind::EncryptedOffice),
    ("WordDocument", Kind::Doc),
    ("Workbook", Kind::Xls),
    ("Book", Kind::Xls),
    ("PowerPoint Document", Kind::Ppt),
];

/// How far into a file its signature may stand: readers of PDF accept the first kilobyte.
const HEAD: usize = 1024;
/// How much of a text is looked at.
const SAMPLE: usize = 64_000;

/// What the bytes are.
pub(super) fn recognise(bytes: &[u8]) -> Kind {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    if let Some((signature, kind)) = SIGNATURES.iter().find(|(s, _)| head.starts_with(s)) {
        let certain = signature.len() > 2 || *kind != Kind::Executable || executable(head);
        if certain {
            return *kind;
        }
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound(bytes);
    }
    match (head.get(..4), head.get(4..8), head.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => return Kind::Webp,
        (_, Some(b"ftyp"), Some(b"heic" | b"heix" | b"mif1" | b"heim" | b"avif")) => return Kind::Heif,
        (_, Some(b"ftyp"), Some(_)) => return Kind::Mp4,
        _ => {}
    }
    if head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Kind::Bmp;
    }
    if matches!(head, [0xff, 0xfb | 0xf3 | 0xf2, ..]) {
        return Kind::Mp3;
    }
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        return Kind::Pdf;
    }
    text(bytes)
}

/// Two letters begin many texts: a program also has a nul or a path to its interpreter.
fn executable(head: &[u8]) -> bool {
    head.contains(&0) || head.starts_with(b"#!/") || head.starts_with(b"#! /")
}

fn compound(bytes: &[u8]) -> Kind {
    for (name, kind) in STREAMS {
        let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        if memchr::memmem::find(bytes, &utf16).is_some() {
            return *kind;
        }
    }
    Kind::CompoundFile
}

fn text(bytes: &[u8]) -> Kind {
    let sample = match bytes.get(..SAMPLE) {
        Some(sample) => memchr::memrchr(b'\n', sample).and_then(|end| sample.get(..=end)).unwrap_or(sample),
        None => bytes,
    };
    if matches!(sample, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Kind::Text;
    }
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c) || *b == 0x7f;
    if sample.iter().any(control) {
        return Kind::Unknown;
    }
    let words = String::from_utf8_lossy(sample);
    let start = words.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let lower: String = start.chars().take(2000).collect::<String>().to_ascii_lowercase();
    match lower.as_bytes() {
        [b'<', ..] => match lower.find("<svg").or_else(|| lower.find(":svg")) {
            Some(at) if lower.find("<html").is_none_or(|h| at < h) => Kind::Svg,
            _ if lower.contains("<html") || lower.starts_with("<!doctype html") => Kind::Html,
            _ if lower.starts_with("<?xml") => Kind::Xml,
            _ => Kind::Html,
        },
        [b'{' | b'[', ..] if matches!(start.trim_end().as_bytes(), [.., b'}' | b']']) => Kind::Json,
        _ if super::plain::separator(&words).is_some() => Kind::Csv,
        _ => Kind::Text,
    }
}
