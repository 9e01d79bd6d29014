//! Writes the fragment: comrak's own HTML, but for headings, parts, tables, footnotes, tasks and links.
//! Numbers of tables and headings are taken from queues in document order, as the tree walk left them.

use super::Words;
use super::outline::{Heading, Outline};
use super::tables::Table;
use comrak::html::{ChildRendering, Context};
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Options, create_formatter};
use std::fmt::{self, Write};

/// The fragment and every `id` in it, sorted.
pub(super) fn html<'a>(
    root: &'a AstNode<'a>,
    options: &Options<'_>,
    words: &Words,
    outline: &Outline<'_>,
    tables: Vec<Table>,
    size: usize,
) -> (String, Vec<String>) {
    let state = State {
        words: words.clone(),
        headings: outline.flat().to_vec().into_iter(),
        tables: tables.into_iter(),
        ids: outline.flat().iter().map(|h| h.id.clone()).collect(),
        ..State::default()
    };
    // Room for the markup, and for the parts that are put behind it: growing would copy the whole.
    let mut out = String::with_capacity(size * 5 / 2);
    // Writing to a String cannot fail.
    let mut state = Fragment::format_document(root, options, &mut out, state).unwrap_or_default();
    if state.footnotes > 0 {
        out.push_str("</ol>\n</section>\n");
    } else if state.in_part {
        out.push_str("</section>\n");
    }
    state.ids.sort_unstable();
    (out, state.ids)
}

#[derive(Default)]
struct State {
    words: Words,
    headings: std::vec::IntoIter<Heading>,
    tables: std::vec::IntoIter<Table>,
    table: Option<Table>,
    table_number: usize,
    column: usize,
    in_part: bool,
    closing: Vec<u8>,
    footnotes: u32,
    ids: Vec<String>,
}

create_formatter!(Fragment<State>, {
    NodeValue::Heading(ref heading) => |context, entering| {
        if !entering {
            let level = context.user.closing.pop().unwrap_or(heading.level);
            writeln!(context, "</h{level}>")?;
        } else if heading.level == 1 {
            context.user.closing.push(2);
            context.write_str("<h2>")?;
        } else {
            open_heading(context)?;
        }
    },
    NodeValue::Table(_) => |context, entering| {
        if entering { open_table(context)?; } else { context.write_str("</tbody>\n</table></div>\n")?; }
    },
    NodeValue::TableRow(header) => |context, entering| {
        if entering {
            context.user.column = 0;
            context.write_str(if header { "<thead>\n<tr>" } else { "<tr>" })?;
        } else {
            context.write_str(if header { "</tr>\n</thead>\n<tbody>\n" } else { "</tr>\n" })?;
        }
    },
    NodeValue::TableCell => |context, node, entering| {
        let header = node.parent().is_some_and(|row| matches!(row.data().value, NodeValue::TableRow(true)));
        table_cell(context, header, node.first_child().is_none(), entering)?;
    },
    NodeValue::FootnoteDefinition(ref note) => |context, entering| {
        if entering {
            open_footnote(context)?;
        } else {
            let words = context.user.words.back_to_reference.clone();
            context.write_str("<p class=\"footnote-back\">")?;
            for n in 1..=note.total_references {
                let suffix = if n > 1 { format!("-{n}") } else { String::new() };
                let number = context.user.footnotes;
                write!(context, "<a href=\"#fnref-{number}{suffix}\" aria-label=\"")?;
                context.escape(&words.replace("{n}", &reference(context.user.footnotes, n)))?;
                write!(context, "\">↩</a>")?;
            }
            context.write_str("</p></li>\n")?;
        }
    },
    NodeValue::FootnoteReference(ref note) => |context, entering| {
        if entering {
            let suffix = if note.ref_num > 1 { format!("-{}", note.ref_num) } else { String::new() };
            // Numbers, not names: a name may be anything, a second name's number too.
            context.user.ids.push(format!("fnref-{}{suffix}", note.ix));
            let label = context.user.words.footnote_reference.replace("{n}", &note.ix.to_string());
            let n = note.ix;
            write!(context, "<sup class=\"footnote-ref\"><a href=\"#fn-{n}\" id=\"fnref-{n}{suffix}\" aria-label=\"")?;
            context.escape(&label)?;
            write!(context, "\">{}</a></sup>", note.ix)?;
        }
    },
    NodeValue::TaskItem(ref task) => |context, node, entering| {
        let in_list = node.parent().is_some_and(|p| matches!(p.data().value, NodeValue::List(_)));
        if entering {
            let done = task.symbol.is_some();
            let label = if done { context.user.words.task_done.clone() } else { context.user.words.task_open.clone() };
            if in_list { context.write_str("<li class=\"task\">")?; }
            context.write_str("<span class=\"task-mark\" role=\"img\" aria-label=\"")?;
            context.escape(&label)?;
            context.write_str(if done { "\">☑</span> " } else { "\">☐</span> " })?;
        } else if in_list {
            context.write_str("</li>\n")?;
        }
    },
    NodeValue::Image(ref link) => |context, entering| {
        if entering {
            context.write_str("<img src=\"")?;
            context.escape_href(&link.url)?;
            context.write_str("\" alt=\"")?;
            return Ok(ChildRendering::Plain);
        }
        if !link.title.is_empty() {
            context.write_str("\" title=\"")?;
            context.escape(&link.title)?;
        }
        context.write_str("\">")?;
    },
    NodeValue::LineBreak => |context, entering| {
        if entering { context.write_str("<br>\n")?; }
    },
    NodeValue::ThematicBreak => |context, entering| {
        if entering { context.write_str("<hr>\n")?; }
    },
    NodeValue::Link(ref link) => |context, entering| {
        if entering {
            context.write_str("<a href=\"")?;
            context.escape_href(&link.url)?;
            if !link.title.is_empty() {
                context.write_str("\" title=\"")?;
                context.escape(&link.title)?;
            }
            let external = link.url.starts_with("http://") || link.url.starts_with("https://");
            context.write_str(if external { "\" rel=\"external noopener\">" } else { "\">" })?;
        } else {
            context.write_str("</a>")?;
        }
    },
});

/// `2` for the only reference to footnote 2, `2-3` for the third one.
fn reference(footnote: u32, n: u32) -> String {
    if n > 1 { format!("{footnote}-{n}") } else { footnote.to_string() }
}

fn open_heading(context: &mut Context<'_, '_, State>) -> fmt::Result {
    let Some(heading) = context.user.headings.next() else { return Ok(()) };
    context.user.closing.push(heading.level);
    if heading.level == 2 && heading.free {
        if context.user.in_part {
            context.write_str("</section>\n")?;
        }
        context.user.in_part = true;
        context.write_str("<section")?;
        if let Some(role) = &heading.role {
            context.write_str(" data-role=\"")?;
            context.escape(role)?;
            context.write_str("\"")?;
        }
        context.write_str(" aria-labelledby=\"")?;
        context.escape(&heading.id)?;
        context.write_str("\">\n")?;
    }
    write!(context, "<h{} id=\"", heading.level)?;
    context.escape(&heading.id)?;
    context.write_str("\">")
}

fn open_table(context: &mut Context<'_, '_, State>) -> fmt::Result {
    let table = context.user.tables.next();
    context.user.table_number += 1;
    let n = context.user.table_number;
    let given = table.as_ref().and_then(|t| t.caption.clone());
    let caption = given.unwrap_or_else(|| context.user.words.table.replace("{n}", &n.to_string()));
    context.user.table = table;
    context.user.ids.push(format!("table-{n}"));
    context.write_str("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"")?;
    writeln!(context, "table-{n}\"><table>")?;
    write!(context, "<caption id=\"table-{n}\">")?;
    context.escape(&caption)?;
    context.write_str("</caption>\n")
}

fn table_cell(context: &mut Context<'_, '_, State>, header: bool, empty: bool, entering: bool) -> fmt::Result {
    let column = context.user.column;
    let (row_header, numeric) =
        context.user.table.as_ref().map_or((false, false), |t| {
            (t.row_headers && column == 0, t.numeric.get(column).copied().unwrap_or(false))
        });
    // An empty header cell has nothing to announce: it is a plain cell (WCAG technique H63).
    let tag = if !empty && (header || row_header) { "th" } else { "td" };
    if !entering {
        context.user.column += 1;
        return write!(context, "</{tag}>");
    }
    write!(context, "<{tag}")?;
    if tag == "th" {
        context.write_str(if header { " scope=\"col\"" } else { " scope=\"row\"" })?;
    }
    context.write_str(if numeric { " class=\"num\">" } else { ">" })
}

fn open_footnote(context: &mut Context<'_, '_, State>) -> fmt::Result {
    if context.user.footnotes == 0 {
        if context.user.in_part {
            context.write_str("</section>\n")?;
            context.user.in_part = false;
        }
        let words = context.user.words.footnotes.clone();
        context.user.ids.push("footnotes".into());
        context.write_str("<section class=\"footnotes\" aria-labelledby=\"footnotes\">\n<h2 id=\"footnotes\">")?;
        context.escape(&words)?;
        context.write_str("</h2>\n<ol>\n")?;
    }
    context.user.footnotes += 1;
    let number = context.user.footnotes;
    context.user.ids.push(format!("fn-{number}"));
    write!(context, "<li id=\"fn-{number}\">")
}
