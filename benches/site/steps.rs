//! The steps that are measured for one corpus, in their order. Each leaves behind no more than the next one needs:
//! on tmpfs a tree of 100,000 reports is memory that the generators would miss.

use crate::args::Args;
use crate::bare::Tree;
use crate::corpus::Corpus;
use crate::hugo::{self, Hugo, Pages};
use crate::measure::{self, Cost};
use crate::place::{self, Place};
use crate::portal::{self, Shown};
use crate::same::Sample;
use crate::table::{Row, Step, mebibytes};
use std::path::Path;

type Edit = fn(&Corpus, &Path, usize) -> Result<Shown, String>;

/// What all steps share.
pub(crate) struct Bench<'a> {
    pub(crate) args: &'a Args,
    pub(crate) place: &'a Place,
    pub(crate) sunlit: Option<&'a Path>,
    pub(crate) hugo: Option<&'a Hugo>,
}

impl Bench<'_> {
    /// All rows for one corpus. A step that fails is a row that says so.
    pub(crate) fn corpus(&self, corpus: &Corpus) -> Result<Vec<Row>, String> {
        crate::folder(&self.place.root.join("tmp"))?;
        let mut rows = Vec::new();
        let ours = self.sunlit.map(|program| self.sunlit(corpus, program, &mut rows)).transpose()?.flatten();
        if ours.is_some() {
            self.bare("sunlit", &mut rows)?;
        }
        self.clear(&["portal", "sunlit"])?;
        if let Some(hugo) = self.hugo {
            self.hugo(corpus, hugo, ours.as_ref(), &mut rows)?;
            if ours.is_none() {
                self.bare("hugo", &mut rows)?;
            }
        }
        self.clear(&["site", "hugo", "tmp"])?;
        Ok(rows)
    }

    fn clear(&self, names: &[&str]) -> Result<(), String> {
        let names = if self.args.keep { &[] } else { names };
        names.iter().try_for_each(|name| self.place.empty(name).map(|_| ()))
    }

    /// Answers with some of the pages, as the full build made them; `None` when it failed.
    fn sunlit(&self, corpus: &Corpus, program: &Path, rows: &mut Vec<Row>) -> Result<Option<Sample>, String> {
        let root = self.place.empty("portal")?;
        crate::folder(&root)?;
        portal::write(corpus, &root)?;
        let out = self.place.root.join("sunlit");
        let state = self.place.root.join(".sunlit");
        let build = || {
            let args = ["--root".as_ref(), root.as_path(), "build".as_ref(), "-o".as_ref(), out.as_path()];
            self.run(program, &args)
        };
        rows.push(self.step(Step::SunlitFull, |_| {
            place::remove(&out)?;
            place::remove(&state)?;
            build()
        }));
        if rows.iter().all(|row| row.costs.is_err()) {
            return Ok(None);
        }
        let sample = Sample::read(corpus, &out)?;
        rows.push(self.step(Step::SunlitUnchanged, |_| build()));
        let edits: [(Step, Edit); 3] = [
            (Step::SunlitBody, portal::edit_body),
            (Step::SunlitTitle, portal::edit_title),
            (Step::SunlitSite, portal::edit_site),
        ];
        for (step, edit) in edits {
            rows.push(self.step(step, |round| {
                let shown = edit(corpus, &root, round)?;
                let cost = build()?;
                shown.check(&out)?;
                Ok(cost)
            }));
        }
        rows.push(self.step(Step::SunlitStateless, |_| {
            place::remove(&state)?;
            build()
        }));
        let check = ["--root".as_ref(), root.as_path(), "check".as_ref()];
        rows.push(self.step(Step::SunlitCheck, |_| self.run(program, &check)));
        Ok(Some(sample))
    }

    /// Fails when Hugo's pages are not the same as `ours`.
    fn hugo(&self, corpus: &Corpus, hugo: &Hugo, ours: Option<&Sample>, rows: &mut Vec<Row>) -> Result<(), String> {
        let out = self.place.root.join("hugo");
        let build = |root: &Path| {
            let args = ["--source".as_ref(), root, "--destination".as_ref(), out.as_path(), "--quiet".as_ref()];
            self.run(&hugo.program, &args)
        };
        for pages in [Pages::Same, Pages::Plain] {
            let root = self.place.empty("site")?;
            hugo::write(corpus, pages, &root)?;
            let step = if pages == Pages::Same { Step::HugoSame } else { Step::HugoPlain };
            rows.push(self.step(step, |_| {
                place::remove(&out)?;
                build(&root)
            }));
            if pages == Pages::Same {
                if let Some(ours) = ours.filter(|_| rows.last().is_some_and(|row| row.costs.is_ok())) {
                    ours.check(&Sample::read(corpus, &out)?)?;
                    self.describe("Hugo", "hugo")?;
                }
                rows.push(self.step(Step::HugoOver, |_| build(&root)));
            }
        }
        Ok(())
    }

    /// Writes the finished tree `name` anew: here with one thread and two, and on the disk if one was given.
    fn bare(&self, name: &str, rows: &mut Vec<Row>) -> Result<(), String> {
        let tree = self.describe(name, name)?;
        for threads in [1, 2] {
            let step = Step::Bare { threads, place: self.place.filesystem.clone() };
            rows.push(self.step(step, |_| tree.write(&self.place.empty("bare")?, threads)));
        }
        self.place.empty("bare")?;
        if let Some(disk) = &self.args.disk {
            // Each into a folder of its own, all deleted at the end: deleting first would slow down the writing.
            let disk = Place::new(Some(disk), self.args.keep)?;
            for threads in [1, 2] {
                let step = Step::Bare { threads, place: disk.filesystem.clone() };
                rows.push(self.step(step, |run| tree.write(&disk.root.join(format!("{threads}-{run}")), threads)));
            }
        }
        Ok(())
    }

    /// Prints what the finished tree `name` holds.
    fn describe(&self, who: &str, name: &str) -> Result<Tree, String> {
        let tree = Tree::read(&self.place.root.join(name))?;
        let (pages, size) = tree.pages();
        println!(
            "{who} wrote {} pages of {:.1} KiB on average; in all {} files, {}.",
            crate::grouped(pages),
            size as f64 / 1024.0,
            crate::grouped(tree.files()),
            mebibytes(tree.bytes()),
        );
        Ok(tree)
    }

    fn run(&self, program: &Path, args: &[&Path]) -> Result<Cost, String> {
        measure::run(program, args, &self.place.root.join("tmp"), &self.place.root.join("log"))
    }

    /// Runs a step as often as asked; the runs count from 1.
    fn step(&self, step: Step, mut once: impl FnMut(usize) -> Result<Cost, String>) -> Row {
        let costs = (1..=self.args.runs).map(&mut once).collect();
        Row { step, costs }
    }
}
