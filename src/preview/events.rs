//! Answers that go on: news for open pages (server-sent events, WHATWG HTML 9.2) and files larger than memory should hold.

use super::shared::Shared;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::convert::Infallible;
use std::io::Read;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;

/// So often a silent stream says that it is there: a browser that has gone is noticed by it.
const PULSE: Duration = Duration::from_secs(10);
/// Bytes of a file that wait at once for one reader.
const CHUNK: usize = 1 << 18;

/// The body of an answer.
pub(super) enum Reply {
    /// All of it.
    Whole(Option<Bytes>),
    /// What comes, and how much of it there will be where that is known.
    Flow(mpsc::Receiver<Bytes>, Option<u64>),
}

impl Body for Reply {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Reply::Whole(bytes) => Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Reply::Flow(flow, _) => flow.poll_recv(cx).map(|next| next.map(|b| Ok(Frame::data(b)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Reply::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Reply::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Reply::Flow(_, Some(size)) => SizeHint::with_exact(*size),
            Reply::Flow(_, None) => SizeHint::default(),
        }
    }
}

/// News of every change, the present state first.
pub(super) fn news(shared: Arc<Shared>) -> Reply {
    let (sender, flow) = mpsc::channel(4);
    let mut ticks = shared.subscribe();
    tokio::spawn(async move {
        let mut text = format!("retry: 500\nevent: state\ndata: {}\n\n", shared.name(*ticks.borrow_and_update()));
        while sender.send(Bytes::from(text)).await.is_ok() {
            text = match tokio::time::timeout(PULSE, ticks.changed()).await {
                Ok(Ok(())) => format!("event: state\ndata: {}\n\n", shared.name(*ticks.borrow_and_update())),
                Ok(Err(_)) => return,
                Err(_) => ":\n\n".to_string(),
            };
        }
    });
    Reply::Flow(flow, None)
}

/// A file of so many bytes, read piece by piece as fast as it is taken.
pub(super) fn file(mut file: impl Read + Send + 'static, size: u64) -> Reply {
    let (sender, flow) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut left = size;
        while left > 0 {
            let read = tokio::task::spawn_blocking(move || {
                let mut piece = vec![0; CHUNK.min(usize::try_from(left).unwrap_or(CHUNK))];
                let read = file.read(&mut piece).unwrap_or(0);
                piece.truncate(read);
                (file, piece)
            });
            let Ok((rest, piece)) = read.await else { return };
            file = rest;
            left -= piece.len() as u64;
            // A file that became shorter meanwhile ends the connection: its length was promised.
            if piece.is_empty() || sender.send(Bytes::from(piece)).await.is_err() {
                return;
            }
        }
    });
    Reply::Flow(flow, Some(size))
}
