//! Publications that are killed, and a real web server that serves what they leave.

use crate::portal::{Portal, tree};
use crate::publish::{aim, command, publish_well, url};
use crate::publish_order::two_states;
use crate::served;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Numbers that are the same in every run (Knuth's constants).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

/// Publishes and kills the program so long after it has taken the folder; whether it was still at work.
fn killed(portal: &Portal, work: &Path, after: Duration) -> bool {
    let mut child = command(portal, &[]).stderr(Stdio::null()).spawn().expect("the program runs");
    let lock = work.join("lock");
    while !lock.exists() && child.try_wait().expect("a child").is_none() {
        std::hint::spin_loop();
    }
    let taken = Instant::now();
    while taken.elapsed() < after && child.try_wait().expect("a child").is_none() {
        std::hint::spin_loop();
    }
    let at_work = child.try_wait().expect("a child").is_none();
    child.kill().expect("SIGKILL");
    child.wait().expect("gone");
    at_work
}

/// How long a whole publication holds the folder, in microseconds; it only says where to kill, and nothing depends on it.
fn span(portal: &Portal, work: &Path) -> u64 {
    let mut child = command(portal, &[]).stderr(Stdio::null()).spawn().expect("the program runs");
    let lock = work.join("lock");
    let mut taken = None;
    while child.try_wait().expect("a child").is_none() {
        if taken.is_none() && lock.exists() {
            taken = Some(Instant::now());
        }
    }
    taken.map_or(20_000, |t| u64::try_from(t.elapsed().as_micros()).expect("short"))
}

const POINTS: usize = 50;

/// Kills publications at [`POINTS`] points between two states, forth and back, also twice in a row and in the middle of
/// turning back. `look` is asked after every kill.
fn kill_many(options: &str, look: &dyn Fn(&Path, &[String]) -> Vec<String>) {
    let (old, new) = two_states(12);
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    let (place, work) = (if options.is_empty() { to.clone() } else { to.join("current") }, to.join(".sunlit-publish"));
    let states = [&old, &new];
    for state in states {
        aim(state, &url(&to), options);
    }
    let trees = states.map(Portal::tree);
    let entrances = served::entrances(&trees[0], &trees[1]);
    publish_well(states[0], &[]);
    fs::write(place.join("notice.txt"), "theirs").expect("a file");
    let span = span(states[1], &work);
    let (mut seeded, mut points, mut at, mut attempts) = (Seeded(20_261_125), 0, 1, 0);
    while points < POINTS {
        attempts += 1;
        assert!(attempts < 20 * POINTS, "the program is never met at work: {points} points");
        let to_state = 1 - at;
        let mut goal = to_state;
        for _ in 0..=seeded.below(3) {
            points += usize::from(killed(states[goal], &work, Duration::from_micros(seeded.below(span))));
            let broken = look(&place, &entrances);
            assert!(broken.is_empty(), "killed at point {points}: {broken:#?}");
            goal = if seeded.below(4) == 0 { 1 - goal } else { goal };
        }
        publish_well(states[to_state], &["--max-deletes", "1000"]);
        let mut there = tree(&place);
        assert_eq!(there.remove("notice.txt").as_deref(), Some(&b"theirs"[..]));
        assert_eq!(there, trees[to_state], "after point {points}");
        assert!(!work.exists(), "nothing of the run is left");
        at = to_state;
    }
}

fn look_at_files(place: &Path, entrances: &[String]) -> Vec<String> {
    served::broken(entrances.iter().cloned(), &|path| served::file(place, path))
}

#[test]
fn killed_at_fifty_points_in_place_no_link_is_broken_and_the_next_run_finishes() {
    kill_many("", &look_at_files);
}

#[test]
fn killed_at_fifty_points_between_releases_readers_see_one_of_them_whole() {
    kill_many(", mode: releases, keep: 3", &|place, entrances| {
        let mut found = look_at_files(place, entrances);
        let there = tree(&place.canonicalize().expect("a release"));
        let manifest = String::from_utf8(there["manifest-sha256.txt"].clone()).expect("UTF-8");
        for line in manifest.lines() {
            let (digest, path) = line.split_once("  ").expect("a line");
            let sha256 = there.get(path).map(|bytes| sunlit::base::Sha256::of(bytes).to_string());
            if sha256.as_deref() != Some(digest) {
                found.push(format!("{path} is not of this release"));
            }
        }
        found
    });
}

/// nginx serving a folder at `/zwgk/`, on a port of its own.
struct Nginx {
    child: Child,
    port: u16,
    _dir: TempDir,
}

impl Nginx {
    fn serving(root: &Path) -> Option<Self> {
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].map(PathBuf::from);
        let Some(program) = program.into_iter().find(|p| p.exists()) else {
            assert!(std::env::var_os("CI").is_none(), "nginx is missing; tests/run installs it");
            return None;
        };
        let dir = TempDir::new().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let root_user = fs::metadata("/proc/self").is_ok_and(|m| {
            use std::os::unix::fs::MetadataExt;
            m.uid() == 0
        });
        let at = dir.path().display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary: String = temporary.iter().map(|n| format!("{n}_temp_path {at}/{n};\n")).collect();
        let conf = format!(
            "{user}daemon off;\npid {at}/pid;\nerror_log {at}/error.log;\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n\
             access_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port};\ncharset utf-8;\n\
             location /zwgk/ {{ alias {root}/; error_page 404 /zwgk/404.html; }}\n\
             location ~ /\\. {{ return 404; }}\n}}\n}}\n",
            user = if root_user { "user root;\n" } else { "" },
            root = root.display(),
        );
        fs::write(dir.path().join("nginx.conf"), conf).expect("a file");
        let mut command = Command::new(program);
        command.arg("-p").arg(dir.path()).arg("-c").arg(dir.path().join("nginx.conf"));
        let child = command.stderr(Stdio::null()).spawn().expect("nginx runs");
        let nginx = Self { child, port, _dir: dir };
        let up = (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(up, "nginx does not answer");
        Some(nginx)
    }

    /// Status, head and body of an answer.
    fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let path = sunlit::base::path::encode(path);
        write!(stream, "GET /zwgk/{path} HTTP/1.0\r\nHost: test.example\r\n\r\n").expect("asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        (status, head, answer[end + 4..].to_vec())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers go with it on SIGTERM; SIGKILL would leave them.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

#[test]
fn a_web_server_answers_every_link_before_while_and_after() {
    let (old, new) = two_states(8);
    let dir = TempDir::new().expect("a folder");
    let to = dir.path().join("site");
    for options in ["", ", mode: releases"] {
        let place = if options.is_empty() { to.clone() } else { dir.path().join("r/current") };
        let target = if options.is_empty() { to.clone() } else { dir.path().join("r") };
        for state in [&old, &new] {
            aim(state, &url(&target), options);
        }
        publish_well(&old, &[]);
        let Some(nginx) = Nginx::serving(&place) else { return };
        let fetch = |path: &str| match nginx.get(path) {
            (200, _, body) => Some(body),
            _ => None,
        };
        let entrances = served::entrances(&old.tree(), &new.tree());
        let look = |when: &str| {
            let broken = served::broken(entrances.iter().cloned(), &fetch);
            assert!(broken.is_empty(), "{when}: {broken:#?}");
        };
        look("before");
        let mut seeded = Seeded(7);
        for _ in 0..6 {
            killed(&new, &target.join(".sunlit-publish"), Duration::from_micros(seeded.below(30_000)));
            look("while");
        }
        publish_well(&new, &["--verify=all"]);
        look("after");
        for (path, bytes) in new.tree() {
            assert_eq!(nginx.get(&path).2, bytes, "{path}");
        }
        let (status, head, _) = nginx.get("index.html");
        assert!(status == 200 && head.contains("content-type: text/html; charset=utf-8"), "{head}");
        let (status, _, body) = nginx.get("nowhere.html");
        assert_eq!((status, body), (404, new.tree()["404.html"].clone()));
        assert_eq!(nginx.get(".sunlit-publish/lock").0, 404);
    }
}
