//! The joints of a paragraph: its figures, the marks that part them, its brackets and the words that open a list.
//! In: a paragraph and its numbers. Out: joints in order, each with the depth of brackets it stands in.
//! It judges nothing; `sums` reads lists from it.

use super::number::Number;
use super::role::Role;
use std::ops::Range;

/// What stands at a joint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// A number, by its place in the list of numbers.
    Number(usize),
    /// （ (
    Open,
    /// ） )
    Close,
    /// ，
    Comma,
    /// 、
    Enumeration,
    /// ；
    Semicolon,
    /// ：
    Colon,
    /// 。！？ and line ends
    Stop,
    /// 其中
    Among,
    /// 分别为, 分别是, 分为
    Each,
}

/// A joint and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) joint: Joint,
    pub(super) range: Range<usize>,
    /// How many brackets are open around it; a bracket counts as outside itself.
    pub(super) depth: usize,
}

/// The joints of `text`.
pub(super) fn joints(text: &str, numbers: &[Number]) -> Vec<Placed> {
    let (bytes, mut out, mut at, mut depth) = (text.as_bytes(), Vec::new(), 0, 0usize);
    let mut next = numbers.iter().enumerate().peekable();
    while let Some(byte) = bytes.get(at) {
        if let Some((index, number)) = next.next_if(|(_, n)| n.range.start <= at) {
            if number.is_figure() || number.role == Role::Percent {
                out.push(Placed { joint: Joint::Number(index), range: number.range.clone(), depth });
            }
            at = number.range.end.max(at);
            continue;
        }
        let (joint, length) = mark(*byte, bytes.get(at..).unwrap_or_default());
        if let Some(joint) = joint {
            depth = depth.saturating_sub(usize::from(joint == Joint::Close));
            out.push(Placed { joint, range: at..at + length, depth });
            depth += usize::from(joint == Joint::Open);
            if joint == Joint::Stop {
                depth = 0; // a bracket left open ends with its sentence
            }
        }
        at += length;
    }
    out
}

/// The joint at the start of `rest`, and how many bytes to go on.
fn mark(byte: u8, rest: &[u8]) -> (Option<Joint>, usize) {
    let joint = match byte {
        b',' => Joint::Comma,
        b';' => Joint::Semicolon,
        b':' => Joint::Colon,
        b'(' => Joint::Open,
        b')' => Joint::Close,
        b'!' | b'?' | b'\n' => Joint::Stop,
        0x00..=0x7F => return (None, 1),
        0xE3 => match rest {
            [_, 0x80, 0x81, ..] => return (Some(Joint::Enumeration), 3),
            [_, 0x80, 0x82, ..] => return (Some(Joint::Stop), 3),
            _ => return (None, 3),
        },
        0xEF => match rest {
            [_, 0xBC, 0x8C, ..] => return (Some(Joint::Comma), 3),
            [_, 0xBC, 0x9B, ..] => return (Some(Joint::Semicolon), 3),
            [_, 0xBC, 0x9A, ..] => return (Some(Joint::Colon), 3),
            [_, 0xBC, 0x88, ..] => return (Some(Joint::Open), 3),
            [_, 0xBC, 0x89, ..] => return (Some(Joint::Close), 3),
            [_, 0xBC, 0x81 | 0x9F, ..] => return (Some(Joint::Stop), 3),
            _ => return (None, 3),
        },
        0xE5 => {
            for (word, joint) in
                [("其中", Joint::Among), ("分别为", Joint::Each), ("分别是", Joint::Each), ("分为", Joint::Each)]
            {
                if rest.starts_with(word.as_bytes()) {
                    return (Some(joint), word.len());
                }
            }
            return (None, 3);
        }
        0xE0..=0xEF => return (None, 3),
        0xF0.. => return (None, 4),
        _ => return (None, 2),
    };
    (Some(joint), 1)
}

/// Joints looked at for the end of a bracket or a list.
pub(super) const REACH: usize = 400;

/// The place of the bracket that closes the one at `open`, or the end of its sentence; `None` when it is out of reach.
pub(super) fn closing(joints: &[Placed], open: usize) -> Option<usize> {
    let depth = joints.get(open).map_or(0, |j| j.depth);
    let ends = |j: &Placed| j.depth <= depth && matches!(j.joint, Joint::Close | Joint::Stop);
    joints.iter().skip(open + 1).take(REACH).position(ends).map(|p| open + 1 + p)
}
