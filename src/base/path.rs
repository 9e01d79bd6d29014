//! Addresses inside the section: `2024/data-bureau.html`, always `/`-separated, never absolute, never climbing out.
//! Links are made from two of them, so that the same bytes work under any prefix and from `file://`.

use std::fmt;

/// A file's address below the section's root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Box<str>);

impl SitePath {
    /// Accepts a relative path without empty, `.` or `..` segments, backslashes or control characters.
    pub fn new(text: &str) -> Option<Self> {
        let sound = |s: &str| !matches!(s, "" | "." | "..") && !s.contains(|c: char| c == '\\' || c.is_control());
        text.split('/').all(sound).then(|| Self(text.into()))
    }

    /// A path made of parts that are valid by their types.
    pub fn of(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The path as text, not percent-encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The prefix that leads from this page to the root: `""`, `"../"`, …
    pub fn to_root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }

    /// The relative, percent-encoded link from this page to `target`.
    pub fn link_to(&self, target: &SitePath) -> String {
        // Past the folders that both have in common.
        let (mut from, mut to): (&str, &str) = (&self.0, &target.0);
        while let (Some((a, from_rest)), Some((b, to_rest))) = (from.split_once('/'), to.split_once('/'))
            && a == b
        {
            (from, to) = (from_rest, to_rest);
        }
        let up = from.matches('/').count();
        let mut link = String::with_capacity(3 * up + to.len());
        for _ in 0..up {
            link.push_str("../");
        }
        encode_into(to, &mut link);
        link
    }

    /// The absolute URL under `base`, which ends in `/`.
    pub fn under(&self, base: &str) -> String {
        format!("{base}{}", encode(&self.0))
    }

    /// Where the relative reference `href` (already decoded) leads from this page; `None` when it leaves the section.
    pub fn join(&self, href: &str) -> Option<SitePath> {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        parts.pop();
        for part in href.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Self::new(&parts.join("/"))
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Percent-encodes a path (RFC 3986: everything but unreserved, sub-delims, `:`, `@` and `/`; `&` and `'` too, so that it can stand in an attribute).
pub fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    encode_into(path, &mut out);
    out
}

fn encode_into(path: &str, out: &mut String) {
    let plain = |byte: &u8| {
        matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/')
            || matches!(byte, b'!' | b'$' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'@')
    };
    let mut rest = path;
    while let Some(at) = rest.bytes().position(|byte| !plain(&byte)) {
        let (before, odd) = rest.split_at(at);
        out.push_str(before);
        let odd_end = odd.chars().next().map_or(1, char::len_utf8);
        for byte in odd.bytes().take(odd_end) {
            use fmt::Write;
            let _ = write!(out, "%{byte:02X}");
        }
        rest = odd.get(odd_end..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Undoes percent-encoding; `None` when the result is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let pair = bytes.get(i + 1..i + 3).and_then(|p| std::str::from_utf8(p).ok());
        match pair.filter(|_| bytes[i] == b'%').and_then(|p| u8::from_str_radix(p, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SitePath {
        SitePath::new(text).expect("valid")
    }

    #[test]
    fn links_are_relative_and_encoded() {
        let page = path("2024/data-bureau.html");
        assert_eq!(page.link_to(&path("index.html")), "../index.html");
        assert_eq!(page.link_to(&path("2024/index.html")), "index.html");
        assert_eq!(page.link_to(&path("2024/data-bureau/附件 1.xlsx")), "data-bureau/%E9%99%84%E4%BB%B6%201.xlsx");
        assert_eq!(path("index.html").link_to(&path("2024/index.html")), "2024/index.html");
        assert_eq!(page.to_root(), "../");
    }

    #[test]
    fn joining_is_the_inverse_of_linking() {
        let pages = ["index.html", "2024/index.html", "2024/a/附件 1.xlsx", "organizations/a.html"];
        for from in pages {
            for to in pages {
                let link = decode(&path(from).link_to(&path(to))).expect("utf-8");
                assert_eq!(path(from).join(&link), Some(path(to)), "{from} → {to}");
            }
        }
    }

    #[test]
    fn nothing_climbs_out() {
        assert_eq!(path("2024/a.html").join("../../x"), None);
        for bad in ["/etc/passwd", "../x", "a//b", "", "a/./b", "a\\b", "a\nb"] {
            assert_eq!(SitePath::new(bad), None, "{bad:?}");
        }
    }
}
