//! Puts a finished file in its place: written beside it under another name and renamed, never over something else.
//! In: a path and what writes the file. Out: whether it is new, replaced, or was there already. Knows no format.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// What becomes of another file of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Kept,
    /// It is replaced.
    Replaced,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// The file is new.
    New,
    /// Another file was replaced.
    Replaced,
    /// The same file was there already.
    Same,
    /// Another file is there, and stays.
    InTheWay,
}

/// Writes a file with `fill` and puts it at `path`; whoever looks sees the old file or the new one, whole. `None` when
/// `fill` has nothing to write.
///
/// # Errors
/// What `fill` says, or what the world refuses, as `failed` makes it.
pub fn place<T, E>(
    path: &Path,
    existing: Existing,
    failed: impl Fn(io::Error) -> E,
    fill: impl FnOnce(&mut File) -> Result<Option<T>, E>,
) -> Result<Option<(T, Placed)>, E> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(&failed)?;
    let mut beside = beside(folder).map_err(&failed)?;
    let Some(made) = fill(beside.as_file_mut())? else { return Ok(None) };
    let placed = match (File::open(path), existing) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Placed::New,
        (Err(error), _) => return Err(failed(error)),
        (Ok(old), existing) => {
            if same(old, beside.reopen().map_err(&failed)?).map_err(&failed)? {
                return Ok(Some((made, Placed::Same)));
            }
            match existing {
                Existing::Kept => return Ok(Some((made, Placed::InTheWay))),
                Existing::Replaced => Placed::Replaced,
            }
        }
    };
    beside.as_file().sync_all().map_err(&failed)?;
    // A file that came in the meantime is not overwritten either.
    let put = if placed == Placed::New { beside.persist_noclobber(path) } else { beside.persist(path) };
    put.map_err(|error| failed(error.error))?;
    Ok(Some((made, placed)))
}

/// A file with the rights that any other new file gets.
fn beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sunlit-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn same(mut a: File, mut b: File) -> io::Result<bool> {
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let n = a.read(&mut left)?;
        if n == 0 {
            return Ok(true);
        }
        b.read_exact(&mut right[..n])?;
        if left[..n] != right[..n] {
            return Ok(false);
        }
    }
}
