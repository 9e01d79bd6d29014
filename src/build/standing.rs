//! How a built tree stands to its sources, for those who hand it on.

use super::options::{Failed, Options};
use super::state::{Places, State};
use super::{fresh, in_pool};
use crate::model::portal::Drafts;
use crate::write::Lock;
use std::path::PathBuf;

/// How a tree stands to its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is what a build would make now.
    Fresh,
    /// It shows drafts or later reports.
    Drafts,
    /// No build is remembered that made it.
    Unbuilt,
    /// Sources, tree, program or the reports that are due changed since it was built.
    Stale,
}

/// A tree that no build changes as long as this is held.
#[derive(Debug)]
pub struct Held {
    /// How it stands to its sources.
    pub freshness: Freshness,
    /// Where programs keep what they remember of it: `.sunlit/`.
    pub memory: PathBuf,
    _lock: Lock,
}

/// Keeps builds away from the tree at `options.out` and says how it stands.
///
/// # Errors
/// [`Failed::Busy`] while it is being built; or what the world refuses.
pub fn hold(options: &Options) -> Result<Held, Failed> {
    let places = Places::of(&options.out)?;
    let lock = Lock::take(&places.lock)?.ok_or(Failed::Busy)?;
    let state = State::read(&places.state);
    let freshness = in_pool(options, || {
        let with = |drafts| Options { drafts, ..options.clone() };
        Ok(match &state {
            None => Freshness::Unbuilt,
            Some(state) if fresh::is_fresh(&with(Drafts::Hidden), state) => Freshness::Fresh,
            Some(state) if state.told == super::state::told(&with(Drafts::Shown)) => Freshness::Drafts,
            Some(_) => Freshness::Stale,
        })
    })?;
    Ok(Held { freshness, memory: places.folder, _lock: lock })
}
