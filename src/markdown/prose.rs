//! The words of a body without markup, block by block, with the way back to the file: what rules read, and what the
//! data file says of each part. In: the parsed document and its text. Out: a [`Prose`]. A line for each paragraph,
//! heading and table row, cells apart by tabs; footnotes stand behind everything else.

use super::convert::Lines;
use super::inline;
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{AstNode, NodeValue};
use std::ops::Range;

/// The words of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose {
    /// All of them.
    pub text: String,
    /// What they are, in their order.
    pub blocks: Vec<Block>,
    /// Where the parts begin, each behind its heading, and where the last one ends.
    pub(super) parts: Vec<usize>,
    pieces: Vec<Piece>,
}

/// A block of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of [`Prose::text`].
    pub range: Range<usize>,
    /// Bytes of the file, markup included.
    pub source: Range<usize>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading of this level, 1 to 6.
    Heading(u8),
    /// A paragraph; one inside a list item, a quote or a footnote too.
    Paragraph,
    /// A cell: which table, row (0 is the header) and column it is in, all from 0.
    Cell {
        /// Number of the table in the body.
        table: usize,
        /// Row; 0 is the header.
        row: usize,
        /// Column.
        column: usize,
    },
    /// Code.
    Code,
}

/// A run of words that stands in the file in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Byte of the text at which it begins.
    at: usize,
    /// Bytes of the file.
    source: Range<usize>,
    /// Whether the file has the same bytes there; not so with escapes and entities.
    verbatim: bool,
}

impl Prose {
    /// The words of a block.
    pub fn of(&self, block: &Block) -> &str {
        &self.text[block.range.clone()]
    }

    /// Where in the file the words of `range` stand.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        let piece = |at: usize| {
            let index = self.pieces.partition_point(|p| p.at <= at).checked_sub(1)?;
            Some((&self.pieces[index], at - self.pieces[index].at))
        };
        let start = piece(range.start).map_or(0, |(p, into)| match p.verbatim {
            true => (p.source.start + into).min(p.source.end),
            false => p.source.start,
        });
        let end = piece(range.end.saturating_sub(1).max(range.start)).map_or(start, |(p, into)| match p.verbatim {
            true => (p.source.start + into + usize::from(range.end > range.start)).min(p.source.end),
            false => p.source.end,
        });
        start..end.max(start)
    }
}

/// Reads the words of a document. `body` is its text, which begins at byte `offset` of the file.
pub(super) fn read<'a>(root: &'a AstNode<'a>, lines: &Lines, body: &str, offset: usize) -> Prose {
    let mut prose = Prose { text: String::with_capacity(body.len() + 64), parts: vec![0], ..Prose::default() };
    // A line has a block or more, and each some pieces: growing would copy them several times.
    prose.pieces.reserve(lines.count() * 2);
    prose.blocks.reserve(lines.count());
    let mut reader = Reader { prose: &mut prose, lines, body, offset, tables: 0, row: 0, column: 0 };
    let mut notes = Vec::new();
    for block in root.children() {
        match &block.data().value {
            NodeValue::FootnoteDefinition(_) => {
                notes.push(block);
                continue;
            }
            NodeValue::Heading(heading) if heading.level == 2 => {}
            _ => {
                reader.block(block);
                continue;
            }
        }
        reader.prose.parts.push(reader.prose.text.len());
        reader.block(block);
        let start = reader.prose.text.len();
        reader.prose.parts.push(start);
    }
    reader.prose.parts.push(reader.prose.text.len());
    for note in notes {
        reader.block(note);
    }
    prose
}

struct Reader<'r> {
    prose: &'r mut Prose,
    lines: &'r Lines,
    body: &'r str,
    offset: usize,
    tables: usize,
    row: usize,
    column: usize,
}

impl Reader<'_> {
    fn block<'a>(&mut self, block: &'a AstNode<'a>) {
        let mut start = 0;
        for edge in block.traverse() {
            match edge {
                NodeEdge::Start(node) => {
                    let data = node.data();
                    match &data.value {
                        NodeValue::Paragraph | NodeValue::Heading(_) => start = self.prose.text.len(),
                        NodeValue::TableRow(_) => self.column = 0,
                        NodeValue::TableCell => {
                            if self.column > 0 {
                                self.prose.text.push('\t');
                            }
                            start = self.prose.text.len();
                        }
                        NodeValue::CodeBlock(code) => {
                            let from = self.prose.text.len();
                            let source = self.lines.range(data.sourcepos);
                            self.piece(code.literal.trim_end(), source.clone());
                            let range = from..self.prose.text.len();
                            self.prose.blocks.push(Block { kind: BlockKind::Code, range, source });
                            self.prose.text.push('\n');
                        }
                        NodeValue::Text(text) => self.piece(text, self.lines.range(data.sourcepos)),
                        NodeValue::Code(code) => {
                            // The marks around it are not words.
                            let source = self.lines.range(data.sourcepos);
                            self.piece(&code.literal, source);
                        }
                        NodeValue::SoftBreak | NodeValue::LineBreak if !inline::ends_unspaced(&self.prose.text) => {
                            self.prose.text.push(' ');
                        }
                        _ => {}
                    }
                }
                NodeEdge::End(node) => {
                    let data = node.data();
                    let kind = match &data.value {
                        NodeValue::Paragraph => BlockKind::Paragraph,
                        NodeValue::Heading(heading) => BlockKind::Heading(heading.level),
                        NodeValue::TableCell => {
                            self.column += 1;
                            BlockKind::Cell { table: self.tables, row: self.row, column: self.column - 1 }
                        }
                        NodeValue::TableRow(_) => {
                            self.row += 1;
                            self.prose.text.push('\n');
                            continue;
                        }
                        NodeValue::Table(_) => {
                            (self.tables, self.row) = (self.tables + 1, 0);
                            continue;
                        }
                        _ => continue,
                    };
                    let range = start..self.prose.text.len();
                    self.prose.blocks.push(Block { kind, range, source: self.lines.range(data.sourcepos) });
                    if !matches!(kind, BlockKind::Cell { .. }) {
                        self.prose.text.push('\n');
                    }
                }
            }
        }
    }

    fn piece(&mut self, words: &str, source: Range<usize>) {
        if words.is_empty() {
            return;
        }
        let inside = source.start - self.offset..source.end - self.offset;
        let verbatim = self.body.get(inside.clone()).is_some_and(|s| s == words);
        // Inside marks, such as those of code, the words are found again.
        let found = (!verbatim).then(|| self.body.get(inside.clone()).and_then(|s| s.find(words))).flatten();
        let (source, verbatim) = match found {
            Some(at) => (source.start + at..source.start + at + words.len(), true),
            None => (source, verbatim),
        };
        self.prose.pieces.push(Piece { at: self.prose.text.len(), source, verbatim });
        self.prose.text.push_str(words);
    }
}
