//! Converted bodies in memory: put down by whoever converts, taken up at once by the portal that keeps them.

use crate::build::documents::Shelf;
use crate::model::BodySlot;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Where converted bodies wait for a moment. Each gets a number that no other ever had.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    bodies: BTreeMap<u64, Arc<[u8]>>,
}

impl Shelf for Memory {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let bytes = Arc::from(bytes);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.last += 1;
        let at = waiting.last;
        waiting.bodies.insert(at, bytes);
        Ok(at)
    }
}

impl Memory {
    /// Takes a body with its number; none where there is no body.
    pub(super) fn take(&self, slot: BodySlot) -> Option<(u64, Arc<[u8]>)> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.bodies.remove(&slot.at).map(|bytes| (slot.at, bytes))
    }

    /// Drops what nobody took.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bodies.clear();
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
