//! The cells of one Excel sheet (ECMA-376 part 1, 18.3). In: a part and the workbook's shared strings. Out: passages
//! and traces. Numbers are given as stored, without their format; errors and truth values are left out.

use super::super::gathering::Gathering;
use super::super::table::Table;
use super::super::xml::{self, Part, Path, Piece, Tag};
use super::super::{Problem, Standing};

/// How many columns and rows Excel has.
const COLUMNS: usize = 16_384;
const ROWS: usize = 1_048_576;

struct Sheet<'a> {
    shared: &'a [String],
    table: Table,
    column: usize,
    kind: String,
    value: String,
}

impl Sheet<'_> {
    fn opened(&mut self, tag: &Tag<'_>) {
        let number = |name: &str| tag.attribute(name).and_then(|v| v.parse::<usize>().ok());
        let standing = if tag.on("hidden") { Standing::Hidden } else { Standing::Shown };
        match tag.name() {
            "col" if standing == Standing::Hidden => {
                let (min, max) = (number("min").unwrap_or_default(), number("max").unwrap_or_default());
                self.table.hide_columns(min, max.min(COLUMNS));
            }
            "row" => {
                let next = self.table.row_number().saturating_add(1);
                self.table.row(number("r").unwrap_or(next), standing);
                self.column = 0;
            }
            "c" => {
                let column = tag.attribute("r").and_then(|r| address(&r)).map(|(_, column)| column);
                self.column = column.unwrap_or(self.column.saturating_add(1));
                self.kind = tag.attribute("t").unwrap_or_default();
                self.value.clear();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, path: &Path) {
        if path.last() == "v" || path.last() == "t" && path.inside("is") && !path.inside("rPh") {
            self.value.push_str(text);
        }
    }

    fn cell_ended(&mut self, gathering: &mut Gathering) {
        let value = match self.kind.as_str() {
            "s" => self.value.trim().parse::<usize>().ok().and_then(|i| self.shared.get(i)).map_or("", String::as_str),
            "b" | "e" => "",
            _ => &self.value,
        };
        self.table.cell(self.column, value, gathering);
    }
}

/// Reads a sheet.
pub(super) fn read(part: &Part, shared: &[String], table: Table, gathering: &mut Gathering) -> Result<(), Problem> {
    let mut sheet = Sheet { shared, table, column: 0, kind: String::new(), value: String::new() };
    xml::walk(part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) => sheet.opened(tag),
        Piece::Text(text) => sheet.text(text, path),
        Piece::Close("c") => sheet.cell_ended(gathering),
        Piece::Close("row") => sheet.table.row_ended(gathering),
        Piece::Close(_) => {}
    })?;
    sheet.table.ended(gathering);
    Ok(())
}

/// Row and column of an address: `B7` is 7, 2.
pub(super) fn address(text: &str) -> Option<(usize, usize)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = (text.get(..digits)?, text.get(digits..)?);
    let column = letters.bytes().try_fold(0_usize, |sum, letter| {
        let value = usize::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        let sum = sum * 26 + value;
        (value <= 26 && sum <= COLUMNS).then_some(sum)
    })?;
    let row = digits.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
    (column > 0).then_some((row, column))
}
