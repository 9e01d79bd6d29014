//! S3-compatible storage: `s3://BUCKET/PREFIX`. Requests are signed by rusty-s3 (AWS Signature Version 4) and sent by ureq.
//! A PUT replaces an object whole; each carries Content-MD5, so that the server refuses what was damaged on the way, and the
//! SHA-256 as metadata, so that what stands there can be told without fetching it.

use super::content;
use super::hold::{self, Condition, FOLDER, Owner, Store, Written};
use super::http::{ANSWER, Answer, Ask, Http, may_go_open};
use super::list;
use crate::base::{Sha256, SitePath};
use crate::diag::Message;
use crate::publish::send::world;
use crate::publish::target::{Failure, Hold, Session, Setting, Standing, Target, Upload, Visibility};
use crate::write::manifest;
use base64::{Engine, prelude::BASE64_STANDARD};
use md5::{Digest, Md5};
use rayon::prelude::*;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle, actions};
use std::path::Path;
use std::time::Duration;

/// Most bytes of a manifest or a journal: about a million files.
const LISTED: u64 = 256 << 20;
/// How long a signature holds, which is how far clocks may differ.
const SIGNED_FOR: Duration = Duration::from_secs(900);
/// Up to so many paths are asked for, at once; for more, what is there is listed first.
const AT_ONCE: usize = 8;
/// Most pages of a listing, of a thousand objects each.
const PAGES: usize = 2_000;

struct S3 {
    http: Http,
    bucket: Bucket,
    credentials: Credentials,
    /// Empty, or ending in `/`.
    prefix: String,
    shown: String,
    me: Owner,
}

/// The target of `s3://BUCKET/PREFIX`. Options: `endpoint`, `region`, `addressing` (`host`, or `path`: the default where there is an
/// endpoint), `cleartext`.
pub(super) fn make(setting: &Setting<'_>) -> Result<Box<dyn Target>, Failure> {
    setting.only(&["endpoint", "region", "addressing", "cleartext"])?;
    let environment = |name: &str| (setting.environment)(name).filter(|value| !value.is_empty());
    let refused = |key| Failure::Refused(Message::new(key).with("target", &setting.destination.name));
    let credential = |name: &str| environment(name).ok_or_else(|| refused("remote.s3.no_credentials"));
    let (key, secret) = (credential("AWS_ACCESS_KEY_ID")?, credential("AWS_SECRET_ACCESS_KEY")?);
    let credentials = match environment("AWS_SESSION_TOKEN") {
        Some(token) => Credentials::new_with_token(key, secret, token),
        None => Credentials::new(key, secret),
    };
    let region = setting.option("region").map(str::to_string).or_else(|| environment("AWS_REGION"));
    let region = region.unwrap_or_else(|| "us-east-1".to_string());
    let endpoint = setting.option("endpoint").map(str::to_string).or_else(|| environment("AWS_ENDPOINT_URL"));
    let style = match (setting.option("addressing"), &endpoint) {
        (Some("path"), _) | (None, Some(_)) => UrlStyle::Path,
        (Some("host"), _) | (None, None) => UrlStyle::VirtualHost,
        (Some(_), _) => return Err(refused("remote.s3.addressing")),
    };
    let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    let host = list::host(&endpoint).ok_or_else(|| refused("remote.s3.endpoint"))?;
    if endpoint.starts_with("http://") {
        may_go_open(&host, setting)?;
    }
    let address = setting.address;
    let path = address.path.trim_matches('/');
    let wrong =
        address.user.is_some() || address.port.is_some() || address.fragment.is_some() || address.host.is_empty();
    if wrong || !(path.is_empty() || SitePath::new(path).is_some()) {
        return Err(refused("remote.s3.address"));
    }
    let endpoint = endpoint.parse().map_err(|_| refused("remote.s3.endpoint"))?;
    let bucket =
        Bucket::new(endpoint, style, address.host.clone(), region).map_err(|_| refused("remote.s3.endpoint"))?;
    Ok(Box::new(S3 {
        http: Http::new(&host, setting)?,
        bucket,
        credentials,
        prefix: if path.is_empty() { String::new() } else { format!("{path}/") },
        shown: format!("s3://{}/{path}", address.host),
        me: Owner::new(setting.publisher),
    }))
}

impl Target for S3 {
    fn address(&self) -> String {
        self.shown.clone()
    }

    fn open(&self, hold: Hold) -> Result<Box<dyn Session + '_>, Failure> {
        if hold != Hold::Look {
            let read = || self.get(&hold_key(), ANSWER);
            let write = |bytes: &[u8], condition| self.write(&hold_key(), bytes, "application/json", condition);
            hold::take(&Store { read: &read, write: &write }, hold, &self.me)?;
        }
        Ok(Box::new(Open { s3: self, holds: hold != Hold::Look }))
    }
}

/// An open target; dropping it lets the lock go.
struct Open<'a> {
    s3: &'a S3,
    holds: bool,
}

fn hold_key() -> String {
    format!("{FOLDER}/lock")
}

fn journal_key() -> String {
    format!("{FOLDER}/journal")
}

impl S3 {
    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    fn refusal(&self, answer: &Answer, path: &str) -> Failure {
        let code = list::error_code(&answer.body);
        match code.as_str() {
            // Busy servers and clocks that differ are told by the code alone.
            "SlowDown" | "RequestTimeout" | "BadDigest" | "IncompleteBody" => self.http.refusal(503, &code, path, ""),
            _ => self.http.refusal(answer.status, &code, path, "remote.s3.denied"),
        }
    }

    fn ask<'b>(&'b self, action: impl S3Action<'b>, method: &str, limit: u64) -> Result<Answer, Failure> {
        let url = action.sign(SIGNED_FOR);
        self.http.ask(&Ask { method, url: url.as_str(), headers: &[], limit })
    }

    /// An object, cut off at `limit`.
    fn get(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        let key = self.key(path);
        let answer = self.ask(self.bucket.get_object(Some(&self.credentials), &key), "GET", limit)?;
        match answer.status {
            404 if list::error_code(&answer.body) != "NoSuchBucket" => Ok(None),
            _ if answer.is_success() => Ok(Some(answer.body)),
            _ => Err(self.refusal(&answer, path)),
        }
    }

    /// Writes an object of our own, which nobody else reads.
    fn write(&self, path: &str, bytes: &[u8], media_type: &str, condition: Condition) -> Result<Written, Failure> {
        let sum = BASE64_STANDARD.encode(Md5::digest(bytes));
        let mut headers = vec![("cache-control", "no-store"), ("content-md5", &sum), ("content-type", media_type)];
        if condition == Condition::IfAbsent {
            headers.push(("if-none-match", "*"));
        }
        let key = self.key(path);
        let url = signed(self.bucket.put_object(Some(&self.credentials), &key), &headers);
        let ask = Ask { method: "PUT", url: &url, headers: &headers, limit: ANSWER };
        let answer = self.http.ask_with(&ask, bytes)?;
        match answer.status {
            409 | 412 if condition == Condition::IfAbsent => Ok(Written::Exists),
            _ if answer.is_success() => Ok(Written::Done),
            _ => Err(self.refusal(&answer, path)),
        }
    }

    fn delete(&self, path: &str) -> Result<(), Failure> {
        let key = self.key(path);
        let answer = self.ask(self.bucket.delete_object(Some(&self.credentials), &key), "DELETE", ANSWER)?;
        match answer.status {
            404 => Ok(()),
            _ if answer.is_success() => Ok(()),
            _ => Err(self.refusal(&answer, path)),
        }
    }

    fn upload(&self, file: &Upload<'_>) -> Result<(), Failure> {
        let sum = content::md5(file)?;
        let (sum, sha256) = (BASE64_STANDARD.encode(sum), file.sha256.to_string());
        // Sorted by name, as signing wants them.
        let headers = [
            ("cache-control", file.cache.control()),
            ("content-md5", &sum),
            ("content-type", file.media_type),
            ("x-amz-meta-sha256", &sha256),
        ];
        let key = self.key(file.path.as_str());
        let url = signed(self.bucket.put_object(Some(&self.credentials), &key), &headers);
        let ask = Ask { method: "PUT", url: &url, headers: &headers, limit: ANSWER };
        match self.http.upload(&ask, file)? {
            answer if answer.is_success() => Ok(()),
            answer => Err(self.refusal(&answer, file.path.as_str())),
        }
    }

    fn head(&self, path: &SitePath) -> Result<Standing, Failure> {
        let key = self.key(path.as_str());
        let answer = self.ask(self.bucket.head_object(Some(&self.credentials), &key), "HEAD", ANSWER)?;
        match answer.status {
            404 => Ok(Standing::Absent),
            _ if answer.is_success() => {
                let digest = answer.header("x-amz-meta-sha256").and_then(Sha256::parse);
                Ok(digest.map_or(Standing::Other, Standing::Is))
            }
            _ => Err(self.refusal(&answer, path.as_str())),
        }
    }

    /// Everything below the prefix.
    fn listed(&self) -> Result<std::collections::BTreeSet<String>, Failure> {
        let mut found = std::collections::BTreeSet::new();
        let mut token = None;
        for _ in 0..PAGES {
            // An empty key is the bucket itself; the parameters make it a list (ListObjectsV2).
            let mut action = self.bucket.get_object(Some(&self.credentials), "");
            let query = actions::GetObject::query_mut(&mut action);
            if let Some(token) = token.take() {
                query.insert("continuation-token", token);
            }
            query.insert("list-type", "2");
            query.insert("prefix", self.prefix.clone());
            let answer = self.ask(action, "GET", ANSWER)?;
            if !answer.is_success() {
                return Err(self.refusal(&answer, ""));
            }
            let page = list::objects(&answer.body);
            let below = page.keys.iter().filter_map(|key| key.strip_prefix(&self.prefix));
            found.extend(below.map(str::to_string));
            match page.next {
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
        let message = Message::new("remote.too_many").with("limit", PAGES * 1000);
        Err(Failure::Permanent(message.with("address", &self.shown)))
    }

    /// Whether the lock is still that of this run.
    fn is_held(&self) -> Result<bool, Failure> {
        Ok(self.me.holds(self.get(&hold_key(), ANSWER)?.as_deref()))
    }
}

impl Session for Open<'_> {
    fn visibility(&self) -> Visibility {
        Visibility::FileByFile
    }

    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.s3.get(manifest::FILE, LISTED)
    }

    fn journal(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.s3.get(&journal_key(), LISTED)
    }

    fn note(&self, journal: &[u8]) -> Result<(), Failure> {
        self.s3.write(&journal_key(), journal, "text/plain; charset=utf-8", Condition::Always).map(drop)
    }

    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure> {
        let there = if paths.len() > AT_ONCE { Some(self.s3.listed()?) } else { None };
        let one = |path: &SitePath| match &there {
            Some(there) if !there.contains(path.as_str()) => Ok(Standing::Absent),
            _ => self.s3.head(path),
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build();
        let pool = pool.map_err(|e| Failure::Temporary(world(Path::new("."), &e)))?;
        pool.install(|| paths.par_iter().with_max_len(1).map(one).collect())
    }

    fn put(&self, file: &Upload<'_>) -> Result<(), Failure> {
        self.s3.upload(file)
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        self.s3.delete(path.as_str())
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        self.s3.get(path.as_str(), limit)
    }

    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure> {
        if !self.s3.is_held()? {
            return Err(Failure::Overtaken(Message::new("remote.overtaken").with("address", &self.s3.shown)));
        }
        self.s3.upload(manifest)?;
        self.s3.delete(&journal_key())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // A lock that cannot be let go says who left it; the next publisher takes it over.
        if self.holds && self.s3.is_held().unwrap_or(false) {
            let _ = self.s3.delete(&hold_key());
        }
    }
}

/// The address of a request with these headers, which are sorted by name and must be sent with it.
fn signed<'a>(mut action: actions::PutObject<'a>, headers: &[(&'a str, &'a str)]) -> String {
    for (name, value) in headers {
        action.headers_mut().insert(*name, *value);
    }
    action.sign(SIGNED_FOR).to_string()
}
