//! A report dated in the future: not one byte of it in the output before its time, all of it after.

use crate::portal::{Portal, Said, sunlit, tree};
use std::collections::BTreeMap;
use std::io::Read;

/// Stands in everything that is the report's own: its words, names, addresses and files.
const MARK: &str = "zqembargo";
const DUE: &str = "2026-03-31 09:00";
const BEFORE: &str = "2026-03-31 08:59:59";

const REPORT: &str = r#"---
title: 乙局2025年年度工作报告（zqembargo-title）
kind: general
organization: b-bureau
year: 2025
published: "2026-03-31 09:00"
signed: {by: 乙局, date: "2026-03-20"}
document_number: zqembargo〔2026〕3号
index_number: zqembargo-index
source: zqembargo-source
summary: zqembargo-summary
keywords: [zqembargo-keyword]
openness: active
review:
  - {step: first, role: zqembargo-role, date: "2026-03-21"}
  - {step: second, role: 办公室负责人, date: "2026-03-22"}
  - {step: secrecy, role: 保密审查员, date: "2026-03-23"}
  - {step: final, role: 分管负责人, date: "2026-03-24"}
attachments:
  - {file: zqembargo-annex.csv, title: zqembargo-annex-title}
figures:
  - {id: zqembargo-figure, label: zqembargo-label, value: 12, unit: 公里, quote: 养护道路12公里}
commitments:
  - {id: zqembargo-promise, text: zqembargo-promise-text, due: "2026-12-31"}
follow_ups:
  - {commitment: 2023/a-bureau#one-window, status: done, note: zqembargo-note}
aliases: [old/zqembargo-alias.html]
---

## 一、主要工作和成效（zqembargo-heading）

养护道路12公里，见[图纸（CSV，1 KB）](zqembargo-report/zqembargo-linked.csv)。![zqembargo-alt](zqembargo-report/zqembargo-picture.svg)

## 二、存在的问题和不足

zqembargo-body

## 三、下一年度工作计划

养护道路18公里。
"#;

fn portal() -> Portal {
    let portal = Portal::base();
    portal.write(
        "site.yaml",
        format!("{}\nhosting: {{precompress: [gz], files: [headers]}}\n", portal.read("site.yaml")),
    );
    portal.write("content/2025/zqembargo-report.md", REPORT);
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><title>zqembargo</title></svg>";
    portal.write("content/2025/zqembargo-report/zqembargo-picture.svg", picture);
    portal.write("content/2025/zqembargo-report/zqembargo-annex.csv", "道路,里程\nzqembargo-cell,12\n".repeat(80));
    portal.write("content/2025/zqembargo-report/zqembargo-linked.csv", "道路,里程\nzqembargo-linked-cell,12\n");
    // Another report of the same body and year, shown already, and one of the year after: both could name it as a neighbour.
    let shown = portal.read("content/2024/b-bureau/index.md");
    let shown: String =
        shown.lines().filter(|l| !l.contains("roads.csv") && *l != "attachments:").map(|l| format!("{l}\n")).collect();
    portal.write("content/2022/b-bureau.md", shown.replace("2024", "2022").replace("2025", "2023"));
    portal
}

/// Every place of a tree where the report shows: in a name, in bytes, in compressed bytes.
fn places(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(MARK.len()).any(|w| w.eq_ignore_ascii_case(MARK.as_bytes()));
    let mut out = Vec::new();
    for (path, bytes) in files {
        let mut whole = Vec::new();
        if path.ends_with(".gz") {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut whole).expect(path);
        }
        if holds(path.as_bytes()) || holds(bytes) || holds(&whole) {
            out.push(path.clone());
        }
    }
    out
}

fn build(portal: &Portal, moment: &str) -> BTreeMap<String, Vec<u8>> {
    let said = portal.build_as_of(moment);
    assert_eq!(said.status, 0, "{}", said.stderr);
    portal.tree()
}

#[test]
fn not_a_byte_before_its_time_and_everything_after() {
    let portal = portal();
    let before = build(&portal, BEFORE);
    assert_eq!(places(&before), Vec::<String>::new());
    assert!(!before.keys().any(|p| p.starts_with("2025/")), "not even its year: {:?}", before.keys());

    let after = build(&portal, DUE);
    let shown = places(&after);
    for path in [
        "2025/index.html",
        "2025/zqembargo-report.html",
        "2025/zqembargo-report.html.gz",
        "2025/zqembargo-report.json",
        "2025/zqembargo-report/zqembargo-annex.csv",
        "2025/zqembargo-report/zqembargo-annex.csv.gz",
        "2025/zqembargo-report/zqembargo-linked.csv",
        "2025/zqembargo-report/zqembargo-picture.svg",
        "archive.html",
        "atom.xml",
        "data/reports.csv",
        "data/reports.json",
        "feed.json",
        "index.html",
        "manifest-sha256.txt",
        "old/zqembargo-alias.html",
        "organizations/b-bureau.html",
        "sitemap.xml",
    ] {
        assert!(shown.iter().any(|p| p == path), "{path} is among {shown:?}");
    }
    // Called back to a later day, it goes without a trace.
    let again = build(&portal, BEFORE);
    assert_eq!(places(&again), Vec::<String>::new());
    assert!(again == before, "the tree is what it was");
}

#[test]
fn nobody_else_publishes_its_files_or_names_it() {
    for link in [
        "[表](../2025/zqembargo-report/zqembargo-annex.csv)",
        "[图纸](../2025/zqembargo-report/zqembargo-linked.csv)",
        "![道路养护的分布图：东段十二公里](../2025/zqembargo-report/zqembargo-picture.svg)",
        "[报告](../2025/zqembargo-report.md)",
        "[旧址](../old/zqembargo-alias.html)",
    ] {
        let portal = portal();
        let page = "content/pages/about.md";
        portal.write(page, format!("{}\n\n{link}\n", portal.read(page)));
        let said = portal.build_as_of(BEFORE);
        assert_eq!((said.status, said.codes()), (1, vec!["LINK-001"]), "{link}: {}", said.stderr);
        assert!(portal.tree().is_empty(), "{link}");
        assert_eq!(portal.build_as_of(DUE).status, 0, "{link} may stand once it is shown");
    }
    let portal = portal();
    let answer =
        "follow_ups:\n  - {commitment: 2025/zqembargo-report#zqembargo-promise, status: done}\n---\n\n## 一、主要";
    portal.edit("content/2024/b-bureau/index.md", "---\n\n## 一、主要", answer);
    let said = portal.build_as_of(BEFORE);
    assert_eq!((said.status, said.codes()), (1, vec!["LINK-001"]), "{}", said.stderr);
}

#[test]
fn the_files_of_a_withdrawn_report_and_of_a_draft_are_held_back_too() {
    for status in ["withdrawn\nwithdrawn: {date: \"2026-04-02\", reason: 数据有误}", "draft"] {
        let portal = portal();
        portal.edit(
            "content/2025/zqembargo-report.md",
            "openness: active",
            &format!("openness: active\nstatus: {status}"),
        );
        let page = "content/pages/about.md";
        portal.write(page, format!("{}\n\n[表](../2025/zqembargo-report/zqembargo-annex.csv)\n", portal.read(page)));
        let said = portal.build_as_of("2026-05-01");
        assert_eq!((said.status, said.codes()), (1, vec!["LINK-001"]), "{status}: {}", said.stderr);
    }
}

#[test]
fn a_build_for_now_shows_it_when_its_time_has_come() {
    let portal = portal();
    let build = |epoch: &str| -> Said {
        let mut command = sunlit();
        command.current_dir(portal.root()).args(["--lang", "en", "build"]).env("SOURCE_DATE_EPOCH", epoch);
        command.output().expect("runs").into()
    };
    // 2026-03-31 09:00 in Shanghai is 1774918800.
    for (epoch, shown) in [("1774918000", false), ("1774918799", false), ("1774918800", true), ("1774999999", true)] {
        let said = build(epoch);
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_eq!(!places(&portal.tree()).is_empty(), shown, "{epoch}: {}", said.stderr);
    }
}

#[cfg(unix)]
#[test]
fn what_a_build_remembers_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let portal = portal();
    build(&portal, BEFORE);
    // It names every file, and where the output lies under a web server's root it lies there too.
    let folder = portal.path(".sunlit");
    assert_eq!(std::fs::metadata(&folder).expect("there").permissions().mode() & 0o777, 0o700);
    assert!(!places(&tree(&folder)).is_empty(), "the folder does name it");
}
