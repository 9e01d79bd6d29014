//! Front matter: read, checked and located without a panic, within its bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::diag::Key;
use sunlit::model::schema;
use sunlit::source::locate::{self, Part};
use sunlit::source::{shape, yaml};

fuzz_target!(|text: &str| {
    let mut sink = Vec::new();
    let block = yaml::Block { file: "x.md", text, offset: 0 };
    if let Some(map) = yaml::mapping(block, &mut sink) {
        shape::check("x.md", &map, schema::REPORT, &mut sink);
    }
    let found = locate::locate(text, &[Key::Name("signed".into()), Key::Name("date".into())], Part::Value);
    assert!(found.is_none_or(|range| text.get(range).is_some()));
});
