//! A year of a portal as a bag: the section for reading offline, its sources, what the ledger says of it, and a note on how
//! to verify it all. In: where the portal is, a year, where the archive goes. Out: an archive with the same bytes each
//! time, complete or not there at all. The day it bears is that of its content, never that of its making.

use super::note;
use super::offline::Offline;
use super::pack::{self, Load};
use super::place::{Place, Present, State};
use super::tags::Info;
use super::writer::{Total, Writer};
use crate::base::{Artefact, CivilDate, Fingerprint, Lang, SitePath};
use crate::build::{Failed, Options, Progress, Year};
use crate::diag::{Diagnostic, Message};
use crate::model::{Kind, Portal, ledger, site};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// What a bag is packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A folder.
    Folder,
    /// A tar.
    Tar,
    /// A zip, nothing compressed.
    Zip,
    /// No bag, but a web archive.
    Wacz,
}

/// What is to be archived.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// How the portal is read.
    pub build: &'a Options,
    /// The year.
    pub year: u16,
    /// The folder for the archive; its name follows from the site's address and the year.
    pub out: &'a Path,
    /// What it is packed in.
    pub format: Format,
    /// What becomes of another archive of the same name.
    pub present: Present,
}

/// An archive that was made, or that was there already.
#[derive(Debug)]
pub struct Created {
    /// Where it is.
    pub path: PathBuf,
    /// Reports of the year.
    pub reports: usize,
    /// Files of the payload.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What became of it.
    pub state: State,
    /// Warnings and notes about the portal.
    pub findings: Vec<Diagnostic>,
}

/// Why there is no archive.
#[derive(Debug)]
pub enum Refused {
    /// The portal could not be built.
    Build(Failed),
    /// The year has no report; these years have.
    Empty(Vec<u16>),
    /// Another archive of that name is there.
    Exists(PathBuf),
    /// Another process makes the same archive.
    Busy,
    /// A file changed while it was read.
    Changed(String),
    /// The world failed, at this path.
    Io(PathBuf, io::Error),
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        Refused::Build(failed)
    }
}

/// Largest line of the ledger, in bytes.
const LEDGER_LINE: u64 = 1 << 20;

/// Makes the archive of a year.
///
/// # Errors
/// [`Refused`]; then nothing is under its name that was not there before.
pub fn create(order: Order<'_>, progress: &dyn Progress) -> Result<Created, Refused> {
    let at = |error| Refused::Io(order.out.to_path_buf(), error);
    let is_new = !order.out.exists();
    fs::create_dir_all(order.out).map_err(at)?;
    let tidy = |refused| {
        if is_new {
            // Nothing was made: the folder was only for this.
            let _ = fs::remove_dir(order.out);
        }
        refused
    };
    if order.format == Format::Wacz {
        return super::wacz::create(order, progress).map_err(tidy);
    }
    let read = Year::load(order.build, order.out, order.year, progress).map_err(Refused::from);
    let read = read.and_then(|year| match day_of(year.portal()) {
        Some(day) => Ok((year, day)),
        None => Err(Refused::Empty(year.years())),
    });
    let (year, day) = read.map_err(tidy)?;
    let portal = year.portal();
    let name = name(&portal.site.base_url, order.year);
    let file = match order.format {
        Format::Folder => name.clone(),
        Format::Tar => format!("{name}.tar"),
        Format::Zip => format!("{name}.zip"),
        Format::Wacz => format!("{name}.wacz"),
    };
    let place = Place::take(order.out, &file)?;
    let made = make(order, &year, &place, &name, day, progress);
    let settled = made.and_then(|total| Ok((total, place.settle(order.present)?)));
    if settled.is_err() {
        // What is left is cleared by the next run, too.
        let _ = place.clear();
    }
    let (total, state) = settled?;
    progress.end();
    let reports = portal.reports.len();
    let findings = year.findings().to_vec();
    Ok(Created { path: place.end, reports, files: total.files, bytes: total.bytes, state, findings })
}

fn make(
    order: Order<'_>,
    year: &Year,
    place: &Place,
    name: &str,
    day: CivilDate,
    progress: &dyn Progress,
) -> Result<Total, Refused> {
    let folder = if order.format == Format::Folder { &place.staged } else { &place.folder };
    let at = |error| Refused::Io(folder.clone(), error);
    let writer = Writer::new(folder).map_err(at)?;
    site(order, year, &writer, progress)?;
    sources(order, year, &writer)?;
    ledger(order, &writer)?;
    let portal = year.portal();
    writer.add(note::FILE, note::text(portal, order.year, name).as_bytes()).map_err(at)?;
    let total = writer.total();
    let files = writer.finish(&info(portal, order.year, day, total)).map_err(at)?;
    let load = Load { root: folder, name, files: &files, day };
    match order.format {
        Format::Folder | Format::Wacz => Ok(()),
        Format::Tar => pack::tar(load, &place.staged, progress),
        Format::Zip => pack::zip(load, &place.staged, progress),
    }
    .map_err(at)?;
    Ok(total)
}

/// The last day on which anything of the year was published, corrected or withdrawn; none without reports.
fn day_of(portal: &Portal) -> Option<CivilDate> {
    portal.reports.iter().filter_map(|r| r.changed_on()).max()
}

/// `www.example.gov.cn-zwgk-fzzf-2024`: a name that is the same everywhere and needs no quotes.
pub(super) fn name(base_url: &str, year: u16) -> String {
    let address = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let plain: String = address
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|w| !w.trim_matches('.').is_empty()).collect();
    let stem: String = words.join("-").chars().take(100).collect();
    let stem = if stem.is_empty() { "archive" } else { stem.trim_start_matches('.') };
    format!("{stem}-{year:04}")
}

fn lang(portal: &Portal) -> Lang {
    Lang::from_tag(&portal.site.language).unwrap_or(Lang::En)
}

/// `site/`: pages, data, theme, attachments.
fn site(order: Order<'_>, year: &Year, writer: &Writer, progress: &dyn Progress) -> Result<(), Refused> {
    let portal = year.portal();
    let words = Message::new("archive.outside").text(lang(portal));
    let files: BTreeSet<SitePath> = year.paths().into_iter().collect();
    let offline = Offline { files, base_url: &portal.site.base_url, words: &words };
    year.produce(order.build, progress, &|Artefact { path, bytes, .. }| {
        let page = std::str::from_utf8(&bytes).ok().filter(|_| path.as_str().ends_with(".html"));
        match page {
            Some(html) => writer.add(&format!("site/{path}"), offline.page(&path, html).as_bytes()),
            None => writer.add(&format!("site/{path}"), &bytes),
        }
    })?;
    for asset in &portal.assets {
        let source = order.build.root.join("content").join(asset.path.as_str());
        let copied = File::open(&source).and_then(|mut file| writer.copy(&format!("site/{}", asset.path), &mut file));
        if copied.map_err(|e| Refused::Io(source, e))? != asset.stat.size {
            return Err(Refused::Changed(format!("content/{}", asset.path)));
        }
    }
    for (path, file) in year.kept_files() {
        let source = order.build.root.join(file);
        let copied = File::open(&source).and_then(|mut file| writer.copy(&format!("site/{path}"), &mut file));
        copied.map_err(|e| Refused::Io(source, e))?;
    }
    Ok(())
}

/// `sources/`: what the section was made from, but for attachments, which lie in `site/` under the same path. The text of
/// what was withdrawn, and of what is not published, is left out: the reason may stand in it.
fn sources(order: Order<'_>, year: &Year, writer: &Writer) -> Result<(), Refused> {
    let portal = year.portal();
    let kinds: BTreeSet<&str> = portal.reports.iter().map(|r| r.kind.as_str()).collect();
    let theme = format!("themes/{}/", portal.site.theme);
    let reports = portal.reports.iter().filter(|r| !r.is_withdrawn()).map(|r| r.file.as_ref());
    let pages = portal.pages.iter().chain(&portal.introduction).map(|p| p.file.as_ref());
    let own = kinds.iter().map(|id| format!("kinds/{id}.yaml")).filter(|f| year.inputs.contains_key(f));
    let themes = year.inputs.keys().filter(|path| path.starts_with(&theme)).cloned();
    let mut files: BTreeSet<String> = [site::FILE.to_string()].into_iter().chain(own).chain(themes).collect();
    files.extend(reports.chain(pages).map(str::to_string));
    for report in portal.reports.iter().filter(|r| !r.is_withdrawn()) {
        let kept = format!("{}/{}/", ledger::KEPT, report.id);
        files.extend(year.inputs.keys().filter(|path| path.starts_with(&kept)).cloned());
    }
    for file in files {
        let source = order.build.root.join(&file);
        let bytes = fs::read(&source).map_err(|e| Refused::Io(source.clone(), e))?;
        let known = year.inputs.get(&file).copied().flatten();
        if known.is_some_and(|known| known != Fingerprint::of(&bytes)) {
            return Err(Refused::Changed(file));
        }
        writer.add(&format!("sources/{file}"), &bytes).map_err(|e| Refused::Io(source, e))?;
    }
    for (id, text) in Kind::built_in().iter().filter(|(id, _)| kinds.contains(id)) {
        let file = format!("kinds/{id}.yaml");
        if !year.inputs.contains_key(&file) {
            let written = writer.add(&format!("sources/{file}"), text.as_bytes());
            written.map_err(|e| Refused::Io(PathBuf::from(&file), e))?;
        }
    }
    Ok(())
}

/// `ledger-extract.jsonl`: the lines of the ledger about the year, byte for byte; nothing where there is no ledger.
fn ledger(order: Order<'_>, writer: &Writer) -> Result<(), Refused> {
    let source = order.build.root.join(ledger::FILE);
    let at = |error| Refused::Io(source.clone(), error);
    let file = match File::open(&source) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(error)),
    };
    let mut reader = BufReader::new(file);
    let (mut extract, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        let n = reader.by_ref().take(LEDGER_LINE).read_until(b'\n', &mut line).map_err(at)?;
        if n == 0 {
            break;
        }
        if n as u64 == LEDGER_LINE {
            return Err(at(io::Error::other(format!("a line of more than {LEDGER_LINE} bytes"))));
        }
        if is_of(&line, order.year) {
            extract.extend_from_slice(&line);
        }
    }
    writer.add("ledger-extract.jsonl", &extract).map_err(at)
}

/// Whether a line of the ledger is about a year: about one of its reports, or its seal.
fn is_of(line: &[u8], year: u16) -> bool {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(line) else { return false };
    let text = format!("{year:04}");
    let report = value.get("report").and_then(|r| r.as_str()).and_then(|r| r.split_once('/'));
    let seal = value.get("seal");
    report.is_some_and(|(of, _)| of == text)
        || seal.is_some_and(|s| s.as_u64() == Some(year.into()) || s.as_str() == Some(&text))
}

/// `bag-info.txt`, in the order of RFC 8493, 2.2.2.
fn info(portal: &Portal, year: u16, day: CivilDate, total: Total) -> Info {
    let site = &portal.site;
    let text = |t: &Option<Box<str>>| t.as_ref().map(ToString::to_string);
    let publisher = text(&site.footer.sponsor).or_else(|| text(&site.portal.name));
    let contact = text(&site.footer.contact);
    let is_number = |t: &String| t.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    let is_mail = |t: &String| t.contains('@') && !t.contains(char::is_whitespace);
    let identifier = format!("{}{year:04}/", site.base_url);
    let description = Message::new("archive.description")
        .with("title", &site.title)
        .with("year", year)
        .with("count", portal.reports.len())
        .text(lang(portal));
    let fields = [
        ("Source-Organization", publisher.or_else(|| Some(site.title.to_string()))),
        ("Organization-Address", contact.clone().filter(|c| !is_number(c) && !is_mail(c))),
        ("Contact-Phone", contact.clone().filter(is_number)),
        ("Contact-Email", contact.filter(is_mail)),
        ("External-Description", Some(description)),
        ("Bagging-Date", Some(day.to_string())),
        ("External-Identifier", Some(identifier)),
        ("Bag-Size", Some(crate::base::media::human_size(total.bytes))),
        ("Payload-Oxum", Some(format!("{}.{}", total.bytes, total.files))),
        ("Bag-Group-Identifier", Some(site.base_url.to_string())),
        ("Internal-Sender-Identifier", text(&site.portal.id_code)),
        ("Bag-Software-Agent", Some(format!("sunlit {}", env!("CARGO_PKG_VERSION")))),
    ];
    let fields = fields.into_iter().filter_map(|(label, value)| Some((label.to_string(), value?))).collect();
    Info { fields, faults: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_whatever_the_address() {
        assert_eq!(name("https://www.example.gov.cn/zwgk/fzzf/", 2024), "www.example.gov.cn-zwgk-fzzf-2024");
        assert_eq!(name("https://例.example:8080/a%20b/../", 7), "example-8080-a-20b-0007");
        assert_eq!(name("", 2024), "archive-2024");
    }

    #[test]
    fn a_line_of_the_ledger_is_of_its_year() {
        assert!(is_of(br#"{"report":"2024/a","version":1}"#, 2024));
        assert!(is_of(br#"{"seal":2024}"#, 2024) && is_of(br#"{"seal":"2024"}"#, 2024));
        for other in ["{\"report\":\"2023/a\"}", "{\"seal\":2023}", "2024/a", "", "{\"report\":\"20245/a\"}"] {
            assert!(!is_of(other.as_bytes(), 2024), "{other}");
        }
    }
}
