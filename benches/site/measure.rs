//! Runs a command and returns what the kernel says it cost. `wait4` gives exact figures but needs `unsafe` here, so a
//! small Python program waits: its own start is not counted, and `VmHWM` need not be polled while the process lives.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Prints wall, user and system seconds, peak RSS in KiB and the exit code. `posix_spawn` shares the parent's memory
/// until exec, so a peak below Python's own (about 8 MiB) cannot be seen. Should memory run out, the kernel is asked to
/// end the measured program rather than anyone else's.
const WAIT: &str = r#"
import os, sys, time
log, argv = sys.argv[1], sys.argv[2:]
try:
    open("/proc/self/oom_score_adj", "w").write("1000")
except OSError:
    pass
out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
actions = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)]
start = time.perf_counter()
pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=actions)
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - start
rss = used.ru_maxrss // 1024 if sys.platform == "darwin" else used.ru_maxrss
print(wall, used.ru_utime + used.ru_stime, rss, os.waitstatus_to_exitcode(status))
"#;

/// The cost of one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// User and system time; unknown for what runs inside this process.
    pub(crate) cpu: Option<Duration>,
    /// Peak resident memory in bytes; unknown likewise.
    pub(crate) memory: Option<u64>,
}

/// Runs `program` to its end; its output goes to `log`, of which a failure shows the last lines.
pub(crate) fn run(program: &Path, args: &[&Path], temporary: &Path, log: &Path) -> Result<Cost, String> {
    let output = Command::new("python3")
        .args(["-I", "-S", "-c", WAIT])
        .arg(log)
        .arg(program)
        .args(args)
        .env("TMPDIR", temporary)
        .env("HUGO_CACHEDIR", temporary.join("hugo-cache"))
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("python3, which measures: {e}"))?;
    let line = String::from_utf8_lossy(&output.stdout);
    let fields: Vec<f64> = line.split_whitespace().filter_map(|f| f.parse().ok()).collect();
    let [wall, cpu, rss, code] = fields[..] else {
        return Err(format!("cannot measure {}: {line}", program.display()));
    };
    if code != 0.0 {
        let said = std::fs::read(log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<_> = said.lines().collect();
        let last = lines[lines.len().saturating_sub(20)..].join("\n");
        return Err(format!("{} ended with {code}\n{last}", program.display()));
    }
    Ok(Cost {
        wall: Duration::from_secs_f64(wall),
        cpu: Some(Duration::from_secs_f64(cpu)),
        memory: Some((rss * 1024.0) as u64),
    })
}
