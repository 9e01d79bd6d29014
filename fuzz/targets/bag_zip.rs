//! A whole bag in a zip: there is a verdict, in bounded memory, and it follows from the problems.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::archive::{Verdict, verify_zip};
use sunlit::base::Lang;

fuzz_target!(|bytes: &[u8]| {
    let verified = verify_zip(bytes);
    assert_eq!(verified.verdict() == Verdict::Valid, verified.problems.is_empty());
    for lang in Lang::ALL {
        assert!(!verified.json("x", lang).is_empty());
    }
});
