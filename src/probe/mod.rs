//! Asks other websites whether links still answer: only on request, never in a build. In: addresses and limits. Out: an
//! answer for each. A host is asked one thing at a time; nothing but the head of an answer is read.

#[cfg(feature = "external-links")]
mod http;

use std::time::Duration;

/// How much may be asked, and how long to wait.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most addresses in one run; what is over is left unasked.
    pub addresses: usize,
    /// Hosts that are asked at the same time.
    pub hosts: usize,
    /// How long one address may take, redirects included.
    pub patience: Duration,
    /// Pause between two requests to one host.
    pub pause: Duration,
    /// Most redirects that are followed.
    pub redirects: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            addresses: 1_000,
            hosts: 8,
            patience: Duration::from_secs(15),
            pause: Duration::from_millis(200),
            redirects: 5,
        }
    }
}

/// What became of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It answers.
    Fine,
    /// It answers with this HTTP status of 400 or more.
    Status(u16),
    /// It does not answer; why, in the words of the network.
    Silent(String),
    /// It was not asked: there were more than the limit.
    Unasked,
}

/// Whether this program can ask at all.
pub const AVAILABLE: bool = cfg!(feature = "external-links");

/// Asks every address, in the order given; the answers come in the same order.
#[cfg(feature = "external-links")]
pub fn ask(addresses: &[String], limits: &Limits, heard: &(dyn Fn() + Sync)) -> Vec<Answer> {
    http::ask(addresses, limits, heard)
}

/// Asks nothing: this program was built without the feature `external-links`.
#[cfg(not(feature = "external-links"))]
pub fn ask(addresses: &[String], _: &Limits, _: &(dyn Fn() + Sync)) -> Vec<Answer> {
    vec![Answer::Unasked; addresses.len()]
}
