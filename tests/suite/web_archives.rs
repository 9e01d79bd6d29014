//! Web archives: made twice the same, the same bytes as a build, and every change of them found.

use crate::portal::{AS_OF, Portal, Said, repository, sunlit};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use sunlit::archive::wacz::cdx::{self, Place};
use sunlit::archive::wacz::package::{self, Package, Resource};
use sunlit::archive::wacz::warc::{self, Head};
use sunlit::archive::wacz::zip::{self, Entry};
use sunlit::archive::{Problem, Verdict, Verified};
use sunlit::base::{Lang, Sha256};

fn archive(portal: &Portal, arguments: &[&str]) -> Said {
    let mut command = sunlit();
    command.current_dir(portal.root()).args(["--lang", "en", "archive"]).args(arguments);
    command.output().expect("the program runs").into()
}

fn create(portal: &Portal, arguments: &[&str]) -> Said {
    archive(portal, &[&["create", "2024", "--format", "wacz"], arguments].concat())
}

fn check(path: &Path) -> Verified {
    sunlit::archive::verify(path).expect("a file that can be opened")
}

fn words(verified: &Verified) -> Vec<String> {
    let words = |p: &Problem| format!("{}: {} [{}]", p.path, p.message.text(Lang::En), p.fault.code());
    verified.problems.iter().map(words).collect()
}

/// The web archive of the demonstration, and that of the portal of the tests.
const DEMO: &str = "archive/sunlit.example-zwgk-ndbg-2024.wacz";
const BASE: &str = "archive/test.example-zwgk-2024.wacz";

/// The addresses of a web archive with the bytes that answer, read without the program.
fn answers(wacz: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut container = ::zip::ZipArchive::new(fs::File::open(wacz).expect("there")).expect("a ZIP file");
    let mut packed = Vec::new();
    container.by_name("archive/data.warc.gz").expect("records").read_to_end(&mut packed).expect("readable");
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("gzip");
    let (mut rest, mut out) = (&bytes[..], BTreeMap::new());
    while !rest.is_empty() {
        let (mut url, mut size) = (None, 0);
        loop {
            let mut line = String::new();
            rest.read_line(&mut line).expect("a line");
            match line.trim_end().split_once(": ") {
                Some(("WARC-Target-URI", value)) => url = Some(value.to_string()),
                Some(("Content-Length", value)) => size = value.parse().expect("a number"),
                None if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        let (block, after) = rest.split_at(size);
        rest = after.strip_prefix(b"\r\n\r\n").expect("the end of a record");
        if let Some(url) = url {
            let body = block.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer") + 4;
            assert!(out.insert(url.clone(), block[body..].to_vec()).is_none(), "{url} twice");
        }
    }
    out
}

#[test]
fn a_year_answers_with_the_bytes_of_the_build() {
    let portal = Portal::copy_of(repository());
    portal.build_well();
    let said = create(&portal, &["--as-of", AS_OF]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let (built, answers) = (portal.tree(), answers(&portal.path(DEMO)));
    let base = "https://sunlit.example/zwgk/ndbg/";
    for (url, bytes) in &answers {
        let below = url.strip_prefix(base).expect("below the section");
        let name = sunlit::base::path::decode(below).expect("an address");
        let name = if name.is_empty() || name.ends_with('/') { format!("{name}index.html") } else { name };
        assert!(built.get(&name) == Some(bytes), "{url} is not what the build wrote");
    }
    for (name, bytes) in &built {
        let year = name.split_once('/').map(|(folder, _)| folder).filter(|f| f.parse::<u16>().is_ok());
        // A former address belongs to the year of the page that took its place.
        let leads_elsewhere = name.starts_with("old/") && !String::from_utf8_lossy(bytes).contains("/2024/");
        let other_year = year.is_some_and(|year| year != "2024") || leads_elsewhere;
        let url = format!("{base}{}", sunlit::base::path::encode(name));
        // What belongs to other years stays out, and so does the manifest of the output.
        assert!(answers.contains_key(&url) != (other_year || name == "manifest-sha256.txt"), "{name}");
    }
    assert!(answers.contains_key(base) && answers.contains_key(&format!("{base}2024/")), "folders answer");
    let verified = check(&portal.path(DEMO));
    assert_eq!(words(&verified), [""; 0]);
    assert_eq!((verified.verdict(), verified.kind), (Verdict::Valid, "wacz"));
}

#[test]
fn two_runs_on_different_days_give_the_same_archive() {
    let (one, two) = (Portal::base(), Portal::base());
    let first = create(&one, &["--as-of", "2026-01-01", "--jobs", "1"]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    assert_eq!(create(&two, &["--as-of", "2031-07-09 11:12", "--jobs", "4"]).status, 0);
    let bytes = fs::read(one.path(BASE)).expect("an archive");
    assert!(bytes == fs::read(two.path(BASE)).expect("an archive"));
    let again = create(&one, &["--as-of", AS_OF]);
    assert!(again.status == 0 && again.stderr.contains("with the same bytes"), "{}", again.stderr);
}

#[test]
fn another_archive_in_the_way_is_replaced_only_when_asked() {
    let portal = Portal::base();
    portal.write(BASE, "another");
    let said = create(&portal, &["--as-of", AS_OF]);
    assert!(said.status == 2 && said.stderr.contains("is there already with other bytes"), "{}", said.stderr);
    assert_eq!(portal.read(BASE), "another");
    assert_eq!(create(&portal, &["--as-of", AS_OF, "--replace"]).status, 0);
    assert_eq!(archive(&portal, &["verify", BASE]).status, 0);
    let left = |name: &str| fs::read_dir(portal.path("archive").join(name)).expect("a folder").count();
    // The archive, and the folder with nothing but the lock.
    assert_eq!((left("."), left(".sunlit")), (2, 1));
}

#[test]
fn a_year_without_reports_and_content_with_errors_give_no_archive() {
    let portal = Portal::base();
    let said = archive(&portal, &["create", "1999", "--format", "wacz", "--as-of", AS_OF]);
    assert!(said.status == 2 && said.stderr.contains("no report of 1999"), "{}", said.stderr);
    portal.write("content/2024/broken.md", "---\ntitle: x\n---\n");
    assert_eq!(create(&portal, &["--as-of", AS_OF]).status, 1);
    assert!(!portal.path(BASE).exists());
}

/// The faults that only web archives have; each has a case below.
pub(crate) const FAULTS: [&str; 9] = [
    "container-changed",
    "digest-missing",
    "index-wrong",
    "package-malformed",
    "page-unindexed",
    "record-changed",
    "record-damaged",
    "record-unindexed",
    "size-wrong",
];

/// The parts of a small web archive, to be put together rightly or wrongly.
#[derive(Clone)]
struct Small {
    warc: Vec<u8>,
    index: String,
    pages: String,
    list: fn(&mut Package),
}

fn record(url: &str, text: &str) -> (Head, Vec<u8>) {
    let kind = "text/html; charset=utf-8".to_string();
    let head = Head::of(url.into(), 1_733_708_100, kind, text.len() as u64, &mut text.as_bytes()).expect("a head");
    let mut bytes = Vec::new();
    warc::write_response(&mut bytes, &head, &mut text.as_bytes()).expect("written");
    (head, bytes)
}

fn small() -> Small {
    let (mut warc, mut lines, mut pages) = (Vec::new(), Vec::new(), package::pages_head("示例"));
    warc::write_info(&mut warc, 0, &[("software", "sunlit".into())]).expect("written");
    for (url, text) in [("https://example.gov.cn/1.html", "一"), ("https://example.gov.cn/2.html", "二")] {
        let (head, bytes) = record(url, text);
        let place = Place { file: "data.warc.gz".into(), offset: warc.len() as u64, length: bytes.len() as u64 };
        lines.push(cdx::line(&head, &place));
        pages.push_str(&package::page_line(&head, text));
        warc.extend(bytes);
    }
    Small { warc, index: lines.concat(), pages, list: |_| {} }
}

impl Small {
    fn write(&self, path: &Path) {
        let mut files = vec![
            (package::WARC, self.warc.clone()),
            (package::INDEX, self.index.clone().into_bytes()),
            (package::PAGES, self.pages.clone().into_bytes()),
        ];
        let resources = files.iter().map(|(p, b)| Resource::new(p, Sha256::of(b), b.len() as u64)).collect();
        let mut list = Package {
            profile: "data-package".into(),
            wacz_version: "1.1.1".into(),
            title: "示例".into(),
            description: String::new(),
            created: warc::date(0),
            software: package::SOFTWARE.into(),
            main_page_url: String::new(),
            main_page_date: String::new(),
            resources,
        };
        (self.list)(&mut list);
        files.push((package::LIST, list.text().into_bytes()));
        files.push((package::DIGEST, package::digest(list.text().as_bytes()).into_bytes()));
        let mut out = Vec::new();
        let given = files.iter().map(|(name, bytes)| {
            let mut crc = flate2::Crc::new();
            crc.update(bytes);
            let entry = Entry { name: (*name).into(), crc: crc.sum(), size: bytes.len() as u64 };
            (entry, Box::new(&bytes[..]) as Box<dyn Read>)
        });
        zip::write(&mut out, given.collect()).expect("written");
        fs::write(path, out).expect("written");
    }

    fn problems(&self) -> Vec<String> {
        let folder = tempfile::TempDir::new().expect("a folder");
        self.write(&folder.path().join("small.wacz"));
        words(&check(&folder.path().join("small.wacz")))
    }
}

#[test]
fn every_flipped_bit_of_a_small_archive_is_found() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("small.wacz");
    small().write(&path);
    assert_eq!(words(&check(&path)), [""; 0]);
    let bytes = fs::read(&path).expect("there");
    let file = fs::File::options().write(true).open(&path).expect("there");
    let mut missed = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        // Inside the records one bit a byte will do: there are thousands, and one digest covers them all.
        let bits = if (100..900).contains(&at) { at % 8..at % 8 + 1 } else { 0..8 };
        for bit in bits {
            file.write_at(&[byte ^ 1 << bit], at as u64).expect("written");
            if check(&path).problems.is_empty() {
                missed.push((at, bit));
            }
        }
        file.write_at(&[*byte], at as u64).expect("written");
    }
    assert!(missed.is_empty(), "{missed:?}");
    assert!(check(&path).problems.is_empty());
}

#[test]
fn changed_cut_and_lengthened_archives_of_a_year_are_found() {
    let portal = Portal::base();
    assert_eq!(create(&portal, &["--as-of", AS_OF]).status, 0);
    let path = portal.path(BASE);
    let bytes = fs::read(&path).expect("there");
    let file = fs::File::options().write(true).open(&path).expect("there");
    let tail = bytes.len() - 600;
    for at in (0..tail).step_by(997).chain((tail..bytes.len()).step_by(7)) {
        file.write_at(&[bytes[at] ^ 1 << (at % 8)], at as u64).expect("written");
        assert!(!check(&path).problems.is_empty(), "byte {at}");
        file.write_at(&[bytes[at]], at as u64).expect("written");
    }
    for end in (0..bytes.len()).step_by(1499).chain([bytes.len() - 1]) {
        fs::write(&path, &bytes[..end]).expect("written");
        assert!(!check(&path).problems.is_empty(), "cut at {end}");
    }
    for longer in [[&bytes[..], b"x"].concat(), [b"x", &bytes[..]].concat()] {
        fs::write(&path, longer).expect("written");
        assert!(!check(&path).problems.is_empty());
    }
    let said = archive(&portal, &["verify", BASE]);
    assert!(said.status == 1 && said.stderr.contains("is not valid"), "{}", said.stderr);
}

#[test]
fn an_archive_whose_digests_are_right_is_not_valid_for_that() {
    let right = small();
    assert_eq!(right.problems(), [""; 0]);
    type Spoil = fn(&mut Small);
    let cases: &[(&str, Spoil)] = &[
        ("profile data-package", |s| s.list = |list| list.profile.clear()),
        ("profile data-package", |s| s.list = |list| list.wacz_version = "2.0".into()),
        ("[size-wrong]", |s| s.list = |list| list.resources[0].bytes += 1),
        ("another sha256 digest than listed", |s| s.list = |list| list.resources[1].hash = "sha256:00".into()),
        ("digests of the algorithm blake3", |s| s.list = |list| list.resources[2].hash = "blake3:00".into()),
        ("stands twice in datapackage.json", |s| s.list = |list| list.resources.push(list.resources[0].clone())),
        ("is there and in no manifest", |s| s.list = |list| drop(list.resources.pop())),
        ("has no digest that could be computed: 1 times", |s| {
            let block = "HTTP/1.1 200 OK\r\n\r\nnew";
            let head = "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: ";
            s.warc.extend(packed(format!("{head}{}\r\n\r\n{block}\r\n\r\n", block.len()).as_bytes()));
        }),
        ("[index-wrong]", |s| s.index = s.index.replacen("\"offset\":\"", "\"offset\":\"1", 1)),
        ("[index-wrong]", |s| s.index = s.index.replacen("\"length\":\"", "\"length\":\"1", 1)),
        ("[index-wrong]", |s| s.index = s.index.replace("cn/2.html", "cn/1.html")),
        ("[index-wrong]", |s| s.index = s.index.lines().rev().map(|l| format!("{l}\n")).collect()),
        ("[index-wrong]", |s| s.index = s.index.replacen("20241209", "20241210", 1)),
        ("[index-wrong]", |s| s.index.push_str("nonsense\n")),
        ("1 records are in no index", |s| s.index = s.index.lines().take(1).map(|l| format!("{l}\n")).collect()),
        ("[page-unindexed]", |s| s.pages = s.pages.replace("cn/2.html", "cn/3.html")),
        ("[page-unindexed]", |s| s.pages.push_str("nonsense\n")),
        ("cannot be unpacked, or ends too early", |s| s.warc.truncate(s.warc.len() - 3)),
        ("no WARC record stands here", |s| s.warc.extend(packed(b"HELLO\r\n\r\n"))),
        ("something follows the record", |s| {
            s.warc.extend(packed(b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\nmore"));
        }),
        ("the record of https://example.gov.cn/3 is not what it was", |s| {
            let block = "HTTP/1.1 200 OK\r\n\r\nchanged";
            let size = block.len();
            let text = format!(
                "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.gov.cn/3\r\n\
                 Content-Type: application/http\r\nWARC-Payload-Digest: sha256:{}\r\nContent-Length: {size}\r\n\r\n\
                 {block}\r\n\r\n",
                Sha256::of(b"other")
            );
            s.warc.extend(packed(text.as_bytes()));
        }),
    ];
    // Packed anew by another program: shown further below.
    let mut told = vec!["container-changed".to_string()];
    for (problem, spoil) in cases {
        let mut spoiled = right.clone();
        spoil(&mut spoiled);
        let found = spoiled.problems();
        assert!(found.iter().any(|p| p.contains(problem)), "{problem}: {found:?}");
        told.extend(found.iter().filter_map(|p| Some(p.strip_suffix(']')?.rsplit_once('[')?.1.to_string())));
    }
    let untold: Vec<_> = FAULTS.iter().filter(|f| !told.iter().any(|t| t == *f)).collect();
    assert!(untold.is_empty(), "no case shows {untold:?}");
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut out, bytes).expect("memory");
    out.finish().expect("memory")
}

/// A container as another program makes it.
fn foreign(files: &[(&str, &[u8])], method: ::zip::CompressionMethod) -> Vec<u8> {
    let mut out = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = ::zip::write::SimpleFileOptions::default().compression_method(method);
        out.start_file(*name, options).expect("started");
        std::io::Write::write_all(&mut out, bytes).expect("written");
    }
    out.finish().expect("finished").into_inner()
}

fn problems_of(bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::TempDir::new().expect("a folder");
    fs::write(folder.path().join("given.wacz"), bytes).expect("written");
    words(&check(&folder.path().join("given.wacz")))
}

#[test]
fn hostile_containers_are_refused_and_foreign_ones_read() {
    use ::zip::CompressionMethod::{Deflated, Stored};
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("small.wacz");
    small().write(&path);
    let mut container = ::zip::ZipArchive::new(fs::File::open(&path).expect("there")).expect("a ZIP file");
    let mut files = Vec::new();
    for index in 0..container.len() {
        let mut file = container.by_index(index).expect("there");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("readable");
        files.push((file.name().expect("a name").into_owned(), bytes));
    }
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    // Packed anew, it is no longer as we write it.
    let repacked = problems_of(&foreign(&borrowed, Stored));
    assert!(repacked.len() == 1 && repacked[0].contains("[container-changed]"), "{repacked:?}");
    // Made by another program, it may be packed as that program likes.
    let mut list = String::from_utf8(files[3].1.clone()).expect("text").replace("sunlit 0", "another 0");
    let digest = package::digest(list.as_bytes());
    let others = |list: &str, digest: &str| {
        let mut files = borrowed.clone();
        files[3].1 = list.as_bytes();
        files[4].1 = digest.as_bytes();
        problems_of(&foreign(&files, Deflated))
    };
    let list_before = list.clone();
    // The borrowed parts outlive the closure.
    let (list_right, digest_right) = (list_before.as_str(), digest.as_str());
    assert_eq!(others(list_right, digest_right), [""; 0]);
    assert!(others(list_right, "{}").iter().any(|p| p.contains("[digest-wrong]")));
    list.push(' ');
    assert!(others(&list, digest_right).iter().any(|p| p.contains("[digest-wrong]")));
    for name in ["../up.txt", "/etc/passwd", "a/../../b", "a\\b"] {
        let mut more = borrowed.clone();
        more.push((name, b"x"));
        let found = problems_of(&foreign(&more, Stored));
        assert!(!found.is_empty(), "{name}");
    }
    let mut more = borrowed.clone();
    more.push(("archive/unlisted.txt", b"x"));
    assert!(problems_of(&foreign(&more, Stored)).iter().any(|p| p.contains("[file-unlisted]")));
    assert!(problems_of(&foreign(&borrowed[1..], Stored)).iter().any(|p| p.contains("[file-missing]")));
    // The same name twice: the second takes the place of the first for careless readers.
    more.pop();
    more.push(("archive/data.warc.gX", b"x"));
    let twice = foreign(&more, Stored);
    let twice = replace(&twice, b"archive/data.warc.gX", b"archive/data.warc.gz");
    assert!(!problems_of(&twice).is_empty());
    // Two files that share bytes.
    let mut shared = fs::read(&path).expect("there");
    let directory = shared.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory");
    let second = directory + 46 + package::WARC.len();
    let first_place = shared[directory + 42..directory + 46].to_vec();
    shared[second + 42..second + 46].copy_from_slice(&first_place);
    assert!(!problems_of(&shared).is_empty());
    // A kilobyte that unpacks to a gigabyte is not unpacked further than it says.
    let bomb = foreign(&[("datapackage.json", &vec![b' '; 20 << 20])], Deflated);
    assert!(problems_of(&bomb).iter().any(|p| p.contains("[bound]")), "{:?}", problems_of(&bomb));
    for nothing in [&b""[..], b"PK", b"not a ZIP file", &[0; 100]] {
        assert!(problems_of(nothing).iter().all(|p| p.contains("[archive-damaged]")));
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            out[at..at + to.len()].copy_from_slice(to);
        }
    }
    out
}

proptest::proptest! {
    #[test]
    fn whatever_is_taken_for_records_an_index_or_a_list_is_read_without_harm(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
        head in "(WARC/1\\.1|WARC|)(\r?\n(WARC-Type: (response|warcinfo)|Content-Length: [0-9]{0,20}|Content-Type: application/http|WARC-Block-Digest: [a-z0-9:]{0,9})){0,4}(\r\n\r\n)?",
    ) {
        use sunlit::archive::wacz::record::{Packing, each};
        let text = [head.as_bytes(), &bytes].concat();
        for given in [&bytes, &text, &packed(&text), &[packed(&text), bytes.clone()].concat()] {
            for packing in [Packing::Plain, Packing::Gzip] {
                let mut end = 0;
                let _ = each(&given[..], packing, &mut |record| {
                    assert_eq!(record.offset, end);
                    end += record.length;
                });
                assert!(end <= given.len() as u64);
            }
        }
        let words = String::from_utf8_lossy(&bytes);
        let _ = (cdx::read(&words), cdx::sort_key(&words), package::title(&words));
        let _ = sunlit::archive::sign::Signers::read(&words);
    }

    #[test]
    fn an_archive_with_bytes_changed_anywhere_is_read_without_harm(
        changes in proptest::collection::vec((proptest::num::usize::ANY, proptest::num::u8::ANY), 1..40),
    ) {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("small.wacz");
        small().write(&path);
        let whole = fs::read(&path).expect("there");
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        fs::write(&path, &bytes).expect("written");
        assert_eq!(check(&path).problems.is_empty(), bytes == whole);
    }
}
