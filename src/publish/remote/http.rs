//! Requests to the servers of targets, by ureq. In: method, address, headers, a body. Out: status, headers and a bounded body,
//! or what the network did. Follows no redirect, and puts no address and no header into a message, for these carry
//! signatures and passwords.

use super::content::Source;
use crate::diag::Message;
use crate::publish::target::{Failure, Setting, Upload};
use std::io::Read;
use std::time::Duration;
use ureq::http::{HeaderMap, Request};
use ureq::tls::{PemItem, RootCerts, TlsConfig};
use ureq::{Agent, SendBody};

/// Most bytes of an answer that is no file: an error, a list of names, a lock.
pub(super) const ANSWER: u64 = 8 << 20;
/// How long nothing may come or go on a connection.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections to a server that stay open for the next request.
const IDLE: usize = 16;

/// Connections to one server.
#[derive(Debug, Clone)]
pub(super) struct Http {
    agent: Agent,
    /// The server's name, as messages say it.
    host: String,
}

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    headers: HeaderMap,
}

/// A request; its address may carry a signature.
pub(super) struct Ask<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// Bytes that are read of the answer; what is over is left.
    pub(super) limit: u64,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's value, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Http {
    /// Gets ready to talk to `host`. Certificates are judged by the authorities of Mozilla, or by those in the PEM file that
    /// `SSL_CERT_FILE` names.
    pub(super) fn new(host: &str, setting: &Setting<'_>) -> Result<Self, Failure> {
        let mut tls = TlsConfig::builder();
        if let Some(file) = (setting.environment)("SSL_CERT_FILE").filter(|f| !f.is_empty()) {
            tls = tls.root_certs(authorities(&file)?);
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(PATIENCE))
            .timeout_connect(Some(PATIENCE))
            .timeout_per_read(Some(PATIENCE))
            .timeout_per_write(Some(PATIENCE))
            .max_idle_connections(IDLE)
            .max_idle_connections_per_host(IDLE)
            .user_agent(concat!("sunlit/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: Agent::new_with_config(config), host: host.to_string() })
    }

    /// Asks without a body.
    pub(super) fn ask(&self, ask: &Ask<'_>) -> Result<Answer, Failure> {
        self.send(ask, SendBody::none(), None)
    }

    /// Asks with bytes as the body.
    pub(super) fn ask_with(&self, ask: &Ask<'_>, bytes: &[u8]) -> Result<Answer, Failure> {
        let mut bytes = bytes;
        let length = bytes.len() as u64;
        self.send(ask, SendBody::from_reader(&mut bytes), Some(length))
    }

    /// Asks with a file on its way as the body.
    pub(super) fn upload(&self, ask: &Ask<'_>, upload: &Upload<'_>) -> Result<Answer, Failure> {
        let mut source = Source::open(upload)?;
        let answer = self.send(ask, SendBody::from_reader(&mut source), Some(upload.length))?;
        source.verify(upload)?;
        Ok(answer)
    }

    fn send(&self, ask: &Ask<'_>, body: SendBody<'_>, length: Option<u64>) -> Result<Answer, Failure> {
        let mut request = Request::builder().method(ask.method).uri(ask.url);
        for (name, value) in ask.headers {
            request = request.header(*name, *value);
        }
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        let request = request.body(body).map_err(|_| self.network("an address that HTTP cannot carry"))?;
        let response = self.agent.run(request).map_err(|e| self.failed(&e))?;
        let (parts, body) = response.into_parts();
        let mut bytes = Vec::new();
        if ask.method != "HEAD" {
            // The limit itself is no error here: it is for the caller to say what more than it means.
            let mut reader = body.into_with_config().limit(u64::MAX).reader().take(ask.limit);
            reader.read_to_end(&mut bytes).map_err(|e| self.network(&why(&e)))?;
        }
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: bytes })
    }

    fn failed(&self, error: &ureq::Error) -> Failure {
        match error {
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => self.distrusted(error),
            ureq::Error::Io(error) => self.network(&why(error)),
            ureq::Error::Rustls(error) => self.distrusted(error),
            ureq::Error::Tls(error) => self.distrusted(error),
            ureq::Error::Timeout(_) => self.network("no answer in time"),
            ureq::Error::HostNotFound => self.network("no such host"),
            ureq::Error::ConnectionFailed => self.network("no connection"),
            ureq::Error::Protocol(_) => self.network("an answer that is not HTTP"),
            _ => self.network("the request failed"),
        }
    }

    fn network(&self, why: &str) -> Failure {
        Failure::Temporary(Message::new("remote.network").with("host", &self.host).with("why", why))
    }

    fn distrusted(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure::Permanent(Message::new("remote.certificate").with("host", &self.host).with("why", why))
    }

    /// What a status means that nobody expected, at `path`; `denied` says which credentials to look at. `code` is a word
    /// of the server about it, already made harmless.
    pub(super) fn refusal(&self, status: u16, code: &str, path: &str, denied: &'static str) -> Failure {
        let code = if code.is_empty() { String::new() } else { format!(" {code}") };
        let message = |key| {
            let message = Message::new(key).with("host", &self.host).with("status", status);
            message.with("code", &code).with("path", path)
        };
        match status {
            401 | 403 => Failure::Permanent(message(denied)),
            300..=399 => Failure::Permanent(message("remote.redirected")),
            408 | 423 | 425 | 429 | 500 | 502..=504 => Failure::Temporary(message("remote.status")),
            413 | 507 => Failure::Permanent(message("remote.full")),
            _ => Failure::Permanent(message("remote.status")),
        }
    }
}

/// Where a connection may go without encryption: to this machine, or wherever the target says `cleartext: allowed`.
pub(super) fn may_go_open(host: &str, setting: &Setting<'_>) -> Result<(), Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match setting.option("cleartext") {
        Some("allowed") => Ok(()),
        _ if here => Ok(()),
        _ => {
            let message = Message::new("remote.cleartext").with("target", &setting.destination.name);
            Err(Failure::Refused(message.with("host", host)))
        }
    }
}

/// The words of an error and of what caused it, which say more than the outermost.
fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::Other => error.get_ref().map_or_else(|| error.to_string(), |inner| inner.to_string()),
        _ => error.to_string(),
    }
}

fn authorities(file: &str) -> Result<RootCerts, Failure> {
    let refused =
        |why: String| Failure::Permanent(Message::new("remote.authorities").with("file", file).with("why", why));
    let pem = std::fs::read(file).map_err(|e| refused(e.to_string()))?;
    let mut found = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        if let Ok(PemItem::Certificate(certificate)) = item {
            found.push(certificate);
        }
    }
    match found.is_empty() {
        true => Err(refused("no certificate in it".to_string())),
        false => Ok(RootCerts::new_with_certs(&found)),
    }
}
