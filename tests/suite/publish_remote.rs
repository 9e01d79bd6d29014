//! `sunlit publish` to real servers: a section's whole life there, runs that are killed, servers that die, and how little an
//! unchanged section asks.

use crate::portal::{Portal, Said, sunlit, tree};
use crate::publish::command;
use crate::publish_order::two_states;
use crate::served;
use crate::servers::{KEY, Kind, PASSWORD, SECRET, Server};
use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// An attachment whose name trips over quoting and encoding.
const ODD: &str = "附件 1：it's (100%25) #2 & more.csv";

/// Names the server as the target `web`, and builds.
fn aim(portal: &Portal, server: &Server) {
    let pairs: Vec<_> = server.target().iter().map(|(key, value)| format!("{key}: \"{value}\"")).collect();
    let text = portal.read("site.yaml");
    let text = text.split("publish:").next().unwrap_or_default();
    portal.write("site.yaml", format!("{text}\npublish:\n  web: {{{}}}\n", pairs.join(", ")));
    portal.build_well();
}

/// The two states of the section, with an attachment of an odd name, aimed at the server.
fn states(reports: usize, server: &Server) -> [Portal; 2] {
    let (old, new) = two_states(reports);
    for portal in [&old, &new] {
        let annex = format!("attachments:\n  - {{file: \"{ODD}\", title: 附件}}");
        portal.edit("content/2024/b-bureau/index.md", "attachments:", &annex);
        portal.write(&format!("content/2024/b-bureau/{ODD}"), "项目,数量\n道路,3\n");
        aim(portal, server);
    }
    [old, new]
}

fn with(portal: &Portal, environment: &BTreeMap<&'static str, String>, arguments: &[&str]) -> Command {
    let mut command = command(portal, arguments);
    for name in [
        "ALL_PROXY",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "all_proxy",
        "https_proxy",
        "http_proxy",
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_SESSION_TOKEN",
    ] {
        command.env_remove(name);
    }
    command.envs(environment);
    command
}

fn publish(portal: &Portal, server: &Server, arguments: &[&str]) -> Said {
    let said: Said = with(portal, &server.environment(), arguments).output().expect("the program runs").into();
    holds_no_secret(&said);
    said
}

fn publish_well(portal: &Portal, server: &Server, arguments: &[&str]) -> Said {
    let said = publish(portal, server, arguments);
    assert_eq!(said.status, 0, "{:?}: {} {}", server.kind, said.stderr, server.log());
    said
}

fn holds_no_secret(said: &Said) {
    for secret in [KEY, SECRET, PASSWORD, "X-Amz-", "Basic "] {
        assert!(!said.stderr.contains(secret) && !said.stdout.contains(secret), "{secret}: {}", said.stderr);
    }
}

/// What the server serves of the section, without what it keeps for itself.
fn there(server: &Server) -> BTreeMap<String, Vec<u8>> {
    let mut there = tree(&server.served());
    // rclone leaves a temporary file where a PUT broke off; S3 does not list it.
    there.retain(|path, _| !path.contains(".rclone_temp_put"));
    there
}

/// Tests for each server, so that they run side by side.
macro_rules! on {
    ($what:ident: $($name:ident $kind:ident),*) => {$(
        #[test]
        fn $name() {
            if Kind::$kind.is_here() {
                $what(Kind::$kind);
            }
        }
    )*};
}

on!(whole_life:
    a_section_lives_on_rclone_s3 RcloneS3,
    a_section_lives_on_moto Moto,
    a_section_lives_on_s3s_fs S3sFs,
    a_section_lives_on_apache Apache,
    a_section_lives_on_apache_with_tls ApacheTls,
    a_section_lives_on_rclone_webdav RcloneDav,
    a_section_lives_on_sshd Sshd);

fn whole_life(kind: Kind) {
    let server = Server::start(kind);
    let [old, new] = states(9, &server);
    let on_disk = server.is_on_disk() && kind != Kind::S3sFs;

    publish_well(&old, &server, &["--dry-run"]);
    assert!(!on_disk || there(&server).is_empty(), "{kind:?}: a dry run changes nothing");
    publish_well(&old, &server, &["--verify=all"]);
    assert!(!on_disk || there(&server) == old.tree(), "{kind:?}");
    headers(&server);

    let before = server.requests();
    let said = publish_well(&old, &server, &[]);
    assert!(said.stderr.contains("is up to date"), "{}", said.stderr);
    let asked = server.requests() - before;
    if matches!(kind, Kind::Moto | Kind::Apache | Kind::ApacheTls | Kind::Sshd) {
        eprintln!("{kind:?}: {} unchanged files: {asked} requests", old.tree().len());
        // Lock, manifest, journal, and the lock again; SFTP opens, asks and removes one by one.
        assert!((3..=if kind == Kind::Sshd { 20 } else { 9 }).contains(&asked), "{kind:?}: {asked} requests");
    }

    if server.is_on_disk() {
        server.put_foreign("2019/theirs.html", b"theirs");
        server.put_foreign("2021/r-0.html", b"theirs");
        let said = publish(&new, &server, &[]);
        assert_eq!(said.status, 1, "{kind:?}: {}", said.stderr);
        assert!(said.stderr.contains("2021/r-0.html"), "{kind:?}: {}", said.stderr);
        let mut left = there(&server);
        assert_eq!(left.remove("2021/r-0.html").as_deref(), Some(&b"theirs"[..]), "{kind:?}");
        assert_eq!(left.remove("2019/theirs.html").as_deref(), Some(&b"theirs"[..]), "{kind:?}");
        assert!(!on_disk || left == old.tree(), "{kind:?}: nothing else was touched");
        fs::remove_file(server.served().join("2021/r-0.html")).expect("theirs");
    }
    let said: Said = with(&new, &server.wrong_environment(), &[]).output().expect("the program runs").into();
    holds_no_secret(&said);
    if kind != Kind::Moto {
        assert_eq!(said.status, 3, "{kind:?}: {}", said.stderr);
        assert!(!on_disk || there(&server)["index.html"] == old.tree()["index.html"], "{kind:?}");
    }
    publish_well(&new, &server, &["--verify=all"]);
    if on_disk {
        let mut left = there(&server);
        assert_eq!(left.remove("2019/theirs.html").as_deref(), Some(&b"theirs"[..]), "{kind:?}: what others put stays");
        assert_eq!(left, new.tree(), "{kind:?}");
    }
    publish_well(&old, &server, &["--verify=all"]);
}

/// What S3 says of files, for it keeps what it was told.
fn headers(server: &Server) {
    if server.kind != Kind::Moto {
        return;
    }
    let odd = sunlit::base::path::encode(&format!("2024/b-bureau/{ODD}"));
    for (path, media_type, cache) in [
        ("index.html", "text/html; charset=utf-8", "public, max-age=300, must-revalidate"),
        (&*odd, "text/csv; charset=utf-8", "public, max-age=300, must-revalidate"),
        ("assets/style.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ] {
        let path = match path {
            "assets/style.css" => {
                let page = answer(server, "www/index.html").1;
                let at = page.find("assets/").expect("a style sheet");
                page[at..].split('"').next().expect("an end").to_string()
            }
            path => path.to_string(),
        };
        let head = answer(server, &format!("www/{path}")).0.to_lowercase();
        assert!(head.contains(&format!("content-type: {media_type}\r\n")), "{path}: {head}");
        assert!(head.contains(&format!("cache-control: {cache}\r\n")), "{path}: {head}");
    }
}

/// Head and body of an object, which moto gives to anybody.
fn answer(server: &Server, key: &str) -> (String, String) {
    let url = format!("http://127.0.0.1:{}/sunlit-tests/{key}", server.port);
    let output = Command::new("curl")
        .args(["-si", "--noproxy", "*", "-H", &Server::authorization(), &url])
        .output()
        .expect("curl");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    (format!("{head}\r\n"), body.to_string())
}

/// Numbers that are the same in every run (Knuth's constants).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

on!(killed_many:
    killed_on_rclone_s3_no_link_is_broken_and_the_next_run_finishes RcloneS3,
    killed_on_apache_no_link_is_broken_and_the_next_run_finishes Apache,
    killed_on_rclone_webdav_no_link_is_broken_and_the_next_run_finishes RcloneDav,
    killed_on_sshd_no_link_is_broken_and_the_next_run_finishes Sshd);

/// How many publications are killed on a server: fifty on all four. Each run on rclone waits for its lock.
fn points(kind: Kind) -> usize {
    if matches!(kind, Kind::RcloneS3 | Kind::RcloneDav) { 6 } else { 19 }
}

fn killed_many(kind: Kind) {
    let server = Server::start(kind);
    let portals = states(9, &server);
    let trees = portals.each_ref().map(Portal::tree);
    let entrances = served::entrances(&trees[0], &trees[1]);
    publish_well(&portals[0], &server, &[]);
    server.put_foreign("notice.txt", b"theirs");
    let work = |portal: &Portal| {
        let mut command = with(portal, &server.environment(), &["--take-over", "--max-deletes", "1000"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
    };
    // How long a run is at work, which only says where to kill; nothing depends on it.
    let journal = server.served().join(".sunlit-publish/journal");
    let (mut span, mut seeded, mut at, mut killed, mut tries) = (200_000, Seeded(20_261_125), 0, 0, 0);
    while killed < points(kind) {
        tries += 1;
        assert!(tries < 10 * points(kind), "{kind:?}: the program is never met at work");
        let goal = 1 - at;
        for _ in 0..=seeded.below(2) {
            let mut child = work(&portals[goal]);
            while !journal.exists() && child.try_wait().expect("a child").is_none() {
                thread::sleep(Duration::from_millis(1));
            }
            let (begun, after) = (Instant::now(), Duration::from_micros(seeded.below(span)));
            while begun.elapsed() < after && child.try_wait().expect("a child").is_none() {
                thread::sleep(Duration::from_millis(1));
            }
            let at_work = child.try_wait().expect("a child").is_none();
            child.kill().expect("SIGKILL");
            child.wait().expect("gone");
            killed += usize::from(at_work);
            let look = || served::broken(entrances.iter().cloned(), &|path| served::file(&server.served(), path));
            let mut broken = look();
            // Apache and rclone replace a file by removing it and renaming another (RFC 4918, section 9.9.3, wants that of
            // MOVE), and may still be at what they were last asked for. That moment passes; nothing else may be missing.
            for _ in 0..20 {
                if kind != Kind::Sshd && !broken.is_empty() {
                    thread::sleep(Duration::from_millis(250));
                    broken = look();
                }
            }
            assert!(broken.is_empty(), "{kind:?}: killed at point {killed}: {broken:#?}");
            span = if at_work { span + span / 4 } else { (span / 2).max(2_000) };
        }
        publish_well(&portals[goal], &server, &["--take-over", "--max-deletes", "1000"]);
        let mut left = there(&server);
        assert_eq!(left.remove("notice.txt").as_deref(), Some(&b"theirs"[..]), "{kind:?}");
        let names: Vec<_> = left.keys().filter(|name| !trees[goal].contains_key(*name)).collect();
        assert_eq!(left, trees[goal], "{kind:?}: after point {killed}; too many: {names:?}");
        at = goal;
    }
}

on!(two_publishers:
    a_second_publisher_is_refused_on_rclone_s3 RcloneS3,
    a_second_publisher_is_refused_on_moto Moto,
    a_second_publisher_is_refused_on_apache Apache,
    a_second_publisher_is_refused_on_sshd Sshd);

fn two_publishers(kind: Kind) {
    let server = Server::start(kind);
    let [old, _] = states(3, &server);
    let mut dead =
        with(&old, &server.environment(), &[]).env("USER", "bingju").stderr(Stdio::null()).spawn().expect("it runs");
    let lock = server.served().join(".sunlit-publish/lock");
    while match kind {
        Kind::Moto => !answer(&server, "www/.sunlit-publish/lock").0.contains(" 200 "),
        Kind::Sshd => !lock.join("owner").exists(),
        _ => fs::read(&lock).map_or(true, |bytes| bytes.is_empty()),
    } {
        assert!(dead.try_wait().expect("a child").is_none(), "{kind:?}: it ends before it was met at work");
        thread::sleep(Duration::from_millis(1));
    }
    dead.kill().expect("SIGKILL");
    dead.wait().expect("gone");
    let said = publish(&old, &server, &[]);
    assert_eq!(said.status, 3, "{kind:?}: {}", said.stderr);
    assert!(said.stderr.contains("bingju@") && said.stderr.contains("--take-over"), "{kind:?}: {}", said.stderr);
    publish_well(&old, &server, &["--take-over", "--verify=all"]);
    publish_well(&old, &server, &[]);
}

on!(dying_server:
    a_server_that_dies_is_waited_for_with_s3 RcloneS3,
    a_server_that_dies_is_waited_for_with_webdav Apache,
    a_server_that_dies_is_waited_for_with_sftp Sshd);

fn dying_server(kind: Kind) {
    let mut server = Server::start(kind);
    let [old, new] = states(9, &server);
    publish_well(&old, &server, &[]);
    let lock = server.served().join(".sunlit-publish/lock");
    let meet = |server: &mut Server, arguments: &[&str]| {
        let mut command = with(&new, &server.environment(), arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        while !lock.exists() {
            assert!(child.try_wait().expect("a child").is_none(), "{kind:?}: it ends before it was met at work");
            thread::sleep(Duration::from_millis(1));
        }
        server.stop();
        child
    };
    let child = meet(&mut server, &[]);
    let said: Said = child.wait_with_output().expect("ended").into();
    holds_no_secret(&said);
    assert_eq!(said.status, 3, "{kind:?}: {}", said.stderr);
    assert!(said.stderr.contains("127.0.0.1 cannot be reached"), "{kind:?}: {}", said.stderr);

    assert!(server.start_again(), "{kind:?}");
    fs::remove_dir_all(server.served().join(".sunlit-publish/lock"))
        .or_else(|_| fs::remove_file(&lock))
        .expect("the lock");
    let child = meet(&mut server, &[]);
    thread::sleep(Duration::from_millis(700));
    assert!(server.start_again(), "{kind:?}");
    let said: Said = child.wait_with_output().expect("ended").into();
    assert_eq!(said.status, 0, "{kind:?}: {} {}", said.stderr, server.log());
    assert_eq!(there(&server), new.tree(), "{kind:?}");
}

#[test]
fn targets_that_are_wrong_are_usage_and_say_what_is_missing() {
    let portal = Portal::base();
    let none = BTreeMap::from([("AWS_ACCESS_KEY_ID", String::new()), ("AWS_SECRET_ACCESS_KEY", String::new())]);
    for (to, words) in [
        ("to: s3://reports/www", "AWS_ACCESS_KEY_ID"),
        ("to: webdav://dav.example.org/www", "cleartext: allowed"),
        ("to: sftp://web@host.example.org", "must not be the root folder"),
        ("to: sftp://host.example.org/a/../b", "sftp://USER@HOST"),
        ("to: \"webdavs://web:secret@dav.example.org/www\"", "password"),
        ("to: webdavs://dav.example.org/www, region: x", "region"),
    ] {
        let text = portal.read("site.yaml");
        let text = text.split("publish:").next().unwrap_or_default();
        portal.write("site.yaml", format!("{text}\npublish:\n  web: {{{to}}}\n"));
        portal.build_well();
        let said: Said = with(&portal, &none, &[]).output().expect("the program runs").into();
        assert_eq!(said.status, 2, "{to}: {}", said.stderr);
        assert!(said.stderr.contains(words) && !said.stderr.contains("secret@"), "{to}: {}", said.stderr);
    }
    let said: Said = sunlit().arg("--version").output().expect("the program runs").into();
    assert_eq!(said.status, 0);
}
