//! The conformance cases of `tests/archive/`: a good bag and what is done to it, the verdict that must follow, and the one
//! of bagit-python. Each is made as real files, in a folder that `tests/tools/archive.py` reads, and verified there.
//! A new case is a new file; `tests/archive/README.md` shows the words.

use crate::portal::{repository, sunlit};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use sunlit::archive::digest::{Algorithm, Digests, hex};
use sunlit::archive::{Verified, verify, verify_zip};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    says: String,
    #[serde(default)]
    bag: Bag,
    #[serde(default)]
    change: Vec<Change>,
    /// Whether the tag manifests are written after the changes, so that only what was changed is wrong.
    #[serde(default)]
    retag: bool,
    packed: Option<Packed>,
    verdict: String,
    #[serde(default)]
    codes: BTreeSet<String>,
    bagit_python: String,
    differs: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Bag {
    version: String,
    encoding: String,
    manifests: Vec<String>,
    tags: Vec<String>,
    payload: BTreeMap<String, String>,
    info: BTreeMap<String, String>,
}

impl Default for Bag {
    fn default() -> Self {
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        Self {
            version: "1.0".into(),
            encoding: "UTF-8".into(),
            manifests: vec!["sha512".into()],
            tags: vec!["sha512".into()],
            payload: BTreeMap::from([pair("a.txt", "alpha\n"), pair("b/c.txt", "gamma\n")]),
            info: BTreeMap::from([pair("Source-Organization", "甲局")]),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Change {
    Write { path: String, text: String },
    Bytes { path: String, hex: String },
    Zeros { path: String, count: u64 },
    Remove(String),
    Rename { from: String, to: String },
    Replace { path: String, from: String, to: String },
    Append { path: String, text: String },
    Link { path: String, to: String },
    Pipe(String),
}

/// What the bag is packed in: entries of any name may lie beside it, and bytes of the result be replaced.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Packed {
    r#as: String,
    #[serde(default = "top")]
    top: String,
    #[serde(default)]
    entries: Vec<Entry>,
    patch: Option<(String, String)>,
    cut: Option<usize>,
    /// Whether a zip says that its entries are encrypted.
    #[serde(default)]
    locked: bool,
}

fn top() -> String {
    "bag/".into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    #[serde(default)]
    text: String,
    link: Option<String>,
    /// Whether the name is written in ISO 8859-1.
    #[serde(default)]
    latin1: bool,
}

enum Node {
    File(Vec<u8>),
    Zeros(u64),
    Link(String),
    Pipe,
}

type Tree = BTreeMap<String, Node>;

fn digest(node: &Node, algorithm: &str) -> String {
    let mut reader: Box<dyn Read> = match node {
        Node::File(bytes) => Box::new(Cursor::new(bytes.clone())),
        Node::Zeros(count) => Box::new(std::io::repeat(0).take(*count)),
        Node::Link(_) | Node::Pipe => Box::new(std::io::empty()),
    };
    // A digest of no known algorithm is still one by its shape.
    let algorithm = Algorithm::named(algorithm).unwrap_or(Algorithm::Sha512);
    hex(&Digests::of_reader(&[algorithm], &mut reader).expect("memory").0[0])
}

fn listed(tree: &Tree, algorithm: &str, wanted: impl Fn(&str) -> bool) -> Node {
    let encode = sunlit::archive::path::encode;
    let lines = tree.iter().filter(|(path, _)| wanted(path));
    let text: String = lines.map(|(path, node)| format!("{}  {}\n", digest(node, algorithm), encode(path))).collect();
    Node::File(text.into_bytes())
}

fn tag(tree: &mut Tree, bag: &Bag) {
    for algorithm in &bag.tags {
        let node = listed(tree, algorithm, |p| !p.starts_with("data/") && !p.starts_with("tagmanifest-"));
        tree.insert(format!("tagmanifest-{algorithm}.txt"), node);
    }
}

fn good(bag: &Bag) -> Tree {
    let file = |text: &str| Node::File(text.as_bytes().to_vec());
    let mut tree: Tree = bag.payload.iter().map(|(path, text)| (format!("data/{path}"), file(text))).collect();
    for algorithm in &bag.manifests {
        let node = listed(&tree, algorithm, |p| p.starts_with("data/"));
        tree.insert(format!("manifest-{algorithm}.txt"), node);
    }
    let declaration = format!("BagIt-Version: {}\nTag-File-Character-Encoding: {}\n", bag.version, bag.encoding);
    tree.insert("bagit.txt".into(), file(&declaration));
    let bytes: usize = bag.payload.values().map(String::len).sum();
    let oxum = format!("Payload-Oxum: {bytes}.{}\n", bag.payload.len());
    let info: String = bag.info.iter().map(|(label, value)| format!("{label}: {value}\n")).collect();
    tree.insert("bag-info.txt".into(), file(&(info + &oxum)));
    tag(&mut tree, bag);
    tree
}

/// Puts digests in the place of `{sha512:data/a.txt}`.
fn filled(text: &str, tree: &Tree) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}').expect("a closed brace");
        let (algorithm, path) = inside.split_once(':').expect("an algorithm and a path");
        out = out + before + &digest(&tree[path], algorithm);
        rest = after;
    }
    out + rest
}

fn changed(tree: &mut Tree, change: &Change) {
    let text_of = |tree: &Tree, path: &str| match &tree[path] {
        Node::File(bytes) => String::from_utf8(bytes.clone()).expect("text"),
        _ => panic!("{path} is no file"),
    };
    match change {
        Change::Write { path, text } => {
            let text = filled(text, tree);
            tree.insert(path.clone(), Node::File(text.into_bytes()));
        }
        Change::Bytes { path, hex } => {
            let bytes = sunlit::archive::digest::unhex(&hex.replace(' ', "")).expect("hexadecimal");
            tree.insert(path.clone(), Node::File(bytes));
        }
        Change::Zeros { path, count } => {
            tree.insert(path.clone(), Node::Zeros(*count));
        }
        Change::Remove(path) => assert!(tree.remove(path).is_some(), "{path} is not there"),
        Change::Rename { from, to } => {
            let node = tree.remove(from).unwrap_or_else(|| panic!("{from} is not there"));
            tree.insert(to.clone(), node);
        }
        Change::Replace { path, from, to } => {
            let text = text_of(tree, path);
            assert!(text.contains(from), "{path} has no {from}");
            let text = text.replace(from, &filled(to, tree));
            tree.insert(path.clone(), Node::File(text.into_bytes()));
        }
        Change::Append { path, text } => {
            let text = text_of(tree, path) + &filled(text, tree);
            tree.insert(path.clone(), Node::File(text.into_bytes()));
        }
        Change::Link { path, to } => {
            tree.insert(path.clone(), Node::Link(to.clone()));
        }
        Change::Pipe(path) => {
            tree.insert(path.clone(), Node::Pipe);
        }
    }
}

fn as_folder(tree: &Tree, root: &Path) {
    for (path, node) in tree {
        let place = root.join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("a folder");
        match node {
            Node::File(bytes) => fs::write(&place, bytes).expect("a file"),
            Node::Zeros(count) => fs::File::create(&place).and_then(|f| f.set_len(*count)).expect("a file"),
            #[cfg(unix)]
            Node::Link(to) => std::os::unix::fs::symlink(to, &place).expect("a link"),
            #[cfg(not(unix))]
            Node::Link(_) => panic!("no links here"),
            Node::Pipe => {
                let made = std::process::Command::new("mkfifo").arg(&place).status().expect("mkfifo");
                assert!(made.success());
            }
        }
    }
}

fn as_tar(tree: &Tree, packed: &Packed) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |path: &[u8], kind: tar::EntryType, link: &str, size: u64, bytes: &mut dyn Read| {
        let mut header = tar::Header::new_ustar();
        // Written as it is: `set_path` would refuse what a hostile archive says.
        header.as_ustar_mut().expect("ustar").name[..path.len()].copy_from_slice(path);
        header.as_ustar_mut().expect("ustar").linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, bytes).expect("memory");
    };
    let regular = tar::EntryType::Regular;
    for (path, node) in tree {
        let path = format!("{}{path}", packed.top).into_bytes();
        match node {
            Node::File(bytes) => add(&path, regular, "", bytes.len() as u64, &mut &bytes[..]),
            Node::Zeros(count) => add(&path, regular, "", *count, &mut std::io::repeat(0).take(*count)),
            Node::Link(to) => add(&path, tar::EntryType::Symlink, to, 0, &mut std::io::empty()),
            Node::Pipe => add(&path, tar::EntryType::Fifo, "", 0, &mut std::io::empty()),
        }
    }
    for Entry { path, text, link, latin1 } in &packed.entries {
        let kind = if link.is_some() { tar::EntryType::Link } else { regular };
        let bytes = path.chars().map(|c| u8::try_from(u32::from(c)).expect("ISO 8859-1"));
        let path = if *latin1 { bytes.collect() } else { path.clone().into_bytes() };
        add(&path, kind, link.as_deref().unwrap_or_default(), text.len() as u64, &mut text.as_bytes());
    }
    builder.into_inner().expect("memory")
}

fn as_zip(tree: &Tree, packed: &Packed) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (path, node) in tree {
        let path = format!("{}{path}", packed.top);
        match node {
            Node::Link(to) => {
                writer.add_symlink(path, to, options).expect("memory");
                continue;
            }
            _ => writer.start_file(path, options).expect("memory"),
        }
        match node {
            Node::File(bytes) => writer.write_all(bytes).expect("memory"),
            Node::Zeros(count) => {
                std::io::copy(&mut std::io::repeat(0).take(*count), &mut writer).expect("memory");
            }
            Node::Link(_) | Node::Pipe => {}
        }
    }
    for Entry { path, text, .. } in &packed.entries {
        writer.start_file(path.as_str(), options).expect("memory");
        writer.write_all(text.as_bytes()).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// Makes the archive of a case in `room`; gives its path.
fn made(case: &Case, room: &Path) -> PathBuf {
    let mut tree = good(&case.bag);
    case.change.iter().for_each(|change| changed(&mut tree, change));
    if case.retag {
        tag(&mut tree, &case.bag);
    }
    fs::create_dir_all(room).expect("a folder");
    let Some(packed) = &case.packed else {
        let root = room.join("bag");
        as_folder(&tree, &root);
        return root;
    };
    let (bytes, name) = match packed.r#as.as_str() {
        "tar" => (as_tar(&tree, packed), "bag.tar"),
        "tgz" => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
            writer.write_all(&as_tar(&tree, packed)).expect("memory");
            (writer.finish().expect("memory"), "bag.tgz")
        }
        "zip" => (as_zip(&tree, packed), "bag.zip"),
        other => panic!("{other}"),
    };
    let mut bytes = match &packed.patch {
        Some((from, to)) => replaced(&bytes, from.as_bytes(), to.as_bytes()),
        None => bytes,
    };
    if packed.locked {
        // Bit 0 of the flags, in the header before each entry and in the directory (APPNOTE 4.4.4).
        for at in 0..bytes.len() {
            match bytes[at..] {
                [b'P', b'K', 3, 4, ..] => bytes[at + 6] |= 1,
                [b'P', b'K', 1, 2, ..] => bytes[at + 8] |= 1,
                _ => {}
            }
        }
    }
    bytes.truncate(packed.cut.unwrap_or(usize::MAX));
    fs::write(room.join(name), bytes).expect("a file");
    room.join(name)
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "places must not move");
    let mut out = bytes.to_vec();
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| out[*at..at + to.len()].copy_from_slice(to));
    out
}

fn codes(verified: &Verified) -> BTreeSet<String> {
    verified.problems.iter().map(|p| p.fault.code().to_string()).collect()
}

#[test]
fn every_case_gets_its_verdict() {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archive-cases");
    let _ = fs::remove_dir_all(&room);
    let (mut wrong, mut count, mut told) = (Vec::new(), 0, BTreeSet::new());
    let files = fs::read_dir(repository().join("tests/archive")).expect("cases").map(|e| e.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|p| p.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    for file in files {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a case");
        // By way of JSON, where a choice is a mapping of one key.
        let value: serde_json::Value = serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let case: Case = serde_json::from_value(value).unwrap_or_else(|e| panic!("{name}: {e}"));
        let room = room.join(&name);
        let path = made(&case, &room);
        let verified = verify(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (verdict, found) = (verified.verdict().name(), codes(&verified));
        if verdict != case.verdict || found != case.codes {
            wrong.push(format!("{name}: {verdict} {found:?}, expected {} {:?}", case.verdict, case.codes));
        }
        if path.extension().is_some_and(|e| e == "zip") {
            let again = verify_zip(&fs::read(&path).expect("a zip"));
            assert_eq!(codes(&again), found, "{name}: in memory and on disk the same");
        }
        let agrees = (case.verdict == "valid") == (case.bagit_python == "valid");
        if agrees == case.differs.is_some() {
            wrong.push(format!("{name}: `differs` stands where the verdicts differ, and only there"));
        }
        let about = serde_json::json!({"says": case.says, "path": path, "verdict": case.verdict,
            "bagit-python": case.bagit_python, "differs": case.differs});
        fs::write(room.join("case.json"), about.to_string()).expect("a file");
        told.extend(found);
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 30, "{count} cases");
    // Two faults need an archive of another make: more faults than are listed.
    let words = sunlit::diag::message::catalogue(sunlit::base::Lang::En);
    let all: BTreeSet<_> = words.keys().filter_map(|k| k.strip_prefix("archive.fault.")).map(str::to_string).collect();
    // Those of web archives and of signatures have cases of their own.
    let elsewhere = |c: &str| c.starts_with("signature-") || crate::web_archives::FAULTS.contains(&c);
    let untold: Vec<_> = all.difference(&told).filter(|c| c.as_str() != "more" && !elsewhere(c)).collect();
    assert!(untold.is_empty(), "no case shows {untold:?}");
}

#[test]
fn one_flipped_bit_anywhere_in_a_bag_is_found() {
    let payload = BTreeMap::from([("a.txt".to_string(), "alpha\n".to_string())]);
    let tree = good(&Bag { payload, ..Bag::default() });
    let room = tempfile::TempDir::new().expect("a folder");
    as_folder(&tree, room.path());
    assert_eq!(verify(room.path()).expect("readable").problems, []);
    let (mut silent, mut flips) = (Vec::new(), 0);
    for (path, node) in &tree {
        let Node::File(bytes) = node else { continue };
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                fs::write(room.path().join(path), &flipped).expect("a file");
                if verify(room.path()).expect("readable").problems.is_empty() {
                    silent.push(format!("{path} byte {at} bit {bit}"));
                }
                flips += 1;
            }
        }
        fs::write(room.path().join(path), bytes).expect("a file");
    }
    assert!(flips > 5000, "{flips}");
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_command_says_what_is_wrong_to_people_and_to_programs() {
    let room = tempfile::TempDir::new().expect("a folder");
    let bag = room.path().join("bag");
    let mut tree = good(&Bag::default());
    as_folder(&tree, &bag);
    let run = |arguments: &[&str]| -> crate::portal::Said {
        let mut command = sunlit();
        command.current_dir(room.path()).args(arguments).output().expect("the program runs").into()
    };
    let said = run(&["--lang", "en", "archive", "verify", "bag"]);
    assert_eq!((said.status, said.stdout.as_str()), (0, ""), "{}", said.stderr);
    tree.insert("data/a.txt".into(), Node::File(b"alphA\n".to_vec()));
    tree.insert("data/e\u{1b}[31m.txt".into(), Node::File(b"x".to_vec()));
    as_folder(&tree, &bag);
    let said = run(&["--lang", "en", "archive", "verify", "bag"]);
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("data/a.txt: is not what it was: another sha512 digest than listed [digest-wrong]"));
    assert!(said.stderr.contains("data/e\\u{1b}[31m.txt: is there and in no manifest"), "{}", said.stderr);
    let said = run(&["--lang", "zh-CN", "archive", "verify", "--format", "json", "bag"]);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
    let head = ["schema", "path", "kind", "verdict"].map(|k| json[k].as_str().unwrap_or_default().to_string());
    assert_eq!(head, ["sunlit/verify/1", "bag", "bagit", "invalid"]);
    let digest = &json["problems"][1];
    assert_eq!((digest["code"].as_str(), digest["path"].as_str()), (Some("digest-wrong"), Some("data/a.txt")));
    assert_eq!(digest["message"], "内容已变动：sha512 校验值与清单不符");
    fs::write(room.path().join("note.txt"), "no archive").expect("a file");
    for (arguments, status) in
        [(vec!["nothing"], 3), (vec!["note.txt"], 3), (vec![], 2), (vec!["bag", "--format", "x"], 2)]
    {
        let arguments = [vec!["archive", "verify"], arguments].concat();
        assert_eq!(run(&arguments).status, status, "{arguments:?}");
    }
}

#[test]
fn a_tar_whose_names_never_end_is_left_at_a_bound() {
    let room = tempfile::TempDir::new().expect("a folder");
    let path = room.path().join("long.tgz");
    let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let mut header = tar::Header::new_gnu();
    let size = 64 << 20;
    header.as_gnu_mut().expect("gnu").name[..13].copy_from_slice(b"././@LongLink");
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(size);
    header.set_cksum();
    builder.append(&header, std::io::repeat(b'a').take(size)).expect("memory");
    let bytes = builder.into_inner().and_then(flate2::write::GzEncoder::finish).expect("memory");
    fs::write(&path, bytes).expect("a file");
    let verified = verify(&path).expect("readable");
    let words: Vec<_> = verified.problems.iter().map(|p| p.message.text(sunlit::base::Lang::En)).collect();
    assert!(words.iter().any(|w| w.contains("1048576 bytes of names before an entry")), "{words:?}");
}
