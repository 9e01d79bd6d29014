//! Packets of SFTP, version 3 (draft-ietf-secsh-filexfer-02): values in, values out, and what can be wrong with them. Knows no
//! connection.

use std::io::{self, Read};

/// What went wrong.
#[derive(Debug)]
pub(super) enum SshError {
    /// There is no program `ssh`.
    NoProgram(io::Error),
    /// `ssh` ended; its last words, made printable.
    Ended(String),
    /// A status of the server other than "no such file", with the server's words, made printable.
    Status(u32, String),
    /// SSH_FX_NO_SUCH_FILE.
    Absent,
    /// The server sent something that is not SFTP, or more than is read.
    Nonsense(&'static str),
    /// A file on this side could not be read.
    Local(io::Error),
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Other,
}

/// An answer after its type and id.
pub(super) struct Answer(pub(super) Vec<u8>, pub(super) usize);

/// One value of a packet.
pub(super) enum Field<'a> {
    Number(u32),
    Long(u64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl Field<'_> {
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        let bytes = match self {
            Self::Number(n) => return to.extend(n.to_be_bytes()),
            Self::Long(n) => return to.extend(n.to_be_bytes()),
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        };
        to.extend((bytes.len() as u32).to_be_bytes());
        to.extend_from_slice(bytes);
    }
}

impl Answer {
    pub(super) fn is_empty(&self) -> bool {
        self.1 >= self.0.len()
    }

    fn take(&mut self, length: usize) -> Result<&[u8], SshError> {
        let end = self.1.saturating_add(length);
        let bytes = self.0.get(self.1..end).ok_or(SshError::Nonsense("a packet cut short"))?;
        self.1 = end;
        Ok(bytes)
    }

    pub(super) fn number(&mut self) -> Result<u32, SshError> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b)))
    }

    pub(super) fn bytes(&mut self) -> Result<&[u8], SshError> {
        let length = self.number()? as usize;
        self.take(length)
    }

    /// What it is.
    pub(super) fn attributes(&mut self) -> Result<Kind, SshError> {
        let flags = self.number()?;
        if flags & 1 != 0 {
            self.take(8)?;
        }
        if flags & 2 != 0 {
            self.take(8)?;
        }
        let mode = if flags & 4 != 0 { self.number()? } else { 0 };
        if flags & 8 != 0 {
            self.take(8)?;
        }
        if flags & 0x8000_0000 != 0 {
            for _ in 0..self.number()? {
                self.bytes()?;
                self.bytes()?;
            }
        }
        Ok(match mode & 0o170_000 {
            0o040_000 => Kind::Folder,
            0o100_000 => Kind::File,
            _ => Kind::Other,
        })
    }
}

/// Fills a chunk as far as the file goes.
pub(super) fn fill_chunk(bytes: &mut dyn Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = chunk.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match bytes.read(rest) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The words of a server on one line, without what could steer a terminal.
pub(super) fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().map(|line| line.chars().filter(|c| !c.is_control()).collect::<String>());
    lines.map(|line| line.trim().to_string()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_into_a_packet_and_come_out_again() {
        let mut packet = Vec::new();
        for field in [Field::Text("附件 1"), Field::Number(7), Field::Bytes(b""), Field::Long(1 << 40)] {
            field.write(&mut packet);
        }
        let mut answer = Answer(packet, 0);
        assert_eq!(answer.bytes().ok(), Some("附件 1".as_bytes()));
        assert_eq!((answer.number().ok(), answer.bytes().ok()), (Some(7), Some(&b""[..])));
        assert_eq!((answer.number().ok(), answer.number().ok(), answer.is_empty()), (Some(256), Some(0), true));
        assert!(answer.number().is_err(), "there is nothing more");
    }

    #[test]
    fn attributes_tell_folders_from_files_and_end_where_the_next_name_begins() {
        // Size, owner, permissions, times, and one extension (section 5).
        let mut packet = vec![0x80, 0, 0, 0x0f, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0x41, 0xed];
        packet.extend([0; 8]);
        packet.extend([0, 0, 0, 1, 0, 0, 0, 1, b'x', 0, 0, 0, 1, b'y']);
        let mut answer = Answer(packet.clone(), 0);
        assert_eq!(answer.attributes().ok(), Some(Kind::Folder));
        assert!(answer.is_empty());
        for cut in 0..packet.len() {
            assert!(Answer(packet[..cut].to_vec(), 0).attributes().is_err(), "{cut}");
        }
    }

    #[test]
    fn words_of_a_server_cannot_steer_a_terminal() {
        assert_eq!(printable(b"a\x1b[31m\r\n\n  b\0\n"), "a[31m · b");
    }
}
