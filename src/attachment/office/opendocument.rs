//! An OpenDocument text, spreadsheet or presentation (ISO/IEC 26300): paragraphs or cells or slides, annotations,
//! tracked deletions, what styles hide. In: a package. Out: passages and traces.
//! Repeated rows and cells are told once, at their first address.

use super::super::gathering::Gathering;
use super::super::table::Table;
use super::super::xml::{self, Path, Piece, Tag};
use super::super::{Change, Kind, Mark, Place, Problem, Standing, Unread};
use super::package::Package;
use std::collections::BTreeSet;

/// Reads a document.
pub(super) fn read(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    if let Some(manifest) = package.part("META-INF/manifest.xml", gathering)?
        && memchr::memmem::find(&manifest.bytes, b"encryption-data").is_some()
    {
        gathering.unread(Unread::Encrypted);
        return Ok(());
    }
    for name in ["content.xml", "styles.xml"] {
        let Some(part) = package.part(name, gathering)? else { continue };
        let mut reader = Reader::default();
        xml::walk(&part, gathering, |piece, path, gathering| reader.visit(&piece, path, gathering))?;
    }
    Ok(())
}

#[derive(Default)]
struct Reader {
    style: String,
    /// Styles that hide tables or words.
    hiding: BTreeSet<String>,
    paragraphs: usize,
    slides: usize,
    margins: usize,
    notes: usize,
    comments: usize,
    /// Words of the paragraph or cell, and those that its spans hide.
    text: String,
    hidden: String,
    /// For each open span, whether it hides.
    spans: Vec<bool>,
    author: String,
    remark: String,
    deleted: String,
    table: Table,
    rows: usize,
    column: usize,
    columns: usize,
    /// How many columns the cell stands for.
    repeated: usize,
}

impl Reader {
    fn visit(&mut self, piece: &Piece<'_>, path: &Path, gathering: &mut Gathering) {
        match piece {
            Piece::Open(tag) => self.opened(tag, path, gathering),
            Piece::Text(text) => self.said(text, path),
            Piece::Close(name) => self.closed(name, path, gathering),
        }
    }

    fn opened(&mut self, tag: &Tag<'_>, path: &Path, gathering: &mut Gathering) {
        let count = |name: &str| tag.attribute(name).and_then(|v| v.parse::<usize>().ok()).unwrap_or(1).max(1);
        let collapsed = tag.attribute("visibility").is_some_and(|v| v == "collapse" || v == "filter");
        let row = if collapsed { Standing::Hidden } else { Standing::Shown };
        match tag.name() {
            "style" => self.style = tag.attribute("name").unwrap_or_default(),
            "table-properties" if tag.attribute("display").is_some_and(|v| v == "false") => self.hide(),
            "text-properties" if tag.attribute("display").is_some_and(|v| v == "none") => self.hide(),
            "span" => self.spans.push(self.hides(tag)),
            "header" | "footer" | "header-left" | "footer-left" => self.margins += 1,
            "note" => self.notes += 1,
            "page" if path.last() == "presentation" => self.slides += 1,
            "annotation" => {
                self.comments += 1;
                (self.author, self.remark) = Default::default();
            }
            "changed-region" => (self.author, self.deleted) = Default::default(),
            "s" => self.said(" ", path),
            "tab" => self.said("\t", path),
            "line-break" => self.said("\n", path),
            "table" if gathering.kind() == Kind::Ods && path.last() == "spreadsheet" => {
                let name = tag.attribute("name").unwrap_or_default();
                let standing = if self.hides(tag) { Standing::Hidden } else { Standing::Shown };
                if standing == Standing::Hidden {
                    gathering.trace(Place::Sheet(name.clone()), Mark::HiddenSheet);
                }
                self.table = Table::new(&name, standing, gathering);
                (self.rows, self.columns) = (0, 0);
            }
            "table-column" => {
                let first = self.columns.saturating_add(1);
                self.columns = self.columns.saturating_add(count("number-columns-repeated"));
                if collapsed {
                    self.table.hide_columns(first, self.columns);
                }
            }
            "table-row" => {
                self.table.row(self.rows.saturating_add(1), row);
                self.rows = self.rows.saturating_add(count("number-rows-repeated"));
                self.column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                self.column = self.column.saturating_add(1);
                self.repeated = count("number-columns-repeated");
            }
            _ => {}
        }
    }

    fn hide(&mut self) {
        self.hiding.insert(self.style.clone());
    }

    fn hides(&self, tag: &Tag<'_>) -> bool {
        tag.attribute("style-name").is_some_and(|s| self.hiding.contains(&s))
    }

    fn said(&mut self, text: &str, path: &Path) {
        if path.inside("annotation") || path.inside("tracked-changes") {
            match path.last() {
                "creator" => self.author.push_str(text),
                "date" | "creator-initials" => {}
                _ if path.inside("annotation") => self.remark.push_str(text),
                _ if path.inside("deletion") => self.deleted.push_str(text),
                _ => {}
            }
        } else if self.spans.contains(&true) {
            self.hidden.push_str(text);
        } else if path.inside("p") || path.inside("h") {
            self.text.push_str(text);
        }
    }

    fn closed(&mut self, name: &str, path: &Path, gathering: &mut Gathering) {
        match name {
            "span" => {
                self.spans.pop();
            }
            "p" | "h" if path.inside("annotation") || path.inside("tracked-changes") => {
                self.remark.push('\n');
                self.deleted.push('\n');
            }
            "p" | "h" if gathering.kind() == Kind::Ods && path.inside("table") => self.text.push('\n'),
            "p" | "h" => {
                self.paragraphs += 1;
                let standing = if path.inside("notes") { Standing::Remark } else { Standing::Shown };
                let place = self.place(path, gathering.kind());
                gathering.passage(place.clone(), standing, &self.text);
                gathering.passage(place.clone(), Standing::Hidden, &self.hidden);
                gathering.said(place, Mark::HiddenText, &self.hidden);
                self.text.clear();
                self.hidden.clear();
            }
            "annotation" => gathering.comment(Place::Comment(self.comments), &self.author, &self.remark),
            "changed-region" if !self.deleted.trim().is_empty() => {
                gathering.changed(Place::File, Change::Deleted, &self.author, &self.deleted);
            }
            "insertion" => gathering.changed(Place::File, Change::Inserted, &self.author, ""),
            "table-cell" if gathering.kind() == Kind::Ods => {
                let place = Place::Cell(self.table.place(self.column));
                self.table.cell(self.column, &self.text, gathering);
                gathering.passage(place.clone(), Standing::Hidden, &self.hidden);
                gathering.said(place, Mark::HiddenText, &self.hidden);
                self.text.clear();
                self.hidden.clear();
                self.column = self.column.saturating_add(self.repeated - 1);
            }
            "covered-table-cell" => self.column = self.column.saturating_add(self.repeated.max(1) - 1),
            "table-row" => self.table.row_ended(gathering),
            "table" if gathering.kind() == Kind::Ods && path.last() == "spreadsheet" => self.table.ended(gathering),
            _ => {}
        }
    }

    fn place(&self, path: &Path, kind: Kind) -> Place {
        let margin = ["header", "footer", "header-left", "footer-left"].iter().any(|n| path.inside(n));
        match kind {
            _ if margin => Place::Margin(self.margins),
            Kind::Ods => Place::Cell(self.table.place(self.column)),
            Kind::Odp => Place::Slide(self.slides),
            _ if path.inside("note") => Place::Footnote(self.notes),
            _ => Place::Paragraph(self.paragraphs),
        }
    }
}
