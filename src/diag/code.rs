//! The codes of findings. They are those of the rule catalogue (domain groups META … A11Y) where it has one;
//! `THEME` and `OUT` are the program's own. Each is explained in `docs/rules/`, which the program carries with it, and
//! has fixtures in `tests/findings/`.

use super::Severity;
use crate::base::Lang;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;
use std::fmt;

/// Whether a site may weigh a code otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustable {
    /// It may.
    Free,
    /// It may not: without it a file would be left out in silence.
    Fixed,
    /// It may, and until then the rule is off.
    OnRequest,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal $severity:ident $adjustable:ident;)*) => {
        /// Which rule a finding belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
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

            /// Whether a site may weigh it otherwise.
            pub const fn adjustable(self) -> Adjustable {
                match self { $(Code::$name => Adjustable::$adjustable,)* }
            }

            /// Its documentation in `lang`: the Markdown of `docs/rules/LANG/CODE.md`.
            pub const fn documentation(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $(
                        (Code::$name, Lang::En) => include_str!(concat!("../../docs/rules/en/", $text, ".md")),
                        (Code::$name, Lang::ZhCn) => include_str!(concat!("../../docs/rules/zh-CN/", $text, ".md")),
                    )*
                }
            }
        }
    };
}

codes! {
    /// An image without a text that stands for it, or with its file name.
    A11y001 = "A11Y-001" Error Free;
    /// A page whose language is missing or wrong.
    A11y002 = "A11Y-002" Error Free;
    /// A table without a caption, header cells or scope.
    A11y003 = "A11Y-003" Error Free;
    /// A link whose words do not say where it leads.
    A11y004 = "A11Y-004" Warning Free;
    /// A page without skip link, landmarks, one heading of the first level or a title of its own.
    A11y006 = "A11Y-006" Error Free;
    /// A page that cannot be reached in two ways.
    A11y007 = "A11Y-007" Warning Free;
    /// What was published and sealed has changed, and no correction says so.
    Arch001 = "ARCH-001" Error Free;
    /// A page of an earlier version is not marked as archived.
    Arch002 = "ARCH-002" Error Free;
    /// A gap in the yearly series of a body and kind.
    Arch003 = "ARCH-003" Warning Free;
    /// Two current reports of one body, kind and year.
    Arch004 = "ARCH-004" Error Free;
    /// The ledger is damaged.
    Arch005 = "ARCH-005" Error Fixed;
    /// The copy of a sealed version is missing, or not as it was sealed.
    Arch006 = "ARCH-006" Error Fixed;
    /// The copy of a version from which personal data were removed is still kept.
    Arch007 = "ARCH-007" Error Fixed;
    /// A report of a sealed year, or its correction, is not sealed yet.
    Arch008 = "ARCH-008" Info Free;
    /// A report is signed or reviewed after it was published.
    Date001 = "DATE-001" Error Free;
    /// A report was published after the deadline of its kind.
    Date002 = "DATE-002" Warning Free;
    /// A report was published more than 20 working days after it was signed.
    Date003 = "DATE-003" Warning Free;
    /// `published` differs from what the ledger says.
    Date004 = "DATE-004" Error Free;
    /// A date in the text that does not exist or is badly written.
    Date005 = "DATE-005" Warning Free;
    /// The year of the report does not fit its title or its publication.
    Date006 = "DATE-006" Info Free;
    /// An attachment or image is missing, empty or not what its name says.
    File001 = "FILE-001" Error Free;
    /// An attachment carries metadata or hidden content.
    File002 = "FILE-002" Warning Free;
    /// A PDF without text, title or language.
    File003 = "FILE-003" Warning Free;
    /// A link to a file does not say its format and size.
    File004 = "FILE-004" Info Free;
    /// A file or folder is larger, deeper or more numerous than the bound.
    File010 = "FILE-010" Error Fixed;
    /// A text file is not UTF-8.
    File011 = "FILE-011" Error Fixed;
    /// A text file begins with a byte order mark.
    File012 = "FILE-012" Warning Free;
    /// A symbolic link leads out of its folder, in a circle or nowhere.
    File013 = "FILE-013" Error Fixed;
    /// A file lies where nothing publishes it.
    File014 = "FILE-014" Warning Fixed;
    /// A file or folder cannot be read.
    File015 = "FILE-015" Error Fixed;
    /// An internal link, anchor, image or reference leads nowhere.
    Link001 = "LINK-001" Error Free;
    /// A link to a website that is not a government's and not on the list.
    Link002 = "LINK-002" Warning Free;
    /// A link that is not https, names a bare address, or an outdated entry.
    Link003 = "LINK-003" Warning Free;
    /// An address that was published answers no more.
    Link004 = "LINK-004" Error Free;
    /// A name that cannot stand in an address, or an address that is claimed twice.
    Link005 = "LINK-005" Error Fixed;
    /// A link has a scheme that is refused.
    Link006 = "LINK-006" Error Fixed;
    /// A link to another website does not answer; only asked for with `--external`.
    Link007 = "LINK-007" Warning Free;
    /// Marks of Markdown are left in the text that readers see.
    Md001 = "MD-001" Error Free;
    /// An asterisk or underscore between digits or Han characters.
    Md002 = "MD-002" Info Free;
    /// Raw HTML in Markdown.
    Md003 = "MD-003" Error Fixed;
    /// A Chinese paragraph is broken into lines by hand.
    Md004 = "MD-004" Info Free;
    /// Something that Markdown reads otherwise than it looks.
    Md005 = "MD-005" Warning Free;
    /// A bare address beside Han characters.
    Md006 = "MD-006" Info Free;
    /// Markdown nested deeper than the bound.
    Md007 = "MD-007" Error Fixed;
    /// A heading of the first level inside a body.
    Md008 = "MD-008" Error Fixed;
    /// A footnote without a definition, or one that nothing mentions.
    Md009 = "MD-009" Warning Free;
    /// The tags of the website are missing or empty.
    Meta001 = "META-001" Error Free;
    /// The tags of the column are missing or empty.
    Meta002 = "META-002" Error Free;
    /// The tags of the article are missing, or differ from the visible header.
    Meta003 = "META-003" Error Free;
    /// `PubDate` has not the form `YYYY-MM-DD HH:MM`.
    Meta004 = "META-004" Error Free;
    /// The website's identification code is badly formed, or differs from place to place.
    Meta005 = "META-005" Error Free;
    /// The column's description says too little.
    Meta006 = "META-006" Warning Free;
    /// A summary is too long, or repeats the title.
    Meta007 = "META-007" Info Free;
    /// Linked data, tags and visible header disagree.
    Meta008 = "META-008" Error Free;
    /// A declared sum does not hold.
    Num001 = "NUM-001" Error Free;
    /// The quote of a figure is not in the text, stands there twice, or lacks the number.
    Num002 = "NUM-002" Error Free;
    /// A sum in the text does not hold.
    Num003 = "NUM-003" Warning Free;
    /// A number of the text is not declared.
    Num004 = "NUM-004" Info OnRequest;
    /// A table of requests for information does not add up.
    Num005 = "NUM-005" Error Free;
    /// A percentage above 100, or a sum of different units.
    Num006 = "NUM-006" Warning Free;
    /// A figure is ten times that of the year before.
    Num007 = "NUM-007" Info Free;
    /// Arabic digits before 千 or 百.
    Num008 = "NUM-008" Info Free;
    /// The body is named differently in title, source or signature.
    Org001 = "ORG-001" Warning Free;
    /// The source names the body by an abbreviation.
    Org002 = "ORG-002" Info Free;
    /// A unified social credit code that fails its check digit.
    Org003 = "ORG-003" Warning Free;
    /// An index number that another report has too.
    Org004 = "ORG-004" Error Free;
    /// A document number in the wrong form.
    Org005 = "ORG-005" Warning Free;
    /// An organisation that `site.yaml` does not know.
    Org006 = "ORG-006" Error Fixed;
    /// A file that sunlit did not make stands where an output belongs.
    Out001 = "OUT-001" Error Fixed;
    /// A page without a complete way back.
    Page001 = "PAGE-001" Error Free;
    /// A report's page without its publication header.
    Page002 = "PAGE-002" Error Free;
    /// The foot of the pages is not complete.
    Page003 = "PAGE-003" Error Free;
    /// A column or year without a report.
    Page004 = "PAGE-004" Error Free;
    /// The column has not been updated for longer than it promises.
    Page005 = "PAGE-005" Warning Free;
    /// A page is too heavy, or loads something from elsewhere.
    Page006 = "PAGE-006" Warning Free;
    /// A citizen number.
    Priv001 = "PRIV-001" Error Free;
    /// What looks like a citizen number, passport or permit.
    Priv002 = "PRIV-002" Warning Free;
    /// A mobile number that is not among the public contacts.
    Priv003 = "PRIV-003" Error Free;
    /// A bank card or account number.
    Priv004 = "PRIV-004" Error Free;
    /// A private address, e-mail, account or plate.
    Priv005 = "PRIV-005" Warning Free;
    /// A table with a column for personal data.
    Priv006 = "PRIV-006" Warning Free;
    /// A mask that shows too much.
    Priv007 = "PRIV-007" Warning Free;
    /// A report that is not marked for active disclosure.
    Review001 = "REVIEW-001" Error Free;
    /// The steps of review are not complete, or out of order.
    Review002 = "REVIEW-002" Error OnRequest;
    /// One role holds all steps of review.
    Review003 = "REVIEW-003" Info OnRequest;
    /// A report was changed after the last step of its review.
    Review004 = "REVIEW-004" Error Free;
    /// A mark of secrecy, or of information that is not to be published.
    Sec001 = "SEC-001" Error Free;
    /// A mark of a draft or an internal document.
    Sec002 = "SEC-002" Warning Free;
    /// An internal address, or a password.
    Sec003 = "SEC-003" Warning Free;
    /// A part that the kind of report demands is missing.
    Struct001 = "STRUCT-001" Warning Free;
    /// The numbering of headings has a gap.
    Struct002 = "STRUCT-002" Warning Free;
    /// A wrong mark behind an ordinal.
    Struct003 = "STRUCT-003" Info Free;
    /// An enumeration 一是…二是… with a gap.
    Struct004 = "STRUCT-004" Warning Free;
    /// Fewer plans than problems.
    Struct005 = "STRUCT-005" Info Free;
    /// Attachments that are announced and not there, or the other way round.
    Struct006 = "STRUCT-006" Warning Free;
    /// A paragraph of more than 600 characters.
    Struct007 = "STRUCT-007" Info Free;
    /// A heading without words, or of a level that skips one.
    Struct008 = "STRUCT-008" Error Free;
    /// A placeholder was left in the text.
    Struct009 = "STRUCT-009" Warning Free;
    /// Half-width punctuation beside Han characters.
    Text001 = "TEXT-001" Warning Free;
    /// Quotation marks or brackets that are not closed.
    Text002 = "TEXT-002" Warning Free;
    /// A comma 、 between quotations or titles.
    Text003 = "TEXT-003" Info Free;
    /// A known misspelling.
    Text004 = "TEXT-004" Error Free;
    /// Almost, but not quite, a fixed expression.
    Text005 = "TEXT-005" Warning Free;
    /// Invisible or damaged characters.
    Text006 = "TEXT-006" Warning Free;
    /// Characters that only look right.
    Text007 = "TEXT-007" Info Free;
    /// A template cannot be read or rendered.
    Theme001 = "THEME-001" Error Fixed;
    /// A theme, template or string is missing.
    Theme002 = "THEME-002" Error Fixed;
    /// A key that is unknown, missing or has a wrong value.
    Yaml001 = "YAML-001" Error Fixed;
    /// A value that other programs read differently.
    Yaml002 = "YAML-002" Warning Free;
    /// YAML that cannot be read.
    Yaml003 = "YAML-003" Error Fixed;
    /// YAML beyond the bounds of size, depth or repetition.
    Yaml004 = "YAML-004" Error Fixed;
    /// The front matter's fences are missing.
    Yaml005 = "YAML-005" Error Fixed;
    /// An `allow` entry that allows nothing.
    Yaml006 = "YAML-006" Warning Free;
}

// By its printed form. Derived, a hundred variants are a fiftieth of the program's code.
impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Code::parse(&text).ok_or_else(|| D::Error::custom("no such code"))
    }
}

impl Code {
    /// The code of this text, such as `LINK-001`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// What it is called, in `lang`: the title of its documentation.
    pub fn title(self, lang: Lang) -> &'static str {
        let first = self.documentation(lang).lines().next().unwrap_or_default();
        first.split_once(": ").or(first.split_once('：')).map_or(first, |(_, title)| title)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
