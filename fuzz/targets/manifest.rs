//! The manifest: no line of it names a file outside the tree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::write::Manifest;

fuzz_target!(|text: &str| {
    for path in Manifest::parse(text).0.keys() {
        assert!(!path.as_str().starts_with('/') && !path.as_str().split('/').any(|part| part == ".."));
    }
});
