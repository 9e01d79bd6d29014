//! Records of web archives, plain and packed, and lines of their indexes: no panic, no more memory than the bounds allow.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::archive::wacz::cdx;
use sunlit::archive::wacz::record::{Packing, each};

fuzz_target!(|bytes: &[u8]| {
    for packing in [Packing::Plain, Packing::Gzip] {
        let mut end = 0;
        let _ = each(bytes, packing, &mut |record| {
            // Records stand one behind the other.
            assert_eq!(record.offset, end);
            end = record.offset + record.length;
            assert!(end <= bytes.len() as u64);
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = cdx::sort_key(text);
        text.lines().for_each(|line| drop(cdx::read(line)));
    }
});
