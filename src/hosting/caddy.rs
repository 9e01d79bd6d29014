//! The policy as a snippet for a site block of a Caddyfile, Caddy 2.6 or later.

use super::{BasePath, FINGERPRINTED, Folder, Freshness, MANIFEST, NOT_FOUND, Policy, TRANSPORT, comment, media};
use crate::base::Lang;
use crate::model::hosting::Encoding;
use std::fmt::Write;

/// The snippet that serves `folder` under `base`; its comments are in `lang`.
pub fn caddy(policy: &Policy, base: &BasePath, folder: &Folder, lang: Lang) -> String {
    // Caddy 2.6 takes a prefix in other letters than Latin ones off the path only when it is encoded, and matches an
    // encoded path without a star as if it had one.
    let at = base.encoded();
    let mut out = comment("hosting.caddy", lang, "");
    // Writing to a String cannot fail.
    if !base.is_root() {
        let _ = write!(out, "\nredir \"{}\" \"{}\" 301\n", base.as_str().trim_end_matches('/'), at);
    }
    let _ = write!(out, "\nhandle_path \"{at}*\" {{\n\troot * \"{}\"\n\tencode gzip\n\troute {{\n", folder.as_str());
    out.push_str("\t\theader {\n");
    for (name, value) in &policy.headers {
        let _ = writeln!(out, "\t\t\t{name} \"{value}\"");
    }
    out.push_str(&comment("hosting.transport", lang, "\t\t\t"));
    let (name, value) = TRANSPORT;
    let _ = writeln!(out, "\t\t\t# {name} \"{value}\"\n\t\t}}\n");
    // Set last, because a copy from disk would add it a second time, and a file as it is not at all.
    out.push_str("\t\theader {\n\t\t\tVary Accept-Encoding\n\t\t\tdefer\n\t\t}\n");
    caching(&mut out);
    types(&mut out);
    serve(&mut out, policy, lang);
    out.push_str("\t}\n}\n");
    out
}

fn caching(out: &mut String) {
    let _ = writeln!(out, "\t\theader Cache-Control \"{}\"", Freshness::Short.value());
    for (name, path, freshness) in
        [("fixed", format!("{FINGERPRINTED}*"), Freshness::Fixed), ("asked", MANIFEST.to_string(), Freshness::Asked)]
    {
        let _ = writeln!(out, "\t\t@{name} path /{path}");
        let _ = writeln!(out, "\t\theader @{name} Cache-Control \"{}\"", freshness.value());
    }
    out.push('\n');
}

fn types(out: &mut String) {
    let mut matcher = |name: &str, paths: &str, mime: &str| {
        let _ = writeln!(out, "\t\t@{name} path {paths}\n\t\theader @{name} Content-Type \"{mime}\"");
    };
    for (mime, endings) in media::types() {
        let paths: Vec<_> = endings.iter().map(|e| format!("*.{e}")).collect();
        matcher(&format!("type-{}", endings[0]), &paths.join(" "), mime);
    }
    for (name, _) in media::NAMED {
        matcher(&format!("file-{}", name.replace('.', "-")), &format!("/{name}"), media::in_utf8(name));
    }
    out.push('\n');
}

/// What is there is served; anything else falls through to the page for 404, which has that status under every address.
fn serve(out: &mut String, policy: &Policy, lang: Lang) {
    // Where a client takes both, the smaller one comes first.
    let name = |e: &Encoding| if *e == Encoding::Brotli { "br" } else { "gzip" };
    let names: Vec<_> = policy.encodings.iter().rev().map(name).collect();
    let copies = if names.is_empty() { String::new() } else { format!("\t\t\tprecompressed {}\n", names.join(" ")) };
    let _ = writeln!(out, "\t\t@there {{\n\t\t\tnot path /{NOT_FOUND}");
    out.push_str("\t\t\tnot {\n\t\t\t\tpath */.*\n\t\t\t\tnot path /.well-known/*\n\t\t\t}\n\t\t}\n");
    let _ = write!(out, "\t\tfile_server @there {{\n\t\t\tindex index.html\n{copies}\t\t\tpass_thru\n\t\t}}\n\n");
    out.push_str(&comment("hosting.not_found", lang, "\t\t"));
    let _ = writeln!(out, "\t\trewrite * /{NOT_FOUND}");
    let _ = writeln!(out, "\t\theader Content-Type \"{}\"", media::in_utf8(NOT_FOUND));
    let _ = writeln!(out, "\t\theader Cache-Control \"{}\"", Freshness::Short.value());
    let _ = write!(out, "\t\tfile_server {{\n{copies}\t\t\tstatus 404\n\t\t}}\n");
}
