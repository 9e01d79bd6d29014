//! The cells of one table, whatever format they come from: what is hidden, and which rows are its head.
//! In: rows and cells, in order. Out: passages and traces. A head is the first row with two filled cells and the rows
//! above it, since printed tables have a title there; without such a row among the first ones, the first filled row.

use super::gathering::Gathering;
use super::{Cell, Mark, Place, Standing};

/// Most rows above a head: title, unit, date.
const TITLES: usize = 8;

/// A table that is being read.
#[derive(Default)]
pub(super) struct Table {
    sheet: String,
    hidden: bool,
    /// First and last column of each hidden group, ascending.
    columns: Vec<(usize, usize)>,
    row: usize,
    row_hidden: bool,
    hidden_rows: usize,
    /// Filled cells of the row.
    filled: usize,
    /// Filled rows without a head so far, and where their passages begin and end.
    titles: usize,
    begin: usize,
    first_end: usize,
    headed: bool,
}

impl Table {
    /// A table of a sheet, and whether the sheet is shown.
    pub(super) fn new(sheet: &str, standing: Standing, gathering: &Gathering) -> Self {
        let (hidden, begin) = (standing == Standing::Hidden, gathering.passages());
        Self { sheet: sheet.to_owned(), hidden, begin, ..Self::default() }
    }

    /// Columns that are not shown, in ascending order as the formats demand; others are passed over.
    pub(super) fn hide_columns(&mut self, first: usize, last: usize) {
        if first <= last && self.columns.last().is_none_or(|(_, before)| *before < first) {
            self.columns.push((first, last));
        }
    }

    /// A row begins.
    pub(super) fn row(&mut self, number: usize, standing: Standing) {
        (self.row, self.row_hidden, self.filled) = (number, standing == Standing::Hidden, 0);
    }

    /// The number of the row.
    pub(super) fn row_number(&self) -> usize {
        self.row
    }

    /// A cell of the row.
    pub(super) fn cell(&mut self, column: usize, text: &str, gathering: &mut Gathering) {
        if text.trim().is_empty() {
            return;
        }
        let group = self.columns.partition_point(|(_, last)| *last < column);
        let column_hidden = self.columns.get(group).is_some_and(|(first, _)| *first <= column);
        let hidden = self.hidden || self.row_hidden || column_hidden;
        let standing = if hidden { Standing::Hidden } else { Standing::Shown };
        gathering.passage(Place::Cell(self.place(column)), standing, text);
        self.filled += 1;
    }

    /// Where a cell of the row stands.
    pub(super) fn place(&self, column: usize) -> Cell {
        Cell { sheet: self.sheet.clone(), row: self.row, column }
    }

    /// The row is over.
    pub(super) fn row_ended(&mut self, gathering: &mut Gathering) {
        self.hidden_rows += usize::from(self.row_hidden && self.filled > 0);
        if self.headed || self.filled == 0 {
            return;
        }
        self.titles += 1;
        if self.titles == 1 {
            self.first_end = gathering.passages();
        }
        if self.filled > 1 {
            gathering.make_header(self.begin, gathering.passages());
            self.headed = true;
        } else if self.titles > TITLES {
            self.no_head(gathering);
        }
    }

    fn no_head(&mut self, gathering: &mut Gathering) {
        gathering.make_header(self.begin, self.first_end);
        self.headed = true;
    }

    /// The table is over.
    pub(super) fn ended(&mut self, gathering: &mut Gathering) {
        if !self.headed {
            self.no_head(gathering);
        }
        let columns: usize = self.columns.iter().map(|(first, last)| (last - first).saturating_add(1)).sum();
        let place = || Place::Sheet(self.sheet.clone());
        if self.hidden_rows > 0 {
            gathering.trace(place(), Mark::HiddenRows(self.hidden_rows));
        }
        if columns > 0 {
            gathering.trace(place(), Mark::HiddenColumns(columns));
        }
    }
}
