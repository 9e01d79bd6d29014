//! Files that are text: lines, or cells where lines are rows. In: bytes. Out: passages.
//! Only UTF-8 is read, with or without a byte order mark: in other encodings a guess could make words of noise.

use super::gathering::Gathering;
use super::table::Table;
use super::{Kind, Place, Standing, Unread};

/// Separators of a CSV file, in the order tried.
const SEPARATORS: [u8; 3] = *b",\t;";
/// How many rows must agree on the number of cells for a text to be a table; fewer when there are fewer.
const ROWS: usize = 20;

/// Reads a text.
pub(super) fn read(kind: Kind, bytes: &[u8], gathering: &mut Gathering) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return gathering.unread(Unread::NotUtf8) };
    match separator(text).filter(|_| kind == Kind::Csv) {
        Some(separator) => rows(text, separator, gathering),
        None => {
            for (number, line) in (1..).zip(text.lines()) {
                if gathering.full() {
                    return;
                }
                gathering.passage(Place::Line(number), Standing::Shown, line);
            }
        }
    }
}

/// What separates the cells of a text in which every row has as many, at least two; `None` for running text.
pub(super) fn separator(text: &str) -> Option<u8> {
    SEPARATORS.into_iter().find(|separator| {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).delimiter(*separator).from_reader(text.as_bytes());
        let (mut row, mut rows) = (csv::StringRecord::new(), 0);
        for _ in 0..ROWS {
            match reader.read_record(&mut row) {
                Ok(true) if row.len() > 1 => rows += 1,
                Ok(false) => break,
                _ => return false,
            }
        }
        rows > 1
    })
}

fn rows(text: &str, separator: u8, gathering: &mut Gathering) {
    let mut table = Table::new("", Standing::Shown, gathering);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut row, mut number) = (csv::StringRecord::new(), 0);
    while reader.read_record(&mut row).unwrap_or(false) && !gathering.full() {
        number += 1;
        table.row(number, Standing::Shown);
        for (column, cell) in (1..).zip(&row) {
            table.cell(column, cell, gathering);
        }
        table.row_ended(gathering);
    }
    table.ended(gathering);
}
