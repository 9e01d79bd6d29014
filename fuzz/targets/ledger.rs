//! The ledger: whatever is read, nothing panics, and what is accepted is exactly what would be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::model::ledger::{Ledger, print};

fuzz_target!(|bytes: &[u8]| {
    let mut sink = Vec::new();
    match Ledger::read(bytes, &mut sink) {
        Some(ledger) => assert_eq!(print(ledger.lines()).as_bytes(), bytes),
        None => assert!(!sink.is_empty()),
    }
});
