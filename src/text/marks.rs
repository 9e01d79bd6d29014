//! Punctuation of Chinese text: half-width marks beside Han, marks without their partner, needless 、,
//! Markdown left over.
//! In: a paragraph as readers see it. Out: the places and what is odd there. GB/T 15834-2011.
//! One pass by bytes; Han is stepped over without decoding.

use super::han::{before, behind, is_han};
use std::ops::Range;

/// What is odd about a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// `, ; : ? ! ( )` beside Han.
    HalfWidth,
    /// An opening mark that nothing closes.
    Unclosed,
    /// A closing mark that nothing opened.
    Unopened,
    /// 、 between items that quotation or title marks already part.
    NeedlessComma,
    /// `**`, `__` or `~~` left in the text.
    Emphasis,
    /// A single `*` or `_` between digits or Han: harmless once, emphasis when a second one comes.
    BareStar,
}

/// A mark and what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What is odd.
    pub oddity: Oddity,
}

/// Kinds of paired marks: （） and () are one kind.
const KINDS: usize = 6;

/// Every odd mark of a paragraph, in order.
pub fn odd(text: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut scan = Scan { text, out: Vec::new(), open: Vec::new(), counts: [0; KINDS], stars: Vec::new() };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            0xE4..=0xE9 => 3,
            b',' | b';' | b':' | b'?' | b'!' => scan.half(at),
            b'(' => scan.opens(0, at, 1),
            b')' => scan.closes(0, at, 1),
            b'*' | b'_' | b'~' => scan.star(at, *byte),
            0x00..=0x7F => 1,
            0xE2 => match bytes.get(at + 1..at + 3) {
                Some([0x80, 0x9C]) => scan.opens(1, at, 3),
                Some([0x80, 0x9D]) => scan.closes(1, at, 3),
                Some([0x80, 0x98]) => scan.opens(2, at, 3),
                Some([0x80, 0x99]) => scan.closes(2, at, 3),
                _ => 3,
            },
            0xE3 => match bytes.get(at + 1..at + 3) {
                Some([0x80, 0x81]) => scan.comma(at),
                Some([0x80, 0x8A]) => scan.opens(3, at, 3),
                Some([0x80, 0x8B]) => scan.closes(3, at, 3),
                Some([0x80, 0x90]) => scan.opens(4, at, 3),
                Some([0x80, 0x91]) => scan.closes(4, at, 3),
                Some([0x80, 0x94]) => scan.opens(5, at, 3),
                Some([0x80, 0x95]) => scan.closes(5, at, 3),
                _ => 3,
            },
            0xEF => match bytes.get(at + 1..at + 3) {
                Some([0xBC, 0x88]) => scan.opens(0, at, 3),
                Some([0xBC, 0x89]) => scan.closes(0, at, 3),
                _ => 3,
            },
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => 2,
        };
    }
    scan.finish()
}

/// An opening mark that waits for its partner.
struct Open {
    kind: usize,
    at: usize,
    length: usize,
}

struct Scan<'a> {
    text: &'a str,
    out: Vec<Mark>,
    open: Vec<Open>,
    counts: [usize; KINDS],
    /// Runs of two or three `*`, `_`, `~`.
    stars: Vec<Range<usize>>,
}

impl Scan<'_> {
    fn tell(&mut self, at: usize, length: usize, oddity: Oddity) {
        self.out.push(Mark { range: at..at + length, oddity });
    }

    /// Whether Han or a mark of Chinese text only (》 、 。 （) stands on either side.
    fn beside_han(&self, at: usize, length: usize) -> bool {
        let chinese =
            |c| is_han(c) || matches!(c, '\u{3001}'..='\u{3020}' | '\u{FF01}'..='\u{FF0F}' | '：' | '；' | '？');
        before(self.text, at).is_some_and(chinese) || behind(self.text, at + length).is_some_and(chinese)
    }

    fn half(&mut self, at: usize) -> usize {
        if self.beside_han(at, 1) {
            self.tell(at, 1, Oddity::HalfWidth);
        }
        1
    }

    fn opens(&mut self, kind: usize, at: usize, length: usize) -> usize {
        self.open.push(Open { kind, at, length });
        if let Some(count) = self.counts.get_mut(kind) {
            *count += 1;
        }
        length
    }

    fn closes(&mut self, kind: usize, at: usize, length: usize) -> usize {
        let left = before(self.text, at);
        if self.counts.get(kind).is_none_or(|c| *c == 0) {
            let apostrophe = kind == 2 && left.is_some_and(|c| c.is_ascii_alphanumeric());
            if !(apostrophe || kind == 0 && self.numbers_item(at)) {
                self.tell(at, length, Oddity::Unopened);
            }
            if length == 1 && self.beside_han(at, 1) {
                self.tell(at, 1, Oddity::HalfWidth);
            }
            return length;
        }
        let apostrophe = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        if kind == 2 && apostrophe(left) && apostrophe(behind(self.text, at + length)) {
            return length;
        }
        while let Some(open) = self.open.pop() {
            if let Some(count) = self.counts.get_mut(open.kind) {
                *count -= 1;
            }
            if open.kind == kind {
                self.pair(&open, at, length);
                break;
            }
            self.unclosed(&open);
        }
        length
    }

    /// Half-width brackets around Latin text or numbers only are Western; around Han they are not.
    fn pair(&mut self, open: &Open, at: usize, length: usize) {
        if open.kind != 0 || self.text.get(open.at + open.length..at).is_some_and(str::is_ascii) {
            return;
        }
        for (at, length) in [(open.at, open.length), (at, length)] {
            if length == 1 && self.beside_han(at, 1) {
                self.tell(at, 1, Oddity::HalfWidth);
            }
        }
    }

    fn unclosed(&mut self, open: &Open) {
        self.tell(open.at, open.length, Oddity::Unclosed);
        if open.kind == 0 && open.length == 1 && self.beside_han(open.at, 1) {
            self.tell(open.at, 1, Oddity::HalfWidth);
        }
    }

    /// Whether the bracket closes the number of an item: 1) or a） or 一）.
    fn numbers_item(&self, at: usize) -> bool {
        let head = self.text.get(..at).unwrap_or_default();
        let rest = head.trim_end_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        let rest =
            if rest.len() == head.len() { rest.trim_end_matches(|c: char| c.is_ascii_alphabetic()) } else { rest };
        let starts = rest.chars().next_back().is_none_or(|c| c.is_whitespace() || "。；：，、;:,".contains(c));
        starts && (1..=9).contains(&(head.len() - rest.len()))
    }

    fn comma(&mut self, at: usize) -> usize {
        let around = (before(self.text, at), behind(self.text, at + 3));
        if matches!(around, (Some('”'), Some('“')) | (Some('》'), Some('《')) | (Some('’'), Some('‘'))) {
            self.tell(at, 3, Oddity::NeedlessComma);
        }
        3
    }

    fn star(&mut self, at: usize, byte: u8) -> usize {
        let length = self.text.bytes().skip(at).take_while(|b| *b == byte).count();
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || is_han(c));
        if length == 1 && byte != b'~' {
            if joins(before(self.text, at)) && joins(behind(self.text, at + 1)) {
                self.tell(at, 1, Oddity::BareStar);
            }
        } else if length == 2 || length == 3 && byte == b'*' {
            self.stars.push(at..at + length);
        }
        length
    }

    /// Tells the runs that look like emphasis. Masks (李**、138****1234) do not: they open nothing.
    fn emphasis(&mut self) {
        let stars = std::mem::take(&mut self.stars);
        let opens = |run: &Range<usize>| {
            behind(self.text, run.end).is_some_and(|c| !c.is_whitespace() && !"、，。；：）”》！？,;:)".contains(c))
        };
        let fresh = |run: &Range<usize>| before(self.text, run.start).is_none_or(|c| !c.is_alphanumeric());
        let mut told = Vec::new();
        let mut at = 0;
        while let Some(run) = stars.get(at) {
            let same = |r: &&Range<usize>| self.text.get((*r).clone()) == self.text.get(run.clone());
            let partner = stars.get(at + 1).filter(same).filter(|r| r.start > run.end);
            match partner {
                Some(partner) if opens(run) => {
                    told.extend([run.clone(), partner.clone()]);
                    at += 1;
                }
                _ if opens(run) && fresh(run) => told.push(run.clone()),
                _ => {}
            }
            at += 1;
        }
        self.out.extend(told.into_iter().map(|range| Mark { range, oddity: Oddity::Emphasis }));
    }

    fn finish(mut self) -> Vec<Mark> {
        while let Some(open) = self.open.pop() {
            self.unclosed(&open);
        }
        self.emphasis();
        self.out.sort_by_key(|m| (m.range.start, m.oddity));
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(Oddity, usize, &str)> {
        odd(text).into_iter().map(|m| (m.oddity, m.range.start, &text[m.range])).collect()
    }

    fn oddities(text: &str) -> Vec<Oddity> {
        odd(text).into_iter().map(|m| m.oddity).collect()
    }

    #[test]
    fn half_width_marks_beside_han_are_told_and_western_ones_are_not() {
        assert_eq!(shown("甲,乙"), [(Oddity::HalfWidth, 3, ",")]);
        assert_eq!(oddities("办结98%,其中"), [Oddity::HalfWidth]);
        assert_eq!(oddities("《甲》,《乙》"), [Oddity::HalfWidth]);
        assert_eq!(oddities("(一)加强"), [Oddity::HalfWidth; 2]);
        assert_eq!(oddities("事项(甲局3项)"), [Oddity::HalfWidth; 2]);
        for text in [
            "于9:30开会",
            "比例为3:1",
            "共1,034件",
            "使用Hello, world测试",
            "见http://a.example/x?b=1,2;c",
            "生产总值(GDP)增长",
            "甲，乙；丙：丁（戊）",
        ] {
            assert_eq!(shown(text), [], "{text}");
        }
    }

    #[test]
    fn every_paired_mark_needs_its_partner() {
        let known = [
            ("“甲", Oddity::Unclosed, 0),
            ("甲”", Oddity::Unopened, 3),
            ("《甲〉乙", Oddity::Unclosed, 0),
            ("（甲（乙）", Oddity::Unclosed, 0),
            ("〔2024", Oddity::Unclosed, 0),
            ("甲】", Oddity::Unopened, 3),
            ("“甲《乙”丙", Oddity::Unclosed, 6),
            ("‘甲", Oddity::Unclosed, 0),
        ];
        for (text, oddity, at) in known {
            let got: Vec<_> = odd(text).into_iter().map(|m| (m.oddity, m.range.start)).collect();
            assert_eq!(got, [(oddity, at)], "{text}");
        }
        for text in ["“甲‘乙’丙”", "《甲〈乙〉》", "（甲（乙））", "Don’t", "1）甲；2）乙", "一）甲", "（甲) 乙"]
        {
            let lone = |o: &Oddity| matches!(o, Oddity::Unclosed | Oddity::Unopened);
            assert!(!oddities(text).iter().any(lone), "{text}");
        }
    }

    #[test]
    fn a_comma_between_quoted_items_is_needless() {
        assert_eq!(shown("“甲”、“乙”"), [(Oddity::NeedlessComma, 9, "、")]);
        assert_eq!(oddities("《甲》、《乙》、《丙》"), [Oddity::NeedlessComma; 2]);
        for text in ["“甲”“乙”", "“甲”（丙）、“乙”", "“甲”率、“乙”率", "“甲”、乙", "《甲》、“乙”"]
        {
            assert_eq!(shown(text), [], "{text}");
        }
    }

    #[test]
    fn emphasis_left_over_is_told_and_masks_are_not() {
        for text in ["**“甲”**乙", "甲**乙**丙", "~~甲~~", "__甲__"] {
            assert_eq!(oddities(text), [Oddity::Emphasis; 2], "{text}");
        }
        assert_eq!(oddities("**甲乙"), [Oddity::Emphasis]);
        for text in ["李**、王**", "138****1234", "李**。", "姓名：____", "甲~乙"] {
            assert_eq!(shown(text), [], "{text}");
        }
        assert_eq!(shown("7*24小时"), [(Oddity::BareStar, 1, "*")]);
        assert_eq!(oddities("甲_乙"), [Oddity::BareStar]);
        assert_eq!(shown("a_b * c"), []);
    }
}
