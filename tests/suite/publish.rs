//! `sunlit publish` to folders: what goes, what stays, and what is refused.

use crate::portal::{Portal, Said, sunlit, tree};
use crate::publish_order::two_states;
use crate::served;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The moment of `portal::AS_OF`.
const EPOCH: &str = "1767196800";

pub(crate) fn command(portal: &Portal, arguments: &[&str]) -> Command {
    let mut command = sunlit();
    command
        .current_dir(portal.root())
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .args(["--lang", "en", "publish"])
        .args(arguments);
    command
}

pub(crate) fn publish(portal: &Portal, arguments: &[&str]) -> Said {
    command(portal, arguments).output().expect("the program runs").into()
}

pub(crate) fn publish_well(portal: &Portal, arguments: &[&str]) -> Said {
    let said = publish(portal, arguments);
    assert_eq!(said.status, 0, "{}", said.stderr);
    said
}

/// Names a target in site.yaml, and builds.
pub(crate) fn aim(portal: &Portal, to: &str, options: &str) {
    let text = portal.read("site.yaml");
    let text = text.split("publish:").next().unwrap_or_default();
    portal.write("site.yaml", format!("{text}\npublish:\n  web: {{to: \"{to}\"{options}}}\n"));
    portal.build_well();
}

pub(crate) fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

const RELEASES: &str = ", mode: releases, keep: 2";

#[test]
fn only_what_changed_is_sent_and_what_others_put_there_stays() {
    for options in ["", RELEASES] {
        let (old, new) = two_states(4);
        let dir = TempDir::new().expect("a folder");
        let to = dir.path().join("site");
        let place = if options.is_empty() { to.clone() } else { to.join("current") };
        aim(&old, &url(&to), options);
        aim(&new, &url(&to), options);
        publish_well(&old, &["web", "--verify=all"]);
        assert_eq!(tree(&place), old.tree());
        fs::create_dir_all(place.join("2019/theirs")).expect("a folder");
        for foreign in ["notice.txt", "2019/theirs/x.html", "robots-of-others.txt"] {
            fs::write(place.join(foreign), "theirs").expect("a file");
        }
        let said = publish_well(&old, &["web"]);
        assert!(said.stderr.contains("is up to date"), "{}", said.stderr);
        let said = publish_well(&new, &[]);
        assert!(said.stderr.contains(" changed, ") && !said.stderr.contains(" 0 removed"), "{}", said.stderr);
        let mut there = tree(&place);
        for foreign in ["notice.txt", "2019/theirs/x.html", "robots-of-others.txt"] {
            assert_eq!(there.remove(foreign).as_deref(), Some(&b"theirs"[..]), "{foreign}");
        }
        assert_eq!(there, new.tree());
        assert!(!to.join(".sunlit-publish").exists(), "nothing of the run is left");
        if !options.is_empty() {
            publish_well(&old, &[]);
            let releases = fs::read_dir(to.join("releases")).expect("a folder").count();
            assert_eq!(releases, 2, "no more than are to be kept");
        }
    }
}

#[test]
fn a_dry_run_tells_sizes_and_changes_nothing() {
    let (old, new) = two_states(2);
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    aim(&old, &url(&to), "");
    aim(&new, &url(&to), "");
    publish_well(&old, &["web", "--dry-run"]);
    assert!(!to.exists());
    publish_well(&old, &["web"]);
    let before = tree(&to);
    let said = publish_well(&new, &["web", "-n"]);
    assert_eq!(tree(&to), before);
    for (mark, path) in [('+', "2021/r-0.html"), ('~', "index.html"), ('-', "2019/r-1.html")] {
        let line = said.stderr.lines().find(|l| l.ends_with(&format!(" {path}"))).unwrap_or_default();
        assert!(line.starts_with(mark), "{mark} {path}: {}", said.stderr);
        assert!(mark == '-' || line.contains(" KB "), "{line}");
    }
}

#[test]
fn more_removals_than_expected_stop_the_run() {
    let (old, new) = two_states(6);
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    aim(&old, &url(&to), "");
    aim(&new, &url(&to), "");
    publish_well(&old, &[]);
    let said = publish(&new, &["web", "--max-deletes", "5"]);
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("7 files") && said.stderr.contains("--max-deletes 7"), "{}", said.stderr);
    assert_eq!(tree(&to), old.tree());
    publish_well(&new, &["web", "--max-deletes", "7"]);
}

#[test]
fn a_file_of_others_in_the_way_is_named_and_left() {
    let portal = Portal::base();
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    aim(&portal, &url(&to), "");
    let refused = |what: &str| {
        let before = tree(&to);
        let said = publish(&portal, &["web"]);
        assert_eq!(said.status, 1, "{what}: {}", said.stderr);
        assert!(said.stderr.contains(what), "{}", said.stderr);
        assert_eq!(tree(&to), before);
    };
    fs::create_dir(&to).expect("a folder");
    fs::write(to.join("index.html"), "theirs").expect("a file");
    refused("index.html");
    fs::write(to.join("index.html"), portal.read("public/index.html")).expect("a file");
    fs::write(to.join("manifest-sha256.txt"), "theirs").expect("a file");
    refused("manifest-sha256.txt");
    fs::remove_file(to.join("manifest-sha256.txt")).expect("gone");
    fs::create_dir(to.join("archive.html")).expect("a folder");
    refused("archive.html");
    fs::remove_dir(to.join("archive.html")).expect("gone");
    #[cfg(unix)]
    {
        let elsewhere = TempDir::new().expect("a folder");
        std::os::unix::fs::symlink(elsewhere.path(), to.join("2024")).expect("a link");
        refused("2024/");
        assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
        fs::remove_file(to.join("2024")).expect("gone");
    }
    let said = publish_well(&portal, &["web"]);
    assert!(said.stderr.contains("1 kept"), "the same bytes are taken for ours: {}", said.stderr);
}

#[test]
fn one_publisher_at_a_time() {
    let portal = Portal::base();
    let dir = TempDir::new().expect("a folder");
    aim(&portal, &url(dir.path()), "");
    let work = dir.path().join(".sunlit-publish");
    fs::create_dir(&work).expect("a folder");
    fs::write(work.join("lock"), "clerk@office (7)\n2026-01-02T03:04:05+00:00\n").expect("a file");
    let lock = fs::File::options().read(true).write(true).open(work.join("lock")).expect("the lock");
    lock.lock().expect("taken");
    for arguments in [&["web"][..], &["web", "--take-over"]] {
        let said = publish(&portal, arguments);
        assert_eq!(said.status, 3, "{}", said.stderr);
        for word in ["clerk@office (7)", "2026-01-02T03:04:05", "--take-over"] {
            assert!(said.stderr.contains(word), "{}", said.stderr);
        }
    }
    assert!(!dir.path().join("index.html").exists());
    drop(lock);
    // The file of a dead publisher is no lock.
    publish_well(&portal, &["web"]);
    let (old, new) = two_states(8);
    for state in [&old, &new] {
        aim(state, &url(&dir.path().join("two")), "");
    }
    let start = |p: &Portal| command(p, &[]).stderr(Stdio::piped()).spawn().expect("the program runs");
    let children = [start(&old), start(&new), start(&old), start(&new)];
    let said = children.map(|c| Said::from(c.wait_with_output().expect("it ends")));
    assert!(said.iter().any(|s| s.status == 0));
    for said in &said {
        assert!(
            said.status == 0
                || (said.status == 3 && ["is held by", "by another run"].iter().any(|w| said.stderr.contains(w))),
            "{}",
            said.stderr
        );
    }
    publish_well(&new, &[]);
    assert_eq!(tree(&dir.path().join("two")), new.tree());
}

#[test]
fn what_is_not_fit_to_be_published_is_refused() {
    let portal = Portal::base();
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    let refused = |word: &str| {
        let said = publish(&portal, &[]);
        assert_eq!(said.status, 1, "{}", said.stderr);
        assert!(said.stderr.contains(word), "{word}: {}", said.stderr);
        assert!(!to.exists());
    };
    aim(&portal, &url(&to), "");
    fs::rename(portal.path("public"), portal.path("aside")).expect("moved");
    refused("was not built");
    fs::rename(portal.path("aside"), portal.path("public")).expect("moved");
    portal.edit("public/archive.html", "</html>", "</html> ");
    refused("run `sunlit build` first");
    portal.build_well();
    portal.edit("content/2024/a-bureau.md", "60卷", "61卷");
    refused("run `sunlit build` first");
    portal.build_with(&["--drafts"]);
    refused("built with --drafts");
    portal.build_well();
    portal.edit("content/2024/a-bureau.md", "61卷", "[卷](nowhere.md)");
    refused("LINK-001");
    portal.edit("content/2024/a-bureau.md", "[卷](nowhere.md)", "61卷");
    portal.build_well();
    // A digest that is not that of its file: what is sent is held against it.
    let manifest = portal.read("public/manifest-sha256.txt");
    let line = manifest.lines().find(|l| l.ends_with("archive.html")).expect("a line");
    portal.edit("public/manifest-sha256.txt", &line[..4], "0000");
    refused("archive.html is not what the manifest says");
    portal.write("public/manifest-sha256.txt", format!("{manifest}words of others\n"));
    refused("is not what the manifest says");
    portal.write("public/manifest-sha256.txt", &manifest);
    // A report that is due since the build: the tree is too old.
    let said = command(&portal, &[]).env("SOURCE_DATE_EPOCH", "1").output().expect("runs");
    assert_eq!(said.status.code(), Some(1));
    // A tree that was built for a later moment shows what is not due yet.
    portal.edit("content/2024/b-bureau/index.md", "published: \"2025-02-18 10:00\"", "published: \"2026-02-01 09:30\"");
    assert_eq!(portal.build_as_of("2026-03-01").status, 0);
    assert!(portal.path("public/2024/b-bureau.html").exists());
    refused("run `sunlit build` first");
    portal.build_well();
    publish_well(&portal, &[]);
    assert!(!to.join("2024/b-bureau.html").exists() && to.join("2024/a-bureau.html").exists());
}

#[test]
fn wrong_targets_are_wrong_usage_and_no_password_is_ever_shown() {
    let portal = Portal::base();
    let refused = |arguments: &[&str], word: &str| {
        let said = publish(&portal, arguments);
        assert_eq!(said.status, 2, "{arguments:?}: {}", said.stderr);
        assert!(said.stderr.contains(word), "{word}: {}", said.stderr);
        assert!(!said.stderr.contains("hunter2") && !said.stdout.contains("hunter2"), "{}", said.stderr);
    };
    portal.build_well();
    refused(&[], "names no target");
    aim(&portal, "sftp://web:hunter2@host.example/srv", "");
    refused(&["web"], "sftp://web:***@host.example/srv");
    for (to, options, word) in [
        ("git+ssh://git:hunter2@host.example/p.git", "", "git:***@"),
        ("s3://bucket?secret=hunter2", "", "after `?`"),
        ("fille:///srv/www", "", "did you mean `file`"),
        ("gopher://host.example/x", "", "known are: file, git+file"),
        ("/srv/www", "", "is no address"),
        ("file://host.example/srv", "", "no folder of this machine"),
        ("file:///", "", "no folder of this machine"),
        ("file:///srv/www", ", keep: 3", "needs `mode: releases`"),
        ("file:///srv/www", ", mode: releases, keep: 0", "whole number from 1"),
        ("git+file:///srv/p.git#-x", "", "branch"),
        ("git+ssh://-oProxyCommand=x/p.git", "", "no Git address"),
        ("git+file:///srv/p.git", ", mode: releases", "does not know the key `mode`"),
    ] {
        aim(&portal, to, options);
        refused(&["web"], word);
    }
    refused(&["wep"], "did you mean `web`");
    refused(&["web", "--verify=none"], "none");
    portal.edit("site.yaml", "publish:\n", "publish:\n  spare: {to: \"file:///srv/spare\"}\n");
    refused(&[], "name the target: spare, web");
    portal.edit("site.yaml", "spare: {", "spare: {moed: releases, ");
    assert_eq!(portal.build().codes(), ["YAML-001"]);
}

/// A file system in memory of its own size, for as long as it is held. Only root may mount.
struct Mounted(TempDir);

impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let dir = TempDir::new().expect("a folder");
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(dir.path()).output();
        if done.is_ok_and(|o| o.status.success()) {
            return Some(Self(dir));
        }
        assert!(std::env::var_os("CI").is_none(), "this test mounts a file system and needs root");
        None
    }

    fn again(&self, options: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.0.path()).output();
        assert!(done.is_ok_and(|o| o.status.success()), "remount");
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
fn a_full_or_read_only_disk_leaves_the_old_site_whole() {
    let Some(disk) = Mounted::new("size=1m") else { return };
    let (old, new) = two_states(3);
    let mut noise = 1_u64;
    let mut byte = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'a' + (noise >> 40) as u8 % 26
    };
    let large: Vec<u8> = b"name\n".iter().copied().chain((0..900_000).map(|_| byte())).collect();
    new.write("content/2021/r-0/annex.csv", large);
    let to = disk.0.path().join("site");
    aim(&old, &url(&to), "");
    aim(&new, &url(&to), "");
    publish_well(&old, &[]);
    let said = publish(&new, &[]);
    assert_eq!(said.status, 3, "{}", said.stderr);
    assert!(said.stderr.contains("No space left"), "{}", said.stderr);
    let there = tree(&to);
    for (path, bytes) in old.tree() {
        assert_eq!(there.get(&path), Some(&bytes), "{path}");
    }
    disk.again("size=8m");
    publish_well(&new, &[]);
    assert_eq!(tree(&to), new.tree());
    disk.again("ro");
    let said = publish(&old, &[]);
    assert_eq!(said.status, 3, "{}", said.stderr);
    assert!(said.stderr.contains("Read-only"), "{}", said.stderr);
    assert_eq!(tree(&to), new.tree());
}

#[test]
fn what_was_changed_on_the_host_is_found_when_asked_for() {
    let portal = Portal::base();
    let dir = TempDir::new().expect("a folder");
    aim(&portal, &url(dir.path()), "");
    let said = publish_well(&portal, &["web", "--verify"]);
    assert!(said.stderr.contains("files read back, all as sent"), "{}", said.stderr);
    fs::write(dir.path().join("robots.txt"), "otherwise").expect("a file");
    let said = publish(&portal, &["web", "--verify=all"]);
    assert!(said.status == 3 && said.stderr.contains("robots.txt"), "{}", said.stderr);
}

#[test]
fn a_journal_of_another_version_is_not_guessed_at() {
    let portal = Portal::base();
    let dir = TempDir::new().expect("a folder");
    aim(&portal, &url(dir.path()), "");
    fs::create_dir(dir.path().join(".sunlit-publish")).expect("a folder");
    fs::write(dir.path().join(".sunlit-publish/journal"), "sunlit-publish 99\n").expect("a file");
    let said = publish(&portal, &[]);
    assert!(said.status == 1 && said.stderr.contains("does not understand"), "{}", said.stderr);
}

#[test]
fn a_file_becomes_a_folder_only_in_two_steps() {
    let portal = Portal::base();
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    portal.edit("content/2023/a-bureau.md", "openness: active", "openness: active\naliases: [old.html]");
    aim(&portal, &url(&to), "");
    publish_well(&portal, &[]);
    portal.edit("content/2023/a-bureau.md", "aliases: [old.html]", "aliases: [old.html/a.html]");
    portal.build_well();
    let said = publish(&portal, &[]);
    assert!(said.status == 1 && said.stderr.contains("old.html/a.html"), "{}", said.stderr);
    let files = |path: &str| served::file(&to, path);
    assert!(served::broken(["index.html".to_string(), "old.html".to_string()], &files).is_empty());
    portal.edit("content/2023/a-bureau.md", "aliases: [old.html/a.html]\n", "");
    portal.build_well();
    publish_well(&portal, &[]);
    portal.edit("content/2023/a-bureau.md", "openness: active", "openness: active\naliases: [old.html/a.html]");
    portal.build_well();
    publish_well(&portal, &[]);
    assert_eq!(tree(&to), portal.tree());
}
