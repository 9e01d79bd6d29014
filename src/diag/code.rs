//! The codes of all findings. They are those of the rule catalogue (domain groups META … A11Y) where it has one;
//! `THEME` and `OUT` are the program's own. Each is explained in `docs/rules/` and has fixtures in `tests/findings/`.

use super::Severity;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal $severity:ident;)*) => {
        /// Which rule a finding belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The code as printed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Its usual severity.
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// Two current reports of one body, kind and year.
    Arch004 = "ARCH-004" Error;
    /// A report is signed after it was published.
    Date001 = "DATE-001" Error;
    /// An attachment or image is missing or empty.
    File001 = "FILE-001" Error;
    /// A file or folder is larger, deeper or more numerous than the bound.
    File010 = "FILE-010" Error;
    /// A text file is not UTF-8.
    File011 = "FILE-011" Error;
    /// A text file begins with a byte order mark.
    File012 = "FILE-012" Warning;
    /// A symbolic link leads out of its folder, in a circle or nowhere.
    File013 = "FILE-013" Error;
    /// A file lies where nothing publishes it.
    File014 = "FILE-014" Warning;
    /// A file or folder cannot be read.
    File015 = "FILE-015" Error;
    /// An internal link, anchor, image or reference leads nowhere.
    Link001 = "LINK-001" Error;
    /// A name that cannot stand in an address, or an address that is claimed twice.
    Link005 = "LINK-005" Error;
    /// A link has a scheme that is refused.
    Link006 = "LINK-006" Error;
    /// Raw HTML in Markdown.
    Md003 = "MD-003" Error;
    /// Markdown nested deeper than the bound.
    Md007 = "MD-007" Error;
    /// A heading of the first level inside a body.
    Md008 = "MD-008" Error;
    /// A footnote without a definition, or one that nothing mentions.
    Md009 = "MD-009" Warning;
    /// An organisation that `site.yaml` does not know.
    Org006 = "ORG-006" Error;
    /// A report that is not marked for active disclosure.
    Review001 = "REVIEW-001" Error;
    /// A template cannot be read or rendered.
    Theme001 = "THEME-001" Error;
    /// A theme, template or string is missing.
    Theme002 = "THEME-002" Error;
    /// A file that sunlit did not make stands where an output belongs.
    Out001 = "OUT-001" Error;
    /// A key that is unknown, missing or has a wrong value.
    Yaml001 = "YAML-001" Error;
    /// YAML that cannot be read.
    Yaml003 = "YAML-003" Error;
    /// YAML beyond the bounds of size, depth or repetition.
    Yaml004 = "YAML-004" Error;
    /// The front matter's fences are missing.
    Yaml005 = "YAML-005" Error;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
