//! Where a finding stands. A place is symbolic until someone looks: a key path costs nothing on a clean run.

use super::Message;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A place in a file, with words beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Label {
    /// The file, relative to the portal's root, `/`-separated.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is to be seen there.
    pub note: Option<Message>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// The file as such.
    Whole,
    /// Bytes of the file.
    Bytes(Range<usize>),
    /// The value at a key path of the file's YAML (its front matter, for Markdown).
    Value(Vec<Key>),
    /// The last key of a key path itself.
    Name(Vec<Key>),
}

/// One step of a key path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// A key of a mapping.
    Name(String),
    /// An item of a sequence, from 0.
    Index(usize),
}

/// A place made concrete: what the printers need of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines around the place, verbatim.
    pub text: String,
    /// The number of the first of these lines, from 1.
    pub first_line: usize,
    /// The place, in bytes of `text`.
    pub span: Range<usize>,
    /// Line of the place's first character, from 1.
    pub line: usize,
    /// Column of the place's first character, in characters from 1.
    pub column: usize,
}

/// Longest line that is shown whole, in bytes; of a longer one only the part around the place is.
const LINE_LIMIT: usize = 600;

impl Excerpt {
    /// Cuts the lines of `span` out of `text`.
    pub fn of(text: &str, span: Range<usize>) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end.clamp(start, text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let from = if start - line_start > LINE_LIMIT { floor(text, start - LINE_LIMIT / 2) } else { line_start };
        let to = if line_end - start > LINE_LIMIT { floor(text, start + LINE_LIMIT) } else { line_end };
        let shown = text[from..to].trim_end_matches('\r');
        let last = from + shown.len();
        Self {
            text: shown.to_string(),
            first_line: text[..start].matches('\n').count() + 1,
            span: start.min(last) - from..end.clamp(start.min(last), last) - from,
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "title: 年度报告\nkind: 法治\n";
        let at = text.find("法治").expect("there");
        let excerpt = Excerpt::of(text, at..at + 6);
        assert_eq!((excerpt.line, excerpt.column, excerpt.text.as_str()), (2, 7, "kind: 法治"));
        assert_eq!(&excerpt.text[excerpt.span], "法治");
    }

    #[test]
    fn a_span_past_the_end_is_the_end() {
        let excerpt = Excerpt::of("ab\r\n", 90..99);
        assert_eq!((excerpt.line, excerpt.column), (2, 1));
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_place() {
        let text = "长".repeat(5000);
        let excerpt = Excerpt::of(&text, 6000..6003);
        assert!(excerpt.text.len() < 1000 && excerpt.column == 2001);
        assert_eq!(&excerpt.text[excerpt.span], "长");
    }
}
