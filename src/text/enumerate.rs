//! Runs of 一是…二是… in paragraphs: whether each begins with 一, leaves no gap and has two items or more.
//! In: the paragraphs between two headings. Out: the items that break a run, and why.
//! Ordinary words that only look like items (其一是, 第一是, 一是一) are no items.

use super::ordinal::parse_numeral;
use std::ops::Range;

/// Why an item breaks its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// 一是 without 二是.
    Alone,
    /// The run does not begin with 一.
    Headless,
    /// A number is left out, or comes twice: the one expected stands here.
    Expected(u16),
}

/// An item that breaks a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which of the paragraphs.
    pub paragraph: usize,
    /// Bytes of that paragraph: `三是`.
    pub range: Range<usize>,
    /// The number of the item.
    pub number: u16,
    /// Why.
    pub why: Break,
}

/// A run: its first item, its last number.
struct Run {
    first: (usize, Range<usize>),
    last: u16,
    alone: bool,
}

/// Runs open at once: an item may hold a run of its own, hardly more.
const DEPTH: usize = 4;

/// The items that break their runs. A run may go on over paragraphs and hold another.
pub fn broken(paragraphs: &[&str]) -> Vec<Broken> {
    let (mut out, mut open) = (Vec::new(), Vec::<Run>::new());
    for (paragraph, text) in paragraphs.iter().enumerate() {
        for (number, range) in items(text) {
            if number == 1 {
                if open.len() >= DEPTH {
                    close(open.remove(0), &mut out);
                }
                open.push(Run { first: (paragraph, range), last: 1, alone: true });
                continue;
            }
            match open.iter().rposition(|r| r.last + 1 == number) {
                Some(at) => open.drain(at + 1..).for_each(|r| close(r, &mut out)),
                None => {
                    let expected = open.last().map_or(Break::Headless, |r| Break::Expected(r.last + 1));
                    out.push(Broken { paragraph, range: range.clone(), number, why: expected });
                    if open.is_empty() {
                        open.push(Run { first: (paragraph, range), last: number, alone: false });
                    }
                }
            }
            if let Some(run) = open.last_mut() {
                (run.last, run.alone) = (number, false);
            }
        }
    }
    open.into_iter().for_each(|r| close(r, &mut out));
    out.sort_by_key(|b| (b.paragraph, b.range.start));
    out
}

fn close(run: Run, out: &mut Vec<Broken>) {
    if run.alone {
        let (paragraph, range) = run.first;
        out.push(Broken { paragraph, range, number: 1, why: Break::Alone });
    }
}

/// The items of a paragraph: 一是 at its start or behind a mark.
fn items(text: &str) -> impl Iterator<Item = (u16, Range<usize>)> {
    memchr::memmem::find_iter(text.as_bytes(), "是").filter_map(|at| {
        let head = text.get(..at)?;
        let rest = head.trim_end_matches(|c| "一二三四五六七八九十".contains(c));
        let numeral = head.get(rest.len()..).filter(|n| !n.is_empty() && n.len() <= 9)?;
        let number = parse_numeral(numeral)?;
        let fresh = rest.chars().next_back().is_none_or(|c| "。；：，、！？;:,?!”’）) \u{3000}\n\u{A0}*_".contains(c));
        let end = at + '是'.len_utf8();
        // 一是一，二是二
        let idiom = text.get(end..).is_some_and(|t| t.starts_with(numeral));
        (fresh && !idiom).then_some((number, rest.len()..end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(paragraphs: &[&str]) -> Vec<(usize, usize, Break)> {
        broken(paragraphs).into_iter().map(|b| (b.paragraph, b.range.start, b.why)).collect()
    }

    #[test]
    fn broken_runs_are_told_at_the_item() {
        assert_eq!(shown(&["一是甲。乙。"]), [(0, 0, Break::Alone)]);
        assert_eq!(shown(&["甲。二是乙。三是丙。"]), [(0, 6, Break::Headless)]);
        assert_eq!(shown(&["一是甲。三是乙。"]), [(0, 12, Break::Expected(2))]);
        assert_eq!(shown(&["一是甲；二是乙；二是丙。"]), [(0, 24, Break::Expected(3))]);
        assert_eq!(shown(&["一是甲。", "一是乙。二是丙。"]), [(0, 0, Break::Alone)]);
        assert_eq!(shown(&["一是甲。二是乙。四是丙。五是丁。"]), [(0, 24, Break::Expected(3))]);
    }

    #[test]
    fn whole_runs_and_ordinary_words_are_silent() {
        for paragraphs in [
            &["一是甲。二是乙。三是丙。"][..],
            &["一是甲。", "二是乙。", "三是丙。"],
            &["一是甲：一是子；二是丑。二是乙。"],
            &["一是甲。二是乙。", "一是丙。二是丁。"],
            &["其一是甲，第一是乙，统一是丙。"],
            &["做到一是一，二是二。"],
            &["唯一是甲", "", "星期一是假日"],
            &["一是1，二是2，三是3，四是4，五是5，六是6，七是7，八是8，九是9，十是10，十一是11。"],
        ] {
            assert_eq!(shown(paragraphs), [], "{paragraphs:?}");
        }
    }
}
