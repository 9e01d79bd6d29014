//! A portal kept in memory gives, after any edits, the files and the errors of a clean build.

use crate::edits::Edits;
use crate::portal::{AS_OF, Portal, tree};
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
