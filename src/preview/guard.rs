//! Which requests are answered. A page of another website must not read a preview: neither by a name that it lets lead to
//! this machine (DNS rebinding), nor by asking across origins. In: heads of requests. Out: yes, or the status of the refusal.

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::{Method, Request, StatusCode};
use std::net::{IpAddr, SocketAddr};

/// Longest address, in bytes.
const URL: usize = 2048;

/// Under which names the preview is asked for.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    address: SocketAddr,
    name: String,
}

impl Guard {
    pub(super) fn new(address: SocketAddr, name: &str) -> Self {
        Self { address, name: name.trim_matches(['[', ']']).to_ascii_lowercase() }
    }

    /// Refuses what is not to be answered.
    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), StatusCode> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let uri = request.uri();
        if uri.path().len() + uri.query().map_or(0, str::len) > URL {
            return Err(StatusCode::URI_TOO_LONG);
        }
        let headers = request.headers();
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next().and_then(|h| h.to_str().ok()), hosts.next()) else {
            return Err(StatusCode::MISDIRECTED_REQUEST);
        };
        // An address may be asked for whole, as proxies are asked: its host counts as well.
        let whole = uri.authority().map(|a| a.as_str());
        if !self.knows(host) || whole.is_some_and(|name| !self.knows(name)) {
            return Err(StatusCode::MISDIRECTED_REQUEST);
        }
        if is_foreign(headers, host) { Err(StatusCode::FORBIDDEN) } else { Ok(()) }
    }

    /// Whether a `Host` names this preview: an IP address of the kind it listens at, `localhost`, or the name it was given.
    fn knows(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        if port != Some(self.address.port()) {
            return false;
        }
        let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
        match name.parse::<IpAddr>() {
            // Nobody can let a literal address lead elsewhere; but what listens at home is not known by others.
            Ok(ip) => ip.is_loopback() || !self.address.ip().is_loopback(),
            Err(_) => name == "localhost" || name == self.name,
        }
    }
}

/// Whether a page of another origin asks. Following a link is no asking: the answer is not seen by the page with the link.
fn is_foreign(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let origin = headers.get(ORIGIN).map(|o| o.as_bytes() != format!("http://{host}").as_bytes());
    let site = text("sec-fetch-site").is_some_and(|s| !matches!(s, "same-origin" | "none"));
    let follows = text("sec-fetch-mode") == Some("navigate") && text("sec-fetch-dest") == Some("document");
    origin.unwrap_or(false) || (site && !follows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(guard: &Guard, uri: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        guard.check(&request.body(()).expect("a request")).map_or_else(|s| s.as_u16(), |()| 200)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let home = Guard::new(([127, 0, 0, 1], 4000).into(), "127.0.0.1");
        for host in ["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000", "[::1]:4000"] {
            assert_eq!(status(&home, "/", &[("host", host)]), 200, "{host}");
        }
        for host in
            ["evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "127.0.0.1.evil.example:4000", "192.0.2.1:4000", ""]
        {
            assert_eq!(status(&home, "/", &[("host", host)]), 421, "{host}");
        }
        assert_eq!(status(&home, "/", &[]), 421);
        assert_eq!(status(&home, "/", &[("host", "localhost:4000"), ("host", "evil.example:4000")]), 421);
        assert_eq!(status(&home, "http://evil.example:4000/", &[("host", "localhost:4000")]), 421);
        let wide = Guard::new(([0, 0, 0, 0], 4000).into(), "laptop.example");
        for host in ["192.0.2.1:4000", "laptop.example:4000", "localhost:4000"] {
            assert_eq!(status(&wide, "/", &[("host", host)]), 200, "{host}");
        }
        assert_eq!(status(&wide, "/", &[("host", "evil.example:4000")]), 421);
    }

    #[test]
    fn other_websites_may_link_here_but_not_ask() {
        let home = Guard::new(([127, 0, 0, 1], 4000).into(), "127.0.0.1");
        let with = |more: &[(&str, &str)]| status(&home, "/", &[&[("host", "localhost:4000")], more].concat());
        assert_eq!(with(&[("origin", "http://localhost:4000")]), 200);
        assert_eq!(with(&[("origin", "http://localhost:5000")]), 403);
        assert_eq!(with(&[("origin", "null")]), 403);
        assert_eq!(with(&[("sec-fetch-site", "same-origin")]), 200);
        assert_eq!(with(&[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors")]), 403);
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        assert_eq!(with(&[&link[..], &[("sec-fetch-dest", "document")]].concat()), 200);
        assert_eq!(with(&[&link[..], &[("sec-fetch-dest", "iframe")]].concat()), 403);
        assert_eq!(status(&home, &format!("/{}", "a".repeat(3000)), &[("host", "localhost:4000")]), 414);
    }
}
