//! Where converted bodies wait until pages are made of them. In: a body. Out: its place. Knows no document.

use crate::emit::parts;
use crate::markdown::Body;
use crate::model::BodySlot;
use crate::write::Spool;

/// Which converted bodies are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bodies {
    /// All: pages and data will be made of them.
    All,
    /// None but those of earlier versions: of the others `documents::again` gives the few that are looked at.
    Few,
}

/// Where converted bodies wait: on disk for a build, in memory for a preview.
pub(super) trait Shelf: Sync {
    /// Puts bytes away; gives the place at which they are found again.
    fn put(&self, bytes: &[u8]) -> std::io::Result<u64>;
}

impl Shelf for Spool {
    fn put(&self, bytes: &[u8]) -> std::io::Result<u64> {
        Spool::put(self, bytes).map(|slot| slot.at)
    }
}

/// Puts a body and the words of its parts away.
pub(super) fn put(shelf: &dyn Shelf, body: &mut Body) -> std::io::Result<BodySlot> {
    let mut bytes = std::mem::take(&mut body.html).into_bytes();
    let html = bytes.len();
    parts::json(&body.parts, &body.prose.text, &mut bytes);
    let at = shelf.put(&bytes)?;
    let size = |n: usize| u32::try_from(n).map_err(std::io::Error::other);
    Ok(BodySlot { at, html: size(html)?, parts: size(bytes.len() - html)? })
}
