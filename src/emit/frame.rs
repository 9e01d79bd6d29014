//! What every page has around its content: title, way back, tags of the head.

use super::plan::year_page;
use super::{World, linked};
use crate::base::SitePath;
use crate::model::Portal;
use quick_xml::escape::escape;
use serde::Serialize;
use std::fmt::Write;

/// The frame of a page.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// `landing`, `report`, …
    pub kind: &'static str,
    /// Address below the section's root.
    pub path: String,
    /// Prefix that leads to the root.
    pub root: String,
    /// Absolute URL.
    pub url: String,
    /// Title of the document.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// BCP 47.
    pub language: String,
    /// Whether search engines may keep it.
    pub index: bool,
    /// The way back.
    pub crumbs: Vec<Crumb>,
    /// `meta name`.
    #[serde(skip)]
    pub metas: Vec<Meta>,
    /// `meta property`.
    #[serde(skip)]
    pub properties: Vec<Property>,
    /// `link`.
    #[serde(skip)]
    pub links: Vec<HeadLink>,
    /// Linked data, ready for its `script` element.
    #[serde(skip)]
    pub json_ld: Option<String>,
    /// The portal's entry for reporting errors, with this page filled in.
    pub report_error: Option<String>,
}

/// A step of the way back.
#[derive(Debug, Clone, Serialize)]
pub struct Crumb {
    /// What it is called.
    pub title: String,
    /// Where it leads; none for the page itself.
    pub href: Option<String>,
    /// Whether it is the page itself.
    pub current: bool,
}

/// `<meta name content>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// Its name.
    pub name: &'static str,
    /// Its content.
    pub content: String,
}

/// `<meta property content>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Property {
    /// Its property.
    pub property: &'static str,
    /// Its content.
    pub content: String,
}

/// `<link rel href type title>`.
#[derive(Debug, Clone, Serialize)]
pub struct HeadLink {
    /// Its relation.
    pub rel: &'static str,
    /// Where it leads.
    pub href: String,
    /// Media type.
    pub r#type: Option<&'static str>,
    /// Title.
    pub title: Option<String>,
}

/// The kinds of pages, as templates and style sheets know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// `landing`
    Landing,
    /// `report`
    Report,
    /// `year`
    Year,
    /// `archive`
    Archive,
    /// `organization`
    Organization,
    /// `page`
    Page,
    /// `accessibility`
    Accessibility,
    /// `not-found`
    NotFound,
    /// `alias`
    Alias,
}

impl PageKind {
    /// Every kind.
    pub const ALL: [PageKind; 9] = [
        PageKind::Landing,
        PageKind::Report,
        PageKind::Year,
        PageKind::Archive,
        PageKind::Organization,
        PageKind::Page,
        PageKind::Accessibility,
        PageKind::NotFound,
        PageKind::Alias,
    ];

    /// Its name; its template is this with `.html`.
    pub fn name(self) -> &'static str {
        match self {
            PageKind::Landing => "landing",
            PageKind::Report => "report",
            PageKind::Year => "year",
            PageKind::Archive => "archive",
            PageKind::Organization => "organization",
            PageKind::Page => "page",
            PageKind::Accessibility => "accessibility",
            PageKind::NotFound => "not-found",
            PageKind::Alias => "alias",
        }
    }
}

impl Frame {
    /// The frame of a page that is called `title` and stands under `parents`.
    pub fn new(world: World<'_>, kind: PageKind, path: &SitePath, title: &str, parents: &[(String, SitePath)]) -> Self {
        let site = &world.portal.site;
        let url = path.under(&site.base_url);
        let mut metas = site_tags(world.portal);
        metas.extend(column_tags(world.portal, kind));
        let title_text =
            if path.as_str() == "index.html" { title.to_string() } else { format!("{title} - {}", site.title) };
        let title_text = match &site.portal.name {
            Some(name) if *name != site.title => format!("{title_text} - {name}"),
            _ => title_text,
        };
        let canonical = HeadLink { rel: "canonical", href: linked::canonical(&url), r#type: None, title: None };
        let feed = |file: &str, r#type| {
            let href = path.link_to(&SitePath::of(file));
            HeadLink { rel: "alternate", href, r#type: Some(r#type), title: Some(site.title.to_string()) }
        };
        let properties = vec![
            Property { property: "og:title", content: title.to_string() },
            Property {
                property: "og:type",
                content: if kind == PageKind::Report { "article" } else { "website" }.into(),
            },
            Property { property: "og:url", content: canonical.href.clone() },
            Property {
                property: "og:site_name",
                content: site.portal.name.as_ref().unwrap_or(&site.title).to_string(),
            },
            Property { property: "og:locale", content: site.language.replace('-', "_") },
        ];
        let crumbs = crumbs(world.portal, path, title, parents);
        Self {
            kind: kind.name(),
            path: path.to_string(),
            root: path.to_root(),
            json_ld: (kind != PageKind::Report).then(|| linked::script(&crumbs, &site.base_url, path, None)),
            report_error: site.footer.report_error.as_deref().map(|entry| report_error(entry, world.portal, &url)),
            url,
            title: title_text,
            description: None,
            language: site.language.to_string(),
            index: true,
            crumbs,
            metas,
            properties,
            links: vec![
                canonical,
                feed("atom.xml", "application/atom+xml"),
                feed("feed.json", "application/feed+json"),
            ],
        }
    }

    /// What the head says to machines, as HTML: tags, links and linked data, a line for each. One text, so that no theme
    /// leaves half of it out; and handing each tag to the templates cost a tenth of a build.
    pub fn head(&self) -> String {
        let metas = self.metas.iter().map(|m| ("name", m.name, &m.content));
        let properties = self.properties.iter().map(|p| ("property", p.property, &p.content));
        let mut out = String::with_capacity(4096);
        // Writing to a String cannot fail.
        for (attribute, name, content) in metas.chain(properties) {
            let _ = writeln!(out, "<meta {attribute}=\"{name}\" content=\"{}\">", escape(content.as_str()));
        }
        for HeadLink { rel, href, r#type, title } in &self.links {
            let _ = write!(out, "<link rel=\"{rel}\" href=\"{}\"", escape(href.as_str()));
            for (name, value) in [("type", *r#type), ("title", title.as_deref())] {
                let _ = value.map_or(Ok(()), |value| write!(out, " {name}=\"{}\"", escape(value)));
            }
            out.push_str(">\n");
        }
        if let Some(json) = &self.json_ld {
            let _ = writeln!(out, "<script type=\"application/ld+json\">{json}</script>");
        }
        out
    }

    /// Describes the page.
    pub fn describe(&mut self, text: &str) {
        self.description = Some(text.to_string());
        self.metas.push(Meta { name: "Description", content: text.to_string() });
        self.properties.push(Property { property: "og:description", content: text.to_string() });
    }

    /// Keeps the page out of search engines.
    pub fn hide(&mut self) {
        self.index = false;
    }
}

/// The parents of a page of a year: the landing page and the year.
pub fn under_year(world: World<'_>, year: u16) -> Vec<(String, SitePath)> {
    let label = world.labels.fill("fact_values.year", &[("year", &year.to_string())]);
    vec![landing(world), (label, year_page(year))]
}

/// The landing page as a parent.
pub fn landing(world: World<'_>) -> (String, SitePath) {
    (world.portal.site.title.to_string(), SitePath::of("index.html"))
}

fn crumbs(portal: &Portal, path: &SitePath, title: &str, parents: &[(String, SitePath)]) -> Vec<Crumb> {
    let outer = portal.site.breadcrumb.iter().map(|(t, url)| (t.to_string(), url.to_string()));
    let inner = parents.iter().map(|(t, p)| (t.clone(), path.link_to(p)));
    let back = outer.chain(inner).map(|(title, href)| Crumb { title, href: Some(href), current: false });
    back.chain([Crumb { title: title.to_string(), href: None, current: true }]).collect()
}

/// The 网站标签 of 国办发〔2017〕47号, on every page.
fn site_tags(portal: &Portal) -> Vec<Meta> {
    let tags = &portal.site.portal;
    let values = [("SiteName", &tags.name), ("SiteDomain", &tags.domain), ("SiteIDCode", &tags.id_code)];
    values.into_iter().filter_map(|(name, value)| Some(Meta { name, content: value.as_ref()?.to_string() })).collect()
}

/// The 栏目标签 of 国办发〔2017〕47号: all four on list pages, name and class on content pages.
fn column_tags(portal: &Portal, kind: PageKind) -> Vec<Meta> {
    let column = &portal.site.column;
    let name = Some(column.name.as_ref().unwrap_or(&portal.site.title).to_string());
    let keywords = (!column.keywords.is_empty()).then(|| column.keywords.join(","));
    let content_page = !matches!(kind, PageKind::Landing | PageKind::Year | PageKind::Archive | PageKind::Organization);
    let values = [
        ("ColumnName", name),
        ("ColumnType", column.kind.as_ref().map(ToString::to_string)),
        ("ColumnDescription", column.description.as_ref().map(ToString::to_string).filter(|_| !content_page)),
        ("ColumnKeywords", keywords.filter(|_| !content_page)),
    ];
    values.into_iter().filter_map(|(name, value)| Some(Meta { name, content: value? })).collect()
}

/// The entry of 我为政府网站找错 with the site's code and this page's address, as its own script would fill them in.
fn report_error(entry: &str, portal: &Portal, url: &str) -> String {
    let joint = if entry.contains('?') { '&' } else { '?' };
    let code = match (&portal.site.portal.id_code, entry.contains("site_code=")) {
        (Some(code), false) => format!("site_code={code}&"),
        _ => String::new(),
    };
    let encoded: String = crate::base::path::encode(url).replace('/', "%2F").replace('=', "%3D").replace('+', "%2B");
    format!("{entry}{joint}{code}url={encoded}")
}
