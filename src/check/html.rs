//! A finished page as rules see it: its elements in document order, each with its attributes and the words inside.
//! The tokens come from html5gum, which reads HTML as browsers do (WHATWG); no tree is mended, as our pages need none.

use html5gum::{Token, Tokenizer};
use std::ops::Range;

/// An element of a page.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// Its name, in lower case.
    pub name: String,
    /// The element around it: its position in [`Html::elements`].
    pub parent: Option<usize>,
    attributes: Vec<(String, String)>,
    words: Range<usize>,
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Html {
    /// Its elements, in document order.
    pub elements: Vec<Element>,
    text: String,
}

/// Elements without an end tag (HTML, 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

impl Element {
    /// The value of an attribute; empty where it has none.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has this class.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|c| c.split_ascii_whitespace().any(|c| c == class))
    }
}

impl Html {
    /// Reads a page.
    pub fn read(source: &str) -> Self {
        let mut page = Self::default();
        let mut open: Vec<usize> = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for Ok(token) in Tokenizer::new(source) {
            match token {
                Token::StartTag(tag) => {
                    let name = text(&tag.name);
                    let attributes = tag.attributes.iter().map(|(n, v)| (text(n), text(v))).collect();
                    let closed = tag.self_closing || VOID.contains(&name.as_str());
                    let at = page.text.len();
                    page.elements.push(Element { name, parent: open.last().copied(), attributes, words: at..at });
                    if !closed {
                        open.push(page.elements.len() - 1);
                    }
                }
                Token::EndTag(tag) => {
                    let name = text(&tag.name);
                    if let Some(depth) = open.iter().rposition(|i| page.elements[*i].name == name) {
                        for index in open.drain(depth..) {
                            page.elements[index].words.end = page.text.len();
                        }
                    }
                }
                Token::String(words) => page.text.push_str(&String::from_utf8_lossy(&words)),
                _ => {}
            }
        }
        for index in open {
            page.elements[index].words.end = page.text.len();
        }
        page
    }

    /// The elements of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |e| e.name == name)
    }

    /// The words inside an element, white space folded.
    pub fn words(&self, element: &Element) -> String {
        self.text[element.words.clone()].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text inside an element as it is.
    pub fn text(&self, element: &Element) -> &str {
        &self.text[element.words.clone()]
    }

    /// Whether an element lies inside one that `is` accepts.
    pub fn inside(&self, element: &Element, is: impl Fn(&Element) -> bool) -> bool {
        let mut parent = element.parent;
        while let Some(index) = parent {
            if is(&self.elements[index]) {
                return true;
            }
            parent = self.elements[index].parent;
        }
        false
    }

    /// Whether `inner` lies inside `outer`.
    pub fn within(&self, inner: &Element, outer: &Element) -> bool {
        self.inside(inner, |e| std::ptr::eq(e, outer))
    }

    /// The elements of a name that stand for the whole page: a `header` or `footer` inside these is only theirs
    /// (HTML Accessibility API Mappings).
    pub fn landmarks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        const OWN: [&str; 5] = ["article", "aside", "main", "nav", "section"];
        self.all(name).filter(|e| !self.inside(e, |around| OWN.contains(&around.name.as_str())))
    }

    /// The contents of `<meta name=…>`, each without white space around it; names are compared as written.
    pub fn metas<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.all("meta").filter(move |e| e.attribute("name") == Some(name));
        named.map(|e| e.attribute("content").unwrap_or_default().trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_their_words_parents_and_attributes() {
        let page =
            Html::read("<!doctype html><main id=m><h1>甲<b>乙</b></h1><img alt='图'><p class='a b'>丙</p></main>");
        let names: Vec<_> = page.elements.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["main", "h1", "b", "img", "p"]);
        let h1 = page.all("h1").next().expect("there");
        assert_eq!(page.words(h1), "甲乙");
        let p = page.all("p").next().expect("there");
        assert!(p.has_class("b") && page.inside(p, |e| e.attribute("id") == Some("m")));
        assert_eq!(page.all("img").next().and_then(|e| e.attribute("alt")), Some("图"));
    }
}
