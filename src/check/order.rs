//! STRUCT-002 to -004: whether the numbers of headings and the items 一是、二是 follow each other. The reading is done in
//! `text::numbering` and `text::enumerate`.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::{Block, BlockKind};
use crate::text::enumerate::{self, Break};
use crate::text::numbering::{self, Fault};

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Struct002, Code::Struct003], run: Run::Document(headings) },
    Rule { codes: &[Code::Struct004], run: Run::Document(items) },
];

fn headings(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let level = |block: &Block| match block.kind {
        BlockKind::Heading(level) => Some(level),
        _ => None,
    };
    let all: Vec<_> = document.blocks().filter_map(|(block, words)| Some((block, level(block)?, words))).collect();
    let read: Vec<_> = all.iter().map(|(_, level, words)| (*level, *words)).collect();
    for wrong in numbering::wrong(&read) {
        let Some((block, _, words)) = all.get(wrong.heading) else { continue };
        let printed = words.get(wrong.range.clone()).unwrap_or_default();
        let (code, message, help) = match wrong.fault {
            Fault::Expected(number) => (
                Code::Struct002,
                Message::new("struct.expected").with("printed", printed).with("number", number),
                "struct.expected.help",
            ),
            Fault::Skipped(_) => {
                (Code::Struct002, Message::new("struct.skipped").with("printed", printed), "struct.skipped.help")
            }
            Fault::Mark => (Code::Struct003, Message::new("struct.mark").with("printed", printed), "struct.mark.help"),
        };
        sink.push(document.in_block(code, message, block, wrong.range).help(Message::new(help)));
    }
}

/// Runs of items are read from heading to heading.
fn items(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let mut run: Vec<(&Block, &str)> = Vec::new();
    for (block, words) in document.blocks() {
        match block.kind {
            BlockKind::Heading(_) => judge(document, &std::mem::take(&mut run), sink),
            BlockKind::Paragraph => run.push((block, words)),
            _ => {}
        }
    }
    judge(document, &run, sink);
}

fn judge(document: &Document<'_>, run: &[(&Block, &str)], sink: &mut Vec<Diagnostic>) {
    if !run.iter().any(|(_, words)| words.contains("是")) {
        return;
    }
    let paragraphs: Vec<_> = run.iter().map(|(_, words)| *words).collect();
    for broken in enumerate::broken(&paragraphs) {
        let Some((block, words)) = run.get(broken.paragraph) else { continue };
        let item = words.get(broken.range.clone()).unwrap_or_default();
        let message = match broken.why {
            Break::Alone => Message::new("struct.item_alone").with("item", item),
            Break::Headless => Message::new("struct.item_headless").with("item", item),
            Break::Expected(number) => Message::new("struct.item_expected").with("item", item).with("number", number),
        };
        let finding = document.in_block(Code::Struct004, message, block, broken.range);
        sink.push(finding.help(Message::new("struct.item.help")));
    }
}
