//! The same input gives the same bytes: whatever the threads, the zone, the language of the user, the folder, the order
//! in which files were made and their times.

use crate::portal::{AS_OF, Portal, repository, sunlit, tree};
use std::fs;
use std::path::Path;

fn build(root: &Path, out: &Path, jobs: &str, environment: &[(&str, &str)]) {
    let mut command = sunlit();
    command.arg("--root").arg(root).args(["build", "--as-of", AS_OF, "--jobs", jobs, "-o"]).arg(out);
    let output = command.envs(environment.iter().copied()).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn threads_zone_language_and_order_leave_no_trace() {
    let demo = repository();
    let out = tempfile::TempDir::new().expect("a folder");
    let at = |name: &str| out.path().join(name);
    build(demo, &at("one"), "1", &[("TZ", "UTC"), ("LANG", "C")]);
    build(demo, &at("many"), "8", &[("TZ", "America/New_York"), ("LANG", "zh_CN.UTF-8"), ("LC_ALL", "de_DE.UTF-8")]);
    // Made anew in reverse order, in another place, with other times.
    let copy = Portal::copy_of(demo);
    let shuffled = out.path().join("shuffled-source");
    let mut files: Vec<_> = tree(copy.root()).into_iter().collect();
    files.reverse();
    for (path, bytes) in files {
        let path = shuffled.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(&path).and_then(|f| f.set_modified(long_ago)).expect("a time");
    }
    build(&shuffled, &at("shuffled"), "2", &[("TZ", "Asia/Shanghai")]);
    let one = tree(&at("one"));
    assert!(one.len() > 50);
    assert_eq!(one, tree(&at("many")), "threads, zone or language");
    assert_eq!(one, tree(&at("shuffled")), "place, order or times");
}

#[test]
fn the_manifest_verifies_with_sha256sum() {
    let portal = Portal::base();
    portal.build_well();
    let check = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "manifest-sha256.txt"])
        .current_dir(portal.path("public"))
        .output();
    let check = check.expect("sha256sum is there");
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    let listed = portal.read("public/manifest-sha256.txt").lines().count();
    assert_eq!(listed, portal.tree().len() - 1, "every file but the manifest itself");
}
