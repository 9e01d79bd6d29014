//! Figures, sums and dates in running text: NUM-003, NUM-006, NUM-008 and DATE-005. The reading is done in `text`; here
//! what was read gets its code, its place and its words.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::markdown::{Block, BlockKind};
use crate::text::civil::{self, Fault};
use crate::text::number;
use crate::text::sums::{self, Holds};
use std::ops::Range;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Num003, Code::Num006, Code::Num008], run: Run::Document(figures) },
    Rule { codes: &[Code::Date005], run: Run::Document(dates) },
];

fn figures(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    // Outside paragraphs only these marks are judged, and most cells hold a bare number.
    let marked = |words: &str| words.contains(['千', '百', '%', '％', '‰']);
    let worth = |(block, words): &(&Block, &str)| match block.kind {
        BlockKind::Paragraph => true,
        BlockKind::Code => false,
        _ => marked(words),
    };
    for (block, words) in document.blocks().filter(worth) {
        let numbers = number::numbers(words);
        for number in numbers.iter().filter(|n| n.mixes_numerals(words)) {
            let printed = words.get(number.range.clone()).unwrap_or_default();
            let message = Message::new("num.mixed").with("printed", printed);
            let help = Message::new("num.mixed.help").with("plain", number.value);
            sink.push(document.in_block(Code::Num008, message, block, number.range.clone()).help(help));
        }
        for range in number::shares_above_all(words, &numbers) {
            let message = Message::new("num.share").with("printed", words.get(range.clone()).unwrap_or_default());
            sink.push(document.in_block(Code::Num006, message, block, range).help(Message::new("num.share.help")));
        }
        if block.kind != BlockKind::Paragraph {
            continue;
        }
        for sum in sums::found_among(words, &numbers).into_iter().filter(|s| s.holds == Holds::No) {
            let message = Message::new("num.sum").with("stated", sum.stated).with("computed", sum.computed);
            let finding = document.in_block(Code::Num003, message, block, sum.total.clone());
            let finding = sum.parts.iter().fold(finding, |finding, part| {
                finding.see(document.file(), place(document, block, part.clone()), Message::new("num.sum.part"))
            });
            sink.push(finding.help(Message::new("num.sum.help")));
        }
    }
}

fn place(document: &Document<'_>, block: &Block, range: Range<usize>) -> Place {
    let range = block.range.start + range.start..block.range.start + range.end;
    Place::Bytes(document.body.prose.source(range))
}

fn dates(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, words) in document.blocks().filter(|(block, _)| block.kind != BlockKind::Code) {
        for date in civil::wrong(words) {
            let (key, help) = match date.fault {
                Fault::Impossible => ("date.impossible", "date.impossible.help"),
                Fault::Padded => ("date.padded", "date.padded.help"),
                Fault::ShortYear => ("date.short_year", "date.short_year.help"),
                Fault::Unpadded => ("date.unpadded", "date.unpadded.help"),
            };
            let message = Message::new(key).with("date", words.get(date.range.clone()).unwrap_or_default());
            sink.push(document.in_block(Code::Date005, message, block, date.range).help(Message::new(help)));
        }
    }
}
