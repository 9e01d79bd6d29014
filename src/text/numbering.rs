//! The numbering of headings: 一、 (一) 1. (1) without gaps, each kind in its turn, with the marks that belong to it.
//! In: headings in order, with their Markdown levels. Out: those that break it, and why. GB/T 9704-2012, 7.3.3.

use super::ordinal;
use std::ops::Range;

/// What is wrong about the number of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another number comes here.
    Expected(u16),
    /// A kind of number is left out: from this level (0 for none) to the level of the heading.
    Skipped(u8),
    /// A mark that does not belong: (一)、 1、 一. 第一、
    Mark,
}

/// A heading whose number is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongNumber {
    /// Which of the headings.
    pub heading: usize,
    /// The number and its marks, in bytes of the heading.
    pub range: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// A number that later headings follow.
struct Numbered {
    markdown: u8,
    level: u8,
    last: u16,
}

/// The headings of one text whose numbers are wrong, each given as Markdown level and text.
pub fn wrong(headings: &[(u8, &str)]) -> Vec<WrongNumber> {
    let (mut out, mut open) = (Vec::new(), Vec::<Numbered>::new());
    for (heading, (markdown, text)) in headings.iter().enumerate() {
        let mark = mark(text);
        if let Some(end) = mark {
            out.push(WrongNumber { heading, range: 0..end, fault: Fault::Mark });
        }
        let Some((ordinal, end)) = numbered(text, mark) else {
            open.retain(|n| n.markdown < *markdown);
            continue;
        };
        let end = text.get(..end).map_or(end, |t| t.trim_end().len());
        open.retain(|n| n.level <= ordinal.level);
        let expected = match open.last_mut() {
            Some(same) if same.level == ordinal.level => {
                (same.markdown, same.last) = (*markdown, same.last + 1);
                std::mem::replace(&mut same.last, ordinal.number)
            }
            above => {
                let above = above.map_or(0, |n| n.level);
                // A text may do without 一、 and begin with (一) or 1.; below a number none may be left out.
                if above > 0 && ordinal.level > above + 1 {
                    out.push(WrongNumber { heading, range: 0..end, fault: Fault::Skipped(above) });
                }
                open.push(Numbered { markdown: *markdown, level: ordinal.level, last: ordinal.number });
                1
            }
        };
        if expected != ordinal.number {
            out.push(WrongNumber { heading, range: 0..end, fault: Fault::Expected(expected) });
        }
    }
    out
}

/// The number of a heading, read past a wrong mark.
fn numbered(text: &str, mark: Option<usize>) -> Option<(ordinal::Ordinal, usize)> {
    ordinal::leading(text).or_else(|| {
        let numeral = numeral(text);
        let number = ordinal::parse_numeral(text.get(..numeral)?)?;
        Some((ordinal::Ordinal { level: 1, number }, mark?))
    })
}

fn numeral(text: &str) -> usize {
    text.find(|c| !"〇零一二三四五六七八九十百".contains(c)).unwrap_or(text.len())
}

/// The end of the number of a heading whose mark does not belong to it.
fn mark(text: &str) -> Option<usize> {
    let pauses = ['、', '，', ',', '.', '．', '。', '：', ':'];
    if let Some((ordinal, end)) = ordinal::leading(text) {
        let number = text.get(..end)?.trim_end();
        return match ordinal.level {
            2 | 4 => text.get(end..)?.chars().next().filter(|c| pauses.contains(c)).map(|c| end + c.len_utf8()),
            3 => number.ends_with('、').then_some(number.len()),
            _ => None,
        };
    }
    let digits = numeral(text);
    let next = text.get(digits..)?.chars().next().filter(|c| digits > 0 && pauses.contains(c))?;
    Some(digits + next.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(headings: &[(u8, &str)]) -> Vec<(usize, usize, Fault)> {
        wrong(headings).into_iter().map(|w| (w.heading, w.range.end, w.fault)).collect()
    }

    #[test]
    fn numbers_in_turn_are_silent() {
        let headings = [
            (2, "一、甲"),
            (3, "(一)子"),
            (4, "1.寅"),
            (5, "(1)卯"),
            (5, "(2)辰"),
            (4, "2. 巳"),
            (3, "（二）丑"),
            (2, "二、乙"),
            (3, "（一）午"),
            (2, "附录"),
            (3, "1.未"),
            (2, "2024年工作"),
        ];
        assert_eq!(shown(&headings), []);
        assert_eq!(shown(&[(2, "总述"), (3, "1.甲"), (3, "2.乙"), (2, "分述"), (3, "1.丙")]), []);
    }

    #[test]
    fn gaps_repeats_and_late_starts_are_told_once() {
        assert_eq!(shown(&[(2, "一、甲"), (2, "三、乙"), (2, "四、丙")]), [(1, 6, Fault::Expected(2))]);
        assert_eq!(shown(&[(2, "一、甲"), (2, "一、乙")]), [(1, 6, Fault::Expected(2))]);
        assert_eq!(shown(&[(2, "一、甲"), (3, "(二)乙")]), [(1, 5, Fault::Expected(1))]);
        assert_eq!(shown(&[(2, "一、甲"), (3, "1.乙")]), [(1, 2, Fault::Skipped(1))]);
    }

    #[test]
    fn marks_that_do_not_belong_are_told() {
        for (text, end) in [("(一)、甲", 8), ("1、甲", 4), ("一.甲", 4), ("一，甲", 6), ("（1）.甲", 8)] {
            assert_eq!(shown(&[(2, text)]), [(0, end, Fault::Mark)], "{text}");
        }
    }
}
