//! What `sunlit hosting` prints, put before the servers it is printed for: the demonstration, built with compressed copies,
//! is served under the path of its address and at the root of a host, and asked for by real requests.

use crate::portal::{Portal, Said, repository, sunlit};
use crate::web_servers::{Answer, Server, caddy, is_installed, nginx};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A section to be served: its folder, and what lies in it.
struct Section {
    portal: Portal,
    files: BTreeMap<String, Vec<u8>>,
}

impl Section {
    fn demonstration() -> Self {
        let portal = Portal::copy_of(repository());
        portal.edit("site.yaml", "\nfooter:", "\nhosting: {precompress: [gz, br]}\n\nfooter:");
        portal.build_well();
        let files = portal.tree();
        // What a build that was killed, and a neighbour, leave behind.
        portal.write("public/.sunlit-new", "SECRET half a page");
        portal.write("public/2024/.hidden/x.html", "SECRET");
        portal.write("beside.txt", "SECRET beside the section");
        fs::create_dir_all(portal.path("public/empty")).expect("a folder");
        Self { portal, files }
    }
}

pub(crate) fn print(root: &Path, arguments: &[&str]) -> Said {
    sunlit().arg("--root").arg(root).args(["--lang", "en", "hosting"]).args(arguments).output().expect("runs").into()
}

/// What the answer to a request for a file must say, written down a second time.
fn content_type(path: &str) -> &'static str {
    match path {
        "atom.xml" => return "application/atom+xml; charset=utf-8",
        "feed.json" => return "application/feed+json; charset=utf-8",
        _ => {}
    }
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "svg" => "image/svg+xml",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf" => "application/pdf",
        other => panic!("the demonstration has a file ending in {other:?}: say here how it is to be sent"),
    }
}

fn caching(path: &str) -> &'static str {
    match path {
        "manifest-sha256.txt" => "no-cache",
        _ if path.starts_with("assets/") => "public, max-age=31536000, immutable",
        _ => "public, max-age=300, must-revalidate",
    }
}

const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
                   base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

fn assert_headers(answer: &Answer, path: &str, cached_as: &str) {
    let wanted = [
        ("content-security-policy", CSP),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("cache-control", caching(cached_as)),
        ("strict-transport-security", ""),
    ];
    for (name, value) in wanted {
        assert_eq!(answer.header(name), value, "{name} of {path}");
    }
}

fn encode(path: &str) -> String {
    sunlit::base::path::encode(path)
}

/// Every file, whole and compressed, with all that its answer must say.
fn assert_files(section: &Section, server: &Server, base: &str) {
    for (path, bytes) in section.files.iter().filter(|(p, _)| !p.ends_with(".gz") && !p.ends_with(".br")) {
        let target = format!("{base}{}", encode(path));
        let answer = server.get(&target, "identity");
        let status = if path == "404.html" { 404 } else { 200 };
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body == *bytes, "{path} arrives as it lies there");
        assert_eq!(answer.header("content-type"), content_type(path), "{path}");
        assert_eq!(answer.header("content-encoding"), "", "{path}");
        assert_headers(&answer, path, path);
        let head = server.ask("HEAD", &target, &[]);
        assert_eq!((head.status, head.body.len()), (status, 0), "HEAD {path}");
        assert_eq!(head.header("content-type"), answer.header("content-type"), "HEAD {path}");
        for (coding, ending) in [("gzip", "gz"), ("br", "br")] {
            let Some(copy) = section.files.get(&format!("{path}.{ending}")) else { continue };
            let compressed = server.get(&target, coding);
            assert_eq!((compressed.status, compressed.header("content-encoding")), (status, coding), "{path}");
            assert!(compressed.body == *copy, "{path} is sent from {ending}");
            assert_eq!(compressed.header("content-type"), content_type(path), "{path} in {coding}");
            assert!(compressed.header("vary").to_ascii_lowercase().contains("accept-encoding"), "{path} in {coding}");
            assert!(answer.header("vary").to_ascii_lowercase().contains("accept-encoding"), "{path} as it is");
            assert_headers(&compressed, path, path);
        }
        let tag = answer.header("etag");
        assert!(!tag.is_empty(), "{path} has no ETag");
        if status == 200 {
            let again = server.ask("GET", &target, &[("If-None-Match", tag), ("Accept-Encoding", "identity")]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} again");
            assert_eq!(again.header("cache-control"), caching(path), "{path} again");
        }
    }
}

/// Whatever is not there has the page for 404, with this status and never kept for long.
fn assert_missing(section: &Section, server: &Server, base: &str) {
    let missing = [
        "nothing",
        "nothing.csv",
        "assets/nothing.css",
        "2024/nothing.html",
        "empty/",
        "assets/",
        "data/",
        ".sunlit-new",
        "2024/.hidden/x.html",
        ".well-known/nothing",
        "404.html/x",
        "index.html/",
    ];
    for path in missing {
        let answer = server.get(&format!("{base}{path}"), "identity");
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body == section.files["404.html"], "{path} has the page for 404");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_headers(&answer, path, "404.html");
        let compressed = server.get(&format!("{base}{path}"), "br");
        assert_eq!((compressed.status, compressed.header("content-encoding")), (404, "br"), "{path}");
    }
}

fn assert_folders(server: &Server, base: &str) {
    for (path, to) in [("2024", "2024/"), ("", "")] {
        let target = format!("{base}{path}");
        let target = if path.is_empty() { target.trim_end_matches('/') } else { &target };
        if target.is_empty() {
            continue;
        }
        let answer = server.get(target, "identity");
        assert!([301, 308].contains(&answer.status), "{target}: {}", answer.status);
        // Without a host: behind a gateway the server does not know under which name it is asked.
        assert_eq!(answer.header("location"), format!("{base}{to}"), "{target}");
    }
    for path in ["", "2024/"] {
        assert_eq!(server.get(&format!("{base}{path}"), "identity").status, 200, "{path}");
    }
}

fn assert_nothing_beside(server: &Server, base: &str) {
    let bare = base.trim_end_matches('/');
    let tries = [
        format!("{base}../beside.txt"),
        format!("{bare}../beside.txt"), // `alias` without a slash lets this through
        format!("{base}%2e%2e/beside.txt"),
        format!("{base}..%2fbeside.txt"),
        format!("{base}2024/..%2f..%2fbeside.txt"),
        format!("{base}..\\beside.txt"),
        format!("{base}%5c..%5cbeside.txt"),
        format!("{base}/../beside.txt"),
        format!("{base}assets/../../beside.txt"),
        format!("{base}.%2e/.%2e/.%2e/etc/passwd"),
        format!("{base}%00"),
        format!("{base}2024/.hidden/"),
        format!("{base}2024/%2ehidden/x.html"),
        format!("{base}%2esunlit-new"),
    ];
    for target in tries {
        let answer = server.get(&target, "identity");
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!text.contains("SECRET") && !text.contains("root:"), "{target} leads out: {}", answer.status);
    }
}

type Start = fn(&str, &Path) -> Server;

fn serve_everywhere(name: &str, start: Start) {
    if !is_installed(name) {
        return;
    }
    let section = Section::demonstration();
    for url in ["https://sunlit.example/zwgk/ndbg/", "https://ndbg.example/"] {
        // The page for 404 knows its address; the rest of the bytes do not depend on it.
        let said = section.portal.build_with(&["--base-url", url]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        let portal = &section.portal;
        let files = section.files.keys().map(|p| (p.clone(), fs::read(portal.path("public").join(p)).expect("a file")));
        let files = files.collect();
        let printed = print(portal.root(), &[name, "--base-url", url]);
        assert_eq!(printed.status, 0, "{}", printed.stderr);
        let home = TempDir::new().expect("a folder");
        let server = start(&printed.stdout, home.path());
        let base = if url.contains("/zwgk/") { "/zwgk/ndbg/" } else { "/" };
        let here = Section { portal: Portal::base(), files };
        assert_files(&here, &server, base);
        assert_missing(&here, &server, base);
        assert_folders(&server, base);
        assert_nothing_beside(&server, base);
    }
}

#[test]
fn nginx_serves_the_section_as_the_policy_says() {
    serve_everywhere("nginx", nginx);
}

#[test]
fn caddy_serves_the_section_as_the_policy_says() {
    serve_everywhere("caddy", caddy);
}

#[test]
fn a_section_without_copies_is_compressed_on_the_way() {
    let portal = Portal::base();
    portal.build_well();
    for (name, start) in [("nginx", nginx as Start), ("caddy", caddy)] {
        if !is_installed(name) {
            continue;
        }
        let printed = print(portal.root(), &[name, "--base-url", "https://sunlit.example/a/"]);
        assert!(!printed.stdout.contains("brotli") && !printed.stdout.contains("precompressed"), "{}", printed.stdout);
        let home = TempDir::new().expect("a folder");
        let server = start(&printed.stdout, home.path());
        for path in ["index.html", "atom.xml", "data/reports.json"] {
            let answer = server.get(&format!("/a/{path}"), "gzip");
            assert_eq!((answer.status, answer.header("content-encoding")), (200, "gzip"), "{name} {path}");
            assert_eq!(answer.header("content-type"), content_type(path), "{name} {path}");
        }
    }
}

#[test]
fn addresses_in_chinese_and_folders_with_marks_are_quoted() {
    let portal = Portal::base();
    let folder = portal.path("年报 v2; 'x' #1 (终)");
    let url = "https://sunlit.example/%E6%94%BF%E5%8A%A1/nb~1/";
    let out = folder.to_string_lossy().into_owned();
    let said = portal.build_with(&["-o", &out, "--base-url", url]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    for (name, start) in [("nginx", nginx as Start), ("caddy", caddy)] {
        if !is_installed(name) {
            continue;
        }
        let printed = print(portal.root(), &[name, "-o", &out, "--base-url", url]);
        assert_eq!(printed.status, 0, "{}", printed.stderr);
        let home = TempDir::new().expect("a folder");
        let server = start(&printed.stdout, home.path());
        let base = "/%E6%94%BF%E5%8A%A1/nb~1/";
        assert_eq!(server.get(&format!("{base}index.html"), "").status, 200, "{name}");
        assert_eq!(server.get(&format!("{base}nothing"), "").status, 404, "{name}");
        assert_eq!(server.get(base.trim_end_matches('/'), "").header("location"), base, "{name}");
    }
}

#[test]
fn the_policy_is_the_one_that_the_pages_state() {
    let portal = Portal::base();
    portal.build_well();
    let pages = portal.tree();
    let stated = |page: &[u8]| {
        let text = String::from_utf8_lossy(page).into_owned();
        let (_, rest) = text.split_once("Content-Security-Policy\" content=\"").expect("a policy");
        rest.split('"').next().expect("its end").to_string()
    };
    let of_page = stated(&pages["index.html"]);
    assert_eq!(format!("{of_page}; frame-ancestors 'self'"), CSP);
    let printed = print(portal.root(), &["headers"]);
    assert!(printed.stdout.contains(&format!("  Content-Security-Policy: {CSP}\n")), "{}", printed.stdout);

    // A theme's own policy takes its place; where its pages state none, none is demanded of them, and that is said.
    let own = "default-src 'self'; img-src 'self' https://map.example";
    portal.edit("site.yaml", "theme: default", "theme: plain");
    let base = |policy: &str| format!("<!doctype html><html><head>{policy}<title>x</title></head></html>");
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{own}\">");
    portal.write("themes/plain/templates/base.html", base(&meta));
    let printed = print(portal.root(), &["nginx"]);
    assert!(printed.stdout.contains(&format!("\"{own}; frame-ancestors 'self'\"")), "{}", printed.stdout);
    portal.write("themes/plain/templates/base.html", base(""));
    let printed = print(portal.root(), &["nginx"]);
    assert!(printed.stdout.contains("Content-Security-Policy \"frame-ancestors 'self'\""), "{}", printed.stdout);
    assert!(printed.stderr.contains("state no Content-Security-Policy"), "{}", printed.stderr);
}

#[test]
fn what_has_no_safe_form_is_refused() {
    let portal = Portal::base();
    let cases: [&[&str]; 6] = [
        &["nginx", "--base-url", "https://sunlit.example/a;b/"],
        &["caddy", "--base-url", "https://sunlit.example/a/%7Benv.HOME%7D/"],
        &["headers", "--base-url", "https://sunlit.example/a/*/"],
        &["nginx", "--base-url", "https://sunlit.example/a/%2e%2e/"],
        &["nginx", "-o", "/srv/$host"],
        &["caddy", "-o", "/srv/{a}"],
    ];
    for arguments in cases {
        let said = print(portal.root(), arguments);
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(said.stderr.lines().count(), 1, "{}", said.stderr);
    }
    assert_eq!(print(portal.root(), &["apache"]).status, 2);
}
