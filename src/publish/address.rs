//! `to:` of a target, taken apart (RFC 3986, section 3), and shown without what must not be shown.
//! In: text. Out: an [`Address`] without a password, or why not.

use crate::base::path::decode;

/// A URL, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What stands before `://`.
    pub scheme: String,
    /// What stands before `@`, decoded.
    pub user: Option<String>,
    /// Host, as written; empty for a file. Brackets of an IPv6 address stay.
    pub host: String,
    /// Port, where one is given.
    pub port: Option<u16>,
    /// Path, decoded, with the `/` at its start; empty where there is none.
    pub path: String,
    /// What follows `#`, decoded.
    pub fragment: Option<String>,
    /// The whole as it was written.
    pub text: String,
}

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is no URL.
    Malformed,
    /// It holds a password.
    Password,
    /// It has a query, in which tokens are handed about.
    Query,
}

impl Address {
    /// Takes an address apart.
    ///
    /// # Errors
    /// One that is no URL, holds a password, or has a query.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let (scheme, rest) = text.split_once("://").ok_or(Fault::Malformed)?;
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.');
        if scheme.is_empty() || !scheme.bytes().all(letter) || text.contains(|c: char| c.is_control() || c == ' ') {
            return Err(Fault::Malformed);
        }
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(decode(fragment).ok_or(Fault::Malformed)?)),
            None => (rest, None),
        };
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        if user.is_some_and(|u| u.contains(':') || u.contains("%3A") || u.contains("%3a")) {
            return Err(Fault::Password);
        }
        if rest.contains('?') {
            return Err(Fault::Query);
        }
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port.parse().map_err(|_| Fault::Malformed)?)),
            _ => (place, None),
        };
        let clean = |text: String| (!text.contains(|c: char| c.is_control())).then_some(text).ok_or(Fault::Malformed);
        Ok(Self {
            scheme: scheme.to_string(),
            user: user.map(|u| decode(u).ok_or(Fault::Malformed)).transpose()?.map(clean).transpose()?,
            host: host.to_string(),
            port,
            path: clean(decode(path).ok_or(Fault::Malformed)?)?,
            fragment: fragment.map(clean).transpose()?,
            text: text.to_string(),
        })
    }
}

/// An address as it may be shown, whatever it is: a password and a query become `***`.
pub fn mask(text: &str) -> String {
    let (text, query) = match text.split_once('?') {
        Some((text, _)) => (text, "?***"),
        None => (text, ""),
    };
    let start = text.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = text.split_at(start);
    // A password may hold `/` and `@` that nobody encoded: the last `@` ends it.
    match rest.rsplit_once('@') {
        Some((user, place)) => match user.split_once(':') {
            Some((user, _)) => format!("{scheme}{user}:***@{place}{query}"),
            None => format!("{scheme}{user}@{place}{query}"),
        },
        None => format!("{scheme}{rest}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart() {
        let a = Address::parse("sftp://web@example.org:2222/srv/a%20b").expect("an address");
        assert_eq!(
            (a.scheme.as_str(), a.user.as_deref(), a.host.as_str(), a.port),
            ("sftp", Some("web"), "example.org", Some(2222))
        );
        assert_eq!(a.path, "/srv/a b");
        let a = Address::parse("git+file:///srv/pages.git#gh-pages").expect("an address");
        assert_eq!((a.host.as_str(), a.path.as_str(), a.fragment.as_deref()), ("", "/srv/pages.git", Some("gh-pages")));
        assert_eq!(Address::parse("s3://[::1]:9000/x").map(|a| (a.host, a.port)), Ok(("[::1]".into(), Some(9000))));
        assert_eq!(Address::parse("s3://[::1]/x").map(|a| (a.host, a.port)), Ok(("[::1]".into(), None)));
    }

    #[test]
    fn what_is_no_address_or_holds_a_secret_is_refused() {
        for text in ["/srv/www", "srv", "://x", "file:/srv", "a b://x", "file:///srv\n", "sftp://h:port/", "s3://b/%00"]
        {
            assert_eq!(Address::parse(text), Err(Fault::Malformed), "{text:?}");
        }
        for text in ["sftp://web:secret@h/", "webdavs://u:@h", "sftp://web%3Asecret@h/"] {
            assert_eq!(Address::parse(text), Err(Fault::Password), "{text}");
        }
        assert_eq!(Address::parse("s3://b/p?token=x"), Err(Fault::Query));
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        for text in ["sftp://web:sec@ret@h/p", "sftp://web:se/cret@h/p", "web:secret@h/p", "s3://b?key=secret"] {
            let shown = mask(text);
            assert!(!shown.contains("cret") && shown.contains("***"), "{shown}");
        }
        assert_eq!(mask("sftp://web@h/p"), "sftp://web@h/p");
    }
}
