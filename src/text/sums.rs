//! Sums that running text states without declaring them: `共513项，其中甲501项、乙12项`, `168项（甲153项和乙15项）`.
//! In: a paragraph. Out: the sums it states, and those that surely do not hold.
//! A list that may be partial is judged only when one slip of the hand explains the difference:
//! see `docs/detection/sums.md`.

use super::clause::{self, Joint, Placed};
use super::decimal::Decimal;
use super::listed::{self, List};
use super::number::{self, Exactness, Number};
use super::slip;
use std::ops::Range;

/// A sum that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The printed total.
    pub total: Range<usize>,
    /// The printed parts, two or more.
    pub parts: Vec<Range<usize>>,
    /// What the total says, in units of one.
    pub stated: Decimal,
    /// What the parts amount to.
    pub computed: Decimal,
    /// Whether it holds as far as the printed places and words like 余 and 近 can tell.
    pub holds: Holds,
}

/// What can be said about a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The parts can amount to the total.
    Yes,
    /// They cannot, and the list is meant to be complete.
    No,
    /// They cannot, but the list may be partial or its parts may overlap.
    Unsure,
}

/// The sums of a paragraph that surely do not hold.
pub fn check(text: &str) -> Vec<Sum> {
    let mut sums = found(text);
    sums.retain(|s| s.holds == Holds::No);
    sums
}

/// Every sum that a paragraph states.
pub fn found(text: &str) -> Vec<Sum> {
    found_among(text, &number::numbers(text))
}

/// As [`found`], with the numbers of `text` already read.
pub fn found_among(text: &str, numbers: &[Number]) -> Vec<Sum> {
    if numbers.iter().filter(|n| n.is_figure()).take(3).count() < 3 {
        return Vec::new();
    }
    let joints = clause::joints(text, numbers);
    let mut out: Vec<Sum> = Vec::new();
    for at in 0..joints.len() {
        let Some(list) = listed::list(text, numbers, &joints, at) else { continue };
        let Some(sum) = judge(text, numbers, &joints, &list) else { continue };
        // One list is found twice at most, by its colon and by its 其中
        if !out.iter().rev().take(8).any(|s| s.total == sum.total && s.parts == sum.parts) {
            out.push(sum);
        }
    }
    out
}

fn judge(text: &str, numbers: &[Number], joints: &[Placed], list: &List) -> Option<Sum> {
    let figure = |at: &usize| match joints.get(*at)?.joint {
        Joint::Number(index) => numbers.get(index),
        _ => None,
    };
    let total = figure(&list.total)?;
    let mut parts: Vec<&Number> = list.parts.iter().filter_map(figure).collect();
    if parts.len() < 2 {
        return None;
    }
    let mut holding = may_amount(total, &parts);
    if !holding {
        let mut longer = parts.clone();
        for more in list.further.iter().filter_map(figure) {
            longer.push(more);
            if may_amount(total, &longer) {
                (holding, parts) = (true, longer);
                break;
            }
        }
    }
    let computed = parts.iter().fold(Decimal::ZERO, |sum, n| sum.plus(n.value));
    let judged = match list.complete {
        listed::Complete::Stated => true,
        listed::Complete::Likely => !holding && is_slip(text, total, &parts, computed),
        listed::Complete::No => false,
    };
    let holds = match (holding, judged) {
        (true, _) => Holds::Yes,
        (false, true) => Holds::No,
        (false, false) => Holds::Unsure,
    };
    Some(Sum {
        total: total.range.clone(),
        parts: parts.iter().map(|n| n.range.clone()).collect(),
        stated: total.value,
        computed,
        holds,
    })
}

/// Whether the parts can amount to the total.
fn may_amount(total: &Number, parts: &[&Number]) -> bool {
    let (low, high) = bounds(total);
    let (least, most) = parts.iter().map(|n| bounds(n)).fold((Decimal::ZERO, Decimal::ZERO), |(a, b), (low, high)| {
        (a.plus(low), if high == Decimal::MAX { high } else { b.plus(high) })
    });
    low <= most && least <= high
}

/// The least and the most that a number can stand for. A number with 万 or a decimal point is rounded to its last place.
fn bounds(number: &Number) -> (Decimal, Decimal) {
    let rounded = if number.step == Decimal::whole(1) { Decimal::ZERO } else { number.step.half() };
    match number.exactness {
        Exactness::Exact => (number.value.minus(rounded), number.value.plus(rounded)),
        Exactness::AtLeast => (number.value, Decimal::MAX),
        Exactness::AtMost => (Decimal::ZERO, number.value),
        Exactness::Rounded => (Decimal::ZERO, Decimal::MAX),
    }
}

/// Whether a wrong sum looks like a slip in one of its figures rather than like a partial list.
fn is_slip(text: &str, total: &Number, parts: &[&Number], computed: Decimal) -> bool {
    let (small, large) = (computed.min(total.value), computed.max(total.value));
    // Nearly the total: four fifths of it or more. A partial list rarely comes so near.
    let near = small.times(5) >= large.times(4);
    let exact = parts.iter().all(|n| n.exactness == Exactness::Exact);
    if total.exactness != Exactness::Exact || !exact {
        return near;
    }
    // Common zeros carry nothing: 500 = 200 + 100 says as little as 5 = 2 + 1, where any digit explains any difference.
    let zeros = parts.iter().chain([&total]).filter_map(|n| n.value.tens()).min().unwrap_or_default();
    if !near && !total.value.max(computed).has_three_places_above(zeros) {
        return false;
    }
    let slipped = |n: &Number, meant: Decimal| {
        let width = text.get(n.range.clone()).map_or(1, |t| t.chars().filter(|c| is_digit(*c)).count());
        let steps = (n.value.in_steps(n.step), meant.in_steps(n.step));
        matches!(steps, (Some(printed), Some(meant)) if slip::is_one(printed, meant, width))
    };
    slipped(total, computed) || parts.iter().any(|n| slipped(n, n.value.plus(total.value).minus(computed)))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}
