//! Laws that hold for every input: whatever is read, nothing panics, and what is made is what was meant.

use proptest::prelude::*;
use sunlit::base::{CivilDate, Instant, SitePath, Zone, id, path};
use sunlit::diag::{Excerpt, Key};
use sunlit::markdown::{Source, Words, convert};
use sunlit::source::locate::{Part, locate};
use sunlit::source::{Text, front, yaml};
use sunlit::text::ordinal;
use sunlit::write::Manifest;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_link_leads_back_to_its_target(from in "[a-z0-9]{1,6}(/[a-z0-9]{1,6}){0,3}", to in "[a-z0-9 汉%#?]{1,6}(/[a-z0-9汉]{1,6}){0,3}") {
        let (from, to) = (SitePath::new(&from).unwrap(), SitePath::new(&to).unwrap());
        let link = path::decode(&from.link_to(&to)).unwrap();
        prop_assert_eq!(from.join(&link), Some(to));
    }

    #[test]
    fn encoding_is_undone_by_decoding(text in "\\PC{0,40}") {
        let encoded = path::encode(&text);
        prop_assert!(encoded.is_ascii() && !encoded.contains(['"', '<', '>', '&', '\'', ' ', '#', '?']));
        prop_assert_eq!(path::decode(&encoded), Some(text));
    }

    #[test]
    fn no_path_leaves_the_section(text in "[a-z./\\\\]{0,20}", base in "[a-z]{1,3}(/[a-z]{1,3}){0,2}") {
        let base = SitePath::new(&base).unwrap();
        for path in [SitePath::new(&text), base.join(&text)].into_iter().flatten() {
            prop_assert!(path.as_str().split('/').all(|s| !matches!(s, "" | "." | "..")));
            prop_assert!(!path.as_str().starts_with('/'));
        }
    }

    #[test]
    fn a_date_is_printed_as_it_was_read(year in 1900u16..2999, month in 1u8..13, day in 1u8..32) {
        let text = format!("{year:04}-{month:02}-{day:02}");
        if let Some(date) = CivilDate::parse(&text) {
            prop_assert_eq!(date.to_string(), text);
        } else {
            prop_assert!(day > 28);
        }
    }

    #[test]
    fn a_moment_survives_its_own_writing(seconds in -2_000_000_000i64..4_000_000_000) {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let moment = Instant::from_unix(seconds, &zone).unwrap();
        // Before 1901 local mean time had seconds in its offset, which RFC 3339 cannot write.
        if moment.date().year() > 1901 {
            prop_assert_eq!(Instant::parse(&moment.to_rfc3339(), &zone), Some(moment));
        }
    }

    #[test]
    fn slugs_are_addresses(text in "\\PC{0,20}") {
        if id::is_slug(&text) {
            prop_assert_eq!(path::encode(&text), text);
        }
    }

    #[test]
    fn readers_of_text_never_panic(text in "\\PC{0,60}") {
        let _ = ordinal::leading(&text).map(|(_, at)| text[at..].len());
        let _ = ordinal::parse_numeral(&text);
        let _ = Manifest::parse(&text);
        let _ = CivilDate::parse(&text);
        let mut sink = Vec::new();
        let _ = yaml::mapping(yaml::Block { file: "x", text: &text, offset: 0 }, &mut sink);
    }

    #[test]
    fn front_matter_and_body_are_the_whole_file(text in "(---|\\r?\\n|a: b|正文|[-#>* ]){0,30}") {
        let text = Text { file: "x.md".into(), text, offset: 0, hash: Default::default() };
        let mut sink = Vec::new();
        if let Some(front) = front::split(&text, front::Fences::Required, &mut sink) {
            prop_assert!(front.yaml.end <= front.body.start && front.body.end == text.text.len());
            prop_assert!(text.text[..front.yaml.start].starts_with("---"));
        } else {
            prop_assert_eq!(sink.len(), 1);
        }
    }

    #[test]
    fn markdown_never_yields_raw_html_or_unbalanced_tags(text in "([一二三]、|## |### |\\*\\*|\\* |> |- |\\| a \\| b \\|\\n\\|---\\|---\\|\\n|表:甲\\n|\\[\\^1\\]|\\[\\^1\\]: 注|<b>|<script>|&lt;|~|~~|\\[x\\]\\(y\\)|!\\[x\\]\\(y.png\\)|汉字|。|“|”|\\n|\\n\\n| |`|http://a\\.b/c|\\u{3000}|1\\. ){0,40}") {
        let page = SitePath::new("2024/x.html").unwrap();
        let source = Source { file: "x", content: "2024/x.md", page: &page, text: &text, offset: 0 };
        let body = convert(source, &Words::default(), &|_| None, &mut Vec::new());
        prop_assert!(!body.html.contains("<script") && !body.html.contains("<b>"), "{}", body.html);
        balanced(&body.html).map_err(TestCaseError::fail)?;
        for link in &body.links {
            prop_assert!(text.get(link.span.clone()).is_some());
        }
    }

    #[test]
    fn a_key_is_found_where_it_stands(keys in prop::collection::btree_set("[a-z]{1,5}", 1..6), value in "[a-z汉0-9]{1,8}") {
        let text: String = keys.iter().map(|k| format!("{k}: \"{value}\"\n")).collect();
        for key in &keys {
            let range = locate(&text, &[Key::Name(key.clone())], Part::Value).unwrap();
            prop_assert_eq!(&text[range], format!("\"{value}\""));
            let range = locate(&text, &[Key::Name(key.clone())], Part::Name).unwrap();
            prop_assert_eq!(&text[range], key.as_str());
        }
    }

    #[test]
    fn an_excerpt_shows_what_its_span_names(text in "[a汉\\n ]{0,40}", from in 0usize..60, len in 0usize..10) {
        let excerpt = Excerpt::of(&text, from..from + len);
        prop_assert!(excerpt.text.get(excerpt.span.clone()).is_some());
        prop_assert!(excerpt.line >= 1 && excerpt.column >= 1);
    }
}

/// Every element that is opened is closed, in order.
fn balanced(html: &str) -> Result<(), String> {
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        match tag.starts_with('/') {
            _ if matches!(name, "br" | "img" | "hr") || tag.ends_with('/') => {}
            false => open.push(name),
            true if open.pop() == Some(name) => {}
            true => return Err(format!("</{name}> closes nothing in {html}")),
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open in {html}")) }
}
