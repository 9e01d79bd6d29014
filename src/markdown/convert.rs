//! One body from Markdown to HTML: parse, mend what Chinese text needs, look at every node once, write.

use super::{Body, Reference, ReferenceKind, footnotes, format, inline, links, outline, prose, tables};
use crate::base::SitePath;
use crate::diag::{Code, Diagnostic, Message, Place};
use comrak::nodes::{AstNode, NodeValue, Sourcepos};
use comrak::{Arena, Options, arena_tree::NodeEdge, parse_document};
use std::ops::Range;

/// A body and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file, for findings.
    pub file: &'a str,
    /// The file's path below `content/`, from which its links start.
    pub content: &'a str,
    /// The page it becomes, at which its links stand.
    pub page: &'a SitePath,
    /// The Markdown.
    pub text: &'a str,
    /// The byte of the file at which it begins.
    pub offset: usize,
}

/// The words that the fragment itself needs, in the language of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// The name of the list of footnotes.
    pub footnotes: String,
    /// `脚注{n}`.
    pub footnote_reference: String,
    /// `返回正文引用处{n}`.
    pub back_to_reference: String,
    /// A task that is done.
    pub task_done: String,
    /// A task that is open.
    pub task_open: String,
    /// `表{n}`, for a table without a caption.
    pub table: String,
}

/// Deepest nesting of quotes, lists and emphasis that a body may have.
const DEPTH: usize = 64;

/// Most findings of one body that are worth reading.
const FINDINGS: usize = 50;

/// Turns a body into HTML. `role` names the role of a part by its heading.
pub fn convert(
    source: Source<'_>,
    words: &Words,
    role: &dyn Fn(&str) -> Option<String>,
    sink: &mut Vec<Diagnostic>,
) -> Body {
    let arena = Arena::new();
    let marks = Marks::of(source.text);
    let options = options(&marks);
    let root = parse_document(&arena, source.text, &options);
    let lines = Lines::new(source);
    let before = sink.len();
    let nodes = match survey(root, &marks) {
        Ok(nodes) => nodes,
        Err(at) => {
            let message = Message::new("md.too_deep").with("limit", DEPTH);
            let help = Message::new("md.too_deep.help");
            sink.push(Diagnostic::new(Code::Md007, message).at(source.file, lines.place(at)).help(help));
            return Body::default();
        }
    };
    let bare = inline::mend(&arena, &nodes, source.text);
    let prose = prose::read(root, &lines, source.text, source.offset);
    let captions = tables::captions(&nodes);
    let idle = footnotes::settle(root, &nodes);
    let mut headings = Vec::new();
    let mut found = links::Links::new(source);
    let mut written = Vec::new();
    for node in nodes {
        let pos = node.data().sourcepos;
        let free = node.parent().is_some_and(|p| matches!(p.data().value, NodeValue::Document));
        let mut report = |code, key, help: &'static str| {
            if sink.len() - before < FINDINGS {
                sink.push(
                    Diagnostic::new(code, Message::new(key)).at(source.file, lines.place(pos)).help(Message::new(help)),
                );
            }
        };
        let kind = &mut node.data_mut().value;
        match kind {
            NodeValue::HtmlBlock(block) if block.literal.trim_start().starts_with("<!--") => {
                report(Code::Md003, "md.comment", "md.comment.help");
            }
            NodeValue::Text(text) if marks.notes && text.contains("[^") => {
                report(Code::Md009, "md.footnote", "md.footnote.help")
            }
            NodeValue::FootnoteDefinition(_) if idle.iter().any(|i| i.same_node(node)) => {
                report(Code::Md009, "md.footnote_idle", "md.footnote_idle.help");
            }
            NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) => report(Code::Md003, "md.html", "md.html.help"),
            NodeValue::Heading(heading) if heading.level == 1 => report(Code::Md008, "md.h1", "md.h1.help"),
            NodeValue::Heading(heading) => {
                let level = heading.level;
                headings.push((level, free, node));
            }
            NodeValue::Link(link) => {
                written.push((ReferenceKind::Link, link.url.clone(), node));
                if let Some((code, key, help)) = found.link(&mut link.url, || lines.range(pos)) {
                    report(code, key, help);
                }
            }
            NodeValue::Image(link) => {
                written.push((ReferenceKind::Image, link.url.clone(), node));
                if let Some((code, key, help)) = found.image(&mut link.url, || lines.range(pos)) {
                    report(code, key, help);
                }
            }
            _ => {}
        }
    }
    let mut outline = outline::Outline::new(role);
    for (level, free, node) in headings {
        outline.add(level, &outline::text_of(node), free);
    }
    outline.name();
    let references = references(written, bare, &lines, source);
    let (html, ids) = format::html(root, &options, words, &outline, captions, source.text.len());
    let parts = outline.parts(&prose);
    Body { html, outline: outline.nested(), parts, prose, links: found.into_links(), references, ids }
}

/// The links and images as they are written, bare addresses behind the others.
fn references<'a>(
    written: Vec<(ReferenceKind, String, &'a AstNode<'a>)>,
    bare: Vec<inline::Bare>,
    lines: &Lines,
    source: Source<'_>,
) -> Vec<Reference> {
    let read = |(kind, url, node): (_, String, &'a AstNode<'a>)| {
        let span = lines.range(node.data().sourcepos);
        Reference { kind, url, words: outline::text_of(node), span }
    };
    let mut all: Vec<_> = written.into_iter().map(read).collect();
    // Several addresses of one text stand in it one behind the other.
    let mut from = 0;
    for (url, pos) in bare {
        let text = lines.range(pos);
        let start = text.start.max(from);
        let inside = source.text.get(start - source.offset..text.end.max(start) - source.offset).unwrap_or_default();
        let span = inside.find(&url).map_or(text, |at| start + at..start + at + url.len());
        from = span.end;
        all.push(Reference { kind: ReferenceKind::Bare, words: url.clone(), url, span });
    }
    all
}

/// Which marks a body holds at all: one look at the whole is cheaper than one at each of its texts.
#[derive(Debug, Default, PartialEq)]
struct Marks {
    urls: bool,
    notes: bool,
    tables: bool,
    tasks: bool,
    strikes: bool,
}

impl Marks {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let follows = |at: usize, next: &[u8]| bytes.get(at + 1..).is_some_and(|rest| rest.starts_with(next));
        let mut marks = Self { tables: memchr::memchr(b'|', bytes).is_some(), ..Self::default() };
        // Rare bytes in Chinese text: a search for each pair would look at all of it each time.
        for at in memchr::memchr3_iter(b'[', b'~', b':', bytes) {
            match bytes.get(at) {
                Some(b'[') => {
                    marks.notes |= follows(at, b"^");
                    marks.tasks |= follows(at, b" ]") || follows(at, b"x]") || follows(at, b"X]");
                }
                Some(b'~') => marks.strikes |= follows(at, b"~"),
                _ => marks.urls |= follows(at, b"//"),
            }
        }
        marks
    }
}

/// The extensions a body needs. Those whose mark it lacks stay off: they cost time and change nothing.
fn options(marks: &Marks) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = marks.tables;
    options.extension.footnotes = marks.notes;
    options.parse.leave_footnote_definitions = true;
    options.extension.tasklist = marks.tasks;
    options.extension.strikethrough = marks.strikes;
    options.extension.cjk_friendly_emphasis = true;
    options.render.escape = true;
    options
}

/// The nodes that anything is to be done about, in document order; or the first one below the deepest nesting allowed.
fn survey<'a>(root: &'a AstNode<'a>, marks: &Marks) -> Result<Vec<&'a AstNode<'a>>, Sourcepos> {
    let (mut depth, mut nodes) = (0usize, Vec::new());
    for edge in root.traverse() {
        let NodeEdge::Start(node) = edge else {
            depth -= 1;
            continue;
        };
        depth += 1;
        let data = node.data();
        if depth > DEPTH {
            return Err(data.sourcepos);
        }
        match &data.value {
            NodeValue::Text(text) if (marks.urls && text.contains("://")) || (marks.notes && text.contains("[^")) => {
                nodes.push(node);
            }
            NodeValue::Text(text) if text.starts_with(inline::INDENT) => nodes.push(node),
            NodeValue::SoftBreak
            | NodeValue::Strikethrough
            | NodeValue::Table(_)
            | NodeValue::FootnoteDefinition(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::Heading(_)
            | NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::HtmlBlock(_)
            | NodeValue::HtmlInline(_) => nodes.push(node),
            _ => {}
        }
    }
    Ok(nodes)
}

/// Line starts, for turning lines and columns into bytes of the file.
pub(super) struct Lines {
    starts: Vec<usize>,
    end: usize,
}

impl Lines {
    fn new(source: Source<'_>) -> Self {
        let bytes = source.text.as_bytes();
        // CommonMark counts a lone carriage return as a line end.
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let after_line_ends = ends.filter(|i| bytes[*i] == b'\n' || bytes.get(i + 1) != Some(&b'\n')).map(|i| i + 1);
        let starts = [0].into_iter().chain(after_line_ends).map(|at| at + source.offset).collect();
        Self { starts, end: source.offset + source.text.len() }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of the file at a place of the document.
    pub(super) fn range(&self, pos: Sourcepos) -> Range<usize> {
        let at = |line: usize, column: usize| {
            let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.end);
            (start + column.saturating_sub(1)).min(self.end)
        };
        let start = at(pos.start.line, pos.start.column);
        start..(at(pos.end.line, pos.end.column) + 1).clamp(start, self.end.max(start))
    }

    fn place(&self, pos: Sourcepos) -> Place {
        Place::Bytes(self.range(pos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_are_those_that_a_search_for_each_finds(text in "[汉\\[\\]^x X~:/|]{0,12}") {
            let has = |mark: &str| text.contains(mark);
            let tasks = has("[ ]") || has("[x]") || has("[X]");
            let searched =
                Marks { urls: has("://"), notes: has("[^"), tables: has("|"), tasks, strikes: has("~~") };
            prop_assert_eq!(Marks::of(&text), searched);
        }
    }
}
