//! Attachments: whatever the bytes are, reading them ends with an answer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = sunlit::attachment::inspect(bytes);
});
