//! In which order files go, and what is said of each on the way: all by its path, as `docs/format.md` assigns them.
//! In: a path. Out: its rank, how long it may be kept. Opens no file.

use super::target::Cache;
use crate::base::SitePath;
use crate::hosting::FINGERPRINTED;

/// How early a file goes: what others show or link to goes before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Style sheets, scripts, fonts: `assets/`.
    Asset,
    /// What reports and pages show or offer: attachments, images, a report's data.
    Attachment,
    /// Reports, stand-alone pages, former addresses.
    Page,
    /// Lists of pages: years, bodies, archive.
    Index,
    /// What machines read to find the rest: feeds, sitemap, data of all reports, files of the host.
    Feed,
    /// The landing page: in a first publication nothing can be reached before it is there.
    Landing,
    /// The page for addresses that do not exist.
    NotFound,
}

/// The file that a compressed copy stands for: servers send `index.html.gz` to whoever asks for `index.html`.
pub fn original(path: &SitePath) -> Option<SitePath> {
    let text = path.as_str();
    text.strip_suffix(".gz").or_else(|| text.strip_suffix(".br")).and_then(SitePath::new)
}

/// The rank of a file. A compressed copy goes with the file that it stands for.
pub fn rank(path: &SitePath) -> Rank {
    let original = original(path);
    let name = original.as_ref().unwrap_or(path).as_str();
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    match (folder, file) {
        _ if name.starts_with(FINGERPRINTED) => Rank::Asset,
        ("", "atom.xml" | "feed.json" | "robots.txt") | ("data", _) => Rank::Feed,
        ("", file) if file.starts_with("sitemap") || file.starts_with('_') => Rank::Feed,
        ("", "index.html") => Rank::Landing,
        ("", "404.html") => Rank::NotFound,
        ("", "archive.html") | ("organizations", _) => Rank::Index,
        (year, "index.html") if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => Rank::Index,
        (_, file) if file.ends_with(".html") || file.ends_with(".htm") => Rank::Page,
        _ => Rank::Attachment,
    }
}

/// How long others may keep a file: theme assets are named after their content.
pub fn cache(path: &SitePath) -> Cache {
    if rank(path) == Rank::Asset { Cache::Fingerprinted } else { Cache::Page }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_show_goes_first() {
        use Rank::{Asset, Attachment, Feed, Index, Landing, NotFound, Page};
        let ranks = [
            ("assets/style.0123456789abcdef.css", Asset),
            ("2024/a/annex 1.xlsx", Attachment),
            ("2024/a.json", Attachment),
            ("2024/a.html", Page),
            ("2024/a.html.br", Page),
            ("old/address.html", Page),
            ("pages/accessibility.html", Page),
            ("2024/index.html", Index),
            ("2024/index.html.gz", Index),
            ("organizations/a.html", Index),
            ("index.html", Landing),
            ("404.html.gz", NotFound),
            ("sitemap-2.xml", Feed),
            ("data/reports.csv", Feed),
            ("_headers", Feed),
            ("robots.txt", Feed),
        ];
        for (path, wanted) in ranks {
            assert_eq!(rank(&SitePath::of(path)), wanted, "{path}");
        }
    }
}
