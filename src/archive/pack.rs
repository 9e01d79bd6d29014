//! A folder as one file: tar (POSIX.1-2001) or zip, with the same bytes each time. In: a folder, its files and a day.
//! Out: an archive in which modes, owners and times are the same whoever packs it, and the order is that of the names.

use crate::base::{CivilDate, Instant, Zone};
use crate::build::{Phase, Progress};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// What is packed.
#[derive(Clone, Copy)]
pub(super) struct Load<'a> {
    /// The folder.
    pub(super) root: &'a Path,
    /// What it is called in the archive.
    pub(super) name: &'a str,
    /// Its files, `/`-separated, in the order of the archive.
    pub(super) files: &'a [String],
    /// The day that all of them bear.
    pub(super) day: CivilDate,
}

/// Packs a tar.
pub(super) fn tar(load: Load<'_>, to: &Path, progress: &dyn Progress) -> io::Result<()> {
    let seconds = Instant::start_of(load.day, &Zone::utc()).map_or(0, |i| i.unix());
    let mut builder = tar::Builder::new(BufWriter::new(File::create(to)?));
    progress.begin(Phase::Write, load.files.len());
    for file in load.files {
        let source = File::open(load.root.join(file))?;
        let path = format!("{}/{file}", load.name);
        let size = source.metadata()?.len();
        let mut header = tar::Header::new_ustar();
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(seconds).unwrap_or(0));
        header.set_entry_type(tar::EntryType::Regular);
        // A ustar name is ASCII and of bounded length; any other stands in an extended header.
        if !path.is_ascii() || header.set_path(&path).is_err() {
            builder.append_pax_extensions([("path", path.as_bytes())])?;
            let short: String = path.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
            let tail = short.len().saturating_sub(99);
            header.set_path(short[tail..].trim_start_matches('/'))?;
        }
        header.set_cksum();
        builder.append(&header, source.take(size))?;
        progress.step();
    }
    let file = builder.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// Packs a zip. Nothing is compressed: so the bytes depend on no compressor, today's or the next one's, and what a bad
/// sector takes is one file.
pub(super) fn zip(load: Load<'_>, to: &Path, progress: &dyn Progress) -> io::Result<()> {
    let text = load.day.to_string();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse().ok());
    let day = |month: u16| u8::try_from(month).ok();
    let stamp = (|| {
        let (year, month, date) = (number(0..4)?, day(number(5..7)?)?, day(number(8..10)?)?);
        zip::DateTime::from_date_and_time(year, month, date, 0, 0, 0).ok()
    })();
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(stamp.unwrap_or_default())
        .system(zip::System::Unix)
        .unix_permissions(0o644);
    let mut writer = zip::ZipWriter::new(BufWriter::new(File::create(to)?));
    progress.begin(Phase::Write, load.files.len());
    for file in load.files {
        let mut source = File::open(load.root.join(file))?;
        let large = source.metadata()?.len() >= zip::ZIP64_BYTES_THR;
        writer.start_file(format!("{}/{file}", load.name), options.large_file(large))?;
        io::copy(&mut source, &mut writer)?;
        progress.step();
    }
    let mut file = writer.finish()?;
    file.flush()?;
    file.get_ref().sync_all()
}
