//! Whatever a site says, the printed snippets keep their shape: a value is refused or stands inside its quotes.

use crate::portal::Portal;
use proptest::prelude::*;
use sunlit::base::Lang;
use sunlit::hosting::{BasePath, Folder, Policy, caddy, headers, nginx};
use sunlit::model::hosting::Hosting;

/// The tokens of nginx's syntax (ngx_conf_read_token): words, quoted strings with `\` for the next character, `;`, `{`,
/// `}`; every value is made a dot, so that two configurations with the same shape are equal.
fn shape_of_nginx(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_ascii_whitespace() => {}
            '#' => while chars.next().is_some_and(|c| c != '\n') {},
            ';' | '{' | '}' => out.push(c.to_string()),
            '"' | '\'' => {
                loop {
                    match chars.next() {
                        None => return Err("a string without end".into()),
                        Some('\\') => drop(chars.next()),
                        Some('$') => return Err("a variable".into()),
                        Some(n) if n == c => break,
                        Some(_) => {}
                    }
                }
                match chars.peek() {
                    Some(n) if n.is_ascii_whitespace() || *n == ';' => {}
                    other => return Err(format!("{other:?} behind a string")),
                }
                out.push("·".into());
            }
            c => {
                let mut word = c.to_string();
                while let Some(n) = chars.next_if(|n| !n.is_ascii_whitespace() && !";{}".contains(*n)) {
                    word.push(n);
                }
                out.push(word);
            }
        }
    }
    Ok(out)
}

/// The tokens of a Caddyfile (lexer.go): lines matter; `"` quotes, `` ` `` quotes raw, `\` escapes, `{$…}` is replaced.
fn shape_of_caddy(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    if text.contains("{$") {
        return Err("an environment variable".into());
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push("/".into()),
            c if c.is_whitespace() => {}
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                loop {
                    match chars.next() {
                        None | Some('\n') => return Err("a string without end".into()),
                        Some('{' | '}') => return Err("a placeholder".into()),
                        Some('\\') => drop(chars.next()),
                        Some('"') => break,
                        Some(_) => {}
                    }
                }
                out.push("·".into());
            }
            '`' | '\\' => return Err(format!("{c}")),
            c => {
                let mut word = c.to_string();
                while let Some(n) = chars.next_if(|n| !n.is_whitespace()) {
                    word.push(n);
                }
                out.push(word);
            }
        }
    }
    Ok(out)
}

/// Text made of what breaks syntaxes, and of what offices write.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "\"",
        "'",
        "`",
        "\\",
        "\n",
        "\r",
        "\t",
        " ",
        ";",
        "{",
        "}",
        "{$HOME}",
        "{env.HOME}",
        "$host",
        "${x}",
        "#",
        "*",
        "/",
        "//",
        "/../",
        "%22",
        "%0a",
        "%3B",
        "%7d",
        "%24",
        "%5c",
        "%2e%2e",
        "%",
        "%E5%B9%B4",
        "年报",
        "zwgk",
        "a-b",
        "~1",
        "..",
        ".",
        "\u{0}",
        "\u{2028}",
        "\u{feff}",
        "include /etc/passwd;",
        "import x",
        "=",
        "@",
        ":",
        "?",
        "|",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..8).prop_map(|p| p.concat())
}

fn plain(base: &str) -> (BasePath, Folder, Policy) {
    let policy = Policy::new(Some("default-src 'self'"), &Hosting::default());
    (BasePath::new(base).expect("fit"), Folder::new("/srv/www").expect("fit"), policy)
}

proptest! {
    #[test]
    fn no_value_breaks_out_of_a_servers_syntax(path in hostile(), folder in hostile(), csp in hostile()) {
        // What is refused takes no part; the others are tried all the same.
        let (usual_base, usual_folder, _) = plain("/zwgk/");
        let base = BasePath::new(&format!("/{path}/")).unwrap_or(usual_base);
        let folder = Folder::new(&format!("/srv/{folder}")).unwrap_or(usual_folder);
        let policy = Policy::new(Some(&csp), &Hosting::default());
        let (plain_base, plain_folder, plain_policy) = plain(if base.is_root() { "/" } else { "/zwgk/" });
        for lang in [Lang::ZhCn, Lang::En] {
            let wanted = shape_of_nginx(&nginx(&plain_policy, &plain_base, &plain_folder, lang)).expect("plain");
            prop_assert_eq!(shape_of_nginx(&nginx(&policy, &base, &folder, lang)), Ok(wanted));
            let wanted = shape_of_caddy(&caddy(&plain_policy, &plain_base, &plain_folder, lang)).expect("plain");
            // A matcher of paths stands in quotes too, but for the star and slash that are ours.
            prop_assert_eq!(shape_of_caddy(&caddy(&policy, &base, &folder, lang)), Ok(wanted));
            let (text, usual) = (headers(&policy, &base, lang), headers(&plain_policy, &plain_base, lang));
            prop_assert_eq!(text.lines().count(), usual.lines().count());
            for (line, wanted) in text.lines().zip(usual.lines()) {
                prop_assert_eq!(line.starts_with('/'), wanted.starts_with('/'));
                prop_assert_eq!(line.ends_with('*'), wanted.ends_with('*'));
                if !line.starts_with('/') {
                    prop_assert_eq!(line.split(": ").next(), wanted.split(": ").next());
                }
            }
        }
    }
}

#[test]
fn the_tokenizers_see_what_breaks_out() {
    for bad in ["alias \"a;", "alias \"a\"b;", "alias \"$host\";", "alias 'x"] {
        assert!(shape_of_nginx(bad).is_err(), "{bad}");
    }
    assert_ne!(shape_of_nginx("alias \"a\"; return 200;"), shape_of_nginx("alias \"b\";"));
    for bad in ["root \"a", "root \"{env.X}\"", "root {$X}", "root `a", "root \"a\nb\""] {
        assert!(shape_of_caddy(bad).is_err(), "{bad}");
    }
    assert_ne!(shape_of_caddy("root \"a\"\nrespond 200"), shape_of_caddy("root \"a\""));
}

#[test]
fn what_a_site_calls_itself_is_not_printed_at_all() {
    let portal = Portal::base();
    let print = |server: &str| crate::hosting::print(portal.root(), &[server, "-o", "/srv/www"]);
    let before: Vec<_> = ["nginx", "caddy", "headers"].map(|s| print(s).stdout).into();
    let hostile = r#""\"; } # $host {env.HOME} {$HOME} ` \n return 200;""#;
    portal.edit("site.yaml", "title: 测试栏目", &format!("title: {hostile}"));
    portal.edit("site.yaml", "name: 甲局", &format!("name: {hostile}"));
    portal.edit("site.yaml", "  name: 测试栏目", &format!("  name: {hostile}"));
    let after: Vec<_> = ["nginx", "caddy", "headers"].map(print).into();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((after.status, &after.stdout), (0, before), "{}", after.stderr);
    }
}
