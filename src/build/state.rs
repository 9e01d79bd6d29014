//! What a build remembers for the next one: beside the tree, in `.sunlit/`, never in it. Losing it costs time only.

use super::attachments::Clean;
use super::options::{Failed, Options};
use super::ready::Ready;
use crate::base::{Fingerprint, Sha256, SitePath};
use crate::diag::Diagnostic;
use crate::source::{Entry, Stat};
use crate::write::{Known, Written};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where the state of a tree is kept.
pub(super) struct Places {
    pub(super) folder: PathBuf,
    pub(super) state: PathBuf,
    pub(super) lock: PathBuf,
}

impl Places {
    /// `.sunlit/` in the folder that holds the tree.
    pub(super) fn of(out: &Path) -> Result<Self, Failed> {
        let full = std::path::absolute(out).map_err(|e| Failed::Io(out.to_path_buf(), e))?;
        let name = full.file_name().map_or_else(|| "root".into(), |n| n.to_string_lossy().into_owned());
        let folder = full.parent().unwrap_or(&full).join(".sunlit");
        private_folder(&folder).map_err(|e| Failed::Io(folder.clone(), e))?;
        Ok(Self { state: folder.join(format!("{name}.state")), lock: folder.join(format!("{name}.lock")), folder })
    }
}

/// Makes a folder that only its owner may look into: the memory names drafts and reports that are not due yet, and beside
/// an output folder below a web server's root it could be asked for.
fn private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    // Another build may have made it in the meantime.
    builder.recursive(true).create(folder)
}

/// The memory of a build.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Hash of everything the build was told.
    pub(super) told: u128,
    /// The theme's name, whose folder is an input.
    pub(super) theme: String,
    /// When the build began, nanoseconds since 1970.
    pub(super) started: i128,
    /// Between which moments the same reports are shown.
    pub(super) valid: (i64, i64),
    /// Reports shown.
    pub(super) reports: usize,
    /// Files it read.
    pub(super) inputs: BTreeMap<String, (Stat, Option<Fingerprint>)>,
    /// Published files in which it found nothing that stops a build.
    clean: Clean,
    /// Files it left.
    pub(super) outputs: Known,
    /// What it warned of.
    pub(super) warnings: Vec<Diagnostic>,
}

/// The first line: another version's state is no state.
const HEAD: &str = concat!("sunlit-state 1 ", env!("CARGO_PKG_VERSION"));

/// Everything a build is told that its output depends on, but for the moment.
pub(super) fn told(options: &Options) -> u128 {
    let text = format!("{:?}\0{:?}\0{:?}\0{:?}", options.root, options.out, options.base_url, options.drafts);
    Fingerprint::of(format!("{text}\0{}", executable()).as_bytes()).0
}

/// Size and time of the running program: a program that was built anew may build anew.
fn executable() -> String {
    let meta = std::env::current_exe().and_then(fs::metadata).map(|m| Stat::of(&m));
    format!("{:?}", meta.unwrap_or_default())
}

impl State {
    /// Reads a state; none where it is missing, of another version or damaged.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let (body, end) = text.strip_suffix('\n')?.rsplit_once('\n')?;
        (end == "end").then(|| parse(body))?
    }

    /// The files that need not be looked at again: the rules and the site are the same.
    pub(super) fn clean_for(&self, options: &Options, site: Fingerprint) -> Clean {
        let same = self.inputs.get(crate::model::site::FILE).and_then(|(_, hash)| *hash) == Some(site);
        if same && self.told == told(options) { self.clean.clone() } else { Clean::new() }
    }

    pub(super) fn forget(path: &Path) -> Result<(), Failed> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failed::Io(path.to_path_buf(), error)),
            _ => Ok(()),
        }
    }
}

/// The first half of a state's text: what the build was told, what it read and what it warned of.
pub(super) fn before(options: &Options, ready: &Ready) -> String {
    let Options { started, .. } = options;
    let Ready { portal, theme, findings, inputs, clean, .. } = ready;
    let ((from, until), reports, theme) = (portal.valid, portal.reports.len(), &theme.name);
    let mut out = String::with_capacity(320 * inputs.len() + 256);
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{HEAD}");
    let _ = writeln!(out, "{:x}\t{theme}\t{started}\t{from}\t{until}\t{reports}", told(options));
    for (Entry { path, stat }, hash) in inputs {
        out.push_str("i\t");
        push_stat(stat, &mut out);
        let _ = match hash {
            Some(hash) => writeln!(out, "{:x}\t{path}", hash.0),
            None => writeln!(out, "\t{path}"),
        };
    }
    for (path, stat) in clean {
        out.push_str("c\t");
        push_stat(stat, &mut out);
        let _ = writeln!(out, "\t{path}");
    }
    for warning in findings.iter().filter_map(|w| serde_json::to_string(w).ok()) {
        let _ = writeln!(out, "w\t{warning}");
    }
    out
}

/// The second half: what the build left.
pub(super) fn after(outputs: &Known, out: &mut String) {
    for (path, w) in outputs {
        out.push_str("o\t");
        push_stat(&w.stat, out);
        let _ = writeln!(out, "{:x}\t{}\t{path}", w.content.0, w.sha256);
    }
    out.push_str("end\n");
}

/// Writes a state's text.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let fresh = path.with_extension("state-new");
    fs::write(&fresh, text)?;
    fs::rename(&fresh, path)
}

fn push_stat(stat: &Stat, out: &mut String) {
    let Stat { size, modified, changed, inode } = stat;
    let _ = write!(out, "{size}\t{modified}\t{changed}\t{inode}\t");
}

fn parse(text: &str) -> Option<State> {
    let mut lines = text.split('\n');
    if lines.next()? != HEAD {
        return None;
    }
    let mut head = lines.next()?.split('\t');
    let mut state = State {
        told: u128::from_str_radix(head.next()?, 16).ok()?,
        theme: head.next()?.to_string(),
        started: head.next()?.parse().ok()?,
        valid: (head.next()?.parse().ok()?, head.next()?.parse().ok()?),
        reports: head.next()?.parse().ok()?,
        ..State::default()
    };
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    for line in lines {
        let (mark, rest) = line.split_once('\t')?;
        if mark == "w" {
            state.warnings.push(serde_json::from_str(rest).ok()?);
            continue;
        }
        let mut fields = rest.splitn(if mark == "o" { 7 } else { 6 }, '\t');
        let stat = Stat {
            size: fields.next()?.parse().ok()?,
            modified: fields.next()?.parse().ok()?,
            changed: fields.next()?.parse().ok()?,
            inode: fields.next()?.parse().ok()?,
        };
        let hash = Some(fields.next()?).filter(|h| !h.is_empty());
        let hash = hash.map(|h| u128::from_str_radix(h, 16).map(Fingerprint)).transpose().ok()?;
        if mark == "c" {
            state.clean.insert(SitePath::new(fields.next()?)?, stat);
        } else if mark == "i" {
            inputs.push((fields.next()?.to_string(), (stat, hash)));
        } else {
            let sha256 = Sha256::parse(fields.next()?)?;
            outputs.push((SitePath::new(fields.next()?)?, Written { sha256, content: hash?, stat }));
        }
    }
    // Written in order: building the maps is linear.
    state.inputs = inputs.into_iter().collect();
    state.outputs = outputs.into_iter().collect();
    Some(state)
}
