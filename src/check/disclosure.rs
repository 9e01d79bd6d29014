//! NUM-005: the tables of a report on information disclosure add up (国办公开办函〔2021〕30号, 勾稽关系). A table is judged only
//! where all its rows are known and all its cells are numbers; last year's open requests are this year's carried ones.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::markdown::{Block, BlockKind, Prose};
use crate::model::Portal;
use crate::model::report::Carried;
use std::collections::BTreeMap;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Num005], run: Run::Document(tables) },
    Rule { codes: &[Code::Num005], run: Run::Portal(carried_over) },
];

/// A table: its cells by row, the header first.
type Table<'a> = Vec<Vec<(&'a Block, &'a str)>>;

/// What a row of the table of requests counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    /// 一、本年新收.
    New,
    /// 二、上年结转.
    Carried,
    /// A result of 三、.
    Result,
    /// 三、（七）总计.
    Total,
    /// 四、结转下年度.
    Open,
}

fn all(prose: &Prose) -> Vec<Table<'_>> {
    let mut tables: BTreeMap<usize, Table<'_>> = BTreeMap::new();
    for block in &prose.blocks {
        if let BlockKind::Cell { table, row, .. } = block.kind {
            let rows = tables.entry(table).or_default();
            rows.resize_with(rows.len().max(row + 1), Vec::new);
            if let Some(cells) = rows.get_mut(row) {
                cells.push((block, prose.of(block).trim()));
            }
        }
    }
    tables.into_values().collect()
}

/// The rows of a table of requests; none for another table.
fn requests(table: &Table<'_>) -> Option<Vec<Row>> {
    let head = |cells: &[(&Block, &str)]| cells.first().map(|(_, words)| (*words).to_string()).unwrap_or_default();
    let kind = |name: String| match name.as_str() {
        n if n.contains("新收") => Row::New,
        n if n.contains("上年结转") => Row::Carried,
        n if n.contains("结转下年度") => Row::Open,
        n if n.ends_with("总计") => Row::Total,
        _ => Row::Result,
    };
    let rows: Vec<_> = table.iter().skip(1).map(|cells| kind(head(cells))).collect();
    let order = rows.first() == Some(&Row::New)
        && rows.get(1) == Some(&Row::Carried)
        && rows.last() == Some(&Row::Open)
        && rows.get(rows.len().checked_sub(2)?) == Some(&Row::Total);
    let results = rows.iter().filter(|r| **r == Row::Result).count();
    (order && results + 4 == rows.len() && results > 0).then_some(rows)
}

/// The numbers of a table, row by row, without the first column; none where a cell is no number.
fn numbers(table: &Table<'_>) -> Option<Vec<Vec<u64>>> {
    let width = table.first()?.len();
    let number =
        |(_, words): &(&Block, &str)| words.replace([',', '，', ' '], "").parse::<u64>().ok().filter(|n| *n < 1 << 40);
    let row = |cells: &Vec<(&Block, &str)>| cells.iter().skip(1).map(number).collect::<Option<Vec<_>>>();
    let rows: Vec<_> = table.iter().skip(1).map(row).collect::<Option<_>>()?;
    rows.iter().all(|r| r.len() + 1 == width && !r.is_empty()).then_some(rows)
}

fn tables(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    if document.report.is_none_or(|r| r.kind.as_str() != "information-disclosure") {
        return;
    }
    for table in all(&document.body.prose) {
        let heads: Vec<_> = table.first().into_iter().flatten().map(|(_, words)| *words).collect();
        let rows = requests(&table);
        let litigation = ["结果维持", "结果纠正", "其他结果", "尚未审结"].iter().all(|h| heads.contains(h));
        if (rows.is_none() && !litigation) || heads.last() != Some(&"总计") {
            continue;
        }
        let Some(numbers) = numbers(&table) else { continue };
        let mut say = |row: usize, column: usize, key: &'static str, computed: u64| {
            let Some((block, words)) = table.get(row + 1).and_then(|r| r.get(column + 1)) else { return };
            let message = Message::new(key)
                .with("column", heads.get(column + 1).copied().unwrap_or_default())
                .with("stated", words)
                .with("computed", computed);
            let finding = document.in_block(Code::Num005, message, block, 0..block.range.len());
            sink.push(finding.help(Message::new("num.table.help")));
        };
        for (row, cells) in numbers.iter().enumerate() {
            let (total, parts) = cells.split_last().map_or((0, &[][..]), |(t, p)| (*t, p));
            let computed: u64 = parts.iter().sum();
            // Each block of a table of appeals has its own total; here only the plain form is read.
            if !parts.is_empty() && total != computed {
                say(row, cells.len() - 1, "num.table_row", computed);
            }
        }
        let Some(rows) = rows else { continue };
        let row = |wanted: Row| rows.iter().position(|r| *r == wanted).and_then(|at| Some((at, numbers.get(at)?)));
        let (Some((_, new)), Some((_, carried)), Some((total_at, total)), Some((open_at, open))) =
            (row(Row::New), row(Row::Carried), row(Row::Total), row(Row::Open))
        else {
            continue;
        };
        for column in 0..total.len() {
            let results: u64 =
                rows.iter().zip(&numbers).filter(|(r, _)| **r == Row::Result).filter_map(|(_, n)| n.get(column)).sum();
            let at = |row: &[u64]| row.get(column).copied().unwrap_or_default();
            if results != at(total) {
                say(total_at, column, "num.table_results", results);
            } else if at(new) + at(carried) != at(total) + at(open) {
                say(open_at, column, "num.table_balance", (at(new) + at(carried)).saturating_sub(at(total)));
            }
        }
    }
}

/// What a report carries from year to year: requests open at its beginning and at its end, with their places in the file.
pub fn carried(prose: &Prose) -> Option<Carried> {
    let table = all(prose).into_iter().find(|t| requests(t).is_some())?;
    let (rows, numbers) = (requests(&table)?, numbers(&table)?);
    let cell = |wanted: Row| {
        let at = rows.iter().position(|r| *r == wanted)?;
        let (block, _) = table.get(at + 1)?.last()?;
        Some((*numbers.get(at)?.last()?, prose.source(block.range.clone())))
    };
    Some(Carried { from_before: cell(Row::Carried)?, to_next: cell(Row::Open)? })
}

fn carried_over(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for series in portal.series() {
        let reports = series.reports.iter().filter_map(|i| portal.reports.get(*i));
        let known: Vec<_> = reports.filter_map(|r| Some((r, r.carried.as_ref()?))).collect();
        for pair in known.windows(2) {
            let [(before, left), (after, taken)] = pair else { continue };
            if after.id.year != before.id.year + 1 || left.to_next.0 == taken.from_before.0 {
                continue;
            }
            let message = Message::new("num.carried")
                .with("year", before.id.year)
                .with("left", left.to_next.0)
                .with("taken", taken.from_before.0);
            let finding = Diagnostic::new(Code::Num005, message)
                .at(after.file.as_ref(), Place::Bytes(taken.from_before.1.clone()))
                .see(before.file.as_ref(), Place::Bytes(left.to_next.1.clone()), Message::new("num.carried.before"));
            sink.push(finding.help(Message::new("num.carried.help")));
        }
    }
}
