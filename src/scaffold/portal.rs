//! A new portal: the fewest files that build, each saying what to put in it.

use super::NewFile;
use crate::base::Lang;

/// The files of a new portal whose first report is on `year`.
pub fn files(lang: Lang, year: u16) -> Vec<NewFile> {
    let (site, index, report) = match lang {
        Lang::ZhCn => (
            include_str!("portal/zh-CN/site.yaml"),
            include_str!("portal/zh-CN/index.md"),
            include_str!("portal/zh-CN/report.md"),
        ),
        Lang::En => (
            include_str!("portal/en/site.yaml"),
            include_str!("portal/en/index.md"),
            include_str!("portal/en/report.md"),
        ),
    };
    let file = |path: &str, text: &str| NewFile {
        path: path.to_string(),
        text: text.replace("NEXT_YEAR", &(year + 1).to_string()).replace("REPORT_YEAR", &year.to_string()),
    };
    vec![
        file("site.yaml", site),
        file("content/index.md", index),
        file(&format!("content/{year}/office.md"), report),
        file(".gitignore", "/public\n/.sunlit\n"),
        // The ledger compares bytes: a line end that git changes would be a change of what was published.
        file(".gitattributes", "/content/** -text\n/sealed/** -text\n/ledger.jsonl -text\n"),
    ]
}
