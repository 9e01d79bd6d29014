//! SFTP, version 3 (draft-ietf-secsh-filexfer-02), spoken to the subsystem `sftp` through the host's own `ssh`. In: where, and
//! operations on paths. Out: answers, or the server's status. Keys, agent and known hosts are OpenSSH's business; nothing here
//! ever passes a shell on this side, and file names travel as bytes in packets, so that no name needs quoting.

use super::wire::{Answer, Field, Kind, SshError, fill_chunk, printable};
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// Where and how to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) user: Option<String>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// Another configuration file for `ssh` than the user's own (`ssh -F`).
    pub(super) config: Option<PathBuf>,
}

/// What a server may answer at most, in bytes; OpenSSH keeps every packet below 256 KiB.
const PACKET: usize = 512 << 10;
/// Most bytes of `ssh`'s own words that are kept.
const WORDS: u64 = 8 << 10;
/// Bytes of a file in one packet; every server takes 32 KiB.
const CHUNK: usize = 32 << 10;
/// Packets that may wait for their answer.
const WINDOW: usize = 32;

const READ: u32 = 0x01;
const WRITE: u32 = 0x02;
const CREATE: u32 = 0x08;
const TRUNCATE: u32 = 0x10;

/// One connection. Dropping it ends `ssh`.
#[derive(Debug)]
pub(super) struct Connection {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    words: Option<JoinHandle<Vec<u8>>>,
    next: u32,
    /// Whether the server renames over an existing file (`posix-rename@openssh.com`).
    posix_rename: bool,
}

impl Connection {
    /// Connects. Never asks anything of anybody (`BatchMode`), never takes an unknown host key.
    pub(super) fn open(place: &Place) -> Result<Self, SshError> {
        let mut command = Command::new("ssh");
        if let Some(config) = &place.config {
            command.arg("-F").arg(config);
        }
        // Options given first win over what the configuration says.
        for option in [
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            "ForwardAgent=no",
            "ForwardX11=no",
            "PermitLocalCommand=no",
            "ClearAllForwardings=yes",
            "ConnectTimeout=20",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=4",
            "ControlMaster=no",
            "LogLevel=ERROR",
        ] {
            command.arg("-o").arg(option);
        }
        if let Some(port) = place.port {
            command.arg("-p").arg(port.to_string());
        }
        if let Some(user) = &place.user {
            command.arg("-l").arg(user);
        }
        command.args(["-s", "--", &place.host, "sftp"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(SshError::NoProgram)?;
        let (to, from, words) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(from), Some(words)) = (from, words) else { return Err(SshError::Nonsense("no pipes")) };
        let words = std::thread::spawn(move || {
            let mut kept = Vec::new();
            let mut words = words;
            let _ = words.by_ref().take(WORDS).read_to_end(&mut kept);
            let _ = io::copy(&mut words, &mut io::sink());
            kept
        });
        let from = BufReader::with_capacity(64 << 10, from);
        let mut this = Self { child, to, from, words: Some(words), next: 0, posix_rename: false };
        this.greet()?;
        Ok(this)
    }

    fn greet(&mut self) -> Result<(), SshError> {
        self.write(&[0, 0, 0, 5, 1, 0, 0, 0, 3])?;
        let packet = self.packet()?;
        if packet.first() != Some(&2) {
            return Err(SshError::Nonsense("no version"));
        }
        let mut rest = Answer(packet, 1);
        let _version = rest.number()?;
        while !rest.is_empty() {
            let is_rename = rest.bytes()? == b"posix-rename@openssh.com";
            self.posix_rename |= rest.bytes()? == b"1" && is_rename;
        }
        Ok(())
    }

    /// Whether there is something at `path`, and what; symbolic links are followed.
    pub(super) fn stat(&mut self, path: &str) -> Result<Option<Kind>, SshError> {
        match self.ask(17, &[Field::Text(path)]) {
            Ok((105, mut answer)) => Ok(Some(answer.attributes()?)),
            Ok(_) => Err(SshError::Nonsense("no attributes")),
            Err(SshError::Absent) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes one folder; a status of the server where there is something already.
    pub(super) fn make_folder(&mut self, path: &str) -> Result<(), SshError> {
        self.ask(14, &[Field::Text(path), Field::Number(0)]).map(drop)
    }

    pub(super) fn remove_folder(&mut self, path: &str) -> Result<(), SshError> {
        self.ask(15, &[Field::Text(path)]).map(drop)
    }

    pub(super) fn remove(&mut self, path: &str) -> Result<(), SshError> {
        self.ask(13, &[Field::Text(path)]).map(drop)
    }

    /// Renames over whatever file is at `to`, in one step where the server can. A server that cannot gets the old file
    /// removed first: readers may meet the gap, but never half a file.
    pub(super) fn rename(&mut self, from: &str, to: &str) -> Result<(), SshError> {
        if self.posix_rename {
            let fields = [Field::Text("posix-rename@openssh.com"), Field::Text(from), Field::Text(to)];
            return self.ask(200, &fields).map(drop);
        }
        let fields = [Field::Text(from), Field::Text(to)];
        match self.ask(18, &fields) {
            Err(SshError::Status(..)) => match self.remove(to) {
                Ok(()) | Err(SshError::Absent) => self.ask(18, &fields).map(drop),
                Err(error) => Err(error),
            },
            other => other.map(drop),
        }
    }

    /// The names in a folder, without `.` and `..`, at most `most` of them.
    pub(super) fn list(&mut self, path: &str, most: usize) -> Result<Vec<(String, Kind)>, SshError> {
        let handle = self.handle(11, &[Field::Text(path)])?;
        let mut names = Vec::new();
        let ended = loop {
            match self.ask(12, &[Field::Bytes(&handle)]) {
                Ok((104, mut answer)) => {
                    for _ in 0..answer.number()? {
                        let name = String::from_utf8_lossy(answer.bytes()?).into_owned();
                        let _long = answer.bytes()?;
                        let kind = answer.attributes()?;
                        if name != "." && name != ".." {
                            names.push((name, kind));
                        }
                    }
                }
                Ok(_) => break Err(SshError::Nonsense("no names")),
                Err(SshError::Status(1, _)) => break Ok(()),
                Err(error) => break Err(error),
            }
            if names.len() > most {
                break Err(SshError::Nonsense("more files in one folder than are read"));
            }
        };
        self.close(&handle)?;
        ended.map(|()| names)
    }

    /// A whole file, or `None` where there is none; a file of more than `most` bytes is nonsense.
    pub(super) fn get(&mut self, path: &str, most: usize) -> Result<Option<Vec<u8>>, SshError> {
        match self.read(path, most.saturating_add(1))? {
            Some(bytes) if bytes.len() > most => Err(SshError::Nonsense("a file larger than is read")),
            bytes => Ok(bytes),
        }
    }

    /// A file, cut off after `most` bytes, or `None` where there is none.
    pub(super) fn read(&mut self, path: &str, most: usize) -> Result<Option<Vec<u8>>, SshError> {
        let handle = match self.handle(3, &[Field::Text(path), Field::Number(READ), Field::Number(0)]) {
            Ok(handle) => handle,
            Err(SshError::Absent) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        let ended = loop {
            let length = (most - bytes.len()).min(CHUNK);
            if length == 0 {
                break Ok(());
            }
            let at = Field::Long(bytes.len() as u64);
            match self.ask(5, &[Field::Bytes(&handle), at, Field::Number(length as u32)]) {
                Ok((103, mut answer)) => bytes.extend(answer.bytes()?.iter().take(length)),
                Ok(_) => break Err(SshError::Nonsense("no data")),
                Err(SshError::Status(1, _)) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.close(&handle)?;
        ended.map(|()| Some(bytes))
    }

    /// Writes a file at `path`, whatever was there before.
    pub(super) fn put(&mut self, path: &str, bytes: &mut dyn Read) -> Result<(), SshError> {
        let how = WRITE | CREATE | TRUNCATE;
        let handle = self.handle(3, &[Field::Text(path), Field::Number(how), Field::Number(0)])?;
        let (mut at, mut waiting, mut failed) = (0_u64, 0, None);
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = fill_chunk(bytes, &mut chunk).map_err(SshError::Local)?;
            let Some(part) = chunk.get(..length).filter(|p| !p.is_empty()) else { break };
            self.send(6, &[Field::Bytes(&handle), Field::Long(at), Field::Bytes(part)])?;
            at += length as u64;
            waiting += 1;
            if waiting >= WINDOW {
                waiting -= 1;
                self.settle(&mut failed)?;
            }
            if failed.is_some() {
                break;
            }
        }
        for _ in 0..waiting {
            self.settle(&mut failed)?;
        }
        let closed = self.close(&handle);
        failed.map_or(closed, Err)
    }

    /// Reads one answer to a write; the server's refusals are kept, so that every answer is read all the same.
    fn settle(&mut self, failed: &mut Option<SshError>) -> Result<(), SshError> {
        match self.answer() {
            Ok(_) => Ok(()),
            Err(error @ (SshError::Status(..) | SshError::Absent)) => {
                failed.get_or_insert(error);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn close(&mut self, handle: &[u8]) -> Result<(), SshError> {
        self.ask(4, &[Field::Bytes(handle)]).map(drop)
    }

    fn handle(&mut self, kind: u8, fields: &[Field<'_>]) -> Result<Vec<u8>, SshError> {
        match self.ask(kind, fields)? {
            (102, mut answer) => Ok(answer.bytes()?.to_vec()),
            _ => Err(SshError::Nonsense("no handle")),
        }
    }

    fn ask(&mut self, kind: u8, fields: &[Field<'_>]) -> Result<(u8, Answer), SshError> {
        self.send(kind, fields)?;
        self.answer()
    }

    fn send(&mut self, kind: u8, fields: &[Field<'_>]) -> Result<(), SshError> {
        self.next = self.next.wrapping_add(1);
        let mut packet = vec![0, 0, 0, 0, kind];
        packet.extend(self.next.to_be_bytes());
        fields.iter().for_each(|field| field.write(&mut packet));
        let length = (packet.len() - 4) as u32;
        packet.splice(..4, length.to_be_bytes());
        self.write(&packet)
    }

    /// The next answer. Servers answer in the order of the questions, since we never wait for more than writes at once.
    fn answer(&mut self) -> Result<(u8, Answer), SshError> {
        let packet = self.packet()?;
        let kind = packet.first().copied().unwrap_or_default();
        let mut answer = Answer(packet, 1);
        let _id = answer.number()?;
        if kind != 101 {
            return Ok((kind, answer));
        }
        match answer.number()? {
            0 => Ok((kind, answer)),
            2 => Err(SshError::Absent),
            code => Err(SshError::Status(code, printable(answer.bytes().unwrap_or_default()))),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SshError> {
        let Some(to) = self.to.as_mut() else { return Err(self.ended()) };
        match to.write_all(bytes).and_then(|()| to.flush()) {
            Ok(()) => Ok(()),
            Err(_) => Err(self.ended()),
        }
    }

    fn packet(&mut self) -> Result<Vec<u8>, SshError> {
        let mut length = [0; 4];
        if self.from.read_exact(&mut length).is_err() {
            return Err(self.ended());
        }
        let length = u32::from_be_bytes(length) as usize;
        if length > PACKET {
            return Err(SshError::Nonsense("a packet larger than is read"));
        }
        let mut packet = vec![0; length];
        match self.from.read_exact(&mut packet) {
            Ok(()) => Ok(packet),
            Err(_) => Err(self.ended()),
        }
    }

    /// What `ssh` said at its end.
    fn ended(&mut self) -> SshError {
        drop(self.to.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
        let words = self.words.take().and_then(|w| w.join().ok()).unwrap_or_default();
        SshError::Ended(printable(&words))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
