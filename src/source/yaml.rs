//! YAML text to values, inside its bounds, with every failure as a finding at its place.

use super::bounds;
use crate::diag::{Code, Diagnostic, Message, Place};
use serde_yaml::{Mapping, Value};

/// YAML inside a file: what it says and where it begins.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The file, for findings.
    pub file: &'a str,
    /// The YAML itself.
    pub text: &'a str,
    /// The byte of the file at which `text` begins.
    pub offset: usize,
}

/// Reads a mapping; an empty text is an empty mapping.
pub fn mapping(block: Block<'_>, sink: &mut Vec<Diagnostic>) -> Option<Mapping> {
    if let Some(at) = bracket_bomb(block.text) {
        let message = Message::new("yaml.too_deep").with("limit", bounds::YAML_BRACKETS);
        let place = Place::Bytes(block.offset + at..block.offset + at + 1);
        sink.push(
            Diagnostic::new(Code::Yaml004, message).at(block.file, place).help(Message::new("yaml.too_deep.help")),
        );
        return None;
    }
    match serde_yaml::from_str::<Value>(block.text) {
        Ok(Value::Mapping(map)) => Some(map),
        Ok(Value::Null) => Some(Mapping::new()),
        Ok(_) if wide_colon(block.text).is_some() => {
            sink.extend(wide_colon(block.text).map(|line| wide_colon_finding(block, line)));
            None
        }
        Ok(_) => {
            let end = block.text.find('\n').unwrap_or(block.text.len());
            let place = Place::Bytes(block.offset..block.offset + end);
            let message = Message::new("yaml.not_mapping");
            let help = Message::new("yaml.not_mapping.help");
            sink.push(Diagnostic::new(Code::Yaml003, message).at(block.file, place).help(help));
            None
        }
        Err(error) => {
            sink.push(syntax(block, &error));
            None
        }
    }
}

fn syntax(block: Block<'_>, error: &serde_yaml::Error) -> Diagnostic {
    let words = error.to_string();
    let place = |at: usize| {
        let at = at.min(block.text.len());
        let end = block.text[at..].find('\n').map_or(block.text.len(), |i| at + i);
        Place::Bytes(block.offset + at..block.offset + end.max(at))
    };
    if words.contains("repetition limit") || words.contains("recursion limit") {
        let message = Message::new("yaml.bomb");
        return Diagnostic::new(Code::Yaml004, message)
            .at(block.file, Place::Whole)
            .help(Message::new("yaml.bomb.help"));
    }
    if let Some(key) = words.split("duplicate entry with key ").nth(1) {
        let key: String = key.trim_start_matches('"').chars().take_while(|c| *c != '"').collect();
        let at = super::locate::second_occurrence(block.text, &key);
        let message = Message::new("yaml.duplicate").with("key", &key);
        let place = at.map_or(Place::Whole, |r| Place::Bytes(block.offset + r.start..block.offset + r.end));
        return Diagnostic::new(Code::Yaml003, message).at(block.file, place).help(Message::new("yaml.duplicate.help"));
    }
    if let Some(line) = wide_colon(block.text) {
        return wide_colon_finding(block, line);
    }
    let at = error.location().map_or(0, |l| l.index());
    let (key, help) = explain(&words, block.text, at);
    let message = Message::new(key).with("error", strip_location(&words));
    Diagnostic::new(Code::Yaml003, message).at(block.file, place(at)).help(Message::new(help))
}

/// The likeliest cause of a syntax error, which libyaml words for programmers.
fn explain(words: &str, text: &str, at: usize) -> (&'static str, &'static str) {
    let until = text.get(..at).unwrap_or(text);
    let line_start = until.rfind('\n').map_or(0, |i| i + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    if text[..line_start + line.len()].contains('\t')
        && (words.contains("tab") || line.trim_start_matches(' ').starts_with('\t'))
    {
        ("yaml.tab", "yaml.tab.help")
    } else if words.contains("mapping values are not allowed") {
        ("yaml.colon_in_text", "yaml.colon_in_text.help")
    } else {
        ("yaml.syntax", "yaml.syntax.help")
    }
}

/// The first line that begins with a key and a full-width colon, the likeliest slip of who writes Chinese.
fn wide_colon(text: &str) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let key = line.trim_start_matches([' ', '-']);
        let name = key.bytes().take_while(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-')).count();
        if name > 0 && key[name..].starts_with('：') {
            let at = start + (line.len() - key.len()) + name;
            return Some(at..at + '：'.len_utf8());
        }
        start += line.len();
    }
    None
}

fn wide_colon_finding(block: Block<'_>, at: std::ops::Range<usize>) -> Diagnostic {
    let place = Place::Bytes(block.offset + at.start..block.offset + at.end);
    let help = Message::new("yaml.wide_colon.help");
    Diagnostic::new(Code::Yaml003, Message::new("yaml.wide_colon")).at(block.file, place).help(help)
}

fn strip_location(words: &str) -> &str {
    words.split(" at line ").next().unwrap_or(words)
}

/// The byte at which too many brackets stand open. Brackets in quoted text count too: no report needs 64 of them.
fn bracket_bomb(text: &str) -> Option<usize> {
    let mut open = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > bounds::YAML_BRACKETS {
            return Some(at);
        }
    }
    None
}
