//! Archives as they are made: the same bytes whenever, nothing half done under their name, and in them what is published
//! and nothing else. What verifies them is held to its cases in `archive_cases`.

use crate::portal::{AS_OF, Portal, Said, sunlit, tree};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use sunlit::archive::{Verdict, verify};

const NAME: &str = "test.example-zwgk-2024";
const REPORT: &str = "content/2024/a-bureau.md";

fn create(portal: &Portal, arguments: &[&str]) -> Said {
    let mut command = sunlit();
    command.current_dir(portal.root()).args(["--lang", "en", "archive", "create"]).args(arguments);
    if !arguments.contains(&"--as-of") {
        command.args(["--as-of", AS_OF]);
    }
    command.output().expect("the program runs").into()
}

fn bag(portal: &Portal) -> PathBuf {
    portal.path("archive").join(NAME)
}

/// Makes the archive of 2024, and gives its files.
fn made(portal: &Portal) -> BTreeMap<String, Vec<u8>> {
    let said = create(portal, &["2024"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_valid(&bag(portal));
    tree(&bag(portal))
}

fn assert_valid(path: &Path) {
    let verified = verify(path).expect("readable");
    assert_eq!(verified.verdict(), Verdict::Valid, "{:#?}", verified.problems);
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = files.get(path).unwrap_or_else(|| panic!("{path} is not among {:#?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("text")
}

#[test]
fn the_same_content_gives_the_same_bytes_whenever_and_wherever() {
    for (format, file) in [("bagit", ""), ("bagit-tar", ".tar"), ("bagit-zip", ".zip")] {
        let (one, other) = (Portal::base(), Portal::base());
        let base = ["2024", "--format", format];
        let said = create(&one, &[&base[..], &["--jobs", "1"]].concat());
        assert_eq!(said.status, 0, "{}", said.stderr);
        let later = ["--jobs", "4", "--as-of", "2031-05-05 05:05", "-o", "kept/here"];
        let said = create(&other, &[&base[..], &later].concat());
        assert_eq!(said.status, 0, "{}", said.stderr);
        let paths = [one.path("archive"), other.path("kept/here")].map(|p| p.join(format!("{NAME}{file}")));
        paths.iter().for_each(|p| assert_valid(p));
        let [one, other] = paths.map(|p| {
            if p.is_file() { BTreeMap::from([(String::new(), fs::read(&p).expect("readable"))]) } else { tree(&p) }
        });
        assert!(one == other, "{format}");
    }
}

#[test]
fn nothing_else_is_written_and_nothing_is_left_behind() {
    let portal = Portal::base();
    let before = tree(portal.root());
    made(&portal);
    let after = tree(portal.root());
    let new: Vec<_> =
        after.keys().filter(|p| !before.contains_key(*p) && !p.starts_with(&format!("archive/{NAME}/"))).collect();
    assert_eq!(new, [&format!("archive/.sunlit/{NAME}.lock")]);
}

#[test]
fn an_archive_that_is_there_is_left_alone_unless_it_may_be_replaced() {
    use std::os::unix::fs::MetadataExt;
    let portal = Portal::base();
    for format in ["bagit", "bagit-tar", "bagit-zip"] {
        let arguments = ["2024", "--format", format];
        let file = format!("{NAME}{}", format.strip_prefix("bagit").unwrap_or_default().replace('-', "."));
        let path = portal.path("archive").join(file);
        assert_eq!(create(&portal, &arguments).status, 0);
        let inode = fs::metadata(&path).expect("there").ino();
        let said = create(&portal, &arguments);
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert!(said.stderr.contains("is there already with the same bytes"), "{}", said.stderr);
        assert_eq!(fs::metadata(&path).expect("there").ino(), inode);
        let text = portal.read(REPORT);
        portal.edit(REPORT, "评查案卷60卷", "评查案卷80卷");
        let said = create(&portal, &arguments);
        assert_eq!(said.status, 2, "{}", said.stderr);
        assert!(said.stderr.contains("--replace"), "{}", said.stderr);
        assert_eq!(fs::metadata(&path).expect("there").ino(), inode);
        assert_valid(&path);
        let said = create(&portal, &[&arguments[..], &["--replace"]].concat());
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_ne!(fs::metadata(&path).expect("there").ino(), inode);
        assert_valid(&path);
        portal.write(REPORT, text);
    }
}

#[test]
fn an_archive_in_which_a_file_was_added_is_not_the_same() {
    let portal = Portal::base();
    made(&portal);
    fs::write(bag(&portal).join("data/mine.txt"), "mine").expect("a file");
    assert_eq!(create(&portal, &["2024"]).status, 2);
    assert!(bag(&portal).join("data/mine.txt").exists());
}

#[test]
fn errors_and_wrong_usage_leave_nothing() {
    let portal = Portal::base();
    for (arguments, status) in [
        (vec!["2031"], 2),
        (vec!["next"], 2),
        (vec![], 2),
        (vec!["2024", "--format", "ark"], 2),
        (vec!["2024", "-o", "content/2024"], 2),
        (vec!["2024", "-o", "themes"], 2),
        (vec!["2024", "--as-of", "soon"], 2),
        (vec!["2024", "-o", "/proc/nowhere"], 3),
    ] {
        let said = create(&portal, &arguments);
        assert_eq!(said.status, status, "{arguments:?}: {}", said.stderr);
    }
    assert!(create(&portal, &["2031"]).stderr.contains("there are reports of: 2023, 2024"));
    portal.edit(REPORT, "kind: rule-of-law", "kind: no-such-kind");
    let said = create(&portal, &["2024"]);
    assert_eq!(said.status, 1, "{}", said.stderr);
    assert!(said.stderr.contains("there is no archive of 2024"), "{}", said.stderr);
    assert!(!portal.path("archive").exists());
}

#[test]
fn a_killed_run_leaves_no_half_archive_and_the_next_one_succeeds() {
    let portal = Portal::base();
    let report = portal.read(REPORT).replace("kind: rule-of-law", "kind: website");
    let report = report
        .replace("follow_ups:\n  - {commitment: 2023/a-bureau#one-window, status: done, note: 窗口于6月启用}\n", "");
    let site = portal.read("site.yaml");
    for n in 0..40 {
        let report = report.replace("a-bureau\nyear", &format!("o{n}\nyear")).replace("甲局", &format!("机构{n}"));
        portal.write(&format!("content/2024/r{n}.md"), report);
    }
    let bodies: String = (0..40).map(|n| format!("  o{n}: {{name: 机构{n}}}\n")).collect();
    portal.write("site.yaml", site + &bodies);
    let said = create(&portal, &["2024"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let whole = tree(&bag(&portal));
    for format in ["bagit", "bagit-zip"] {
        let path =
            portal.path("archive").join(if format == "bagit" { NAME.to_string() } else { format!("{NAME}.zip") });
        let (mut killed, mut wait) = (0, 5);
        // Ever later, until a run comes to its end.
        loop {
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
            let mut command = sunlit();
            let arguments = ["archive", "create", "2024", "--as-of", AS_OF, "--format", format];
            command.current_dir(portal.root()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().expect("the program runs");
            std::thread::sleep(Duration::from_millis(wait));
            if child.try_wait().expect("a child").is_some() {
                break;
            }
            child.kill().expect("SIGKILL");
            child.wait().expect("dead");
            if path.exists() {
                assert_valid(&path);
            }
            killed += 1;
            wait += wait / 2 + 5;
        }
        assert!(killed > 3, "{killed}");
        let said = create(&portal, &["2024", "--format", format, "--replace"]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_valid(&path);
        let left: Vec<_> = fs::read_dir(portal.path("archive/.sunlit"))
            .expect("a folder")
            .map(|e| e.expect("an entry").file_name())
            .collect();
        assert!(left.iter().all(|n| n.to_string_lossy().ends_with(".lock")), "{left:?}");
    }
    assert!(tree(&bag(&portal)) == whole);
}

#[test]
fn an_archive_that_was_put_aside_by_a_killed_run_comes_back() {
    let portal = Portal::base();
    made(&portal);
    let aside = portal.path("archive/.sunlit").join(format!("{NAME}.old"));
    fs::rename(bag(&portal), &aside).expect("renamed");
    let said = create(&portal, &["2024"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(said.stderr.contains("is there already with the same bytes"), "{}", said.stderr);
    assert!(!aside.exists());
}

#[test]
fn pages_say_what_was_published_and_lead_out_only_with_a_word() {
    let portal = Portal::base();
    portal.build_well();
    let (files, public) = (made(&portal), portal.tree());
    let page = text(&files, "data/site/2024/a-bureau.html");
    let published = String::from_utf8(public["2024/a-bureau.html"].clone()).expect("text");
    let out = "https://test.example/zwgk/2023/a-bureau.html";
    assert!(published.contains("<a href=\"../2023/a-bureau.html\">2023年的报告</a>"));
    assert!(page.contains(&format!("<a href=\"{out}\">2023年的报告（不在本档案内）</a>")), "{page}");
    assert!(page.contains(&format!("<a rel=\"prev\" href=\"{out}\"")), "the report before");
    assert!(
        page.contains(&format!("<a href=\"{out}#commitment-one-window\">设立一个综合受理窗口（不在本档案内）</a>"))
    );
    assert!(page.contains(&format!("<link rel=\"prev\" href=\"{out}\"")));
    // But for links that lead out, the page is the published one.
    let unsaid = page.replace("（不在本档案内）", "").replace("https://test.example/zwgk/2023/", "../2023/");
    assert_eq!(unsaid, published);
    for same in ["2024/a-bureau.json", "2024/b-bureau/roads.csv"] {
        assert!(files[&format!("data/site/{same}")] == public[same], "{same}");
    }
    for list in [
        "index.html",
        "archive.html",
        "2024/index.html",
        "organizations/a-bureau.html",
        "atom.xml",
        "feed.json",
        "data/reports.json",
        "data/reports.csv",
    ] {
        let text = text(&files, &format!("data/site/{list}"));
        assert!(!text.contains("2023"), "{list} knows another year");
    }
    let absent = [
        "data/site/2023/a-bureau.html",
        "data/site/404.html",
        "data/site/robots.txt",
        "data/sources/content/2023/a-bureau.md",
        "data/sources/content/2024/b-bureau/roads.csv",
        "data/ledger-extract.jsonl",
    ];
    absent.iter().for_each(|path| assert!(!files.contains_key(*path), "{path}"));
    let kind = text(&files, "data/sources/kinds/rule-of-law.yaml");
    assert!(!kind.is_empty() && !files.contains_key("data/sources/kinds/website.yaml"));
    assert_eq!(files["data/sources/content/2024/a-bureau.md"], fs::read(portal.path(REPORT)).expect("readable"));
}

#[test]
fn the_sources_of_what_is_not_published_are_left_out() {
    let portal = Portal::base();
    portal.edit(
        REPORT,
        "openness: active\n",
        "openness: active\nstatus: withdrawn\nwithdrawn: {date: \"2025-06-01\", reason: 含有个人信息}\n",
    );
    portal.write(
        "content/2024/later.md",
        portal
            .read("content/2024/b-bureau/index.md")
            .replace("2025-02-18 10:00", "2026-02-18 10:00")
            .replace("attachments:\n  - {file: roads.csv, title: 各路段养护情况}\n", "")
            .replace("kind: general", "kind: website"),
    );
    let files = made(&portal);
    assert!(text(&files, "data/site/2024/a-bureau.html").contains("含有个人信息"));
    assert!(!files.keys().any(|p| p.starts_with("data/sources/content/2024/a-bureau") || p.contains("later")));
    // The day is that of the withdrawal: the last thing that happened.
    assert!(text(&files, "bag-info.txt").contains("Bagging-Date: 2025-06-01\n"));
}

#[test]
fn the_description_is_made_of_the_site_and_the_content() {
    let portal = Portal::base();
    portal.edit(
        REPORT,
        "openness: active\n",
        "openness: active\ncorrections:\n  - {date: \"2025-04-02\", note: 更正一处数字}\n",
    );
    let files = made(&portal);
    let info = text(&files, "bag-info.txt");
    let payload: Vec<_> = files.iter().filter(|(p, _)| p.starts_with("data/")).map(|(_, bytes)| bytes.len()).collect();
    for line in [
        "Source-Organization: 甲局",
        "Organization-Address: 测试市示例路1号",
        "External-Description: 测试栏目：2024年的2份报告，含离线网页、来源文稿、数据和附件。",
        "Bagging-Date: 2025-04-02",
        "External-Identifier: https://test.example/zwgk/2024/",
        &format!("Payload-Oxum: {}.{}", payload.iter().sum::<usize>(), payload.len()),
        "Bag-Group-Identifier: https://test.example/zwgk/",
        "Internal-Sender-Identifier: 0000000000",
    ] {
        assert!(info.lines().any(|l| l == line), "{line} in\n{info}");
    }
    let note = text(&files, "data/HOW-TO-VERIFY.txt");
    assert!(note.contains("sha512sum -c manifest-sha512.txt\r\n") && !note.replace("\r\n", "").contains('\n'));
}

#[test]
fn lines_of_the_ledger_about_the_year_are_kept_byte_for_byte() {
    let portal = Portal::base();
    seal(&portal, "2023");
    seal(&portal, "2024");
    let files = made(&portal);
    let of_year = |line: &&str| line.starts_with("{\"report\":\"2024/") || line.starts_with("{\"seal\":2024,");
    let ledger = portal.read("ledger.jsonl");
    let wanted: Vec<&str> = ledger.lines().filter(of_year).collect();
    assert_eq!(wanted.len(), 3, "{ledger}");
    assert_eq!(text(&files, "data/ledger-extract.jsonl"), format!("{}\n", wanted.join("\n")));
}

fn seal(portal: &Portal, year: &str) {
    let mut program = sunlit();
    program.current_dir(portal.root()).args(["--lang", "en", "archive", "seal", year, "--as-of", AS_OF]);
    let said: Said = program.output().expect("the program runs").into();
    assert_eq!(said.status, 0, "{}", said.stderr);
}

#[test]
fn a_year_keeps_the_earlier_versions_of_its_reports_and_what_they_were_made_from() {
    let portal = Portal::base();
    seal(&portal, "2024");
    let report = "content/2024/b-bureau/index.md";
    let former = portal.read(report);
    portal.write("content/2024/b-bureau/roads.csv", "路,公里\n甲,2\n");
    let correction = "corrections:\n  - {date: \"2025-06-02\", note: 里程有误}\n";
    portal.write(report, former.replacen("---\n", &format!("---\n{correction}"), 1));
    let (last, again) = ("date: \"2025-02-14\"}\n", "  - {step: final, role: 分管负责人, date: \"2025-06-02\"}\n");
    portal.edit(report, last, &format!("{last}{again}"));
    portal.build_well();
    let files = made(&portal);
    let published = |path: &str| portal.read(&format!("public/{path}"));
    for path in ["2024/b-bureau/v1.html", "2024/b-bureau/v1.json", "2024/b-bureau/v1/roads.csv"] {
        assert!(text(&files, &format!("data/site/{path}")).len() >= published(path).len(), "{path}");
    }
    assert_eq!(text(&files, "data/site/2024/b-bureau/v1.json"), published("2024/b-bureau/v1.json"));
    assert_eq!(text(&files, "data/sources/sealed/2024/b-bureau/1.md"), former);
}

#[test]
fn a_body_that_began_later_has_no_gap_in_an_earlier_year() {
    let portal = Portal::base();
    let said = create(&portal, &["2023"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let page = |path: &str| {
        fs::read_to_string(portal.path("archive/test.example-zwgk-2023/data/site").join(path)).expect("a page")
    };
    portal.build_well();
    // In 2023 the second body published nothing, and owed nothing, as the published section says as well.
    let gap = |html: &str| html.matches("data-status=\"missing\"").count() + html.matches("class=\"missing\"").count();
    assert_eq!(gap(&page("2023/index.html")), gap(&portal.read("public/2023/index.html")));
    // Once, where the marks are explained.
    assert_eq!(gap(&page("archive.html")), 1, "{}", page("archive.html"));
}

#[test]
fn help_teaches_in_both_languages() {
    let nowhere = tempfile::TempDir::new().expect("a folder");
    for lang in ["zh-CN", "en"] {
        for command in ["archive", "archive create", "archive verify"] {
            let mut program = sunlit();
            program.current_dir(nowhere.path()).args(["--lang", lang]).args(command.split(' ')).arg("--help");
            let said: Said = program.output().expect("the program runs").into();
            assert_eq!(said.status, 0);
            insta::with_settings!({ snapshot_path => "snapshots/help", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{}-{lang}", command.replace(' ', "-")), said.stdout);
            });
        }
    }
}
