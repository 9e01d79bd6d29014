//! Tag files of a bag: `bagit.txt`, which says what it is, and `bag-info.txt`, which says what is in it.
//! In: text and fields. Out: fields and text (RFC 8493, 2.1.1 and 2.2.2). Touches no file.

use super::manifest::lines;

/// A version of BagIt: major and minor number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16, pub u16);

impl Version {
    /// The one before the RFC, still written by much software.
    pub const V0_97: Self = Self(0, 97);
    /// RFC 8493.
    pub const V1_0: Self = Self(1, 0);

    /// Whether this program knows it: 0.93 to 0.97, and 1.0.
    pub fn is_known(self) -> bool {
        (Self(0, 93)..=Self::V0_97).contains(&self) || self == Self::V1_0
    }

    /// The name of the file with the description: another before 0.96.
    pub fn info_file(self) -> &'static str {
        if self < Self(0, 96) { "package-info.txt" } else { "bag-info.txt" }
    }
}

/// In which encoding tag files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, and US-ASCII, which is part of it.
    Utf8,
    /// ISO 8859-1.
    Latin1,
    /// UTF-16 with a byte order mark, or big-endian without one.
    Utf16,
}

impl Encoding {
    /// The encoding of a name of the IANA registry.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" | "US-ASCII" | "ASCII" => Some(Self::Utf8),
            "ISO-8859-1" | "ISO_8859-1" | "LATIN1" => Some(Self::Latin1),
            "UTF-16" => Some(Self::Utf16),
            _ => None,
        }
    }

    /// The text of bytes; `None` when they are not in this encoding.
    pub fn text(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_string),
            Self::Latin1 => Some(bytes.iter().map(|b| char::from(*b)).collect()),
            Self::Utf16 => {
                let (pairs, little) = match bytes {
                    [0xff, 0xfe, rest @ ..] => (rest, true),
                    [0xfe, 0xff, rest @ ..] => (rest, false),
                    _ => (bytes, false),
                };
                let unit = |pair: &[u8]| match pair {
                    [a, b] if little => Some(u16::from_le_bytes([*a, *b])),
                    [a, b] => Some(u16::from_be_bytes([*a, *b])),
                    _ => None,
                };
                let units: Option<Vec<u16>> = pairs.chunks(2).map(unit).collect();
                String::from_utf16(&units?).ok()
            }
        }
    }
}

/// What `bagit.txt` says, or why it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declaration {
    /// Version, and the encoding as it is named.
    Read(Version, String),
    /// It begins with a byte order mark, which is forbidden.
    Marked,
    /// It is not the two lines that it must be.
    Malformed,
}

/// Reads `bagit.txt`: exactly two lines, in this order (RFC 8493, 2.1.1).
pub fn declaration(bytes: &[u8]) -> Declaration {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Declaration::Marked;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Declaration::Malformed };
    let mut found = lines(text);
    let mut value = |label: &str| {
        let (name, value) = found.next()?.1.split_once(':')?;
        // Before 1.0 the white space was a matter of taste.
        (name.trim_end() == label).then(|| value.trim())
    };
    let read = value("BagIt-Version").zip(value("Tag-File-Character-Encoding"));
    let number = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        let digits =
            |t: &str| (!t.is_empty() && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten();
        Some(Version(digits(major)?, digits(minor)?))
    };
    match read.and_then(|(version, encoding)| Some((number(version)?, encoding))) {
        Some((version, encoding)) if !encoding.is_empty() && found.all(|(_, line)| line.is_empty()) => {
            Declaration::Read(version, encoding.to_string())
        }
        _ => Declaration::Malformed,
    }
}

/// `bagit.txt` of a bag of version 1.0.
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Fields of `bag-info.txt`, in their order, and the numbers of lines that are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// Label and value; folded lines are joined by a space.
    pub fields: Vec<(String, String)>,
    /// Lines, from 1, that are no field and continue none.
    pub faults: Vec<usize>,
}

impl Info {
    /// Reads the text of `bag-info.txt`.
    pub fn read(text: &str) -> Self {
        let mut info = Self::default();
        for (number, line) in lines(text) {
            if line.trim().is_empty() {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                match info.fields.last_mut() {
                    Some((_, value)) => {
                        let glue = if value.is_empty() { "" } else { " " };
                        *value = format!("{value}{glue}{}", line.trim());
                    }
                    None => info.faults.push(number),
                }
                continue;
            }
            match line.split_once(':').filter(|(label, _)| !label.trim().is_empty()) {
                Some((label, value)) => info.fields.push((label.trim().into(), value.trim().into())),
                None => info.faults.push(number),
            }
        }
        info
    }

    /// The values of a label, which is compared without regard to case.
    pub fn all<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(l, _)| l.eq_ignore_ascii_case(label)).map(|(_, value)| value.as_str())
    }

    /// The text of `bag-info.txt`: a field a line, folded between words where it is longer than 79 characters.
    pub fn write(&self) -> String {
        let mut out = String::new();
        for (label, value) in &self.fields {
            let mut width = label.chars().count() + 1;
            out.push_str(label);
            out.push(':');
            for word in value.split_whitespace() {
                let length = word.chars().count();
                if width + 1 + length > LINE && width > label.chars().count() + 1 {
                    out.push_str("\n  ");
                    width = 2 + length;
                } else {
                    out.push(' ');
                    width += 1 + length;
                }
                out.push_str(word);
            }
            out.push('\n');
        }
        out
    }
}

/// Longest line that is written, in characters (RFC 8493, 2.2.2), unless a word is longer.
const LINE: usize = 79;

/// Bytes and files of a payload, as `Payload-Oxum` says them: `279164409832.1198`.
pub fn oxum(text: &str) -> Option<(u64, u64)> {
    let (bytes, files) = text.split_once('.')?;
    let number = |t: &str| (!t.is_empty() && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten();
    Some((number(bytes)?, number(files)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_is_two_lines_and_nothing_else() {
        let read = |text: &str| declaration(text.as_bytes());
        assert_eq!(read(DECLARATION), Declaration::Read(Version::V1_0, "UTF-8".into()));
        let old = "BagIt-Version: 0.97\r\nTag-File-Character-Encoding: UTF-8";
        assert_eq!(read(old), Declaration::Read(Version::V0_97, "UTF-8".into()));
        assert_eq!(read(&format!("\u{feff}{DECLARATION}")), Declaration::Marked);
        let swapped = "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n";
        for bad in ["", "BagIt-Version: 1.0\n", swapped, "BagIt-Version: 1\nTag-File-Character-Encoding: UTF-8\n"] {
            assert_eq!(read(bad), Declaration::Malformed, "{bad:?}");
        }
        assert_eq!(read(&format!("{DECLARATION}more: x\n")), Declaration::Malformed);
    }

    #[test]
    fn versions_between_the_known_ones_are_unknown() {
        let known = [Version(0, 93), Version(0, 97), Version(1, 0)];
        assert!(known.iter().all(|v| v.is_known()));
        assert!([Version(0, 92), Version(0, 98), Version(1, 1), Version(2, 0)].iter().all(|v| !v.is_known()));
    }

    #[test]
    fn a_folded_field_is_one_value() {
        let info = Info::read("A: one\n  two\n\tthree\nB:\n x\nno field\n");
        let field = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(info.fields, [field("A", "one two three"), field("B", "x")]);
        assert_eq!(info.faults, [6]);
        let long = Info { fields: vec![field("Description", &"word ".repeat(40))], faults: Vec::new() };
        let text = long.write();
        assert!(text.lines().all(|l| l.len() <= 79) && text.lines().count() > 2, "{text}");
    }

    #[test]
    fn other_encodings_are_read_by_their_rules() {
        assert_eq!(Encoding::Latin1.text(b"\xe9"), Some("é".into()));
        assert_eq!(Encoding::Utf16.text(b"\xff\xfea\0"), Some("a".into()));
        assert_eq!((Encoding::Utf8.text(b"\xe9"), Encoding::Utf16.text(b"a")), (None, None));
        assert_eq!(Encoding::named("KOI8-R"), None);
    }
}
