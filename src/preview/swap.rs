//! What of a page has changed since a browser got it: one element, and the way to it. In: the page as it was and as it is.
//! Out: the element as it is now. A long list then costs a browser what its one changed line costs. Where that cannot be
//! told for certain, nothing is said and the whole page is sent.

use memchr::memchr;

/// Elements that have no end tag (WHATWG HTML 13.1.2, void elements).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// Elements whose content is text, whatever it looks like (13.1.2, raw text and escapable raw text elements).
const TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// An element to put in the place of another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Swap<'a> {
    /// The way from `body`: which child element, and what it is called.
    pub(super) way: Vec<(usize, &'a str)>,
    /// The element as it is now.
    pub(super) html: &'a str,
}

/// What differs between two pages; `Same` where nothing does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change<'a> {
    Same,
    One(Swap<'a>),
    /// More than one element of the body shows, or what cannot be read here.
    Much,
}

/// The smallest element of the body that holds all that differs.
pub(super) fn between<'a>(old: &str, new: &'a str) -> Change<'a> {
    if old == new {
        return Change::Same;
    }
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    // What begins alike in the middle of a tag begins before it.
    let tag = a[..start].iter().rposition(|c| matches!(c, b'<' | b'>')).filter(|at| a[*at] == b'<');
    let start = tag.unwrap_or(start);
    let most = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    changed(old, new, start, end).map_or(Change::Much, Change::One)
}

fn changed<'a>(old: &str, new: &'a str, start: usize, end: usize) -> Option<Swap<'a>> {
    let mut open = Open::default();
    let mut tags = Tags { html: new, at: body(new)? };
    // Both pages are the same up to here, so is what is open.
    while let Some(tag) = tags.peek(&open).filter(|t| t.end <= start) {
        open.take(tag)?;
        tags.at = tag.end;
    }
    let at = tags.at;
    (at <= start).then_some(())?;
    let (was, _) = open.clone().holder(old, at, old.len() - end, usize::MAX)?;
    let (depth, close) = open.clone().holder(new, at, new.len() - end, was)?;
    // A script that is put in does not run.
    let element = open.0.get(depth).filter(|e| e.name != "script")?;
    let way = open.0[..=depth].iter().map(|e| (e.place, e.name)).collect();
    Some(Swap { way, html: new.get(element.start..close)? })
}

/// Where the content of `body` begins.
fn body(html: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(tag) = Tag::next(html, at) {
        if tag.kind == Kind::Open && tag.name == "body" {
            return Some(tag.end);
        }
        let is_text = tag.kind == Kind::Open && TEXT.contains(&tag.name);
        at = if is_text { end_of_text(html, tag.end, tag.name)? } else { tag.end };
    }
    None
}

/// An element that is open.
#[derive(Debug, Clone)]
struct Element<'a> {
    name: &'a str,
    start: usize,
    /// Which child element of its parent it is, from 0.
    place: usize,
    /// Child elements so far.
    children: usize,
}

/// The elements that are open below `body`, outermost first.
#[derive(Debug, Clone, Default)]
struct Open<'a>(Vec<Element<'a>>, usize);

impl<'a> Open<'a> {
    /// Follows a tag. None where a browser's tree might not be what the tags say.
    fn take(&mut self, tag: Tag<'a>) -> Option<()> {
        match tag.kind {
            Kind::Other => {}
            Kind::Close => {
                let element = self.0.pop()?;
                (element.name == tag.name).then_some(())?;
            }
            Kind::Open | Kind::Closed => {
                let foreign = self.0.iter().any(|e| matches!(e.name, "svg" | "math"));
                let parent = self.0.last().map(|e| e.name);
                // A browser puts a `tbody` around rows that have none.
                (tag.name != "tr" || parent != Some("table")).then_some(())?;
                let children = self.0.last_mut().map_or(&mut self.1, |e| &mut e.children);
                let place = *children;
                *children += 1;
                let has_end = !VOID.contains(&tag.name) && (tag.kind == Kind::Open || !foreign);
                if has_end {
                    self.0.push(Element { name: tag.name, start: tag.start, place, children: 0 });
                }
            }
        }
        Some(())
    }

    /// The innermost of the elements open now, but no deeper than `deepest`, that ends at `until` or later: its depth, and
    /// where it ends.
    fn holder(mut self, html: &'a str, at: usize, until: usize, deepest: usize) -> Option<(usize, usize)> {
        let mut innermost = self.0.len();
        let mut tags = Tags { html, at };
        loop {
            let tag = tags.next(&mut self)?;
            if self.0.len() < innermost {
                innermost = self.0.len();
                if innermost <= deepest && tag.start >= until {
                    return Some((innermost, tag.end));
                }
            }
        }
    }
}

/// Tags, each taken.
struct Tags<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Tags<'a> {
    /// The tag that comes next. What stands in a script is none.
    fn peek(&self, open: &Open<'a>) -> Option<Tag<'a>> {
        let text = open.0.last().filter(|e| TEXT.contains(&e.name));
        let from = text.map_or(Some(self.at), |e| end_of_text(self.html, self.at, e.name))?;
        Tag::next(self.html, from)
    }

    fn next(&mut self, open: &mut Open<'a>) -> Option<Tag<'a>> {
        let tag = self.peek(open)?;
        open.take(tag)?;
        self.at = tag.end;
        Some(tag)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    /// With `/>`.
    Closed,
    Close,
    /// A comment or a declaration.
    Other,
}

/// A tag or a comment, and its bytes.
#[derive(Debug, Clone, Copy)]
struct Tag<'a> {
    kind: Kind,
    name: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Tag<'a> {
    /// The next one from `at` on.
    fn next(html: &'a str, mut at: usize) -> Option<Self> {
        let bytes = html.as_bytes();
        loop {
            let start = at + memchr(b'<', bytes.get(at..)?)?;
            let (kind, name) = match bytes.get(start + 1)? {
                b'!' if bytes[start..].starts_with(b"<!--") => {
                    let end = start + 4 + html.get(start + 4..)?.find("-->")? + 3;
                    return Some(Self { kind: Kind::Other, name: "", start, end });
                }
                b'!' => (Kind::Other, start + 2),
                b'/' => (Kind::Close, start + 2),
                c if c.is_ascii_alphabetic() => (Kind::Open, start + 1),
                _ => {
                    at = start + 1;
                    continue;
                }
            };
            let rest = &bytes[name..];
            let length = rest.iter().position(|c| c.is_ascii_whitespace() || matches!(c, b'>' | b'/'))?;
            let end = end_of_tag(bytes, name + length)?;
            let kind = if kind == Kind::Open && bytes[end - 2] == b'/' { Kind::Closed } else { kind };
            return Some(Self { kind, name: html.get(name..name + length)?, start, end });
        }
    }
}

/// Behind the `>` that ends a tag; those in quotes do not.
fn end_of_tag(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut quote = None;
    loop {
        let c = *bytes.get(at)?;
        at += 1;
        match (quote, c) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(c),
            (Some(q), _) if q == c => quote = None,
            _ => {}
        }
    }
}

/// Where the end tag of an element of text begins.
fn end_of_text(html: &str, at: usize, name: &str) -> Option<usize> {
    let close = format!("</{name}");
    Some(at + html.get(at..)?.find(&close)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(list: &str) -> String {
        format!(
            "<!doctype html><html><head><title>a<b</title></head><body class=\"x>y\"><p>一<br>二</p><!-- <p> -->\n\
             <ol>{list}</ol><svg><path d=\"M0\"/></svg></body></html>"
        )
    }

    fn found(old: &str, new: &str) -> Option<(Vec<(usize, String)>, String)> {
        match between(&page(old), &page(new)) {
            Change::One(Swap { way, html }) => {
                Some((way.into_iter().map(|(place, name)| (place, name.into())).collect(), html.into()))
            }
            _ => None,
        }
    }

    #[test]
    fn the_smallest_element_around_a_change_is_found() {
        let lines = |words: &str| format!("<li>甲</li><li><a href=\"x\">{words}</a> 丙</li><li>丁</li>");
        let way = |rest: &[(usize, &str)]| -> Vec<(usize, String)> {
            [(1, "ol")].iter().chain(rest).map(|(place, name)| (*place, (*name).to_string())).collect()
        };
        let (at, html) = found(&lines("乙"), &lines("新的乙")).expect("one change");
        assert_eq!((at, html.as_str()), (way(&[(1, "li"), (0, "a")]), "<a href=\"x\">新的乙</a>"));
        // An attribute belongs to its element, which its parent holds.
        let (at, html) = found("<li><a href=\"x\">乙</a></li>", "<li><a href=\"y\">乙</a></li>").expect("one change");
        assert_eq!((at, html.as_str()), (way(&[(0, "li")]), "<li><a href=\"y\">乙</a></li>"));
        let (at, html) = found("<li>甲</li>", "<li>甲</li><li>乙</li>").expect("one change");
        assert_eq!((at, html.as_str()), (way(&[]), "<ol><li>甲</li><li>乙</li></ol>"));
        let (at, html) = found("<li>甲</li><li>乙</li>", "<li>丙</li><li>丁</li>").expect("one change");
        assert_eq!((at, html.as_str()), (way(&[]), "<ol><li>丙</li><li>丁</li></ol>"));
    }

    #[test]
    fn what_a_browser_would_mend_is_left_to_it() {
        for (old, new) in
            [("<li>甲", "<li>乙"), ("<table><tr><td>1</td></tr></table>", "<table><tr><td>2</td></tr></table>")]
        {
            assert_eq!(found(old, new), None, "{old}");
        }
        assert_eq!(between(&page("<li>甲</li>"), &page("<li>甲</li>")), Change::Same);
        let head = |title: &str| format!("<head><title>{title}</title></head><body><p>甲</p></body>");
        assert_eq!(between(&head("一"), &head("二")), Change::Much);
    }

    /// The element at the end of a way, by its bytes.
    fn at_way(html: &str, way: &[(usize, &str)]) -> std::ops::Range<usize> {
        let mut open = Open::default();
        let mut tags = Tags { html, at: body(html).expect("body") };
        let mut start = None;
        loop {
            let tag = tags.next(&mut open).expect("a tag");
            let here: Vec<_> = open.0.iter().map(|e| (e.place, e.name)).collect();
            if start.is_none() && here == way {
                start = Some(tag.start);
            } else if let Some(start) = start
                && open.0.len() < way.len()
            {
                return start..tag.end;
            }
        }
    }

    fn trees() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("字".to_string()),
            Just("<br>".into()),
            Just("a &lt; b".into()),
            Just("<i title=\">\">x</i>".into())
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            (prop_oneof![Just("p"), Just("ul"), Just("section"), Just("svg")], prop::collection::vec(inner, 0..5))
                .prop_map(|(name, parts)| format!("<{name}>{}</{name}>", parts.concat()))
        })
    }

    proptest! {
        /// Put in its place, the element makes the old page the new one.
        #[test]
        fn a_swap_makes_the_old_page_new(old in trees(), new in trees(), around in trees()) {
            let (old, new) = (page(&format!("<div>{around}{old}{around}</div>")), page(&format!("<div>{around}{new}{around}</div>")));
            match between(&old, &new) {
                Change::Same => prop_assert_eq!(old, new),
                Change::Much => {}
                Change::One(Swap { way, html }) => {
                    let mut made = old.clone();
                    made.replace_range(at_way(&old, &way), html);
                    prop_assert_eq!(made, new);
                }
            }
        }

        /// Whatever the pages are, nothing falls over.
        #[test]
        fn any_text_is_survived(old in "(<[a-z/!]{0,3}[ \"'>/-]{0,3}|[a<>字]){0,40}", new in "(<[a-z/!]{0,3}[ \"'>/-]{0,3}|[a<>字]){0,40}") {
            let (old, new) = (page(&old), page(&new));
            let _ = between(&old, &new);
        }
    }
}
