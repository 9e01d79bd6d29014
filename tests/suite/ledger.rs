//! The ledger from sealing to correction, on real folders: what was published changes in the open or not at all.

use crate::portal::{AS_OF, Portal, Said, sunlit, tree};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use sunlit::base::{ReportId, Sha256, SitePath};
use sunlit::model::ledger::{Entry, Ledger, Line, Seal, append, print};

const REPORT: &str = "content/2024/a-bureau.md";
const LEDGER: &str = "ledger.jsonl";

fn seal(portal: &Portal, arguments: &[&str]) -> Said {
    let mut command = sunlit();
    command.current_dir(portal.root()).args(["--lang", "en", "archive", "seal"]).args(arguments);
    command.output().expect("the program runs").into()
}

fn seal_well(portal: &Portal, year: &str) -> Said {
    let said = seal(portal, &[year, "--as-of", AS_OF]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    said
}

/// A correction as one is made: the text, what is said of it, and its review.
fn correct(portal: &Portal, from: &str, to: &str, day: &str, more: &str) {
    portal.edit(REPORT, from, to);
    let entry = format!("  - {{date: \"{day}\", note: {from}更正为{to}{more}}}\n");
    if portal.read(REPORT).contains("corrections:\n") {
        portal.edit(REPORT, "corrections:\n", &format!("corrections:\n{entry}"));
    } else {
        portal.edit(REPORT, "figures:\n", &format!("corrections:\n{entry}figures:\n"));
    }
    portal.edit(REPORT, "review:\n", &format!("review:\n  - {{step: final, role: 分管负责人, date: \"{day}\"}}\n"));
}

fn page(portal: &Portal, path: &str) -> String {
    String::from_utf8(portal.tree().remove(path).unwrap_or_else(|| panic!("no {path}"))).expect("UTF-8")
}

#[test]
fn a_sealed_report_changes_by_a_correction_and_its_earlier_version_stays() {
    let portal = Portal::base();
    seal_well(&portal, "2024");
    portal.build_well();
    let former = portal.tree();

    portal.edit(REPORT, "60卷", "70卷");
    let refused = portal.build();
    assert_eq!((refused.status, refused.codes()), (1, vec!["ARCH-001"]), "{}", refused.stderr);
    assert!(refused.stderr.contains("cp sealed/2024/a-bureau/1.md content/2024/a-bureau.md"), "{}", refused.stderr);
    assert_eq!(portal.tree(), former, "the former site is intact");

    portal.edit(REPORT, "70卷", "60卷");
    correct(&portal, "60卷", "70卷", "2025-06-02", ", section: 下一年度主要安排");
    portal.build_well();
    let said = portal.check("en", &[]);
    assert_eq!((said.status, said.codes()), (0, vec!["ARCH-008"]), "{}", said.stderr);
    let (now, then) = (page(&portal, "2024/a-bureau.html"), page(&portal, "2024/a-bureau/v1.html"));
    assert!(now.contains("评查案卷70卷") && now.contains("href=\"a-bureau/v1.html\""), "{now}");
    assert!(then.contains("评查案卷60卷") && !then.contains("70卷"), "{then}");
    assert!(then.contains("data-status=\"superseded\"") && then.contains("已归档"), "{then}");
    assert!(then.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(then.contains("<link rel=\"canonical\" href=\"https://test.example/zwgk/2024/a-bureau.html\">"));
    assert!(then.contains("<a href=\"../../2023/a-bureau.html\">"), "links of the body lead from one level deeper");
    assert!(then.contains("\"version\":1") && then.contains("Obsolete"));
    assert!(now.contains("\"version\":2") && now.contains("CorrectionComment"));
    for (path, bytes) in portal.tree() {
        let lists = !path.starts_with("2024/a-bureau") && path != "manifest-sha256.txt";
        let text = String::from_utf8_lossy(&bytes);
        assert!(!lists || !text.contains("a-bureau/v1"), "{path} lists an earlier version");
    }
    for feed in ["atom.xml", "feed.json"] {
        let text = page(&portal, feed);
        assert!(text.contains("60卷更正为70卷") && text.contains("2025-06-02T00:00:00+08:00"), "{feed}: {text}");
    }
    let data: serde_json::Value = serde_json::from_str(&page(&portal, "2024/a-bureau.json")).expect("JSON");
    assert_eq!((&data["version"], &data["versions"][0]["version"]), (&2.into(), &1.into()));
    let first: serde_json::Value = serde_json::from_str(&page(&portal, "2024/a-bureau/v1.json")).expect("JSON");
    assert_eq!((&first["version"], &first["status"]), (&1.into(), &"superseded".into()));

    seal_well(&portal, "2024");
    assert_eq!(portal.read("sealed/2024/a-bureau/2.md"), portal.read(REPORT));
    let before = portal.tree();
    portal.build_well();
    assert_eq!(portal.tree(), before, "sealing a version changes nothing that is published");
    assert!(portal.check("en", &[]).codes().is_empty());
    let text = portal.read(LEDGER);
    let line = text.lines().find(|l| l.contains("\"version\":2")).expect("version 2");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(line["output"], Sha256::of(&portal.tree()["2024/a-bureau.json"]).to_string().as_str());
    assert_eq!(line["source"], Sha256::of(portal.read(REPORT).as_bytes()).to_string().as_str());
}

#[test]
fn sealing_twice_adds_nothing_and_touches_no_line() {
    let portal = Portal::base();
    assert!(
        seal(&portal, &["2024", "--dry-run", "--as-of", AS_OF]).stderr.contains("would seal 2024/a-bureau, version 1")
    );
    assert!(!portal.path(LEDGER).exists() && !portal.path("sealed").exists());
    seal_well(&portal, "2024");
    let first = portal.read(LEDGER);
    assert!(seal_well(&portal, "2024").stderr.contains("nothing new"));
    assert_eq!(portal.read(LEDGER), first);
    seal_well(&portal, "2023");
    assert!(portal.read(LEDGER).starts_with(&first));
    assert_eq!(seal(&portal, &["1999"]).status, 2, "a year without reports");
    assert_eq!(seal(&portal, &["20x4"]).status, 2);
    portal.edit(REPORT, "kind: rule-of-law", "kind: rule-of-lav");
    assert_eq!(seal(&portal, &["2024", "--as-of", AS_OF]).status, 1, "a portal with errors is not sealed");
}

#[test]
fn a_report_that_moved_answers_at_its_former_address() {
    let portal = Portal::base();
    seal_well(&portal, "2024");
    fs::rename(portal.path(REPORT), portal.path("content/2024/first-bureau.md")).expect("renamed");
    portal.edit("content/pages/about.md", "a-bureau.md", "first-bureau.md");
    let refused = portal.build();
    assert_eq!((refused.status, refused.codes()), (1, vec!["LINK-004"]), "{}", refused.stderr);
    assert!(refused.stderr.contains("aliases: [2024/a-bureau.html]"), "{}", refused.stderr);
    portal.edit("content/2024/first-bureau.md", "openness:", "aliases: [2024/a-bureau.html]\nopenness:");
    portal.build_well();
    // Before its time nothing of it is looked for.
    portal.edit("content/2024/first-bureau.md", "aliases: [2024/a-bureau.html]\n", "");
    portal.write("content/pages/about.md", "---\ntitle: 关于本栏目\n---\n\n本栏目发布年度报告。\n");
    assert!(!portal.build_as_of("2025-01-01").codes().contains(&"LINK-004"));
}

#[test]
fn personal_data_go_from_every_earlier_version() {
    let portal = Portal::base();
    seal_well(&portal, "2024");
    correct(&portal, "60卷", "70卷", "2025-06-02", "");
    seal_well(&portal, "2024");
    correct(&portal, "材料流转", "文书流转", "2025-07-01", ", removes: personal-data");
    let refused = portal.build();
    assert_eq!((refused.status, refused.codes()), (1, vec!["ARCH-007", "ARCH-007"]), "{}", refused.stderr);
    for version in [1, 2] {
        fs::remove_file(portal.path(&format!("sealed/2024/a-bureau/{version}.md"))).expect("there");
    }
    portal.build_well();
    let now = page(&portal, "2024/a-bureau.html");
    assert_eq!(now.matches("因含有个人信息已经删除").count(), 2, "{now}");
    assert!(!portal.tree().keys().any(|path| path.starts_with("2024/a-bureau/v")));
    seal_well(&portal, "2024");
    portal.build_well();
    assert!(portal.check("en", &[]).codes().is_empty());
    // The one that is left is kept like any other: its copy may not go without a word.
    fs::remove_file(portal.path("sealed/2024/a-bureau/3.md")).expect("there");
    assert_eq!(portal.build().codes(), ["ARCH-006"]);
    portal.edit(REPORT, "70卷", "80卷");
    assert!(portal.build().codes().contains(&"ARCH-001"), "removed copies do not open the door to silent edits");
}

#[test]
fn attachments_of_an_earlier_version_are_those_it_had() {
    let portal = Portal::base();
    let report = "content/2024/b-bureau/index.md";
    portal.edit(report, "见附件。", "见附件和[路段表](roads.csv)。");
    seal_well(&portal, "2024");
    let (old, new) = (portal.read("content/2024/b-bureau/roads.csv"), "路段,公里\n甲路,12\n");
    portal.write("content/2024/b-bureau/roads.csv", new);
    let refused = portal.build();
    assert_eq!((refused.status, refused.codes()), (1, vec!["ARCH-001"]), "{}", refused.stderr);
    portal.edit(
        report,
        "attachments:",
        "corrections: [{date: \"2025-05-05\", note: 附件中的路段长度有误，已更正}]\nattachments:",
    );
    portal.edit(report, "review:\n", "review:\n  - {step: final, role: 分管负责人, date: \"2025-05-05\"}\n");
    portal.build_well();
    let tree = portal.tree();
    assert_eq!(tree["2024/b-bureau/v1/roads.csv"], old.as_bytes());
    assert_eq!(tree["2024/b-bureau/roads.csv"], new.as_bytes());
    let then = page(&portal, "2024/b-bureau/v1.html");
    assert_eq!(then.matches("href=\"v1/roads.csv\"").count(), 2, "list and text lead to the kept file: {then}");
    // An unchanged file is not published twice.
    portal.write("content/2024/b-bureau/roads.csv", &old);
    portal.build_well();
    let then = page(&portal, "2024/b-bureau/v1.html");
    assert_eq!(then.matches("href=\"roads.csv\"").count(), 2, "{then}");
    assert!(!portal.tree().contains_key("2024/b-bureau/v1/roads.csv"));
}

#[test]
fn a_withdrawn_report_shows_no_earlier_version() {
    let portal = Portal::base();
    seal_well(&portal, "2024");
    correct(&portal, "60卷", "70卷", "2025-06-02", "");
    seal_well(&portal, "2024");
    portal.edit(
        REPORT,
        "openness:",
        "status: withdrawn\nwithdrawn: {date: \"2025-08-01\", reason: 数据有误}\nopenness:",
    );
    portal.build_well();
    assert!(!portal.tree().keys().any(|path| path.starts_with("2024/a-bureau/")));
    assert!(!page(&portal, "2024/a-bureau.html").contains("历次版本"));
    let version = seal_well(&portal, "2024").stderr;
    assert!(version.contains("2024/a-bureau, version 3"), "{version}");
}

#[test]
fn a_ledger_and_kept_copies_are_inputs_of_a_build() {
    let portal = Portal::base();
    let clean = |what: &str| {
        portal.build_well();
        let other = Portal::copy_of(portal.root());
        other.build_well();
        assert_eq!(portal.tree(), other.tree(), "{what}");
    };
    clean("without a ledger");
    seal_well(&portal, "2024");
    clean("sealed");
    correct(&portal, "60卷", "70卷", "2025-06-02", "");
    clean("corrected");
    seal_well(&portal, "2024");
    clean("sealed again");
    let now = || {
        let mut command = sunlit();
        command.current_dir(portal.root()).env("SOURCE_DATE_EPOCH", "1767225600").args(["--lang", "en", "build"]);
        Said::from(command.output().expect("the program runs"))
    };
    std::thread::sleep(std::time::Duration::from_millis(2100));
    now();
    assert!(now().stderr.contains("nothing changed"));
    portal.edit("sealed/2024/a-bureau/1.md", "60卷", "61卷");
    assert_eq!(now().codes(), ["ARCH-006"]);
    portal.edit("sealed/2024/a-bureau/1.md", "61卷", "60卷");
    assert_eq!(now().status, 0);
    portal.edit(LEDGER, "\"version\":2", "\"version\":3");
    assert!(now().codes().contains(&"ARCH-005"));
}

#[test]
fn a_sealing_that_is_killed_leaves_the_old_ledger() {
    let portal = Portal::base();
    seal_well(&portal, "2023");
    let before = portal.read(LEDGER);
    for n in 0..40 {
        let slug = format!("content/2024/works-{n}.md");
        let text = portal.read("content/2024/b-bureau/index.md");
        let text = text.replace("attachments:\n  - {file: roads.csv, title: 各路段养护情况}\n", "");
        portal.write(&slug, text.replace("，各路段的情况见附件", "").replace("乙局2024", &format!("乙局第{n}期2024")));
    }
    portal.edit("site.yaml", "organizations:", "check: {levels: {ARCH-004: off}}\norganizations:");
    let mut killed = 0;
    for wait in [5, 20, 40, 60, 80, 100, 130, 160, 200, 250, 300, 400] {
        let mut child = sunlit()
            .current_dir(portal.root())
            .args(["archive", "seal", "2024", "--as-of", AS_OF])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        killed += usize::from(!child.wait().expect("it ends").success());
        let text = portal.read(LEDGER);
        assert!(text.starts_with(&before));
        let mut found = Vec::new();
        assert!(Ledger::read(text.as_bytes(), &mut found).is_some(), "after {wait} ms: {found:?}");
        if text != before {
            break;
        }
    }
    assert!(killed > 0, "no sealing was killed in time");
    seal_well(&portal, "2024");
    portal.build_well();
    let left: Vec<_> = tree(portal.root()).into_keys().filter(|p| p.contains(".sunlit-new")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn one_flipped_bit_anywhere_is_found() {
    let portal = Portal::base();
    seal_well(&portal, "2024");
    correct(&portal, "60卷", "70卷", "2025-06-02", "");
    seal_well(&portal, "2024");
    let whole = fs::read(portal.path(LEDGER)).expect("a ledger");
    assert!(Ledger::read(&whole, &mut Vec::new()).is_some());
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            let mut found = Vec::new();
            assert!(Ledger::read(&bytes, &mut found).is_none() && !found.is_empty(), "byte {at}, bit {bit}");
        }
        let (mut less, mut more) = (whole.clone(), whole.clone());
        less.remove(at);
        more.insert(at, b' ');
        assert!(Ledger::read(&less, &mut Vec::new()).is_none(), "without byte {at}");
        assert!(Ledger::read(&more, &mut Vec::new()).is_none(), "a space at byte {at}");
    }
}

fn digest() -> impl Strategy<Value = Sha256> {
    any::<[u8; 8]>().prop_map(|bytes| Sha256::of(&bytes))
}

/// Years sealed one after another, each with reports in some number of versions.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let entry = ("[a-z][a-z0-9-]{0,8}", digest(), digest(), prop::collection::btree_map("\\PC{1,12}", digest(), 0..3));
    prop::collection::vec((2000u16..2030, prop::collection::vec(entry, 1..5)), 1..5).prop_map(|seals| {
        let mut versions: BTreeMap<ReportId, u32> = BTreeMap::new();
        let mut lines = Vec::new();
        for (year, entries) in seals {
            for (slug, source, output, files) in entries {
                let report = ReportId { year, slug: slug.into() };
                let version = versions.entry(report.clone()).or_default();
                *version += 1;
                let own = |name: &str| SitePath::new(&format!("{report}/{name}"));
                let attachments = files.iter().filter_map(|(name, hash)| Some((own(name)?, *hash))).collect();
                lines.push(Line::Report(Box::new(Entry {
                    version: *version,
                    published: "2025-03-11T09:30:00+08:00".into(),
                    file: format!("content/{report}.md").into(),
                    source,
                    output,
                    address: SitePath::of(format!("{report}.html")),
                    attachments,
                    corrections: *version - 1,
                    removals: 0,
                    recorded: "2026-01-01T00:00:00+08:00".into(),
                    report,
                })));
            }
            let reports = versions.keys().filter(|id| id.year == year).count() as u32;
            lines.push(Line::Seal(Seal { year, reports, recorded: "2026-01-01T00:00:00+08:00".into() }));
        }
        lines
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_ledger_is_read_as_it_was_printed(lines in lines()) {
        let text = print(&lines);
        let mut found = Vec::new();
        let ledger = Ledger::read(text.as_bytes(), &mut found);
        prop_assert!(ledger.is_some(), "{found:?}\n{text}");
        let ledger = ledger.unwrap();
        prop_assert_eq!(ledger.lines(), &lines[..]);
        prop_assert_eq!(print(ledger.lines()), text);
    }

    #[test]
    fn a_ledger_grows_without_a_change_to_what_it_has(lines in lines()) {
        let at = lines.iter().position(|l| matches!(l, Line::Seal(_))).unwrap() + 1;
        let first = print(&lines[..at]);
        let whole = append(&first, &lines[at..]);
        prop_assert!(whole.starts_with(&first));
        prop_assert_eq!(whole, print(&lines));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Ledger::read(&bytes, &mut Vec::new());
    }

    #[test]
    fn no_line_that_begins_well_makes_the_reader_panic(rest in "\\PC{0,80}") {
        for head in ["{\"report\":", "{\"seal\":"] {
            let _ = Ledger::read(format!("{head}{rest}\n").as_bytes(), &mut Vec::new());
        }
    }
}
