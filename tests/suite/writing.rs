//! The output folder: only what is ours is touched, only what differs is written, and however a build ends, every file
//! is whole and the next build puts things right.

use crate::portal::{Portal, sunlit, tree};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const REPORT: &str = "content/2024/a-bureau.md";
const PAGE: &str = "public/2024/a-bureau.html";

fn inode_and_time(path: &Path) -> (u64, i64, i64) {
    let meta = fs::metadata(path).expect("there");
    (meta.ino(), meta.mtime(), meta.mtime_nsec())
}

#[test]
fn a_strangers_file_in_the_way_stops_the_build() {
    let portal = Portal::base();
    portal.write(PAGE, "mine");
    portal.write("public/notes.txt", "mine too");
    let before = portal.tree();
    let said = portal.build();
    assert_eq!((said.status, said.codes()), (1, vec!["OUT-001"]), "{}", said.stderr);
    assert_eq!(portal.tree(), before);
    fs::remove_file(portal.path(PAGE)).expect("there");
    portal.build_well();
    assert_eq!(portal.read("public/notes.txt"), "mine too");
}

#[test]
fn a_strangers_folder_or_link_in_the_way_stops_the_build() {
    let portal = Portal::base();
    let elsewhere = tempfile::TempDir::new().expect("a folder");
    fs::create_dir_all(portal.path("public")).expect("a folder");
    std::os::unix::fs::symlink(elsewhere.path(), portal.path("public/2024")).expect("a link");
    fs::create_dir_all(portal.path("public/archive.html")).expect("a folder");
    let said = portal.build();
    assert_eq!(said.status, 1, "{}", said.stderr);
    assert!(said.codes().contains(&"OUT-001"), "{}", said.stderr);
    assert!(tree(elsewhere.path()).is_empty(), "wrote through a link");
}

#[test]
fn strangers_files_are_never_removed() {
    let portal = Portal::base();
    portal.build_well();
    portal.write("public/2023/mine.html", "mine");
    fs::remove_file(portal.path("content/2023/a-bureau.md")).expect("there");
    portal.edit(REPORT, "[2023年的报告](../2023/a-bureau.md)", "上年");
    portal.edit(REPORT, "  - {commitment: 2023/a-bureau#one-window, status: done, note: 窗口于6月启用}\n", "");
    portal.edit(REPORT, "follow_ups:\n", "");
    portal.build_well();
    let tree = portal.tree();
    assert!(!tree.contains_key("2023/a-bureau.html") && !tree.contains_key("2023/index.html"));
    assert_eq!(tree["2023/mine.html"], b"mine");
}

#[test]
fn stale_pages_and_their_empty_folders_go() {
    let portal = Portal::base();
    portal.edit("content/pages/about.md", "summary:", "aliases: [old/deep/page.html]\nsummary:");
    portal.build_well();
    assert!(portal.path("public/old/deep/page.html").exists());
    portal.edit("content/pages/about.md", "aliases: [old/deep/page.html]\n", "");
    portal.build_well();
    assert!(!portal.path("public/old").exists());
}

#[test]
fn unchanged_files_are_not_rewritten() {
    let portal = Portal::base();
    portal.build_well();
    let files = ["2023/a-bureau.html", "2023/a-bureau.json", "robots.txt", "manifest-sha256.txt"];
    let before = files.map(|f| inode_and_time(&portal.path("public").join(f)));
    portal.build_well();
    assert_eq!(files.map(|f| inode_and_time(&portal.path("public").join(f))), before, "nothing changed");
    portal.edit(REPORT, "评查案卷60卷", "评查案卷61卷");
    fs::remove_dir_all(portal.path(".sunlit")).expect("the state");
    portal.build_well();
    let after = files.map(|f| inode_and_time(&portal.path("public").join(f)));
    assert_eq!(after[..3], before[..3], "another report changed, and the state was lost");
    assert_ne!(after[3], before[3], "the manifest follows");
}

#[test]
fn tampered_and_missing_files_are_put_right() {
    let portal = Portal::base();
    portal.build_well();
    let before = portal.tree();
    portal.write(PAGE, "tampered");
    fs::remove_file(portal.path("public/404.html")).expect("there");
    portal.build_well();
    assert_eq!(portal.tree(), before);
}

#[test]
fn a_template_that_fails_changes_nothing() {
    let portal = Portal::base();
    portal.build_well();
    let before = portal.tree();
    portal.edit("site.yaml", "theme: default", "theme: own");
    portal.write("themes/own/templates/year.html", "{{ year.nothing_of_the_kind }}");
    portal.write("themes/own/static/style.css", "body{color:#000}");
    let said = portal.build();
    assert_eq!((said.status, said.codes()), (1, vec!["THEME-001"]), "{}", said.stderr);
    assert!(said.stderr.contains("themes/own/templates/year.html:1:"), "{}", said.stderr);
    assert_eq!(portal.tree(), before);
}

#[test]
fn a_first_build_that_fails_leaves_no_folder() {
    let portal = Portal::base();
    portal.edit("site.yaml", "theme: default", "theme: own");
    portal.write("themes/own/templates/year.html", "{{ year.nothing_of_the_kind }}");
    assert_eq!(portal.build().status, 1);
    assert!(!portal.path("public").exists());
}

#[test]
fn a_full_disk_is_said_and_leaves_the_site_whole() {
    // Only root may mount, and not everywhere: where it may not, the write to a device that is always full stands in.
    let said = sunlit()
        .args(["--lang", "en", "--root"])
        .arg(Portal::base().root().join("nowhere"))
        .args(["build", "-o", "/dev/full/site"])
        .output()
        .expect("the program runs");
    assert_ne!(said.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&said.stderr).contains("panicked"));
}

#[test]
fn one_build_at_a_time() {
    let portal = Portal::base();
    portal.build_well();
    let lock = fs::File::options().write(true).open(portal.path(".sunlit/public.lock")).expect("the lock");
    lock.lock().expect("taken");
    let said = portal.build();
    assert_eq!(said.status, 3, "{}", said.stderr);
    drop(lock);
    portal.build_well();
}

#[test]
fn the_output_may_not_swallow_the_sources() {
    let portal = Portal::base();
    for out in [".", "content", "content/x", "..", "themes/default"] {
        let said = portal.build_with(&["-o", out]);
        assert_eq!(said.status, 2, "{out}: {}", said.stderr);
    }
}

/// Killed at many moments of an update, every file of the tree is an old one or a new one, whole; and the next build
/// makes the tree that a clean build makes.
#[test]
fn killed_at_any_moment_every_file_is_whole() {
    let portal = Portal::base();
    for n in 0..300 {
        let text = portal
            .read(REPORT)
            .replace("year: 2024", "year: 2020")
            .replace("甲局2024年", &format!("丙局2020年第{n}号"));
        let text = text.replace("[2023年的报告](../2023/a-bureau.md)", "上年").replace("2025-03", "2021-03");
        let text = text.replace("kind: rule-of-law", "kind: general");
        let start = text.find("follow_ups:").expect("there");
        let end = text[start..].find("---").expect("there") + start;
        portal.write(&format!("content/2020/r-{n}.md"), format!("{}{}", &text[..start], &text[end..]));
    }
    portal.build_well();
    let old = portal.tree();
    portal.edit("site.yaml", "theme: default", "theme: default\nnotice: 第二版");
    for n in 300..400 {
        portal.write(
            &format!("content/2020/r-{n}.md"),
            portal.read("content/2020/r-1.md").replace("第1号", &format!("第{n}号")),
        );
    }
    let reference = Portal::copy_of(portal.root());
    reference.build_well();
    let new = reference.tree();
    let backup = tempfile::TempDir::new().expect("a folder");
    crate::portal::copy(portal.root(), backup.path());
    for moment in 0..25 {
        fs::remove_dir_all(portal.path("public")).expect("there");
        fs::remove_dir_all(portal.path(".sunlit")).expect("there");
        crate::portal::copy(&backup.path().join("public"), &portal.path("public"));
        let mut child = sunlit()
            .current_dir(portal.root())
            .args(["build", "--as-of", crate::portal::AS_OF])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(Duration::from_millis(moment * 4));
        child.kill().expect("SIGKILL");
        child.wait().expect("gone");
        for (path, bytes) in portal.tree() {
            let known = [old.get(&path), new.get(&path)];
            // A page that no published page links to yet may be cut off: it is not part of the site.
            let torn = !old.contains_key(&path) && new.get(&path).is_some_and(|n| n.starts_with(&bytes));
            let ours = path == "manifest-sha256.txt" || path.starts_with(".sunlit-new");
            assert!(
                ours || torn || known.contains(&Some(&bytes)),
                "{path} is neither old nor new after {moment} × 4 ms"
            );
        }
        portal.build_well();
        assert_eq!(portal.tree(), new, "after {moment} × 4 ms");
    }
}
