//! Makes findings ready for the printers: words in a language, places looked up in the files, and everything masked that
//! a rule of personal data or secrecy has found, in whatever finding its line or its words appear.

use crate::base::Lang;
use crate::diag::{Diagnostic, Excerpt, Exposure, Label, Shown, ShownPlace};
use crate::source::Text;
use crate::source::locate::resolve;
use std::collections::BTreeMap;
use std::ops::Range;

/// A file with what must not be seen of it.
struct Sheet {
    text: Text,
    /// The same text, of the same length, with stars for what must not be seen.
    masked: String,
    /// What must not be seen, longest first.
    secrets: Vec<String>,
}

/// Puts findings into words. `read` gives the text of a file of the portal, or of the program's own.
pub fn show(findings: &[Diagnostic], lang: Lang, read: &dyn Fn(&str) -> Option<Text>) -> Vec<Shown> {
    let mut sheets: BTreeMap<&str, Option<Sheet>> = BTreeMap::new();
    for label in findings.iter().flat_map(|f| &f.labels) {
        sheets.entry(&label.file).or_insert_with(|| read(&label.file).map(|text| sheet(text, findings)));
    }
    let place = |label: &Label| {
        let sheet = sheets.get(label.file.as_str()).and_then(Option::as_ref);
        let excerpt = sheet.and_then(|s| {
            let range = resolve(&s.text, &label.place).filter(|_| !s.text.text.is_empty())?;
            Some(Excerpt::of(&s.masked, range))
        });
        ShownPlace { file: label.file.clone(), excerpt, note: label.note.as_ref().map(|n| clean(sheet, n.text(lang))) }
    };
    let shown = |finding: &Diagnostic| {
        let sheet = finding.labels.first().and_then(|l| sheets.get(l.file.as_str())).and_then(Option::as_ref);
        Shown {
            code: finding.code,
            severity: finding.severity,
            message: clean(sheet, finding.message.text(lang)),
            help: finding.help.as_ref().map(|h| clean(sheet, h.text(lang))),
            allowed: finding.allowed.clone().map(|why| clean(sheet, why)),
            places: finding.labels.iter().map(place).collect(),
        }
    };
    findings.iter().map(shown).collect()
}

fn sheet(text: Text, findings: &[Diagnostic]) -> Sheet {
    let own = findings.iter().filter(|f| f.exposure == Exposure::Masked).flat_map(|f| &f.labels);
    let ranges: Vec<_> = own.filter(|l| l.file == text.file).filter_map(|l| resolve(&text, &l.place)).collect();
    let mut masked = text.text.clone();
    for range in &ranges {
        if let Some(words) = text.text.get(range.clone()) {
            masked.replace_range(range.clone(), &stars(words));
        }
    }
    let word = |range: &Range<usize>| text.text.get(range.clone()).filter(|w| !w.trim().is_empty()).map(str::to_string);
    let mut secrets: Vec<_> = ranges.iter().filter_map(word).collect();
    secrets.sort_by_key(|s| std::cmp::Reverse(s.len()));
    // The same number may stand elsewhere in the file, where no rule looked: in the `allow` entry itself, say.
    for secret in &secrets {
        masked = masked.replace(secret.as_str(), &stars(secret));
    }
    Sheet { text, masked, secrets }
}

fn clean(sheet: Option<&Sheet>, words: String) -> String {
    let secrets = sheet.map_or(&[][..], |s| &s.secrets);
    secrets.iter().fold(words, |words, secret| words.replace(secret.as_str(), &stars(secret)))
}

/// As many bytes of stars: places after it stay where they are.
fn stars(words: &str) -> String {
    let star = |c: char| match c.len_utf8() {
        1 if c.is_whitespace() => c.to_string(),
        1 => "*".into(),
        2 => "×".into(),
        3 => "＊".into(),
        _ => "＊*".into(),
    };
    words.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::diag::{Code, Message, Place};

    #[test]
    fn what_is_masked_shows_in_no_finding_of_the_file() {
        let text = "电话13800000000，１３８。\n又见13800000000。\n";
        let at = text.find("138").expect("there");
        let secret = Diagnostic::new(Code::Priv003, Message::new("x")).at("a.md", Place::Bytes(at..at + 11)).masked();
        let other = Diagnostic::new(Code::Num004, Message::new("x {n}").with("n", "13800000000"))
            .at("a.md", Place::Bytes(at..at + 5));
        let read =
            |file: &str| Some(Text { file: file.into(), text: text.into(), offset: 0, hash: Fingerprint::default() });
        for shown in show(&[secret, other], Lang::En, &read) {
            let excerpt = shown.places[0].excerpt.clone().expect("lines");
            assert!(!format!("{shown:?}").contains("13800000000"), "{shown:?}");
            assert!(excerpt.text.starts_with("电话***********，"), "{}", excerpt.text);
        }
    }

    #[test]
    fn stars_take_the_room_of_what_they_hide() {
        for words in ["138 0000", "１３８", "é", "𠀀", "身份证"] {
            assert_eq!(stars(words).len(), words.len(), "{words}");
            assert_ne!(stars(words), words);
        }
    }
}
