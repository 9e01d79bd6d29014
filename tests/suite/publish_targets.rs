//! What every target of the feature `remote-targets` must do, against real servers, without the rest of the program.

use crate::publish_order::bring;
use crate::servers::{KEY, Kind, PASSWORD, SECRET, Server};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use sunlit::base::{Sha256, SitePath};
use sunlit::model::Destination;
use sunlit::publish::Verify;
use sunlit::publish::address::Address;
use sunlit::publish::target::{
    Cache, Content, Failure, Hold, Publisher, Session, Setting, Standing, TARGETS, Target, Upload,
};
use sunlit::write::Manifest;

/// A target on a server, as the publisher `who`.
fn target(
    pairs: &[(&str, String)],
    environment: &BTreeMap<&'static str, String>,
    who: &str,
) -> Result<Box<dyn Target>, Failure> {
    let to = &pairs.iter().find(|(key, _)| *key == "to").expect("an address").1;
    let options = pairs.iter().filter(|(key, _)| *key != "to").map(|(k, v)| ((*k).into(), v.as_str().into())).collect();
    let destination = Destination { name: "www".into(), to: to.as_str().into(), options };
    let address = Address::parse(to).expect("an address");
    let scheme = TARGETS.iter().find(|s| s.name == address.scheme).expect("a scheme");
    (scheme.make)(&Setting {
        destination: &destination,
        address: &address,
        root: Path::new("."),
        scratch: Path::new("."),
        publisher: &Publisher { who: who.to_string(), started: 1_700_000_000 },
        environment: &|name| environment.get(name).cloned(),
    })
}

fn on(server: &Server, who: &str) -> Box<dyn Target> {
    target(&server.target(), &server.environment(), who).unwrap_or_else(|f| panic!("{:?}: {f:?}", server.kind))
}

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path")
}

fn put(session: &dyn Session, at: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = path(at);
    let (length, sha256) = (bytes.len() as u64, Sha256::of(bytes));
    let media_type = "text/html; charset=utf-8";
    session.put(&Upload { path: &path, content: Content::Bytes(bytes), length, sha256, media_type, cache: Cache::Page })
}

fn finish(session: &dyn Session, bytes: &[u8]) -> Result<(), Failure> {
    let path = path("manifest-sha256.txt");
    let (length, sha256) = (bytes.len() as u64, Sha256::of(bytes));
    let media_type = "text/plain; charset=utf-8";
    session.finish(&Upload {
        path: &path,
        content: Content::Bytes(bytes),
        length,
        sha256,
        media_type,
        cache: Cache::Page,
    })
}

/// Names that trip over quoting, patterns, encoding and shells.
const NAMES: &[&str] = &[
    "index.html",
    "2024/甲局/附件 1：清单（100%）.xlsx",
    "2024/a b/it's \"quoted\" $HOME `id`.txt",
    "2024/a b/-rf * [x] ? #1 & ; a+b=c,~@!.txt",
    "2024/a b/%41%2F%00.txt",
    "2024/😀/é.txt",
];

/// A test for each server, so that they run side by side.
macro_rules! every_target_keeps_the_contract {
    ($($name:ident: $kind:ident),*) => {$(
        #[test]
        fn $name() {
            if Kind::$kind.is_here() {
                contract(&Server::start(Kind::$kind));
            }
        }
    )*};
}

every_target_keeps_the_contract!(
    the_contract_is_kept_on_rclone_s3: RcloneS3,
    the_contract_is_kept_on_moto: Moto,
    the_contract_is_kept_on_s3s_fs: S3sFs,
    the_contract_is_kept_on_apache: Apache,
    the_contract_is_kept_on_apache_with_tls: ApacheTls,
    the_contract_is_kept_on_rclone_webdav: RcloneDav,
    the_contract_is_kept_on_sshd: Sshd
);

fn contract(server: &Server) {
    let kind = server.kind;
    let first = on(server, "甲局 web@first 1");
    let looked = first.open(Hold::Look).expect("a look");
    assert_eq!((looked.manifest(), looked.journal()), (Ok(None), Ok(None)), "{kind:?}: an empty target");
    drop(looked);

    let session = first.open(Hold::Take).unwrap_or_else(|f| panic!("{kind:?}: {f:?} {}", server.log()));
    let busy = Failure::Busy { who: "甲局 web@first 1".into(), since: "2023-11-14T22:13:20Z".into() };
    assert_eq!(on(server, "second").open(Hold::Take).err(), Some(busy.clone()), "{kind:?}: two publishers");

    for journal in [&b"one"[..], "另一个".as_bytes()] {
        session.note(journal).unwrap_or_else(|f| panic!("{kind:?}: {f:?} {}", server.log()));
        assert_eq!(session.journal(), Ok(Some(journal.to_vec())), "{kind:?}");
    }
    for (number, name) in NAMES.iter().enumerate() {
        for text in [format!("{number} old"), format!("{number} new"), String::new()] {
            put(&*session, name, text.as_bytes())
                .unwrap_or_else(|f| panic!("{kind:?}: {name}: {f:?} {}", server.log()));
            let read = session.read(&path(name), 100);
            assert_eq!(read, Ok(Some(text.into_bytes())), "{kind:?}: {name}");
        }
        put(&*session, name, b"0123456789").expect("again");
        assert_eq!(
            session.read(&path(name), 4),
            Ok(Some(b"0123".to_vec())),
            "{kind:?}: a file is cut off at the limit"
        );
    }
    if server.is_on_disk() {
        for name in NAMES {
            assert!(
                server.served().join(name).is_file(),
                "{kind:?}: {name} is served as {:?}",
                crate::servers::names(&server.served())
            );
        }
    }

    large(&*session, kind);
    standing(&*session, server);
    removal(&*session, server);

    drop(session);
    let third = on(server, "third");
    let session = third.open(Hold::Take).unwrap_or_else(|f| panic!("{kind:?}: let go: {f:?}"));
    assert_eq!(session.journal().map(|j| j.is_some()), Ok(true), "{kind:?}: an interrupted run leaves its journal");
    finish(&*session, b"manifest").unwrap_or_else(|f| panic!("{kind:?}: {f:?} {}", server.log()));
    assert_eq!((session.manifest(), session.journal()), (Ok(Some(b"manifest".to_vec())), Ok(None)), "{kind:?}");
    drop(session);

    let dead = on(server, "dead");
    let killed = dead.open(Hold::Take).expect("taken");
    assert!(
        matches!(on(server, "fourth").open(Hold::Take).err(), Some(Failure::Busy { who, .. }) if who == "dead"),
        "{kind:?}"
    );
    let heir = on(server, "heir");
    let session = heir.open(Hold::TakeOver).unwrap_or_else(|f| panic!("{kind:?}: taken over: {f:?}"));
    assert!(matches!(finish(&*killed, b"late"), Err(Failure::Overtaken(_))), "{kind:?}: the dead rises too late");
    drop(killed);
    assert!(
        matches!(on(server, "fifth").open(Hold::Take).err(), Some(Failure::Busy { .. })),
        "{kind:?}: it lets nothing go"
    );
    finish(&*session, b"heir's").expect("finished");
    drop(session);
    let session = first.open(Hold::Look).expect("a look");
    assert_eq!(session.manifest(), Ok(Some(b"heir's".to_vec())), "{kind:?}");
    if server.is_on_disk() && kind != Kind::S3sFs {
        let left: Vec<_> =
            crate::servers::names(&server.served()).into_iter().filter(|n| n.contains(".sunlit")).collect();
        assert!(left.is_empty(), "{kind:?}: {left:?} stay behind");
    }
}

fn large(session: &dyn Session, kind: Kind) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let bytes: Vec<u8> = (0..9_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    std::fs::write(file.path(), &bytes).expect("a file");
    let path = path("2024/large.pdf");
    let (content, length, sha256) = (Content::File(file.path()), bytes.len() as u64, Sha256::of(&bytes));
    let upload = Upload { path: &path, content, length, sha256, media_type: "application/pdf", cache: Cache::Page };
    session.put(&upload).unwrap_or_else(|f| panic!("{kind:?}: {f:?}"));
    assert!(session.read(&path, u64::MAX).is_ok_and(|read| read.as_ref() == Some(&bytes)), "{kind:?}: a large file");
}

fn standing(session: &dyn Session, server: &Server) {
    let kind = server.kind;
    let mut paths: Vec<_> = NAMES.iter().map(|name| path(name)).collect();
    paths.push(path("nowhere/at all.html"));
    for many in [0, 100] {
        paths.extend((0..many).map(|n| path(&format!("nowhere/{n}.html"))));
        let standing = session.standing(&paths).unwrap_or_else(|f| panic!("{kind:?}: {f:?} {}", server.log()));
        assert_eq!(standing.len(), paths.len());
        for (path, standing) in paths.iter().zip(standing) {
            assert_eq!(
                standing == Standing::Absent,
                path.as_str().starts_with("nowhere"),
                "{kind:?}: {path} {standing:?}"
            );
            if matches!(kind, Kind::Moto | Kind::S3sFs) && standing != Standing::Absent {
                assert_eq!(standing, Standing::Is(Sha256::of(b"0123456789")), "{kind:?}: {path}");
            }
        }
    }
}

fn removal(session: &dyn Session, server: &Server) {
    let kind = server.kind;
    if server.is_on_disk() {
        server.put_foreign("2024/a b/foreign.txt", b"not ours");
    }
    for name in NAMES.iter().chain(&["2024/large.pdf", "2024/large.pdf", "never/was.html"]) {
        session.remove(&path(name)).unwrap_or_else(|f| panic!("{kind:?}: {name}: {f:?} {}", server.log()));
        assert_eq!(session.read(&path(name), 100), Ok(None), "{kind:?}: {name}");
    }
    if server.is_on_disk() {
        finish(session, b"").expect("empty folders go at the end at the latest");
        session.note(b"again").expect("noted");
        let mut left = crate::servers::names(&server.served());
        left.retain(|name| !name.contains(".sunlit") && !name.ends_with(".json"));
        assert_eq!(left, ["2024/a b/foreign.txt", "manifest-sha256.txt"], "{kind:?}");
        if kind != Kind::S3sFs {
            assert!(
                !server.served().join("2024/甲局").exists() && !server.served().join("2024/😀").exists(),
                "{kind:?}"
            );
        }
    }
}

#[test]
fn credentials_that_are_refused_are_named_and_never_shown() {
    for kind in Kind::all().into_iter().filter(|kind| *kind != Kind::Moto) {
        let server = Server::start(kind);
        let target = target(&server.target(), &server.wrong_environment(), "somebody").expect("a target");
        for hold in [Hold::Look, Hold::Take] {
            let failure = target.open(hold).and_then(|session| session.manifest()).expect_err("refused");
            let Failure::Permanent(message) = &failure else { panic!("{kind:?}: {failure:?}") };
            let text = message.text(sunlit::base::Lang::En);
            let named = match kind {
                kind if kind.is_s3() => "AWS_SECRET_ACCESS_KEY",
                Kind::Sshd => "ssh-agent",
                _ => "SUNLIT_WEBDAV_PASSWORD",
            };
            assert!(text.contains(named), "{kind:?}: {text}");
            for secret in [KEY, SECRET, PASSWORD, "Signature="] {
                assert!(!format!("{failure:?}{text}").contains(secret), "{kind:?}: {text}");
            }
        }
        assert!(crate::servers::names(&server.data()).is_empty(), "{kind:?}: nothing changed");
    }
}

#[test]
fn a_host_whose_key_is_not_known_is_refused() {
    if !Kind::Sshd.is_here() {
        return;
    }
    let server = Server::start(Kind::Sshd);
    let target = target(&server.target(), &server.environment_of_unknown_host(), "somebody").expect("a target");
    let failure = target.open(Hold::Take).err();
    assert!(matches!(&failure, Some(Failure::Permanent(m)) if m.key == "remote.sftp.host_key"), "{failure:?}");
}

#[test]
fn an_authority_that_is_not_trusted_is_refused() {
    if !Kind::ApacheTls.is_here() {
        return;
    }
    let server = Server::start(Kind::ApacheTls);
    let mut environment = server.environment();
    environment.remove("SSL_CERT_FILE");
    let failure = target(&server.target(), &environment, "somebody").expect("a target").open(Hold::Take).err();
    assert!(matches!(&failure, Some(Failure::Permanent(m)) if m.key == "remote.certificate"), "{failure:?}");
}

#[test]
fn ten_thousand_unchanged_pages_ask_almost_nothing() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let mut manifest = Manifest::default();
    for n in 0..10_000 {
        let path = path(&format!("20{:02}/r-{n}.html", n % 20));
        manifest.0.insert(path, Some(Sha256::of(n.to_string().as_bytes())));
    }
    let text = manifest.text();
    std::fs::write(dir.path().join("manifest-sha256.txt"), &text).expect("a file");
    for kind in [Kind::Moto, Kind::Apache, Kind::Sshd].into_iter().filter(|kind| kind.is_here()) {
        let server = Server::start(kind);
        let target = on(&server, "somebody");
        let session = target.open(Hold::Take).unwrap_or_else(|f| panic!("{kind:?}: {f:?}"));
        finish(&*session, text.as_bytes()).expect("as a publication leaves it");
        drop(session);
        let before = server.requests();
        let summary = bring(dir.path(), &*target, Verify::Nothing).unwrap_or_else(|f| panic!("{kind:?}: {f:?}"));
        let asked = server.requests() - before;
        assert_eq!((summary.plan.kept, summary.plan.send.len()), (10_000, 0), "{kind:?}");
        eprintln!("{kind:?}: 10000 unchanged pages: {asked} requests");
        assert!((3..=if kind == Kind::Sshd { 20 } else { 9 }).contains(&asked), "{kind:?}: {asked} requests");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_address_makes_a_target_or_is_refused_without_its_password(
        scheme in "s3|sftp|webdav|webdavs", user in "[a-z-]{0,3}", password in "(:pass[a-z]{4})?", host in "[a-z.:\\[\\]-]{0,8}",
        path in "(/[a-z .%~#?汉-]{0,6}){0,3}", endpoint in "(https?://)?[a-z.:/@-]{0,12}", style in "path|host|x",
    ) {
        let at = if user.is_empty() && password.is_empty() { String::new() } else { format!("{user}{password}@") };
        let to = format!("{scheme}://{at}{host}{path}");
        let Ok(address) = Address::parse(&to) else { return Ok(()) };
        prop_assert!(password.is_empty(), "{}", to);
        let mut pairs = vec![("to", to.clone())];
        if scheme == "s3" {
            pairs.extend([("endpoint", endpoint), ("addressing", style)]);
        }
        let environment = BTreeMap::from([("AWS_ACCESS_KEY_ID", KEY.to_string()), ("AWS_SECRET_ACCESS_KEY", SECRET.to_string())]);
        match target(&pairs, &environment, "somebody") {
            Ok(target) => {
                prop_assert!(!address.host.is_empty(), "{}", to);
                prop_assert!(!target.address().contains(SECRET));
                if scheme != "s3" {
                    prop_assert_eq!(target.address(), to);
                }
            }
            Err(Failure::Refused(_)) => {}
            Err(other) => prop_assert!(false, "{to}: {other:?}"),
        }
    }
}
