//! `--preview`: the corpus as a portal and as a Hugo site, and the script beside this file that times saves on both.

use crate::corpus::Corpus;
use crate::hugo::{Hugo, Pages};
use crate::place::Place;
use crate::{hugo, portal};
use std::path::Path;
use std::process::Command;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The time from a save to the page.
    Times,
    /// The memory over so many minutes of edits.
    Soak(usize),
}

/// Measures; the table goes to standard output.
pub(crate) fn run(
    corpus: &Corpus,
    place: &Place,
    (sunlit, hugo): (&Path, Option<&Hugo>),
    asked: Asked,
    rounds: usize,
) -> Result<(), String> {
    let root = place.empty("portal")?;
    portal::write(corpus, &root)?;
    let edited = corpus.id(corpus.reports / 2);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/site/preview.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg("--report").arg(edited).arg("--rounds").arg(rounds.to_string());
    node.arg("--sunlit").arg(sunlit).arg(&root);
    match (asked, hugo) {
        (Asked::Soak(minutes), _) => {
            node.arg("--soak").arg(minutes.to_string());
        }
        (Asked::Times, Some(hugo)) => {
            let site = place.empty("hugo-site")?;
            hugo::write(corpus, Pages::Plain, &site)?;
            node.arg("--hugo").arg(&hugo.program).arg(&site);
        }
        (Asked::Times, None) => {}
    }
    let done = node.status().map_err(|e| format!("node: {e}"))?;
    done.success().then_some(()).ok_or_else(|| "the script failed".to_string())
}
