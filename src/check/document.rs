//! What a rule may see of one document: the file as it is written, what it became, and the site it belongs to.

use crate::base::CivilDate;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::{Block, BlockKind, Body};
use crate::model::{Kind, Report, Site};
use crate::source::Text;
use serde_yaml::Mapping;
use std::ops::Range;

/// One report or page.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The file.
    pub text: &'a Text,
    /// Where in [`Text::text`] its front matter stands, without the fences.
    pub front: (usize, usize),
    /// Where in [`Text::text`] its body begins.
    pub body_start: usize,
    /// Its front matter.
    pub map: &'a Mapping,
    /// The report, as far as its front matter goes; none for a page.
    pub report: Option<&'a Report>,
    /// Its kind.
    pub kind: Option<&'a Kind>,
    /// What its body became.
    pub body: &'a Body,
    /// The site.
    pub site: &'a Site,
    /// The day of the build, or of publication where that is earlier: nothing in the text can be younger.
    pub latest: CivilDate,
    /// The day of the build: nothing that a document records of itself can be younger.
    pub today: CivilDate,
}

impl<'a> Document<'a> {
    /// The file's path.
    pub fn file(&self) -> &'a str {
        &self.text.file
    }

    /// The Markdown of the body.
    pub fn markdown(&self) -> &'a str {
        &self.text.text[self.body_start..]
    }

    /// The YAML of the front matter.
    pub fn yaml(&self) -> &'a str {
        &self.text.text[self.front.0..self.front.1]
    }

    /// The blocks of the body with their words.
    pub fn blocks(&self) -> impl Iterator<Item = (&'a Block, &'a str)> {
        let prose = &self.body.prose;
        prose.blocks.iter().map(|block| (block, prose.of(block)))
    }

    /// The blocks of the body in which one of `places` lies, bytes of the prose in order, each once.
    pub fn blocks_at(&self, places: &[usize]) -> impl Iterator<Item = (&'a Block, &'a str)> {
        let prose = &self.body.prose;
        let mut last = None;
        let at = move |place: &usize| {
            let index = prose.blocks.partition_point(|b| b.range.start <= *place).checked_sub(1)?;
            let block = prose.blocks.get(index).filter(|b| place < &b.range.end && last != Some(index))?;
            last = Some(index);
            Some((block, prose.of(block)))
        };
        places.iter().filter_map(at).collect::<Vec<_>>().into_iter()
    }

    /// The paragraphs of the body with their words.
    pub fn paragraphs(&self) -> impl Iterator<Item = (&'a Block, &'a str)> {
        self.blocks().filter(|(block, _)| block.kind == BlockKind::Paragraph)
    }

    /// A finding at words of a block; `range` is in bytes of the block's words.
    pub fn in_block(&self, code: Code, message: Message, block: &Block, range: Range<usize>) -> Diagnostic {
        let range = block.range.start + range.start..block.range.start + range.end;
        Diagnostic::new(code, message).at(self.file(), Place::Bytes(self.body.prose.source(range)))
    }

    /// A finding at bytes of the Markdown.
    pub fn in_markdown(&self, code: Code, message: Message, range: Range<usize>) -> Diagnostic {
        self.in_text(code, message, self.body_start + range.start..self.body_start + range.end)
    }

    /// A finding at bytes of the front matter's YAML.
    pub fn in_yaml(&self, code: Code, message: Message, range: Range<usize>) -> Diagnostic {
        self.in_text(code, message, self.front.0 + range.start..self.front.0 + range.end)
    }

    /// A finding at the value of a key, such as `&["signed", "date"]`.
    pub fn at_key(&self, code: Code, message: Message, path: &[&str]) -> Diagnostic {
        let path = path.iter().map(|k| Key::Name((*k).into())).collect();
        Diagnostic::new(code, message).at(self.file(), Place::Value(path))
    }

    /// A finding at the value of a key of an item in a list, such as `("sums", 0, "total")`.
    pub fn at_item(&self, code: Code, message: Message, list: &str, index: usize, key: &str) -> Diagnostic {
        let path = vec![Key::Name(list.into()), Key::Index(index), Key::Name(key.into())];
        Diagnostic::new(code, message).at(self.file(), Place::Value(path))
    }

    /// A finding about the document as such.
    pub fn whole(&self, code: Code, message: Message) -> Diagnostic {
        Diagnostic::new(code, message).at(self.file(), Place::Whole)
    }

    fn in_text(&self, code: Code, message: Message, range: Range<usize>) -> Diagnostic {
        let offset = self.text.offset;
        Diagnostic::new(code, message).at(self.file(), Place::Bytes(offset + range.start..offset + range.end))
    }
}
