//! What would help an intruder: private addresses, hosts that exist only within a network, passwords with their value.
//! In: a paragraph. Out: marks. Versions (10.1.2.3版) and talk of passwords (密码为8位以上) are passed over.

use super::{Mark, Secrecy};
use crate::text::normal::visible;
use memchr::memmem;
use std::ops::Range;

/// Adds addresses in 10/8, 172.16/12 and 192.168/16 (RFC 1918), and web addresses whose host has no public name.
pub(super) fn addresses(text: &str, marks: &mut Vec<Mark>) {
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|t| t.find(['1', '１'])) {
        let start = at + offset;
        let tail = text.get(start..).unwrap_or_default();
        if !["10.", "172.", "192.", "１"].iter().any(|head| tail.starts_with(head)) {
            at = start + 1;
            continue;
        }
        let (range, private) = quad(text, start);
        if private && !is_version(text, &range) {
            marks.push(Mark { range: range.clone(), what: Secrecy::ExposedAddress });
        }
        at = range.end;
    }
    for sign in memmem::find_iter(text.as_bytes(), "://") {
        if let Some(range) = inner_host(text, sign) {
            marks.push(Mark { range, what: Secrecy::ExposedAddress });
        }
    }
}

/// The digits and dots from `start`, and whether they are a private address that stands for itself.
fn quad(text: &str, start: usize) -> (Range<usize>, bool) {
    let (mut plain, mut at, mut end) = (String::new(), start, start);
    while let Some((c, place)) =
        visible(text, at).filter(|(c, _)| (c.is_ascii_digit() || *c == '.') && plain.len() < 40)
    {
        plain.push(c);
        at = place.end;
        if c.is_ascii_digit() {
            end = at;
        }
    }
    let numbers: Vec<Option<u8>> = plain.trim_end_matches('.').split('.').map(|n| n.parse().ok()).collect();
    let private = match numbers.as_slice() {
        [Some(10), Some(_), Some(_), Some(_)] | [Some(192), Some(168), Some(_), Some(_)] => true,
        [Some(172), Some(second), Some(_), Some(_)] => (16..=31).contains(second),
        _ => false,
    };
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let alone = !word(before) && !matches!(before, Some('.' | '-' | '_')) && !word(after);
    (start..end.max(start + text[start..].chars().next().map_or(1, char::len_utf8)), private && alone)
}

fn is_version(text: &str, range: &Range<usize>) -> bool {
    let head = text[..range.start].trim_end_matches([' ', '：', ':', '号', '为', '至', '到', 'V', 'v']);
    head.ends_with("版本") || head.ends_with("升级") || text[range.end..].trim_start().starts_with('版')
}

/// The web address around `://` at `sign` when its host has no dot or ends like the name of an inner network.
fn inner_host(text: &str, sign: usize) -> Option<Range<usize>> {
    let scheme = ["https", "http", "ftp"].into_iter().find(|s| text[..sign].ends_with(s))?;
    let start = sign - scheme.len();
    let tail = text.get(sign + 3..)?;
    let length = tail
        .bytes()
        .take_while(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b')' | b'(' | b'|'))
        .count();
    let address = tail.get(..length)?;
    let host = address.split(['/', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let inner = [".local", ".lan", ".intranet", ".internal", ".corp", ".localdomain", ".home"];
    let named = host.bytes().any(|b| b.is_ascii_alphabetic())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    // A host that goes on in Han characters is an internationalized name.
    let cut = tail.get(length..).and_then(|t| t.chars().next()).is_some_and(|c| c.is_alphanumeric())
        && !address.contains('/');
    let unknown = named && !cut && (!host.contains('.') || inner.iter().any(|e| host.ends_with(e)));
    unknown.then(|| start..sign + 3 + address.trim_end_matches(['.', ',', ';']).len())
}

/// Adds passwords that stand with their value: 密码：Abc@1234, 口令为123456.
pub(super) fn passwords(text: &str, marks: &mut Vec<Mark>) {
    for word in ["密码", "口令", "password", "Password", "passwd"] {
        for at in memmem::find_iter(text.as_bytes(), word) {
            if let Some(end) = password(text, at + word.len()) {
                marks.push(Mark { range: at..end, what: Secrecy::Password });
            }
        }
    }
}

/// Where the value ends that follows `from` behind a colon or 为, 是.
fn password(text: &str, from: usize) -> Option<usize> {
    let tail = text.get(from..)?;
    let value = tail.trim_start_matches([' ', '：', ':', '为', '是', '=', '“', '"']);
    if !tail[..tail.len() - value.len()].contains(['：', ':', '为', '是', '=']) {
        return None;
    }
    let length = value
        .bytes()
        .take(64)
        .take_while(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'|' | b'<' | b',' | b';'))
        .count();
    let secret = value.get(..length)?;
    let told = secret.bytes().any(|b| b.is_ascii_digit())
        || secret.len() >= 6 && secret.bytes().any(|b| b.is_ascii_alphabetic());
    let counted = ["位", "个", "次", "年", "月", "天"].iter().any(|u| value[length..].starts_with(u));
    let hidden = secret.contains("**") || secret.contains("xxx") || secret.contains("://");
    (secret.len() >= 4 && told && !counted && !hidden).then(|| text.len() - value.len() + length)
}
