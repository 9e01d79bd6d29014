//! Identities. An id is made once, at the edge, and is valid from then on.

use serde::Serialize;
use std::fmt;

/// Longest slug that is accepted, in bytes: `YEAR/SLUG.html` stays under the 100 characters of rule LINK-005.
pub const SLUG_LIMIT: usize = 80;

/// Whether `text` can stand in an address: lower-case ASCII letters, digits, `-`, `_` and `.`, starting with a letter or digit.
pub fn is_slug(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    !text.is_empty()
        && text.len() <= SLUG_LIMIT
        && text.bytes().next().is_some_and(fits)
        && text.bytes().all(|b| fits(b) || matches!(b, b'-' | b'_' | b'.'))
}

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(Box<str>);

        impl $name {
            /// Accepts a slug, refuses anything else.
            pub fn new(text: &str) -> Option<Self> {
                is_slug(text).then(|| Self(text.into()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name_id!(
    /// The key of a publishing body in `site.yaml`.
    OrganizationId
);
name_id!(
    /// The key of a report kind: a built-in one or a file name in `kinds/`.
    KindId
);

/// A report's identity, `YEAR/SLUG`: its folder and file name, never its title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId {
    /// The year reported on.
    pub year: u16,
    /// The file name without its ending.
    pub slug: Box<str>,
}

impl ReportId {
    /// Reads `YEAR/SLUG`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, slug) = text.split_once('/')?;
        Some(Self { year: parse_year(year)?, slug: is_slug(slug).then(|| slug.into())? })
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}/{}", self.year, self.slug)
    }
}

/// A year folder's name: four digits from 1900 to 2999.
pub fn parse_year(text: &str) -> Option<u16> {
    let year = (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())??;
    (1900..3000).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_lower_case_ascii() {
        assert!(is_slug("data-bureau") && is_slug("2024.v2") && is_slug("a"));
        for bad in ["", "Data", "数据局", "a b", "-a", ".hidden", "a/b", &"a".repeat(81)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }

    #[test]
    fn a_report_id_is_year_and_slug() {
        let id = ReportId::parse("2024/data-bureau").expect("valid");
        assert_eq!(id.to_string(), "2024/data-bureau");
        assert!(["24/x", "2024", "2024/", "2024/x/y", "+024/x"].iter().all(|t| ReportId::parse(t).is_none()));
    }
}
