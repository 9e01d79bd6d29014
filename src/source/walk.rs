//! Lists a folder of the portal: sorted, bounded, without hidden files, and never outside itself.

use super::{bounds, file::unreadable};
use crate::diag::{Code, Diagnostic, Message, Place};
use rayon::prelude::*;
use std::{
    fs::Metadata,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// What the file system says of a file, for noticing change; none of it ever reaches an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// Last change of the content, nanoseconds since 1970.
    pub modified: i128,
    /// Last change of the inode, nanoseconds since 1970; 0 where the system has none.
    pub changed: i128,
    /// Inode number; 0 where the system has none.
    pub inode: u64,
}

impl Stat {
    /// The facts of `meta`.
    pub fn of(meta: &Metadata) -> Self {
        let modified = meta.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            (i128::from(meta.ctime()) * 1_000_000_000 + i128::from(meta.ctime_nsec()), meta.ino())
        };
        #[cfg(not(unix))]
        let (changed, inode) = (0, 0);
        Self { size: meta.len(), modified: modified.map_or(0, |d| d.as_nanos() as i128), changed, inode }
    }
}

/// A file of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path from the portal's root, `/`-separated.
    pub path: String,
    /// What the file system says of it.
    pub stat: Stat,
}

/// The files of a folder, sorted by path.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The files.
    pub files: Vec<Entry>,
}

/// Lists every file below `root/folder`. A folder that is not there is empty.
///
/// Hidden files and what editors and desktops leave behind (`.DS_Store`, `~$报告.docx`, `Thumbs.db`) are passed over.
/// A symbolic link may stand for a file or folder of the same folder tree; any other is FILE-013.
pub fn list(root: &Path, folder: &str, sink: &mut Vec<Diagnostic>) -> Tree {
    let base = root.join(folder);
    let mut tree = Tree::default();
    if !base.exists() {
        return tree;
    }
    let home = base.canonicalize().unwrap_or_else(|_| base.clone());
    let relative = |path: &Path| relative_to(root, path);
    let mut found = Vec::new();
    let mut walk =
        WalkDir::new(&base).follow_links(true).sort_by_file_name().max_depth(bounds::FOLDER_DEPTH + 1).into_iter();
    while let Some(step) = walk.next() {
        let entry = match step {
            Ok(entry) => entry,
            Err(error) => {
                sink.push(walk_error(&error, &relative));
                continue;
            }
        };
        if entry.depth() > 0 && is_ignored(&entry.file_name().to_string_lossy()) {
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        if entry.path_is_symlink() && !entry.path().canonicalize().is_ok_and(|real| real.starts_with(&home)) {
            sink.push(link_outside(&relative(entry.path()), folder));
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        if entry.depth() > bounds::FOLDER_DEPTH {
            let message = Message::new("file.too_deep").with("limit", bounds::FOLDER_DEPTH);
            sink.push(Diagnostic::new(Code::File010, message).at(relative(entry.path()), Place::Whole));
            walk.skip_current_dir();
            continue;
        }
        if found.len() == bounds::ENTRIES {
            let message = Message::new("file.too_many").with("limit", bounds::ENTRIES);
            sink.push(Diagnostic::new(Code::File010, message).at(folder, Place::Whole));
            break;
        }
        if entry.file_type().is_file() {
            found.push(entry);
        }
    }
    // Names come from reading folders; what the system says of each file is asked for on every core.
    let stat = |entry: &walkdir::DirEntry| {
        entry.metadata().map(|meta| Entry { path: relative(entry.path()), stat: Stat::of(&meta) })
    };
    for entry in found.par_iter().map(stat).collect::<Vec<_>>() {
        match entry {
            Ok(entry) => tree.files.push(entry),
            Err(error) => sink.push(walk_error(&error, &relative)),
        }
    }
    tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    tree
}

/// Whether a file or folder of this name is passed over, with all that is in it.
pub fn is_ignored(name: &str) -> bool {
    name.starts_with(['.', '~']) || name.ends_with('~') || matches!(name, "Thumbs.db" | "desktop.ini")
}

fn relative_to(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn link_outside(path: &str, folder: &str) -> Diagnostic {
    let message = Message::new("file.link_outside").with("folder", folder);
    Diagnostic::new(Code::File013, message).at(path, Place::Whole).help(Message::new("file.link_outside.help"))
}

fn walk_error(error: &walkdir::Error, relative: &dyn Fn(&Path) -> String) -> Diagnostic {
    let path = error.path().map(PathBuf::from).unwrap_or_default();
    let file = relative(&path);
    if error.loop_ancestor().is_some() {
        let help = Message::new("file.link_outside.help");
        return Diagnostic::new(Code::File013, Message::new("file.link_loop")).at(file, Place::Whole).help(help);
    }
    if path.is_symlink() {
        let help = Message::new("file.link_outside.help");
        return Diagnostic::new(Code::File013, Message::new("file.link_broken")).at(file, Place::Whole).help(help);
    }
    match error.io_error() {
        Some(io) => unreadable(&file, io),
        None => unreadable(&file, &std::io::Error::other(error.to_string())),
    }
}
