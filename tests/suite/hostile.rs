//! Input that was made to break something, or might as well have been: a clear finding each time, never a panic, a hang
//! or a changed site.

use crate::portal::Portal;
use std::fs::{self, File};

const REPORT: &str = "content/2024/a-bureau.md";

/// Builds once well, then with the change, and checks that the site of the first build is untouched.
fn refuses(change: impl FnOnce(&Portal)) -> (crate::portal::Said, Portal) {
    let portal = Portal::base();
    portal.build_well();
    let before = portal.tree();
    change(&portal);
    let said = portal.build();
    assert_eq!(said.status, 1, "{}", said.stderr);
    assert!(!said.stderr.contains("panicked"), "{}", said.stderr);
    assert_eq!(portal.tree(), before, "the site changed");
    (said, portal)
}

fn with_front(front: &str) -> String {
    format!("---\n{front}\n---\n\n## 一、工作情况\n")
}

#[test]
fn a_billion_laughs_are_laughed_off() {
    let mut yaml = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for n in 1..12 {
        let items = vec![format!("*a{}", n - 1); 9].join(", ");
        yaml.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    let (said, _) = refuses(|p| p.write(REPORT, with_front(&yaml)));
    assert_eq!(said.codes(), ["YAML-004"], "{}", said.stderr);
}

#[test]
fn a_hundred_thousand_brackets_end_at_once() {
    for open in ["[", "{a: "] {
        let (said, _) = refuses(|p| p.write(REPORT, with_front(&format!("x: {}", open.repeat(10_000)))));
        assert_eq!(said.codes(), ["YAML-004"], "{}", said.stderr);
    }
}

#[test]
fn a_file_of_a_gigabyte_is_never_read() {
    for file in [REPORT, "site.yaml", "content/2024/b-bureau/roads.csv"] {
        let (said, _) = refuses(|p| {
            fs::remove_file(p.path(file)).ok();
            File::create(p.path(file)).and_then(|f| f.set_len(1 << 30)).expect("a sparse file");
        });
        assert_eq!(said.codes(), ["FILE-010"], "{file}\n{}", said.stderr);
    }
}

#[test]
fn thousands_of_dead_links_are_all_told_but_not_all_compared() {
    let links: String = (0..3_000).map(|n| format!("[第{n}篇](../2024/a-bureu.md)\n")).collect();
    let front = "---\ntitle: 关于\n---\n\n";
    let (said, portal) = refuses(|p| p.write("content/pages/about.md", format!("{front}{links}")));
    assert!(said.stderr.starts_with("error[LINK-001]") && said.stderr.contains("about.md:5:1"), "{}", said.stderr);
    assert!(said.stderr.contains("2024/a-bureau.md"), "the first ones name the nearest page\n{}", said.stderr);
    let all = portal.check("en", &["--format", "json"]).stdout;
    assert_eq!(all.matches("LINK-001").count(), 3_000);
    // Compared with every page, each would cost as much as a page.
    assert_eq!(all.matches("2024/a-bureau.md").count(), 200);
}

#[test]
fn a_hundred_thousand_quotes_are_one_finding() {
    for deep in [">".repeat(100_000), "- ".repeat(10_000), "*a **b ".repeat(2_000)] {
        let portal = Portal::base();
        let front = portal.read(REPORT).split_inclusive("\n---\n").next().expect("front matter").to_string();
        portal.write(REPORT, format!("{front}\n## 一、工作情况\n\n{deep} 深\n"));
        let said = portal.build();
        assert!(!said.stderr.contains("panicked"), "{}", said.stderr);
        if deep.starts_with(['>', '-']) {
            assert!(said.codes().contains(&"MD-007"), "{}", said.stderr);
        }
    }
}

#[test]
fn invalid_utf8_is_named_with_its_line() {
    let (said, _) = refuses(|p| {
        let mut bytes = p.read(REPORT).into_bytes();
        bytes.extend_from_slice(b"\n\xb7\xa8\xd6\xce\n");
        p.write(REPORT, bytes);
    });
    assert_eq!(said.codes(), ["FILE-011"], "{}", said.stderr);
}

#[test]
fn a_byte_order_mark_is_read_over_with_a_warning() {
    let portal = Portal::base();
    let text = portal.read(REPORT);
    portal.build_well();
    let page = portal.read("public/2024/a-bureau.html");
    portal.write(REPORT, format!("\u{feff}{text}"));
    let said = portal.build_well();
    assert_eq!(said.codes(), ["FILE-012"]);
    assert_eq!(portal.read("public/2024/a-bureau.html"), page);
}

#[test]
fn two_reports_with_one_identity_are_refused() {
    let (said, _) = refuses(|p| p.write("content/2024/a-bureau/index.md", p.read(REPORT)));
    assert!(said.codes().contains(&"LINK-005"), "{}", said.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_content_is_refused() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::TempDir::new().expect("a folder");
    fs::write(outside.path().join("secret.md"), "---\ntitle: 秘密\n---\n").expect("a file");
    for target in [outside.path().join("secret.md"), outside.path().to_path_buf(), "nowhere".into(), ".".into()] {
        let (said, portal) = refuses(|p| symlink(&target, p.path("content/2024/leak.md")).expect("a link"));
        assert!(said.codes().contains(&"FILE-013"), "{target:?}\n{}", said.stderr);
        assert!(!portal.tree().values().any(|bytes| String::from_utf8_lossy(bytes).contains("秘密")));
    }
}

#[cfg(unix)]
#[test]
fn a_link_within_content_is_followed() {
    let portal = Portal::base();
    std::os::unix::fs::symlink("a-bureau.md", portal.path("content/2024/again.md")).expect("a link");
    let said = portal.build();
    assert!(!said.codes().contains(&"FILE-013"), "{}", said.stderr);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let (said, _) = refuses(|p| {
        // A folder in the place of a file cannot be read even by root.
        fs::remove_file(p.path(REPORT)).expect("there");
        fs::create_dir(p.path("content/locked")).expect("a folder");
        fs::set_permissions(p.path("content/locked"), fs::Permissions::from_mode(0o000)).expect("mode");
        fs::remove_file(p.path("site.yaml")).expect("there");
        fs::create_dir(p.path("site.yaml")).expect("a folder");
    });
    assert!(said.codes().contains(&"FILE-015"), "{}", said.stderr);
}

#[test]
fn every_error_of_a_run_is_told_at_once() {
    let (said, _) = refuses(|p| {
        p.edit(REPORT, "kind: rule-of-law", "kind: rule-of-low\ntitel: x");
        p.write("content/2023/b-bureau.md", "没有文件头\n");
        p.write("content/stray.md", "---\ntitle: x\n---\n");
        p.edit("content/pages/about.md", "---\n\n", "---\n\n<b>x</b> [y](../2020/none.md)\n\n");
    });
    for code in ["YAML-001", "YAML-005", "FILE-014", "MD-003"] {
        assert!(said.codes().contains(&code), "{code}\n{}", said.stderr);
    }
}
