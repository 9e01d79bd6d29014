//! The words that a PDF page draws, in the order drawn (ISO 32000-1, 8.2 and 9.4). In: content streams with their
//! resources. Out: text, a line for each line, drawn and invisible words apart.
//! Gaps between words are judged by the widths of the fonts; letters, not their shapes, are read.

use super::super::bounds::{self, Bound};
use super::super::gathering::Gathering;
use super::file::File;
use super::font::Font;
use super::object::{Dictionary, Lexer, Object};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Deepest forms inside forms.
const FORM_DEPTH: usize = 8;
/// Most states of graphics saved at once.
const SAVED: usize = 256;
/// Most operands of an operator.
const OPERANDS: usize = 64;
/// Narrowest gap between words, in units of the font size; kerning stays below it.
const GAP: f64 = 0.15;
/// Text rendering mode that draws nothing.
const INVISIBLE: f64 = 3.0;

/// `a b c d e f`, as PDF writes it.
type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `inner`, then `outer`.
fn times(inner: Matrix, outer: Matrix) -> Matrix {
    let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (inner, outer);
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    mode: f64,
    leading: f64,
}

/// The text of one page.
#[derive(Default)]
pub(super) struct Words {
    pub(super) drawn: String,
    pub(super) invisible: String,
    /// How many characters, and how many of them are unknown.
    pub(super) characters: usize,
    pub(super) unknown: usize,
    /// Where the last words ended, and where they began.
    end: Option<(f64, f64)>,
    begin: f64,
}

/// Reads the pages of one file.
pub(super) struct Pages<'a, 'f> {
    file: &'f File<'a>,
    fonts: BTreeMap<u32, Rc<Font>>,
    forms: usize,
    /// Forms that are being drawn; one that draws itself is drawn once.
    drawing: BTreeSet<u32>,
}

impl<'a, 'f> Pages<'a, 'f> {
    pub(super) fn new(file: &'f File<'a>) -> Self {
        Self { file, fonts: BTreeMap::new(), forms: 0, drawing: BTreeSet::new() }
    }

    /// The words of a page.
    pub(super) fn page(&mut self, page: &Dictionary, resources: &Dictionary, gathering: &mut Gathering) -> Words {
        let contents = page.get(b"Contents".as_slice()).cloned().unwrap_or_default();
        let streams = match self.file.resolve(&contents) {
            Object::Array(streams) => streams,
            _ => vec![contents],
        };
        let mut content = Vec::new();
        for stream in streams {
            content.extend(self.file.stream(&stream, gathering).map(|(_, bytes)| bytes).unwrap_or_default());
            content.push(b'\n');
            if content.len() > bounds::PART_BYTES {
                gathering.hit(Bound::PartBytes);
                break;
            }
        }
        let mut words = Words::default();
        let state = State { matrix: IDENTITY, font: None, size: 1.0, mode: 0.0, leading: 0.0 };
        self.draw(&content, resources, state, 0, &mut words, gathering);
        words
    }

    fn draw(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        mut state: State,
        depth: usize,
        words: &mut Words,
        gathering: &mut Gathering,
    ) {
        let fonts = self.file.dictionary(resources, b"Font");
        let (mut lexer, mut operands, mut saved) = (Lexer::new(content, 0), Vec::new(), Vec::new());
        let (mut line, mut text) = (IDENTITY, IDENTITY);
        while lexer.at < content.len() && !self.file.exhausted() && !words.full(gathering) {
            let operator = match lexer.object() {
                Some(Object::Operator(operator)) => operator,
                Some(operand) if operands.len() < OPERANDS => {
                    operands.push(operand);
                    continue;
                }
                _ => continue,
            };
            let number = |index: usize| operands.get(index).and_then(Object::number).unwrap_or_default();
            let mut next_line = |x: f64, y: f64| {
                line = times([1.0, 0.0, 0.0, 1.0, x, y], line);
                text = line;
            };
            match operator.as_slice() {
                b"q" if saved.len() < SAVED => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = times(std::array::from_fn(number), state.matrix),
                b"BT" => (line, text) = (IDENTITY, IDENTITY),
                b"Tf" => {
                    state.size = number(1);
                    state.font = operands
                        .first()
                        .and_then(Object::name)
                        .and_then(|n| fonts.get(n))
                        .map(|font| self.font(font, gathering));
                }
                b"Tr" => state.mode = number(0),
                b"TL" => state.leading = number(0),
                b"Td" => next_line(number(0), number(1)),
                b"TD" => {
                    state.leading = -number(1);
                    next_line(number(0), number(1));
                }
                b"T*" => next_line(0.0, -state.leading),
                b"Tm" => {
                    line = std::array::from_fn(number);
                    text = line;
                }
                b"Tj" | b"'" | b"\"" => {
                    if operator != b"Tj" {
                        next_line(0.0, -state.leading);
                    }
                    if let Some(Object::String(string)) = operands.last() {
                        words.show(string, &state, &mut text);
                    }
                }
                b"TJ" => {
                    for item in operands.first().map(Object::array).unwrap_or_default() {
                        match item {
                            Object::String(string) => words.show(string, &state, &mut text),
                            Object::Number(back) => {
                                text = times([1.0, 0.0, 0.0, 1.0, -back / 1000.0 * state.size, 0.0], text);
                            }
                            _ => {}
                        }
                    }
                }
                b"Do" => {
                    if let Some(name) = operands.first().and_then(Object::name) {
                        self.form(name, resources, &state, depth, words, gathering);
                    }
                }
                b"ID" => lexer.at = image_end(content, lexer.at),
                _ => {}
            }
            operands.clear();
        }
    }

    fn font(&mut self, font: &Object, gathering: &mut Gathering) -> Rc<Font> {
        let number = if let Object::Reference(number) = font { Some(*number) } else { None };
        if let Some(known) = number.and_then(|n| self.fonts.get(&n)) {
            return Rc::clone(known);
        }
        let dictionary = match self.file.resolve(font) {
            Object::Dictionary(dictionary) => dictionary,
            _ => Dictionary::new(),
        };
        let font = Rc::new(Font::read(&dictionary, self.file, gathering));
        if let Some(number) = number {
            self.fonts.insert(number, Rc::clone(&font));
        }
        font
    }

    fn form(
        &mut self,
        name: &[u8],
        resources: &Dictionary,
        state: &State,
        depth: usize,
        words: &mut Words,
        gathering: &mut Gathering,
    ) {
        let objects = self.file.dictionary(resources, b"XObject");
        let Some(object) = objects.get(name) else { return };
        let Object::Reference(number) = *object else { return };
        let Object::Dictionary(dictionary) = self.file.resolve(object) else { return };
        if self.file.follow(&dictionary, b"Subtype").name() != Some(b"Form") {
            return;
        }
        if depth >= FORM_DEPTH || self.forms >= bounds::FORMS {
            return gathering.hit(if depth >= FORM_DEPTH { Bound::Depth } else { Bound::Forms });
        }
        self.forms += 1;
        let Some((dictionary, content)) = self.file.stream(object, gathering) else { return };
        let own = self.file.dictionary(&dictionary, b"Resources");
        let mut state = state.clone();
        if let Object::Array(matrix) = self.file.follow(&dictionary, b"Matrix") {
            let number = |index: usize| matrix.get(index).and_then(Object::number).unwrap_or_default();
            state.matrix = times(std::array::from_fn(number), state.matrix);
        }
        let resources = if own.is_empty() { resources } else { &own };
        if self.drawing.insert(number) {
            self.draw(&content, resources, state, depth + 1, words, gathering);
            self.drawing.remove(&number);
        }
    }
}

/// The end of an image in the content: `EI` between blanks.
fn image_end(content: &[u8], at: usize) -> usize {
    let rest = content.get(at..).unwrap_or_default();
    let alone = |at: &usize| {
        let before = at.checked_sub(1).and_then(|b| rest.get(b)).is_none_or(u8::is_ascii_whitespace);
        before && rest.get(at + 2).is_none_or(u8::is_ascii_whitespace)
    };
    memchr::memmem::find_iter(rest, b"EI").find(alone).map_or(content.len(), |end| at + end + 2)
}

impl Words {
    /// Whether there is more than will be kept.
    fn full(&self, gathering: &mut Gathering) -> bool {
        gathering.full() || self.drawn.len() + self.invisible.len() > bounds::TEXT_BYTES
    }

    /// A string at a place: a new line when it stands lower, higher or further left than the last; a space for a gap.
    fn show(&mut self, string: &[u8], state: &State, text: &mut Matrix) {
        let Some(font) = &state.font else { return };
        let (decoded, width) = font.decode(string);
        self.unknown += decoded.matches(char::REPLACEMENT_CHARACTER).count();
        self.characters += decoded.chars().count();
        let whole = times(*text, state.matrix);
        let [a, b, c, d, x, y] = whole;
        let em = (a * d - b * c).abs().sqrt() * state.size.abs();
        let out = if state.mode == INVISIBLE { &mut self.invisible } else { &mut self.drawn };
        if let Some((end_x, end_y)) = self.end.filter(|_| !out.is_empty()) {
            let (right, up) = if b.abs() > a.abs() { (y - end_y, x - end_x) } else { (x - end_x, y - end_y) };
            let begin = if b.abs() > a.abs() { y } else { x };
            if up.abs() > em * 0.4 || begin < self.begin - em * 0.1 {
                out.push('\n');
            } else if right > em * GAP && !out.ends_with(char::is_whitespace) {
                out.push(' ');
            }
        }
        self.begin = if b.abs() > a.abs() { y } else { x };
        out.push_str(&decoded);
        *text = times([1.0, 0.0, 0.0, 1.0, width * state.size, 0.0], *text);
        let [_, _, _, _, x, y] = times(*text, state.matrix);
        self.end = Some((x, y));
    }
}
