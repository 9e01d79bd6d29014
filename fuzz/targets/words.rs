//! The readers of running text: every range lies on characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::base::CivilDate;
use sunlit::text::{civil, enumerate, marks, number, numbering, odd, personal, secrecy, sums};

fuzz_target!(|text: &str| {
    let ranges = personal::find(text, CivilDate::LAST).into_iter().map(|h| h.range);
    let ranges = ranges.chain(secrecy::find(text).into_iter().map(|m| m.range));
    let ranges = ranges.chain(marks::odd(text).into_iter().map(|m| m.range));
    let ranges = ranges.chain(odd::characters(text).into_iter().map(|o| o.range));
    let ranges = ranges.chain(civil::wrong(text).into_iter().map(|d| d.range));
    let ranges = ranges.chain(number::numbers(text).into_iter().map(|n| n.range));
    let ranges = ranges.chain(sums::found(text).into_iter().map(|s| s.total));
    let ranges = ranges.chain(enumerate::broken(&[text]).into_iter().map(|b| b.range));
    let ranges = ranges.chain(numbering::wrong(&[(2, text)]).into_iter().map(|w| w.range));
    for range in ranges {
        assert!(text.get(range.clone()).is_some(), "{range:?}");
    }
});
