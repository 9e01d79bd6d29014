//! Collects what readers find and holds them to the bounds on text, passages and traces.
//! In: passages and traces, one by one. Out: [`Contents`]. Knows no format.

use super::bounds::{self, Bound};
use super::{Change, Contents, Kind, Mark, Passage, PdfFacts, Place, Standing, Trace, Unread};
use std::collections::BTreeSet;

/// The contents as far as they are known.
pub(super) struct Gathering {
    contents: Contents,
    /// Bytes of text that may still be kept.
    left: usize,
    /// Bytes that may still be unpacked.
    pub(super) budget: usize,
}

impl Gathering {
    pub(super) fn new(kind: Kind) -> Self {
        let (unread, bounds) = (BTreeSet::new(), BTreeSet::new());
        let contents = Contents { kind, text: Vec::new(), traces: Vec::new(), pdf: None, unread, bounds };
        Self { contents, left: bounds::TEXT_BYTES, budget: bounds::UNPACKED_BYTES }
    }

    pub(super) fn finish(self) -> Contents {
        self.contents
    }

    /// What the file turned out to be.
    pub(super) fn is(&mut self, kind: Kind) {
        self.contents.kind = kind;
    }

    pub(super) fn kind(&self) -> Kind {
        self.contents.kind
    }

    pub(super) fn hit(&mut self, bound: Bound) {
        self.contents.bounds.insert(bound);
    }

    pub(super) fn unread(&mut self, why: Unread) {
        self.contents.unread.insert(why);
    }

    pub(super) fn pdf(&mut self, facts: PdfFacts) {
        self.contents.pdf = Some(facts);
    }

    /// Whether no more text is kept; asked only where there is more.
    pub(super) fn full(&mut self) -> bool {
        let passages = self.contents.text.len() >= bounds::PASSAGES;
        if passages {
            self.hit(Bound::Passages);
        }
        passages || self.left == 0
    }

    /// Keeps a text, unless it is blank or a bound is reached.
    pub(super) fn passage(&mut self, place: Place, standing: Standing, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.contents.text.len() >= bounds::PASSAGES {
            return self.hit(Bound::Passages);
        }
        let kept = cut(text, self.left);
        if kept.len() < text.len() {
            self.left = 0;
            self.hit(Bound::TextBytes);
        } else {
            self.left -= kept.len();
        }
        if !kept.is_empty() {
            self.contents.text.push(Passage { place, standing, text: kept.to_owned() });
        }
    }

    /// Makes the passages of a span, those that are shown, the head of a table.
    pub(super) fn make_header(&mut self, from: usize, to: usize) {
        let span = self.contents.text.get_mut(from..to).unwrap_or_default();
        for passage in span.iter_mut().filter(|p| p.standing == Standing::Shown) {
            passage.standing = Standing::Header;
        }
    }

    /// How many passages there are.
    pub(super) fn passages(&self) -> usize {
        self.contents.text.len()
    }

    /// Keeps a trace, unless the bound is reached.
    pub(super) fn trace(&mut self, place: Place, mark: Mark) {
        if self.contents.traces.len() >= bounds::TRACES {
            return self.hit(Bound::Traces);
        }
        self.contents.traces.push(Trace { place, mark });
    }

    /// Keeps a trace that is a text, unless it is blank.
    pub(super) fn said(&mut self, place: Place, make: impl FnOnce(String) -> Mark, text: &str) {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if !text.is_empty() {
            self.trace(place, make(short(text)));
        }
    }

    /// Keeps a comment and its words.
    pub(super) fn comment(&mut self, place: Place, author: &str, text: &str) {
        self.passage(place.clone(), Standing::Remark, text);
        self.trace(place, Mark::Comment { author: short(author.trim()), text: short(text.trim()) });
    }

    /// Keeps a tracked change; deleted words are text that nobody sees, inserted ones stand in their paragraph.
    pub(super) fn changed(&mut self, place: Place, change: Change, author: &str, text: &str) {
        if change == Change::Deleted {
            self.passage(place.clone(), Standing::Deleted, text);
        }
        self.trace(place, Mark::TrackedChange { change, author: short(author.trim()), text: short(text.trim()) });
    }
}

fn short(text: &str) -> String {
    cut(text, bounds::TRACE_BYTES).to_owned()
}

/// The longest start of a text that has at most so many bytes.
fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}
