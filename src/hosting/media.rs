//! The media type of each kind of file in a section, with its character set. Text is UTF-8 throughout, and says so: a
//! browser that is left to guess may take Chinese text for GBK.

use crate::base::media;

/// Endings of the section's own files that [`media`] does not know as attachments: ending, media type.
const OWN: &[(&str, &str)] = &[
    ("css", "text/css"),
    ("html", "text/html"),
    ("js", "text/javascript"), // RFC 9239
    ("md", "text/markdown"),   // RFC 7763
    ("woff2", "font/woff2"),   // a theme's fonts
];

/// Files whose type their ending does not tell: path below the section's root, media type.
pub const NAMED: &[(&str, &str)] = &[("atom.xml", "application/atom+xml"), ("feed.json", "application/feed+json")];

/// Types of text beside `text/…`.
const TEXT: &[&str] = &["application/json", "application/xml", "application/atom+xml", "application/feed+json"];

/// `Content-Type` of a file at a path below the section's root: `text/csv; charset=utf-8`.
pub fn content_type(path: &str) -> String {
    if let Some((_, mime)) = NAMED.iter().find(|(name, _)| *name == path) {
        return with_charset(mime);
    }
    let ending = path.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let own = OWN.iter().find(|(known, _)| *known == ending).map(|(_, mime)| *mime);
    with_charset(own.unwrap_or_else(|| media::of_name(path).mime))
}

/// Every `Content-Type` with the endings of the files that bear it, both sorted.
pub fn types() -> Vec<(String, Vec<&'static str>)> {
    let mut endings: Vec<&str> = media::endings().chain(OWN.iter().map(|(ending, _)| *ending)).collect();
    endings.sort_unstable();
    let mut out: Vec<(String, Vec<&'static str>)> = Vec::new();
    for ending in endings {
        let mime = content_type(&format!("x.{ending}"));
        match out.iter_mut().find(|(known, _)| *known == mime) {
            Some((_, list)) => list.push(ending),
            None => out.push((mime, vec![ending])),
        }
    }
    out.sort();
    out
}

/// Whether a `Content-Type` is text, which is worth compressing.
pub fn is_text(content_type: &str) -> bool {
    content_type.contains("charset=") || content_type == "image/svg+xml"
}

fn with_charset(mime: &str) -> String {
    if mime.starts_with("text/") || TEXT.contains(&mime) { format!("{mime}; charset=utf-8") } else { mime.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_its_charset_and_the_rest_does_not() {
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
            assert_eq!(content_type(path), wanted, "{path}");
        }
    }

    #[test]
    fn no_ending_is_listed_twice() {
        let mut endings: Vec<_> = types().into_iter().flat_map(|(_, endings)| endings).collect();
        let all = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), all);
    }
}
