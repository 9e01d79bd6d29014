//! Converted bodies of documents that were edited, in memory: put down by whoever converts, taken up at once by the
//! portal that keeps them. Those of the first reading wait on disk, as in a build: most are never looked at.

use crate::build::bodies::Shelf;
use crate::model::BodySlot;
use crate::render::{Bodies, Waiting};
use crate::write::Spool;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// A body in memory, with its number.
pub(super) type Body = (u64, Arc<[u8]>);

/// Numbers from here on are bodies in memory; below are places in a spool.
pub(super) const FIRST: u64 = 1 << 63;

/// Where converted bodies wait for a moment. Each gets a number that no other ever had.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    count: u64,
    bodies: BTreeMap<u64, Arc<[u8]>>,
}

impl Shelf for Memory {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let bytes = Arc::from(bytes);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = FIRST + waiting.count;
        waiting.count += 1;
        waiting.bodies.insert(at, bytes);
        Ok(at)
    }
}

impl Memory {
    /// Takes a body with its number; none where there is no body.
    pub(super) fn take(&self, slot: BodySlot) -> Option<Body> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.bodies.remove(&slot.at).map(|bytes| (slot.at, bytes))
    }

    /// Drops what nobody took.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bodies.clear();
    }
}

/// The bodies of one state of the portal.
#[derive(Debug)]
pub(super) struct Stored {
    /// Those of the last reading of everything.
    pub(super) spool: Option<Arc<Spool>>,
    /// Those read since, by number.
    pub(super) memory: Vec<Body>,
}

impl Bodies for Stored {
    fn body<'r>(&self, slot: BodySlot, room: &'r mut Vec<u8>) -> io::Result<Waiting<'r>> {
        let split = slot.html as usize;
        let is_empty = split + slot.parts as usize == 0;
        if slot.at < FIRST && !is_empty {
            return self.spool.as_ref().ok_or(io::ErrorKind::NotFound)?.body(slot, room);
        }
        room.clear();
        if !is_empty {
            let at = self.memory.binary_search_by_key(&slot.at, |(at, _)| *at);
            let body = at.ok().and_then(|i| self.memory.get(i)).ok_or(io::ErrorKind::NotFound)?;
            room.extend_from_slice(&body.1);
        }
        Ok(Waiting { bytes: room, split })
    }
}

/// Takes bodies and keeps none: for judging a document again.
#[derive(Debug)]
pub(super) struct Nowhere;

impl Shelf for Nowhere {
    fn put(&self, _: &[u8]) -> io::Result<u64> {
        Ok(0)
    }
}
