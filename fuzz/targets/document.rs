//! Markdown to HTML: no tag of the writer's gets through, and every place lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sunlit::base::SitePath;
use sunlit::markdown::{Source, Words, convert};

fuzz_target!(|text: &str| {
    let page = SitePath::new("2024/x.html").expect("valid");
    let source = Source { file: "content/2024/x.md", content: "2024/x.md", page: &page, text, offset: 0 };
    let body = convert(source, &Words::default(), &|_| None, &mut Vec::new());
    assert!(!body.html.contains("<script"));
    for block in &body.prose.blocks {
        let range = body.prose.source(block.range.clone());
        assert!(range.end <= text.len(), "{range:?}");
    }
});
