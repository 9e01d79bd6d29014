//! Seals a year: a line of the ledger for each version of its reports that has none yet, and a copy of its source and of
//! its attachments. In: a portal that builds. Out: `ledger.jsonl` and `sealed/`, written beside and renamed, the copies
//! before the ledger that names them: a sealing that is killed leaves the old ledger, and can be done again.

use crate::base::{Fingerprint, Instant, ReportId, Sha256, SitePath};
use crate::build::{self, Failed, Judged, Options, Progress};
use crate::diag::{Diagnostic, Message};
use crate::emit::World;
use crate::markdown::Target;
use crate::model::history::{History, Standing};
use crate::model::ledger::{self, Entry, Ledger, Line, Seal, kept_file, kept_source};
use crate::model::{Portal, Report, Status};
use crate::render::{self, Bodies};
use crate::write::{Lock, WriteError};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use walkdir::WalkDir;

/// Whether anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Write,
    /// It is only said what would be.
    Rehearse,
}

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The versions that had no line yet, by report.
    pub versions: Vec<(ReportId, u32)>,
    /// Reports of the year that the ledger knows now.
    pub reports: u32,
}

/// Why nothing was sealed.
#[derive(Debug)]
pub enum Refused {
    /// The portal has errors, another command writes, or the world failed.
    Failed(Failed),
    /// The year has no published report.
    Nothing,
    /// This file changed while the portal was read.
    Moved(String),
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        Refused::Failed(failed)
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        Refused::Failed(error.into())
    }
}

/// Seals `year` of the portal at `options.root`, for the moment `options.as_of`, which the ledger records.
///
/// # Errors
/// Nothing is sealed while the portal has errors; the ledger is then as it was.
pub fn seal(options: &Options, year: u16, mode: Mode, progress: &dyn Progress) -> Result<Done, Refused> {
    let root = &options.root;
    let scratch = root.join(".sunlit");
    let _lock = Lock::take(&scratch.join("ledger.lock"))?.ok_or(Failed::Busy)?;
    let Judged { loaded, bodies } = build::judge(options, &scratch, progress)?;
    // Copies that no line names are what an interrupted sealing left: they are written again.
    let stops = |f: &Diagnostic| f.stops() && f.message.key != build::STRAY;
    if loaded.findings.iter().any(stops) {
        return Err(Failed::Findings(loaded.findings).into());
    }
    let (Some(mut portal), Some(theme)) = (loaded.portal, loaded.theme) else {
        return Err(Failed::Findings(loaded.findings).into());
    };
    let due = due(&mut portal, year);
    let before = portal.sealed.as_ref().map_or(0, |s| s.ledger.reports_of(year));
    let new = due.iter().filter(|i| portal.reports[**i].version() == Some(1));
    let reports = before + crate::model::history::count(new);
    if reports == 0 {
        return Err(Refused::Nothing);
    }
    let version = |i: &usize| (portal.reports[*i].id.clone(), portal.reports[*i].version().unwrap_or(1));
    let done = Done { versions: due.iter().map(version).collect(), reports };
    if due.is_empty() || mode == Mode::Rehearse {
        return Ok(done);
    }
    let read: BTreeMap<&str, Option<Fingerprint>> =
        loaded.inputs.iter().map(|(entry, hash)| (entry.path.as_str(), *hash)).collect();
    sweep(root, year);
    let world = World { portal: &portal, labels: &theme.labels };
    let recorded: Box<str> = portal.scope.as_of.to_rfc3339().into();
    let (mut lines, mut room) = (Vec::new(), Vec::new());
    for index in due {
        let report = &portal.reports[index];
        let body = bodies.body(report.body, &mut room).map_err(|e| Failed::Io(scratch.clone(), e))?;
        let mut data = Vec::new();
        render::data(world, report, &body, &mut data);
        let output = Sha256::of(&data);
        let known = read.get(report.file.as_ref()).copied().flatten();
        let entry = keep(root, report, known, output, &recorded)?;
        lines.push(Line::Report(Box::new(entry)));
    }
    lines.push(Line::Seal(Seal { year, reports, recorded }));
    let path = root.join(ledger::FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failed::Io(path, error).into()),
    };
    let whole = ledger::append(&text, &lines);
    // What is written is what will be read: a line that could not be read again must not get into the ledger.
    let mut found = Vec::new();
    let again = Ledger::read(whole.as_bytes(), &mut found);
    if again.is_none_or(|ledger| !ledger.lines().ends_with(&lines)) {
        return Err(Failed::Findings(found).into());
    }
    put(&path, |file| file.write_all(whole.as_bytes())).map_err(|e| Failed::Io(path.clone(), e))?;
    Ok(done)
}

/// The positions of the reports of a year whose version has no line yet; each gets the history that it will have.
fn due(portal: &mut Portal, year: u16) -> Vec<usize> {
    let (scope, mut due) = (portal.scope.clone(), Vec::new());
    for (index, report) in portal.reports.iter_mut().enumerate().filter(|(_, r)| r.id.year == year) {
        if report.status == Status::Draft || scope.is_scheduled(report) {
            continue;
        }
        match report.record.history.as_deref() {
            None => {
                let history = History {
                    version: 1,
                    standing: Standing::Sealed,
                    last: 0,
                    published: report.published.clone(),
                    reviewed: None,
                    earlier: Vec::new(),
                };
                Arc::make_mut(report).record.history = Some(Box::new(history));
            }
            Some(history) if history.standing == Standing::Next => {}
            Some(_) => continue,
        }
        due.push(index);
    }
    due
}

/// Keeps a version: a copy of its source and of the files of its own folder. Out: its line.
fn keep(
    root: &Path,
    report: &Report,
    known: Option<Fingerprint>,
    output: Sha256,
    recorded: &str,
) -> Result<Entry, Refused> {
    let version = report.version().unwrap_or(1);
    let from = root.join(report.file.as_ref());
    let bytes = fs::read(&from).map_err(|e| Failed::Io(from.clone(), e))?;
    if known != Some(Fingerprint::of(&bytes)) {
        return Err(Refused::Moved(report.file.to_string()));
    }
    let copy = root.join(kept_source(&report.id, version));
    put(&copy, |file| file.write_all(&bytes)).map_err(|e| Failed::Io(copy.clone(), e))?;
    let mut attachments = BTreeMap::new();
    for path in own_files(report) {
        let Some(kept) = kept_file(&report.id, version, &path) else { continue };
        let (from, copy) = (root.join("content").join(path.as_str()), root.join(kept));
        let copied = put(&copy, |file| File::open(&from).and_then(|mut from| io::copy(&mut from, file)).map(drop));
        copied.map_err(|e| Failed::Io(copy.clone(), e))?;
        let digest = File::open(&copy).and_then(Sha256::of_reader).map_err(|e| Failed::Io(copy.clone(), e))?;
        attachments.insert(path, digest);
    }
    Ok(Entry {
        report: report.id.clone(),
        version,
        published: report.published.as_ref().map(Instant::to_rfc3339).unwrap_or_default().into(),
        file: report.file.clone(),
        source: Sha256::of(&bytes),
        output,
        address: report.page(),
        attachments,
        corrections: crate::model::history::count(report.corrections.iter()),
        removals: report.removals(),
        recorded: recorded.into(),
    })
}

/// The published files of a report's own folder: attachments, and what its text shows or links.
fn own_files(report: &Report) -> BTreeSet<SitePath> {
    let linked = report.links.iter().filter_map(|link| match &link.target {
        Target::File(path) | Target::Image(path) => Some(path),
        Target::Page(_) | Target::Outside => None,
    });
    let own = format!("{}/", report.id);
    let all = report.attachments.iter().map(|a| &a.path).chain(linked);
    all.filter(|path| path.as_str().starts_with(&own)).cloned().collect()
}

/// What a file is called while it is written.
const UNFINISHED: &str = ".sunlit-new";

/// Takes away what a killed sealing left half written. What cannot be taken away is in nobody's way.
fn sweep(root: &Path, year: u16) {
    let kept = root.join(ledger::KEPT).join(format!("{year:04}"));
    let files = WalkDir::new(root).max_depth(1).into_iter().chain(WalkDir::new(kept)).filter_map(Result::ok);
    for file in files.filter(|f| f.file_type().is_file() && f.file_name().to_string_lossy().starts_with(UNFINISHED)) {
        let _ = fs::remove_file(file.path());
    }
}

/// Writes a file beside its place, makes sure that it is on the disk, and renames it there.
fn put(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut fresh = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    fill(fresh.as_file_mut())?;
    // The permissions of a file that anyone may make, not those of a secret.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_or(0o644, |meta| meta.permissions().mode());
        fresh.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
    }
    fresh.as_file().sync_all()?;
    fresh.persist(path).map_err(|e| e.error)?;
    // The new name is kept, too, where a folder can be synced.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

impl Refused {
    /// What to say of it, where there are no findings to print.
    pub fn message(&self, year: u16) -> Option<Message> {
        match self {
            Refused::Failed(Failed::Busy) => Some(Message::new("seal.busy")),
            Refused::Failed(_) => None,
            Refused::Nothing => Some(Message::new("seal.nothing").with("year", year)),
            Refused::Moved(file) => Some(Message::new("seal.moved").with("file", file)),
        }
    }
}
