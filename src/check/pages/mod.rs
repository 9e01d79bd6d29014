//! META, PAGE and A11Y: whether what readers, inspectors and machines meet on every page is there and agrees with itself.
//! In: finished pages, and what `site.yaml` says of all of them. What is wrong in `site.yaml` is said there, once; what a
//! template leaves out is said of the first page on which it is missing. Knows no template: only the hooks that
//! `docs/themes.md` asks of a theme.

mod access;
mod column;
mod foot;
mod linked;
mod tags;
mod way;
mod weight;

use super::{Page, Rule, Run};
use crate::base::SitePath;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::emit::frame::PageKind;
use crate::emit::plan::{organization_page, year_page};
use crate::model::{Portal, Site, site};

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Meta001, Code::Meta002, Code::Meta005], run: Run::Portal(tags::declared) },
    Rule { codes: &[Code::Meta006], run: Run::Portal(tags::description) },
    Rule { codes: &[Code::Meta001], run: Run::Page(tags::site) },
    Rule { codes: &[Code::Meta002], run: Run::Page(tags::column) },
    Rule { codes: &[Code::Meta003], run: Run::Page(tags::article) },
    Rule { codes: &[Code::Meta004], run: Run::Page(tags::published) },
    Rule { codes: &[Code::Meta005], run: Run::Page(tags::id_code) },
    Rule { codes: &[Code::Meta008], run: Run::Page(linked::agrees) },
    Rule { codes: &[Code::Page001], run: Run::Page(way::crumbs) },
    Rule { codes: &[Code::Page002], run: Run::Page(way::facts) },
    Rule { codes: &[Code::Page003], run: Run::Portal(foot::declared) },
    Rule { codes: &[Code::Page003], run: Run::Page(foot::complete) },
    Rule { codes: &[Code::Page004], run: Run::Portal(column::empty) },
    Rule { codes: &[Code::Page005], run: Run::Portal(column::stale) },
    Rule { codes: &[Code::Page006], run: Run::Portal(weight::report) },
    Rule { codes: &[Code::Page006], run: Run::Page(weight::page) },
    Rule { codes: &[Code::A11y002], run: Run::Page(access::language) },
    Rule { codes: &[Code::A11y003], run: Run::Page(access::tables) },
    Rule { codes: &[Code::A11y006], run: Run::Portal(access::titles) },
    Rule { codes: &[Code::A11y006], run: Run::Page(access::landmarks) },
    Rule { codes: &[Code::A11y007], run: Run::Page(access::two_ways) },
];

/// Whether the rules for Chinese government websites apply (国办发〔2017〕47号): to a site in Chinese, or one that has an
/// identification code. Others answer for what they state themselves, and need not state it.
fn governed(site: &Site) -> bool {
    let primary = site.language.split('-').next().unwrap_or_default();
    primary.eq_ignore_ascii_case("zh") || site.portal.id_code.is_some()
}

/// A value with words in it.
fn stated(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|v| !v.is_empty())
}

/// A finding at a key of `site.yaml`, or at the nearest key around it.
fn at_site(code: Code, message: Message, path: &[&str]) -> Diagnostic {
    let path = path.iter().map(|k| Key::Name((*k).into())).collect();
    Diagnostic::new(code, message).at(site::FILE, Place::Value(path))
}

/// Words without any white space: a template may break a line where it likes.
fn tight(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether the section has a page at this address that readers can look for.
fn exists(portal: &Portal, path: &SitePath) -> bool {
    matches!(path.as_str(), "index.html" | "archive.html")
        || portal.years().keys().any(|year| year_page(*year) == *path)
        || portal.pages.iter().any(|page| page.path == *path)
        || (0..portal.site.organizations.len()).any(|i| organization_page(portal, i) == *path)
        || portal.reports.iter().any(|report| report.page() == *path)
}

/// Whether a page only leads on to another.
fn is_alias(page: &Page<'_>) -> bool {
    page.kind == PageKind::Alias
}
