//! The rules about the code, executed: who may import whom, how long a file may be, what no file may say.

use crate::portal::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Which rooms a room may use. `docs/architecture.md` shows the same table; a test below compares them.
const ROOMS: &[(&str, &[&str])] = &[
    ("archive", &["base", "build", "check", "diag", "emit", "markdown", "model", "render", "write"]),
    ("base", &[]),
    ("attachment", &["base", "text"]),
    ("text", &["base"]),
    ("diag", &["base"]),
    ("source", &["base", "diag", "text"]),
    ("markdown", &["base", "diag", "text"]),
    ("model", &["base", "diag", "markdown", "source", "text"]),
    ("emit", &["base", "markdown", "model"]),
    ("hosting", &["base", "diag", "model"]),
    ("render", &["base", "diag", "emit", "hosting", "markdown", "model", "source", "text"]),
    ("write", &["base", "diag", "source"]),
    ("check", &["attachment", "base", "diag", "emit", "markdown", "model", "source", "text"]),
    (
        "build",
        &["attachment", "base", "check", "diag", "emit", "hosting", "markdown", "model", "render", "source", "write"],
    ),
    ("preview", &["base", "build", "diag", "markdown", "model", "render", "source"]),
    ("probe", &[]),
    ("publish", &["base", "build", "check", "diag", "hosting", "model", "source", "text", "write"]),
    ("scaffold", &["base", "diag", "model", "source", "text"]),
    (
        "cli",
        &[
            "archive", "base", "build", "check", "diag", "hosting", "model", "preview", "probe", "publish", "render",
            "scaffold", "source", "text",
        ],
    ),
];

/// Rooms that may touch the file system.
const FILES: &[&str] = &["archive", "source", "write", "build", "publish", "scaffold", "cli"];

/// Longest file, in lines.
const LINES: usize = 400;

/// Files that are longer, and why.
const LONGER: &[&str] = &[];

fn sources() -> Vec<(String, String)> {
    let root = repository().join("src");
    let walk = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let rust = walk.filter(|e| e.path().extension().is_some_and(|e| e == "rs"));
    rust.map(|e| {
        let name = e.path().strip_prefix(&root).expect("below").to_string_lossy().into_owned();
        (name, fs::read_to_string(e.path()).expect("readable"))
    })
    .collect()
}

/// The code of a file without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

fn room(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// Every `crate::ROOM` of a text, `use crate::{a, b}` included.
fn used(text: &str) -> BTreeSet<&str> {
    let mut rooms = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        if let Some(list) = rest.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            rooms.extend(list.split(',').map(|n| n.trim().split("::").next().unwrap_or_default()));
        } else {
            rooms.insert(rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default());
        }
    }
    rooms.retain(|r| ROOMS.iter().any(|(room, _)| room == r));
    rooms
}

#[test]
fn rooms_use_only_what_they_may() {
    let allowed: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let here = room(&file).to_string();
        let Some(may) = allowed.get(here.as_str()) else { continue };
        wrong.extend(
            used(code(&text))
                .into_iter()
                .filter(|r| *r != here && !may.contains(r))
                .map(|r| format!("{file} uses {r}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_is_in_the_table() {
    let rooms: BTreeSet<_> = sources()
        .iter()
        .map(|(file, _)| room(file).to_string())
        .filter(|r| !matches!(r.as_str(), "lib" | "main"))
        .collect();
    assert_eq!(rooms, ROOMS.iter().map(|(r, _)| (*r).to_string()).collect());
}

#[test]
fn the_architecture_shows_the_same_table() {
    let text = fs::read_to_string(repository().join("docs/architecture.md")).expect("docs/architecture.md");
    for (room, may) in ROOMS {
        let row = text.lines().find(|l| l.replace('`', "").starts_with(&format!("| {room} |")));
        let row = row.unwrap_or_else(|| panic!("docs/architecture.md has no row for {room}")).replace('`', "");
        let cell = row.split('|').nth(2).unwrap_or_default().replace(',', " ");
        let shown: BTreeSet<_> = cell.split_whitespace().filter(|w| *w != "–" && *w != "-").collect();
        assert_eq!(shown, may.iter().copied().collect(), "the row of {room}");
    }
}

#[test]
fn only_some_rooms_touch_files_clock_and_environment() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let (here, code) = (room(&file), code(&text));
        if !FILES.contains(&here)
            && !matches!(here, "lib" | "main")
            && (code.contains("std::fs") || code.contains("fs::File"))
            && here != "render"
        {
            wrong.push(format!("{file} touches files"));
        }
        for (what, word) in [
            ("the clock", "SystemTime::now"),
            ("the clock", "Instant::now"),
            ("the environment", "env::var"),
            ("stderr", "io::stderr"),
            ("stdout", "io::stdout"),
        ] {
            if here != "cli" && code.contains(word) {
                wrong.push(format!("{file} reads {what}"));
            }
        }
        for word in ["HashMap", "HashSet", "dbg!", "FIXME", "XXX", "thread::sleep"] {
            if code.contains(word) {
                wrong.push(format!("{file} says {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_short_and_open_with_what_they_are() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let lines = text.lines().count();
        if lines > LINES && !LONGER.contains(&file.as_str()) {
            wrong.push(format!("{file} has {lines} lines"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{file} does not say what it is"));
        }
        let words = ["utils", "helpers", "common", "manager"];
        if words.iter().any(|w| file.contains(w)) {
            wrong.push(format!("{file} has a name that says nothing"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_of_the_suite_is_a_module() {
    let main = fs::read_to_string(repository().join("tests/suite/main.rs")).expect("main.rs");
    for entry in fs::read_dir(repository().join("tests/suite")).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(module) = name.strip_suffix(".rs").filter(|m| *m != "main") {
            assert!(main.contains(&format!("mod {module};")), "{name} is forgotten");
        }
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let text = fs::read_to_string(repository().join("Cargo.toml")).expect("Cargo.toml");
    let dependencies = text.split("[dependencies]").nth(1).and_then(|t| t.split("\n[lints").next()).expect("a section");
    for line in dependencies.lines().filter(|l| l.contains(" = ")) {
        assert!(line.split_once("# ").is_some_and(|(_, why)| why.len() > 10), "{line}");
    }
}

#[test]
fn themes_have_the_same_words_in_every_language() {
    let keys = |lang: &str| {
        let path = repository().join(format!("themes/default/locales/{lang}.yaml"));
        let value: serde_yaml::Value =
            serde_yaml::from_str(&fs::read_to_string(path).expect("a locale")).expect("YAML");
        let mut out = BTreeMap::new();
        walk("", &value, &mut out);
        out
    };
    fn walk(prefix: &str, value: &serde_yaml::Value, out: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            serde_yaml::Value::Mapping(map) => {
                map.iter().for_each(|(k, v)| walk(&format!("{prefix}.{}", k.as_str().expect("text")), v, out))
            }
            serde_yaml::Value::String(text) => {
                assert!(!text.is_empty() || prefix.contains(".unit_"), "{prefix} is empty");
                let places = text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(n, _)| n.to_string());
                out.insert(prefix.to_string(), places.collect());
            }
            other => panic!("{prefix} is {other:?}"),
        }
    }
    assert_eq!(keys("zh-CN"), keys("en"));
}

#[test]
fn every_file_of_the_fuzz_crate_is_one_of_its_programs() {
    let root = repository().join("fuzz");
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]).arg(root.join("Cargo.toml"));
    let said = cargo.output().expect("cargo runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let known: serde_json::Value = serde_json::from_slice(&said.stdout).expect("JSON");
    let targets = known["packages"][0]["targets"].as_array().expect("targets");
    let programs: BTreeSet<_> = targets.iter().filter_map(|t| t["name"].as_str()).map(str::to_string).collect();
    let files = fs::read_dir(root.join("targets")).expect("targets").map(|file| file.expect("a file").path());
    let stems = files.filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()));
    assert_eq!(programs, stems.collect());
}
