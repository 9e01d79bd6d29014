//! The corpus as a sunlit portal (`site.yaml`, `content/YEAR/ORG.md`) and the edits that are timed.

use crate::corpus::{Corpus, Report};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the portal to the new folder `root`.
pub(crate) fn write(corpus: &Corpus, root: &Path) -> Result<(), String> {
    for year in corpus.years() {
        crate::folder(&root.join(format!("content/{year}")))?;
    }
    crate::put(&root.join("site.yaml"), &site(corpus, "岚棹市人民政府办公室"))?;
    crate::put(&root.join("content/index.md"), "本栏目集中公布岚棹市各单位历年的法治政府建设年度报告。\n")?;
    for report in corpus.iter() {
        let name = &corpus.organizations[report.organization];
        let file = root.join(format!("content/{}/{}.md", report.year, name.id));
        crate::put(&file, &format!("{}{}", front_matter(&report, &name.id, &name.name), report.body))?;
    }
    Ok(())
}

fn front_matter(report: &Report, id: &str, name: &str) -> String {
    let Report { year, title, published, signed, summary, .. } = report;
    let keywords = report.keywords.join(", ");
    format!(
        "---\ntitle: {title}\nkind: rule-of-law\norganization: {id}\nyear: {year}\npublished: \"{published}\"\nsource: {name}\n\
         signed:\n  by: {name}\n  date: \"{signed}\"\nopenness: active\nsummary: {summary}\nkeywords: [{keywords}]\n---\n\n"
    )
}

fn site(corpus: &Corpus, sponsor: &str) -> String {
    let mut text = format!(
        "title: 法治政府建设\nbase_url: https://example.gov.cn/zwgk/fzzf/\nlanguage: zh-CN\ntimezone: Asia/Shanghai\n\
         theme: default\nsite: {{name: 岚棹市人民政府网站, domain: example.gov.cn, id_code: \"0000000000\"}}\n\
         breadcrumb: [{{title: 首页, url: \"https://example.gov.cn/\"}}, {{title: 政务公开, url: \"https://example.gov.cn/zwgk/\"}}]\n\
         column:\n  name: 法治政府建设\n  type: 信息公开年报\n  description: 岚棹市各单位历年法治政府建设年度报告\n  \
         keywords: [法治政府建设, 年度报告]\n\
         footer: {{sponsor: {sponsor}, contact: 岚棹市示例路1号, icp: 岚ICP备00000000号, police: 岚公网安备00000000000000号, \
         sitemap: \"https://example.gov.cn/sitemap.html\", report_error: \"https://example.gov.cn/jiucuo\"}}\norganizations:\n"
    );
    for organization in &corpus.organizations {
        let _ = writeln!(
            text,
            "  {}:\n    name: {}\n    aliases: [{}]",
            organization.id, organization.name, organization.short
        );
    }
    text
}

/// What the output must show after an edit: a build that did not see it would look fast.
pub(crate) struct Shown {
    page: PathBuf,
    text: String,
}

impl Shown {
    /// Fails unless the page below `out` shows the edit.
    pub(crate) fn check(&self, out: &Path) -> Result<(), String> {
        let page = out.join(&self.page);
        let html = fs::read_to_string(&page).map_err(|e| format!("{}: {e}", page.display()))?;
        let missing = || format!("{} does not show the edit {}", page.display(), self.text);
        html.contains(&self.text).then_some(()).ok_or_else(missing)
    }
}

/// Changes a sentence in the body of one report; each `round` makes another text.
pub(crate) fn edit_body(corpus: &Corpus, root: &Path, round: usize) -> Result<Shown, String> {
    let text = format!("现将有关情况报告如下（第{round}次整理）：");
    let page = edited(corpus);
    let new = |line: &str| line.rfind("现将").map(|at| format!("{}{text}", &line[..at]));
    change(&root.join("content").join(page.with_extension("md")), new)?;
    Ok(Shown { page, text })
}

/// Changes the title of one report, which other pages show: its year's, its body's, both neighbours'.
pub(crate) fn edit_title(corpus: &Corpus, root: &Path, round: usize) -> Result<Shown, String> {
    let title = corpus.report(corpus.reports / 2).title;
    let text = title.replace("年度报告", &format!("情况第{round}号年度报告"));
    let page = edited(corpus);
    let new = |line: &str| line.starts_with("title: ").then(|| format!("title: {text}"));
    change(&root.join("content").join(page.with_extension("md")), new)?;
    let year = page.parent().unwrap_or(Path::new("")).join("index.html");
    Ok(Shown { page: year, text })
}

/// Changes the footer, which every page shows.
pub(crate) fn edit_site(corpus: &Corpus, root: &Path, round: usize) -> Result<Shown, String> {
    let text = format!("岚棹市人民政府办公室第{round}科");
    crate::put(&root.join("site.yaml"), &site(corpus, &text))?;
    Ok(Shown { page: edited(corpus), text })
}

/// The page of the report that is edited: one in the middle of the corpus.
fn edited(corpus: &Corpus) -> PathBuf {
    format!("{}.html", corpus.id(corpus.reports / 2)).into()
}

/// Replaces the first line for which `new` has an answer.
fn change(file: &Path, new: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let line = text.lines().find_map(|line| Some((line, new(line)?)));
    let (old, new) = line.ok_or_else(|| format!("{}: nothing to edit", file.display()))?;
    crate::put(file, &text.replacen(old, &new, 1))
}
