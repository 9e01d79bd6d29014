//! The template engine, loaded with a theme: the only file that knows Tera's calls and errors.

use super::{Failure, Theme};
use crate::base::{Artefact, Lang, SitePath, path};
use crate::diag::{Code, Diagnostic, Message, Place};
use crate::emit::accessibility;
use crate::emit::frame::{Frame, PageKind};
use crate::emit::labels::fill;
use crate::hosting::{self, BasePath, Policy};
use crate::model::Portal;
use serde::Serialize;
use serde_json::json;
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

/// A theme, ready to render.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    /// For findings: where each template's file is.
    files: Vec<(String, String)>,
    /// The Content-Security-Policy that the pages state.
    security_policy: Option<String>,
}

impl Engine {
    /// Loads the theme's templates.
    ///
    /// # Errors
    /// THEME-001 for each template that cannot be read.
    pub fn new(theme: &Theme, portal: &Portal) -> Result<Self, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        tera.autoescape_on(vec![".html", ".xml"]);
        tera.register_filter("fill", fill_filter);
        let files: Vec<_> = theme.templates.iter().map(|t| (t.name.clone(), t.file.clone())).collect();
        let security_policy = theme.security_policy().map(String::from);
        let mut engine = Self { tera, files, security_policy };
        let prefixes: Vec<_> = theme.prefixes();
        let loaded = engine.tera.set_fallback_prefixes(prefixes).and_then(|()| {
            engine.tera.add_raw_templates(theme.templates.iter().map(|t| (t.name.as_str(), t.text.as_str())))
        });
        loaded.map_err(|error| vec![engine.finding(&error)])?;
        let global = engine.tera.global_context();
        global.insert("site", &site_view(portal, theme.labels.get("titles.accessibility")));
        global.insert("t", &theme.strings);
        global.insert("assets", &theme.asset_names());
        Ok(engine)
    }

    /// The file `_headers`. The section is then the root of a project, wherever that is shown.
    pub(super) fn host_headers(&self, portal: &Portal) -> Vec<u8> {
        let policy = Policy::new(self.security_policy.as_deref(), &portal.site.hosting);
        let lang = Lang::from_tag(&portal.site.language).unwrap_or(Lang::En);
        hosting::headers(&policy, &BasePath::root(), lang).into_bytes()
    }

    /// Renders a page of a kind into `out`: `page`, and `view` under its `name` with `html` fields that are safe as they are.
    pub(super) fn page(
        &self,
        out: Vec<u8>,
        kind: PageKind,
        frame: &Frame,
        name: &'static str,
        view: &impl Serialize,
        html: &[(&'static str, Option<&str>)],
    ) -> Result<Vec<Artefact>, Failure> {
        let mut context = Context::new();
        let view = Value::try_from_serializable(view).map_err(|e| self.failure(&e))?;
        // A view is a struct: it becomes a map.
        let mut map = view.into_map().unwrap_or_default();
        for (key, text) in html {
            map.insert((*key).into(), text.map_or_else(Value::none, Value::safe_string));
        }
        context.insert_value(name, Value::from(map));
        let size = html.iter().filter_map(|(_, text)| text.map(str::len)).sum();
        self.render(out, kind, frame, context, size)
    }

    /// Renders a page of a kind that receives plain texts.
    pub(super) fn bare(
        &self,
        kind: PageKind,
        frame: &Frame,
        texts: &[(&'static str, String)],
    ) -> Result<Vec<Artefact>, Failure> {
        let mut context = Context::new();
        for (key, text) in texts {
            context.insert_value(*key, Value::normal_string(text));
        }
        self.render(Vec::new(), kind, frame, context, 0)
    }

    fn render(
        &self,
        mut out: Vec<u8>,
        kind: PageKind,
        frame: &Frame,
        mut context: Context,
        size: usize,
    ) -> Result<Vec<Artefact>, Failure> {
        let page = Value::try_from_serializable(frame).map_err(|e| self.failure(&e))?;
        let mut page = page.into_map().unwrap_or_default();
        page.insert("head".into(), Value::safe_string(&frame.head()));
        context.insert_value("page", Value::from(page));
        out.reserve(size + (1 << 14));
        let template = format!("{}.html", kind.name());
        self.tera.render_to(&template, &context, &mut out).map_err(|e| self.failure(&e))?;
        Ok(vec![Artefact::new(SitePath::of(frame.path.as_str()), out)])
    }

    fn failure(&self, error: &tera::Error) -> Failure {
        Failure::Finding(Box::new(self.finding(error)))
    }

    /// A template's error, at its place in the template's file.
    fn finding(&self, error: &tera::Error) -> Diagnostic {
        let (words, report) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                (report.message().to_string(), Some(report))
            }
            _ => (error.to_string().lines().next().unwrap_or_default().to_string(), None),
        };
        let finding = Diagnostic::new(Code::Theme001, Message::new("theme.template").with("error", words));
        let file = report.and_then(|r| self.files.iter().find(|(name, _)| name == r.filename()));
        let finding = match (report, file) {
            (Some(report), Some((_, file))) => {
                let range = &report.span().range;
                finding.at(file.clone(), Place::Bytes(range.start..range.end))
            }
            _ => finding,
        };
        finding.help(Message::new("theme.template.help"))
    }
}

/// `{{ text | fill(count=3) }}`: replaces `{count}` by 3.
fn fill_filter(text: &str, values: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let pairs: Vec<_> = values.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    Ok(fill(text, &pairs))
}

/// What templates know of the site.
fn site_view(portal: &Portal, statement: &str) -> serde_json::Value {
    let site = &portal.site;
    // Addresses from the section's root: templates put `page.root` before them.
    let pages = portal.pages.iter().map(|p| json!({"title": p.title, "path": path::encode(p.path.as_str())}));
    let statement = accessibility::is_generated(portal)
        .then(|| json!({"title": statement, "path": accessibility::path().as_str()}));
    json!({
        "title": site.title,
        "language": site.language,
        "notice": site.notice,
        "pages": pages.chain(statement).collect::<Vec<_>>(),
        "portal": {"name": site.portal.name, "domain": site.portal.domain, "id_code": site.portal.id_code},
        "column": {
            "name": site.column.name,
            "type": site.column.kind,
            "description": site.column.description,
            "keywords": site.column.keywords,
        },
        "footer": {
            "sponsor": site.footer.sponsor,
            "contact": site.footer.contact,
            "icp": site.footer.icp,
            "police": site.footer.police,
            "sitemap": site.footer.sitemap,
            "report_error": site.footer.report_error,
        },
    })
}
