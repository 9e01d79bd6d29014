//! A Word document (ECMA-376 part 1, 17): paragraphs, headers and footers, notes, comments, tracked changes, text
//! formatted as hidden. In: a package. Out: passages and traces.
//! Hiding by a style is not followed; only `w:vanish` at the words themselves counts.

use super::super::gathering::Gathering;
use super::super::xml::{self, Part, Path, Piece, Tag};
use super::super::{Change, Mark, Place, Problem, Standing};
use super::package::Package;

/// A kind of part and how its paragraphs are placed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    Body,
    Margin(usize),
    Notes,
    Comments,
}

/// Reads a document.
pub(super) fn read(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    let mut stories = vec![(Story::Body, "word/document.xml".to_owned())];
    let margins = package.numbered("word/header", ".xml").into_iter().chain(package.numbered("word/footer", ".xml"));
    stories.extend(margins.enumerate().map(|(i, (_, name))| (Story::Margin(i + 1), name)));
    stories.extend(["footnotes", "endnotes"].map(|n| (Story::Notes, format!("word/{n}.xml"))));
    stories.push((Story::Comments, "word/comments.xml".to_owned()));
    let mut notes = 0;
    for (story, name) in stories {
        package.relations(&name, gathering)?;
        if let Some(part) = package.part(&name, gathering)? {
            notes = read_story(story, &part, notes, gathering)?;
        }
    }
    package.relations("word/settings.xml", gathering)?;
    Ok(())
}

fn read_story(story: Story, part: &Part, notes: usize, gathering: &mut Gathering) -> Result<usize, Problem> {
    let mut reader = Reader { story, paragraphs: 0, notes, open: Vec::new(), runs: Vec::new(), fallback: 0 };
    let mut comment = Comment::default();
    xml::walk(part, gathering, |piece, path, gathering| {
        if story == Story::Comments {
            comment.visit(&piece, gathering);
        } else {
            reader.visit(&piece, path, gathering);
        }
    })?;
    Ok(reader.notes)
}

/// A paragraph that is open. They nest: a text box stands inside a paragraph.
#[derive(Default)]
struct Paragraph {
    number: usize,
    shown: String,
    hidden: String,
    changes: Vec<(Change, String, String)>,
}

/// The words of one format.
#[derive(Default)]
struct Run {
    text: String,
    hidden: bool,
}

struct Reader {
    story: Story,
    paragraphs: usize,
    notes: usize,
    open: Vec<Paragraph>,
    /// Runs that are open; they nest as paragraphs do.
    runs: Vec<Run>,
    /// Depth inside `mc:Fallback`, which says again what `mc:Choice` said.
    fallback: usize,
}

impl Reader {
    fn visit(&mut self, piece: &Piece<'_>, path: &Path, gathering: &mut Gathering) {
        match piece {
            Piece::Open(tag) if tag.name() == "Fallback" => self.fallback += 1,
            Piece::Close("Fallback") => self.fallback = self.fallback.saturating_sub(1),
            _ if self.fallback > 0 => {}
            Piece::Open(tag) => self.opened(tag, path),
            Piece::Text(text) => {
                if matches!(path.last(), "t" | "delText") {
                    self.say(text);
                }
            }
            Piece::Close("r") => self.run_ended(path),
            Piece::Close("p") => self.paragraph_ended(gathering),
            Piece::Close(_) => {}
        }
    }

    fn say(&mut self, text: &str) {
        self.runs.last_mut().into_iter().for_each(|run| run.text.push_str(text));
    }

    fn opened(&mut self, tag: &Tag<'_>, path: &Path) {
        match tag.name() {
            "p" => {
                self.paragraphs += 1;
                self.open.push(Paragraph { number: self.paragraphs, ..Paragraph::default() });
            }
            // Word's own separators between text and notes have negative or zero ids and a type.
            "footnote" | "endnote" if tag.attribute("type").is_none() => self.notes += 1,
            "r" => self.runs.push(Run::default()),
            "vanish" | "webHidden" if path.last() == "rPr" && path.above() == "r" => {
                let hidden = tag.attribute("val").is_none_or(|v| xml::yes(&v));
                self.runs.last_mut().into_iter().for_each(|run| run.hidden = hidden);
            }
            "tab" if path.last() == "r" => self.say("\t"),
            "br" | "cr" => self.say("\n"),
            "noBreakHyphen" => self.say("-"),
            "ins" | "moveTo" | "del" | "moveFrom" => {
                let change = if matches!(tag.name(), "ins" | "moveTo") { Change::Inserted } else { Change::Deleted };
                if let Some(paragraph) = self.open.last_mut() {
                    let author = tag.attribute("author").unwrap_or_default();
                    paragraph.changes.push((change, author, String::new()));
                }
            }
            _ => {}
        }
    }

    fn run_ended(&mut self, path: &Path) {
        let Some(run) = self.runs.pop() else { return };
        let Some(paragraph) = self.open.last_mut() else { return };
        let deleted = path.inside("del") || path.inside("moveFrom");
        if (deleted || path.inside("ins") || path.inside("moveTo"))
            && let Some((_, _, text)) = paragraph.changes.last_mut()
        {
            text.push_str(&run.text);
        }
        if run.hidden {
            paragraph.hidden.push_str(&run.text);
        } else if !deleted {
            paragraph.shown.push_str(&run.text);
        }
    }

    fn paragraph_ended(&mut self, gathering: &mut Gathering) {
        let Some(paragraph) = self.open.pop() else { return };
        let place = match self.story {
            Story::Margin(n) => Place::Margin(n),
            Story::Notes => Place::Footnote(self.notes),
            _ => Place::Paragraph(paragraph.number),
        };
        gathering.passage(place.clone(), Standing::Shown, &paragraph.shown);
        gathering.passage(place.clone(), Standing::Hidden, &paragraph.hidden);
        gathering.said(place.clone(), Mark::HiddenText, &paragraph.hidden);
        for (change, author, text) in paragraph.changes.iter().filter(|(_, _, text)| !text.is_empty()) {
            gathering.changed(place.clone(), *change, author, text);
        }
    }
}

/// The comment that is open.
#[derive(Default)]
struct Comment {
    number: usize,
    author: String,
    text: String,
    words: bool,
}

impl Comment {
    fn visit(&mut self, piece: &Piece<'_>, gathering: &mut Gathering) {
        match piece {
            Piece::Open(tag) if tag.name() == "comment" => {
                let author = tag.attribute("author").unwrap_or_default();
                *self = Self { number: self.number + 1, author, ..Self::default() };
            }
            Piece::Open(tag) => self.words = tag.name() == "t",
            Piece::Text(text) if self.words => self.text.push_str(text),
            Piece::Text(_) => {}
            Piece::Close("comment") => gathering.comment(Place::Comment(self.number), &self.author, &self.text),
            Piece::Close("p") => self.text.push('\n'),
            Piece::Close(_) => self.words = false,
        }
    }
}
