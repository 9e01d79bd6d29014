//! LINK, FILE and A11Y in the text: where links lead, and what their words tell those who cannot see the page.
//! In: the links and images of a body as they are written. Whether they answer is another question, and not asked here.

use super::{Document, Rule, Run};
use crate::base::media;
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::markdown::{Reference, ReferenceKind, Target};
use crate::model::{Portal, Site, site};

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::A11y001], run: Run::Document(images) },
    Rule { codes: &[Code::A11y004], run: Run::Document(words) },
    Rule { codes: &[Code::Link002, Code::Link003], run: Run::Document(addresses) },
    Rule { codes: &[Code::Link003], run: Run::Portal(report_error) },
    Rule { codes: &[Code::File004], run: Run::Document(files) },
];

/// The host of the 找错 entry before it moved to zfwzgl.www.gov.cn.
const OUTDATED: &str = "121.43.68.40";

/// Words that stand for an image and say nothing of it.
const EMPTY_ALTS: &[&str] =
    &["图", "图片", "图像", "照片", "插图", "截图", "image", "img", "photo", "picture", "screenshot", "chart"];

/// Words of a link that do not say where it leads.
const EMPTY_WORDS: &[&str] = &[
    "点击",
    "请点击",
    "点击这里",
    "请点击这里",
    "点击此处",
    "请点击此处",
    "点这里",
    "点此",
    "这里",
    "此处",
    "在这里",
    "更多",
    "查看更多",
    "了解更多",
    "more",
    "read more",
    "learn more",
    "详情",
    "查看详情",
    "点击查看",
    "查看",
    "下载",
    "点击下载",
    "链接",
    "网页链接",
    "here",
    "click here",
    "click",
    "link",
    "this link",
    "download",
    "details",
];

fn of_kind<'a>(document: &Document<'a>, kind: ReferenceKind) -> impl Iterator<Item = &'a Reference> {
    document.body.references.iter().filter(move |r| r.kind == kind)
}

fn at(document: &Document<'_>, code: Code, message: Message, reference: &Reference) -> Diagnostic {
    Diagnostic::new(code, message).at(document.file(), Place::Bytes(reference.span.clone()))
}

/// A11Y-001: every image has words that stand for it (WCAG 2.2, 1.1.1). Markdown cannot say that an image only decorates.
fn images(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for image in of_kind(document, ReferenceKind::Image) {
        let alt = image.words.trim();
        let file = image.url.rsplit('/').next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let message = if alt.is_empty() {
            Message::new("a11y.no_alt")
        } else if alt == file || alt == stem {
            Message::new("a11y.alt_file").with("alt", alt)
        } else if EMPTY_ALTS.iter().any(|e| alt.eq_ignore_ascii_case(e)) {
            Message::new("a11y.alt_empty").with("alt", alt)
        } else {
            continue;
        };
        sink.push(at(document, Code::A11y001, message, image).help(Message::new("a11y.alt.help")));
    }
}

/// A11Y-004: the words of a link say where it leads (WCAG 2.2, 2.4.4). `<url>` shows that it is an address; so does one
/// that stands in the text.
fn words(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    for link in of_kind(document, ReferenceKind::Link) {
        let words = link.words.trim();
        let plain = words.trim_matches(|c: char| !c.is_alphanumeric());
        let message = if plain.is_empty() {
            Message::new("a11y.link_empty")
        } else if EMPTY_WORDS.iter().any(|e| plain.eq_ignore_ascii_case(e)) {
            Message::new("a11y.link_words").with("words", words)
        } else if words.contains("://") && same_address(words, &link.url) && !is_autolink(document, link) {
            Message::new("a11y.link_url")
        } else {
            continue;
        };
        sink.push(at(document, Code::A11y004, message, link).help(Message::new("a11y.link.help")));
    }
}

fn same_address(words: &str, url: &str) -> bool {
    words.trim_end_matches('/').eq_ignore_ascii_case(url.trim_end_matches('/'))
}

fn is_autolink(document: &Document<'_>, link: &Reference) -> bool {
    let start = link.span.start.saturating_sub(document.text.offset);
    document.text.text.as_bytes().get(start) == Some(&b'<')
}

/// LINK-002 and LINK-003: at most one finding a link, about what weighs most.
fn addresses(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let links = document.body.references.iter().filter(|r| r.kind != ReferenceKind::Image);
    for link in links {
        let Some(host) = host(&link.url) else { continue };
        if let Some(finding) = bad_host(host) {
            sink.push(at(document, Code::Link003, finding.0, link).help(finding.1));
            continue;
        }
        if !is_trusted(host, document.site) {
            let message = Message::new("link.foreign").with("host", host);
            sink.push(
                at(document, Code::Link002, message, link).help(Message::new("link.foreign.help").with("host", host)),
            );
        }
        if link.url.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("http:")) {
            let message = Message::new("link.plain").with("host", host);
            sink.push(at(document, Code::Link003, message, link).help(Message::new("link.plain.help")));
        }
    }
}

/// What is wrong with a host, whatever the site trusts; and what to do.
fn bad_host(host: &str) -> Option<(Message, Message)> {
    if host == OUTDATED {
        return Some((Message::new("link.outdated").with("host", host), Message::new("link.outdated.help")));
    }
    let numbers = host.split('.').filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())).count();
    let literal = host.starts_with('[') || (numbers == 4 && host.split('.').count() == 4);
    literal.then(|| (Message::new("link.number").with("host", host), Message::new("link.number.help")))
}

/// LINK-003: the 找错 entry at the foot of every page.
fn report_error(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let found = portal.site.footer.report_error.as_deref().and_then(host).and_then(bad_host);
    if let Some((message, help)) = found {
        let place = Place::Value(["footer", "report_error"].map(|k| Key::Name(k.into())).to_vec());
        sink.push(Diagnostic::new(Code::Link003, message).at(site::FILE, place).help(help));
    }
}

/// The host of an `http` or `https` URL; none for other schemes and for links inside the section.
fn host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    if !["http", "https"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    let host = match place.starts_with('[') {
        true => place.split_inclusive(']').next().unwrap_or_default(),
        false => place.split(':').next().unwrap_or_default(),
    };
    Some(host.trim_end_matches('.')).filter(|h| !h.is_empty())
}

/// Whether a link there needs no word of warning: a government's (国办发〔2017〕47号: .gov.cn), the site's own, or listed.
fn is_trusted(host: &str, site: &Site) -> bool {
    let own = self::host(&site.base_url).into_iter().chain(site.portal.domain.as_deref());
    let listed = site.policy.hosts.iter().map(|h| &**h);
    std::iter::once("gov.cn").chain(own).chain(listed).any(|domain| is_within(host, domain.trim()))
}

/// Whether `host` is `domain` or lies below it.
fn is_within(host: &str, domain: &str) -> bool {
    let Some(from) = host.len().checked_sub(domain.len()) else { return false };
    let same = host.get(from..).is_some_and(|end| end.eq_ignore_ascii_case(domain));
    !domain.is_empty() && same && (from == 0 || host.as_bytes().get(from - 1) == Some(&b'.'))
}

/// FILE-004: the words of a link to a file say what it is and how large.
fn files(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let links = document.body.links.iter().filter_map(|l| match &l.target {
        Target::File(path) => Some((l, path)),
        _ => None,
    });
    for (link, path) in links {
        let Some(shown) = of_kind(document, ReferenceKind::Link).find(|r| r.span == link.span) else { continue };
        let label = media::of_name(path.as_str()).label;
        let words = shown.words.to_ascii_uppercase();
        let key = match (names_format(&words, label, path.as_str()), names_size(&words)) {
            (true, true) => continue,
            (true, false) => "file.no_size",
            (false, true) => "file.no_format",
            (false, false) => "file.no_format_size",
        };
        let help = Message::new("file.words.help").with("format", label);
        sink.push(at(document, Code::File004, Message::new(key), shown).help(help));
    }
}

/// Whether the words, in capitals, name the format as readers or as the file's ending do.
fn names_format(words: &str, label: &str, path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, e)| e.to_ascii_uppercase()).unwrap_or_default();
    let chinese: &[&str] = match label {
        "XLS" | "XLSX" | "ODS" | "CSV" => &["EXCEL", "电子表格"],
        "DOC" | "DOCX" | "ODT" => &["WORD"],
        "ZIP" => &["压缩包"],
        _ => &[],
    };
    words.contains(label)
        || (!ending.is_empty() && words.contains(&ending))
        || chinese.iter().any(|c| words.contains(c))
}

/// Whether the words, in capitals, hold a number of bytes: `24 KB`, `1.5M`, `800字节`.
fn names_size(words: &str) -> bool {
    let units = words.match_indices(['K', 'M', 'G', 'B', '字', '千', '兆']);
    units.into_iter().any(|(at, unit)| {
        let numbered = words[..at].trim_end().ends_with(|c: char| c.is_ascii_digit());
        let after = &words[at + unit.len()..];
        let whole = match unit {
            "字" | "千" => after.starts_with('节') || after.starts_with("字节"),
            _ => !after.trim_start_matches(['I', 'B']).starts_with(|c: char| c.is_ascii_alphanumeric()),
        };
        numbered && whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_browsers_read_them() {
        let cases = [
            ("https://www.example.gov.cn/a?b", Some("www.example.gov.cn")),
            ("HTTP://user@Example.org:8080", Some("Example.org")),
            ("http://[2001:db8::1]:80/x", Some("[2001:db8::1]")),
            ("https://gov.cn.example.org\\@gov.cn/", Some("gov.cn.example.org")),
            ("mailto:a@example.org", None),
            ("../2023/a.md", None),
        ];
        for (url, expected) in cases {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn only_whole_labels_lie_within_a_domain() {
        for host in ["gov.cn", "www.GOV.cn", "a.b.gov.cn"] {
            assert!(is_within(host, "gov.cn"), "{host}");
        }
        for host in ["notgov.cn", "gov.cn.example.org", "cn", "政gov.cn"] {
            assert!(!is_within(host, "gov.cn"), "{host}");
        }
    }

    #[test]
    fn sizes_in_words_are_numbers_with_a_unit() {
        for words in ["统计表（XLSX，24 KB）", "统计表 1.5MB", "说明（PDF，3M）", "数据800字节", "清单 12 KIB"]
        {
            assert!(names_size(words), "{words}");
        }
        for words in ["2024年统计表（XLSX）", "3月份数据", "BOOK", "2024 BUDGET", "第3批"] {
            assert!(!names_size(words), "{words}");
        }
    }
}
