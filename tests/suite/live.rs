//! A portal kept in memory gives, after any edits, the files and the errors of a clean build.

use crate::edits::Edits;
use crate::portal::{AS_OF, Portal, sunlit, tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use sunlit::base::SitePath;
use sunlit::build::live::{Changes, Content, Inspected, Live, Relist};
use sunlit::build::{AsOf, Failed, Options, Silent, build};
use sunlit::check::Asked;
use sunlit::diag::{Code, Diagnostic, Severity};
use sunlit::model::portal::Drafts;
use tempfile::TempDir;

fn options(root: &Path, out: &Path) -> Options {
    Options {
        root: root.to_path_buf(),
        out: out.to_path_buf(),
        base_url: None,
        drafts: Drafts::Shown,
        as_of: moment(),
        started: 0,
        asked: Asked::Errors,
        jobs: 2,
    }
}

fn moment() -> AsOf {
    AsOf::Text(AS_OF.into())
}

fn errors<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) -> BTreeSet<(Code, String)> {
    let wanted = findings.into_iter().filter(|f| f.severity == Severity::Error && f.allowed.is_none());
    wanted.map(|f| (f.code, format!("{:?}{:?}", f.message, f.labels))).collect()
}

/// Every file of a snapshot, as it would be served.
fn files(live: &Live) -> BTreeMap<String, Vec<u8>> {
    let snapshot = live.snapshot();
    let made = |path: &SitePath| match snapshot.make(path) {
        Ok(Some(Content::Bytes(bytes))) => bytes,
        Ok(Some(Content::File(file))) => std::fs::read(snapshot.root().join(file)).expect("readable"),
        other => panic!("{path}: {other:?}"),
    };
    snapshot.paths().iter().map(|p| (p.to_string(), made(p))).collect()
}

/// Compares with a clean build; tells whether there was one.
fn compare(live: &Live, portal: &Portal, known: &mut Inspected, what: &str) -> bool {
    let out = TempDir::new().expect("a folder");
    let target = out.path().join("public");
    let snapshot = live.snapshot();
    let verdict = snapshot.judge(known);
    let found = errors(snapshot.findings.iter().chain(&verdict.findings));
    match build(&options(portal.root(), &target), &Silent) {
        Ok(_) => {
            assert_eq!(found, BTreeSet::new(), "{what}");
            let mut built = tree(&target);
            built.remove("manifest-sha256.txt").expect("a manifest");
            let served = files(live);
            let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&served), names(&built), "{what}");
            for (path, bytes) in built {
                assert!(served[&path] == bytes, "{what}: {path} differs");
            }
            true
        }
        Err(Failed::Findings(findings)) => {
            // A build whose site cannot be read looks no further; the last portal may well have errors of its own.
            let wanted = errors(&findings);
            assert!(wanted.is_subset(&found), "{what}: {wanted:#?} {found:#?}");
            if findings.iter().all(|f| f.labels.first().is_none_or(|l| l.file != "site.yaml")) {
                assert!(found.is_subset(&wanted) || verdict_only(&found, &wanted), "{what}: {wanted:#?} {found:#?}");
            }
            false
        }
        Err(other) => panic!("{what}: {other:?}"),
    }
}

/// A build that ends before pages are made does not tell what is wrong with pages.
fn verdict_only(found: &BTreeSet<(Code, String)>, wanted: &BTreeSet<(Code, String)>) -> bool {
    found.difference(wanted).all(|(code, _)| code.as_str().starts_with("THEME") || code.as_str().starts_with("PAGE"))
}

fn follow(live: &mut Live, paths: Vec<String>, folders: bool) {
    let listing = if folders { Relist::Everything } else { Relist::Named };
    live.follow(&Changes { paths: paths.into_iter().collect(), listing }, moment(), &Silent).expect("it can be read");
}

#[test]
fn after_two_hundred_edits_of_every_sort_the_files_are_those_of_a_clean_build() {
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_260_101);
    eprintln!("SEED={seed}");
    let portal = Portal::base();
    let mut live =
        Live::open(options(portal.root(), portal.root()), &std::env::temp_dir(), &Silent).expect("it can be read");
    let (mut edits, mut known) = (Edits::new(seed), Inspected::default());
    compare(&live, &portal, &mut known, "the base");
    let (mut sorts, mut built) = (BTreeSet::new(), 0);
    for round in 0..200 {
        let edit = edits.next(&portal);
        sorts.insert(edit.what);
        let what = format!("seed {seed}, edit {round}, {}: {:?}", edit.what, edit.paths);
        follow(&mut live, edit.paths, edit.folders);
        built += usize::from(compare(&live, &portal, &mut known, &what));
    }
    assert!(sorts.len() > 20 && (80..180).contains(&built), "{built} builds, {sorts:?}");
}

#[test]
fn a_portal_that_was_broken_at_first_comes_to_life_when_it_is_mended() {
    let portal = Portal::base();
    let site = portal.read("site.yaml");
    portal.write("site.yaml", "title: [");
    let mut live =
        Live::open(options(portal.root(), portal.root()), &std::env::temp_dir(), &Silent).expect("it can be read");
    assert!(!live.snapshot().is_good() && live.snapshot().paths().is_empty());
    assert!(!live.snapshot().findings.is_empty());
    portal.write("site.yaml", site);
    follow(&mut live, vec!["site.yaml".into()], false);
    compare(&live, &portal, &mut Inspected::default(), "mended");
    assert!(live.snapshot().is_good());
}

#[test]
fn a_snapshot_stays_as_it_is_while_the_next_one_is_made() {
    let portal = Portal::base();
    let mut live =
        Live::open(options(portal.root(), portal.root()), &std::env::temp_dir(), &Silent).expect("it can be read");
    let before = live.snapshot();
    portal.edit("content/2024/a-bureau.md", "title: 甲局", "title: 新甲局");
    follow(&mut live, vec!["content/2024/a-bureau.md".into()], false);
    let shows = |snapshot: &sunlit::build::live::Snapshot, path: &str| match snapshot.make(&SitePath::of(path)) {
        Ok(Some(Content::Bytes(bytes))) => String::from_utf8(bytes).expect("UTF-8").contains("新甲局2024年"),
        other => panic!("{other:?}"),
    };
    for path in ["2024/a-bureau.html", "2024/index.html", "index.html", "atom.xml"] {
        assert!(!shows(&before, path), "{path} before");
        assert!(shows(&live.snapshot(), path), "{path} after");
    }
}

#[test]
fn what_check_says_of_a_report_is_said_of_it_in_a_preview() {
    let portal = Portal::base();
    portal.edit("content/2024/a-bureau.md", "受理事项320件。", "受理事项320件，待补充。按装新设备。");
    let live =
        Live::open(options(portal.root(), portal.root()), &std::env::temp_dir(), &Silent).expect("it can be read");
    let snapshot = live.snapshot();
    let verdict = snapshot.judge(&mut Inspected::default());
    let about = snapshot.findings_about("content/2024/a-bureau.md", Some(&verdict));
    let said = portal.check("en", &["--drafts", "--format", "json", "content/2024/a-bureau.md"]);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
    let codes = |list: &[serde_json::Value]| list.iter().map(|d| d["code"].to_string()).collect::<Vec<_>>();
    let checked = codes(json["diagnostics"].as_array().expect("a list"));
    assert!(!checked.is_empty());
    assert_eq!(about.iter().map(|f| format!("\"{}\"", f.code.as_str())).collect::<Vec<_>>(), checked);
}

#[test]
fn a_portal_with_a_ledger_shows_its_earlier_versions_and_follows_ledger_and_copies() {
    let portal = Portal::base();
    let seal = |year: &str| {
        let mut program = sunlit();
        program.current_dir(portal.root()).args(["archive", "seal", year, "--as-of", AS_OF]);
        assert!(program.output().expect("the program runs").status.success());
    };
    seal("2024");
    let mut live =
        Live::open(options(portal.root(), portal.root()), &std::env::temp_dir(), &Silent).expect("it can be read");
    let mut known = Inspected::default();
    assert!(compare(&live, &portal, &mut known, "sealed"));
    // What was sealed changes: an error, until the change is said.
    let (report, file) = ("content/2024/b-bureau/index.md", "content/2024/b-bureau/roads.csv");
    portal.edit(report, "养护道路12公里", "养护道路13公里");
    portal.write(file, "路,公里\n甲,13\n");
    follow(&mut live, vec![report.into(), file.into()], false);
    assert!(!compare(&live, &portal, &mut known, "changed"));
    portal.edit(report, "summary:", "corrections:\n  - {date: \"2025-06-02\", note: 里程有误}\nsummary:");
    let (last, again) = ("date: \"2025-02-14\"}\n", "  - {step: final, role: 分管负责人, date: \"2025-06-02\"}\n");
    portal.edit(report, last, &format!("{last}{again}"));
    follow(&mut live, vec![report.into()], false);
    assert!(compare(&live, &portal, &mut known, "corrected"));
    assert!(live.snapshot().has(&SitePath::of("2024/b-bureau/v1/roads.csv")));
    seal("2024");
    seal("2023");
    follow(&mut live, vec!["ledger.jsonl".into(), "sealed/2024/b-bureau/2.md".into()], true);
    assert!(compare(&live, &portal, &mut known, "sealed again"));
    // An edit of another report leaves the earlier version where it is.
    portal.edit("content/pages/about.md", "---\n\n", "---\n\n新的一段。\n\n");
    follow(&mut live, vec!["content/pages/about.md".into()], false);
    assert!(compare(&live, &portal, &mut known, "another"));
    std::fs::remove_file(portal.path("sealed/2024/b-bureau/1.md")).expect("there");
    follow(&mut live, vec!["sealed/2024/b-bureau/1.md".into()], false);
    assert!(!compare(&live, &portal, &mut known, "a copy is gone"));
    for path in ["ledger.jsonl", "sealed"] {
        let path = portal.path(path);
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.expect("there");
    }
    follow(&mut live, vec!["ledger.jsonl".into()], true);
    assert!(compare(&live, &portal, &mut known, "no ledger any more"));
}
