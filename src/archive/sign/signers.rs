//! Those who are trusted to sign: the file `allowed_signers` of OpenSSH (ssh-keygen(1), ALLOWED SIGNERS).
//! In: its text. Out: who a key belongs to, for a purpose and at a moment. Knows no signature.

use crate::base::{Instant, Zone};

/// Most lines.
const LINES: usize = 100_000;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Who signs with the key.
    pub principals: String,
    /// Type of the key and the key in base 64.
    key: (String, String),
    /// For what, as patterns; for everything when there are none.
    namespaces: Option<String>,
    /// Seconds since 1970-01-01T00:00:00Z from when, and until when.
    valid: (Option<i64>, Option<i64>),
}

/// A list of those who are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signers(Vec<Signer>);

/// Why a key is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It is not in the list.
    Unknown,
    /// It is there, but not for archives.
    Namespace,
    /// It is there, but not for that moment.
    Time,
}

impl Signers {
    /// Reads the file; times without `Z` count as UTC, so that two machines agree.
    ///
    /// # Errors
    /// The number of the first line that cannot be read.
    pub fn read(text: &str) -> Result<Self, usize> {
        let mut out = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if out.len() == LINES {
                return Err(index + 1);
            }
            out.push(signer(line).ok_or(index + 1)?);
        }
        // Authorities sign keys, not archives.
        Ok(Self(out.into_iter().flatten().collect()))
    }

    /// Who signs archives with a key, given by type and base 64, at a moment.
    ///
    /// # Errors
    /// Why nobody is trusted to.
    pub fn who(&self, kind: &str, key: &str, namespace: &str, moment: i64) -> Result<&Signer, Distrust> {
        let mut why = Distrust::Unknown;
        for signer in self.0.iter().filter(|s| (s.key.0.as_str(), s.key.1.as_str()) == (kind, key)) {
            let (from, until) = signer.valid;
            if signer.namespaces.as_deref().is_some_and(|patterns| !listed(patterns, namespace)) {
                why = Distrust::Namespace;
            } else if from.is_some_and(|from| moment < from) || until.is_some_and(|until| moment > until) {
                why = Distrust::Time;
            } else {
                return Ok(signer);
            }
        }
        Err(why)
    }
}

/// Reads a line: `principals [options] type key [comment]`. Outer `None` when that is not possible, inner when the line is
/// about an authority.
fn signer(line: &str) -> Option<Option<Signer>> {
    let (principals, rest) = word(line)?;
    let (first, after) = word(rest)?;
    let (options, (kind, rest)) =
        if is_key_type(&first) { (String::new(), (first, after)) } else { (first, word(after)?) };
    if !is_key_type(&kind) {
        return None;
    }
    let (key, _) = word(rest)?;
    let signer = Signer { principals, key: (kind, key), namespaces: None, valid: (None, None) };
    with_options(signer, &options)
}

fn with_options(mut signer: Signer, options: &str) -> Option<Option<Signer>> {
    let mut authority = false;
    for option in split(options) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
        match name.to_ascii_lowercase().as_str() {
            "cert-authority" => authority = true,
            "namespaces" if !value.is_empty() => signer.namespaces = Some(value.into()),
            "valid-after" => signer.valid.0 = Some(time(value)?),
            "valid-before" => signer.valid.1 = Some(time(value)?),
            _ => return None,
        }
    }
    Some((!authority).then_some(signer))
}

fn is_key_type(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-", "webauthn-"].iter().any(|start| word.starts_with(start)) && !word.contains(['=', '"'])
}

/// The first word, quotes around it taken away where they are around the whole, and the rest.
fn word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let mut quoted = false;
    let ends = |c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    };
    let (word, rest) = text.split_at(text.find(ends).unwrap_or(text.len()));
    let bare = word.strip_prefix('"').and_then(|w| w.strip_suffix('"')).unwrap_or(word);
    (!word.is_empty() && word.matches('"').count() % 2 == 0).then(|| (bare.to_string(), rest))
}

/// The options of a line, separated by commas outside of quotes.
fn split(options: &str) -> Vec<&str> {
    let mut quoted = false;
    let parts = options.split(move |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, each with or without `Z`.
fn time(text: &str) -> Option<i64> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("00");
    let known = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
    let (day, hour) = (digits.get(..8)?, part(8, 10));
    let text = format!("{}-{}-{} {hour}:{}:{}", &day[..4], &day[4..6], &day[6..], part(10, 12), part(12, 14));
    Instant::parse(&text, &Zone::utc()).filter(|_| known).map(|i| i.unix())
}

/// Whether a name is one of a list of patterns (ssh_config(5), PATTERNS): `*`, `?`, and `!` for what is excepted.
fn listed(patterns: &str, name: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',').map(str::trim) {
        match pattern.strip_prefix('!') {
            Some(excepted) if matches(excepted.as_bytes(), name.as_bytes()) => return false,
            Some(_) => {}
            None => found |= matches(pattern.as_bytes(), name.as_bytes()),
        }
    }
    found
}

/// Goes back to the last `*` only, so that hostile patterns cost no more than their length times that of the name.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((after, at)) => {
                    (p, n) = (after, at + 1);
                    star = Some((after, at + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(text: &str, moment: i64) -> Result<String, Distrust> {
        let signers = Signers::read(text).expect("a list");
        signers.who("ssh-ed25519", "AAAA", "sunlit-archive", moment).map(|s| s.principals.clone())
    }

    #[test]
    fn a_key_is_trusted_for_what_its_line_says() {
        let list = "# who\n\narchive@a.example,b ssh-ed25519 AAAA a comment\n";
        assert_eq!(who(list, 0), Ok("archive@a.example,b".into()));
        assert_eq!(who("a ssh-ed25519 BBBB", 0), Err(Distrust::Unknown));
        assert_eq!(who("a ssh-rsa AAAA", 0), Err(Distrust::Unknown));
        assert_eq!(who("a cert-authority ssh-ed25519 AAAA", 0), Err(Distrust::Unknown));
        assert_eq!(who("a namespaces=\"git,file\" ssh-ed25519 AAAA", 0), Err(Distrust::Namespace));
        for namespaces in ["sunlit-archive", "git,sunlit-*", "*", "sunlit-archiv?"] {
            assert_eq!(who(&format!("a namespaces=\"{namespaces}\" ssh-ed25519 AAAA"), 0), Ok("a".into()));
        }
        assert_eq!(who("a namespaces=\"*,!sunlit-*\" ssh-ed25519 AAAA", 0), Err(Distrust::Namespace));
        assert_eq!(who("\"甲 局\" ssh-ed25519 AAAA", 0), Ok("甲 局".into()));
    }

    #[test]
    fn a_key_is_trusted_only_while_it_is_valid() {
        let list = "a valid-after=\"20240101\",valid-before=\"20250101120000Z\" ssh-ed25519 AAAA";
        let at = |text| Instant::parse(text, &Zone::utc()).expect("a moment").unix();
        assert_eq!(who(list, at("2023-12-31 23:59:59")), Err(Distrust::Time));
        assert_eq!(who(list, at("2024-01-01 00:00")), Ok("a".into()));
        assert_eq!(who(list, at("2025-01-01 12:00")), Ok("a".into()));
        assert_eq!(who(list, at("2025-01-01 12:00:01")), Err(Distrust::Time));
        // Another line of the same key may still hold.
        assert_eq!(who(&format!("{list}\nb ssh-ed25519 AAAA"), 0), Ok("b".into()));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let bad = [
            "a",
            "a ssh-ed25519",
            "a unknown-option ssh-ed25519 AAAA",
            "a valid-after=\"2024\" ssh-ed25519 AAAA",
            "a valid-after=\"20241301\" ssh-ed25519 AAAA",
            "\"a ssh-ed25519 AAAA",
            "a namespaces=\"\" ssh-ed25519 AAAA",
        ];
        for line in bad {
            assert_eq!(Signers::read(&format!("# first\n{line}\n")), Err(2), "{line}");
        }
    }
}
