//! Bytes that wait on disk instead of in memory: converted bodies, and pages that are to replace others.
//! The file has no name, so nothing is left behind however the process ends.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Mutex;

/// A growing nameless file.
#[derive(Debug)]
pub struct Spool {
    file: File,
    end: Mutex<u64>,
}

/// A place in a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// First byte.
    pub at: u64,
    /// Bytes.
    pub len: usize,
}

impl Spool {
    /// A spool on the disk of `folder`.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, end: Mutex::new(0) })
    }

    /// Puts bytes away.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn put(&self, bytes: &[u8]) -> io::Result<Slot> {
        let at = {
            let mut end = self.end.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let at = *end;
            *end += bytes.len() as u64;
            at
        };
        write_at(&self.file, bytes, at)?;
        Ok(Slot { at, len: bytes.len() })
    }

    /// Takes bytes out again, into the front of `room`, which grows where it must: used again and again, it is filled
    /// with zeros once.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn get<'r>(&self, slot: Slot, room: &'r mut Vec<u8>) -> io::Result<&'r [u8]> {
        room.resize(room.len().max(slot.len), 0);
        read_at(&self.file, &mut room[..slot.len], slot.at)?;
        Ok(&room[..slot.len])
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let n = file.seek_write(bytes, at)?;
        (bytes, at) = (&bytes[n..], at + n as u64);
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    let mut done = 0;
    while done < bytes.len() {
        match file.seek_read(&mut bytes[done..], at + done as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => done += n,
        }
    }
    Ok(())
}
