//! What a web server must be told of the section: headers, media types, caching, compressed copies, the page for 404.
//! In: what the theme's pages need and what the site asks. Out: one [`Policy`], and from it snippets for nginx and Caddy
//! and the file `_headers`. Touches no file and no network; whatever it cannot write safely it refuses.

mod caddy;
pub mod compress;
mod headers;
pub mod media;
mod nginx;
mod place;

pub use caddy::caddy;
pub use headers::headers;
pub use nginx::nginx;
pub use place::{BasePath, Folder, Unfit};

use crate::base::Lang;
use crate::diag::message::lookup;
use crate::model::hosting::{Encoding, Hosting};

/// The page for addresses that do not exist, below the section's root.
pub const NOT_FOUND: &str = "404.html";
/// The folder whose files carry the hash of their content in their names.
pub const FINGERPRINTED: &str = "assets/";
/// The list of files with their digests, as `write` names it.
pub const MANIFEST: &str = "manifest-sha256.txt";

/// Who may show the section in a frame: pages of the same host, because it is often a part of a larger portal. It can
/// stand only in a header, not in the page itself (CSP 3, section 3.3).
const FRAMES: &str = "frame-ancestors 'self'";

/// How long an answer may be used again without asking (RFC 9111, RFC 8246).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// For ever: a changed file has another name.
    Fixed,
    /// Five minutes: a correction, a withdrawal or a new report is seen soon. So for data, feeds and attachments too,
    /// which a page names with their digest and which a withdrawal takes away.
    Short,
    /// Never: asked each time.
    Asked,
}

impl Freshness {
    /// The freshness of a file of the section.
    pub fn of(path: &str) -> Self {
        match path {
            MANIFEST => Self::Asked,
            _ if path.starts_with(FINGERPRINTED) => Self::Fixed,
            _ => Self::Short,
        }
    }

    /// The value of `Cache-Control`.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Fixed => "public, max-age=31536000, immutable",
            Self::Short => "public, max-age=300, must-revalidate",
            Self::Asked => "no-cache",
        }
    }
}

/// The value of `Strict-Transport-Security` that is proposed and never set: it binds every page of the host for a year.
const TRANSPORT: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// Headers, caching and copies of the section, whoever serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Name and value of each header that every answer bears, in the order in which they are printed.
    pub headers: Vec<(&'static str, String)>,
    /// The compressed copies that lie beside the files.
    pub encodings: Vec<Encoding>,
}

impl Policy {
    /// The policy of a section whose pages state `csp` as their Content-Security-Policy; none where a theme states none,
    /// and then no more is demanded than that no other website frames the pages.
    pub fn new(csp: Option<&str>, hosting: &Hosting) -> Self {
        let stated = csp.filter(|c| is_header_text(c));
        let csp =
            stated.map_or_else(|| FRAMES.to_string(), |c| format!("{}; {FRAMES}", c.trim_end_matches([';', ' '])));
        let headers = vec![
            ("Content-Security-Policy", csp),
            ("X-Content-Type-Options", "nosniff".into()),
            ("X-Frame-Options", "SAMEORIGIN".into()),
            ("Referrer-Policy", "strict-origin-when-cross-origin".into()),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()".into()),
        ];
        Self { headers, encodings: hosting.precompress.clone() }
    }

    fn serves(&self, encoding: Encoding) -> bool {
        self.encodings.contains(&encoding)
    }
}

/// Whether a text can stand in a header and between double quotes of either server's syntax.
fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b) && !br#""\$`{}"#.contains(&b))
}

/// The sentences of a key as lines of a comment.
fn comment(key: &'static str, lang: Lang, indent: &str) -> String {
    lookup(key, lang).lines().map(|line| format!("{indent}# {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_of_a_page_is_kept_and_framing_added() {
        let policy = Policy::new(Some("default-src 'none'; img-src 'self' data:;"), &Hosting::default());
        assert_eq!(policy.headers[0].1, "default-src 'none'; img-src 'self' data:; frame-ancestors 'self'");
        for bad in ["x\"; y", "a\nb", "$host", "{env.HOME}", "", "一"] {
            assert_eq!(Policy::new(Some(bad), &Hosting::default()).headers[0].1, FRAMES, "{bad:?}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert_eq!(Freshness::of("assets/style.0123456789.css"), Freshness::Fixed);
        assert_eq!(Freshness::of("2024/assets/x.css"), Freshness::Short);
        assert_eq!(Freshness::of("manifest-sha256.txt"), Freshness::Asked);
    }
}
