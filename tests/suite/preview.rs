//! The preview as browsers and strangers meet it: real sockets, a real folder, the program as it is run.

use crate::edits::Edits;
use crate::portal::{Portal, sunlit, tree};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;

const REPORT: &str = "content/2024/a-bureau.md";
const PAGE: &str = "/2024/a-bureau.html";
/// 2026-01-01 00:00 in Shanghai, the moment of every build of the tests.
const EPOCH: &str = "1767196800";

/// A preview that runs.
struct Preview {
    child: Child,
    port: u16,
    said: Vec<String>,
    _stderr: Option<BufReader<ChildStderr>>,
}

impl Preview {
    fn of(portal: &Portal) -> Self {
        Self::with(portal, &["--port", "0"]).expect("it starts")
    }

    /// Starts one; what it said where it did not start.
    fn with(portal: &Portal, arguments: &[&str]) -> Result<Self, (Option<i32>, Vec<String>)> {
        let mut command = sunlit();
        command.current_dir(portal.root()).env("SOURCE_DATE_EPOCH", EPOCH).args(["--lang", "en", "preview"]);
        let child = command.args(arguments).stderr(Stdio::piped()).spawn().expect("the program runs");
        // Whatever becomes of it, dropping it ends the program.
        let mut preview = Self { child, port: 0, said: Vec::new(), _stderr: None };
        let mut stderr = BufReader::new(preview.child.stderr.take().expect("piped"));
        loop {
            let mut line = String::new();
            if stderr.read_line(&mut line).expect("words") == 0 {
                let code = preview.child.wait().expect("it ends").code();
                return Err((code, std::mem::take(&mut preview.said)));
            }
            if let Some(url) = line.split("http://").nth(1) {
                preview.port = url.split('/').next().and_then(|h| h.rsplit(':').next()?.parse().ok()).unwrap_or(0);
            }
            let last = line.starts_with("Ctrl-C");
            preview.said.push(line);
            if last {
                preview._stderr = Some(stderr);
                return Ok(preview);
            }
        }
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        stream
    }

    /// Status, head and body of the answer to these lines.
    fn ask(&self, first: &str, headers: &[&str]) -> (u16, String, Vec<u8>) {
        let mut stream = self.connect();
        let host = format!("Host: {}", self.host());
        let given = headers.iter().any(|h| h.to_ascii_lowercase().starts_with("host:"));
        let lines: Vec<&str> = (!given).then_some(host.as_str()).into_iter().chain(headers.iter().copied()).collect();
        let request = format!("{first} HTTP/1.1\r\n{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let split = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..split]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, head, answer.get(split + 4..).unwrap_or_default().to_vec())
    }

    fn get(&self, path: &str) -> (u16, String) {
        let (status, _, body) = self.ask(&format!("GET {path}"), &[]);
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    /// Asks until the page is as wanted; fails after a long while.
    fn until(&self, path: &str, what: &str, wanted: impl Fn(u16, &str) -> bool) -> String {
        for _ in 0..400 {
            let (status, body) = self.get(path);
            if wanted(status, &body) {
                return body;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("{what}: {path} is not as wanted: {:?}", self.get(path));
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let done = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(done.expect("kill runs").success());
    }
}

/// The state that a page says it shows.
fn tick_of(page: &str) -> String {
    let tick = page.split("data-tick=\"").nth(1).and_then(|rest| rest.split('"').next());
    tick.expect("a page names its state").to_string()
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page without what the preview puts into it.
fn plain(bytes: &[u8]) -> Vec<u8> {
    const OPEN: &[u8] = b"<!-- sunlit preview -->";
    const CLOSE: &[u8] = b"<!-- /sunlit preview -->";
    let find = |text: &[u8], word: &[u8]| text.windows(word.len()).position(|w| w == word);
    let mut out = bytes.to_vec();
    while let (Some(open), Some(close)) = (find(&out, OPEN), find(&out, CLOSE)) {
        out.drain(open..close + CLOSE.len());
    }
    out
}

/// What differs between a clean build and what is served; none where they are equal, or where neither would be published.
fn difference(portal: &Portal, preview: &Preview) -> Option<String> {
    let clean = Portal::copy_of(portal.root());
    if portal.path("themes").exists() {
        crate::portal::copy(&portal.path("themes"), &clean.path("themes"));
    }
    let said = clean.build_with(&["--drafts"]);
    let landing = preview.get("/").1;
    if said.status != 0 {
        return (!landing.contains("data-grade=\"error\"")).then(|| format!("no errors shown: {}", said.stderr));
    }
    if landing.contains("data-grade=\"error\"") {
        return Some("errors of which a build knows nothing".into());
    }
    let mut built: BTreeMap<String, Vec<u8>> = tree(&clean.path("public"));
    built.remove("manifest-sha256.txt");
    built.into_iter().find_map(|(path, bytes)| {
        let (status, _, body) = preview.ask(&format!("GET /{path}"), &[]);
        let right = status == 200 || path == "404.html";
        (!right || plain(&body) != bytes).then(|| format!("{path} ({status})"))
    })
}

#[test]
fn after_two_hundred_edits_every_file_is_served_as_a_clean_build_writes_it() {
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(7);
    eprintln!("SEED={seed}");
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let mut edits = Edits::new(seed);
    assert_eq!(difference(&portal, &preview), None, "the base");
    for round in 1..=200 {
        let edit = edits.next(&portal);
        // Between the looks, edits come as fast as they can be made.
        if round % 10 != 0 {
            continue;
        }
        let mut differs = None;
        for _ in 0..100 {
            differs = difference(&portal, &preview);
            if differs.is_none() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(differs, None, "seed {seed}, edit {round}: {}", edit.what);
    }
}

#[test]
fn it_says_where_it_is_and_what_it_watches_and_ends_cleanly() {
    let portal = Portal::base();
    for signal in ["INT", "TERM"] {
        let mut preview = Preview::of(&portal);
        let said = preview.said.concat();
        for words in ["http://127.0.0.1:", "(3 reports)", "content", "site.yaml"] {
            assert!(said.contains(words), "{said}");
        }
        let _open = preview.ask("GET /", &[]);
        let _news = preview.connect();
        preview.signal(signal);
        assert_eq!(preview.child.wait().expect("it ends").code(), Some(0), "{signal}");
    }
    assert!(!portal.path("public").exists() && !portal.path(".sunlit").exists(), "nothing is written");
}

#[test]
fn a_port_that_was_asked_for_is_taken_or_refused_and_the_default_moves_on() {
    let portal = Portal::base();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let (status, said) = Preview::with(&portal, &["--port", &port]).err().expect("it is refused");
    assert_eq!(status, Some(3));
    assert!(said.concat().contains(&port) && said.concat().contains("is taken"), "{said:?}");
    // Whoever has the default port, two previews have two ports.
    let (one, two) = (Preview::with(&portal, &[]).expect("starts"), Preview::with(&portal, &[]).expect("starts"));
    assert!(one.port >= 4000 && two.port > one.port);
    assert_eq!((one.get("/").0, two.get("/").0), (200, 200));
    let wide = Preview::with(&portal, &["--port", "0", "--host", "0.0.0.0"]).expect("starts");
    assert!(wide.said.concat().contains("drafts included"), "{:?}", wide.said);
    let (status, said) = Preview::with(&portal, &["--host", "no such host"]).err().expect("it is refused");
    assert_eq!(status, Some(3), "{said:?}");
}

#[test]
fn saves_of_every_sort_reach_the_page_and_the_lists() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let text = portal.read(REPORT);
    let titled = |n: usize| text.replace("title: 甲局2024年", &format!("title: 甲局2024年第{n}次"));
    let seen = |n: usize, what: &str| {
        for path in [PAGE, "/2024/", "/", "/organizations/a-bureau.html", "/feed.json", "/data/reports.json"] {
            preview.until(path, what, |_, body| body.contains(&format!("甲局2024年第{n}次")));
        }
    };
    portal.write(REPORT, titled(1));
    seen(1, "written in place");
    portal.write("content/2024/.a-bureau.md.swp", "x");
    portal.write("content/2024/4913", "");
    fs::remove_file(portal.path("content/2024/4913")).expect("there");
    fs::rename(portal.path(REPORT), portal.path("content/2024/a-bureau.md~")).expect("renamed");
    portal.write(REPORT, titled(2));
    fs::remove_file(portal.path("content/2024/a-bureau.md~")).expect("there");
    seen(2, "backed up, written anew");
    portal.write("content/2024/#a-bureau.md#", "x");
    fs::remove_file(portal.path("content/2024/#a-bureau.md#")).expect("there");
    portal.write("content/2024/.tmp123", titled(3));
    fs::rename(portal.path("content/2024/.tmp123"), portal.path(REPORT)).expect("renamed");
    seen(3, "renamed over");
    fs::remove_file(portal.path(REPORT)).expect("there");
    preview.until(PAGE, "removed", |status, body| status == 404 || body.contains("sunlit-overlay"));
    portal.write(REPORT, titled(4));
    seen(4, "removed and made again");
    // The folder itself goes and comes, as when a branch is checked out.
    fs::rename(portal.path("content"), portal.path("elsewhere")).expect("renamed");
    preview.until("/2024/", "all gone", |_, body| !body.contains("甲局2024年第4次") || body.contains("overlay"));
    fs::rename(portal.path("elsewhere"), portal.path("content")).expect("renamed");
    seen(4, "the folder is back");
    portal.write(REPORT, titled(5));
    seen(5, "and is watched again");
}

#[test]
fn a_burst_of_a_thousand_files_is_followed() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let report = portal
        .read("content/2024/b-bureau/index.md")
        .replace("attachments:\n  - {file: roads.csv, title: 各路段养护情况}\n", "");
    for n in 0..1000 {
        portal.write(&format!("content/2024/burst-{n}.md"), report.replace("乙局2024年", &format!("乙局第{n}号")));
    }
    preview.until("/2024/burst-999.html", "the last", |status, _| status == 200);
    let year = preview.until("/2024/", "the list", |_, body| body.matches("href=\"burst-").count() == 1000);
    assert!(!year.contains("sunlit-overlay"), "no half state is left");
    for n in 0..1000 {
        fs::remove_file(portal.path(&format!("content/2024/burst-{n}.md"))).expect("there");
    }
    preview.until("/2024/", "all gone again", |_, body| !body.contains("burst-"));
}

#[test]
fn an_error_right_after_a_save_lies_over_what_was_saved_last() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let text = portal.read(REPORT);
    for n in 1..=5 {
        let saved = text.replace("综合窗口于6月启用", &format!("综合窗口第{n}次启用"));
        portal.write(REPORT, &saved);
        let seen = preview.until(PAGE, "the save", |_, body| body.contains(&format!("综合窗口第{n}次启用")));
        portal.write(REPORT, saved.replace("kind: rule-of-law", "kind: ["));
        let over = |body: &str| body.contains("id=\"sunlit-overlay\"") && tick_of(body) != tick_of(&seen);
        let body = preview.until(PAGE, "the error", |_, body| over(body));
        assert!(body.contains(&format!("综合窗口第{n}次启用")), "round {n}: an older page lies behind the error");
    }
}

#[test]
fn an_error_lies_over_the_last_good_page_until_it_is_mended() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let good = preview.get(PAGE).1;
    let text = portal.read(REPORT);
    let over = |what: &str, words: &str| {
        let body = preview.until(PAGE, what, |_, body| body.contains("id=\"sunlit-overlay\"") && body.contains(words));
        assert!(body.contains("综合窗口于6月启用"), "{what}: the last good page lies behind");
        assert!(body.contains("lang=\"en\""), "{what}: in the reader's language");
    };
    let mended = |what: &str| {
        let body = preview.until(PAGE, what, |status, body| status == 200 && !body.contains("sunlit-overlay"));
        assert_eq!(plain(body.as_bytes()), plain(good.as_bytes()), "{what}");
    };
    portal.write(REPORT, text.replace("kind: rule-of-law", "kind: ["));
    over("YAML", "YAML-003");
    preview.until("/2024/", "what cannot be read is said on every page", |_, body| body.contains("sunlit-overlay"));
    portal.write(REPORT, &text);
    mended("YAML");
    portal.write(REPORT, text.replace("status: done", "status: <script>alert(1)</script>"));
    over("a value", "&lt;script&gt;alert(1)");
    assert!(!preview.get(PAGE).1.contains("<script>alert"), "escaped");
    portal.write(REPORT, &text);
    mended("a value");
    let site = portal.read("site.yaml");
    portal.write("site.yaml", site.replace("language: zh-CN", "language: [zh-CN"));
    over("the site", "site.yaml");
    portal.write("site.yaml", &site);
    mended("the site");
    portal.write("site.yaml", site.replace("theme: default", "theme: own"));
    portal.write(
        "themes/own/templates/report.html",
        "{% extends \"base.html\" %}{% block content %}{{ report.nothing.here }}{% endblock %}",
    );
    over("a template", "THEME-001");
    portal.write("themes/own/templates/report.html", "{% if");
    over("a template that cannot be read", "THEME-001");
    portal.write("site.yaml", &site);
    mended("a template");
    portal.write(
        "content/2024/b-bureau/index.md",
        portal.read("content/2024/b-bureau/index.md").replace("roads.csv", "road.csv"),
    );
    let other = preview.until("/2024/b-bureau.html", "an attachment", |_, body| body.contains("sunlit-overlay"));
    assert!(other.contains("FILE-001"));
    assert!(!preview.get(PAGE).1.contains("sunlit-overlay"), "another report's error is only counted");
    assert!(preview.get(PAGE).1.contains("other files with errors: 1"));
}

#[test]
fn a_panel_tells_what_check_tells_with_ways_into_the_editor() {
    let portal = Portal::base();
    portal.edit(REPORT, "受理事项320件。", "受理事项320件，按装新设备，联系电话13800000000。");
    let preview = Preview::of(&portal);
    let line = portal.read(REPORT).lines().position(|l| l.contains("按装")).expect("there") + 1;
    let body = preview.until(PAGE, "the panel", |_, body| body.contains("TEXT-004") && body.contains("PRIV-003"));
    let root = portal.root().canonicalize().expect("there");
    assert!(body.contains(&format!("href=\"vscode://file{}/{REPORT}:{line}:", root.display())), "{body}");
    let panel = body.split("id=\"sunlit-preview\"").nth(1).expect("a panel");
    assert!(!panel.contains("13800000000") && panel.contains("***********"), "masked");
    let none = Preview::with(&portal, &["--port", "0", "--editor", "none"]).expect("starts");
    assert!(!none.get(PAGE).1.contains("vscode:"));
    portal.edit(REPORT, "，按装新设备，联系电话13800000000", "");
    portal.build_well();
    assert!(!portal.read("public/2024/a-bureau.html").contains("sunlit preview"), "a build has none of it");
}

#[test]
fn drafts_and_later_reports_are_shown_and_marked() {
    let portal = Portal::base();
    portal.edit(REPORT, "published: \"2025-03-11 09:30\"", "published: \"2026-03-11 09:30\"");
    portal.edit("content/2023/a-bureau.md", "openness: active", "openness: active\nstatus: draft");
    let preview = Preview::of(&portal);
    let marked = |path: &str| preview.get(path).1.contains("data-status=");
    assert!(marked(PAGE) && marked("/2023/a-bureau.html"), "{}", preview.get(PAGE).1);
}

#[test]
fn nothing_outside_the_section_is_given_away() {
    let portal = Portal::base();
    portal.write("secret.txt", "secret");
    portal.write("content/2024/notes.txt", "secret");
    let preview = Preview::of(&portal);
    for path in [
        "/../secret.txt",
        "/2024/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/2024/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/content/2024/a-bureau.md",
        "/2024/a-bureau.md",
        "/2024/notes.txt",
        "/site.yaml",
        "//etc/passwd",
        "/2024/b-bureau/roads.csv/../../../../secret.txt",
        "/2024/b-bureau/roads.csv%00.html",
        "/%c0%ae%c0%ae/secret.txt",
        "/2024/%ff",
    ] {
        let (status, body) = preview.get(path);
        assert!(
            matches!(status, 400 | 404) && !body.contains("secret\n") && !body.contains("root:"),
            "{path}: {status}"
        );
        assert!(!plain(body.as_bytes()).windows(6).any(|w| w == b"secret"), "{path}");
    }
    // What was an attachment when it was looked at is a link out of the portal when it is asked for.
    assert_eq!(preview.get("/2024/b-bureau/roads.csv").0, 200);
    let roads = portal.path("content/2024/b-bureau/roads.csv");
    fs::remove_file(&roads).expect("there");
    std::os::unix::fs::symlink(portal.path("secret.txt"), &roads).expect("a link");
    for _ in 0..20 {
        let (status, body) = preview.get("/2024/b-bureau/roads.csv");
        assert!(!plain(body.as_bytes()).windows(6).any(|w| w == b"secret"), "{status} {body}");
    }
}

#[test]
fn other_websites_and_strange_requests_are_refused() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let port = preview.port;
    let status = |first: &str, headers: &[&str]| preview.ask(first, headers).0;
    assert_eq!(status("GET /", &[&format!("Host: localhost:{port}")]), 200);
    assert_eq!(status("GET /", &[&format!("Host: evil.example:{port}")]), 421);
    assert_eq!(status("GET /", &["Host: 127.0.0.1:1"]), 421);
    assert_eq!(status("GET /_sunlit/events", &["Origin: http://evil.example"]), 403);
    assert_eq!(status("GET /_sunlit/events", &["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"]), 403);
    assert_eq!(status("POST /", &["Content-Length: 0"]), 405);
    assert_eq!(status("DELETE /2024/a-bureau.html", &[]), 405);
    assert_eq!(status("HEAD /", &[]), 200);
    assert_eq!(preview.ask("HEAD /", &[]).2, b"");
    assert_eq!(status(&format!("GET /{}", "a".repeat(4000)), &[]), 414);
    assert!(matches!(status(&format!("GET /{}", "a".repeat(40_000)), &[]), 0 | 400 | 414 | 431));
    let long = format!("X-Long: {}", "a".repeat(40_000));
    assert!(matches!(status("GET /", &[&long]), 0 | 400 | 431));
    let (_, head, _) = preview.ask("GET /2024/a-bureau.html", &[]);
    for words in ["no-store", "nosniff", "DENY", "text/html; charset=utf-8"] {
        assert!(head.contains(words), "{head}");
    }
    let (status, head, _) = preview.ask("GET /2024", &[]);
    assert!(status == 308 && head.contains("location: /2024/"), "{head}");
}

#[test]
fn slow_clients_and_two_thousand_connections_do_not_keep_others_waiting() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let mut slow = preview.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("written");
    let mut held = Vec::new();
    for n in 0..2000 {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", preview.port)) else { break };
        if n % 2 == 0 {
            let _ = write!(stream, "GET /_sunlit/events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host());
        }
        held.push(stream);
        // The tester's own files are bounded, too.
        if held.len() > 600 {
            held.remove(0);
        }
    }
    assert_eq!(preview.get("/").0, 200);
    portal.edit(REPORT, "title: 甲局", "title: 新甲局");
    preview.until(PAGE, "an edit meanwhile", |_, body| body.contains("新甲局2024年"));
    let open = fs::read_dir(format!("/proc/{}/fd", preview.child.id())).map(Iterator::count).unwrap_or_default();
    assert!(open < 400, "{open} files are open");
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest);
    assert!(!rest.starts_with(b"HTTP/1.1 200"), "a head that does not end is not waited for");
}

#[test]
fn open_pages_hear_of_a_change() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let mut news = preview.connect();
    write!(news, "GET /_sunlit/events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host()).expect("written");
    let mut heard = BufReader::new(news).lines();
    let mut next = || heard.find_map(|line| line.ok().filter(|l| l.starts_with("data: "))).expect("news");
    let first = next();
    assert!(first.ends_with("-0"), "{first}");
    portal.edit(REPORT, "title: 甲局", "title: 新甲局");
    let second = next();
    assert!(second != first);
    // What a page shows and what the news says have one name.
    let tick = second.trim_start_matches("data: ").to_string();
    preview.until(PAGE, "the same state", |_, body| {
        body.contains(&format!("data-tick=\"{}", tick.split('-').next().expect("a session")))
    });
    assert!(preview.get(PAGE).1.contains("新甲局2024年"), "who is told finds it");
}

#[test]
fn an_open_page_is_given_the_one_element_that_differs() {
    let portal = Portal::base();
    let preview = Preview::of(&portal);
    let ask = |path: &str, tick: &str| {
        let (status, head, body) = preview.ask(&format!("GET {path}"), &[&format!("Sunlit-Shown: {tick}")]);
        assert_eq!(status, 200, "{head}");
        (head.to_ascii_lowercase().contains("content-type: application/json"), body)
    };
    let open = preview.get("/2024/").1;
    let shown = tick_of(&open);
    portal.edit(REPORT, "title: 甲局2024年", "title: 甲局改名2024年");
    let now = preview.until("/2024/", "a new title", |_, body| body.contains("甲局改名2024年"));
    let (is_change, body) = ask("/2024/", &shown);
    assert!(is_change, "{}", String::from_utf8_lossy(&body));
    let change: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    let html = change["html"].as_str().expect("an element");
    assert!(html.starts_with("<a ") && html.contains("甲局改名2024年"), "{html}");
    assert_eq!(change["way"][0], serde_json::json!([3, "main"]), "{change}");
    let before = html.replace("甲局改名2024年", "甲局2024年");
    let put_in = String::from_utf8(plain(open.as_bytes())).expect("UTF-8").replace(&before, html);
    assert_eq!(put_in.as_bytes(), plain(now.as_bytes()), "put in, it makes the page of now");
    assert!(change["own"].as_str().is_some_and(|own| tick_of(own) != shown), "{change}");
    // A page on which nothing shows, and one whose head has changed too.
    let elsewhere = preview.get("/2023/").1;
    let (is_change, body) = ask("/2023/", &tick_of(&elsewhere));
    assert!(is_change && String::from_utf8_lossy(&body).contains("\"html\":null"));
    let report = tick_of(&preview.get(PAGE).1);
    portal.edit(REPORT, "title: 甲局改名2024年", "title: 甲局2024年");
    preview.until("/2024/", "the old title", |_, body| !body.contains("甲局改名2024年"));
    assert!(!ask(PAGE, &report).0, "its title stands in the head too: the whole page is sent");
    // A state of which nothing is known any more.
    for tick in ["", "1-1", "é\"<"] {
        assert!(!ask("/2024/", tick).0, "{tick}");
    }
}
