//! Paths inside a bag: how a manifest writes them, which of them no program should follow, and which two are one name on
//! another machine. In: text. Out: text and verdicts. Touches no file.

use super::tags::Version;
use unicode_normalization::UnicodeNormalization;

/// Longest path, in bytes; the longest that Linux opens.
pub const PATH_BYTES: usize = 4096;
/// Deepest path, in segments.
pub const PATH_SEGMENTS: usize = 64;

/// A path as a manifest of BagIt 1.0 writes it: `%`, CR and LF percent-encoded and nothing else (RFC 8493, 2.1.3).
pub fn encode(path: &str) -> String {
    path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Undoes [`encode`]. Before 1.0 a percent sign stood for itself, so that only CR and LF are decoded there.
pub fn decode(text: &str, version: Version) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).map(str::to_ascii_uppercase);
        let known = match code.as_deref() {
            Some("0D") => Some('\r'),
            Some("0A") => Some('\n'),
            Some("25") if version >= Version::V1_0 => Some('%'),
            _ => None,
        };
        match known {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 3..];
            }
            None => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a path stays inside the folder it is joined to, whoever reads it: a program on Windows, a shell that knows `~`,
/// one that undoes percent-encoding. What is told apart here is only safe and unsafe.
pub fn is_safe(path: &str) -> bool {
    let stays = |path: &str| {
        let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
        let segment = |s: &str| !matches!(s, "" | "." | "..");
        !drive && !path.starts_with('~') && !path.contains(['\\', '\0']) && path.split('/').all(segment)
    };
    let short = path.len() <= PATH_BYTES && path.split('/').count() <= PATH_SEGMENTS;
    short && stays(path) && crate::base::path::decode(path).is_none_or(|decoded| stays(&decoded))
}

/// The name that a path is by its composed form (NFC).
pub fn composed(path: &str) -> String {
    path.nfc().collect()
}

/// The name that a path is where neither case nor composition counts: two paths with the same one cannot lie side by side
/// on every file system.
pub fn folded(path: &str) -> String {
    composed(path).to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_back_as_it_was_written() {
        for path in
            ["data/a.txt", "data/100%.txt", "data/a\r\nb", "data/%0A", "data/%2525", "data/附件.xlsx", "%", "a%2"]
        {
            let written = encode(path);
            assert!(!written.contains(['\r', '\n']), "{written:?}");
            assert_eq!(decode(&written, Version::V1_0), path);
        }
        assert_eq!(decode("data/100%25.txt", Version::V0_97), "data/100%25.txt");
        assert_eq!(decode("data/a%0ab", Version::V0_97), "data/a\nb");
        assert_eq!(decode("data/%41", Version::V1_0), "data/%41");
    }

    #[test]
    fn a_path_that_could_lead_out_is_unsafe() {
        for path in [
            "",
            "/etc/passwd",
            "../a",
            "data/../../a",
            "data/./a",
            "data//a",
            "~/a",
            "~root/a",
            "data\\a",
            "C:/a",
            "c:a",
            "data/%2e%2e/a",
            "data/%2E%2e/%2e%2e/a",
            "%2fetc",
            "data/a%5cb",
            "data/a\0b",
        ] {
            assert!(!is_safe(path), "{path:?}");
        }
        assert!(!is_safe(&format!("data/{}", "a".repeat(5000))));
        assert!(!is_safe(&"a/".repeat(80)));
        for path in ["data/a.txt", "data/..a", "data/a..", "data/100%.txt", "data/附件 1.xlsx", "data/a~", "data/a:b"]
        {
            assert!(is_safe(path), "{path:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_or_composition_only_are_one_name() {
        assert_eq!(folded("data/E\u{301}.txt"), folded("data/\u{e9}.TXT"));
        assert_ne!(folded("data/e.txt"), folded("data/\u{e9}.txt"));
    }
}
