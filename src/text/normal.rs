//! Numbers as people disguise them: full-width and mathematical digits, zero-width characters, spaces and hyphens
//! between digits.
//! In: a text and where a number may begin. Out: its plain ASCII characters, each with its place in the text.
//! Knows nothing of what a number means.

use std::ops::Range;

/// A character as a reader of numbers sees it: ASCII where it has an ASCII counterpart, `None` where it is invisible.
///
/// This is the part of NFKC that concerns numbers and letters; `*` stands for every mark that hides a digit, `-` for
/// every dash,
/// a space for every blank.
pub fn fold(c: char) -> Option<char> {
    Some(match c {
        '\0'..='\x7f' => c,
        '\u{ff01}'..='\u{ff5e}' => fold_wide(c),
        '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{2060}' | '\u{ad}' => return None,
        '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '×' | '●' | '•' | '○' | '■' => '*',
        'Ⅹ' => 'X',
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_digit((u32::from(c) - 0x1d7ce) % 10, 10).unwrap_or(c),
        _ => c,
    })
}

/// Full-width forms lie 0xFEE0 above ASCII, in the same order.
fn fold_wide(c: char) -> char {
    char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
}

/// What stood between two pieces of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Nothing: the first piece.
    Start,
    /// Blanks only: two numbers may meet here.
    Blank,
    /// A hyphen or a middle dot: the pieces belong together.
    Tie,
}

/// A stretch without a separator, as a range of [`Run::plain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What stood before it.
    pub joint: Joint,
    /// Its characters in `plain`.
    pub range: Range<usize>,
}

/// Letters, digits and `*` that belong together, with the way back to the text.
#[derive(Debug, Default)]
pub struct Run {
    plain: String,
    places: Vec<Range<usize>>,
    pieces: Vec<Piece>,
    end: usize,
}

impl Run {
    /// Reads the run around `at`, but nothing before `floor`: both are bytes of `text` on character boundaries.
    /// Separators join digits only.
    pub fn read(&mut self, text: &str, floor: usize, at: usize) {
        self.plain.clear();
        self.places.clear();
        self.pieces.clear();
        let mut here = start(text, floor, at);
        let mut joint = Joint::Start;
        let mut first = 0;
        while let Some((c, next)) = visible(text, here) {
            if c.is_ascii_alphanumeric() || c == '*' {
                self.plain.push(c);
                self.places.push(next.clone());
                here = next.end;
                continue;
            }
            let Some((new, after)) = self.joins(text, here) else { break };
            self.pieces.push(Piece { joint, range: first..self.plain.len() });
            (joint, first, here) = (new, self.plain.len(), after);
        }
        self.pieces.push(Piece { joint, range: first..self.plain.len() });
        self.end = self.places.last().map_or(at, |p| p.end).max(at);
    }

    /// Whether one or two separators at `here` join what was read with what follows, and where that begins.
    fn joins(&self, text: &str, here: usize) -> Option<(Joint, usize)> {
        let is_part = |c: char| c.is_ascii_digit() || c == '*';
        if !self.plain.ends_with(is_part) {
            return None;
        }
        let (mut joint, mut at) = (Joint::Blank, here);
        for _ in 0..3 {
            let (c, place) = visible(text, at)?;
            match c {
                ' ' => {}
                '-' | '·' => joint = Joint::Tie,
                'X' | 'x' if self.plain.len() >= 17 => {
                    let next = visible(text, place.end).map(|(c, _)| c);
                    return next.is_none_or(|c| !c.is_ascii_alphanumeric()).then_some((Joint::Tie, at));
                }
                _ => return is_part(c).then_some((joint, at)),
            }
            at = place.end;
        }
        None
    }

    /// The characters, separators dropped.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The pieces, in order; at least one.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Where the run ends in the text.
    pub fn end(&self) -> usize {
        self.end
    }

    /// The bytes of the text that a range of `plain` came from.
    pub fn origin(&self, range: Range<usize>) -> Option<Range<usize>> {
        let last = self.places.get(range.end.checked_sub(1)?)?;
        Some(self.places.get(range.start)?.start..last.end)
    }
}

/// The first letter, digit or mark of the stretch that `at` lies in.
fn start(text: &str, floor: usize, at: usize) -> usize {
    let head = text.get(floor..at).unwrap_or_default();
    let mut first = at;
    for (i, c) in head.char_indices().rev() {
        match fold(c) {
            None => {}
            Some(c) if c.is_ascii_alphanumeric() || c == '*' => first = floor + i,
            Some(_) => break,
        }
    }
    first
}

/// The next visible character from `at`, folded, and its place; the backslash of Markdown's `\*` counts as invisible.
pub fn visible(text: &str, at: usize) -> Option<(char, Range<usize>)> {
    let rest = text.get(at..)?;
    for (i, c) in rest.char_indices() {
        let here = at + i;
        if c == '\\' && text.get(here + 1..).is_some_and(|t| t.starts_with('*')) {
            continue;
        }
        if let Some(folded) = fold(c) {
            return Some((folded, here..here + c.len_utf8()));
        }
    }
    None
}

/// The letters and digits of `text`, folded: `138 0000-0000` and `１３８００００００００` become `13800000000`. For comparing
/// numbers.
pub fn bare(text: &str) -> String {
    text.chars().filter_map(fold).filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, at: &str) -> (String, String, usize) {
        let mut run = Run::default();
        run.read(text, 0, text.find(at).expect("there"));
        let origin = run.origin(0..run.plain().len()).expect("not empty");
        (run.plain().to_string(), text[origin].to_string(), run.pieces().len())
    }

    #[test]
    fn disguises_fall_and_places_stay() {
        let cases = [
            ("手机138 0000-0000转", "1", "13800000000", "138 0000-0000", 3),
            ("１３８ 0000", "１", "1380000", "１３８ 0000", 2),
            ("a\u{200b}1\u{200d}2。", "1", "a12", "a\u{200b}1\u{200d}2", 1),
            ("码44089919900307002 X，", "4", "44089919900307002X", "44089919900307002 X", 2),
            ("𝟏𝟑8", "𝟏", "138", "𝟏𝟑8", 1),
            ("138\\*\\*0", "1", "138**0", "138\\*\\*0", 1),
            ("5 件", "5", "5", "5", 1),
            ("12 a", "1", "12", "12", 1),
            ("12   34", "1", "12", "12", 1),
        ];
        for (text, at, plain, origin, pieces) in cases {
            assert_eq!(read(text, at), (plain.to_string(), origin.to_string(), pieces), "{text}");
        }
    }

    #[test]
    fn bare_numbers_can_be_compared() {
        assert_eq!(bare("+86 １３８-0000·0000"), "8613800000000");
    }
}
