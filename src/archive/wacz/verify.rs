//! Verifies a web archive, our own or anyone's: container, list of files, digests, records, index, pages.
//! In: a file of unknown origin. Out: everything that is wrong. Reads streams, unpacks nothing to disk.

use super::container::{Container, Member};
use super::located::{self, Located};
use super::package::{self, Package, Resource};
use super::record::{self, Check, Packing};
use crate::archive::digest::{Algorithm, Digests, hex};
use crate::archive::kind::Kind;
use crate::archive::verdict::{Fault, Faults, Verified};
use crate::base::Sha256;
use crate::diag::Message;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Largest list of files, in bytes.
const LIST_BYTES: u64 = 16 << 20;

/// Verifies the web archive at `path`.
///
/// An archive that sunlit made has to be as sunlit makes it to the last byte of the container, so that a single changed
/// bit anywhere in the file is found. Others may be packed as the WACZ specification allows.
///
/// # Errors
/// When the file cannot be opened; what is wrong in it is in the result.
pub fn verify(path: &Path) -> io::Result<Verified> {
    File::open(path).map(verify_file)
}

/// Verifies the web archive in a file that is open.
pub fn verify_file(file: File) -> Verified {
    let mut faults = Faults::default();
    if let Some(container) = Container::open(file, &mut faults) {
        look(&container, &mut faults);
    }
    Verified { kind: Kind::Wacz.name(), problems: faults.finish(), signature: None }
}

fn look(container: &Container, faults: &mut Faults) {
    let Some(list) = text(container, package::LIST, faults) else { return };
    let Ok(package) = serde_json::from_slice::<Package>(&list) else {
        malformed(package::LIST, "archive.wacz.json", faults);
        return;
    };
    let own = package.software.starts_with("sunlit ");
    if package.profile != "data-package" || !package.wacz_version.starts_with("1.") {
        malformed(package::LIST, "archive.wacz.profile", faults);
    }
    if own && !container.exact {
        faults.add(Fault::ContainerChanged, "", &[]);
    }
    digest_of_list(container, &list, own, faults);
    resources(container, &package.resources, faults);
    let mut located = Located::default();
    for member in files(container, "archive/", &[".warc", ".warc.gz"]) {
        records(container, member, &mut located, faults);
    }
    located::index(container, own, &mut located, faults);
    located::pages(container, &located, faults);
}

fn malformed(path: &str, why: &'static str, faults: &mut Faults) {
    faults.note(Fault::PackageMalformed, path, |message| message.with_message("why", Message::new(why)));
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
fn text(container: &Container, path: &str, faults: &mut Faults) -> Option<Vec<u8>> {
    let Some(member) = container.find(path) else {
        faults.add(Fault::FileMissing, path, &[]);
        return None;
    };
    let mut bytes = Vec::new();
    let read = container.read(member).take(LIST_BYTES + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > LIST_BYTES {
        faults.bound(path, Message::new("archive.bound.list").with("limit", LIST_BYTES));
        return None;
    }
    if let Err(error) = read {
        faults.add(Fault::EntryUnreadable, path, &[("why", &error)]);
        return None;
    }
    Some(bytes)
}

/// The list of files is the one that `datapackage-digest.json` was made for. Others need not have that file.
fn digest_of_list(container: &Container, list: &[u8], own: bool, faults: &mut Faults) {
    if container.find(package::DIGEST).is_none() && !own {
        faults.add(Fault::DigestMissing, package::LIST, &[("count", &1)]);
        return;
    }
    let Some(bytes) = text(container, package::DIGEST, faults) else { return };
    let told = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
    let told = told.as_ref().and_then(|v| v.get("hash")).and_then(serde_json::Value::as_str);
    let same = told == Some(&format!("sha256:{}", Sha256::of(list)));
    if !same || own && bytes != package::digest(list).as_bytes() {
        faults.add(Fault::DigestWrong, package::LIST, &[("algorithm", &"sha256")]);
    }
}

/// Every file is listed, and is as the list says.
fn resources(container: &Container, resources: &[Resource], faults: &mut Faults) {
    let mut listed = BTreeSet::from([package::LIST, package::DIGEST]);
    for Resource { path, hash, bytes, .. } in resources {
        if !listed.insert(path) {
            faults.add(Fault::ListedTwice, path, &[("manifest", &package::LIST)]);
            continue;
        }
        let Some(member) = container.find(path) else {
            faults.add(Fault::FileMissing, path, &[]);
            continue;
        };
        let (name, value) = hash.split_once(':').unwrap_or_default();
        let algorithm = Algorithm::named(name);
        let wanted = algorithm.as_slice();
        let (digests, size) = match Digests::of_reader(wanted, &mut container.read(member)) {
            Ok(found) => found,
            Err(error) => {
                faults.add(Fault::EntryUnreadable, path, &[("why", &error)]);
                continue;
            }
        };
        match digests.first() {
            _ if size != *bytes => faults.add(Fault::SizeWrong, path, &[("found", &size), ("told", bytes)]),
            None => faults.add(Fault::AlgorithmUnknown, path, &[("algorithm", &located::short(name))]),
            Some(digest) if hex(digest) != value.to_ascii_lowercase() => {
                faults.add(Fault::DigestWrong, path, &[("algorithm", &name)]);
            }
            _ => {}
        }
    }
    for member in &container.members {
        let name = member.entry.name.as_str();
        if !name.ends_with('/') && !listed.contains(name) {
            faults.add(Fault::FileUnlisted, name, &[]);
        }
    }
}

/// Every record of a file is whole, and is noted with its place.
fn records(container: &Container, member: &Member, located: &mut Located, faults: &mut Faults) {
    let name = member.entry.name.as_str();
    let packing = if name.ends_with(".gz") { Packing::Gzip } else { Packing::Plain };
    let file = located.file(name.trim_start_matches("archive/"), packing);
    let input = BufReader::with_capacity(1 << 16, container.read(member));
    let mut unproven = 0;
    let stopped = record::each(input, packing, &mut |record| {
        if [record.block, record.payload].contains(&Check::Wrong) {
            let values: [(&str, &dyn ToString); 2] =
                [("offset", &record.offset), ("url", &located::short(&record.url))];
            faults.add(Fault::RecordChanged, name, &values);
        }
        let proven = [record.block, record.payload].contains(&Check::Right);
        unproven += usize::from(!proven && located::answers(&record.kind));
        located.note(file, &record);
    });
    if let Err((offset, fault)) = stopped {
        faults.note(Fault::RecordDamaged, name, |m| m.with("offset", offset).with_message("why", fault.message()));
    }
    if unproven > 0 {
        faults.add(Fault::DigestMissing, name, &[("count", &unproven)]);
    }
    if located.is_full() {
        faults.bound(name, Message::new("archive.bound.records").with("limit", located::PLACES));
    }
}
