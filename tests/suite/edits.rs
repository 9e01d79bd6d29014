//! Random edits of a portal, of every sort that a writer, an editor or a checkout makes; the same ones for the same seed.
//! An edit that breaks something is mended two or three edits later, so that whole states come up again and again.

use crate::portal::{Portal, repository};
use std::fs;
use std::path::Path;

/// What an edit did.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) what: &'static str,
    /// Files that were touched.
    pub(crate) paths: Vec<String>,
    /// Whether folders were made, moved or removed.
    pub(crate) folders: bool,
}

type Kept = (String, Option<Vec<u8>>);

pub(crate) struct Edits {
    state: u64,
    round: usize,
    /// What mends the broken things, and when.
    mending: Vec<(usize, Vec<Kept>)>,
}

const BODY: &str = "content/2024/a-bureau.md";
const ABOUT: &str = "content/pages/about.md";
const ROADS: &str = "content/2024/b-bureau/roads.csv";

impl Edits {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.max(1), round: 0, mending: Vec::new() }
    }

    /// A number below `n`: xorshift64*, the same everywhere.
    fn below(&mut self, n: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }

    /// Makes the next edit.
    pub(crate) fn next(&mut self, portal: &Portal) -> Edit {
        self.round += 1;
        if let Some(at) = self.mending.iter().position(|(due, _)| *due <= self.round) {
            let (_, kept) = self.mending.remove(at);
            return mend(portal, &kept);
        }
        let n = self.round;
        let own = self.own(portal);
        let choice = self.below(27);
        match choice {
            0 => self.change(portal, "a body", BODY, |t| format!("{}\n本期第{n}次补充说明。\n", t.trim_end())),
            1 => self.change(portal, "a title", BODY, |t| {
                line(t, "title:", &format!("title: 甲局2024年第{n}号法治政府建设年度报告"))
            }),
            2 => self.change(portal, "a summary", BODY, |t| {
                line(t, "summary:", &format!("summary: 第{n}次改写的摘要，提出2025年的安排。"))
            }),
            3 => self.break_text(portal, "broken YAML", BODY, |t| t.replacen("kind:", "kind: [", 1)),
            4 | 5 => self.write(portal, "a new report", &self.path(n, ".md"), &report(n, "")),
            6 => {
                let slug = format!("content/{}/r{n}", 2016 + n % 6);
                portal.write(&format!("{slug}/data.csv"), "路段,公里\n甲路,3\n");
                portal
                    .write(&format!("{slug}/index.md"), report(n, "attachments:\n  - {file: data.csv, title: 数据}\n"));
                Edit {
                    what: "a new folder",
                    paths: vec![format!("{slug}/data.csv"), format!("{slug}/index.md")],
                    folders: true,
                }
            }
            7 => match own.first() {
                Some(file) => self.remove(portal, "a report removed", file),
                None => self.change(portal, "an introduction", "content/index.md", |t| format!("{t}\n第{n}句。\n")),
            },
            8 => match own.iter().find(|f| !f.ends_with("/index.md")) {
                Some(file) => {
                    let (to, year) = (self.path(n, ".md"), 2016 + n % 6);
                    fs::create_dir_all(portal.path(&to).parent().expect("a parent")).expect("a folder");
                    portal.write(&to, line(&portal.read(file), "year:", &format!("year: {year}")));
                    self.remove(portal, "a report renamed", file).with(&to)
                }
                None => self.change(portal, "a page", ABOUT, |t| format!("{t}\n第{n}句。\n")),
            },
            9 => self.write(portal, "an attachment", ROADS, &format!("路段,公里\n甲路,{n}\n乙路,9\n")),
            10 => {
                let kept = vec![
                    (ROADS.to_string(), fs::read(portal.path(ROADS)).ok()),
                    ("content/2024/b-bureau/moved.csv".into(), None),
                ];
                if fs::rename(portal.path(ROADS), portal.path("content/2024/b-bureau/moved.csv")).is_ok() {
                    self.mending.push((n + 2, kept));
                }
                Edit::of("an attachment moved", ROADS).with("content/2024/b-bureau/moved.csv")
            }
            11 => self
                .change(portal, "the site's title", "site.yaml", |t| line(t, "title:", &format!("title: 测试栏目{n}"))),
            12 => self.change(portal, "a body's name", "site.yaml", |t| {
                let name = if t.contains("name: 乙局\n") { "name: 乙二局\n" } else { "name: 乙局\n" };
                t.replace("name: 乙局\n", "name: -\n").replace("name: 乙二局\n", "name: -\n").replace("name: -\n", name)
            }),
            13 => self.break_text(portal, "a broken site", "site.yaml", |t| t.replacen("language:", "language: {", 1)),
            14 => {
                let text = format!(
                    "names: {{zh-CN: 综合报告{n}, en: General {n}}}\nper_year: several\nparts: [{{role: plans, need: advised, patterns: [计划]}}]\n"
                );
                self.write(portal, "a kind", "kinds/general.yaml", &text)
            }
            15 if portal.path("kinds/general.yaml").exists() => {
                self.remove(portal, "a kind removed", "kinds/general.yaml")
            }
            16 => self.own_theme(portal, "a template", |t| {
                let template =
                    fs::read_to_string(repository().join("themes/default/templates/year.html")).expect("a template");
                t.write(
                    "themes/own/templates/year.html",
                    template
                        .replace("{%- block content %}", &format!("{{%- block content %}}<!-- {n} -->"))
                        .replace("{% block content %}", &format!("{{% block content %}}<!-- {n} -->")),
                );
                "themes/own/templates/year.html"
            }),
            17 => {
                self.mending.push((n + 2, vec![("themes/own/templates/page.html".into(), None)]));
                self.own_theme(portal, "a broken template", |t| {
                    t.write("themes/own/templates/page.html", "{% if x %}");
                    "themes/own/templates/page.html"
                })
            }
            18 => self.own_theme(portal, "a style sheet", |t| {
                t.write("themes/own/static/style.css", format!("body{{margin:{n}px}}"));
                "themes/own/static/style.css"
            }),
            19 => self.own_theme(portal, "a static file", |t| {
                t.write("themes/own/static/more.js", format!("// {n}\n"));
                "themes/own/static/more.js"
            }),
            20 => self.own_theme(portal, "words", |t| {
                t.write(
                    "themes/own/locales/zh-CN.yaml",
                    format!("site: {{home: 首页{n}}}\nbody: {{footnotes: 脚注{}}}\n", n % 2),
                );
                "themes/own/locales/zh-CN.yaml"
            }),
            21 => self.write(portal, "a draft", &self.path(n, ".md"), &report(n, "status: draft\n")),
            22 => self.change(portal, "an alias", ABOUT, |t| line(t, "aliases:", &format!("aliases: [old/a{n}.html]"))),
            23 => self.break_text(portal, "an alias claimed twice", ABOUT, |t| {
                line(t, "aliases:", "aliases: [2024/a-bureau.html]")
            }),
            24 => self.break_bytes(portal, "bytes that are no text", BODY, b"---\ntitle: \xff\n---\n"),
            25 => match own.first() {
                Some(file) if file.ends_with(".md") && !file.ends_with("index.md") => {
                    let folder = file.trim_end_matches(".md").to_string();
                    let to = format!("{folder}/index.md");
                    portal.write(&to, portal.read(file));
                    fs::remove_file(portal.path(file)).expect("there");
                    Edit { what: "a file made a folder", paths: vec![file.clone(), to], folders: true }
                }
                _ => self.write(
                    portal,
                    "a page",
                    &format!("content/pages/p{}.md", n % 3),
                    &format!("---\ntitle: 第{n}页\n---\n\n文字[^1]。\n\n[^1]: 注。\n"),
                ),
            },
            _ => match own.iter().find(|f| f.ends_with("/index.md")) {
                Some(file) => {
                    let from = file.trim_end_matches("/index.md");
                    let to = format!("{from}m{n}");
                    fs::rename(portal.path(from), portal.path(&to)).expect("renamed");
                    Edit { what: "a folder renamed", paths: vec![from.to_string(), to], folders: true }
                }
                None => self.write(
                    portal,
                    "a report withdrawn",
                    &self.path(n, ".md"),
                    &report(n, "status: withdrawn\nwithdrawn: {date: \"2025-05-01\", reason: 数据有误}\n"),
                ),
            },
        }
    }

    fn path(&self, n: usize, ending: &str) -> String {
        format!("content/{}/r{n}{ending}", 2016 + n % 6)
    }

    /// The reports that these edits made.
    fn own(&mut self, portal: &Portal) -> Vec<String> {
        let walk = walkdir::WalkDir::new(portal.path("content")).sort_by_file_name().into_iter().filter_map(Result::ok);
        let name = |p: &Path| p.strip_prefix(portal.root()).expect("below").to_string_lossy().replace('\\', "/");
        let mut found: Vec<_> = walk.filter(|e| e.file_type().is_file()).map(|e| name(e.path())).collect();
        found.retain(|f| f.ends_with(".md") && f.split('/').nth(2).is_some_and(|n| n.starts_with('r')));
        if found.len() > 1 {
            let by = self.below(found.len());
            found.rotate_left(by);
        }
        found
    }

    fn change(&mut self, portal: &Portal, what: &'static str, file: &str, change: impl Fn(&str) -> String) -> Edit {
        let Ok(text) = fs::read_to_string(portal.path(file)) else {
            return Edit { what: "nothing", paths: vec![], folders: false };
        };
        self.write(portal, what, file, &change(&text))
    }

    /// Writes as editors do: in place, or beside it and renamed over it.
    fn write(&self, portal: &Portal, what: &'static str, file: &str, text: &str) -> Edit {
        let new = !portal.path(file).parent().expect("a parent").exists();
        if self.round.is_multiple_of(2) {
            let beside = format!("{file}~");
            portal.write(&beside, text);
            fs::rename(portal.path(&beside), portal.path(file)).expect("renamed");
        } else {
            portal.write(file, text);
        }
        Edit { what, paths: vec![file.to_string()], folders: new }
    }

    fn remove(&self, portal: &Portal, what: &'static str, file: &str) -> Edit {
        fs::remove_file(portal.path(file)).expect("there");
        Edit::of(what, file)
    }

    fn break_text(&mut self, portal: &Portal, what: &'static str, file: &str, change: impl Fn(&str) -> String) -> Edit {
        match fs::read_to_string(portal.path(file)) {
            Ok(text) => self.break_bytes(portal, what, file, change(&text).as_bytes()),
            Err(_) => Edit::of("nothing", file),
        }
    }

    fn break_bytes(&mut self, portal: &Portal, what: &'static str, file: &str, bytes: &[u8]) -> Edit {
        if !self.mending.iter().any(|(_, kept)| kept.iter().any(|(f, _)| f == file)) {
            self.mending.push((self.round + 2, vec![(file.to_string(), fs::read(portal.path(file)).ok())]));
        }
        portal.write(file, bytes);
        Edit::of(what, file)
    }

    /// Changes a file of the portal's own theme, which the site uses from then on.
    fn own_theme(&mut self, portal: &Portal, what: &'static str, change: impl Fn(&Portal) -> &'static str) -> Edit {
        let file = change(portal);
        let site = portal.read("site.yaml").replace("theme: default", "theme: own");
        portal.write("site.yaml", site);
        Edit { what, paths: vec!["site.yaml".into(), file.into()], folders: true }
    }
}

impl Edit {
    fn of(what: &'static str, file: &str) -> Self {
        Self { what, paths: vec![file.to_string()], folders: false }
    }

    fn with(mut self, file: &str) -> Self {
        self.paths.push(file.to_string());
        self.folders = true;
        self
    }
}

fn mend(portal: &Portal, kept: &[Kept]) -> Edit {
    for (file, bytes) in kept {
        match bytes {
            Some(bytes) => portal.write(file, bytes),
            None => fs::remove_file(portal.path(file)).unwrap_or_default(),
        }
    }
    Edit { what: "mended", paths: kept.iter().map(|(f, _)| f.clone()).collect(), folders: false }
}

/// Replaces the first line that begins so, or puts it behind the first line.
fn line(text: &str, begins: &str, new: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|l| l.starts_with(begins)) {
        Some(at) => lines[at] = new,
        None => lines.insert(1, new),
    }
    lines.join("\n") + "\n"
}

fn report(n: usize, more: &str) -> String {
    let year = 2016 + n % 6;
    let (next, published) = (
        year + 1,
        if more.contains("draft") { String::new() } else { format!("published: \"{}-02-18 10:00\"\n", year + 1) },
    );
    format!(
        "---\ntitle: 乙局{year}年第{n}号工作报告\nkind: general\norganization: b-bureau\nyear: {year}\n{published}\
         signed: {{by: 乙局, date: \"{next}-02-10\"}}\nsummary: 报告{year}年第{n}项工作，提出{next}年的计划。\n\
         keywords: [年度工作报告]\nopenness: active\n{more}review:\n  - {{step: first, role: 信息员, date: \"{next}-02-11\"}}\n  \
         - {{step: second, role: 负责人, date: \"{next}-02-12\"}}\n  - {{step: secrecy, role: 审查员, date: \"{next}-02-13\"}}\n  \
         - {{step: final, role: 分管负责人, date: \"{next}-02-14\"}}\n---\n\n## 一、主要工作和成效\n\n全年养护道路{n}公里。\n\n\
         ## 二、存在的问题和不足\n\n施工影响休息，原因是工期安排集中。\n\n## 三、下一年度工作计划\n\n养护道路{}公里。\n",
        n + 1
    )
}
