//! The policy as a snippet for a `server` block of nginx 1.18 or later.

use super::{BasePath, FINGERPRINTED, Folder, Freshness, MANIFEST, NOT_FOUND, Policy, TRANSPORT, comment, media};
use crate::base::Lang;
use crate::model::hosting::Encoding;
use std::fmt::Write;

/// The snippet that serves `folder` under `base`; its comments are in `lang`.
pub fn nginx(policy: &Policy, base: &BasePath, folder: &Folder, lang: Lang) -> String {
    let at = base.as_str();
    let mut out = comment("hosting.nginx", lang, "");
    // Writing to a String cannot fail.
    if !base.is_root() {
        let _ = write!(
            out,
            "\nlocation = \"{}\" {{\n    absolute_redirect off;\n    return 301 \"{}\";\n}}\n",
            at.trim_end_matches('/'),
            base.encoded()
        );
    }
    let _ = write!(out, "\nlocation ^~ \"{at}\" {{\n    alias \"{}/\";\n", folder.as_str());
    out.push_str("    index index.html;\n    autoindex off;\n    absolute_redirect off;\n    etag on;\n");
    let _ = write!(out, "    error_page 404 \"{at}{NOT_FOUND}\";\n    error_page 403 =404 \"{at}{NOT_FOUND}\";\n\n");
    types(&mut out);
    compression(&mut out, policy, lang);
    out.push('\n');
    headers(&mut out, policy, Freshness::Short, "    ");
    out.push_str(&comment("hosting.transport", lang, "    "));
    let (name, value) = TRANSPORT;
    let _ = writeln!(out, "    # add_header {name} \"{value}\" always;\n");
    out.push_str(&comment("hosting.repeated", lang, "    "));
    location(&mut out, policy, ("^~", at, FINGERPRINTED), Freshness::Fixed, "");
    location(&mut out, policy, ("=", at, MANIFEST), Freshness::Asked, "");
    location(&mut out, policy, ("=", at, NOT_FOUND), Freshness::Short, "        internal;\n");
    for (name, mime) in media::NAMED {
        let kind = format!("        types {{ }}\n        default_type {mime};\n");
        location(&mut out, policy, ("=", at, name), Freshness::Short, &kind);
    }
    out.push_str("    location ~ \"/\\.(?!well-known/)\" {\n        return 404;\n    }\n}\n");
    out
}

/// The media type without its charset, which nginx states by itself for the types it is told.
fn bare(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default()
}

fn types(out: &mut String) {
    let charset: Vec<_> = text_types().into_iter().filter(|(_, utf8)| *utf8).map(|(mime, _)| mime).collect();
    let _ = writeln!(out, "    charset utf-8;\n    charset_types {};", charset.join("\n                  "));
    out.push_str("    default_type application/octet-stream;\n    types {\n");
    for (mime, endings) in media::types() {
        let _ = writeln!(out, "        {} {};", bare(mime), endings.join(" "));
    }
    out.push_str("    }\n\n");
}

/// The types of text, but for HTML, which nginx counts as text untold; and whether each is sent as UTF-8.
fn text_types() -> Vec<(String, bool)> {
    let named = media::NAMED.iter().map(|(name, _)| media::in_utf8(name));
    let all = media::types().into_iter().map(|(mime, _)| mime).chain(named).filter(|mime| media::is_text(mime));
    let all = all.map(|mime| (bare(mime).to_string(), mime.contains("charset=")));
    all.filter(|(mime, _)| mime != "text/html").collect()
}

fn compression(out: &mut String, policy: &Policy, lang: Lang) {
    let types: Vec<_> = text_types().into_iter().map(|(mime, _)| mime).collect();
    out.push_str("    gzip on;\n    gzip_vary on;\n    gzip_min_length 1024;\n");
    let _ = writeln!(out, "    gzip_types {};", types.join("\n               "));
    if policy.serves(Encoding::Gzip) {
        out.push_str("    gzip_static on;\n");
    }
    if policy.serves(Encoding::Brotli) {
        out.push_str(&comment("hosting.brotli_module", lang, "    "));
        out.push_str("    brotli_static on;\n");
    }
}

fn headers(out: &mut String, policy: &Policy, freshness: Freshness, indent: &str) {
    let caching = ("Cache-Control", freshness.value());
    for (name, value) in policy.headers.iter().map(|(n, v)| (*n, v.as_str())).chain([caching]) {
        let _ = writeln!(out, "{indent}add_header {name} \"{value}\" always;");
    }
}

/// A location within the section's, with every header again: `add_header` replaces those of the level above.
fn location(out: &mut String, policy: &Policy, (how, at, name): (&str, &str, &str), freshness: Freshness, first: &str) {
    let _ = writeln!(out, "    location {how} \"{at}{name}\" {{");
    out.push_str(first);
    headers(out, policy, freshness, "        ");
    out.push_str("    }\n");
}
