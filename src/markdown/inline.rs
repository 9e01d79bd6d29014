//! What CommonMark does to Chinese text and should not: spaces at line breaks, `1~2篇…3~4` struck out,
//! links that swallow the words behind them, indents of U+3000. Each case is measured in the fixtures.

use crate::text::wide::{is_unspaced, joins};
use comrak::Arena;
use comrak::nodes::{Ast, AstNode, NodeLink, NodeValue, Sourcepos};
use std::cell::RefCell;

/// A bare address that became a link, and where the text stands that holds it.
pub(super) type Bare = (String, Sourcepos);

/// Mends the inlines of a document in place; gives the bare addresses that it found.
pub(super) fn mend<'a>(arena: &'a Arena<'a>, nodes: &[&'a AstNode<'a>], source: &str) -> Vec<Bare> {
    let mut bare = Vec::new();
    let lines: Option<Vec<&str>> = source.contains('~').then(|| source.lines().collect());
    for &node in nodes {
        enum Case {
            SoftBreak,
            Text,
            Strike,
            Other,
        }
        let case = match node.data().value {
            NodeValue::SoftBreak => Case::SoftBreak,
            NodeValue::Text(_) => Case::Text,
            NodeValue::Strikethrough => Case::Strike,
            _ => Case::Other,
        };
        match case {
            Case::SoftBreak => {
                if let (Some(left), Some(right)) = (beside(node, Side::Left), beside(node, Side::Right))
                    && joins(left, right)
                {
                    node.detach();
                }
            }
            Case::Text => {
                strip_indent(node);
                if !inside_link(node) {
                    link_bare_urls(arena, node, &mut bare);
                }
            }
            Case::Strike => {
                if let Some(lines) = &lines {
                    unwrap_single_tilde(arena, node, lines);
                }
            }
            Case::Other => {}
        }
    }
    bare
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// The character of text beside `node`, out of and into emphasis and links.
fn beside<'a>(node: &'a AstNode<'a>, side: Side) -> Option<char> {
    let mut here = node;
    loop {
        let next = if side == Side::Left { here.previous_sibling() } else { here.next_sibling() };
        match next {
            Some(found) => break edge(found, side),
            None => here = here.parent().filter(|p| !p.data().value.block())?,
        }
    }
}

/// The outermost character of `node` on the side that faces the break.
fn edge<'a>(node: &'a AstNode<'a>, side: Side) -> Option<char> {
    match &node.data().value {
        NodeValue::Text(text) if side == Side::Left => return text.chars().next_back(),
        NodeValue::Text(text) => return text.chars().next(),
        NodeValue::Code(code) if side == Side::Left => return code.literal.chars().next_back(),
        NodeValue::Code(code) => return code.literal.chars().next(),
        NodeValue::FootnoteReference(_) if side == Side::Left => {}
        _ => {
            let child = if side == Side::Left { node.last_child() } else { node.first_child() };
            return child.and_then(|c| edge(c, side));
        }
    }
    // A footnote mark is no text: the word before it decides.
    beside(node, Side::Left)
}

/// Spaces with which people indent by hand: the ideographic space and the no-break space.
pub(super) const INDENT: [char; 2] = ['\u{3000}', '\u{a0}'];

/// Takes the U+3000 and no-break spaces away with which a paragraph was indented by hand.
fn strip_indent<'a>(node: &'a AstNode<'a>) {
    let first = node.previous_sibling().is_none()
        && node.parent().is_some_and(|p| matches!(p.data().value, NodeValue::Paragraph));
    if first && let NodeValue::Text(text) = &mut node.data_mut().value {
        let kept = text.trim_start_matches(INDENT);
        if kept.len() < text.len() {
            *text = kept.to_string().into();
        }
    }
}

fn inside_link<'a>(node: &'a AstNode<'a>) -> bool {
    node.ancestors().skip(1).any(|a| matches!(a.data().value, NodeValue::Link(_) | NodeValue::Image(_)))
}

/// Makes links of bare `http://…` addresses; they end where ASCII ends, so that Han text behind them stays text.
fn link_bare_urls<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>, bare: &mut Vec<Bare>) {
    let (text, pos) = match &node.data().value {
        NodeValue::Text(text) if text.contains("://") => (text.to_string(), node.data().sourcepos),
        _ => return,
    };
    let new = |value: NodeValue| -> &'a AstNode<'a> {
        let mut ast = Ast::new(value, pos.start);
        ast.sourcepos = pos;
        arena.alloc(AstNode::new(RefCell::new(ast)))
    };
    let (mut rest, mut last, mut found) = (text.as_str(), node, false);
    let mut put = |value: NodeValue, child: Option<NodeValue>| {
        let added = new(value);
        if let Some(child) = child {
            added.append(new(child));
        }
        last.insert_after(added);
        last = added;
    };
    while let Some((before, url, after)) = next_url(rest) {
        put(NodeValue::Text(before.to_string().into()), None);
        let link = NodeLink { url: url.to_string(), title: String::new() };
        put(NodeValue::Link(Box::new(link)), Some(NodeValue::Text(url.to_string().into())));
        bare.push((url.to_string(), pos));
        rest = after;
        found = true;
    }
    if found {
        put(NodeValue::Text(rest.to_string().into()), None);
        node.detach();
    }
}

/// The text before the first bare address, the address, and the text behind it.
fn next_url(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("://").map(|i| i + from) {
        let scheme = ["https", "http"].into_iter().find(|s| text[..at].ends_with(s));
        let start = scheme.map(|s| at - s.len());
        let clean = |s: &usize| !text[..*s].ends_with(|c: char| c.is_ascii_alphanumeric());
        if let Some(start) = start.filter(clean) {
            let is_url =
                |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}');
            let length: usize = text[at + 3..].chars().take_while(|c| is_url(*c)).count();
            let mut end = at + 3 + length;
            while text[start..end].ends_with(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~'])
                || (text[start..end].ends_with(')') && !text[start..end].contains('('))
            {
                end -= 1;
            }
            if end > at + 3 {
                return Some((&text[..start], &text[start..end], &text[end..]));
            }
        }
        from = at + 3;
    }
    None
}

/// Puts the tildes back that comrak took for strikethrough: only `~~` strikes out.
fn unwrap_single_tilde<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>, lines: &[&str]) {
    let pos = node.data().sourcepos;
    let line = lines.get(pos.start.line.saturating_sub(1)).copied().unwrap_or_default();
    let opening = line.get(pos.start.column.saturating_sub(1)..).unwrap_or_default();
    if opening.starts_with("~~") {
        return;
    }
    let tilde = || -> &'a AstNode<'a> {
        arena.alloc(AstNode::new(RefCell::new(Ast::new(NodeValue::Text("~".into()), pos.start))))
    };
    node.insert_before(tilde());
    let children: Vec<_> = node.children().collect();
    for child in children {
        node.insert_before(child);
    }
    node.insert_before(tilde());
    node.detach();
}

/// Whether text holds Han or other unspaced script; used to choose marks in plain text.
pub(super) fn ends_unspaced(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_unspaced)
}
