//! What is known of an attachment once it has been read: plain data that a rule judges and a message names.
//! Places are numbers and names, not words, so that each language of messages puts them its own way.
//! Knows nothing of how any format stores them.

use super::Kind;
use super::bounds::Bound;
use std::collections::BTreeSet;

/// What one attachment is and carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// What it is, by its bytes.
    pub kind: Kind,
    /// Its text, in reading order.
    pub text: Vec<Passage>,
    /// What its making left behind, in the order found.
    pub traces: Vec<Trace>,
    /// What only a PDF has.
    pub pdf: Option<PdfFacts>,
    /// Why text or traces of it are unknown; empty when all was read.
    pub unread: BTreeSet<Unread>,
    /// Bounds that cut the reading short.
    pub bounds: BTreeSet<Bound>,
}

impl Contents {
    /// Whether a bound cut the reading short, so that there may be more than is told.
    pub fn truncated(&self) -> bool {
        !self.bounds.is_empty()
    }
}

/// A piece of text that stands in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where.
    pub place: Place,
    /// How it meets the reader.
    pub standing: Standing,
    /// The words, without markup, never empty.
    pub text: String,
}

/// How a text meets the reader of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In the open.
    Shown,
    /// In the header row of a table: the first row with two filled cells, and rows with a title above it.
    Header,
    /// There, but not shown: hidden text, a hidden sheet, row, column or slide.
    Hidden,
    /// Deleted, and kept by tracked changes.
    Deleted,
    /// A comment or a speaker's note.
    Remark,
}

/// Where in an attachment, counted from 1 as a reader counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A paragraph of the body of a text document; those in tables and text boxes count.
    Paragraph(usize),
    /// A page header or footer, by the number of its part.
    Margin(usize),
    /// A footnote or endnote, by its number among all of them.
    Footnote(usize),
    /// A comment, by its number.
    Comment(usize),
    /// A cell of a sheet or of a CSV file.
    Cell(Cell),
    /// A sheet as a whole.
    Sheet(String),
    /// A slide.
    Slide(usize),
    /// A page of a PDF.
    Page(usize),
    /// A line of a text file.
    Line(usize),
    /// A file inside the file, by its name there.
    Part(String),
}

/// A cell: `汇总!B7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The sheet's name; empty for a CSV file.
    pub sheet: String,
    /// The row, from 1.
    pub row: usize,
    /// The column, from 1.
    pub column: usize,
}

impl Cell {
    /// The address as spreadsheets write it: `B7`.
    pub fn address(&self) -> String {
        let (mut letters, mut rest) = (Vec::new(), self.column);
        while rest > 0 {
            letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
            rest = (rest - 1) / 26;
        }
        letters.iter().rev().collect::<String>() + &self.row.to_string()
    }
}

/// Something the making of the file left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Where.
    pub place: Place,
    /// What.
    pub mark: Mark,
}

/// What was left behind. Texts are cut at [`super::bounds::TRACE_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Who made the file, wrote its picture, or owns the camera.
    Author(String),
    /// Who last saved it.
    LastModifiedBy(String),
    /// The body or company the program is registered to.
    Company(String),
    /// The manager named in the document's properties.
    Manager(String),
    /// A property that people or programs of an office added: name and value.
    Property(String, String),
    /// A remark in the document's or picture's own properties.
    Description(String),
    /// A comment beside the text.
    Comment {
        /// Who wrote it; empty when unnamed.
        author: String,
        /// What it says.
        text: String,
    },
    /// A tracked change that was neither accepted nor rejected.
    TrackedChange {
        /// Which kind of change.
        change: Change,
        /// Who made it; empty when unnamed.
        author: String,
        /// The words inserted or deleted.
        text: String,
    },
    /// Text formatted as hidden.
    HiddenText(String),
    /// A sheet that is not shown; the place names it.
    HiddenSheet,
    /// Rows with content that are not shown, and how many.
    HiddenRows(usize),
    /// Columns that are not shown, and how many.
    HiddenColumns(usize),
    /// A slide that is not shown.
    HiddenSlide,
    /// A position on earth, in degrees as far as they can be read: latitude, longitude.
    Position(String),
    /// The serial number of a camera or lens.
    SerialNumber(String),
    /// The model of a camera or telephone.
    Device(String),
    /// The program that made the file.
    Software(String),
    /// A path on somebody's machine or network.
    LocalPath(String),
    /// Something fetched from elsewhere when the file is opened.
    ExternalReference(String),
    /// A file inside the file, which was not opened.
    EmbeddedFile(String),
    /// Program code of an office program.
    Macro,
    /// Program code of a PDF or SVG.
    Script,
    /// Bytes after the end of the picture, and how many.
    AfterEnd(usize),
}

/// A kind of tracked change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Words were added, or moved here.
    Inserted,
    /// Words were taken out, or moved away.
    Deleted,
}

/// What a PDF says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfFacts {
    /// Whether its pages have text.
    pub text: TextLayer,
    /// Title in the document information or XMP.
    pub title: Option<String>,
    /// Natural language of the document (ISO 32000-1, 14.9.2): a language tag.
    pub language: Option<String>,
    /// Marked as tagged (ISO 32000-1, 14.8), with a structure tree.
    pub tagged: bool,
    /// Encrypted, with or without a password to open it.
    pub encrypted: bool,
    /// Number of pages.
    pub pages: usize,
}

/// The text of a PDF's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextLayer {
    /// No page draws a character: pictures of pages, or nothing.
    None,
    /// All characters are drawn invisibly, as recognition of scanned pages does.
    Invisible,
    /// Characters are drawn.
    Drawn,
    /// The pages could not be read.
    Unknown,
}

/// Why something of a file is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// The room has no reader for this kind.
    NoReader,
    /// DOC, XLS or PPT of before 2007.
    OldBinary,
    /// Encrypted.
    Encrypted,
    /// Larger than [`super::bounds::FILE_BYTES`].
    TooLarge,
    /// Text that is not UTF-8; GB 18030 cannot be told from other encodings with certainty.
    NotUtf8,
    /// A twentieth or more of a PDF's characters, because a font has no table from codes to characters, or names one that
    /// this program does not have. They stand in the text as U+FFFD.
    PdfFont,
    /// A PDF stream in a coding this program does not read.
    PdfStream,
    /// An entry of a package in a coding this program does not read.
    PackedPart,
    /// EXIF or XMP data that is broken.
    PictureMetadata,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It has no bytes.
    Empty,
    /// It is not what it began as.
    Damaged {
        /// What it began as.
        kind: Kind,
        /// The part inside it that is broken; empty for the file itself.
        part: String,
        /// What is wrong, in the words of the reader of the format; English.
        reason: String,
    },
}
