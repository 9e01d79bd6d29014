//! The asking itself, by ureq.

use super::{Answer, Limits};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use ureq::Agent;

pub(super) fn ask(addresses: &[String], limits: &Limits, heard: &(dyn Fn() + Sync)) -> Vec<Answer> {
    let mut by_host: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, address) in addresses.iter().enumerate().take(limits.addresses) {
        by_host.entry(host(address)).or_default().push(index);
    }
    let hosts: Vec<Vec<usize>> = by_host.into_values().collect();
    let answers = Mutex::new(vec![Answer::Unasked; addresses.len()]);
    let next = AtomicUsize::new(0);
    let agent = agent(limits);
    thread::scope(|scope| {
        for _ in 0..limits.hosts.min(hosts.len()) {
            scope.spawn(|| {
                while let Some(host) = hosts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for (nth, index) in host.iter().enumerate() {
                        if nth > 0 {
                            thread::park_timeout(limits.pause);
                        }
                        let answer = one(&agent, &addresses[*index]);
                        answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[*index] = answer;
                        heard();
                    }
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn agent(limits: &Limits) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(limits.patience))
        .max_redirects(limits.redirects)
        .http_status_as_error(false)
        .user_agent(concat!("sunlit/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .build();
    Agent::new_with_config(config)
}

/// `HEAD` first; many servers refuse it, or answer it otherwise than `GET`, so that only `GET` can condemn a link.
fn one(agent: &Agent, address: &str) -> Answer {
    let status = |response: Result<ureq::http::Response<ureq::Body>, ureq::Error>| match response {
        Ok(response) => Ok(response.status().as_u16()),
        Err(error) => Err(error.to_string()),
    };
    match status(agent.head(address).call()) {
        Ok(code) if code < 400 => Answer::Fine,
        _ => match status(agent.get(address).call()) {
            Ok(code) if code < 400 => Answer::Fine,
            Ok(code) => Answer::Status(code),
            Err(why) => Answer::Silent(why),
        },
    }
}

/// Host and port of an address.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}
