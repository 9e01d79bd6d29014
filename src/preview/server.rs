//! Sockets: listens, takes connections, ends the slow and the oldest of too many, and stops when the process is asked to.

use super::Refused;
use super::answer::Desk;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// Most connections at once; with one more, the oldest ends. Open pages ask again by themselves.
const CONNECTIONS: usize = 256;
/// So long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// Largest head of a request, in bytes, and most lines of it.
const HEAD_BYTES: usize = 16 << 10;
const HEAD_LINES: usize = 64;
/// Threads that make pages.
const MAKERS: usize = 4;
/// How many ports are tried after the default one.
const PORTS: u16 = 100;

/// Where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// There and nowhere else; 0 for any that is free.
    Given(u16),
    /// There, or at the next port that is free.
    From(u16),
}

/// Begins to listen.
pub(super) fn listen(host: &str, port: Port) -> Result<(TcpListener, SocketAddr), Refused> {
    let (first, last) = match port {
        Port::Given(port) => (port, port),
        Port::From(port) => (port, port.saturating_add(PORTS)),
    };
    let refused = |error| Refused::Address(host.to_string(), error);
    for port in first..=last {
        let mut addresses = (host.trim_matches(['[', ']']), port).to_socket_addrs().map_err(refused)?;
        let address = addresses.next().ok_or_else(|| refused(ErrorKind::AddrNotAvailable.into()))?;
        match TcpListener::bind(address).and_then(|l| l.local_addr().map(|a| (l, a))) {
            Ok(bound) => return Ok(bound),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(Refused::Taken(first))
}

/// Serves until the process is asked to end.
pub(super) fn serve(listener: TcpListener, desk: Desk, ready: impl FnOnce()) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(MAKERS).build()?;
    listener.set_nonblocking(true)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let end = Arc::new(Notify::new());
        await_end(&end)?;
        ready();
        tokio::spawn(take(listener, Arc::new(desk)));
        end.notified().await;
        Ok::<(), io::Error>(())
    })?;
    // A page that is being made need not be waited for.
    runtime.shutdown_background();
    Ok(())
}

/// Hears when the process is asked to end.
fn await_end(end: &Arc<Notify>) -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            let (mut signal, end) = (signal(kind)?, Arc::clone(end));
            tokio::spawn(async move {
                signal.recv().await;
                end.notify_one();
            });
        }
    }
    #[cfg(not(unix))]
    {
        let end = Arc::clone(end);
        tokio::spawn(async move {
            let _ = tokio::signal::ctrl_c().await;
            end.notify_one();
        });
    }
    Ok(())
}

type Open = Arc<Mutex<BTreeMap<u64, AbortHandle>>>;

async fn take(listener: tokio::net::TcpListener, desk: Arc<Desk>) {
    let open = Open::default();
    let mut number = 0_u64;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, most likely: some connections end soon.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        number += 1;
        let (desk, done) = (Arc::clone(&desk), Arc::clone(&open));
        let task = tokio::spawn(async move {
            let service = service_fn(|request| {
                let desk = Arc::clone(&desk);
                async move { Ok::<_, Infallible>(desk.answer(request).await) }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES).max_headers(HEAD_LINES);
            // A client that breaks off is no fault of ours.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
            done.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        });
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        // One that has ended already is forgotten with the oldest.
        open.insert(number, task.abort_handle());
        while open.len() > CONNECTIONS {
            if let Some((_, oldest)) = open.pop_first() {
                oldest.abort();
            }
        }
    }
}
