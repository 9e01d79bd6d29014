//! What a rule may see of one finished page: its elements, what it shows, and the files it may load.

use super::html::{Element, Html};
use crate::base::{SitePath, path};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::emit::frame::PageKind;
use crate::model::{Portal, Report};
use std::collections::BTreeMap;

/// A finished page.
#[derive(Debug)]
pub struct Page<'a> {
    /// The portal it belongs to.
    pub portal: &'a Portal,
    /// Its address.
    pub path: &'a SitePath,
    /// What kind of page it is.
    pub kind: PageKind,
    /// The report it shows.
    pub report: Option<&'a Report>,
    /// Its bytes.
    pub source: &'a str,
    /// Its elements.
    pub html: Html,
    /// The static files of theme and portal, with their sizes in bytes.
    pub files: &'a BTreeMap<&'a str, u64>,
    /// A page looked at before that has the same `title`.
    pub namesake: Option<&'a SitePath>,
}

/// Where an address of a page leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    /// To a file of the section.
    Inside(SitePath),
    /// To another host, named here.
    Elsewhere(String),
    /// Neither: the rest of the portal's own host, data in the address itself, mail.
    Beyond,
}

impl Page<'_> {
    /// A finding about the page.
    pub fn finding(&self, code: Code, message: Message) -> Diagnostic {
        Diagnostic::new(code, message).at(self.path.as_str(), Place::Whole)
    }

    /// A finding about the page whose cause is in its template; `help` may name it as `{template}`.
    pub fn fault(&self, code: Code, message: Message, help: Message) -> Diagnostic {
        self.finding(code, message).help(help.with("template", format!("templates/{}.html", self.kind.name())))
    }

    /// Where an address that stands on the page leads; its query and anchor do not matter.
    pub fn leads(&self, href: &str) -> Leads {
        let site = &self.portal.site;
        let href = href.trim();
        let href = href.split(['#', '?']).next().unwrap_or_default();
        if href.is_empty() {
            return Leads::Inside(self.path.clone());
        }
        let below = match (href.strip_prefix(&*site.base_url), href.strip_prefix(site.base_path())) {
            (Some(below), _) => return inside(&SitePath::of("index.html"), below),
            (None, Some(below)) if !href.starts_with("//") => return inside(&SitePath::of("index.html"), below),
            _ => href,
        };
        match host(below) {
            Some(other) if Some(other) == host(&site.base_url) => Leads::Beyond,
            Some(other) => Leads::Elsewhere(other.to_string()),
            None if below.starts_with('/') || has_scheme(below) => Leads::Beyond,
            None => inside(self.path, below),
        }
    }

    /// The fact of the publication header with this key: what its `dd` says.
    pub fn fact(&self, key: &str) -> Option<&Element> {
        let line = self.html.elements.iter().find(|e| e.attribute("data-fact") == Some(key))?;
        self.html.all("dd").find(|dd| self.html.within(dd, line))
    }
}

fn inside(from: &SitePath, href: &str) -> Leads {
    let folder = href.is_empty() || href.ends_with('/') || href.ends_with("..") || href == ".";
    let href = if folder { format!("{}/index.html", href.trim_end_matches('/')) } else { href.to_string() };
    path::decode(&href).and_then(|href| from.join(&href)).map_or(Leads::Beyond, Leads::Inside)
}

/// The host of an absolute URL, or of one that only leaves out the scheme.
pub fn host(url: &str) -> Option<&str> {
    let schemeless = ["https:", "http:"]
        .iter()
        .find_map(|s| url.get(..s.len()).filter(|head| head.eq_ignore_ascii_case(s)).map(|head| &url[head.len()..]));
    let rest = schemeless.unwrap_or(url).strip_prefix("//")?;
    rest.split(['/', '?', '#']).next()
}

fn has_scheme(href: &str) -> bool {
    let scheme = href.split(['/', '?', '#']).next().and_then(|first| first.split_once(':'));
    scheme.is_some_and(|(s, _)| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_stands_behind_two_slashes() {
        for url in ["https://a.example/b", "HTTP://a.example", "//a.example?b"] {
            assert_eq!(host(url), Some("a.example"), "{url}");
        }
        for url in ["a.example/b", "/b//c", "mailto:a@b.example", "data:image/png;base64,//8=", "图片/a.png"] {
            assert_eq!(host(url), None, "{url}");
        }
    }

    #[test]
    fn a_scheme_is_not_a_colon_in_a_path() {
        assert!(has_scheme("mailto:a@b.example") && has_scheme("data:,"));
        assert!(!has_scheme("2024/a:b.html") && !has_scheme("a.html?b:c"));
    }

    #[test]
    fn a_folder_is_its_index() {
        let page = SitePath::of("2024/a.html");
        for (href, path) in
            [("./", "2024/index.html"), ("..", "index.html"), ("../", "index.html"), ("b.html", "2024/b.html")]
        {
            assert_eq!(inside(&page, href), Leads::Inside(SitePath::of(path)), "{href}");
        }
        assert_eq!(inside(&page, "../../x.html"), Leads::Beyond);
    }
}
