//! The headings of a body: their stable ids, their nesting, the parts they open and the roles of these.

use super::{Part, Prose, inline};
use crate::text::ordinal::{self, Ordinal};
use comrak::nodes::{AstNode, NodeValue};
use std::collections::BTreeSet;
use std::ops::Range;

/// A heading, with those under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its `id`.
    pub id: String,
    /// Its text.
    pub title: String,
    /// 2 to 6.
    pub level: u8,
    /// The role of the part it opens.
    pub role: Option<String>,
    /// Whether it stands free, not in a quote or list item; only then can it open a part.
    pub free: bool,
    /// The headings under it.
    pub children: Vec<Heading>,
}

pub(super) struct Outline<'a> {
    role: &'a dyn Fn(&str) -> Option<String>,
    flat: Vec<Heading>,
    taken: BTreeSet<String>,
    /// The ordinals of the headings that enclose the next one, by heading level.
    open: Vec<(u8, Option<Ordinal>)>,
}

impl<'a> Outline<'a> {
    pub(super) fn new(role: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { role, flat: Vec::new(), taken: BTreeSet::new(), open: Vec::new() }
    }

    pub(super) fn add(&mut self, level: u8, title: &str, free: bool) {
        let ordinal = ordinal::leading(title).map(|(o, _)| o);
        while self.open.last().is_some_and(|(open, _)| *open >= level) {
            self.open.pop();
        }
        self.open.push((level, ordinal));
        let id = self.wish(title);
        let role = (level == 2 && free).then(|| (self.role)(title)).flatten();
        self.flat.push(Heading { id, title: title.to_string(), level, role, free, children: Vec::new() });
    }

    /// `s-1-2` where every heading down to this one is numbered, so that rewording keeps the address; else `h-` and its
    /// words. The prefixes keep headings apart from footnotes (`fn-`), tables (`table-`) and the theme's own ids.
    fn wish(&self, title: &str) -> String {
        let numbers: Option<Vec<_>> = self.open.iter().map(|(_, o)| o.map(|o| o.number.to_string())).collect();
        match numbers {
            Some(numbers) => format!("s-{}", numbers.join("-")),
            None => {
                let words: Vec<_> = title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
                let slug = words.join("-").to_lowercase();
                format!("h-{slug}")
            }
        }
    }

    /// Gives every heading its id; those that stand free choose first, so that a quotation takes no part's address.
    pub(super) fn name(&mut self) {
        for free in [true, false] {
            for heading in self.flat.iter_mut().filter(|h| h.free == free) {
                let wish = heading.id.clone();
                let mut n = 1;
                while !self.taken.insert(heading.id.clone()) {
                    n += 1;
                    // The underscore keeps a second 一 (s-1_2) apart from 一(二) (s-1-2).
                    heading.id = format!("{wish}_{n}");
                }
            }
        }
    }

    /// The headings in document order.
    pub(super) fn flat(&self) -> &[Heading] {
        &self.flat
    }

    /// The headings, each under the nearest one above it of a lower level.
    pub(super) fn nested(self) -> Vec<Heading> {
        let mut stack: Vec<Heading> = Vec::new();
        let mut top = Vec::new();
        let mut close = |stack: &mut Vec<Heading>, level: u8| {
            while stack.last().is_some_and(|h| h.level >= level)
                && let Some(done) = stack.pop()
            {
                match stack.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => top.push(done),
                }
            }
        };
        for heading in self.flat {
            close(&mut stack, heading.level);
            stack.push(heading);
        }
        close(&mut stack, 0);
        top
    }

    /// The parts: the words between the headings of the second level that stand free.
    pub(super) fn parts(&self, prose: &Prose) -> Vec<Part> {
        let mut bounds = prose.parts.chunks(2).map(|c| c[0]..c.get(1).copied().unwrap_or(c[0]));
        // What stands before the first heading is a part of its own, without id and title.
        let lead = bounds.next().filter(|words| !words.is_empty()).map(|text| Part { text, ..Part::default() });
        let headings = self.flat.iter().filter(|h| h.free && h.level == 2);
        let part = |(h, text): (&Heading, Range<usize>)| Part {
            id: h.id.clone(),
            title: h.title.clone(),
            role: h.role.clone(),
            text,
        };
        lead.into_iter().chain(headings.zip(bounds).map(part)).collect()
    }
}

/// The text of a heading, without marks and footnotes.
pub(super) fn text_of<'a>(node: &'a AstNode<'a>) -> String {
    let mut out = String::new();
    inline_text(node, &mut out);
    out.trim().to_string()
}

fn inline_text<'a>(node: &'a AstNode<'a>, out: &mut String) {
    for inner in node.descendants().skip(1) {
        word(&inner.data().value, out);
    }
}

fn word(value: &NodeValue, out: &mut String) {
    match value {
        NodeValue::Text(text) => out.push_str(text),
        NodeValue::Code(code) => out.push_str(&code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak if !inline::ends_unspaced(out) => out.push(' '),
        _ => {}
    }
}
