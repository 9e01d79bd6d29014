//! The media types of a section's files as servers are told them. Text is UTF-8 throughout, and says so.

use crate::base::media;
pub use crate::base::media::{NAMED, in_utf8};

/// Every `Content-Type` with the endings of the files that bear it, both sorted.
pub fn types() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for ending in media::endings() {
        let mime = in_utf8(&format!("x.{ending}"));
        match out.iter_mut().find(|(known, _)| *known == mime) {
            Some((_, list)) => list.push(ending),
            None => out.push((mime, vec![ending])),
        }
    }
    out.sort();
    out
}

/// Whether a `Content-Type` is text, which is worth compressing.
pub fn is_text(content_type: &str) -> bool {
    content_type.contains("charset=") || content_type == "image/svg+xml"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ending_is_listed_twice() {
        let mut endings: Vec<_> = types().into_iter().flat_map(|(_, endings)| endings).collect();
        let all = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), all);
    }
}
