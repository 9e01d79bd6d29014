//! PDF objects and how they are written (ISO 32000-1, 7.2 and 7.3). In: bytes from a position on. Out: objects and
//! operators, one at a time. A broken object ends where it breaks; nesting and size are bounded.

use super::super::bounds;
use std::collections::BTreeMap;

pub(super) type Dictionary = BTreeMap<Vec<u8>, Object>;

/// An object, or an operator of a page's content.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Object {
    #[default]
    Null,
    Boolean(bool),
    Number(f64),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(u32),
    Operator(Vec<u8>),
}

impl Object {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A whole number that counts something.
    pub(super) fn count(&self) -> Option<usize> {
        self.number().filter(|n| (0.0..4e9).contains(n)).map(|n| n as usize)
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn array(&self) -> &[Self] {
        if let Self::Array(array) = self { array } else { &[] }
    }
}

/// Reads objects one after the other.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
    values: usize,
}

const fn blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn regular(byte: u8) -> bool {
    !blank(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, values: bounds::VALUES }
    }

    /// Whether the last object had more values than the bound.
    pub(super) fn spent(&self) -> bool {
        self.values == 0
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            } else if blank(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next object; `None` at the end, and where an object breaks.
    pub(super) fn object(&mut self) -> Option<Object> {
        self.values = bounds::VALUES;
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Option<Object> {
        self.values = self.values.checked_sub(1)?;
        self.skip_blank();
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'/' => Some(Object::Name(self.name())),
            b'(' => Some(Object::String(self.literal())),
            b'<' if self.peek() == Some(b'<') => {
                self.at += 1;
                self.dictionary(depth)
            }
            b'<' => Some(Object::String(self.hexadecimal())),
            b'[' if depth < bounds::DEPTH => {
                let mut array = Vec::new();
                loop {
                    self.skip_blank();
                    if self.peek()? == b']' {
                        self.at += 1;
                        return Some(Object::Array(array));
                    }
                    match self.nested(depth + 1)? {
                        Object::Operator(word) if word == b"R" => reference(&mut array),
                        Object::Operator(_) => return None,
                        object => array.push(object),
                    }
                }
            }
            b'[' => None,
            byte if regular(byte) => Some(self.word()),
            // A lone bracket: an operator of one letter that nothing knows.
            byte => Some(Object::Operator(vec![byte])),
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Object> {
        if depth >= bounds::DEPTH {
            return None;
        }
        let (mut dictionary, mut key, mut values) = (Dictionary::new(), None, Vec::new());
        loop {
            self.skip_blank();
            let end = self.bytes.get(self.at..)?.starts_with(b">>");
            if end || self.peek()? == b'/' && (key.is_none() || !values.is_empty()) {
                if let Some(key) = key.take() {
                    dictionary.insert(key, values.pop().unwrap_or_default());
                }
                values.clear();
                self.at += if end { 2 } else { 1 };
                if end {
                    return Some(Object::Dictionary(dictionary));
                }
                key = Some(self.name());
                continue;
            }
            match self.nested(depth + 1)? {
                Object::Operator(word) if word == b"R" => reference(&mut values),
                Object::Operator(_) => return None,
                object => values.push(object),
            }
        }
    }

    fn name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|b| regular(*b)) {
            self.at += 1;
            let code = self.bytes.get(self.at..self.at + 2).and_then(|c| Some(digit(c[0])? * 16 + digit(c[1])?));
            match code {
                Some(code) if byte == b'#' => {
                    name.push(code);
                    self.at += 2;
                }
                _ => name.push(byte),
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        let (mut string, mut open) = (Vec::new(), 1);
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' if open == 1 => break,
                b')' => open -= 1,
                b'\\' => {
                    string.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            string.push(byte);
        }
        string
    }

    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                return None;
            }
            b'\n' => return None,
            b'0'..=b'7' => {
                let mut code = byte - b'0';
                for _ in 0..2 {
                    let Some(next) = self.peek().filter(|b| matches!(b, b'0'..=b'7')) else { break };
                    code = code.wrapping_mul(8).wrapping_add(next - b'0');
                    self.at += 1;
                }
                code
            }
            byte => byte,
        })
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        let (mut string, mut half) = (Vec::new(), None);
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = digit(byte) else { continue };
            match half.take() {
                Some(high) => string.push(high * 16 + digit),
                None => half = Some(digit),
            }
        }
        string.extend(half.map(|high| high * 16));
        string
    }

    fn word(&mut self) -> Object {
        let start = self.at - 1;
        while self.peek().is_some_and(regular) {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        match word {
            b"true" => Object::Boolean(true),
            b"false" => Object::Boolean(false),
            b"null" => Object::Null,
            [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => {
                // `f64` would read words such as `inf`; no number in a PDF begins with a letter.
                let number = std::str::from_utf8(word).ok().and_then(|w| w.parse::<f64>().ok());
                number.filter(|n| n.is_finite()).map_or_else(|| Object::Number(0.0), Object::Number)
            }
            word => Object::Operator(word.to_vec()),
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Two numbers and `R` are a reference; generations are not told apart.
fn reference(values: &mut Vec<Object>) {
    values.pop();
    let number = values.pop().and_then(|o| o.count()).and_then(|n| u32::try_from(n).ok());
    values.push(number.map_or(Object::Null, Object::Reference));
}
