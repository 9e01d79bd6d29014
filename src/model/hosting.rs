//! What `site.yaml` asks of the files around the section: for web servers, and compressed copies.

use super::decode::Checked;
use super::site::FILE;
use crate::diag::{Code, Diagnostic, Key, Message, Place};

/// The key `hosting` of `site.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosting {
    /// Whether the section holds a file `_headers`, which Netlify and Cloudflare Pages read.
    pub headers_file: bool,
    /// The compressed copies that stand beside text files, each once, in the order of [`Encoding::ALL`].
    pub precompress: Vec<Encoding>,
}

/// A content coding of HTTP (RFC 9110, section 8.4.1) in which a file waits ready-made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// `gzip` (RFC 1952): `page.html.gz`.
    Gzip,
    /// `br` (RFC 7932): `page.html.br`.
    Brotli,
}

/// The words of `hosting: {files: […]}`.
pub const FILES: &[&str] = &["headers"];
/// The words of `hosting: {precompress: […]}`: the endings of the copies.
pub const ENDINGS: &[&str] = &["gz", "br"];

impl Encoding {
    /// Every coding.
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Brotli];

    /// What the name of a compressed copy ends in, without the point.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Brotli => "br",
        }
    }
}

impl Hosting {
    /// Reads the key; a finding for what this program was not built to make.
    pub(super) fn read(map: Checked<'_>, sink: &mut Vec<Diagnostic>) -> Self {
        let brotli = map.texts("precompress").iter().position(|w| &**w == Encoding::Brotli.ending());
        if let (Some(index), false) = (brotli, cfg!(feature = "brotli")) {
            let path = vec![Key::Name("hosting".into()), Key::Name("precompress".into()), Key::Index(index)];
            let finding = Diagnostic::new(Code::Yaml001, Message::new("hosting.no_brotli"));
            sink.push(finding.at(FILE, Place::Value(path)).help(Message::new("hosting.no_brotli.help")));
        }
        let named = |key: &str, word: &str| map.texts(key).iter().any(|w| &**w == word);
        Self {
            headers_file: named("files", "headers"),
            precompress: Encoding::ALL.into_iter().filter(|e| named("precompress", e.ending())).collect(),
        }
    }
}
