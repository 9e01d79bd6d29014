//! Programs that tests start beside sunlit: where they are, what they print, and how they end with all that they started.

use crate::portal::repository;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A program of the tests' own tools or of the system.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = [repository().join("tests/tools/.venv/bin")];
    let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    let folders = own.into_iter().chain(std::env::split_paths(&path)).chain(system);
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Ends a server and the processes that it started, some of which have left its group.
pub(crate) fn end(mut child: Child) {
    let listed = run(Command::new("ps").args(["-eo", "pid=,ppid="]));
    let pairs = listed.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(|n| n.parse::<u32>().unwrap_or_default());
        Some((numbers.next()?, numbers.next()?))
    });
    let pairs: Vec<_> = pairs.collect();
    let mut ours = vec![child.id()];
    let mut at = 0;
    while let Some(parent) = ours.get(at).copied() {
        ours.extend(pairs.iter().filter(|(_, p)| *p == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    let ours: Vec<_> = ours.iter().map(u32::to_string).collect();
    let _ = Command::new("kill").arg("-KILL").args(ours).stderr(Stdio::null()).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// What a program prints; the test fails with it.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
