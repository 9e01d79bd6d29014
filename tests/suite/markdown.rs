//! Each file of `tests/markdown/` is a body; its HTML, outline, parts, links and findings are kept as a snapshot.

use std::fmt::Write;
use sunlit::base::{Lang, SitePath};
use sunlit::markdown::{Body, Source, Words, convert};

fn words() -> Words {
    Words {
        footnotes: "脚注".into(),
        footnote_reference: "脚注{n}".into(),
        back_to_reference: "返回正文引用处{n}".into(),
        task_done: "已完成".into(),
        task_open: "未完成".into(),
        table: "表{n}".into(),
    }
}

fn read(text: &str) -> (Body, Vec<String>) {
    let page = SitePath::new("2024/x.html").expect("valid");
    let source = Source { file: "content/2024/x.md", content: "2024/x.md", page: &page, text, offset: 0 };
    let mut sink = Vec::new();
    let role = |heading: &str| heading.contains("问题").then(|| "problems".to_string());
    let body = convert(source, &words(), &role, &mut sink);
    let findings =
        sink.iter().map(|f| format!("{} {} {:?}", f.code, f.message.text(Lang::En), f.labels[0].place)).collect();
    (body, findings)
}

fn html(text: &str) -> String {
    read(text).0.html
}

#[test]
fn every_body_becomes_what_it_became() {
    insta::glob!("../markdown", "*.md", |path| {
        let text = std::fs::read_to_string(path).expect("readable");
        let (body, findings) = read(&text);
        let mut out = body.html.clone();
        let _ = write!(out, "\n──── outline\n{}", outline(&body.outline, 0));
        for part in &body.parts {
            let _ = write!(
                out,
                "──── part {} {:?} {}\n{}",
                part.id,
                part.role,
                part.title,
                &body.prose.text[part.text.clone()]
            );
        }
        let _ = writeln!(out, "──── links");
        for link in &body.links {
            let _ = writeln!(
                out,
                "{} → {:?} {:?} = {}",
                link.written,
                link.target,
                link.fragment,
                &text[link.span.clone()]
            );
        }
        let _ = writeln!(out, "──── ids {:?}\n──── findings {findings:#?}", body.ids);
        insta::with_settings!({ snapshot_path => "snapshots/markdown", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(path.file_stem().expect("a name").to_string_lossy().to_string(), out);
        });
    });
}

fn outline(headings: &[sunlit::markdown::Heading], depth: usize) -> String {
    headings.iter().fold(String::new(), |mut out, h| {
        let _ = writeln!(out, "{}{} {} {:?}", "  ".repeat(depth), h.id, h.title, h.role);
        out + &outline(&h.children, depth + 1)
    })
}

#[test]
fn a_line_break_between_han_leaves_no_space() {
    assert_eq!(html("全面推进\n依法行政"), "<p>全面推进依法行政</p>\n");
    assert_eq!(html("**全面推进**\n依法行政"), "<p><strong>全面推进</strong>依法行政</p>\n");
    assert_eq!(html("采用 XML\n格式"), "<p>采用 XML\n格式</p>\n");
    assert_eq!(html("한글\n한글"), "<p>한글\n한글</p>\n");
}

#[test]
fn emphasis_works_beside_han_punctuation() {
    assert_eq!(html("**“放管服”。**后"), "<p><strong>“放管服”。</strong>后</p>\n");
    assert_eq!(html("**加强组织领导，**为法治"), "<p><strong>加强组织领导，</strong>为法治</p>\n");
}

#[test]
fn a_single_tilde_strikes_nothing_out() {
    assert_eq!(html("1378~1606篇，2~3天"), "<p>1378~1606篇，2~3天</p>\n");
    assert_eq!(html("~~旧~~，1~2项，3~4项"), "<p><del>旧</del>，1~2项，3~4项</p>\n");
}

#[test]
fn a_bare_address_ends_where_han_text_begins() {
    let link = |url: &str| format!("<a href=\"{url}\" rel=\"external noopener\">{url}</a>");
    let site = link("http://www.example.gov.cn/");
    assert_eq!(html("http://www.example.gov.cn/，见网站"), format!("<p>{site}，见网站</p>\n"));
    assert_eq!(html("见http://www.example.gov.cn/网站"), format!("<p>见{site}网站</p>\n"));
    assert_eq!(html("(http://www.example.gov.cn/)."), format!("<p>({site}).</p>\n"));
    assert_eq!(html("`http://www.example.gov.cn/`"), "<p><code>http://www.example.gov.cn/</code></p>\n");
}

#[test]
fn numbered_headings_keep_their_ids_when_reworded() {
    let ids = |text: &str| read(text).0.ids;
    assert_eq!(ids("## 一、工作情况\n### (一)组织领导\n### (二)改革"), ["s-1", "s-1-1", "s-1-2"]);
    assert_eq!(ids("## 一、主要工作\n### （一）加强领导\n### （二）深化改革"), ["s-1", "s-1-1", "s-1-2"]);
    assert_eq!(ids("## 概况\n## 概况"), ["h-概况", "h-概况_2"]);
}
