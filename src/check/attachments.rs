//! FILE, PRIV and SEC in attachments and images: whether a file is what its name says, what its making left behind, and
//! what its text tells that should not be told. The file itself is read by `attachment`.

use super::{Rule, Run, personal, secrecy};
use crate::attachment::{Cell, Contents, Kind, Mark, Passage, Place, Problem, Standing, TextLayer, Unread};
use crate::base::CivilDate;
use crate::diag::{self, Code, Diagnostic, Message};
use crate::model::Policy;
use crate::text::personal::{find, is_personal_column};
use crate::text::secrecy as marks;
use std::collections::BTreeMap;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::File001], run: Run::Attachment(kind) },
    Rule { codes: &[Code::File002], run: Run::Attachment(traces) },
    Rule { codes: &[Code::File003], run: Run::Attachment(pdf) },
    Rule {
        codes: &[
            Code::Priv001,
            Code::Priv002,
            Code::Priv003,
            Code::Priv004,
            Code::Priv005,
            Code::Priv006,
            Code::Priv007,
            Code::Sec001,
            Code::Sec002,
            Code::Sec003,
        ],
        run: Run::Attachment(words),
    },
];

/// One published file.
#[derive(Debug)]
pub struct Attachment<'a> {
    /// Its path in the portal, `content/2024/…`.
    pub file: &'a str,
    /// What it is and carries, or why it cannot be read.
    pub contents: &'a Result<Contents, Problem>,
    /// What the site asks of the rules.
    pub policy: &'a Policy,
    /// The day of the build: nothing in it can be younger.
    pub latest: CivilDate,
}

impl Attachment<'_> {
    fn finding(&self, code: Code, message: Message) -> Diagnostic {
        Diagnostic::new(code, message).at(self.file, diag::Place::Whole)
    }

    fn ending(&self) -> String {
        self.file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
    }
}

/// The kinds that a file ending may hold.
fn expected(ending: &str) -> Option<&'static [Kind]> {
    Some(match ending {
        "docx" => &[Kind::Docx, Kind::EncryptedOffice],
        "xlsx" => &[Kind::Xlsx, Kind::EncryptedOffice],
        "pptx" => &[Kind::Pptx, Kind::EncryptedOffice],
        "odt" => &[Kind::Odt],
        "ods" => &[Kind::Ods],
        "odp" => &[Kind::Odp],
        "doc" => &[Kind::Doc, Kind::Rtf],
        "xls" => &[Kind::Xls],
        "ppt" => &[Kind::Ppt],
        "ofd" => &[Kind::Ofd],
        "pdf" => &[Kind::Pdf],
        "png" => &[Kind::Png],
        "jpg" | "jpeg" => &[Kind::Jpeg],
        "gif" => &[Kind::Gif],
        "webp" => &[Kind::Webp],
        "tif" | "tiff" => &[Kind::Tiff],
        "bmp" => &[Kind::Bmp],
        "svg" => &[Kind::Svg],
        "csv" => &[Kind::Csv, Kind::Text],
        "txt" => &[Kind::Text, Kind::Csv],
        "json" => &[Kind::Json],
        "zip" => &[Kind::Zip],
        "mp3" => &[Kind::Mp3],
        "mp4" => &[Kind::Mp4],
        _ => return None,
    })
}

/// FILE-001: a file is what its name says, and whole.
fn kind(attachment: &Attachment<'_>, sink: &mut Vec<Diagnostic>) {
    let found = match attachment.contents {
        Ok(contents) => contents.kind,
        Err(Problem::Empty) => return, // reported where it is named
        Err(Problem::Damaged { part, reason, .. }) => {
            let reason = if part.is_empty() { reason.clone() } else { format!("{part}: {reason}") };
            let message = Message::new("file.damaged").with("reason", reason);
            sink.push(attachment.finding(Code::File001, message).help(Message::new("file.damaged.help")));
            return;
        }
    };
    let ending = attachment.ending();
    let fits = expected(&ending).is_none_or(|kinds| kinds.contains(&found));
    if found == Kind::Executable || !fits {
        let message =
            Message::new("file.kind").with("ending", &ending).with("kind", format!("{found:?}").to_uppercase());
        sink.push(attachment.finding(Code::File001, message).help(Message::new("file.kind.help")));
    }
}

/// FILE-002: what the making of a file left behind; one finding for each sort of it.
fn traces(attachment: &Attachment<'_>, sink: &mut Vec<Diagnostic>) {
    let Ok(contents) = attachment.contents else { return };
    let mut found: BTreeMap<&'static str, (usize, Message)> = BTreeMap::new();
    for trace in &contents.traces {
        if let Some(key) = trace_key(&trace.mark) {
            let entry = found.entry(key).or_insert_with(|| (0, place(&trace.place)));
            entry.0 += 1;
        }
    }
    for (key, (count, first)) in found {
        let message = Message::new("file.trace")
            .with_message("what", Message::new(key))
            .with("count", count)
            .with_message("place", first);
        sink.push(attachment.finding(Code::File002, message).help(Message::new("file.trace.help")));
    }
    if contents.unread.iter().any(|why| matches!(why, Unread::OldBinary | Unread::Encrypted | Unread::TooLarge)) {
        let message = Message::new("file.unread");
        sink.push(attachment.finding(Code::File002, message).help(Message::new("file.unread.help")));
    }
}

/// What a trace is called; none for what harms nobody: the program, the camera's model, a title's description.
fn trace_key(mark: &Mark) -> Option<&'static str> {
    Some(match mark {
        Mark::Author(_) | Mark::LastModifiedBy(_) | Mark::Manager(_) => "trace.person",
        Mark::Comment { .. } => "trace.comment",
        Mark::TrackedChange { .. } => "trace.change",
        Mark::HiddenText(_) => "trace.hidden_text",
        Mark::HiddenSheet | Mark::HiddenRows(_) | Mark::HiddenColumns(_) | Mark::HiddenSlide => "trace.hidden_part",
        Mark::Position(_) => "trace.position",
        Mark::SerialNumber(_) => "trace.serial",
        Mark::LocalPath(_) => "trace.path",
        Mark::ExternalReference(_) => "trace.external",
        Mark::EmbeddedFile(_) => "trace.embedded",
        Mark::Macro | Mark::Script => "trace.code",
        Mark::AfterEnd(_) => "trace.after_end",
        Mark::Company(_) | Mark::Property(..) | Mark::Description(_) | Mark::Device(_) | Mark::Software(_) => {
            return None;
        }
    })
}

/// FILE-003: a PDF that can be read aloud and searched (WCAG 2.2, 1.1.1, 2.4.2 and 3.1.1).
fn pdf(attachment: &Attachment<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(facts) = attachment.contents.as_ref().ok().and_then(|c| c.pdf.as_ref()) else { return };
    let faults = [
        (facts.text == TextLayer::None, "pdf.no_text"),
        (facts.title.is_none() && !facts.encrypted, "pdf.no_title"),
        (facts.language.is_none() && !facts.encrypted, "pdf.no_language"),
    ];
    for (_, key) in faults.iter().filter(|(is, _)| *is) {
        sink.push(attachment.finding(Code::File003, Message::new(key)).help(Message::new("pdf.help")));
    }
}

/// PRIV and SEC in the text of a file; one finding for each sort, with the first place and how many there are. Which words
/// they are is not said.
fn words(attachment: &Attachment<'_>, sink: &mut Vec<Diagnostic>) {
    let Ok(contents) = attachment.contents else { return };
    let mut found: BTreeMap<(Code, String), (usize, Diagnostic, Message)> = BTreeMap::new();
    let mut note = |finding: Diagnostic, passage: &Passage| {
        let key = (finding.code, finding.message.key.to_string());
        let entry = found.entry(key).or_insert_with(|| (0, finding, place(&passage.place)));
        entry.0 += 1;
    };
    for passage in &contents.text {
        for hit in find(&passage.text, attachment.latest) {
            if !personal::is_public(attachment.policy, &passage.text, &hit) {
                let (code, message) = personal::said(hit.what);
                note(personal::weighed(attachment.finding(code, message), hit.what), passage);
            }
        }
        if passage.standing == Standing::Header && is_personal_column(&passage.text) {
            let message = Message::new("priv.column").with("head", passage.text.trim());
            note(attachment.finding(Code::Priv006, message).help(Message::new("priv.column.help")), passage);
        }
        let free = !matches!(passage.place, Place::Cell(_));
        for mark in marks::find(&passage.text).into_iter().filter(|m| free || secrecy::marks_anywhere(m.what)) {
            if let Some((code, message, help)) = secrecy::said(mark.what) {
                note(attachment.finding(code, message).help(help), passage);
            }
        }
    }
    for (count, mut finding, first) in found.into_values() {
        finding.message = Message::new("file.inside")
            .with_message("what", finding.message)
            .with("count", count)
            .with_message("place", first);
        sink.push(finding);
    }
}

/// A place in words.
fn place(place: &Place) -> Message {
    match place {
        Place::File => Message::new("place.file"),
        Place::Paragraph(n) => Message::new("place.paragraph").with("n", n),
        Place::Margin(n) => Message::new("place.margin").with("n", n),
        Place::Footnote(n) => Message::new("place.footnote").with("n", n),
        Place::Comment(n) => Message::new("place.comment").with("n", n),
        Place::Cell(cell) => self::cell(cell),
        Place::Sheet(name) => Message::new("place.sheet").with("name", name),
        Place::Slide(n) => Message::new("place.slide").with("n", n),
        Place::Page(n) => Message::new("place.page").with("n", n),
        Place::Line(n) => Message::new("place.line").with("n", n),
        Place::Part(name) => Message::new("place.part").with("name", name),
    }
}

fn cell(cell: &Cell) -> Message {
    match cell.sheet.is_empty() {
        true => Message::new("place.cell").with("cell", cell.address()),
        false => Message::new("place.cell_of").with("sheet", &cell.sheet).with("cell", cell.address()),
    }
}
