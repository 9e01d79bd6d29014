//! Verifies a web archive, our own or anyone's: container, list of files, digests, records, index, pages.
//! In: a file of unknown origin. Out: what was looked at, and everything that is wrong. Unpacks nothing to disk.

use super::container::{Container, Member};
use super::located::{self, Located};
use super::package::{self, Package, Resource};
use super::record::{self, Check, Fault, Packing, Record};
use crate::base::Sha256;
use crate::build::{Phase, Progress};
use crate::diag::Message;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Most problems that are told of.
const PROBLEMS: usize = 100;
/// Largest list of files, in bytes.
const LIST_BYTES: u64 = 16 << 20;

/// What was looked at, and what is wrong.
#[derive(Debug, Default)]
pub struct Verified {
    /// What made the archive, as it says.
    pub software: String,
    /// What it is called.
    pub title: String,
    /// The moment of its newest content, as it says.
    pub created: String,
    /// Files of the container.
    pub files: usize,
    /// Records of the web archive.
    pub records: usize,
    /// Pages that are listed.
    pub pages: usize,
    /// Digests of a kind that is not known here, and records without any.
    pub unchecked: usize,
    /// Everything that is wrong, at most a hundred sentences; none when the archive is valid.
    pub problems: Vec<Message>,
}

/// Words of unknown origin as they may be printed: on one line, and not too long.
pub(super) fn shown(text: &str) -> String {
    let clean: String = text.chars().take(200).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if clean.len() < text.len() { clean + "…" } else { clean }
}

/// Verifies the web archive at `path`.
///
/// An archive that sunlit made has to be as sunlit makes it to the last byte of the container, so that a single changed
/// bit anywhere in the file is found. Others may be packed as the WACZ specification allows.
///
/// # Errors
/// When the file cannot be opened; what is wrong in it is in [`Verified::problems`].
pub fn verify(path: &Path, progress: &dyn Progress) -> io::Result<Verified> {
    let file = File::open(path)?;
    let mut out = Verified::default();
    match Container::open(file) {
        Ok(container) => look(&container, &mut out, progress),
        Err(problem) => out.problems.push(problem),
    }
    progress.end();
    Ok(out)
}

impl Verified {
    pub(super) fn add(&mut self, problem: Message) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn found(&mut self, key: &'static str, path: &str) {
        self.add(Message::new(key).with("path", shown(path)));
    }
}

fn look(container: &Container, out: &mut Verified, progress: &dyn Progress) {
    out.files = container.members.len();
    progress.begin(Phase::Read, container.members.len());
    let Some(list) = text(container, package::LIST, out) else { return };
    let Ok(package) = serde_json::from_slice::<Package>(&list) else {
        out.found("wacz.unreadable", package::LIST);
        return;
    };
    let own = package.software.starts_with("sunlit ");
    (out.software, out.title, out.created) = (shown(&package.software), shown(&package.title), shown(&package.created));
    if package.profile != "data-package" || !package.wacz_version.starts_with("1.") {
        out.found("wacz.version", package::LIST);
    }
    if own && !container.exact {
        out.add(Message::new("wacz.container"));
    }
    digest_of_list(container, &list, own, out);
    resources(container, &package.resources, out, progress);
    let mut located = Located::default();
    for member in files(container, "archive/", &[".warc", ".warc.gz"]) {
        records(container, member, &mut located, out);
    }
    located::index(container, own, &mut located, out);
    located::pages(container, &located, out);
}

/// The files of a folder with one of these endings.
pub(super) fn files<'a>(
    container: &'a Container,
    folder: &'a str,
    endings: &'a [&str],
) -> impl Iterator<Item = &'a Member> {
    let wanted = move |name: &str| name.starts_with(folder) && endings.iter().any(|ending| name.ends_with(ending));
    container.members.iter().filter(move |m| wanted(&m.entry.name))
}

/// A small file as a whole.
fn text(container: &Container, path: &str, out: &mut Verified) -> Option<Vec<u8>> {
    let Some(member) = container.find(path) else {
        out.found("wacz.missing", path);
        return None;
    };
    let mut bytes = Vec::new();
    let read = container.read(member).take(LIST_BYTES + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > LIST_BYTES {
        out.add(Message::new("wacz.bound").with("what", path).with("bound", LIST_BYTES));
        return None;
    }
    if read.is_err() || bytes.len() as u64 != member.entry.size {
        out.found("wacz.unreadable", path);
        return None;
    }
    Some(bytes)
}

/// The list of files is the one that `datapackage-digest.json` was made for. Others need not have that file.
fn digest_of_list(container: &Container, list: &[u8], own: bool, out: &mut Verified) {
    if container.find(package::DIGEST).is_none() && !own {
        out.unchecked += 1;
        return;
    }
    let Some(bytes) = text(container, package::DIGEST, out) else { return };
    let told = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
    let told = told.as_ref().and_then(|v| v.get("hash")).and_then(serde_json::Value::as_str);
    let same = told == Some(&format!("sha256:{}", Sha256::of(list)));
    if !same || own && bytes != package::digest(list).as_bytes() {
        out.found("wacz.digest", package::LIST);
    }
}

/// Every file is listed, and is as the list says.
fn resources(container: &Container, resources: &[Resource], out: &mut Verified, progress: &dyn Progress) {
    let mut listed = BTreeSet::from([package::LIST, package::DIGEST]);
    for resource in resources {
        if !listed.insert(&resource.path) {
            out.found("wacz.listed_twice", &resource.path);
            continue;
        }
        let Some(member) = container.find(&resource.path) else {
            out.found("wacz.missing", &resource.path);
            continue;
        };
        let Ok((digest, size)) = digest(container, member) else {
            out.found("wacz.unreadable", &resource.path);
            continue;
        };
        if size != resource.bytes || size != member.entry.size {
            out.found("wacz.size", &resource.path);
        } else if !resource.hash.starts_with("sha256:") {
            out.unchecked += 1;
        } else if resource.hash != format!("sha256:{digest}") {
            out.found("wacz.digest", &resource.path);
        }
        progress.step();
    }
    for member in &container.members {
        let name = member.entry.name.as_str();
        if !name.ends_with('/') && !listed.contains(name) {
            out.found("wacz.unlisted", name);
        }
    }
}

fn digest(container: &Container, member: &Member) -> io::Result<(Sha256, u64)> {
    struct Counted<R>(R, u64);
    impl<R: Read> Read for Counted<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.0.read(buffer)?;
            self.1 += n as u64;
            Ok(n)
        }
    }
    let mut counted = Counted(container.read(member), 0);
    let digest = Sha256::of_reader(&mut counted)?;
    Ok((digest, counted.1))
}

/// Every record of a file is whole, and is noted with its place.
fn records(container: &Container, member: &Member, located: &mut Located, out: &mut Verified) {
    let name = member.entry.name.as_str();
    let packing = if name.ends_with(".gz") { Packing::Gzip } else { Packing::Plain };
    let file = located.file(name.trim_start_matches("archive/"), packing);
    let input = BufReader::with_capacity(1 << 16, container.read(member));
    let stopped = record::each(input, packing, &mut |record| {
        out.records += 1;
        let wrong = |key| record_problem(key, &record, name);
        if record.block == Check::Wrong {
            out.add(wrong("wacz.block"));
        }
        if record.payload == Check::Wrong {
            out.add(wrong("wacz.payload"));
        }
        let known = [record.block, record.payload].contains(&Check::Right);
        out.unchecked += usize::from(!known && record.kind != "warcinfo");
        located.note(file, &record);
    });
    if let Err((offset, fault)) = stopped {
        let why = match fault {
            Fault::Damaged => Message::new("wacz.record.damaged"),
            Fault::NoRecord => Message::new("wacz.record.none"),
            Fault::LongHead => bound("wacz.record.head", record::HEAD_BYTES),
            Fault::Trailing => Message::new("wacz.record.trailing"),
            Fault::TooMuch => bound("wacz.record.much", record::UNPACKED_BYTES),
            Fault::TooMany => bound("wacz.record.many", record::RECORDS as u64),
        };
        let place = Message::new("wacz.record").with("path", shown(name)).with("offset", offset);
        out.add(place.with_message("why", why));
    }
    if located.is_full() {
        out.add(Message::new("wacz.bound").with("what", "WARC").with("bound", located::PLACES));
    }
}

fn bound(key: &'static str, bound: u64) -> Message {
    Message::new(key).with("bound", bound)
}

fn record_problem(key: &'static str, record: &Record, file: &str) -> Message {
    Message::new(key).with("url", shown(&record.url)).with("path", shown(file)).with("offset", record.offset)
}
