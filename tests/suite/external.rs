//! Links to other websites, asked of a real server on the loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;
use sunlit::probe::{Answer, Limits, ask};

/// A server that answers by path, on a port of its own, for as long as the tests run.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| drop(thread::spawn(|| answer(stream)))));
    format!("http://{address}")
}

fn answer(mut stream: TcpStream) {
    let mut first = String::new();
    let mut lines = BufReader::new(stream.try_clone().expect("a stream"));
    let _ = lines.read_line(&mut first);
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|n| n > 2) {
        line.clear();
    }
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, header) = match (method, path) {
        (_, "/fine") | ("GET", "/no-head") => ("200 OK", ""),
        ("HEAD", "/no-head") => ("405 Method Not Allowed", ""),
        (_, "/moved") => ("301 Moved Permanently", "Location: /fine\r\n"),
        (_, "/circle") => ("302 Found", "Location: /circle\r\n"),
        (_, "/never") => return thread::sleep(Duration::from_secs(60)),
        (_, "/down") => ("503 Service Unavailable", ""),
        _ => ("404 Not Found", ""),
    };
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n");
}

#[test]
fn each_link_gets_its_answer_in_the_order_asked() {
    let server = server();
    let paths = ["/fine", "/gone", "/no-head", "/moved", "/down", "/circle", "/never", "/fine"];
    let mut addresses: Vec<_> = paths.iter().map(|p| format!("{server}{p}")).collect();
    addresses.push("http://127.0.0.1:1/closed".into());
    let limits = Limits { patience: Duration::from_secs(2), pause: Duration::from_millis(1), ..Limits::default() };
    let answers = ask(&addresses, &limits, &|| {});
    assert_eq!(answers[0], Answer::Fine);
    assert_eq!(answers[1], Answer::Status(404));
    assert_eq!(answers[2], Answer::Fine, "a server that refuses HEAD is asked again");
    assert_eq!(answers[3], Answer::Fine, "a redirect is followed");
    assert_eq!(answers[4], Answer::Status(503));
    for (index, what) in [(5, "a circle of redirects"), (6, "a server that never answers"), (8, "a closed port")] {
        assert!(matches!(answers[index], Answer::Silent(_)), "{what}: {:?}", answers[index]);
    }
    assert_eq!(answers[7], Answer::Fine, "one slow page does not condemn the next");
}

#[test]
fn what_is_over_the_limit_is_left_unasked() {
    let server = server();
    let addresses = vec![format!("{server}/fine"), format!("{server}/gone")];
    let answers = ask(&addresses, &Limits { addresses: 1, ..Limits::default() }, &|| {});
    assert_eq!(answers, [Answer::Fine, Answer::Unasked]);
}

#[test]
fn a_dead_link_is_told_only_when_asked_for() {
    let server = server();
    let portal = crate::portal::Portal::base();
    let body = format!("见[公报]({server}/fine)和[旧版]({server}/gone)。");
    portal.edit("content/2024/a-bureau.md", "主要负责人全年", &format!("{body}\n\n主要负责人全年"));
    let asked = portal.check("en", &["--external"]);
    assert_eq!(asked.codes().iter().filter(|c| **c == "LINK-007").count(), 1, "{}", asked.stderr);
    assert!(asked.stderr.contains("/gone answers with 404"), "{}", asked.stderr);
    assert!(!portal.check("en", &[]).codes().contains(&"LINK-007"));
}
