//! Makes a web archive of a year (WACZ 1.1.1): what a static host would have answered, packed so that it can be replayed
//! anywhere. In: a section and a year. Out: one file, the same bytes for the same content. Prints nothing.

use super::cdx::{self, Place};
use super::package::{self, Package, Resource};
use super::select::{self, Year};
use super::warc::{self, Head};
use super::zip::{self, Entry};
use crate::base::{Artefact, Sha256, SitePath, media};
use crate::build::{Failed, Phase, Progress, Section};
use crate::emit::Subject;
use crate::render::Room;
use rayon::prelude::*;
use sha2::Digest;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

/// Subjects and small files that are in memory at once.
const BATCH: usize = 64;
/// Files up to this size are packed in memory, larger ones in passing; in bytes.
const SMALL: u64 = 1 << 20;
/// The name of the file of records in the index.
const WARC_NAME: &str = "data.warc.gz";

/// What a web archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Reports of the year.
    pub reports: usize,
    /// Pages that can be opened.
    pub pages: usize,
    /// Addresses that answer.
    pub records: usize,
    /// Size in bytes.
    pub bytes: u64,
}

/// A record that is ready to be appended.
struct Packed {
    bytes: Vec<u8>,
    head: Head,
    /// The title of a page that is worth to be listed.
    title: Option<String>,
}

/// Writes the web archive of `year` to `out`; what waits until then is in files without a name in `scratch`. `None` when
/// no report of the year is published.
///
/// # Errors
/// What a page or a file is at fault with, or what the world refuses.
pub fn write(
    section: &Section,
    year: u16,
    out: &mut File,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<Option<Made>, Failed> {
    let Some(of_year) = select::of_year(section.portal(), section.subjects(), year) else { return Ok(None) };
    let io = |error| Failed::Io(scratch.to_path_buf(), error);
    let mut records = Records::new(tempfile::tempfile_in(scratch).map_err(io)?);
    let site = &section.portal().site;
    let title = format!("{} {year}", site.title);
    let info = [
        ("software", package::SOFTWARE.to_string()),
        ("format", "WARC File Format 1.1".to_string()),
        ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/".to_string()),
        ("isPartOf", title.clone()),
        ("description", format!("{year} {}", site.base_url)),
    ];
    warc::write_info(&mut records.out, of_year.latest, &info).map_err(io)?;
    progress.begin(Phase::Render, of_year.subjects.len() + of_year.assets.len());
    collect(section, &of_year, &mut records, scratch, progress)?;
    progress.begin(Phase::Write, 0);
    let main = SitePath::of(format!("{year:04}/index.html")).under(&site.base_url);
    let made = records.finish(&title, &main, &of_year, out).map_err(io)?;
    progress.end();
    Ok(Some(made))
}

fn collect(
    section: &Section,
    year: &Year<'_>,
    records: &mut Records,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<(), Failed> {
    let io = |error| Failed::Io(scratch.to_path_buf(), error);
    let base = &section.portal().site.base_url;
    for batch in year.subjects.chunks(BATCH) {
        let packed: Result<Vec<_>, Failed> = batch
            .par_iter()
            .map_init(Room::default, |room, subject| {
                let moment = select::moment_of(section.portal(), subject, year.latest);
                let files = section.files_of(subject, room)?;
                let listed = !matches!(subject, Subject::NotFound | Subject::Alias { .. });
                let packed: io::Result<Vec<_>> = files.iter().map(|f| pack(base, moment, f, listed)).collect();
                progress.step();
                packed.map_err(io)
            })
            .collect();
        records.append(packed?.into_iter().flatten().flatten()).map_err(io)?;
    }
    for artefact in section.theme_files() {
        records.append(pack(base, year.latest, artefact, false).map_err(io)?).map_err(io)?;
    }
    for batch in year.assets.chunks(BATCH) {
        let packed: Result<Vec<_>, Failed> = batch
            .par_iter()
            .filter(|asset| asset.stat.size <= SMALL)
            .map(|asset| {
                let source = section.source_of(asset);
                let failed = |error| Failed::Io(source.clone(), error);
                let mut bytes = Vec::new();
                File::open(&source).and_then(|f| f.take(SMALL + 1).read_to_end(&mut bytes)).map_err(failed)?;
                pack(base, year.latest, &Artefact::new(asset.path.clone(), bytes), false).map_err(failed)
            })
            .collect();
        records.append(packed?.into_iter().flatten()).map_err(io)?;
        for asset in batch.iter().filter(|asset| asset.stat.size > SMALL) {
            let source = section.source_of(asset);
            stream(base, year.latest, (&asset.path, asset.stat.size), &source, records)
                .map_err(|error| Failed::Io(source.clone(), error))?;
        }
        batch.iter().for_each(|_| progress.step());
    }
    for (path, file) in &year.kept {
        let source = section.kept_source(file);
        let failed = |error| Failed::Io(source.clone(), error);
        let size = std::fs::metadata(&source).map_err(failed)?.len();
        stream(base, year.latest, (path, size), &source, records).map_err(failed)?;
    }
    Ok(())
}

/// The records of a file: one for its address and, where a host answers for a folder with it, one for the folder's.
fn pack(base: &str, moment: i64, file: &Artefact, listed: bool) -> io::Result<Vec<Packed>> {
    let url = file.path.under(base);
    let kind = media::of_bytes(file.path.as_str(), &file.bytes);
    let is_page = listed && file.path.as_str().ends_with(".html");
    let title = is_page.then(|| package::title(&String::from_utf8_lossy(&file.bytes)));
    let folder = url.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).map(str::to_string);
    let mut out = Vec::new();
    for (url, title) in [(Some(url), title), (folder, None)] {
        let Some(url) = url else { continue };
        let head = Head::of(url, moment, kind.into(), file.bytes.len() as u64, &mut file.bytes.as_slice())?;
        let mut bytes = Vec::new();
        warc::write_response(&mut bytes, &head, &mut file.bytes.as_slice())?;
        out.push(Packed { bytes, head, title });
    }
    Ok(out)
}

/// The record of a large file, read twice and never held.
fn stream(
    base: &str,
    moment: i64,
    (path, size): (&SitePath, u64),
    source: &Path,
    records: &mut Records,
) -> io::Result<()> {
    let mut file = File::open(source)?;
    let mut first = Vec::new();
    (&mut file).take(SMALL).read_to_end(&mut first)?;
    // A character may be cut in two where the look ends.
    let whole = std::str::from_utf8(&first)
        .map_or_else(|e| if e.error_len().is_none() { e.valid_up_to() } else { 0 }, str::len);
    let looked = if whole == 0 { &first[..] } else { &first[..whole] };
    let kind = media::of_bytes(path.as_str(), looked);
    file.rewind()?;
    let head = Head::of(path.under(base), moment, kind.into(), size, &mut file)?;
    file.rewind()?;
    let from = records.out.size;
    warc::write_response(&mut records.out, &head, &mut BufReader::new(file))?;
    records.note(&head, from, None);
    Ok(())
}

/// The file of records as it grows, its index and its pages.
struct Records {
    out: Measured<BufWriter<File>>,
    lines: Vec<String>,
    pages: String,
    listed: usize,
}

impl Records {
    fn new(file: File) -> Self {
        let out = Measured { inner: BufWriter::new(file), crc: flate2::Crc::new(), sha: sha2::Sha256::new(), size: 0 };
        Self { out, lines: Vec::new(), pages: String::new(), listed: 0 }
    }

    fn append(&mut self, packed: impl IntoIterator<Item = Packed>) -> io::Result<()> {
        for Packed { bytes, head, title } in packed {
            let from = self.out.size;
            self.out.write_all(&bytes)?;
            self.note(&head, from, title.as_deref());
        }
        Ok(())
    }

    fn note(&mut self, head: &Head, from: u64, title: Option<&str>) {
        let place = Place { file: WARC_NAME.into(), offset: from, length: self.out.size - from };
        self.lines.push(cdx::line(head, &place));
        if let Some(title) = title {
            self.pages.push_str(&package::page_line(head, title));
            self.listed += 1;
        }
    }

    /// Puts the container together.
    fn finish(self, title: &str, main: &str, year: &Year<'_>, out: &mut File) -> io::Result<Made> {
        let Self { out: warc, mut lines, pages, listed } = self;
        let records = lines.len();
        lines.sort_unstable();
        let (index, pages) = (lines.concat(), package::pages_head(title) + &pages);
        let warc_entry = Entry { name: package::WARC.into(), crc: warc.crc.sum(), size: warc.size };
        let warc_digest = Sha256::from(<[u8; 32]>::from(warc.sha.finalize()));
        let resource = |path: &str, text: &str| Resource::new(path, Sha256::of(text.as_bytes()), text.len() as u64);
        let mut resources = vec![
            Resource::new(package::WARC, warc_digest, warc_entry.size),
            resource(package::INDEX, &index),
            resource(package::PAGES, &pages),
            resource(package::NOTE, package::NOTE_TEXT),
        ];
        let sums = package::sums(&resources);
        resources.push(resource(package::SUMS, &sums));
        let date = warc::date(year.latest);
        let list = Package {
            profile: "data-package".into(),
            wacz_version: "1.1.1".into(),
            title: title.into(),
            description: format!("{title}: {main}"),
            created: date.clone(),
            software: package::SOFTWARE.into(),
            main_page_url: main.into(),
            main_page_date: date,
            resources,
        };
        let list = list.text();
        let digest = package::digest(list.as_bytes());
        let mut warc = warc.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
        warc.rewind()?;
        let mut files: Vec<(Entry, Box<dyn Read + '_>)> = vec![(warc_entry, Box::new(BufReader::new(warc)))];
        let texts = [
            (package::INDEX, index.as_bytes()),
            (package::PAGES, pages.as_bytes()),
            (package::NOTE, package::NOTE_TEXT.as_bytes()),
            (package::SUMS, sums.as_bytes()),
            (package::LIST, list.as_bytes()),
            (package::DIGEST, digest.as_bytes()),
        ];
        for (name, bytes) in texts {
            let mut crc = flate2::Crc::new();
            crc.update(bytes);
            files.push((Entry { name: name.into(), crc: crc.sum(), size: bytes.len() as u64 }, Box::new(bytes)));
        }
        let mut buffered = BufWriter::new(&mut *out);
        zip::write(&mut buffered, files)?;
        buffered.flush()?;
        drop(buffered);
        Ok(Made { reports: year.reports, pages: listed, records, bytes: out.stream_position()? })
    }
}

/// Counts and hashes what is written.
struct Measured<W> {
    inner: W,
    crc: flate2::Crc,
    sha: sha2::Sha256,
    size: u64,
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.crc.update(&bytes[..n]);
        self.sha.update(&bytes[..n]);
        self.size += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
