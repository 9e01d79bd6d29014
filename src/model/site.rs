//! The site: its identity, language and zone, and the bodies that publish on it.

use super::accessibility::Accessibility;
use super::hosting::Hosting;
use super::{Destination, Policy, decode::Checked, destination, schema};
use crate::base::id::is_slug;
use crate::base::{KindId, OrganizationId, Zone};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::source::shape;
use serde_yaml::Mapping;
use std::collections::BTreeMap;

/// What `site.yaml` says.
#[derive(Debug, Clone)]
pub struct Site {
    /// The section's title.
    pub title: Box<str>,
    /// Where the section is published; ends in `/`.
    pub base_url: Box<str>,
    /// BCP 47.
    pub language: Box<str>,
    /// In which times without an offset are read.
    pub zone: Zone,
    /// The theme's name.
    pub theme: Box<str>,
    /// A sentence shown on every page.
    pub notice: Option<Box<str>>,
    /// The portal that the section belongs to.
    pub portal: PortalTags,
    /// The way from the portal's home page to the section.
    pub breadcrumb: Vec<(Box<str>, Box<str>)>,
    /// The column the section is.
    pub column: Column,
    /// What the foot of every page says.
    pub footer: Footer,
    /// Whether the foot of the pages is the site's own: a section may stand inside pages that bring one.
    pub has_footer: bool,
    /// What is asked of the rules.
    pub policy: Policy,
    /// What is asked of the files around the section.
    pub hosting: Hosting,
    /// What the accessibility statement says.
    pub accessibility: Option<Accessibility>,
    /// Where it is published.
    pub destinations: Vec<Destination>,
    /// The publishing bodies, in the order of `site.yaml`.
    pub organizations: Vec<Organization>,
    /// The place of each body, by id.
    index: BTreeMap<OrganizationId, usize>,
}

/// The site tags of 国办发〔2017〕47号: `SiteName`, `SiteDomain`, `SiteIDCode`.
#[derive(Debug, Clone, Default)]
pub struct PortalTags {
    /// 网站名称.
    pub name: Option<Box<str>>,
    /// 网站域名.
    pub domain: Option<Box<str>>,
    /// 政府网站标识码.
    pub id_code: Option<Box<str>>,
}

/// The column tags of 国办发〔2017〕47号.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// 栏目名称.
    pub name: Option<Box<str>>,
    /// 栏目类别.
    pub kind: Option<Box<str>>,
    /// 栏目描述.
    pub description: Option<Box<str>>,
    /// 栏目关键词.
    pub keywords: Vec<Box<str>>,
}

/// The foot of every page.
#[derive(Debug, Clone, Default)]
pub struct Footer {
    /// 主办单位.
    pub sponsor: Option<Box<str>>,
    /// 联系方式.
    pub contact: Option<Box<str>>,
    /// ICP备案编号.
    pub icp: Option<Box<str>>,
    /// 公安机关备案号.
    pub police: Option<Box<str>>,
    /// URL of the portal's 站点地图.
    pub sitemap: Option<Box<str>>,
    /// URL of the 我为政府网站找错 entry.
    pub report_error: Option<Box<str>>,
}

/// A publishing body.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its key in `site.yaml`.
    pub id: OrganizationId,
    /// Its full name today.
    pub name: Box<str>,
    /// Other and former names.
    pub aliases: Vec<Box<str>>,
    /// Its unified social credit code.
    pub code: Option<Box<str>>,
    /// The kinds it owes every year.
    pub expects: Vec<KindId>,
}

/// The file's name.
pub const FILE: &str = "site.yaml";

impl Site {
    /// Reads the mapping of `site.yaml`; `base_url` overrides the file's.
    pub fn read(map: &Mapping, base_url: Option<&str>, sink: &mut Vec<Diagnostic>) -> Option<Self> {
        shape::check(FILE, map, schema::SITE, sink);
        let top = Checked(map);
        let zone_name = top.str("timezone").unwrap_or("Asia/Shanghai");
        let zone = Zone::named(zone_name);
        if zone.is_none() {
            let message = Message::new("site.timezone").with("zone", zone_name);
            sink.push(at("timezone", message, "site.timezone.help"));
        }
        let language = top.text("language")?;
        if !is_language_tag(&language) {
            sink.push(at("language", Message::new("site.language").with("tag", &language), "site.language.help"));
        }
        let base_url = base_url.or(top.str("base_url"))?;
        let base_url = if base_url.ends_with('/') { base_url.into() } else { format!("{base_url}/").into() };
        let footer = top.map("footer");
        let foot = |key| footer.and_then(|f| f.text(key));
        let portal = top.map("site");
        let column = top.map("column");
        let organizations = top.entries("organizations");
        let organizations: Vec<_> =
            organizations.filter_map(|(id, v)| organization(id, Checked(v.as_mapping()?))).collect();
        Some(Self {
            title: top.text("title")?,
            base_url,
            language,
            zone: zone?,
            // A name that is no slug was reported; it never becomes a path.
            theme: top.text("theme").filter(|t| is_slug(t)).unwrap_or_else(|| "default".into()),
            notice: top.text("notice"),
            portal: PortalTags {
                name: portal.and_then(|p| p.text("name")),
                domain: portal.and_then(|p| p.text("domain")),
                id_code: portal.and_then(|p| p.text("id_code")),
            },
            breadcrumb: top.maps("breadcrumb").filter_map(|c| Some((c.text("title")?, c.text("url")?))).collect(),
            column: Column {
                name: column.and_then(|c| c.text("name")),
                kind: column.and_then(|c| c.text("type")),
                description: column.and_then(|c| c.text("description")),
                keywords: column.map(|c| c.texts("keywords")).unwrap_or_default(),
            },
            has_footer: footer.is_some(),
            policy: Policy::read(top.map("check"), sink),
            hosting: top.map("hosting").map(|h| Hosting::read(h, sink)).unwrap_or_default(),
            footer: Footer {
                sponsor: foot("sponsor"),
                contact: foot("contact"),
                icp: foot("icp"),
                police: foot("police"),
                sitemap: foot("sitemap"),
                report_error: foot("report_error"),
            },
            destinations: destination::read(top),
            accessibility: top.map("accessibility").and_then(Accessibility::read),
            index: organizations.iter().enumerate().map(|(i, o): (usize, &Organization)| (o.id.clone(), i)).collect(),
            organizations,
        })
    }

    /// The body with this id.
    pub fn organization(&self, id: &OrganizationId) -> Option<&Organization> {
        self.organization_index(id).map(|i| &self.organizations[i])
    }

    /// The place of a body in `organizations`.
    pub fn organization_index(&self, id: &OrganizationId) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The path of the base URL, `/` at both ends: `/zwgk/fzzf/`.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.find("://").map_or(0, |i| i + 3);
        self.base_url[after_scheme..].find('/').map_or("/", |i| &self.base_url[after_scheme + i..])
    }
}

fn organization(id: &str, map: Checked<'_>) -> Option<Organization> {
    Some(Organization {
        id: OrganizationId::new(id)?,
        name: map.text("name")?,
        aliases: map.texts("aliases"),
        code: map.text("code"),
        expects: map.texts("expects").iter().filter_map(|k| KindId::new(k)).collect(),
    })
}

fn at(key: &str, message: Message, help: &'static str) -> Diagnostic {
    let place = Place::Value(vec![Key::Name(key.into())]);
    Diagnostic::new(Code::Yaml001, message).at(FILE, place).help(Message::new(help))
}

/// The shape of a BCP 47 tag: subtags of one to eight letters and digits, the first of two or three letters.
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let primary =
        subtags.next().is_some_and(|s| (2..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphabetic()));
    primary && subtags.all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()))
}
