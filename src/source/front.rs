//! Splits a Markdown file at its fences into front matter and body.

use super::{Text, bounds};
use crate::diag::{Code, Diagnostic, Message, Place};
use std::ops::Range;

/// The two halves of a Markdown file, as byte ranges of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// The YAML between the fences; empty where a page has none.
    pub yaml: Range<usize>,
    /// Everything after the closing fence.
    pub body: Range<usize>,
}

/// Whether a file may do without front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fences {
    /// A report or a page: they must be there.
    Required,
    /// The landing page's introduction: they may be there.
    Optional,
}

/// Finds the fences: a first line `---`, and the next line that is `---`.
pub fn split(text: &Text, fences: Fences, sink: &mut Vec<Diagnostic>) -> Option<Front> {
    let source = &text.text;
    let mut lines = lines_with_offsets(source);
    let first = lines.next().filter(|(_, line)| *line == "---");
    let Some((_, _)) = first else {
        if fences == Fences::Optional {
            return Some(Front { yaml: 0..0, body: 0..source.len() });
        }
        sink.push(missing(text));
        return None;
    };
    let open = source.find('\n').map_or(source.len(), |i| i + 1);
    for (start, line) in lines {
        if line == "---" {
            if start - open > bounds::FRONT_BYTES {
                sink.push(too_long(text));
                return None;
            }
            let body = source[start..].find('\n').map_or(source.len(), |i| start + i + 1);
            return Some(Front { yaml: open..start, body: body..source.len() });
        }
    }
    let message = Message::new("front.unclosed");
    let place = Place::Bytes(text.offset..text.offset + 3);
    sink.push(Diagnostic::new(Code::Yaml005, message).at(&text.file, place).help(Message::new("front.unclosed.help")));
    None
}

fn missing(text: &Text) -> Diagnostic {
    let trimmed = text.text.trim_start();
    let late = trimmed.lines().next().is_some_and(|l| l.trim() == "---");
    let (key, help) = match () {
        () if late => ("front.late", "front.late.help"),
        () if trimmed.starts_with("+++") => ("front.toml", "front.toml.help"),
        () => ("front.missing", "front.missing.help"),
    };
    let end = text.text.find(['\r', '\n']).unwrap_or(text.text.len()).max(1);
    let place = if text.text.is_empty() { Place::Whole } else { Place::Bytes(text.offset..text.offset + end) };
    Diagnostic::new(Code::Yaml005, Message::new(key)).at(&text.file, place).help(Message::new(help))
}

fn too_long(text: &Text) -> Diagnostic {
    let message =
        Message::new("front.too_long").with("limit", crate::base::media::human_size(bounds::FRONT_BYTES as u64));
    Diagnostic::new(Code::Yaml004, message).at(&text.file, Place::Whole).help(Message::new("front.too_long.help"))
}

/// Lines with their offsets, without line ends and without spaces behind them.
fn lines_with_offsets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;

    fn try_split(text: &str, fences: Fences) -> Result<(String, String), String> {
        let text = Text { file: "x.md".into(), text: text.into(), offset: 0, hash: Fingerprint::default() };
        let mut sink = Vec::new();
        match split(&text, fences, &mut sink) {
            Some(f) => Ok((text.text[f.yaml].to_string(), text.text[f.body].to_string())),
            None => Err(sink[0].message.key.to_string()),
        }
    }

    #[test]
    fn fences_with_either_line_end() {
        let both = Ok(("title: x\n".to_string(), "\nbody\n".to_string()));
        assert_eq!(try_split("---\ntitle: x\n---\n\nbody\n", Fences::Required), both);
        let windows = Ok(("title: x\r\n".to_string(), "body".to_string()));
        assert_eq!(try_split("---\r\ntitle: x\r\n---\r\nbody", Fences::Required), windows);
        assert_eq!(try_split("---\n---", Fences::Required), Ok((String::new(), String::new())));
    }

    #[test]
    fn each_way_to_miss_a_fence_has_its_own_words() {
        assert_eq!(try_split("# 标题\n", Fences::Required), Err("front.missing".to_string()));
        assert_eq!(try_split("", Fences::Required), Err("front.missing".to_string()));
        assert_eq!(try_split("\n---\na: b\n---\n", Fences::Required), Err("front.late".to_string()));
        assert_eq!(try_split("+++\na = 1\n+++\n", Fences::Required), Err("front.toml".to_string()));
        assert_eq!(try_split("---\na: b\n", Fences::Required), Err("front.unclosed".to_string()));
        assert_eq!(try_split("正文", Fences::Optional), Ok((String::new(), "正文".into())));
    }
}
