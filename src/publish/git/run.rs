//! The system's `git`, called with arguments in a repository of its own: no shell, no hooks, no question at a terminal,
//! no way to run programs through an address.

use super::super::target::Failure;
use crate::diag::Message;
use std::fmt::Display;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};

/// A bare repository that only publishing uses.
pub(super) struct Git {
    pub(super) folder: PathBuf,
}

/// How a push ended.
pub(super) enum Pushed {
    Done,
    /// The branch is not what it was when it was looked at.
    Overtaken,
}

impl Git {
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(&self.folder);
        for setting in
            ["core.hooksPath=/dev/null", "protocol.ext.allow=never", "gc.autoDetach=false", "core.autocrlf=false"]
        {
            command.args(["-c", setting]);
        }
        // Of other repositories whoever calls may stand in nothing is to be heard; sentences are to be read by us.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"] {
            command.env_remove(name);
        }
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    /// Makes the repository unless it is there.
    pub(super) fn prepare(&self) -> Result<(), Failure> {
        if self.folder.join("HEAD").is_file() {
            return Ok(());
        }
        let output = self.command().args(["init", "--quiet", "--bare", "--template="]).output();
        self.well(output).map(drop)
    }

    /// What git answers, as bytes.
    pub(super) fn ask_bytes(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        self.well(self.command().args(arguments).output())
    }

    /// What git answers.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<String, Failure> {
        self.ask_bytes(arguments).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether git says yes.
    pub(super) fn try_ask(&self, arguments: &[&str]) -> Result<bool, Failure> {
        let output = self.command().args(arguments).output().map_err(|e| self.missing(&e))?;
        Ok(output.status.success())
    }

    /// Starts git with its input open.
    pub(super) fn start(&self, arguments: &[&str]) -> Result<(Child, ChildStdin), Failure> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| self.missing(&e))?;
        match child.stdin.take() {
            Some(input) => Ok((child, input)),
            None => Err(self.failed(&"no input")),
        }
    }

    /// Pushes without force.
    pub(super) fn push(&self, url: &str, refspec: &str) -> Result<Pushed, Failure> {
        let output = self.command().args(["push", "--porcelain", "--no-verify", "--", url, refspec]).output();
        let output = output.map_err(|e| self.missing(&e))?;
        if output.status.success() {
            return Ok(Pushed::Done);
        }
        // Porcelain (git-push): a line with `!` for each refspec that failed, its reason at the end in brackets.
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let overtaken = |l: &str| {
            let reasons =
                ["(non-fast-forward)", "(fetch first)", "(stale info)", "cannot lock ref", "(failed to update ref)"];
            l.starts_with('!') && reasons.iter().any(|r| l.contains(r))
        };
        if told.lines().any(overtaken) {
            return Ok(Pushed::Overtaken);
        }
        self.well(Ok(Output { stderr: [output.stderr, output.stdout].concat(), stdout: Vec::new(), ..output }))?;
        Ok(Pushed::Done)
    }

    /// Who commits, by the configuration that holds in the portal's folder: `Name <address>`.
    pub(super) fn identity(&self, root: &Path) -> Result<String, Failure> {
        let mut command = Command::new("git");
        command.arg("-C").arg(root).args(["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]);
        let output = command.env("LC_ALL", "C").stdin(Stdio::null()).output().map_err(|e| self.missing(&e))?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        match told.rfind('>').and_then(|end| told.get(..=end)) {
            Some(ident) if output.status.success() => Ok(ident.to_string()),
            _ => Err(Failure::Permanent(Message::new("publish.git.identity"))),
        }
    }

    fn well(&self, output: std::io::Result<Output>) -> Result<Vec<u8>, Failure> {
        let output = output.map_err(|e| self.missing(&e))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        // Networks fail in these words (git, ssh, curl); everything else will fail again.
        let passing =
            ["timed out", "Could not resolve host", "Connection reset", "early EOF", "HTTP 5", "returned error: 5"];
        let message = Message::new("publish.git").with("error", telling(&told));
        Err(if passing.iter().any(|p| told.contains(p)) {
            Failure::Temporary(message)
        } else {
            Failure::Permanent(message)
        })
    }

    fn missing(&self, error: &std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Permanent(Message::new("publish.git.missing")),
            _ => self.failed(error),
        }
    }

    pub(super) fn failed(&self, error: &dyn Display) -> Failure {
        Failure::Permanent(Message::new("publish.git").with("error", error))
    }
}

/// What git said before it ended.
pub(super) fn said(child: &mut Child) -> String {
    let mut text = String::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(10_000).read_to_string(&mut text);
    }
    telling(&text)
}

/// The lines that tell what is wrong, without addresses that might carry a secret.
fn telling(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("hint:"));
    let lines: Vec<_> = lines.map(|l| l.split(' ').map(masked).collect::<Vec<_>>().join(" ")).take(5).collect();
    lines.join("; ").chars().filter(|c| !c.is_control()).take(1000).collect()
}

fn masked(word: &str) -> String {
    if word.contains("://") { super::super::address::mask(word) } else { word.to_string() }
}
