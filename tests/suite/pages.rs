//! What the pages carry: the header in its order and in every vocabulary, parts with roles, links that stay relative.

use crate::portal::{Portal, repository};
use serde_json::Value;

fn page_and_data(portal: &Portal, id: &str) -> (String, Value) {
    let data = serde_json::from_str(&portal.read(&format!("public/{id}.json"))).expect("JSON");
    (portal.read(&format!("public/{id}.html")), data)
}

/// Everything between `from` and the next `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).filter_map(|t| t.split(to).next()).collect()
}

fn meta<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    between(html, &format!("<meta name=\"{name}\" content=\""), "\"").first().copied()
}

#[test]
fn one_header_says_the_same_in_every_vocabulary() {
    let portal = Portal::copy_of(repository());
    let said = portal.build_as_of("2026-11-01");
    assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
    let list: Value = serde_json::from_str(&portal.read("public/data/reports.json")).expect("JSON");
    let reports = list["reports"].as_array().expect("a list");
    assert!(reports.len() > 20);
    for row in reports {
        let id = row["id"].as_str().expect("an id");
        let (html, data) = page_and_data(&portal, id);
        let text = |key: &str| data[key].as_str().unwrap_or_default();
        let escaped =
            |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let linked: Value =
            serde_json::from_str(between(&html, "<script type=\"application/ld+json\">", "</script>")[0])
                .expect("JSON-LD");
        let report = &linked["@graph"][0];
        let facts = between(&html, "<dl class=\"facts\">", "</dl>")[0];
        let fact = |key: &str| {
            between(facts, &format!("data-fact=\"{key}\""), "</div>").first().map(|t| t.to_string()).unwrap_or_default()
        };
        // Title.
        let title = escaped(text("title"));
        assert_eq!(meta(&html, "ArticleTitle"), Some(title.as_str()), "{id}");
        assert_eq!(meta(&html, "DCTERMS.title"), Some(title.as_str()), "{id}");
        assert!(html.contains(&format!("<meta property=\"og:title\" content=\"{title}\">")), "{id}");
        assert_eq!(report["headline"], data["title"], "{id}");
        // Publishing body and source.
        let body = data["organization"]["name"].as_str().expect("a name");
        assert!(fact("publisher").contains(body), "{id}");
        assert_eq!(report["publisher"]["name"], body, "{id}");
        assert_eq!(meta(&html, "DCTERMS.publisher"), Some(body), "{id}");
        assert!(fact("source").contains(text("source")), "{id}");
        assert_eq!(meta(&html, "ContentSource"), Some(text("source")), "{id}");
        // Published, signed, corrected: three facts, never one for another.
        let published = text("published");
        let minute = format!("{} {}", &published[..10], &published[11..16]);
        assert!(fact("published").contains(&format!("<time datetime=\"{published}\">{minute}</time>")), "{id}");
        assert_eq!(meta(&html, "PubDate"), Some(minute.as_str()), "{id}");
        assert_eq!(meta(&html, "DCTERMS.issued"), Some(published), "{id}");
        assert!(html.contains(&format!("<meta property=\"article:published_time\" content=\"{published}\">")), "{id}");
        assert_eq!(report["datePublished"], data["published"], "{id}");
        let signed = data["signed"]["date"].as_str();
        assert_eq!(meta(&html, "DCTERMS.created"), signed, "{id}");
        assert_eq!(report["dateCreated"].as_str(), signed, "{id}");
        assert_eq!(fact("signed").contains("<time"), signed.is_some(), "{id}");
        assert_eq!(meta(&html, "DCTERMS.modified"), data["updated"].as_str(), "{id}");
        assert_eq!(report["dateModified"], data["updated"], "{id}");
        assert_eq!(fact("updated").is_empty(), data["updated"].is_null(), "{id}");
        // Numbers and year.
        assert_eq!(report["temporalCoverage"], data["year"].to_string(), "{id}");
        assert_eq!(report["reportNumber"], data["document_number"], "{id}");
        // The fingerprint is that of the data file.
        let digest = sunlit::base::Sha256::of(portal.read(&format!("public/{id}.json")).as_bytes()).to_string();
        assert!(fact("fingerprint").contains(&digest[..12]), "{id}");
        assert_eq!(report["encoding"][0]["sha256"], digest, "{id}");
        // The one order.
        let order = [
            "publisher",
            "document_number",
            "index_number",
            "year",
            "signed",
            "published",
            "updated",
            "source",
            "openness",
            "downloads",
            "fingerprint",
        ];
        let keys: Vec<_> = between(facts, "data-fact=\"", "\"");
        let expected: Vec<_> = order.into_iter().filter(|k| keys.contains(k)).collect();
        assert_eq!(keys, expected, "{id}");
    }
}

#[test]
fn a_report_shows_its_dates_parts_and_contents() {
    let portal = Portal::base();
    portal.build_well();
    let (html, data) = page_and_data(&portal, "2024/a-bureau");
    assert!(html.contains("发布时间</dt> <dd><time datetime=\"2025-03-11T09:30:00+08:00\">2025-03-11 09:30</time>"));
    assert!(html.contains("成文日期</dt> <dd><time datetime=\"2025-03-03\">2025-03-03</time>"));
    let roles: Vec<_> = between(&html, "<section data-role=\"", "\"");
    assert_eq!(roles, ["achievements", "problems", "leadership", "plans"]);
    let parts: Vec<_> = data["parts"].as_array().expect("parts").iter().map(|p| p["role"].as_str()).collect();
    assert_eq!(parts, [None, Some("achievements"), Some("problems"), Some("leadership"), Some("plans")]);
    assert!(data["parts"][1]["text"].as_str().expect("text").contains("受理事项320件"));
    assert!(html.contains("href=\"../2023/a-bureau.html\""), "last year's report is linked");
}

#[test]
fn sections_may_name_their_roles_themselves() {
    let portal = Portal::base();
    let report = "content/2024/a-bureau.md";
    portal.edit(report, "## 一、推进法治政府建设的主要举措和成效", "## 一、做了什么");
    portal.edit(report, "openness: active", "openness: active\nsections: {achievements: 一、做了什么}");
    portal.build_well();
    assert!(
        portal
            .read("public/2024/a-bureau.html")
            .contains("<section data-role=\"achievements\" aria-labelledby=\"s-1\">")
    );
}

#[test]
fn a_withdrawn_report_keeps_its_page_and_says_so() {
    let portal = Portal::base();
    portal.edit(
        "content/2024/a-bureau.md",
        "openness: active",
        "openness: active\nstatus: withdrawn\nwithdrawn: {date: \"2025-06-01\", reason: 数据有误}",
    );
    portal.build_well();
    let html = portal.read("public/2024/a-bureau.html");
    assert!(html.contains("<title>[已撤回] ") && html.contains("数据有误") && html.contains("2025-06-01"));
    assert!(html.contains("\"creativeWorkStatus\":\"Withdrawn\""));
    assert!(!portal.read("public/atom.xml").contains("2024/a-bureau"), "it is no news");
}

#[test]
fn drafts_and_later_reports_are_shown_only_when_asked() {
    let portal = Portal::base();
    portal.write("content/2025/b-bureau.md", "---\ntitle: 乙局2025年年度报告\nkind: general\norganization: b-bureau\nyear: 2025\nstatus: draft\n---\n\n## 一、主要工作\n\n略。\n");
    portal.build_well();
    assert!(!portal.tree().keys().any(|k| k.starts_with("2025/")));
    let said = portal.build_with(&["--drafts", "-o", "look"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let html = portal.read("look/2025/b-bureau.html");
    assert!(html.contains("noindex") && html.contains("data-status=\"draft\""));
    assert!(!portal.read("look/sitemap.xml").contains("2025/b-bureau"));
}

#[test]
fn a_draft_with_errors_does_not_stop_the_others() {
    let portal = Portal::base();
    portal.write(
        "content/2025/b-bureau.md",
        "---\ntitle: 草稿\nkind: generel\norganization: b-bureau\nyear: 2025\nstatus: draft\n---\n<b>x</b>\n",
    );
    let said = portal.build_well();
    assert!(said.stderr.contains("warning[MD-003]"), "{}", said.stderr);
    assert_eq!(portal.build_with(&["--drafts"]).status, 1);
}

#[test]
fn base_url_may_be_changed_without_touching_relative_links() {
    let portal = Portal::base();
    portal.build_well();
    portal.build_with(&["--base-url", "https://other.example/a/b", "-o", "other"]);
    let (here, there) = (portal.read("public/2024/a-bureau.html"), portal.read("other/2024/a-bureau.html"));
    assert!(there.contains("<link rel=\"canonical\" href=\"https://other.example/a/b/2024/a-bureau.html\">"));
    let body = |html: &str| between(html, "<main", "</main>")[0].to_string();
    let without_digest = |html: &str| body(html).split("SHA-256").next().map(str::to_string);
    assert_eq!(without_digest(&here), without_digest(&there));
}

#[test]
fn an_alias_leads_on_at_once_and_the_missing_page_works_at_any_depth() {
    let portal = Portal::base();
    portal.edit("content/2024/a-bureau.md", "openness: active", "openness: active\naliases: [old/content/post_1.html]");
    portal.build_well();
    let stub = portal.read("public/old/content/post_1.html");
    assert!(
        stub.contains("http-equiv=\"refresh\" content=\"0; url=../../2024/a-bureau.html\"")
            || stub.contains("content=\"0;url=../../2024/a-bureau.html\""),
        "{stub}"
    );
    assert!(stub.contains("<link rel=\"canonical\" href=\"https://test.example/zwgk/2024/a-bureau.html\">"));
    assert!(portal.read("public/404.html").contains("href=\"/zwgk/archive.html\""));
    // Without an icon of its own a page makes browsers ask the host for /favicon.ico, which is not the section's to have.
    for (path, bytes) in portal.tree().into_iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(String::from_utf8_lossy(&bytes).contains("<link rel=\"icon\" href=\"data:"), "{path}");
    }
}

#[test]
fn files_that_nothing_names_are_not_published() {
    let portal = Portal::base();
    portal.write("content/2024/b-bureau/draft.docx", "secret");
    let said = portal.build_well();
    assert!(said.stderr.contains("warning[FILE-014]"), "{}", said.stderr);
    assert!(!portal.tree().keys().any(|k| k.ends_with("draft.docx")));
}

#[test]
fn a_gap_in_what_a_body_owes_is_shown() {
    let portal = Portal::base();
    portal.write(
        "content/2022/a-bureau.md",
        portal.read("content/2023/a-bureau.md").replace("2023", "2022").replace("2024-", "2023-"),
    );
    std::fs::remove_file(portal.path("content/2023/a-bureau.md")).expect("there");
    portal.write("content/2023/b-bureau.md", "---\ntitle: 乙局2023年年度报告\nkind: general\norganization: b-bureau\nyear: 2023\npublished: \"2024-01-10 09:00\"\n---\n\n## 一、主要工作\n\n略。\n");
    portal.edit("content/2024/a-bureau.md", "2023/a-bureau#", "2022/a-bureau#");
    portal.edit("content/2024/a-bureau.md", "[2023年的报告](../2023/a-bureau.md)", "上年");
    portal.build_well();
    assert!(portal.read("public/2023/index.html").contains("甲局"), "the year names the body that is missing");
    assert!(portal.read("public/archive.html").contains("未公开"));
}

#[test]
fn nothing_that_a_hidden_report_names_is_published() {
    let portal = Portal::base();
    portal.edit("content/2024/b-bureau/index.md", "openness: active", "openness: active\nstatus: draft");
    let said = portal.build_well();
    assert!(!portal.tree().keys().any(|k| k.contains("roads")), "the attachment of a draft leaked");
    assert!(!said.codes().contains(&"FILE-014"), "it is not forgotten: {}", said.stderr);
}

#[test]
fn nothing_of_a_withdrawn_report_but_its_header_is_published() {
    let portal = Portal::base();
    let withdrawn = "openness: active\nstatus: withdrawn\nwithdrawn: {date: \"2025-06-01\", reason: 含有个人信息}";
    portal.edit("content/2024/b-bureau/index.md", "openness: active", withdrawn);
    portal.edit("content/2024/b-bureau/index.md", "## 一、主要工作和成效", "## 一、主要工作和成效\n\n张某的住址。");
    portal.build_well();
    assert!(portal.read("public/2024/b-bureau.html").contains("含有个人信息"));
    for (path, bytes) in portal.tree() {
        assert!(!path.contains("roads"), "{path}");
        assert!(!String::from_utf8_lossy(&bytes).contains("张某的住址"), "{path}");
    }
}

#[test]
fn a_theme_name_that_climbs_out_reads_nothing() {
    let portal = Portal::base();
    portal.write("themes/x/theme.yaml", "name: x\n");
    portal.edit("site.yaml", "theme: default", "theme: ../../../../../../usr");
    let said = portal.build();
    assert_eq!((said.status, said.codes()), (1, vec!["YAML-001"]), "{}", said.stderr);
}
