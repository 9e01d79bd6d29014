//! The policy as a file `_headers`, which Netlify and Cloudflare Pages read at the root of a project.
//!
//! Cloudflare joins the values of a header that two rules set, with a comma; so no two rules here set the same header.
//! Stars stand only at the end of a path, where both hosts read them alike. The rest is as these hosts do it by
//! themselves: pages are asked for anew each time, compression and status 404 with `404.html` come without being told.

use super::{BasePath, FINGERPRINTED, Freshness, Policy, TRANSPORT, comment, media};
use crate::base::Lang;
use std::fmt::Write;

/// Files whose types these hosts would state without a charset, or as another type.
const TYPED: &[&str] = &["atom.xml", "feed.json", "data/reports.csv", "data/reports.json"];

/// The file for a project in which the section lies at `base`; its comments are in `lang`.
pub fn headers(policy: &Policy, base: &BasePath, lang: Lang) -> String {
    let at = base.encoded();
    let mut out = comment("hosting.headers", lang, "");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "\n{at}*");
    for (name, value) in &policy.headers {
        let _ = writeln!(out, "  {name}: {value}");
    }
    out.push_str(&comment("hosting.transport", lang, "  "));
    let (name, value) = TRANSPORT;
    let _ = writeln!(out, "  # {name}: {value}\n");
    let _ = writeln!(out, "{at}{FINGERPRINTED}*\n  Cache-Control: {}", Freshness::Fixed.value());
    for path in TYPED {
        let _ = writeln!(out, "\n{at}{path}\n  Content-Type: {}", media::in_utf8(path));
    }
    out
}
