//! A build over an earlier one makes, byte for byte, what a clean build makes; and a build with nothing to do does nothing.

use crate::portal::Portal;
use std::fs;

const REPORT: &str = "content/2024/a-bureau.md";

fn check(portal: &Portal, what: &str) {
    portal.build_well();
    let clean = Portal::copy_of(portal.root());
    for folder in ["themes", "kinds"] {
        if portal.path(folder).exists() {
            crate::portal::copy(&portal.path(folder), &clean.path(folder));
        }
    }
    clean.build_well();
    assert_eq!(portal.tree(), clean.tree(), "{what}");
}

#[test]
fn edits_of_every_sort_give_what_a_clean_build_gives() {
    let portal = Portal::base();
    check(&portal, "the base");
    portal.edit(REPORT, "title: 甲局", "title: 新甲局");
    check(&portal, "a title");
    portal.edit(REPORT, "60卷", "70卷");
    check(&portal, "a body of the same length");
    portal.edit("site.yaml", "甲局", "甲甲局");
    check(&portal, "an organisation's name");
    portal.write("content/2022/b-bureau.md", portal.read("content/2024/b-bureau/index.md").replace("2024", "2022"));
    portal.edit("content/2022/b-bureau.md", "2025-", "2023-");
    let text = portal.read("content/2022/b-bureau.md");
    let kept = text.lines().filter(|l| !l.contains("file:") && !l.starts_with("attachments"));
    let kept: Vec<_> = kept.filter(|l| !l.contains("](")).collect();
    portal.write("content/2022/b-bureau.md", kept.join("\n"));
    check(&portal, "a new report in a new year");
    fs::remove_file(portal.path("content/2022/b-bureau.md")).expect("there");
    check(&portal, "a report that went");
    portal.edit("site.yaml", "theme: default", "theme: own");
    portal.write("themes/own/static/style.css", "body{color:#111}");
    check(&portal, "a theme");
    portal.write("themes/own/static/style.css", "body{color:#222}");
    check(&portal, "a theme's file of the same length");
    portal.write("themes/own/locales/zh-CN.yaml", "site: {home: 首页}\n");
    check(&portal, "a theme's words");
    portal.write(
        "kinds/rule-of-law.yaml",
        "names: {zh-CN: 法治报告}\nparts: [{role: plans, need: advised, patterns: [安排]}]\n",
    );
    check(&portal, "a kind");
}

#[test]
fn a_fresh_build_says_so_and_repeats_its_warnings() {
    let portal = Portal::base();
    portal.write("content/2024/b-bureau/forgotten.txt", "x");
    let first = portal.build_well();
    assert_eq!(first.codes(), ["FILE-014"]);
    // `--as-of` names a moment, and only builds for "now" are remembered.
    let again = || {
        let output = crate::portal::sunlit()
            .current_dir(portal.root())
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .args(["--lang", "en", "build"])
            .output();
        crate::portal::Said::from(output.expect("the program runs"))
    };
    // Files that changed within two seconds before a build are read again by the next one.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    again();
    let fresh = again();
    assert!(fresh.stderr.contains("nothing changed"), "{}", fresh.stderr);
    assert_eq!(fresh.codes(), ["FILE-014"]);
}

#[test]
fn a_report_appears_when_its_time_has_come() {
    let portal = Portal::base();
    portal.edit(REPORT, "published: \"2025-03-11 09:30\"", "published: \"2025-12-31 09:30\"");
    let at = |epoch: &str| {
        let output =
            crate::portal::sunlit().current_dir(portal.root()).env("SOURCE_DATE_EPOCH", epoch).args(["build"]).output();
        assert!(output.expect("the program runs").status.success());
        portal.tree().contains_key("2024/a-bureau.html")
    };
    // The about page links to the report, which would be a dead link before its time.
    portal.edit("content/pages/about.md", "，最近的一份是[甲局2024年的报告](../2024/a-bureau.md)", "");
    assert!(!at("1767144599"), "a second before 2025-12-31 09:30 in Shanghai");
    assert!(at("1767144600"), "at 2025-12-31 09:30 in Shanghai");
    assert!(!at("1767144599"), "and back");
}
