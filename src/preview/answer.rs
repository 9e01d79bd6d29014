//! One request to one answer. In: the head of a request. Out: a page as it would be built with the preview's own parts put
//! in, a file, or the reason why there is none.

use super::Editor;
use super::events::{self, Reply};
use super::guard::Guard;
use super::page::{self, Dressing};
use super::panel;
use super::shared::{Shared, View};
use super::swap::{self, Change};
use crate::base::{Lang, SitePath, media, path};
use crate::build::live::Content;
use crate::diag::{Diagnostic, Message};
use crate::render::Failure;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use std::sync::Arc;

/// The preview's own files.
const SCRIPT: &str = include_str!("preview.js");
const STYLE: &str = include_str!("preview.css");

/// A page that is open names the state it shows, and may get what has changed since instead of itself.
const SHOWN: &str = "sunlit-shown";

/// What answering needs.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) guard: Guard,
    pub(super) shared: Arc<Shared>,
    pub(super) editor: Editor,
    pub(super) lang: Lang,
}

/// An answer before it is one of HTTP.
struct Answer {
    status: StatusCode,
    mime: &'static str,
    body: Reply,
    location: Option<String>,
}

impl Answer {
    fn new(status: StatusCode, mime: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self { status, mime, body: Reply::Whole(Some(bytes.into())), location: None }
    }

    fn words(status: StatusCode) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{status}\n"))
    }
}

impl Desk {
    /// Answers.
    pub(super) async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Reply> {
        let head = *request.method() == Method::HEAD;
        let answer = match self.guard.check(&request) {
            Err(status) => Answer::words(status),
            Ok(()) => match request.uri().path() {
                "/_sunlit/events" if head => Answer::new(StatusCode::OK, "text/event-stream", ""),
                "/_sunlit/events" => Answer {
                    body: events::news(Arc::clone(&self.shared)),
                    ..Answer::new(StatusCode::OK, "text/event-stream", "")
                },
                "/_sunlit/preview.js" => Answer::new(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT),
                "/_sunlit/preview.css" => Answer::new(StatusCode::OK, "text/css; charset=utf-8", STYLE),
                asked => {
                    // Pages take milliseconds to make: meanwhile others are answered.
                    let (desk, asked) = (Arc::clone(&self), asked.to_string());
                    let shown = request.headers().get(SHOWN).and_then(|v| v.to_str().ok()).map(String::from);
                    let made = tokio::task::spawn_blocking(move || desk.find(&asked, shown.as_deref())).await;
                    match made {
                        Ok(Made::Answer(answer)) => answer,
                        Ok(Made::File(mime, file, size)) => Answer {
                            body: if head { Reply::Whole(None) } else { events::file(file, size) },
                            ..Answer::new(StatusCode::OK, mime, "")
                        },
                        Err(_) => Answer::words(StatusCode::INTERNAL_SERVER_ERROR),
                    }
                }
            },
        };
        respond(answer)
    }

    /// What stands at the path of a request, or how it differs from the state that the asking page shows.
    fn find(&self, asked: &str, shown: Option<&str>) -> Made {
        let (view, tick) = self.shared.view();
        let base = view.snapshot.base_path().unwrap_or_else(|| "/".into());
        // The page for what is not there names its files from the host's root, as they will be once published.
        let below = asked.strip_prefix(base.as_str()).or_else(|| asked.strip_prefix('/')).unwrap_or_default();
        let Some(decoded) = path::decode(below) else { return Made::of(StatusCode::BAD_REQUEST) };
        let whole = if decoded.is_empty() || decoded.ends_with('/') { decoded + "index.html" } else { decoded };
        let Some(path) = SitePath::new(&whole) else { return Made::of(StatusCode::NOT_FOUND) };
        let answer = self.page_or_file(&view, &tick, &path, shown);
        if let Some(answer) = answer {
            return answer;
        }
        let folder = SitePath::new(&format!("{path}/index.html"));
        if folder.is_some_and(|index| view.snapshot.has(&index)) {
            let mut answer = Answer::words(StatusCode::PERMANENT_REDIRECT);
            answer.location = Some(format!("/{}/", path::encode(path.as_str())));
            return Made::Answer(answer);
        }
        let missing = SitePath::of("404.html");
        let html = match self.make(&view, &missing) {
            Some(Ok((Content::Bytes(bytes), _))) => bytes,
            _ => page::bare(self.lang, &Message::new("preview.nothing")),
        };
        let status = if view.snapshot.has(&missing) { StatusCode::NOT_FOUND } else { StatusCode::SERVICE_UNAVAILABLE };
        self.html(&view, &tick, &path, html, Vec::new(), status)
    }

    /// The page or file at an address; none where nothing stands there, nor ever stood.
    fn page_or_file(&self, view: &View, tick: &str, path: &SitePath, shown: Option<&str>) -> Option<Made> {
        let is_html = path.as_str().ends_with(".html");
        Some(match self.make(view, path)? {
            Ok((Content::Bytes(bytes), found)) if is_html => {
                let status = if path.as_str() == "404.html" { StatusCode::NOT_FOUND } else { StatusCode::OK };
                let before = shown.filter(|_| found.is_empty()).and_then(|tick| self.shared.sent(path, tick));
                let change = before.and_then(|before| self.change(view, tick, path, (&before, &bytes)));
                change.unwrap_or_else(|| self.html(view, tick, path, bytes, found, status))
            }
            Ok((Content::Bytes(bytes), _)) => {
                Made::Answer(Answer::new(StatusCode::OK, media::in_utf8(path.as_str()), bytes))
            }
            Ok((Content::File(file), _)) => match view.snapshot.open(&file) {
                Some((opened, size)) => Made::File(media::of_path(path.as_str()), Box::new(opened), size),
                None => Made::of(StatusCode::NOT_FOUND),
            },
            Err(found) if is_html => {
                let html = page::bare(self.lang, &Message::new("preview.nothing"));
                self.html(view, tick, path, html, found, StatusCode::INTERNAL_SERVER_ERROR)
            }
            Err(_) => Made::of(StatusCode::INTERNAL_SERVER_ERROR),
        })
    }

    /// Makes what stands at an address now, or else what last stood there without error; with the faults of making it.
    #[allow(clippy::type_complexity)]
    fn make(&self, view: &View, path: &SitePath) -> Option<Result<(Content, Vec<Diagnostic>), Vec<Diagnostic>>> {
        let mut found = Vec::new();
        match view.snapshot.make(path) {
            Ok(Some(content)) => return Some(Ok((content, found))),
            // What is not there is not there, unless something is broken that may hide it.
            Ok(None) if !view.snapshot.findings.iter().any(Diagnostic::stops) => return None,
            Ok(None) => {}
            Err(Failure::Finding(finding)) => found.push(*finding),
            Err(Failure::Io(_)) => return Some(Err(found)),
        }
        if let Some(bytes) = self.shared.last_page(path).filter(|_| !found.is_empty()) {
            return Some(Ok((Content::Bytes(bytes.to_vec()), found)));
        }
        match view.good.as_ref().map(|good| good.make(path)) {
            Some(Ok(Some(content))) => Some(Ok((content, found))),
            _ if found.is_empty() => None,
            _ => Some(Err(found)),
        }
    }

    /// What has changed on a page, as JSON; none where the whole page is to be sent.
    fn change(&self, view: &View, tick: &str, path: &SitePath, (old, new): (&[u8], &[u8])) -> Option<Made> {
        let text = |bytes| simdutf8::basic::from_utf8(bytes).ok();
        let (way, html) = match swap::between(text(old)?, text(new)?) {
            Change::Same => (Vec::new(), None),
            Change::One(swap) => (swap.way, Some(swap.html)),
            Change::Much => return None,
        };
        self.shared.remember(path, tick, new);
        let dressing = Dressing { lang: self.lang, editor: self.editor, tick };
        let own = page::own(&panel::about(view, path, &[], &dressing), &dressing);
        let body = serde_json::json!({ "tick": tick, "own": own, "way": way, "html": html }).to_string();
        Some(Made::Answer(Answer::new(StatusCode::OK, "application/json", body)))
    }

    fn html(
        &self,
        view: &View,
        tick: &str,
        path: &SitePath,
        bytes: Vec<u8>,
        found: Vec<Diagnostic>,
        status: StatusCode,
    ) -> Made {
        if found.is_empty() && status == StatusCode::OK {
            self.shared.remember(path, tick, &bytes);
        }
        let dressing = Dressing { lang: self.lang, editor: self.editor, tick };
        let says = panel::about(view, path, &found, &dressing);
        let html = page::dress(bytes, &says, &dressing);
        Made::Answer(Answer::new(status, "text/html; charset=utf-8", html))
    }
}

enum Made {
    Answer(Answer),
    File(&'static str, Box<dyn std::io::Read + Send>, u64),
}

impl Made {
    fn of(status: StatusCode) -> Self {
        Self::Answer(Answer::words(status))
    }
}

fn respond(answer: Answer) -> Response<Reply> {
    let mut response = Response::new(answer.body);
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.mime));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // No other website may show a preview in itself, or take its files for its own.
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if answer.status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if let Some(location) = answer.location.and_then(|l| HeaderValue::from_str(&l).ok()) {
        headers.insert(LOCATION, location);
    }
    response
}
