//! STRUCT-001: the parts that the kind of a report demands, and what must be said in them.
//! In: the parts of the body with their roles. Out: what is missing. Which parts a kind has is data of the kind.

use super::{heading_of, unnumbered};
use crate::check::Document;
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::{BlockKind, Part};
use crate::model::kind::{PartNeed, PartRule};
use crate::model::{Kind, Report};

/// Words that tell why: 存在的不足和原因 (法治政府建设与责任落实督察工作规定, 第二十五条).
const REASONS: [&str; 16] = [
    "原因",
    "由于",
    "因为",
    "起因",
    "成因",
    "主因",
    "源于",
    "缘于",
    "根源",
    "症结",
    "究其",
    "之所以",
    "because",
    "due to",
    "owing to",
    "reason",
];

/// Reasons in two pieces: 受人手所限, 受编制制约.
const LIMITS: [&str; 4] = ["制约", "限制", "所限", "影响"];

/// Shortest pattern of a kind that is no everyday word, in characters: 第一责任人 is one, 问题 is not.
const TELLING: usize = 5;

/// What the kind demands is there.
pub(super) fn demanded(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let (Some(report), Some(kind)) = (document.report, document.kind) else { return };
    for part in kind.parts.iter().filter(|p| p.need == PartNeed::Required) {
        if !document.body.parts.iter().any(|p| p.role.as_deref() == Some(part.role.as_ref())) {
            sink.push(missing(document, report, part));
        }
    }
    match kind.id.as_str() {
        "rule-of-law" => reasons(document, sink),
        "information-disclosure" => form(document, kind, sink),
        _ => {}
    }
}

fn missing(document: &Document<'_>, report: &Report, part: &PartRule) -> Diagnostic {
    let name = part.name.as_ref().map_or(part.role.as_ref(), |n| n.in_language(&document.site.language));
    let chinese = document.site.language.starts_with("zh");
    let heading = part.heading.as_deref().filter(|_| chinese).unwrap_or(name);
    let mentioned = part.patterns.iter().filter(|p| p.chars().count() >= TELLING).find_map(|pattern| {
        document.paragraphs().find_map(|(block, words)| Some((block, words.find(pattern.as_ref())?, pattern)))
    });
    let finding = match mentioned {
        Some((block, at, words)) => {
            let message = Message::new("struct.part_mentioned").with("words", words).with("part", name);
            document.in_block(Code::Struct001, message, block, at..at + words.len())
        }
        None => {
            let message = Message::new("struct.part").with("part", name).with("kind", report.kind.as_str());
            document.at_key(Code::Struct001, message, &["kind"])
        }
    };
    finding.help(Message::new("struct.part.help").with("heading", heading).with("role", &part.role))
}

/// The problems come with their reasons.
fn reasons(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let problems = || document.body.parts.iter().filter(|p| p.role.as_deref() == Some("problems"));
    let words = |part: &Part| document.body.prose.text.get(part.text.clone()).unwrap_or_default();
    let Some(first) = problems().next() else { return };
    if problems().any(|p| gives_reasons(words(p))) {
        return;
    }
    if let Some(heading) = heading_of(document, first) {
        let message = Message::new("struct.reasons");
        let finding = document.in_block(Code::Struct001, message, heading, 0..heading.range.len());
        sink.push(finding.help(Message::new("struct.reasons.help")));
    }
}

fn gives_reasons(words: &str) -> bool {
    let limited = || {
        words
            .split(['，', '。', '；', ',', ';', '\n'])
            .any(|clause| clause.split_once('受').is_some_and(|(_, behind)| LIMITS.iter().any(|l| behind.contains(l))))
    };
    REASONS.iter().any(|r| words.contains(r)) || limited()
}

/// The six parts stand in their order under their headings (国办公开办函〔2021〕30号).
fn form(document: &Document<'_>, kind: &Kind, sink: &mut Vec<Diagnostic>) {
    let mut furthest: Option<(usize, &Part)> = None;
    for part in &document.body.parts {
        let own = |rule: &PartRule| Some(rule.role.as_ref()) == part.role.as_deref();
        let Some(index) = kind.parts.iter().position(own) else { continue };
        let Some(block) = heading_of(document, part).filter(|b| b.kind == BlockKind::Heading(2)) else { continue };
        let title = document.body.prose.of(block);
        let (words, at) = unnumbered(title);
        let wanted = kind.parts[index].heading.as_deref().filter(|_| words.contains(is_han));
        if let Some(wanted) = wanted.filter(|wanted| !same(words, wanted)) {
            let message = Message::new("struct.heading_form").with("heading", wanted);
            let finding = document.in_block(Code::Struct001, message, block, at..title.len());
            sink.push(finding.help(Message::new("struct.heading_form.help")));
        }
        match furthest {
            Some((before, other)) if before > index => {
                let message = Message::new("struct.part_order").with("other", unnumbered(&other.title).0);
                let finding = document.in_block(Code::Struct001, message, block, at..title.len());
                sink.push(finding.help(Message::new("struct.part_order.help")));
            }
            _ => furthest = Some((index, part)),
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Whether two headings are the same but for spaces.
fn same(one: &str, other: &str) -> bool {
    one.chars().filter(|c| !c.is_whitespace()).eq(other.chars().filter(|c| !c.is_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::gives_reasons;

    #[test]
    fn reasons_are_told_by_words_that_say_why() {
        for words in
            ["文书不规范，原因是缺少范本。", "由于人手不足", "受人员编制限制，办理较慢", "This is due to delays."]
        {
            assert!(gives_reasons(words), "{words}");
        }
        for words in ["缺乏工作制度，制约效能发挥", "导致数据难以共享", "受理事项较多，影响较大", ""]
        {
            assert!(!gives_reasons(words), "{words}");
        }
    }
}
