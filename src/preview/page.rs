//! Puts the preview's own parts into a page. They stand between marks, and without them the page is, byte for byte, what a
//! build writes.

use super::{Editor, panel::Says};
use crate::base::Lang;
use crate::diag::Message;
use quick_xml::escape::escape;

/// What the parts are made with.
pub(super) struct Dressing<'a> {
    pub(super) lang: Lang,
    pub(super) editor: Editor,
    /// The state that the page shows.
    pub(super) tick: &'a str,
}

/// Before each of the preview's parts.
const OPEN: &str = "<!-- sunlit preview -->";
/// Behind each of them.
const CLOSE: &str = "<!-- /sunlit preview -->";

/// The same page with style and script in its head, and what there is to say at the end of its body.
pub(super) fn dress(html: Vec<u8>, says: &Says, with: &Dressing<'_>) -> Vec<u8> {
    let head = format!(
        "{OPEN}<link rel=\"stylesheet\" href=\"/_sunlit/preview.css\"><script src=\"/_sunlit/preview.js\" defer></script>{CLOSE}"
    );
    let tail = format!("{OPEN}{}{CLOSE}", own(says, with));
    let at_head = find(&html, b"</head>").unwrap_or(0);
    let at_tail = rfind(&html, b"</body>").unwrap_or(html.len()).max(at_head);
    let mut out = Vec::with_capacity(html.len() + head.len() + tail.len());
    out.extend_from_slice(&html[..at_head]);
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(&html[at_head..at_tail]);
    out.extend_from_slice(tail.as_bytes());
    out.extend_from_slice(&html[at_tail..]);
    out
}

/// What the preview itself says in a page.
pub(super) fn own(says: &Says, with: &Dressing<'_>) -> String {
    format!(
        "<div id=\"sunlit-preview\" data-tick=\"{}\" lang=\"{}\">{}{}</div>",
        escape(with.tick),
        with.lang.tag(),
        says.panel,
        says.overlay
    )
}

/// A page where there is no theme to make one.
pub(super) fn bare(lang: Lang, words: &Message) -> Vec<u8> {
    let words = words.text(lang);
    let words = escape(words.as_str());
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{words}</title>\n</head>\n<body>\n<main><h1>{words}</h1>\
         </main>\n</body>\n</html>\n",
        lang.tag()
    )
    .into_bytes()
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|w| w.eq_ignore_ascii_case(word))
}

fn rfind(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).rposition(|w| w.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_marked_parts_a_page_is_what_it_was() {
        let says = Says { panel: "<p>panel</p>".into(), overlay: String::new() };
        let with = Dressing { lang: Lang::En, editor: Editor::None, tick: "a\"-1" };
        for html in ["<html><head></head><body>x</body></html>", "", "x</body>", "<head></head>"] {
            let mut text = String::from_utf8(dress(html.into(), &says, &with)).expect("UTF-8");
            assert!(text.contains("<p>panel</p>") && text.contains("a&quot;-1"), "{text}");
            while let (Some(open), Some(close)) = (text.find(OPEN), text.find(CLOSE)) {
                text.replace_range(open..close + CLOSE.len(), "");
            }
            assert_eq!(text, html);
        }
    }
}
