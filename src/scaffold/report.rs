//! The skeleton of a report: every field, every part its kind asks for, with a hint in each.

use super::NewFile;
use crate::model::kind::PartNeed;
use crate::model::{Kind, Organization};
use std::fmt::Write;
use std::path::Path;

/// What a skeleton is for.
#[derive(Debug, Clone, Copy)]
pub struct Skeleton<'a> {
    /// The year reported on.
    pub year: u16,
    /// The body.
    pub organization: &'a Organization,
    /// The kind.
    pub kind: &'a Kind,
    /// The site's language, BCP 47.
    pub language: &'a str,
}

impl Skeleton<'_> {
    /// The skeleton's file: `content/YEAR/BODY.md`, or `…/BODY-KIND.md` where that is taken by another kind.
    pub fn file(&self, root: &Path) -> NewFile {
        let plain = format!("content/{}/{}.md", self.year, self.organization.id);
        let folder = root.join(format!("content/{}/{}/index.md", self.year, self.organization.id));
        let taken = root.join(&plain).exists() || folder.exists();
        let path =
            if taken { format!("content/{}/{}-{}.md", self.year, self.organization.id, self.kind.id) } else { plain };
        NewFile { path, text: self.text() }
    }

    /// The skeleton's text.
    pub fn text(&self) -> String {
        let name = self.kind.name.in_language(self.language);
        let due = self.kind.publish_by.map(|(month, day)| format!("{:04}-{month:02}-{day:02}", self.year + 1));
        let chinese = crate::base::Lang::from_tag(self.language) != Some(crate::base::Lang::En);
        let words = if chinese { &CHINESE } else { &ENGLISH };
        let title = if chinese {
            format!("{}{}年{name}", self.organization.name, self.year)
        } else {
            format!("{}: {name} {}", self.organization.name, self.year)
        };
        let mut out = String::from("---\n");
        let mut line = |text: &str| {
            out.push_str(text);
            out.push('\n');
        };
        line(&format!("title: \"{title}\""));
        line(&format!("kind: {}", self.kind.id));
        line(&format!("organization: {}", self.organization.id));
        line(&format!("year: {}", self.year));
        line(&format!("status: draft                    # {}", words.draft));
        match due {
            Some(due) => line(&format!("# published: \"{due} 09:00\"   # {}", words.due)),
            None => line(&format!("# published: \"{}-01-31 09:00\"   # {}", self.year + 1, words.published)),
        }
        line(&format!(
            "signed: {{by: \"{}\", date: \"{}-12-31\"}}   # {}",
            self.organization.name, self.year, words.signed
        ));
        line("openness: active");
        line(&format!("# summary: …                     # {}", words.summary));
        line("# keywords: […]");
        line("# attachments: [{file: annex-1.xlsx, title: …}]");
        line("# figures: [{id: total, label: …, value: 0, unit: …, quote: …}]");
        line(&format!("# commitments: [{{id: one, text: …, due: \"{}-12-31\"}}]", self.year + 1));
        line("---\n");
        let parts = self.kind.parts.iter().filter(|p| p.need != PartNeed::Optional);
        for (index, part) in parts.enumerate() {
            let fallback = part.name.as_ref().map(|n| n.in_language(self.language));
            let heading = match (chinese, &part.heading) {
                (true, Some(heading)) => heading.as_ref(),
                _ => fallback.unwrap_or(&part.role),
            };
            let _ = if chinese {
                writeln!(out, "## {}、{heading}\n\n{}\n", numeral(index + 1), part.hint.as_deref().unwrap_or("……"))
            } else {
                writeln!(out, "## {}. {heading}\n\n…\n", index + 1)
            };
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

struct Words {
    draft: &'static str,
    due: &'static str,
    published: &'static str,
    signed: &'static str,
    summary: &'static str,
}

const CHINESE: Words = Words {
    draft: "写好后删去本行即可发布",
    due: "发布时间;此为最迟日期,去掉行首 # 并改为实际时间",
    published: "发布时间;去掉行首 # 并改为实际时间",
    signed: "成文日期,不得晚于发布时间",
    summary: "不超过 100 字",
};

const ENGLISH: Words = Words {
    draft: "remove this line to publish",
    due: "time of publication; this is the last day allowed: remove the # and put the real time",
    published: "time of publication: remove the # and put the real time",
    signed: "the day it was signed, not after its publication",
    summary: "100 characters at most",
};

/// 一 to 九十九.
fn numeral(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (n / 10, n % 10) {
        (0, ones) => DIGITS[ones].into(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) => format!("{}十{}", DIGITS[tens % 10], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::numeral;
    use crate::text::ordinal::parse_numeral;

    #[test]
    fn numerals_are_read_back() {
        for n in 1..100 {
            assert_eq!(parse_numeral(&numeral(n)).map(usize::from), Some(n));
        }
    }
}
