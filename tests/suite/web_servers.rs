//! Real web servers on the loopback, and a client that sends exactly what it is told.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A server, for as long as it is held.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // The master alone is ours to end; its workers end with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a program is installed; a machine that checks everything must have it.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = Command::new(program).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "{program} is missing");
    found
}

/// Where Debian puts the module that serves Brotli copies.
const BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// nginx with `snippet` in a server block. `home` receives its files.
pub(crate) fn nginx(snippet: &str, home: &Path) -> Server {
    assert!(Path::new(BROTLI).exists(), "the Brotli module of nginx is missing");
    let port = free_port();
    fs::write(home.join("section.conf"), snippet).expect("a file");
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|t| format!("    {t}_temp_path {}/{t};\n", home.display()))
        .concat();
    let home_text = home.display();
    // One process: ending it ends the server.
    let config = format!(
        "load_module {BROTLI};\ndaemon off;\nmaster_process off;\npid {home_text}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\n    include /etc/nginx/mime.types;\n    access_log off;\n{temporary}\
         server {{\n    listen 127.0.0.1:{port};\n    include {home_text}/section.conf;\n}}\n}}\n"
    );
    let file = home.join("nginx.conf");
    fs::write(&file, config).expect("a file");
    let tried = Command::new("nginx").args(["-t", "-e", "stderr", "-c"]).arg(&file).output().expect("nginx runs");
    let said = String::from_utf8_lossy(&tried.stderr).into_owned();
    assert!(tried.status.success() && !said.contains("[warn]"), "{said}\n{snippet}");
    start(Command::new("nginx").args(["-e", "stderr", "-c"]).arg(&file), port)
}

/// Caddy with `snippet` in a site block. `home` receives its files.
pub(crate) fn caddy(snippet: &str, home: &Path) -> Server {
    let port = free_port();
    fs::write(home.join("section.caddy"), snippet).expect("a file");
    let config = format!(
        "{{\n\tadmin off\n\tauto_https off\n}}\n\nhttp://127.0.0.1:{port} {{\n\timport {}/section.caddy\n}}\n",
        home.display()
    );
    let file = home.join("Caddyfile");
    fs::write(&file, config).expect("a file");
    let caddy = |word: &str| {
        let mut command = Command::new("caddy");
        command.arg(word).args(["--adapter", "caddyfile", "--config"]).arg(&file);
        command.env("HOME", home).env("XDG_DATA_HOME", home).env("XDG_CONFIG_HOME", home);
        command
    };
    let tried = caddy("validate").output().expect("caddy runs");
    assert!(tried.status.success(), "{}\n{snippet}", String::from_utf8_lossy(&tried.stderr));
    start(&mut caddy("run"), port)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port()
}

fn start(command: &mut Command, port: u16) -> Server {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the server starts");
    let mut server = Server { child, port };
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        assert!(server.child.try_wait().expect("a child").is_none(), "the server ended at once");
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the server does not answer");
}

/// An answer, its body as the transfer coding leaves it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By name in small letters; a header that came twice has its values joined by `, `.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Server {
    /// Asks for `target`, which goes onto the wire as it is.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server answers");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let host = format!("Host: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        // A server may have judged the first line and hung up before it has read the rest.
        let _ = stream.write_all(format!("{method} {target} HTTP/1.1\r\n{host}{lines}\r\n").as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        read(&bytes)
    }

    pub(crate) fn get(&self, target: &str, accept_encoding: &str) -> Answer {
        self.ask("GET", target, &[("Accept-Encoding", accept_encoding)])
    }
}

fn read(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).expect("a status");
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in lines.filter_map(|l| l.split_once(": ")) {
        let all = headers.entry(name.to_ascii_lowercase()).or_default();
        *all = if all.is_empty() { value.to_string() } else { format!("{all}, {value}") };
    }
    let mut body = bytes[end + 4..].to_vec();
    if headers.get("transfer-encoding").is_some_and(|t| t == "chunked") {
        body = unchunk(&body);
    }
    Answer { status, headers, body }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).expect("a size");
        out.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[(end + 4 + size).min(rest.len())..];
    }
    out
}
