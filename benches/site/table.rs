//! The measured steps as Markdown tables, and what was promised of them.

use crate::measure::Cost;
use std::fmt::Write as _;
use std::time::Duration;

/// One step, measured several times; or why it could not be.
pub(crate) struct Row {
    pub(crate) step: Step,
    pub(crate) costs: Result<Vec<Cost>, String>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    SunlitFull,
    SunlitUnchanged,
    SunlitBody,
    SunlitTitle,
    SunlitSite,
    SunlitStateless,
    SunlitCheck,
    HugoSame,
    HugoOver,
    HugoPlain,
    Bare { threads: usize, place: String },
}

impl Step {
    fn name(&self) -> String {
        match self {
            Self::SunlitFull => "sunlit, empty target".into(),
            Self::SunlitUnchanged => "sunlit, nothing changed".into(),
            Self::SunlitBody => "sunlit, one body edited".into(),
            Self::SunlitTitle => "sunlit, one title edited".into(),
            Self::SunlitSite => "sunlit, footer edited: every page".into(),
            Self::SunlitStateless => "sunlit, over existing, state lost".into(),
            Self::SunlitCheck => "sunlit check, every rule".into(),
            Self::HugoSame => "Hugo, the same pages, empty target".into(),
            Self::HugoOver => "Hugo, the same pages, over existing".into(),
            Self::HugoPlain => "Hugo, plain pages, empty target".into(),
            Self::Bare { threads: 1, place } => format!("bare writing, {place}"),
            Self::Bare { threads, place } => format!("bare writing, {place}, {threads} threads"),
        }
    }
}

impl Row {
    fn best(&self) -> Option<Duration> {
        self.costs.as_ref().ok()?.iter().map(|c| c.wall).min()
    }

    fn median(&self) -> Option<Duration> {
        let mut walls: Vec<_> = self.costs.as_ref().ok()?.iter().map(|c| c.wall).collect();
        walls.sort();
        walls.get(walls.len() / 2).copied()
    }

    fn cpu(&self) -> Option<Duration> {
        self.costs.as_ref().ok()?.iter().filter_map(|c| c.cpu).min()
    }

    /// The largest of all runs.
    fn memory(&self) -> Option<u64> {
        self.costs.as_ref().ok()?.iter().filter_map(|c| c.memory).max()
    }
}

/// The table of one corpus; the last column counts in full builds by sunlit.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let full = find(rows, &Step::SunlitFull).and_then(Row::best);
    let mut out =
        String::from("| step | wall, best | wall, median | CPU, best | peak memory | to sunlit's full build |\n");
    out.push_str("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for row in rows {
        let name = row.step.name();
        if let Err(why) = &row.costs {
            let why = why.lines().last().unwrap_or_default().replace('|', "/");
            let _ = writeln!(out, "| {name} | failed: {why} | | | | |");
            continue;
        }
        let ratio = row.best().zip(full).map(|(a, b)| a.as_secs_f64() / b.as_secs_f64());
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {} |",
            cell(row.best(), seconds),
            cell(row.median(), seconds),
            cell(row.cpu(), seconds),
            cell(row.memory(), mebibytes),
            cell(ratio, times),
        );
    }
    out
}

/// A promise of docs/performance.md, and whether it was kept.
pub(crate) struct Promise {
    pub(crate) text: String,
    pub(crate) kept: bool,
}

/// What the rows say of the promises; none where a row is missing.
pub(crate) fn promises(rows: &[Row]) -> Vec<Promise> {
    let full = find(rows, &Step::SunlitFull);
    let same = find(rows, &Step::HugoSame);
    let unchanged = find(rows, &Step::SunlitUnchanged);
    let check = find(rows, &Step::SunlitCheck);
    let wall = |row: Option<&Row>| row.and_then(Row::best).map(|d| d.as_secs_f64());
    let memory = |row: Option<&Row>| row.and_then(Row::memory).map(|b| b as f64);
    let promises = [
        ("a full build takes at most a sixth of Hugo's time for the same pages", wall(full), wall(same), 6.0),
        ("a full build takes at most a tenth of Hugo's memory", memory(full), memory(same), 10.0),
        ("a build with nothing changed takes at most a tenth of the full one", wall(unchanged), wall(full), 10.0),
        ("a check by every rule takes no longer than a full build", wall(check), wall(full), 1.0),
    ];
    let judge = |(text, ours, theirs, part): (&str, Option<f64>, Option<f64>, f64)| {
        let found = theirs? / ours?;
        Some(Promise { text: format!("{text}: 1/{found:.1}"), kept: found >= part })
    };
    promises.into_iter().filter_map(judge).collect()
}

fn find<'a>(rows: &'a [Row], step: &Step) -> Option<&'a Row> {
    rows.iter().find(|row| row.step == *step)
}

fn cell<T>(value: Option<T>, show: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "–".to_string(), show)
}

fn seconds(time: Duration) -> String {
    let s = time.as_secs_f64();
    if s < 1.0 { format!("{:.0} ms", s * 1000.0) } else { format!("{s:.2} s") }
}

/// Bytes in MiB.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib < 10.0 { format!("{mib:.1} MiB") } else { format!("{mib:.0} MiB") }
}

fn times(ratio: f64) -> String {
    if ratio < 0.095 { format!("{ratio:.3}") } else { format!("{ratio:.2}") }
}
