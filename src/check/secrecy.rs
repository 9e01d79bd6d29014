//! SEC: marks of secrecy, of documents that are not for the public, and what would help an intruder. The marks are found in
//! `text::secrecy`; words alone, such as 保密审查 in a report about it, are no marks.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::BlockKind;
use crate::text::secrecy::{self, Secrecy};
use serde_yaml::Value;

pub(super) const RULES: &[Rule] =
    &[Rule { codes: &[Code::Sec001, Code::Sec002, Code::Sec003], run: Run::Document(marks) }];

fn marks(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, words) in document.blocks_at(&secrecy::suspects(&document.body.prose.text)) {
        // Headings and cells name what a report counts: 依申请公开 alone in one of them is no mark of the document.
        let free = block.kind == BlockKind::Paragraph;
        for mark in secrecy::find(words).into_iter().filter(|m| free || marks_anywhere(m.what)) {
            if let Some((code, message, help)) = said(mark.what) {
                let finding = document.in_block(code, message, block, mark.range).help(help);
                sink.push(if mark.what == Secrecy::Password { finding.masked() } else { finding });
            }
        }
    }
    // A mark may stand in the title; there it has no paragraph around it.
    let title = document.map.get("title").and_then(Value::as_str).unwrap_or_default();
    for mark in secrecy::find(title) {
        if let Some((code, message, help)) = said(mark.what) {
            sink.push(document.at_key(code, message, &["title"]).help(help));
        }
    }
}

/// Whether it is a mark wherever it stands, not only as a paragraph.
pub(super) fn marks_anywhere(what: Secrecy) -> bool {
    matches!(what, Secrecy::Classified | Secrecy::Password | Secrecy::ExposedAddress)
}

/// The code and the words for a mark; none for the good one, 此件公开发布.
pub(super) fn said(what: Secrecy) -> Option<(Code, Message, Message)> {
    let (code, key, help) = match what {
        Secrecy::Classified => (Code::Sec001, "sec.classified", "sec.classified.help"),
        Secrecy::NotPublic => (Code::Sec001, "sec.not_public", "sec.classified.help"),
        Secrecy::Internal => (Code::Sec002, "sec.internal", "sec.internal.help"),
        Secrecy::Draft => (Code::Sec002, "sec.draft", "sec.draft.help"),
        Secrecy::Password => (Code::Sec003, "sec.password", "sec.password.help"),
        Secrecy::ExposedAddress => (Code::Sec003, "sec.address", "sec.address.help"),
        Secrecy::Open => return None,
    };
    Some((code, Message::new(key), Message::new(help)))
}
