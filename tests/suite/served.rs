//! A section as its readers meet it: from where they come in, link by link.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use sunlit::base::{SitePath, path};

/// The path of the base URL of the test portal, with which the links of its 404 page begin.
const BASE: &str = "/zwgk/";

/// Where the links and sources of a page lead inside the section.
pub(crate) fn links(page: &str, html: &str) -> BTreeSet<String> {
    let page = SitePath::new(page).expect("a path");
    let attributes = [" href=\"", " src=\""].into_iter().flat_map(|a| html.split(a).skip(1));
    let values = attributes.filter_map(|rest| rest.split('"').next());
    let inside = values.filter_map(|value| {
        let value = value.replace("&amp;", "&");
        let address = value.split(['#', '?']).next().unwrap_or_default();
        let elsewhere =
            address.contains("://") || ["mailto:", "data:"].iter().any(|scheme| address.starts_with(scheme));
        if address.is_empty() || elsewhere {
            return None;
        }
        let decoded = path::decode(address).expect("UTF-8");
        let path = match decoded.strip_prefix(BASE) {
            Some(path) => SitePath::new(if path.is_empty() { "index.html" } else { path }),
            None => page.join(&decoded),
        };
        Some(path.unwrap_or_else(|| panic!("{page}: {decoded} leads out of the section")).to_string())
    });
    inside.collect()
}

/// Every link that leads nowhere, of all pages that can be reached from `starts`. `read` gives a file of the section.
pub(crate) fn broken(starts: impl IntoIterator<Item = String>, read: &dyn Fn(&str) -> Option<Vec<u8>>) -> Vec<String> {
    let mut waiting: Vec<String> = starts.into_iter().collect();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut broken = Vec::new();
    while let Some(page) = waiting.pop() {
        let Some(bytes) = read(&page) else {
            broken.push(format!("{page} is not there"));
            continue;
        };
        if !page.ends_with(".html") {
            continue;
        }
        let html = String::from_utf8(bytes).expect("UTF-8");
        if !html.trim_end().ends_with("</html>") {
            broken.push(format!("{page} is cut off"));
        }
        for target in links(&page, &html) {
            if read(&target).is_none() {
                broken.push(format!("{page} → {target}"));
            } else if seen.insert(target.clone()) {
                waiting.push(target);
            }
        }
    }
    broken
}

/// The pages that readers may come in by: the landing page, once it is there, and what is in both trees.
pub(crate) fn entrances(old: &BTreeMap<String, Vec<u8>>, new: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let both = old.keys().filter(|p| new.contains_key(*p) && p.ends_with(".html"));
    both.cloned().collect()
}

/// Reads a file of a folder.
pub(crate) fn file(root: &Path, below: &str) -> Option<Vec<u8>> {
    std::fs::read(root.join(below)).ok()
}
