//! PRIV: personal data in texts and front matter. The detectors are in `text::personal`; here what they find gets its
//! code and its words. What is found is never printed: every finding is masked.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Key, Message, Place, Severity};
use crate::markdown::BlockKind;
use crate::model::Policy;
use crate::source::locate::resolve;
use crate::text::normal::bare;
use crate::text::personal::{self, Hit, Personal};

pub(super) const RULES: &[Rule] = &[
    Rule {
        codes: &[Code::Priv001, Code::Priv002, Code::Priv003, Code::Priv004, Code::Priv005, Code::Priv007],
        run: Run::Document(data),
    },
    Rule { codes: &[Code::Priv006], run: Run::Document(columns) },
];

fn data(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, words) in document.blocks_at(&personal::suspects(&document.body.prose.text)) {
        for hit in personal::find(words, document.latest) {
            if !is_public(&document.site.policy, words, &hit) {
                let (code, message) = said(hit.what);
                sink.push(weighed(document.in_block(code, message, block, hit.range), hit.what));
            }
        }
    }
    let yaml = document.yaml();
    let hits = personal::find(yaml, document.latest);
    if hits.is_empty() {
        return;
    }
    // What an exception names has been looked at already.
    let exceptions = resolve(document.text, &Place::Value(vec![Key::Name("allow".into())])).unwrap_or(0..0);
    for hit in hits.into_iter().filter(|hit| !is_public(&document.site.policy, yaml, hit)) {
        if !exceptions.contains(&(document.front.0 + hit.range.start)) {
            let (code, message) = said(hit.what);
            sink.push(weighed(document.in_yaml(code, message, hit.range), hit.what));
        }
    }
}

/// Whether the site says that this number or address may be published.
pub(super) fn is_public(policy: &Policy, words: &str, hit: &Hit) -> bool {
    let plain = |text: &str| -> String {
        let kept = bare(text).chars().filter(|c| c.is_alphanumeric() || matches!(c, '@' | '.')).collect::<String>();
        kept.to_lowercase()
    };
    let found = words.get(hit.range.clone()).map(plain).unwrap_or_default();
    policy.contacts.iter().map(|c| plain(c)).any(|c| c.len() > 4 && found.ends_with(&c))
}

/// The code and the words for what was found.
pub(super) fn said(what: Personal) -> (Code, Message) {
    let (code, key) = match what {
        Personal::CitizenNumber => (Code::Priv001, "priv.citizen_number"),
        Personal::CitizenNumberWrong => (Code::Priv002, "priv.citizen_number_wrong"),
        Personal::CitizenNumberOld => (Code::Priv002, "priv.citizen_number_old"),
        Personal::TravelDocument => (Code::Priv002, "priv.travel_document"),
        Personal::TravelDocumentPossible => (Code::Priv002, "priv.travel_document_possible"),
        Personal::Mobile => (Code::Priv003, "priv.mobile"),
        Personal::BankCard => (Code::Priv004, "priv.bank_card"),
        Personal::BankCardPossible => (Code::Priv004, "priv.bank_card_possible"),
        Personal::Email => (Code::Priv005, "priv.email"),
        Personal::ChatAccount => (Code::Priv005, "priv.chat_account"),
        Personal::HomeAddress => (Code::Priv005, "priv.home_address"),
        Personal::Plate => (Code::Priv005, "priv.plate"),
        Personal::WeakMask => (Code::Priv007, "priv.weak_mask"),
    };
    (code, Message::new(key))
}

/// The finding with its weight and its help, and masked. What is less certain than its code weighs less, and a travel
/// document that is called one weighs more.
pub(super) fn weighed(mut finding: Diagnostic, what: Personal) -> Diagnostic {
    let help = match what {
        Personal::Mobile => "priv.contact.help",
        Personal::Email => "priv.email.help",
        Personal::WeakMask => "priv.weak_mask.help",
        _ => "priv.help",
    };
    match what {
        Personal::BankCardPossible => finding.severity = Severity::Warning,
        Personal::TravelDocument => finding.severity = Severity::Error,
        _ => {}
    }
    finding.help(Message::new(help)).masked()
}

/// PRIV-006: tables whose heads announce personal data.
fn columns(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for (block, words) in document.blocks() {
        if matches!(block.kind, BlockKind::Cell { row: 0, .. }) && personal::is_personal_column(words) {
            let message = Message::new("priv.column").with("head", words.trim());
            let finding = document.in_block(Code::Priv006, message, block, 0..words.len());
            sink.push(finding.help(Message::new("priv.column.help")));
        }
    }
}
