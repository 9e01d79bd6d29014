//! What `hosting` in `site.yaml` adds to the output: compressed copies, and the file `_headers`.

use crate::portal::{Portal, tree};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

fn with(hosting: &str) -> Portal {
    let portal = Portal::base();
    portal.write("site.yaml", format!("{}\nhosting: {hosting}\n", portal.read("site.yaml")));
    portal
}

fn unpack(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if path.ends_with(".gz") {
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).expect(path);
    } else {
        #[cfg(feature = "brotli")]
        brotli::Decompressor::new(bytes, 4096).read_to_end(&mut out).expect(path);
    }
    out
}

/// Every copy of a tree, each the very text beside it and smaller by a twentieth; every text that deserves one has one.
fn assert_copies(files: &BTreeMap<String, Vec<u8>>, endings: &[&str]) {
    const TEXT: &[&str] = &["html", "css", "js", "json", "xml", "csv", "svg", "txt", "md"];
    let mut copies = 0;
    for (path, bytes) in files {
        let ending = path.rsplit_once('.').map_or("", |(_, e)| e);
        if ["gz", "br"].contains(&ending) {
            assert!(endings.contains(&ending), "{path} was not asked for");
            let whole = &files[path.rsplit_once('.').expect("an ending").0];
            assert!(unpack(path, bytes) == *whole, "{path} is another text");
            assert!(bytes.len() * 20 <= whole.len() * 19, "{path} gains nothing");
            copies += 1;
        } else if path != "manifest-sha256.txt" {
            for wanted in endings {
                let worth = TEXT.contains(&ending) && bytes.len() >= 1024;
                assert_eq!(files.contains_key(&format!("{path}.{wanted}")), worth, "{wanted} of {path}");
            }
        }
    }
    assert!(endings.is_empty() || copies > 10, "{copies} copies");
}

#[test]
fn copies_are_the_same_text_and_stand_in_the_manifest() {
    let portal = with("{precompress: [gz]}");
    portal.write("content/2024/b-bureau/roads.csv", "道路,里程\n".repeat(200));
    portal.build_well();
    let files = portal.tree();
    assert_copies(&files, &["gz"]);
    assert!(files.contains_key("2024/b-bureau/roads.csv.gz"), "attachments too");
    let manifest = String::from_utf8_lossy(&files["manifest-sha256.txt"]).into_owned();
    for path in files.keys().filter(|p| *p != "manifest-sha256.txt") {
        assert!(manifest.contains(&format!("  {path}\n")), "{path} is not in the manifest");
    }
}

#[cfg(feature = "brotli")]
#[test]
fn both_codings_stand_side_by_side() {
    let portal = with("{precompress: [br, gz]}");
    portal.build_well();
    assert_copies(&portal.tree(), &["gz", "br"]);
}

#[cfg(not(feature = "brotli"))]
#[test]
fn a_program_without_brotli_says_so() {
    let said = with("{precompress: [br, gz]}").build();
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("cannot make Brotli copies"), "{}", said.stderr);
}

#[test]
fn copies_follow_their_files_and_leave_with_the_wish_for_them() {
    let portal = with("{precompress: [gz], files: [headers]}");
    portal.build_well();
    portal.edit("content/2024/a-bureau.md", "title: 甲局", "title: 新甲局");
    let clean = Portal::copy_of(portal.root());
    portal.build_well();
    clean.build_well();
    assert_eq!(portal.tree(), clean.tree(), "an incremental build is a clean one");
    assert_copies(&portal.tree(), &["gz"]);

    portal.edit("site.yaml", "precompress: [gz], files: [headers]", "files: []");
    let said = portal.build_well();
    let files = portal.tree();
    assert_copies(&files, &[]);
    assert!(!files.contains_key("_headers"), "{}", said.stderr);
}

#[test]
fn a_copy_of_an_unchanged_page_is_not_touched() {
    let portal = with("{precompress: [gz]}");
    portal.build_well();
    let copies = || {
        let paths: Vec<_> = tree(&portal.path("public")).into_keys().filter(|p| p.ends_with(".gz")).collect();
        let stamp = |p: &String| {
            let meta = fs::metadata(portal.path("public").join(p)).expect("there");
            (p.clone(), (meta.modified().expect("a time"), meta.len()))
        };
        paths.iter().map(stamp).collect::<BTreeMap<_, _>>()
    };
    let before = copies();
    portal.edit("content/2024/a-bureau.md", "60卷", "70卷");
    portal.build_well();
    let after = copies();
    let changed: Vec<_> = after.iter().filter(|(p, s)| before.get(*p) != Some(s)).map(|(p, _)| p.as_str()).collect();
    assert!(changed.contains(&"2024/a-bureau.html.gz"), "{changed:?}");
    assert!(!changed.contains(&"2023/a-bureau.html.gz") && !changed.contains(&"404.html.gz"), "{changed:?}");
    // One that somebody spoilt is made again.
    fs::write(portal.path("public/404.html.gz"), "spoilt").expect("written");
    portal.build_well();
    assert_copies(&portal.tree(), &["gz"]);
}

#[test]
fn what_somebody_compressed_by_hand_is_left_alone() {
    let portal = with("{precompress: [gz]}");
    let table = "道路,里程\n".repeat(200);
    portal.write("content/2024/b-bureau/roads.csv", &table);
    portal.write("content/2024/b-bureau/roads.csv.gz", "by hand");
    let link = "[压缩的表（GZ，1 KB）](roads.csv.gz)\n";
    let file = "content/2024/b-bureau/index.md";
    portal.write(file, format!("{}\n\n{link}", portal.read(file)));
    let said = portal.build();
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(portal.tree()["2024/b-bureau/roads.csv.gz"], b"by hand");
    // Once it is taken away, the copy is made as in a clean build.
    fs::remove_file(portal.path("content/2024/b-bureau/roads.csv.gz")).expect("there");
    portal.edit(file, link, "");
    portal.build_well();
    assert_copies(&portal.tree(), &["gz"]);
}

#[test]
fn an_unknown_wish_is_named() {
    let said = with("{precompress: [zip]}").build();
    assert_eq!((said.status, said.codes()), (1, vec!["YAML-001"]), "{}", said.stderr);
    let said = with("{compress: [gz]}").build();
    assert_eq!((said.status, said.codes()), (1, vec!["YAML-001"]), "{}", said.stderr);
}

/// The rules of a `_headers` file, read as Netlify and Cloudflare Pages document them: a path at the start of a line, below
/// it indented `Name: value` lines; `#` begins a comment; a star stands for the rest of a path.
fn rules(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut rules: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines() {
        assert!(line.len() <= 2000, "Cloudflare takes 2,000 characters a line: {}", line.len());
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if line.starts_with('/') {
            assert!(!bare.contains(' ') && !bare.trim_end_matches('*').contains('*'), "{line}");
            rules.push((bare.to_string(), Vec::new()));
            continue;
        }
        assert!(line.starts_with("  "), "{line:?} is neither a path nor indented");
        let (name, value) = bare.split_once(": ").unwrap_or_else(|| panic!("{line:?} is no header"));
        assert!(name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'), "{name}");
        rules.last_mut().expect("a path first").1.push((name.to_string(), value.to_string()));
    }
    assert!(rules.len() <= 100, "Cloudflare takes 100 rules");
    rules
}

fn apply(rules: &[(String, Vec<(String, String)>)], path: &str) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (pattern, headers) in rules {
        let fits = match pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == pattern,
        };
        for (name, value) in headers.iter().filter(|_| fits) {
            out.entry(name.clone()).or_default().push(value.clone());
        }
    }
    out
}

#[test]
fn static_hosts_are_told_each_header_once() {
    let portal = with("{files: [headers]}");
    portal.build_well();
    let files = portal.tree();
    let rules = rules(&String::from_utf8_lossy(&files["_headers"]));
    for path in files.keys() {
        let told = apply(&rules, &format!("/{path}"));
        for (name, values) in &told {
            assert_eq!(values.len(), 1, "Cloudflare joins the values of {name} for {path}");
        }
        let one = |name: &str| told.get(name).and_then(|v| v.first()).map_or("", String::as_str);
        assert!(one("Content-Security-Policy").ends_with("; frame-ancestors 'self'"), "{path}");
        assert_eq!(one("X-Content-Type-Options"), "nosniff", "{path}");
        let cached = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "" };
        assert_eq!(one("Cache-Control"), cached, "{path}");
        let typed = match path.as_str() {
            "atom.xml" => "application/atom+xml; charset=utf-8",
            "feed.json" => "application/feed+json; charset=utf-8",
            "data/reports.csv" => "text/csv; charset=utf-8",
            "data/reports.json" => "application/json; charset=utf-8",
            _ => "",
        };
        assert_eq!(one("Content-Type"), typed, "{path}");
    }
    // For a section below the root of a project the rules name its path; build cannot know of it.
    let printed = crate::hosting::print(portal.root(), &["headers"]);
    assert!(apply(&self::rules(&printed.stdout), "/zwgk/index.html").contains_key("X-Frame-Options"));
    assert!(apply(&self::rules(&printed.stdout), "/index.html").is_empty());
}
