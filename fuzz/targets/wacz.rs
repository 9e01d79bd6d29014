//! Web archives of unknown origin: no panic, whatever container, list, records, index and pages say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Write;
use sunlit::archive::wacz::verify_file;

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    let _ = verify_file(file);
});
