//! META-001 to META-006: the tags that 国办发〔2017〕47号 asks for in its 网页设计规范, table 网页标签.
//! Site tags on every page; column tags on lists, name and class of the column on content pages; article tags on reports,
//! where they must say what the visible header says.

use super::super::Page;
use super::{at_site, governed, stated, tight};
use crate::base::Instant;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::emit::frame::PageKind;
use crate::model::{Portal, site};

/// META-001, META-002, META-005, as far as `site.yaml` decides.
pub(super) fn declared(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let site = &portal.site;
    // A value that could not be read is there: what is wrong with it was said.
    let told: Vec<_> = sink.iter().flat_map(|f| &f.labels).filter(|l| l.file == site::FILE).cloned().collect();
    let lack = |code, key: &'static str, values: &[(&'static str, bool)]| {
        let told = |name: &str| {
            let at = Place::Value([key, name].map(|k| Key::Name(k.into())).to_vec());
            told.iter().any(|label| label.place == at)
        };
        let missing = values.iter().filter(|(name, there)| !there && !told(name));
        let missing: Vec<_> = missing.map(|(name, _)| *name).collect();
        let message = Message::new("meta.key").with("key", key).with("missing", missing.join(", "));
        let help = Message::new(if key == "site" { "meta.site.key.help" } else { "meta.column.key.help" });
        (!missing.is_empty()).then(|| at_site(code, message, &[key]).help(help.with("missing", missing.join(", "))))
    };
    if governed(site) {
        let tags = [("name", &site.portal.name), ("domain", &site.portal.domain), ("id_code", &site.portal.id_code)];
        sink.extend(lack(Code::Meta001, "site", &tags.map(|(key, value)| (key, stated(value.as_deref()).is_some()))));
        // The column's name is the section's title where no other is given.
        let tags = [
            ("type", stated(site.column.kind.as_deref()).is_some()),
            ("description", stated(site.column.description.as_deref()).is_some()),
            ("keywords", site.column.keywords.iter().any(|k| !k.trim().is_empty())),
        ];
        sink.extend(lack(Code::Meta002, "column", &tags));
    }
    if let Some(domain) = stated(site.portal.domain.as_deref()).filter(|d| d.contains('/')) {
        let message = Message::new("meta.domain").with("domain", domain);
        let finding = at_site(Code::Meta001, message, &["site", "domain"]);
        sink.push(finding.help(Message::new("meta.domain.help")));
    }
    let Some(code) = stated(site.portal.id_code.as_deref()) else { return };
    if !is_id_code(code) {
        let message = Message::new("meta.id_code.form").with("code", code);
        let finding = at_site(Code::Meta005, message, &["site", "id_code"]);
        sink.push(finding.help(Message::new("meta.id_code.form.help")));
    }
    let entry = site.footer.report_error.as_deref().and_then(code_of_entry);
    if let Some(other) = entry.filter(|other| *other != code) {
        let message = Message::new("meta.id_code.entry").with("other", other).with("code", code);
        let finding = at_site(Code::Meta005, message, &["footer", "report_error"]);
        sink.push(finding.help(Message::new("meta.id_code.entry.help")));
    }
}

/// `bm` and eight digits, or ten digits: the forms in use.
fn is_id_code(code: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(code, 10) || code.strip_prefix("bm").is_some_and(|rest| digits(rest, 8))
}

/// The code that an address of the entry 我为政府网站找错 carries.
fn code_of_entry(href: &str) -> Option<&str> {
    let (_, rest) = href.split_once("site_code=")?;
    rest.split(['&', '#']).next()
}

/// Fewest characters of a description that says what a column is for.
const DESCRIPTION: usize = 10;

/// META-006: the description says more than the name. Classes of columns are an open list, so none is judged.
pub(super) fn description(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let column = &portal.site.column;
    let Some(text) = stated(column.description.as_deref()) else { return };
    let name = stated(column.name.as_deref()).unwrap_or(&portal.site.title);
    let message = match text.chars().count() {
        _ if text == name => Message::new("meta.description.same"),
        count if count < DESCRIPTION => {
            Message::new("meta.description.short").with("count", count).with("least", DESCRIPTION)
        }
        _ => return,
    };
    let finding = at_site(Code::Meta006, message, &["column", "description"]);
    sink.push(finding.help(Message::new("meta.description.help")));
}

/// The tags of `wanted` that the page lacks or leaves empty.
fn missing(page: &Page<'_>, wanted: &[&'static str]) -> Vec<&'static str> {
    let there = |name: &str| page.html.metas(name).next().is_some() && page.html.metas(name).all(|v| !v.is_empty());
    wanted.iter().copied().filter(|name| !there(name)).collect()
}

fn report_missing(code: Code, page: &Page<'_>, wanted: &[&'static str], sink: &mut Vec<Diagnostic>) {
    let missing = missing(page, wanted);
    if !missing.is_empty() {
        let message = Message::new("meta.missing").with("tags", missing.join(", "));
        sink.push(page.fault(code, message, Message::new("meta.missing.help")));
    }
}

/// META-001: every page says which website it belongs to.
pub(super) fn site(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let tags = &page.portal.site.portal;
    let wanted = [("SiteName", &tags.name), ("SiteDomain", &tags.domain), ("SiteIDCode", &tags.id_code)];
    let wanted: Vec<_> = wanted.iter().filter_map(|(tag, value)| Some((*tag, stated(value.as_deref())?))).collect();
    report_missing(Code::Meta001, page, &wanted.iter().map(|(tag, _)| *tag).collect::<Vec<_>>(), sink);
    // Another code is META-005.
    for (tag, value) in wanted.iter().filter(|(tag, _)| *tag != "SiteIDCode") {
        if let Some(other) = page.html.metas(tag).find(|v| !v.is_empty() && tight(v) != tight(value)) {
            let message = Message::new("meta.site.differs").with("tag", tag).with("said", other).with("value", value);
            sink.push(page.fault(Code::Meta001, message, Message::new("meta.head.help")));
        }
    }
}

/// META-002: a list says all of its column, a content page the column's name and class.
pub(super) fn column(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let column = &page.portal.site.column;
    let mut wanted = vec!["ColumnName"];
    wanted.extend(stated(column.kind.as_deref()).map(|_| "ColumnType"));
    match page.kind {
        PageKind::Landing | PageKind::Year | PageKind::Archive | PageKind::Organization => {
            wanted.extend(stated(column.description.as_deref()).map(|_| "ColumnDescription"));
            wanted.extend(column.keywords.first().map(|_| "ColumnKeywords"));
        }
        PageKind::Report | PageKind::Page | PageKind::Accessibility => {}
        PageKind::NotFound | PageKind::Alias => return,
    }
    report_missing(Code::Meta002, page, &wanted, sink);
}

/// META-003: a report's page says title, time and source, as its visible header does.
pub(super) fn article(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = page.report else { return };
    let wanted: &[_] = match report.published {
        Some(_) => &["ArticleTitle", "PubDate", "ContentSource"],
        None => &["ArticleTitle", "ContentSource"],
    };
    report_missing(Code::Meta003, page, wanted, sink);
    // Which of several headings is meant, nobody can tell: A11Y-006.
    let heading = page.html.all("h1").next().filter(|_| page.html.all("h1").count() == 1);
    let shown =
        [("ArticleTitle", heading), ("PubDate", page.fact("published")), ("ContentSource", page.fact("source"))];
    for (tag, element) in shown {
        let Some(shown) = element.map(|e| page.html.words(e)).filter(|words| !words.is_empty()) else { continue };
        // A time in another form is META-004 or PAGE-002.
        let comparable = |text: &str| tag != "PubDate" || is_pub_date(page, text);
        let differs = |said: &&str| !said.is_empty() && tight(said) != tight(&shown) && comparable(said);
        if let Some(said) = page.html.metas(tag).find(differs).filter(|_| comparable(&shown)) {
            let message = Message::new("meta.article.differs").with("tag", tag);
            let help = Message::new("meta.article.differs.help").with("said", said).with("shown", shown);
            sink.push(page.fault(Code::Meta003, message, help));
        }
    }
}

/// META-004: the form of `PubDate`.
pub(super) fn published(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    if let Some(said) = page.html.metas("PubDate").find(|said| !said.is_empty() && !is_pub_date(page, said)) {
        let help = Message::new("meta.pub_date.help").with("said", said);
        sink.push(page.fault(Code::Meta004, Message::new("meta.pub_date"), help));
    }
}

/// `YYYY-MM-DD HH:MM`, a time that exists.
pub(super) fn is_pub_date(page: &Page<'_>, text: &str) -> bool {
    Instant::parse(text, &page.portal.site.zone).is_some_and(|moment| moment.to_minute() == text)
}

/// META-005: one code, in the tag, in the foot and in the entry for reporting errors.
pub(super) fn id_code(page: &Page<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(code) = stated(page.portal.site.portal.id_code.as_deref()) else { return };
    let tag = page.html.metas("SiteIDCode").find(|said| !said.is_empty() && *said != code);
    let foot = page.html.landmarks("footer").find_map(|foot| {
        let (_, rest) = page.html.text(foot).split_once("标识码")?;
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':'));
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|said| !said.is_empty() && *said != code)
    });
    let link = page.html.all("a").filter_map(|a| code_of_entry(a.attribute("href")?)).find(|said| *said != code);
    // An entry that is wrong in site.yaml is wrong on every page: it was said there.
    let link =
        link.filter(|said| page.portal.site.footer.report_error.as_deref().and_then(code_of_entry) != Some(said));
    for (place, said) in [("meta.id_code.tag", tag), ("meta.id_code.foot", foot), ("meta.id_code.link", link)] {
        if let Some(said) = said {
            let message = Message::new(place).with("said", said).with("code", code);
            sink.push(page.fault(Code::Meta005, message, Message::new("meta.id_code.help")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_ten_digits_or_bm_and_eight() {
        assert!(["0000000000", "bm00000000"].iter().all(|c| is_id_code(c)));
        assert!(
            !["", "000000000", "00000000000", "BM00000000", "bm0000000", "０００００００００００"]
                .iter()
                .any(|c| is_id_code(c))
        );
    }

    #[test]
    fn an_entry_names_its_site() {
        assert_eq!(code_of_entry("https://a.example/x?site_code=0000000001&url=y"), Some("0000000001"));
        assert_eq!(code_of_entry("https://a.example/x?url=y"), None);
    }
}
