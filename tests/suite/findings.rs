//! Each code has cases under `tests/findings/CODE/`: files laid over the base portal. `fail…` must print the code,
//! `pass…` must not, and what is printed is kept as a snapshot in both languages.

use crate::portal::{Portal, repository};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use sunlit::diag::{Code, Severity};

/// Codes whose cases cannot lie in a repository; the Rust test that holds each.
const ELSEWHERE: &[(Code, &str)] = &[
    (Code::File010, "hostile::a_file_of_a_gigabyte_is_never_read"),
    (Code::File013, "hostile::a_link_out_of_content_is_refused"),
    (Code::File015, "hostile::a_file_that_may_not_be_read_is_named"),
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
    for language in ["en", "zh-CN"] {
        for code in Code::ALL {
            let name = format!("docs/rules/{language}/{code}.md");
            let text = fs::read_to_string(repository().join(&name)).unwrap_or_default();
            assert!(text.starts_with(&format!("# {code}: ")), "{name} is missing or explains another code");
        }
    }
}

#[test]
fn failing_cases_print_their_code_and_passing_cases_do_not() {
    for (code, case, path) in cases() {
        let portal = Portal::base();
        portal.lay_over(&path);
        let said = portal.build();
        let label = format!("{code}/{case}");
        if case.starts_with("pass") {
            assert!(!said.codes().contains(&code.as_str()), "{label}\n{}", said.stderr);
            assert_eq!(said.status, 0, "{label}\n{}", said.stderr);
            continue;
        }
        assert!(said.codes().contains(&code.as_str()), "{label}\n{}", said.stderr);
        let known = Code::ALL.iter().find(|c| c.to_string() == code).expect("a code");
        if known.severity() == Severity::Error {
            assert_eq!(said.status, 1, "{label}\n{}", said.stderr);
            assert!(portal.tree().is_empty(), "{label} wrote something");
        }
        for lang in ["zh-CN", "en"] {
            let output = crate::portal::sunlit()
                .current_dir(portal.root())
                .args(["--lang", lang, "build", "-o", "elsewhere", "--as-of", crate::portal::AS_OF])
                .output()
                .expect("the program runs");
            let words = String::from_utf8(output.stderr).expect("UTF-8");
            insta::with_settings!({
                snapshot_path => "snapshots/findings",
                prepend_module_to_snapshot => false,
                filters => vec![(r"[(（][^()（）]*\d+\.\d+[^()（）]*[)）]", "[TIME]")],
                omit_expression => true,
            }, {
                insta::assert_snapshot!(format!("{code}-{case}-{lang}"), words);
            });
        }
    }
}
