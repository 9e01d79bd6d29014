//! Tables that can be read aloud: captions from the line `表:…` or `Table: …`, row headers, numeric columns.

use super::outline::text_of;
use comrak::nodes::{AstNode, NodeValue};

/// What is known of each table, in document order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) caption: Option<String>,
    /// Whether the first column names its rows.
    pub(super) row_headers: bool,
    /// For each column, whether it holds numbers.
    pub(super) numeric: Vec<bool>,
}

/// Finds the tables of a document, and takes the paragraphs that are their captions out of it.
pub(super) fn captions<'a>(nodes: &[&'a AstNode<'a>]) -> Vec<Table> {
    nodes.iter().filter(|n| matches!(n.data().value, NodeValue::Table(_))).map(|n| table(n)).collect()
}

fn table<'a>(node: &'a AstNode<'a>) -> Table {
    let beside = [node.previous_sibling(), node.next_sibling()];
    let caption = beside.into_iter().flatten().find_map(|p| caption_of(p).map(|text| (p, text)));
    if let Some((paragraph, _)) = &caption {
        paragraph.detach();
    }
    let body: Vec<Vec<String>> = node.children().skip(1).map(|row| row.children().map(text_of).collect()).collect();
    let columns = body.iter().map(Vec::len).max().unwrap_or(0);
    let column = |c: usize| body.iter().filter_map(move |row| row.get(c)).filter(|cell| !cell.is_empty());
    let numeric: Vec<_> =
        (0..columns).map(|c| column(c).next().is_some() && column(c).all(|cell| is_number(cell))).collect();
    let row_headers = columns > 1 && column(0).next().is_some() && !numeric[0];
    Table { caption: caption.map(|(_, text)| text), row_headers, numeric }
}

fn caption_of<'a>(node: &'a AstNode<'a>) -> Option<String> {
    if !matches!(node.data().value, NodeValue::Paragraph) {
        return None;
    }
    let text = text_of(node);
    let rest = ["表:", "表：", "Table:"].into_iter().find_map(|mark| text.strip_prefix(mark))?;
    let caption = rest.trim();
    (!caption.is_empty()).then(|| caption.to_string())
}

/// Digits with separators, a sign, a percent sign; a dash for "none".
fn is_number(text: &str) -> bool {
    let marks = ['.', ',', '%', '-', '+', '−', '–', '—', '/', ' ', '‰', '~'];
    text.chars().all(|c| c.is_ascii_digit() || marks.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_with_marks() {
        assert!(["3864", "1,034", "95%", "-3.5", "—"].iter().all(|t| is_number(t)));
        assert!(!["3项", "约30", "第1批"].iter().any(|t| is_number(t)));
    }
}
