//! What stands on a target: the manifest of the last publication that was finished, and over it the journal of one that
//! was not. The journal names only paths that the run touches, each with how far it came; it is text, a path a line:
//!
//! `= DIGEST  PATH` stands there · `+ DIGEST  PATH` is being added: absent or there · `~ DIGEST  PATH` is being changed: the
//! old or the new one · `- PATH` is being removed: there or absent · `x PATH` was removed

use crate::base::{Sha256, SitePath};
use crate::write::Manifest;
use std::collections::BTreeMap;

/// What is known of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// A file with this digest stands there.
    Is(Sha256),
    /// Absent, or already with this digest.
    Adding(Sha256),
    /// There, as it was or already with this digest.
    Changing(Sha256),
    /// There, or absent.
    Removing,
    /// Removed.
    Gone,
}

/// What stands on a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// What the last publication that was finished left.
    pub finished: BTreeMap<SitePath, Sha256>,
    /// What an unfinished one touched.
    pub touched: BTreeMap<SitePath, Now>,
}

const HEAD: &str = "sunlit-publish 1";

impl Books {
    /// Reads manifest and journal. `None` where the journal is none of this program's version.
    pub fn read(manifest: Option<&[u8]>, journal: Option<&[u8]>) -> Option<Self> {
        let text = manifest.map(String::from_utf8_lossy).unwrap_or_default();
        let finished =
            Manifest::parse(&text).0.into_iter().filter_map(|(path, digest)| Some((path, digest?))).collect();
        let touched = match journal {
            Some(bytes) => parse(std::str::from_utf8(bytes).ok()?)?,
            None => BTreeMap::new(),
        };
        Some(Self { finished, touched })
    }

    /// What is known of a path; `None` where sunlit put nothing there.
    pub fn now(&self, path: &SitePath) -> Option<Now> {
        let touched = self.touched.get(path).copied();
        touched.or_else(|| self.finished.get(path).map(|d| Now::Is(*d))).filter(|now| *now != Now::Gone)
    }

    /// Every path where something of sunlit's stands or may stand.
    pub fn paths(&self) -> impl Iterator<Item = &SitePath> {
        let untouched = self.finished.keys().filter(|p| !self.touched.contains_key(*p));
        untouched.chain(self.touched.iter().filter(|(_, now)| **now != Now::Gone).map(|(path, _)| path))
    }

    /// The journal's text.
    pub fn journal(&self) -> String {
        use std::fmt::Write;
        let mut out = String::with_capacity(HEAD.len() + self.touched.len() * 110);
        out.push_str(HEAD);
        out.push('\n');
        for (path, now) in &self.touched {
            // Writing to a String cannot fail.
            let _ = match now {
                Now::Is(digest) => writeln!(out, "= {digest}  {path}"),
                Now::Adding(digest) => writeln!(out, "+ {digest}  {path}"),
                Now::Changing(digest) => writeln!(out, "~ {digest}  {path}"),
                Now::Removing => writeln!(out, "- {path}"),
                Now::Gone => writeln!(out, "x {path}"),
            };
        }
        out
    }
}

fn parse(text: &str) -> Option<BTreeMap<SitePath, Now>> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    if lines.next()? != HEAD {
        return None;
    }
    let line = |line: &str| {
        let (mark, rest) = line.split_once(' ')?;
        let (now, path) = match mark {
            "-" => (Now::Removing, rest),
            "x" => (Now::Gone, rest),
            _ => {
                let (digest, path) = rest.split_once("  ")?;
                let digest = Sha256::parse(digest)?;
                match mark {
                    "=" => (Now::Is(digest), path),
                    "+" => (Now::Adding(digest), path),
                    "~" => (Now::Changing(digest), path),
                    _ => return None,
                }
            }
        };
        Some((SitePath::new(path)?, now))
    };
    lines.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let digest = Sha256::of(b"a");
        let states = [Now::Is(digest), Now::Adding(digest), Now::Changing(digest), Now::Removing, Now::Gone];
        let touched = states.into_iter().enumerate().map(|(n, now)| (SitePath::of(format!("年/附 件{n}")), now));
        let books = Books { touched: touched.collect(), ..Books::default() };
        assert_eq!(Books::read(None, Some(books.journal().as_bytes())), Some(books));
    }

    #[test]
    fn a_journal_that_is_not_understood_is_none() {
        let digest = Sha256::of(b"a");
        for text in [
            String::new(),
            "sunlit-publish 2\n".into(),
            format!("{HEAD}\n= {digest}  ../x\n"),
            format!("{HEAD}\n? x\n"),
            format!("{HEAD}\n- a\n- cut"),
        ] {
            assert_eq!(Books::read(None, Some(text.as_bytes())), None, "{text}");
        }
    }
}
