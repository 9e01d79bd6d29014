//! Each code has cases under `tests/findings/CODE/`: files laid over the base portal. `fail…` must print the code,
//! `pass…` must not, and what is printed is kept as a snapshot in both languages.

use crate::portal::{Portal, repository};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use sunlit::base::Lang;
use sunlit::diag::code::Adjustable;
use sunlit::diag::{Code, Severity};

/// Codes whose cases cannot lie in a repository; the Rust test that holds each.
const ELSEWHERE: &[(Code, &str)] = &[
    (Code::File010, "hostile::a_file_of_a_gigabyte_is_never_read"),
    (Code::File013, "hostile::a_link_out_of_content_is_refused"),
    (Code::File015, "hostile::a_file_that_may_not_be_read_is_named"),
    (Code::Link007, "external::each_link_gets_its_answer_in_the_order_asked"),
    (Code::Out001, "writing::a_strangers_file_in_the_way_stops_the_build"),
];

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(path).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    found.retain(|p| p.is_dir());
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn cases() -> Vec<(String, String, PathBuf)> {
    let codes = folders(&repository().join("tests/findings"));
    codes.iter().flat_map(|code| folders(code).into_iter().map(|case| (name(code), name(&case), case))).collect()
}

#[test]
fn every_code_has_a_failing_and_a_passing_case() {
    let have: BTreeSet<_> = cases().into_iter().map(|(code, case, _)| (code, case.starts_with("pass"))).collect();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|c| !ELSEWHERE.iter().any(|(e, _)| e == *c))
        .filter(|c| ![true, false].iter().all(|pass| have.contains(&(c.to_string(), *pass))))
        .collect();
    assert!(missing.is_empty(), "without a failing and a passing case: {missing:?}");
    for (_, test) in ELSEWHERE {
        let (file, function) = test.split_once("::").expect("file::test");
        let text = fs::read_to_string(repository().join(format!("tests/suite/{file}.rs"))).expect("the file");
        assert!(text.contains(&format!("fn {function}()")), "{test} is not there");
    }
}

#[test]
fn every_case_belongs_to_a_code() {
    let known: BTreeSet<_> = Code::ALL.iter().map(ToString::to_string).collect();
    for (code, case, path) in cases() {
        assert!(known.contains(&code), "{} is no code", path.display());
        assert!(case.starts_with("fail") || case.starts_with("pass"), "{}", path.display());
    }
}

#[test]
fn every_code_is_documented() {
    let marks = [
        (Lang::En, ["**Why.** ", "**Source.** ", "**Wrong**", "**Right**"]),
        (Lang::ZhCn, ["**理由。**", "**依据。**", "**错误**", "**正确**"]),
    ];
    let mut wrong = Vec::new();
    for code in Code::ALL {
        for (lang, marks) in &marks {
            let text = code.documentation(*lang);
            let name = format!("docs/rules/{}/{code}.md", lang.tag());
            let mut at = 0;
            for mark in marks {
                match text[at..].find(&format!("\n{mark}")) {
                    Some(found) => at += found + 1,
                    None => wrong.push(format!("{name} lacks {mark}")),
                }
            }
            if !text.starts_with(&format!("# {code}: ")) && !text.starts_with(&format!("# {code}：")) {
                wrong.push(format!("{name} has no title"));
            }
            if text.matches("\n```").count() != 4 {
                wrong.push(format!("{name} does not show one wrong and one right example"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_list_of_rules_is_complete() {
    let mut list = String::from(
        "# Rules\n\nWhat `sunlit check` looks for, in the order of the codes. `sunlit build` stops at errors, and writes \
         nothing then. A level can be\nchanged under `check: {levels: {…}}` in `site.yaml` where the last column says so. \
         `sunlit check --explain CODE` prints a rule's page.\n\n| code | what | usual level | can be changed |\n\
         |---|---|---|---|\n",
    );
    for code in Code::ALL {
        let level = match (code.adjustable(), code.severity()) {
            (Adjustable::OnRequest, severity) => format!("off ({})", word(severity)),
            (_, severity) => word(severity).to_string(),
        };
        let free = if code.adjustable() == Adjustable::Fixed { "no" } else { "yes" };
        let title = code.title(Lang::En);
        list += &format!("| [{code}](en/{code}.md) [中文](zh-CN/{code}.md) | {title} | {level} | {free} |\n");
    }
    let path = repository().join("docs/rules/README.md");
    let known = fs::read_to_string(&path).unwrap_or_default();
    let (table, rest) = known.split_once("\n## ").unwrap_or((&known, ""));
    if table.trim_end() != list.trim_end() {
        if std::env::var_os("INSTA_UPDATE").is_some() {
            let rest = if rest.is_empty() { String::new() } else { format!("\n## {rest}") };
            fs::write(&path, list + &rest).expect("written");
        } else {
            panic!("docs/rules/README.md is not the list of the codes; INSTA_UPDATE=always writes it anew");
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

#[test]
fn every_rule_of_the_check_is_asked_by_its_code() {
    let judged: BTreeSet<_> = sunlit::check::codes().collect();
    assert!(!judged.is_empty());
    assert!(judged.iter().all(|c| Code::parse(c.as_str()) == Some(*c)));
}

#[test]
fn failing_cases_print_their_code_and_passing_cases_do_not() {
    for (code, case, path) in cases() {
        let portal = Portal::base();
        portal.lay_over(&path);
        let said = portal.check("en", &[]);
        let label = format!("{code}/{case}");
        if case.starts_with("pass") {
            assert!(!said.codes().contains(&code.as_str()), "{label}\n{}", said.stderr);
            assert_eq!(said.status, 0, "{label}\n{}", said.stderr);
            continue;
        }
        assert!(said.codes().contains(&code.as_str()), "{label}\n{}", said.stderr);
        let known = Code::parse(&code).expect("a code");
        if known.severity() == Severity::Error {
            assert_eq!(said.status, 1, "{label}\n{}", said.stderr);
            let built = portal.build();
            assert_eq!(built.status, 1, "{label}\n{}", built.stderr);
            assert!(built.codes().contains(&code.as_str()), "{label}\n{}", built.stderr);
            assert!(portal.tree().is_empty(), "{label} wrote something");
        }
        for lang in ["zh-CN", "en"] {
            let words = portal.check(lang, &[]).stderr;
            insta::with_settings!({
                snapshot_path => "snapshots/findings",
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(format!("{code}-{case}-{lang}"), words);
            });
        }
    }
}
