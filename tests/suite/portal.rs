//! A portal in a folder of its own, and the program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, with nothing of the tester's environment that could change what it says.
pub(crate) fn sunlit() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sunlit"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "SOURCE_DATE_EPOCH", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// What the program said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) stderr: String,
    pub(crate) stdout: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stderr: String::from_utf8(output.stderr).expect("words are UTF-8"),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
        }
    }
}

impl Said {
    /// The codes of the findings, in the order in which they were printed.
    pub(crate) fn codes(&self) -> Vec<&str> {
        let heads = self.stderr.lines().filter_map(|l| l.split_once('[')?.1.split_once("]:"));
        heads
            .map(|(code, _)| code)
            .filter(|c| c.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-'))
            .collect()
    }
}

/// A portal that may be changed.
pub(crate) struct Portal {
    dir: TempDir,
}

/// The moment of all builds, so that reports with dates are shown or not whenever the tests run.
pub(crate) const AS_OF: &str = "2026-01-01 00:00";

impl Portal {
    /// The base portal of the tests.
    pub(crate) fn base() -> Self {
        Self::copy_of(&repository().join("tests/portal"))
    }

    /// A copy of the portal at `root`.
    pub(crate) fn copy_of(root: &Path) -> Self {
        let portal = Self { dir: TempDir::new().expect("a temporary folder") };
        for part in ["site.yaml", "content", "kinds", "ledger.jsonl", "sealed"] {
            copy(&root.join(part), &portal.path(part));
        }
        portal
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    pub(crate) fn write(&self, below: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap_or_else(|e| panic!("{below}: {e}"))
    }

    /// Replaces `from`, which must be there, in a file.
    pub(crate) fn edit(&self, below: &str, from: &str, to: &str) {
        let text = self.read(below);
        assert!(text.contains(from), "{below} has no {from}");
        self.write(below, text.replace(from, to));
    }

    /// Lays the files of a folder over the portal; `REMOVE` lists files to take away.
    pub(crate) fn lay_over(&self, folder: &Path) {
        copy(folder, self.root());
        let remove = self.path("REMOVE");
        if let Ok(list) = fs::read_to_string(&remove) {
            for line in list.lines().filter(|l| !l.trim().is_empty()) {
                fs::remove_file(self.path(line)).unwrap_or_else(|e| panic!("{line}: {e}"));
            }
            fs::remove_file(remove).expect("there");
        }
    }

    /// Builds to `public/`.
    pub(crate) fn build(&self) -> Said {
        self.build_with(&[])
    }

    pub(crate) fn build_with(&self, arguments: &[&str]) -> Said {
        self.run(&[&["--as-of", AS_OF], arguments].concat())
    }

    pub(crate) fn build_as_of(&self, moment: &str) -> Said {
        self.run(&["--as-of", moment])
    }

    /// Checks, in this language.
    pub(crate) fn check(&self, lang: &str, arguments: &[&str]) -> Said {
        let mut command = sunlit();
        command.current_dir(self.root()).args(["--lang", lang, "check", "--as-of", AS_OF]).args(arguments);
        command.output().expect("the program runs").into()
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = sunlit();
        command.current_dir(self.root()).args(["--lang", "en", "build"]).args(arguments);
        command.output().expect("the program runs").into()
    }

    /// Builds, and fails the test unless it went well.
    pub(crate) fn build_well(&self) -> Said {
        let said = self.build();
        assert_eq!(said.status, 0, "{}", said.stderr);
        said
    }

    /// Every file of the output with its bytes.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("public"))
    }
}

/// Every file below a folder with its bytes; none where there is no folder.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let walk = walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file());
    let name = |p: &Path| p.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
    walk.map(|e| (name(e.path()), fs::read(e.path()).expect("readable"))).collect()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok) {
        let below = entry.path().strip_prefix(from).expect("below");
        let target = if below.as_os_str().is_empty() { to.to_path_buf() } else { to.join(below) };
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).expect("a folder");
        } else {
            fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}
