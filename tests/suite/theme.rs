//! Themes: every word of the interface in every language, no word that nobody says; a theme is made of what it overrides;
//! the accessibility statement comes from `site.yaml`, and a page of the portal's own takes its place.

use crate::portal::{Portal, copy, repository};
use serde_yaml::{Mapping, Value};
use std::collections::BTreeSet;
use std::fs;

/// Words by dotted key.
fn keys(prefix: &str, map: &Mapping, out: &mut BTreeSet<String>) {
    for (key, value) in map {
        let key = format!("{prefix}{}", key.as_str().expect("a text as key"));
        match value {
            Value::Mapping(inner) => keys(&format!("{key}."), inner, out),
            _ => {
                out.insert(key);
            }
        }
    }
}

fn locale(language: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(repository().join(format!("themes/default/locales/{language}.yaml")));
    let mut out = BTreeSet::new();
    keys("", &serde_yaml::from_str(&text.expect("readable")).expect("YAML"), &mut out);
    out
}

/// The words that a template asks for: `t.a.b`, and `x.` for whatever stands below `t.x` or an alias of it.
fn asked(template: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.' || c == '-';
    let template = template.replace("{%- set w = t.accessibility %}", "");
    let words = template.split(|c| !is_name(c)).filter(|w| !w.is_empty());
    let full = words.filter_map(|w| {
        w.strip_prefix("t.").map(String::from).or_else(|| w.strip_prefix("w.").map(|w| format!("accessibility.{w}")))
    });
    full.collect()
}

fn templates() -> Vec<(String, String)> {
    let folder = repository().join("themes/default/templates");
    let files = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let named = files.map(|p| (p.display().to_string(), fs::read_to_string(&p).expect("readable")));
    named.collect()
}

/// What is asked for and missing, of a set of words.
fn missing(asked: &BTreeSet<String>, words: &BTreeSet<String>) -> Vec<String> {
    let below = |key: &str| words.iter().any(|w| w.starts_with(&format!("{key}.")));
    asked.iter().filter(|k| !words.contains(*k) && !below(k)).cloned().collect()
}

#[test]
fn every_language_has_every_word_that_templates_and_program_ask_for() {
    let (chinese, english) = (locale("zh-CN"), locale("en"));
    assert_eq!(chinese.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new(), "only in Chinese");
    assert_eq!(english.difference(&chinese).collect::<Vec<_>>(), Vec::<&String>::new(), "only in English");
    for (file, text) in templates() {
        assert_eq!(missing(&asked(&text), &chinese), Vec::<String>::new(), "{file}");
    }
    let needed = sunlit::emit::labels::NEEDED.iter().map(ToString::to_string).collect();
    assert_eq!(missing(&needed, &chinese), Vec::<String>::new());
}

#[test]
fn a_word_that_is_missing_is_found() {
    let mut words = locale("en");
    assert!(words.remove("report.contents"));
    let found: Vec<_> = templates().iter().flat_map(|(_, text)| missing(&asked(text), &words)).collect();
    assert_eq!(found, ["report.contents"]);
}

#[test]
fn the_second_theme_is_made_of_what_it_overrides() {
    let portal = Portal::copy_of(repository());
    copy(&repository().join("themes/cinnabar"), &portal.path("themes/cinnabar"));
    let site = portal.read("site.yaml").replace("theme: default", "theme: cinnabar");
    portal.write("site.yaml", &site);
    let said = portal.build_as_of("2026-11-01");
    assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
    let page = portal.read("public/archive.html");
    assert!(page.contains("assets/cinnabar."), "its sheet");
    assert!(page.contains("assets/style."), "the built-in sheet");
    assert!(page.contains("<h1>报告总目</h1>"), "its words");
    assert!(page.contains("<h2 id=\"matrix\">各机构历年公开情况</h2>"), "the built-in words");
    assert!(portal.read("public/2025/government-office.html").contains("同一机构的其他报告"), "its template");
}

#[test]
fn the_statement_says_what_site_yaml_says_and_yields_to_a_page_of_the_portal() {
    let portal = Portal::copy_of(repository());
    portal.build_as_of("2026-11-01");
    let page = portal.read("public/pages/accessibility.html");
    for said in
        ["本站部分符合下列标准", "2026-10-12", "WCAG 1.3.1、4.1.2", "我们在10个工作日内答复。", "不属于适用范围的内容"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(portal.read("public/index.html").contains("<a href=\"pages/accessibility.html\">无障碍声明</a>"));
    assert!(portal.read("public/sitemap.xml").contains("pages/accessibility.html"));
    portal.write("content/pages/accessibility.md", "---\ntitle: 本单位的声明\n---\n\n正文。\n");
    let said = portal.build_as_of("2026-11-01");
    assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
    let own = portal.read("public/pages/accessibility.html");
    assert!(own.contains("<h1>本单位的声明</h1>"));
    assert!(!own.contains("达标情况"));
}
