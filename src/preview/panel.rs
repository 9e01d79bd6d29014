//! What a preview says about a page: a panel with everything that `check` says of the report, and over the page the errors
//! that keep the portal from being built. In: a view and an address. Out: HTML, in which every word from outside is escaped.

use super::Editor;
use super::page::Dressing;
use super::shared::View;
use crate::base::{Fingerprint, SitePath, path};
use crate::diag::code::Adjustable;
use crate::diag::{Diagnostic, Excerpt, Message, Severity, Shown, message};
use quick_xml::escape::escape;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Most findings that are shown of one file; the rest are counted.
const SHOWN: usize = 50;
/// Most other files that are named.
const FILES: usize = 10;

/// The two parts.
#[derive(Debug, Default)]
pub(super) struct Says {
    pub(super) panel: String,
    pub(super) overlay: String,
}

/// What there is to say about the page at an address; `made` are the faults of making it.
pub(super) fn about(view: &View, at: &SitePath, made: &[Diagnostic], with: &Dressing<'_>) -> Says {
    let source = view.snapshot.source(at).or_else(|| view.good.as_ref()?.source(at));
    let late = view.verdict.iter().flat_map(|v| &v.findings);
    let stops: Vec<&Diagnostic> = view.snapshot.findings.iter().chain(late).chain(made).filter(|f| f.stops()).collect();
    let mut own: Vec<Diagnostic> =
        source.as_ref().map_or_else(Vec::new, |file| view.snapshot.findings_about(file, view.verdict.as_deref()));
    // The files beside a report are part of it.
    let beside = at.as_str().strip_suffix(".html").map(|folder| format!("content/{folder}/")).unwrap_or_default();
    let is_beside = |file: &str| !beside.is_empty() && file.starts_with(&beside) && !file.ends_with(".md");
    let known = view.verdict.iter().flat_map(|v| &v.findings).chain(&view.snapshot.findings);
    own.extend(known.filter(|f| f.labels.first().is_some_and(|l| is_beside(&l.file))).cloned());
    let is_own = |file: &String| Some(file) == source.as_ref() || is_beside(file);
    // What is wrong with the ground that every page stands on, or keeps a document from being read at all, is said
    // everywhere; what a rule finds in another report is only counted.
    let file_of = |f: &Diagnostic| f.labels.first().map_or(String::new(), |l| l.file.clone());
    let everywhere = |f: &Diagnostic| !file_of(f).starts_with("content/") || f.code.adjustable() == Adjustable::Fixed;
    // All of a file's findings are put into words together, so that what one of them hides no other shows.
    let own = view.snapshot.shown(&own, with.lang);
    let mut over: Vec<Shown> = own.iter().filter(|f| f.stops()).cloned().collect();
    let loud: BTreeSet<String> = stops.iter().filter(|f| everywhere(f)).map(|f| file_of(f)).collect();
    for file in loud.iter().filter(|f| !is_own(f)).take(FILES) {
        let all: Vec<Diagnostic> = if file.ends_with(".md") {
            view.snapshot.findings_about(file, view.verdict.as_deref())
        } else {
            stops.iter().filter(|f| file_of(f) == *file).map(|f| (*f).clone()).collect()
        };
        over.extend(view.snapshot.shown(&all, with.lang).into_iter().filter(Shown::stops));
    }
    let others: BTreeSet<String> = stops.iter().map(|f| file_of(f)).filter(|f| !f.is_empty() && !is_own(f)).collect();
    let desk = Desk { view, with };
    Says { panel: desk.panel(source.as_deref(), &own, &others), overlay: desk.overlay(&over) }
}

struct Desk<'a> {
    view: &'a View,
    with: &'a Dressing<'a>,
}

impl Desk<'_> {
    fn word(&self, key: &'static str) -> &'static str {
        message::lookup(key, self.with.lang)
    }

    fn text(&self, message: &Message) -> String {
        escape(message.text(self.with.lang).as_str()).into_owned()
    }

    /// A closed fold at the foot of the page, a landmark with a name.
    fn panel(&self, source: Option<&str>, own: &[Shown], others: &BTreeSet<String>) -> String {
        let open = |severity| own.iter().filter(|f| f.severity == severity && f.allowed.is_none()).count();
        let (errors, warnings, infos) = (open(Severity::Error), open(Severity::Warning), open(Severity::Info));
        let grade = match (errors + others.len(), warnings) {
            (0, 0) => "clean",
            (0, _) => "warning",
            _ => "error",
        };
        let counts =
            Message::new("preview.counts").with("errors", errors).with("warnings", warnings).with("infos", infos);
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<aside class=\"panel\" data-grade=\"{grade}\" aria-label=\"{}\"><details><summary><strong>{}</strong> {}",
            self.word("preview.panel"),
            self.word("preview.name"),
            if source.is_some() { self.text(&counts) } else { String::new() }
        );
        if !others.is_empty() {
            let _ = write!(out, " {}", self.text(&Message::new("preview.elsewhere").with("count", others.len())));
        }
        out.push_str("</summary><div class=\"inside\">");
        match source {
            Some(file) => {
                let _ = write!(out, "<p>{}{}</p>", self.word("preview.source"), self.place(file, None));
            }
            None => {
                let _ = write!(out, "<p>{}</p>", self.word("preview.made"));
            }
        }
        if self.view.verdict.is_none() {
            let _ = write!(out, "<p>{}</p>", self.word("preview.pending"));
        } else if own.is_empty() && source.is_some() {
            let _ = write!(out, "<p>{}</p>", self.word("preview.clean"));
        }
        self.list(&mut out, own);
        if !others.is_empty() {
            let _ = write!(out, "<p>{}</p><ul class=\"files\">", self.word("preview.others"));
            for file in others.iter().take(FILES) {
                let page = file.strip_prefix("content/").and_then(crate::markdown::page_of);
                let _ = write!(out, "<li>{}", self.place(file, None));
                if let Some(page) = page {
                    let href = path::encode(page.as_str());
                    let _ = write!(out, " <a href=\"/{}\">{}</a>", escape(href), self.word("preview.page"));
                }
                out.push_str("</li>");
            }
            out.push_str("</ul>");
            if others.len() > FILES {
                let _ = write!(
                    out,
                    "<p>{}</p>",
                    self.text(&Message::new("preview.more").with("count", others.len() - FILES))
                );
            }
        }
        out.push_str("</div></details></aside>");
        out
    }

    /// Over the page: what keeps the portal from being built.
    fn overlay(&self, shown: &[Shown]) -> String {
        if shown.is_empty() {
            return String::new();
        }
        let mut out = String::new();
        let _ = write!(
            out,
            "<div class=\"overlay\" id=\"sunlit-overlay\" role=\"alertdialog\" aria-labelledby=\"sunlit-overlay-title\" tabindex=\"-1\">\
             <div class=\"sheet\"><h2 id=\"sunlit-overlay-title\">{}</h2><p>{}</p>",
            self.text(&Message::new("preview.stopped").with("count", shown.len())),
            self.word("preview.behind")
        );
        self.list(&mut out, shown);
        let key = Fingerprint::of(out.as_bytes()).0;
        let _ = write!(
            out,
            "<p><button type=\"button\" class=\"close\" data-key=\"{key:x}\">{}</button></p></div></div>",
            self.word("preview.close")
        );
        out
    }

    fn list(&self, out: &mut String, shown: &[Shown]) {
        if shown.is_empty() {
            return;
        }
        out.push_str("<ol class=\"findings\">");
        for finding in shown.iter().take(SHOWN) {
            let (class, severity) = match (&finding.allowed, finding.severity) {
                (Some(_), _) => ("allowed", "preview.allowed"),
                (None, Severity::Error) => ("error", "severity.error"),
                (None, Severity::Warning) => ("warning", "severity.warning"),
                (None, Severity::Info) => ("info", "severity.info"),
            };
            let _ = write!(
                out,
                "<li class=\"{class}\"><p><strong class=\"severity\">{}</strong> <code>{}</code> {}</p>",
                self.word(severity),
                finding.code,
                escape(finding.message.as_str())
            );
            for place in &finding.places {
                let at = place.excerpt.as_ref().map(|e| (e.line, e.column));
                let _ = write!(out, "<p class=\"place\">{}", self.place(&place.file, at));
                if let Some(note) = &place.note {
                    let _ = write!(out, " {}", escape(note.as_str()));
                }
                out.push_str("</p>");
                if let Some(excerpt) = &place.excerpt {
                    let _ = write!(out, "<pre tabindex=\"0\">{}</pre>", marked(excerpt));
                }
            }
            let more = finding.allowed.as_ref().map(|why| format!("{}{why}", self.word("severity.reason")));
            if let Some(more) = more.or_else(|| finding.help.clone()) {
                let _ = write!(out, "<p class=\"help\">{}</p>", escape(more.as_str()));
            }
            out.push_str("</li>");
        }
        out.push_str("</ol>");
        if shown.len() > SHOWN {
            let _ =
                write!(out, "<p>{}</p>", self.text(&Message::new("preview.more").with("count", shown.len() - SHOWN)));
        }
    }

    /// A place in a file, as a link that the editor follows.
    fn place(&self, file: &str, at: Option<(usize, usize)>) -> String {
        let (line, column) = at.unwrap_or((1, 1));
        let name = if at.is_some() { format!("{file}:{line}:{column}") } else { file.to_string() };
        let name = escape(name.as_str());
        let full = self.view.snapshot.root().join(file);
        let full = full.to_string_lossy().replace('\\', "/");
        let full = path::encode(full.trim_start_matches('/'));
        let href = match self.with.editor {
            Editor::VsCode => format!("vscode://file/{full}:{line}:{column}"),
            Editor::Idea => format!("idea://open?file=/{full}&line={line}&column={column}"),
            Editor::None => return format!("<span class=\"file\">{name}</span>"),
        };
        format!("<a class=\"file\" href=\"{}\">{name}</a>", escape(href.as_str()))
    }
}

/// The line, with the place in it marked.
fn marked(excerpt: &Excerpt) -> String {
    let text = excerpt.text.as_str();
    let part = |range: std::ops::Range<usize>| escape(text.get(range).unwrap_or_default()).into_owned();
    let (start, end) = (excerpt.span.start, excerpt.span.end);
    let words = part(start..end);
    let words = if words.is_empty() { String::new() } else { format!("<mark>{words}</mark>") };
    format!("<span class=\"line\">{}</span> {}{words}{}", excerpt.line, part(0..start), part(end..text.len()))
}
