//! What a publication does, decided before anything is done: by hash, against what stands on the target.
//!
//! Files go in four stages, so that wherever a run is interrupted no link that a reader can follow is broken:
//! 1. what is new is added: no page links to it yet;
//! 2. what an unfinished run added and is to be otherwise is replaced: pages link to it only if that run came so far, and
//!    then all that it was to add stands;
//! 3. what changed is replaced: all that the new pages link to stands;
//! 4. what is no longer wanted is removed: no page links to it any more.
//!
//! A compressed copy that comes beside a page that is there shows readers what changed: it goes with the changes. One that
//! goes from beside a page that stays shows them what was: it goes first.

use super::journal::{Books, Now};
use super::order::{Rank, original, rank};
use super::target::Standing;
use crate::base::{Sha256, SitePath};
use std::collections::BTreeMap;

/// When a file goes, first to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is new.
    Add,
    /// An unfinished run added it, and it is to be otherwise.
    Mend,
    /// It changed.
    Change,
}

/// A file to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it goes.
    pub stage: Stage,
    /// How early within the stage.
    pub rank: Rank,
    /// Where it goes.
    pub path: SitePath,
    /// What it is to be.
    pub sha256: Sha256,
    /// Its size in bytes; 0 until the tree was looked at.
    pub length: u64,
}

/// What a publication does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is sent, in its order.
    pub send: Vec<Step>,
    /// What is removed, in its order: lists before what they list.
    pub remove: Vec<SitePath>,
    /// How many files stay as they are.
    pub kept: usize,
    /// What stands in the way and is not sunlit's.
    pub foreign: Vec<SitePath>,
    /// Files that would have to become folders, or folders that would have to become files.
    pub clashes: Vec<SitePath>,
}

impl Plan {
    /// How many files are new.
    pub fn added(&self) -> usize {
        self.send.iter().filter(|s| s.stage == Stage::Add).count()
    }

    /// How many files are replaced.
    pub fn changed(&self) -> usize {
        self.send.len() - self.added()
    }

    /// How many bytes are sent.
    pub fn bytes(&self) -> u64 {
        self.send.iter().map(|s| s.length).sum()
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.send.is_empty() && self.remove.is_empty()
    }
}

/// The paths that the target must be asked about: what the books cannot tell.
pub fn open_questions(wanted: &BTreeMap<SitePath, Sha256>, books: &Books) -> Vec<SitePath> {
    let open = |path: &&SitePath| !matches!(books.now(path), Some(Now::Is(_)));
    wanted.keys().filter(open).cloned().collect()
}

/// The plan that turns what stands into what is wanted. `answers` are those to [`open_questions`].
pub fn plan(wanted: &BTreeMap<SitePath, Sha256>, books: &Books, answers: &BTreeMap<SitePath, Standing>) -> Plan {
    let mut plan = Plan::default();
    for (path, digest) in wanted {
        let replaced = if books.finished.contains_key(path) { Stage::Change } else { Stage::Mend };
        let answer = answers.get(path).copied().unwrap_or(Standing::Absent);
        let stage = match (books.now(path), answer) {
            (Some(Now::Is(there)), _) if there == *digest => None,
            (Some(Now::Is(_)), _) => Some(replaced),
            (_, Standing::Is(there)) if there == *digest => None,
            (Some(Now::Changing(_)), Standing::Is(_) | Standing::Other) => Some(replaced),
            (Some(_), _) | (None, Standing::Absent) => Some(Stage::Add),
            (None, _) => {
                plan.foreign.push(path.clone());
                continue;
            }
        };
        match stage {
            Some(mut stage) => {
                if stage == Stage::Add && original(path).is_some_and(|page| books.now(&page).is_some()) {
                    stage = Stage::Change;
                }
                let step = Step { stage, rank: rank(path), path: path.clone(), sha256: *digest, length: 0 };
                if stage == Stage::Add && clashes(path, books) {
                    plan.clashes.push(path.clone());
                }
                plan.send.push(step);
            }
            None => plan.kept += 1,
        }
    }
    plan.send.sort_by(|a, b| (a.stage, a.rank, &a.path).cmp(&(b.stage, b.rank, &b.path)));
    plan.remove = books.paths().filter(|p| !wanted.contains_key(*p)).cloned().collect();
    plan.remove.sort_by(|a, b| batch(a).cmp(&batch(b)).then_with(|| b.cmp(a)));
    plan
}

/// Which removals go together, first to last: compressed copies, then lists before what they list.
pub fn batch(path: &SitePath) -> (bool, std::cmp::Reverse<Rank>) {
    (original(path).is_none(), std::cmp::Reverse(rank(path)))
}

/// Whether a file of ours stands where a new path needs a folder, or the other way round.
fn clashes(path: &SitePath, books: &Books) -> bool {
    let mut folder = path.as_str();
    while let Some((parent, _)) = folder.rsplit_once('/') {
        if books.now(&SitePath::of(parent)).is_some() {
            return true;
        }
        folder = parent;
    }
    let below = SitePath::of(format!("{path}/"));
    let first = |mut paths: Box<dyn Iterator<Item = &SitePath> + '_>| {
        paths.next().is_some_and(|p| p.as_str().starts_with(below.as_str()) && books.now(p).is_some())
    };
    first(Box::new(books.finished.range(&below..).map(|(p, _)| p)))
        || first(Box::new(books.touched.range(&below..).map(|(p, _)| p)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(files: &[(&str, &str)]) -> BTreeMap<SitePath, Sha256> {
        files.iter().map(|(path, text)| (SitePath::of(*path), Sha256::of(text.as_bytes()))).collect()
    }

    fn order(plan: &Plan) -> Vec<(Stage, &str)> {
        plan.send.iter().map(|s| (s.stage, s.path.as_str())).collect()
    }

    #[test]
    fn files_go_so_that_links_hold() {
        let old = map(&[("index.html", "1"), ("2023/a.html", "1"), ("assets/s.1.css", "1"), ("2022/x.html", "1")]);
        let new = map(&[
            ("index.html", "2"),
            ("2023/a.html", "2"),
            ("assets/s.2.css", "2"),
            ("2024/a.html", "2"),
            ("a", "2"),
        ]);
        let books = Books { finished: old, ..Books::default() };
        let plan = plan(&new, &books, &BTreeMap::new());
        assert_eq!(
            order(&plan),
            [
                (Stage::Add, "assets/s.2.css"),
                (Stage::Add, "a"),
                (Stage::Add, "2024/a.html"),
                (Stage::Change, "2023/a.html"),
                (Stage::Change, "index.html")
            ]
        );
        let removed: Vec<_> = plan.remove.iter().map(SitePath::as_str).collect();
        assert_eq!(removed, ["2022/x.html", "assets/s.1.css"]);
    }

    #[test]
    fn a_compressed_copy_never_shows_a_page_before_or_after_its_time() {
        let old = map(&[("p.html", "1"), ("q.html", "1"), ("q.html.gz", "1"), ("z.html", "1"), ("z.html.br", "1")]);
        let new = map(&[("p.html", "2"), ("p.html.gz", "2"), ("n.html", "2"), ("n.html.gz", "2"), ("q.html", "1")]);
        let plan = plan(&new, &Books { finished: old, ..Books::default() }, &BTreeMap::new());
        let (add, change) = (Stage::Add, Stage::Change);
        assert_eq!(order(&plan), [(add, "n.html"), (add, "n.html.gz"), (change, "p.html"), (change, "p.html.gz")]);
        let removed: Vec<_> = plan.remove.iter().map(SitePath::as_str).collect();
        assert_eq!(removed, ["z.html.br", "q.html.gz", "z.html"]);
        assert_ne!(batch(&plan.remove[1]), batch(&plan.remove[2]));
    }

    #[test]
    fn an_unfinished_run_is_continued_even_towards_another_tree() {
        let new = map(&[("a", "2"), ("b", "2"), ("c", "2"), ("d", "2"), ("e", "2"), ("f", "2")]);
        let digest = |text: &str| Sha256::of(text.as_bytes());
        let touched = [
            ("a", Now::Adding(digest("1"))),
            ("b", Now::Is(digest("1"))),
            ("c", Now::Changing(digest("1"))),
            ("d", Now::Removing),
            ("e", Now::Gone),
            ("f", Now::Is(digest("2"))),
            ("g", Now::Adding(digest("1"))),
        ];
        let touched = touched.into_iter().map(|(p, now)| (SitePath::of(p), now)).collect();
        let books = Books { finished: map(&[("c", "0"), ("d", "0"), ("e", "0")]), touched };
        let questions = open_questions(&new, &books);
        assert_eq!(questions.iter().map(SitePath::as_str).collect::<Vec<_>>(), ["a", "c", "d", "e"]);
        let answers = [("a", Standing::Other), ("c", Standing::Other), ("d", Standing::Is(digest("2")))];
        let answers = answers.into_iter().map(|(p, s)| (SitePath::of(p), s)).collect();
        let plan = plan(&new, &books, &answers);
        let wanted = [(Stage::Add, "a"), (Stage::Add, "e"), (Stage::Mend, "b"), (Stage::Change, "c")];
        assert_eq!(order(&plan), wanted);
        assert_eq!((plan.kept, plan.remove.len(), plan.foreign.len()), (2, 1, 0));
    }

    #[test]
    fn what_others_put_there_is_in_the_way_unless_it_is_the_same() {
        let new = map(&[("a", "1"), ("b", "1")]);
        let answers = [("a", Standing::Other), ("b", Standing::Is(Sha256::of(b"1")))];
        let answers = answers.into_iter().map(|(p, s)| (SitePath::of(p), s)).collect();
        let plan = plan(&new, &Books::default(), &answers);
        assert_eq!((plan.foreign, plan.kept, plan.send.len()), (vec![SitePath::of("a")], 1, 0));
    }

    #[test]
    fn a_file_that_is_to_become_a_folder_is_told() {
        for (old, new) in [("a", "a/b"), ("a/b/c", "a")] {
            let books = Books { finished: map(&[(old, "1"), ("a!", "1")]), ..Books::default() };
            assert_eq!(plan(&map(&[(new, "1")]), &books, &BTreeMap::new()).clashes.len(), 1, "{old} → {new}");
        }
    }
}
