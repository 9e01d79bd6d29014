//! `sunlit check` as its users meet it: what it asks of real portals, what it lets stand, and what it never shows.

use crate::portal::{Portal, repository, sunlit};
use std::collections::BTreeMap;
use std::path::Path;

/// Codes and how often each is told, allowed findings left out.
fn told(root: &Path, as_of: &str) -> BTreeMap<String, usize> {
    let mut command = sunlit();
    let done = command.arg("--root").arg(root).args(["check", "--format", "json", "--as-of", as_of]).output();
    let text = String::from_utf8(done.expect("the program runs").stdout).expect("UTF-8");
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut counts = BTreeMap::new();
    for entry in document["diagnostics"].as_array().expect("a list") {
        if entry.get("allowed").is_none() {
            *counts.entry(entry["code"].as_str().expect("a code").to_string()).or_insert(0) += 1;
        }
    }
    counts
}

#[test]
fn the_demonstration_has_nothing_to_be_told() {
    assert_eq!(told(repository(), "2026-11-01"), BTreeMap::new());
}

/// A real report, where this checkout lies beside it: what the rule catalogue expects of it, and nothing else.
#[test]
fn a_real_report_has_exactly_what_the_catalogue_expects() {
    let seed = repository().join("../shared/seed");
    if !seed.is_dir() {
        eprintln!("no {} here", seed.display());
        return;
    }
    let expected = [
        ("DATE-006", 1),
        ("MD-002", 1),
        ("NUM-008", 1),
        ("ORG-001", 1),
        ("STRUCT-001", 2),
        ("STRUCT-004", 1),
        ("STRUCT-005", 1),
        ("STRUCT-006", 1),
        ("STRUCT-007", 1),
        ("TEXT-003", 1),
    ];
    let mut found = told(&seed, "2025-01-01");
    assert!(found.remove("TEXT-001").is_some_and(|n| n > 20), "half-width marks in nearly every paragraph");
    assert_eq!(found, expected.into_iter().map(|(code, n)| (code.to_string(), n)).collect());
}

#[test]
fn what_is_found_of_a_person_is_in_no_output() {
    let secrets = ["13800138000", "138 0013 8000", "11010519491231002X", "Abc12345", "someone@mail.example"];
    let cases = [
        "PRIV-001/fail",
        "PRIV-003/fail",
        "PRIV-003/fail-front",
        "PRIV-003/fail-attachment",
        "PRIV-005/fail",
        "SEC-003/fail",
    ];
    for case in cases {
        let portal = Portal::base();
        portal.lay_over(&repository().join("tests/findings").join(case));
        for format in ["human", "json", "sarif", "html"] {
            let said = portal.check("zh-CN", &["--format", format]);
            let all = said.stdout + &said.stderr;
            for secret in secrets {
                assert!(!all.contains(secret), "{case} as {format} shows {secret}\n{all}");
            }
        }
        let built = portal.build();
        assert!(secrets.iter().all(|s| !built.stderr.contains(s)), "{case}\n{}", built.stderr);
    }
}

#[test]
fn a_finding_that_is_allowed_stays_visible_and_stops_nothing() {
    let portal = Portal::base();
    portal.lay_over(&repository().join("tests/findings/PRIV-003/fail"));
    assert_eq!(portal.check("en", &[]).status, 1);
    assert_eq!(portal.build().status, 1);
    let allowed = "openness: active\nallow: [{rule: PRIV-003, reason: a public number}]";
    portal.edit("content/2024/letters.md", "openness: active", allowed);
    let said = portal.check("en", &[]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(said.stderr.contains("allowed[PRIV-003]") && said.stderr.contains("a public number"), "{}", said.stderr);
    portal.build_well();
}

#[test]
fn a_site_sets_the_weight_of_a_rule() {
    let portal = Portal::base();
    portal.lay_over(&repository().join("tests/findings/NUM-003/fail"));
    assert_eq!(portal.check("en", &[]).status, 0);
    assert_eq!(portal.check("en", &["--deny", "warning"]).status, 1);
    portal.build_well();
    let site = portal.read("site.yaml");
    portal.write("site.yaml", format!("{site}\ncheck: {{levels: {{NUM-003: error}}}}\n"));
    assert_eq!(portal.check("en", &[]).status, 1);
    assert_eq!(portal.build().status, 1);
    portal.write("site.yaml", format!("{site}\ncheck: {{levels: {{NUM-003: off}}}}\n"));
    assert!(portal.check("en", &[]).codes().is_empty());
    portal.write("site.yaml", format!("{site}\ncheck: {{levels: {{YAML-001: off, NUM-03: off}}}}\n"));
    let said = portal.check("en", &[]);
    assert_eq!(said.codes().iter().filter(|c| **c == "YAML-001").count(), 2, "{}", said.stderr);
    assert!(said.stderr.contains("cannot be changed") && said.stderr.contains("NUM-003"), "{}", said.stderr);
}

#[test]
fn only_the_paths_that_are_asked_for_are_told() {
    let portal = Portal::base();
    portal.lay_over(&repository().join("tests/findings/NUM-003/fail"));
    assert_eq!(portal.check("en", &["content/2024/letters.md"]).codes(), ["NUM-003"]);
    assert_eq!(portal.check("en", &["content/2024"]).codes(), ["NUM-003"]);
    assert!(portal.check("en", &["content/2023"]).codes().is_empty());
    assert_eq!(portal.check("en", &["content/1999"]).status, 2);
}

#[test]
fn each_rule_explains_itself_in_both_languages() {
    for (lang, word) in [("en", "**Why.**"), ("zh-CN", "**理由。**")] {
        let done = sunlit().args(["--lang", lang, "check", "--explain", "num-003"]).output().expect("runs");
        let text = String::from_utf8(done.stdout).expect("UTF-8");
        assert!(text.starts_with("# NUM-003: ") && text.contains(word), "{text}");
    }
    let unknown = sunlit().args(["--lang", "en", "check", "--explain", "NUM-03"]).output().expect("runs");
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn a_check_writes_nothing() {
    let portal = Portal::base();
    let before = crate::portal::tree(portal.root());
    portal.check("en", &[]);
    assert_eq!(crate::portal::tree(portal.root()), before);
}
