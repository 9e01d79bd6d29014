//! The labelled set of personal data and secrecy marks: how much of it the detectors find, and how much they find
//! that is not there.
//! The table of the results is part of `docs/detection/personal.md`; a detector that gets worse, or better, changes
//! it and fails here.

use crate::portal::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use sunlit::base::CivilDate;
use sunlit::text::personal::{self, Personal};
use sunlit::text::secrecy::{self, Secrecy};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    #[serde(default)]
    finds: Vec<BTreeMap<String, String>>,
    /// Written after the detectors.
    #[serde(default)]
    second: bool,
}

/// A kind and the bytes where it stands.
type Found = (String, std::ops::Range<usize>);

#[derive(Default, Clone, Copy)]
struct Count {
    right: usize,
    missed: usize,
    wrong: usize,
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(repository().join("tests/labelled/personal.yaml")).expect("the set");
    serde_yaml::from_str(&text).expect("a list of cases")
}

/// The labels of a case as places; each piece is looked for behind the one before.
fn wanted(case: &Case) -> Vec<Found> {
    let mut from = 0;
    let pieces = case.finds.iter().flatten();
    let places = pieces.map(|(kind, piece)| {
        let at = case.text[from..].find(piece.as_str()).unwrap_or_else(|| panic!("{piece} is not in {}", case.text));
        let range = from + at..from + at + piece.len();
        from = range.end;
        (kind.clone(), range)
    });
    places.collect()
}

fn found(text: &str) -> Vec<Found> {
    let latest = CivilDate::parse("2024-12-31").expect("a day");
    let personal = personal::find(text, latest).into_iter().map(|h| (h.what.id().to_string(), h.range));
    personal.chain(secrecy::find(text).into_iter().map(|m| (m.what.id().to_string(), m.range))).collect()
}

fn kinds() -> Vec<&'static str> {
    Personal::ALL.into_iter().map(Personal::id).chain(Secrecy::ALL.into_iter().map(Secrecy::id)).collect()
}

/// What part of a whole, in per cent, or a dash where there is none.
fn share(part: usize, whole: usize) -> String {
    if whole == 0 { "–".to_string() } else { format!("{:.1}%", part as f64 * 100.0 / whole as f64) }
}

fn row(table: &mut String, name: &str, c: Count) {
    let (precision, recall) = (share(c.right, c.right + c.wrong), share(c.right, c.right + c.missed));
    writeln!(
        table,
        "| {name} | {} | {} | {} | {} | {precision} | {recall} |",
        c.right + c.missed,
        c.right,
        c.missed,
        c.wrong
    )
    .expect("a string");
}

/// Counts over the whole set, and a line for every case that is not as it should be.
fn measure(cases: &[Case]) -> (String, Vec<String>) {
    let mut counts: BTreeMap<String, Count> = kinds().iter().map(|k| ((*k).to_string(), Count::default())).collect();
    let mut open = Vec::new();
    let mut second = Count::default();
    for case in cases {
        let (wanted, found) = (wanted(case), found(&case.text));
        let mut differs = Vec::new();
        for label in &wanted {
            let count = counts.get_mut(&label.0).unwrap_or_else(|| panic!("no kind {}", label.0));
            if found.contains(label) {
                count.right += 1;
                second.right += usize::from(case.second);
            } else {
                count.missed += 1;
                second.missed += usize::from(case.second);
                differs.push(format!("misses {}", label.0));
            }
        }
        for hit in found.iter().filter(|h| !wanted.contains(h)) {
            counts.get_mut(&hit.0).expect("a kind").wrong += 1;
            second.wrong += usize::from(case.second);
            differs.push(format!("finds {}", hit.0));
        }
        if !differs.is_empty() {
            open.push(format!("- `{}`: {}", case.text, differs.join(", ")));
        }
    }
    let mut table = String::from(
        "| Kind | Labelled | Right | Missed | Wrong | Precision | Recall |\n|---|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut total = Count::default();
    for kind in kinds() {
        let c = counts.get(kind).copied().unwrap_or_default();
        row(&mut table, &format!("`{kind}`"), c);
        total = Count { right: total.right + c.right, missed: total.missed + c.missed, wrong: total.wrong + c.wrong };
    }
    row(&mut table, "**all**", total);
    row(&mut table, "**second part alone**", second);
    (table, open)
}

#[test]
fn the_document_shows_what_the_detectors_of_personal_data_reach() {
    let cases = cases();
    let (table, open) = measure(&cases);
    let silent = cases.iter().filter(|c| c.finds.is_empty()).count();
    let heading = format!("{} cases, {silent} of which must stay silent:", cases.len());
    let wrong = format!("Cases that are not as they should be: {}\n\n{}", open.len(), open.join("\n"));
    let result = format!("{heading}\n\n{table}\n{wrong}");
    let document =
        fs::read_to_string(repository().join("docs/detection/personal.md")).expect("docs/detection/personal.md");
    let shown = document.split_once("## Result\n\n").map(|(_, shown)| shown.trim_end());
    assert_eq!(shown, Some(result.trim_end()), "the section Result should be:\n\n{result}\n");
}

#[test]
fn every_kind_is_labelled_at_least_once_and_no_case_twice() {
    let cases = cases();
    let labelled: BTreeSet<_> =
        cases.iter().flat_map(|c| c.finds.iter().flat_map(|f| f.keys().map(String::as_str))).collect();
    assert_eq!(labelled, kinds().into_iter().collect());
    let texts: BTreeSet<_> = cases.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts.len(), cases.len());
    assert!(cases.len() >= 140 && cases.iter().filter(|c| c.finds.is_empty()).count() * 5 >= cases.len() * 2);
}
