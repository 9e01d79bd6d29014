//! Every bound on what is read of one attachment. One that is hit stands in the result by name: [`Bound`].
//! A published report with its tables stays far below all of them; what reaches one is a mistake or an attack.

/// Largest file that is looked into, in bytes; a larger one is told by its kind alone.
pub const FILE_BYTES: usize = 200_000_000;
/// Most entries of a package.
pub const ENTRIES: usize = 20_000;
/// Largest entry of a package or stream of a PDF, unpacked, in bytes.
pub const PART_BYTES: usize = 32_000_000;
/// Most bytes unpacked from one attachment, all entries or streams together.
pub const UNPACKED_BYTES: usize = 128_000_000;
/// Most text kept of one attachment, in bytes of UTF-8.
pub const TEXT_BYTES: usize = 16_000_000;
/// Most passages kept; a cell with content is a passage.
pub const PASSAGES: usize = 400_000;
/// Most traces kept.
pub const TRACES: usize = 10_000;
/// Longest text of a single trace, in bytes of UTF-8.
pub const TRACE_BYTES: usize = 2_000;
/// Deepest nesting of XML elements and PDF objects.
pub const DEPTH: usize = 128;
/// Most sheets, slides and notes whose parts are looked up.
pub const PARTS: usize = 2_000;
/// Most pages of a PDF.
pub const PAGES: usize = 5_000;
/// Most objects of a PDF.
pub const OBJECTS: usize = 1_000_000;
/// Most values in one object of a PDF: a font's widths need 100,000, a reference takes three.
pub const VALUES: usize = 600_000;
/// Most PDF forms (drawings inside a page) drawn on all pages together; forms nest, so that few can mean many.
pub const FORMS: usize = 20_000;
/// Most entries of a PDF font's table from codes to characters.
pub const CODES: usize = 70_000;

/// The bound that was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// [`FILE_BYTES`].
    FileBytes,
    /// [`ENTRIES`].
    Entries,
    /// [`PART_BYTES`].
    PartBytes,
    /// [`UNPACKED_BYTES`].
    UnpackedBytes,
    /// [`TEXT_BYTES`].
    TextBytes,
    /// [`PASSAGES`].
    Passages,
    /// [`TRACES`].
    Traces,
    /// [`DEPTH`].
    Depth,
    /// [`PARTS`].
    Parts,
    /// [`PAGES`].
    Pages,
    /// [`OBJECTS`].
    Objects,
    /// [`VALUES`].
    Values,
    /// [`FORMS`].
    Forms,
    /// [`CODES`].
    Codes,
}
