//! Accounts by which a person can be reached: e-mail outside gov.cn, QQ, WeChat.
//! In: the text and where such an account may stand. Out: hits. Accounts of bodies (公众号, 官方微信) are passed over.

use super::context::{before, has};
use super::{Hit, Personal};
use crate::text::normal::{Run, visible};
use memchr::memmem;
use std::ops::Range;
use std::sync::LazyLock;

/// Reads the e-mail address around the at sign at `at`, nothing of it before `floor`. Gives where to go on, and the
/// hit.
pub(super) fn email(text: &str, floor: usize, at: usize) -> (usize, Option<Hit>) {
    let sign = text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
    let local = local_part(text, floor, at);
    let (host, end) = host(text, at + sign);
    let private = is_public_host(&host).is_some_and(|public| !public);
    let hit = (private && local < at && !text[..local].ends_with("//"))
        .then_some(Hit { range: local..end, what: Personal::Email });
    (end.max(at + sign), hit)
}

/// Where the part before the at sign begins.
fn local_part(text: &str, floor: usize, at: usize) -> usize {
    let head = text.get(floor..at).unwrap_or_default();
    let mut first = at;
    for (i, c) in head.char_indices().rev() {
        match crate::text::normal::fold(c) {
            Some(c) if c.is_ascii_alphanumeric() => first = floor + i,
            Some('.' | '_' | '%' | '+' | '-') | None => {}
            Some(_) => break,
        }
    }
    first
}

/// The host from `from`, folded to lower case, and where it ends.
fn host(text: &str, from: usize) -> (String, usize) {
    let (mut host, mut at, mut end) = (String::new(), from, from);
    while let Some((c, place)) = visible(text, at).filter(|_| host.len() < 254) {
        match c {
            _ if c.is_ascii_alphanumeric() => end = place.end,
            '.' | '-' => {}
            _ => break,
        }
        host.push(c.to_ascii_lowercase());
        at = place.end;
    }
    (host.trim_end_matches(['.', '-']).to_string(), end)
}

/// Whether a host is the government's; `None` when it is no host at all.
fn is_public_host(host: &str) -> Option<bool> {
    let (name, top) = host.rsplit_once('.')?;
    let valid = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase()) && name.split('.').all(|l| !l.is_empty());
    valid.then(|| host == "gov.cn" || host.ends_with(".gov.cn"))
}

/// The QQ account that a run begins with: 5 to 11 digits behind the word QQ.
pub(super) fn qq(text: &str, run: &Run) -> Option<Hit> {
    let piece = run.pieces().first()?;
    let plain = run.plain().get(piece.range.clone())?;
    let prefixed = plain.get(..2).is_some_and(|p| p.eq_ignore_ascii_case("qq"));
    let skip = if prefixed { 2 } else { 0 };
    let digits = plain.get(skip..)?;
    if !(5..=11).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) || digits.starts_with('0') {
        return None;
    }
    let range = run.origin(piece.range.start + skip..piece.range.end)?;
    let near =
        before(text, range.start, 10).trim_end_matches(['号', '码', '群', '是', '为', '：', ':', ' ', '（', '(']);
    let named = ["QQ", "qq", "ＱＱ", "扣扣"].iter().any(|w| near.ends_with(w));
    let counted = ["人", "个", "万", "余", "条", "次", "元"].iter().any(|u| text[range.end..].starts_with(u));
    ((prefixed || named) && !counted).then_some(Hit { range, what: Personal::ChatAccount })
}

/// Made once: for a short text, making it would cost more than the search.
pub(super) static WECHAT: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("微信"));

/// Adds the WeChat accounts of `text`: a letter and 5 to 19 letters, digits, `_` or `-` behind 微信号 or 微信：.
pub(super) fn wechat(text: &str, hits: &mut Vec<Hit>) {
    for at in WECHAT.find_iter(text.as_bytes()) {
        if let Some(range) = wechat_account(text, at + WECHAT.needle().len())
            && !has(before(text, at, 5), &["官方", "政务", "企业", "机关", "单位", "部门"])
        {
            hits.push(Hit { range, what: Personal::ChatAccount });
        }
    }
}

fn wechat_account(text: &str, from: usize) -> Option<Range<usize>> {
    let tail = text.get(from..)?;
    let word = ["号码", "账号", "帐号", "号", "ID", "id"].into_iter().find(|w| tail.starts_with(w)).unwrap_or_default();
    let rest = tail.get(word.len()..)?;
    let value = rest.trim_start_matches([' ', '：', ':', '为', '是', '（', '(', '\u{3000}']);
    let lead = rest.strip_suffix(value)?;
    if word.is_empty() && !lead.contains(['：', ':', '为', '是', '（', '(']) {
        return None;
    }
    let start = from + word.len() + lead.len();
    let (mut end, mut length) = (start, 0);
    while let Some((c, place)) = visible(text, end) {
        let first = length == 0;
        let fits = c.is_ascii_alphabetic() || !first && (c.is_ascii_digit() || matches!(c, '_' | '-'));
        if !fits || length > 20 {
            // A host or an address goes on where an account ends.
            let goes_on = matches!(c, '.' | '/' | '@') || c == ':' && text[place.end..].starts_with("//");
            return ((6..=20).contains(&length) && !goes_on).then_some(start..end);
        }
        length += 1;
        end = place.end;
    }
    (6..=20).contains(&length).then_some(start..end)
}
