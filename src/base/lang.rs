//! The languages in which the program speaks to people.

/// A language of the program's own messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Lang {
    /// Every language, for tests and help texts.
    pub const ALL: [Lang; 2] = [Lang::ZhCn, Lang::En];

    /// The language of a BCP 47 tag or of a POSIX locale such as `zh_CN.UTF-8`; `None` when it is neither Chinese nor English.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Lang::ZhCn),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::ZhCn => "zh-CN",
            Lang::En => "en",
        }
    }
}
