//! Pages for reading without the website they come from: a link to a page that is not in the archive becomes an absolute
//! one and says in words that it leads outside; every other byte stays. In: a page and the files of the archive.
//! Out: the page. HTML is read as browsers read it (html5gum).

use crate::base::{SitePath, path};
use html5gum::emitters::default::{DefaultEmitter, StartTag};
use html5gum::{Token, Tokenizer};
use std::collections::BTreeSet;
use std::ops::Range;

/// What a page may lead to, and how it says that a link leads elsewhere.
#[derive(Debug)]
pub(super) struct Offline<'a> {
    /// Every file of the section in the archive.
    pub(super) files: BTreeSet<SitePath>,
    /// Where the section is published; ends in `/`.
    pub(super) base_url: &'a str,
    /// The words, such as ` (outside this archive)`; escaped by this file.
    pub(super) words: &'a str,
}

/// Where a reference leads.
enum Lead {
    /// To a file of the archive, or nowhere else than the page.
    Inside,
    /// To an address on the web.
    Outside(String),
    /// To something that is no page: an e-mail address, a picture in the page itself.
    Other,
}

impl Offline<'_> {
    /// The page at `here`, led outwards where it leads out.
    pub(super) fn page(&self, here: &SitePath, html: &str) -> String {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        let mut leaves = false;
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => {
                    let anchor = matches!(tag.name.as_slice(), b"a" | b"area");
                    leaves = if anchor { false } else { leaves };
                    let Some((place, value)) = reference(html, &tag) else { continue };
                    if let Lead::Outside(url) = self.lead(here, &value) {
                        leaves = leaves || tag.name.as_slice() == b"a";
                        if url != value {
                            changes.push((place, format!("\"{}\"", escape(&url))));
                        }
                    }
                }
                Token::EndTag(tag) if tag.name.as_slice() == b"a" && std::mem::take(&mut leaves) => {
                    changes.push((tag.span.start..tag.span.start, escape(self.words)));
                }
                _ => {}
            }
        }
        let mut out = String::with_capacity(html.len() + 1024);
        let mut at = 0;
        for (place, text) in changes {
            // Places come from a tokenizer and in order; one that does not fit is passed over.
            let Some(before) = html.get(at..place.start) else { continue };
            out.push_str(before);
            out.push_str(&text);
            at = place.end;
        }
        out.push_str(html.get(at..).unwrap_or_default());
        out
    }

    fn lead(&self, here: &SitePath, reference: &str) -> Lead {
        let (address, fragment) = match reference.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (reference, None),
        };
        if address.is_empty() {
            return Lead::Inside;
        }
        if address.starts_with("https://") || address.starts_with("http://") {
            return Lead::Outside(reference.to_string());
        }
        let scheme = address.split(['/', '?']).next().unwrap_or_default().contains(':');
        if scheme {
            return Lead::Other;
        }
        let origin = || {
            let host = self.base_url.find("://").map_or(0, |at| at + 3);
            let end = self.base_url[host..].find('/').map_or(self.base_url.len(), |at| host + at);
            &self.base_url[..end]
        };
        if let Some(rest) = address.strip_prefix("//") {
            let scheme = self.base_url.split("//").next().unwrap_or_default();
            return Lead::Outside(format!("{scheme}//{rest}"));
        }
        if address.starts_with('/') {
            return Lead::Outside(format!("{}{reference}", origin()));
        }
        let folder = address.ends_with('/') || address.ends_with("..");
        let name = path::decode(address).unwrap_or_default();
        let target = here.join(&if folder { format!("{name}/index.html") } else { name });
        match target {
            Some(target) if self.files.contains(&target) => Lead::Inside,
            Some(target) => {
                let fragment = fragment.map(|f| format!("#{f}")).unwrap_or_default();
                Lead::Outside(format!("{}{fragment}", target.under(self.base_url)))
            }
            None => Lead::Other,
        }
    }
}

/// The reference of a tag: the place of its value, quotes included, and what it says.
fn reference(html: &str, tag: &StartTag<usize>) -> Option<(Range<usize>, String)> {
    let name: &[u8] = match tag.name.as_slice() {
        b"a" | b"area" | b"link" => b"href",
        b"img" | b"script" | b"source" => b"src",
        _ => return None,
    };
    let (_, value) = tag.attributes.iter().find(|(n, _)| n.as_slice() == name)?;
    // The span begins with the attribute's name.
    let text = html.get(value.span.start..tag.span.end)?;
    let equals = text.find('=')?;
    let begin = equals + 1 + text[equals + 1..].find(|c: char| !c.is_ascii_whitespace())?;
    let rest = &text[begin..];
    let end = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].find(quote)? + 2,
        _ => rest.find(|c: char| c.is_ascii_whitespace() || c == '>')?,
    };
    let place = value.span.start + begin..value.span.start + begin + end;
    Some((place, String::from_utf8_lossy(&value.value).into_owned()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> String {
        let files = ["index.html", "2024/index.html", "2024/a.html", "2024/a/附件.xlsx", "style.css"];
        let files = files.iter().filter_map(|f| SitePath::new(f)).collect();
        let offline = Offline { files, base_url: "https://b.example/x/", words: "（外）" };
        offline.page(&SitePath::of("2024/a.html"), html)
    }

    #[test]
    fn links_inside_stay_as_they_are() {
        for html in [
            "<a href=\"index.html\">年</a>",
            "<a href='../index.html#top'>x</a>",
            "<a href=#a>x</a>",
            "<a href=\"a/%E9%99%84%E4%BB%B6.xlsx\">x</a>",
            "<link rel=stylesheet href=\"../style.css\">",
            "<a href=\"mailto:a@b.example\">x</a>",
            "<img src=\"data:image/png,x\">",
            "<script>var a = '<a href=\"no.html\">';</script>",
            "<!-- <a href=\"no.html\"> -->",
            "<p title='<a href=\"no.html\">'>",
        ] {
            assert_eq!(page(html), html);
        }
    }

    #[test]
    fn links_outside_are_absolute_and_say_so() {
        let cases = [
            (
                "<a class=c href=\"../2023/b.html#x\" id=i>旧</a>",
                "<a class=c href=\"https://b.example/x/2023/b.html#x\" id=i>旧（外）</a>",
            ),
            ("<a href=../2023/b.html>旧</a>", "<a href=\"https://b.example/x/2023/b.html\">旧（外）</a>"),
            (
                "<a href='https://c.example/?a&amp;b'>c</a><a href=index.html>d</a>",
                "<a href='https://c.example/?a&amp;b'>c（外）</a><a href=index.html>d</a>",
            ),
            ("<a href=\"/top\">t</a>", "<a href=\"https://b.example/top\">t（外）</a>"),
            ("<a href=\"//c.example/\">t</a>", "<a href=\"https://c.example/\">t（外）</a>"),
            (
                "<link rel=\"prev\" href=\"../2023/b.html\">",
                "<link rel=\"prev\" href=\"https://b.example/x/2023/b.html\">",
            ),
            (
                "<a href=\"../\"><b>x</b></a><a href=\"../2023/\">y</a>",
                "<a href=\"../\"><b>x</b></a><a href=\"https://b.example/x/2023/index.html\">y（外）</a>",
            ),
        ];
        for (html, expected) in cases {
            assert_eq!(page(html), expected);
        }
    }
}
