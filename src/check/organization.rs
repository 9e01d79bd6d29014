//! ORG: whether a report names its body in one way, and whether the numbers that name it are well made.
//! In: front matter and the bodies of `site.yaml`. A body's names are its `name` and its `aliases`, without dates: a
//! former name is right where title, source and signature agree on it.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::model::{Organization, Portal, Report, site};
use crate::text::identity::{Check, credit_code};
use serde_yaml::Value;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Org001], run: Run::Document(names) },
    Rule { codes: &[Code::Org002], run: Run::Document(abbreviation) },
    Rule { codes: &[Code::Org003], run: Run::Document(index_code) },
    Rule { codes: &[Code::Org003], run: Run::Portal(codes) },
    Rule { codes: &[Code::Org004], run: Run::Portal(index_numbers) },
    Rule { codes: &[Code::Org005], run: Run::Document(document_number) },
];

/// A name that a report writes, and where.
#[derive(Clone, Copy)]
struct Named<'a> {
    key: &'a [&'a str],
    name: &'a str,
}

const SOURCE: &[&str] = &["source"];
const SIGNED: &[&str] = &["signed", "by"];

fn source<'a>(document: &Document<'a>) -> Option<Named<'a>> {
    let name = document.map.get("source").and_then(Value::as_str)?.trim();
    Some(Named { key: SOURCE, name })
}

fn place(key: &[&str]) -> Place {
    Place::Value(key.iter().map(|k| Key::Name((*k).into())).collect())
}

/// ORG-001: one report, one body, one name. At most one finding a report.
fn names(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = document.report else { return };
    let Some(body) = document.site.organization(&report.organization) else { return };
    // A short form in the source is ORG-002.
    let source = source(document).filter(|s| !is_abbreviation(s.name, body));
    let signed = report.signed_by.as_deref().map(|name| Named { key: SIGNED, name });
    let registered = place(&["organizations", body.id.as_str(), "name"]);
    if let Some(named) = [signed, source].into_iter().flatten().find(|n| !is_name(n.name, body)) {
        let message = Message::new("org.unknown").with("name", named.name).with("body", &body.name);
        let finding = document.at_key(Code::Org001, message, named.key);
        let finding = finding.see(site::FILE, registered, Message::new("org.registered"));
        sink.push(finding.help(Message::new("org.unknown.help").with("id", &body.id)));
        return;
    }
    let shown = source.map_or(&*body.name, |s| s.name);
    if let Some(signed) = signed.filter(|s| s.name != shown && !signs_for_government(s.name, shown)) {
        let message = Message::new("org.differs").with("signed", signed.name).with("source", shown);
        let finding = document.at_key(Code::Org001, message, signed.key);
        let finding = match source {
            Some(source) => finding.see(document.file(), place(source.key), Message::new("org.source")),
            None => finding.see(site::FILE, registered, Message::new("org.registered")),
        };
        sink.push(finding.help(Message::new("org.differs.help")));
        return;
    }
    if !is_titled(&report.title, body, shown) {
        let message = Message::new("org.title").with("name", shown);
        let finding = document.at_key(Code::Org001, message, &["title"]);
        let finding = match source {
            Some(source) => finding.see(document.file(), place(source.key), Message::new("org.source")),
            None => finding.see(site::FILE, registered, Message::new("org.registered")),
        };
        sink.push(finding.help(Message::new("org.title.help").with("id", &body.id)));
    }
}

fn all_names(body: &Organization) -> impl Iterator<Item = &str> {
    std::iter::once(&*body.name).chain(body.aliases.iter().map(|a| &**a)).filter(|n| !n.is_empty())
}

fn is_name(name: &str, body: &Organization) -> bool {
    all_names(body).any(|n| n == name)
}

/// Whether a title names the body by the name that `shown` is, or by a declared form of it. A former name as source asks
/// for the former name in the title: the name in force does not do.
fn is_titled(title: &str, body: &Organization, shown: &str) -> bool {
    let titled = all_names(body).filter(|n| title.contains(n)).max_by_key(|n| n.len());
    title.contains(shown) || titled.is_some_and(|t| shown == &*body.name || shown.ends_with(t) || t != &*body.name)
}

/// Whether the government signs what its office publishes: 甲县人民政府, 甲县人民政府办公室.
fn signs_for_government(signed: &str, source: &str) -> bool {
    signed.ends_with("人民政府") && matches!(source.strip_prefix(signed), Some("办公室" | "办公厅"))
}

/// Whether `name` is a short form of the body's name rather than a former one: declared, shorter, made of the name's own
/// characters in their order, and without its beginning, inside it, or less than two thirds as long.
fn is_abbreviation(name: &str, body: &Organization) -> bool {
    let full = &*body.name;
    let (short, long) = (name.chars().count(), full.chars().count());
    let mut rest = full.chars();
    let ordered = name.chars().all(|c| rest.any(|f| f == c));
    name != full
        && short < long
        && ordered
        && body.aliases.iter().any(|a| **a == *name)
        && (name.chars().next() != full.chars().next() || full.contains(name) || short * 3 < long * 2)
}

/// ORG-002: the source says whose report it is, wherever it is read.
fn abbreviation(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let body = document.report.and_then(|r| document.site.organization(&r.organization));
    let (Some(body), Some(source)) = (body, source(document)) else { return };
    if is_abbreviation(source.name, body) {
        let message = Message::new("org.abbreviated").with("name", source.name).with("body", &body.name);
        let finding = document.at_key(Code::Org002, message, source.key);
        sink.push(finding.help(Message::new("org.abbreviated.help")));
    }
}

/// ORG-003: the code in front of an index number `CODE/YEAR-NUMBER`. Index numbers of other forms are the portal's own.
fn index_code(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let number = document.report.and_then(|r| r.index_number.as_deref());
    let Some((code, _)) = number.and_then(|n| n.split_once('/')) else { return };
    let is_code = code.len() == 18 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_code && credit_code(code) != Some(Check::Right) {
        let message = Message::new("org.code").with("code", code);
        sink.push(document.at_key(Code::Org003, message, &["index_number"]).help(Message::new("org.code.help")));
    }
}

/// ORG-003: the codes of the bodies themselves.
fn codes(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for body in &portal.site.organizations {
        let Some(code) = body.code.as_deref().filter(|c| credit_code(c) != Some(Check::Right)) else { continue };
        let message = Message::new("org.code").with("code", code);
        let finding = Diagnostic::new(Code::Org003, message);
        let finding = finding.at(site::FILE, place(&["organizations", body.id.as_str(), "code"]));
        sink.push(finding.help(Message::new("org.code.help")));
    }
}

/// ORG-004: an index number is one report's. A withdrawn report may share its number with the one that replaced it.
fn index_numbers(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let current = portal.reports.iter().map(AsRef::as_ref).filter(|r| !r.is_withdrawn());
    let mut numbers: Vec<(&str, &Report)> = current.filter_map(|r| Some((r.index_number.as_deref()?, r))).collect();
    numbers.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    let mut first: Option<(&str, &Report)> = None;
    for (number, report) in numbers {
        match first.filter(|(known, _)| *known == number) {
            None => first = Some((number, report)),
            Some((_, other)) => {
                let message = Message::new("org.index_twice").with("number", number).with("report", &other.id);
                let finding = Diagnostic::new(Code::Org004, message).at(report.file.as_ref(), place(&["index_number"]));
                let finding =
                    finding.see(other.file.as_ref(), place(&["index_number"]), Message::new("org.index_first"));
                sink.push(finding.help(Message::new("org.index_twice.help")));
            }
        }
    }
}

/// ORG-005: 发文字号 as GB/T 9704-2012 writes it. What has no year between brackets is not judged.
fn document_number(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(written) = document.report.and_then(|r| r.document_number.as_deref()) else { return };
    if let Some(right) = mended(written).filter(|right| right != written) {
        let message = Message::new("org.number").with("number", written);
        let finding = document.at_key(Code::Org005, message, &["document_number"]);
        sink.push(finding.help(Message::new("org.number.help").with("right", right)));
    }
}

/// `甲发〔2024〕1号` from `甲发[2024]第01号`; none where there is no year in brackets, or no number behind it.
fn mended(number: &str) -> Option<String> {
    const OPEN: &[char] = &['〔', '[', '［', '(', '（', '【', '〈', '<', '《'];
    const CLOSE: &[char] = &['〕', ']', '］', ')', '）', '】', '〉', '>', '》'];
    let (at, open) = number.char_indices().rfind(|(_, c)| OPEN.contains(c))?;
    let (year, rest) = number[at + open.len_utf8()..].split_once(CLOSE)?;
    let year = match (year.len(), year.bytes().all(|b| b.is_ascii_digit())) {
        (4, true) => year.to_string(),
        (2, true) => format!("20{year}"),
        _ => return None,
    };
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('第').unwrap_or(rest).trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let serial = rest[..digits].trim_start_matches('0');
    if serial.is_empty() {
        return None;
    }
    Some(format!("{}〔{year}〕{serial}{}", number[..at].trim_end(), rest[digits..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::OrganizationId;

    #[test]
    fn a_document_number_is_mended_only_where_it_is_one() {
        let cases = [
            ("甲发〔2024〕1号", Some("甲发〔2024〕1号")),
            ("甲发[2024]1号", Some("甲发〔2024〕1号")),
            ("甲发（24）第003号", Some("甲发〔2024〕3号")),
            ("甲发【2024】 10 号", Some("甲发〔2024〕10号")),
            ("（甲）发〔2024〕12号", Some("（甲）发〔2024〕12号")),
            ("甲局令第3号", None),
            ("甲发（试行）3号", None),
            ("甲发〔2024〕", None),
        ];
        for (written, right) in cases {
            assert_eq!(mended(written).as_deref(), right, "{written}");
        }
    }

    fn body(name: &str, aliases: &[&str]) -> Organization {
        Organization {
            id: OrganizationId::new("a").expect("an id"),
            name: name.into(),
            aliases: aliases.iter().map(|a| Box::from(*a)).collect(),
            code: None,
            expects: Vec::new(),
        }
    }

    #[test]
    fn a_former_name_is_no_abbreviation() {
        let bureau = body(
            "示例市政务服务和数据管理局",
            &["市数据局", "示例市数据局", "示例市政务服务管理局", "政务服务和数据管理局"],
        );
        for (name, short) in [
            ("市数据局", true),
            ("示例市数据局", true),
            ("政务服务和数据管理局", true),
            ("示例市政务服务管理局", false),
            ("示例市政务服务和数据管理局", false),
            ("数据局", false),
        ] {
            assert_eq!(is_abbreviation(name, &bureau), short, "{name}");
        }
    }

    #[test]
    fn a_title_has_the_name_that_the_source_has_or_a_form_of_it() {
        let bureau = body("示例市新局", &["新局", "示例市旧局", "旧局"]);
        for (title, shown, fits) in [
            ("示例市新局2024年报告", "示例市新局", true),
            ("新局2024年报告", "示例市新局", true),
            ("2024年报告", "示例市新局", false),
            ("示例市旧局2022年报告", "示例市旧局", true),
            ("旧局2022年报告", "示例市旧局", true),
            ("示例市新局2022年报告", "示例市旧局", false),
        ] {
            assert_eq!(is_titled(title, &bureau, shown), fits, "{title} {shown}");
        }
    }
}
