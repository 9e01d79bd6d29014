//! Every single value of YAML text with how it is written: quoted or plain, as a key or a value.
//! In: the text. Out: its scalars in their order, as far as it can be read. What they mean is for others to say.

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use std::ops::Range;

/// A scalar as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// Its bytes of the text.
    pub span: Range<usize>,
    /// What stands around it.
    pub style: Style,
    /// Which half of an entry it is.
    pub role: Role,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: a reader guesses its type.
    Plain,
    /// In quotes, or as a block of text.
    Text,
}

/// What a scalar is to the mapping it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A key.
    Key,
    /// A value, or an item of a list.
    Value,
}

/// The scalars of `text`.
pub fn scalars(text: &str) -> Vec<Scalar> {
    // The parser counts characters.
    let offsets: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let at = |index: usize| offsets.get(index).copied().unwrap_or(text.len());
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
    // What is open: a list, or a mapping that waits for a key or for a value.
    let mut open: Vec<Option<Role>> = Vec::new();
    let mut found = Vec::new();
    while let Some(Ok((event, span))) = parser.next_event() {
        let begins = match event {
            Event::Scalar(_, style, ..) => {
                let role = open.last().copied().flatten().unwrap_or(Role::Value);
                let style = if style == ScalarStyle::Plain { Style::Plain } else { Style::Text };
                found.push(Scalar { span: at(span.start.index())..at(span.end.index()), style, role });
                None
            }
            Event::Alias(_) => None,
            Event::SequenceStart(..) => Some(None),
            Event::MappingStart(..) => Some(Some(Role::Key)),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                None
            }
            _ => continue,
        };
        match begins {
            Some(kind) => open.push(kind),
            // A value is complete, or a key.
            None => {
                if let Some(Some(role)) = open.last_mut() {
                    *role = if *role == Role::Key { Role::Value } else { Role::Key };
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_quotes_are_told_apart() {
        let text = "年: 012\nlist: [a, \"b\", {k: 'v'}]\nnested:\n  off: on\nmore:\n  - x: 1\n    y: 2\n  - z\n";
        let show = |s: &Scalar| {
            let role = if s.role == Role::Key { ":" } else { "" };
            let style = if s.style == Style::Text { "'" } else { "" };
            format!("{style}{}{role}", text[s.span.clone()].trim_matches(['"', '\'']))
        };
        let all: Vec<_> = scalars(text).iter().map(show).collect();
        let expected = "年: 012 list: a 'b k: 'v nested: off: on more: x: 1 y: 2 z";
        assert_eq!(all.join(" "), expected);
    }

    #[test]
    fn comments_and_line_ends_are_no_part_of_a_plain_value() {
        for text in ["a: 012 # zwölf\nb: c\n", "a: 012\r\nb: c\r\n", "a: 012   \n\n# x\nb: c\n", "{a: 012 , b: c}"] {
            let spans: Vec<_> = scalars(text).into_iter().map(|s| text[s.span].trim_end()).collect();
            assert_eq!(spans, ["a", "012", "b", "c"], "{text:?}");
        }
    }

    #[test]
    fn broken_yaml_gives_what_could_be_read() {
        assert_eq!(scalars("a: b\nc: [d").len(), 4);
        assert!(scalars("").is_empty());
    }
}
