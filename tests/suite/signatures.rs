//! Signatures of archives: what `ssh-keygen` makes is verified here, what is made here `ssh-keygen` verifies, and nothing
//! that was changed passes.

use crate::portal::{AS_OF, Portal, Said, sunlit};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use sunlit::archive::Present;
use sunlit::archive::sign::{self, Found, Refused, Signers, signature_of, signed_file};
use sunlit::base::Lang;
use tempfile::TempDir;

/// Whether `ssh-keygen` is there; where tests must not be left out, it has to be.
fn keygen_is_there() -> bool {
    let there = Command::new("ssh-keygen").arg("-?").output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "ssh-keygen is missing: install openssh-client");
    there
}

fn keygen(arguments: &[&str], input: Option<&Path>) -> bool {
    let mut command = Command::new("ssh-keygen");
    command.args(arguments).stdin(input.map_or(Stdio::null(), |path| File::open(path).expect("there").into()));
    command.output().expect("ssh-keygen runs").status.success()
}

/// A folder with a key of this type and a list in which it is that of 甲局.
struct Keys {
    folder: TempDir,
}

impl Keys {
    fn new(kind: &str, passphrase: &str) -> Self {
        let keys = Self { folder: TempDir::new().expect("a folder") };
        let key = keys.key();
        assert!(keygen(&["-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", text(&key)], None));
        let public = fs::read_to_string(key.with_extension("pub")).expect("a public key");
        fs::write(keys.list(), format!("archive@jia.example namespaces=\"sunlit-archive\" {public}")).expect("written");
        keys
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn list(&self) -> PathBuf {
        self.folder.path().join("signers")
    }

    fn signers(&self) -> Signers {
        Signers::read(&fs::read_to_string(self.list()).expect("a list")).expect("a list")
    }

    fn sign_with_keygen(&self, namespace: &str, file: &Path) -> bool {
        keygen(&["-q", "-Y", "sign", "-f", text(&self.key()), "-n", namespace, text(file)], None)
    }

    fn verify_with_keygen(&self, signature: &Path, file: &Path) -> bool {
        let list = self.list();
        let who = ["-Y", "verify", "-f", text(&list), "-I", "archive@jia.example", "-n", "sunlit-archive"];
        keygen(&[&who[..], &["-s", text(signature)]].concat(), Some(file))
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn archive(portal: &Portal, arguments: &[&str]) -> Said {
    let mut command = sunlit();
    command.current_dir(portal.root()).args(["--lang", "en", "archive"]).args(arguments);
    command.output().expect("the program runs").into()
}

/// A file that stands for an archive.
fn file(folder: &TempDir, bytes: &str) -> PathBuf {
    let path = folder.path().join("2024.wacz");
    fs::write(&path, bytes).expect("written");
    path
}

fn found(path: &Path, signers: Option<&Signers>) -> Found {
    sign::verify(path, signers, 1_800_000_000).expect("readable")
}

fn refused(path: &Path, key: &Path) -> String {
    match sign::sign(path, key, Present::Kept) {
        Err(Refused::Because(message)) => message.text(Lang::En),
        other => panic!("{other:?}"),
    }
}

fn wrong(found: Found) -> String {
    match found {
        Found::Wrong(message) => message.text(Lang::En),
        other => panic!("{other:?}"),
    }
}

#[test]
fn openssh_verifies_our_signatures_and_we_verify_those_of_openssh() {
    if !keygen_is_there() {
        return;
    }
    let (portal, keys) = (Portal::base(), Keys::new("ed25519", ""));
    let list = keys.list();
    for (format, name) in [("wacz", "test.example-zwgk-2024.wacz"), ("bagit", "test.example-zwgk-2024")] {
        let said = archive(&portal, &["create", "2024", "--format", format, "--as-of", AS_OF]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        let below = format!("archive/{name}");
        let path = portal.path(&below);
        let said = archive(&portal, &["sign", &below, "--key", text(&keys.key())]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        let (ours, signed) = (signature_of(&path), signed_file(&path));
        assert!(keys.verify_with_keygen(&ours, &signed), "{format}: OpenSSH refuses our signature");
        let said = archive(&portal, &["verify", &below, "--signers", text(&list)]);
        assert!(said.status == 0 && said.stderr.contains("signed by archive@jia.example"), "{}", said.stderr);
        // Ed25519 leaves no choice: the two signatures are the same, and so is a second one.
        let first = fs::read(&ours).expect("a signature");
        assert_eq!(archive(&portal, &["sign", &below, "--key", text(&keys.key())]).status, 0);
        fs::remove_file(&ours).expect("removed");
        let made = signed.with_file_name(format!("{}.sig", signed.file_name().expect("a name").to_string_lossy()));
        assert!(keys.sign_with_keygen("sunlit-archive", &signed));
        if made != ours {
            fs::rename(&made, &ours).expect("moved");
        }
        assert_eq!(String::from_utf8(first), String::from_utf8(fs::read(&ours).expect("a signature")));
        let said = archive(&portal, &["verify", &below, "--signers", text(&list), "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
        assert_eq!((said.status, &json["signature"]["signer"]), (0, &"archive@jia.example".into()), "{json}");
    }
}

#[test]
fn nothing_that_was_changed_passes() {
    if !keygen_is_there() {
        return;
    }
    let (folder, keys) = (TempDir::new().expect("a folder"), Keys::new("ed25519", ""));
    let path = file(&folder, "archive");
    sign::sign(&path, &keys.key(), Present::Kept).expect("signed");
    let signers = keys.signers();
    assert!(matches!(found(&path, Some(&signers)), Found::Right(s) if s.signer.is_some()));
    assert!(matches!(found(&path, None), Found::Right(s) if s.signer.is_none() && s.key.starts_with("SHA256:")));
    file(&folder, "archivf");
    assert!(wrong(found(&path, Some(&signers))).contains("one of them was changed"));
    file(&folder, "archive");
    let signature = fs::read(signature_of(&path)).expect("there");
    for at in 0..signature.len() {
        for bit in 0..8 {
            let mut changed = signature.clone();
            changed[at] ^= 1 << bit;
            fs::write(signature_of(&path), &changed).expect("written");
            let passes = matches!(found(&path, Some(&signers)), Found::Right(_));
            // Line ends may be written in another way.
            assert!(!passes || changed[at].is_ascii_whitespace(), "byte {at}, bit {bit}");
        }
    }
    for damaged in [&signature[..0], &signature[..signature.len() / 2], b"nonsense"] {
        fs::write(signature_of(&path), damaged).expect("written");
        assert!(wrong(found(&path, None)).contains("no signature of OpenSSH"));
    }
    fs::remove_file(signature_of(&path)).expect("removed");
    assert_eq!(found(&path, Some(&signers)), Found::None);
}

#[test]
fn signatures_of_others_for_others_and_at_another_time_are_refused() {
    if !keygen_is_there() {
        return;
    }
    let (folder, keys, others) =
        (TempDir::new().expect("a folder"), Keys::new("ed25519", ""), Keys::new("ed25519", ""));
    let path = file(&folder, "archive");
    assert!(keys.sign_with_keygen("file", &path));
    assert!(wrong(found(&path, None)).contains("for “file”"));
    fs::remove_file(signature_of(&path)).expect("removed");
    sign::sign(&path, &keys.key(), Present::Kept).expect("signed");
    assert!(wrong(found(&path, Some(&others.signers()))).contains("not in the list"));
    let public = fs::read_to_string(keys.key().with_extension("pub")).expect("a public key");
    let with = |options: &str| Signers::read(&format!("a {options} {public}")).expect("a list");
    assert!(wrong(found(&path, Some(&with("namespaces=\"git\"")))).contains("something else"));
    assert!(wrong(found(&path, Some(&with("valid-before=\"20200101Z\"")))).contains("has not begun or is over"));
    assert!(wrong(found(&path, Some(&with("valid-after=\"20900101Z\"")))).contains("has not begun or is over"));
    assert!(matches!(found(&path, Some(&with("valid-after=\"20200101Z\""))), Found::Right(_)));
    // Another signature is not overwritten unless that is asked for.
    assert!(refused(&path, &others.key()).contains("another signature"));
    sign::sign(&path, &others.key(), Present::Replaced).expect("signed");
    assert!(matches!(found(&path, Some(&others.signers())), Found::Right(_)));
    let rsa = Keys::new("rsa", "");
    fs::remove_file(signature_of(&path)).expect("removed");
    assert!(rsa.sign_with_keygen("sunlit-archive", &path));
    assert!(!matches!(found(&path, Some(&rsa.signers())), Found::Right(_)));
}

#[test]
fn a_key_that_may_get_out_is_not_used() {
    if !keygen_is_there() {
        return;
    }
    let (portal, keys) = (Portal::base(), Keys::new("ed25519", ""));
    let folder = TempDir::new().expect("a folder");
    let path = file(&folder, "archive");
    let rights = |mode| fs::set_permissions(keys.key(), fs::Permissions::from_mode(mode)).expect("rights");
    for mode in [0o640, 0o604, 0o644, 0o660] {
        rights(mode);
        assert!(refused(&path, &keys.key()).contains("can be read by others"), "{mode:o}");
    }
    rights(0o600);
    let copy = |to: &Path| {
        fs::copy(keys.key(), to).expect("copied");
        fs::set_permissions(to, fs::Permissions::from_mode(0o600)).expect("rights");
    };
    copy(&portal.path("content/key"));
    assert!(refused(&path, &portal.path("content/key")).contains("published or handed on"));
    // A link out of the portal, and one into it.
    std::os::unix::fs::symlink(keys.key(), portal.path("link")).expect("a link");
    assert!(refused(&path, &portal.path("link")).contains("published or handed on"));
    std::os::unix::fs::symlink(portal.path("content/key"), folder.path().join("link")).expect("a link");
    assert!(refused(&path, &folder.path().join("link")).contains("published or handed on"));
    fs::remove_file(portal.path("content/key")).expect("removed");
    let site = TempDir::new().expect("a folder");
    fs::write(site.path().join("manifest-sha256.txt"), "").expect("written");
    copy(&site.path().join("key"));
    assert!(refused(&path, &site.path().join("key")).contains("published or handed on"));
    assert!(refused(&path, &keys.key().with_extension("pub")).contains("can be read by others"));
    copy(&folder.path().join("nonsense"));
    fs::write(folder.path().join("nonsense"), "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").expect("written");
    assert!(refused(&path, &folder.path().join("nonsense")).contains("no private Ed25519 key"));
    assert!(refused(&path, &Keys::new("rsa", "").key()).contains("no private Ed25519 key"));
    let closed = refused(&path, &Keys::new("ed25519", "secret words").key());
    assert!(closed.contains("ssh-keygen -Y sign -n sunlit-archive"), "{closed}");
    assert!(!signature_of(&path).exists());
}

#[test]
fn an_archive_is_signed_only_when_valid_and_asked_for_only_when_signed() {
    if !keygen_is_there() {
        return;
    }
    let (portal, keys) = (Portal::base(), Keys::new("ed25519", ""));
    assert_eq!(archive(&portal, &["create", "2024", "--format", "wacz", "--as-of", AS_OF]).status, 0);
    let below = "archive/test.example-zwgk-2024.wacz";
    let said = archive(&portal, &["verify", below, "--signers", text(&keys.list())]);
    assert!(said.status == 1 && said.stderr.contains("[signature-missing]"), "{}", said.stderr);
    assert_eq!(archive(&portal, &["verify", below]).status, 0);
    assert_eq!(archive(&portal, &["sign", below, "--key", text(&keys.key())]).status, 0);
    let said = archive(&portal, &["verify", below]);
    assert!(said.status == 0 && said.stderr.contains("nobody said whether to trust it"), "{}", said.stderr);
    fs::write(portal.path("list"), "nonsense\n").expect("written");
    let said = archive(&portal, &["verify", below, "--signers", "list"]);
    assert!(said.status == 2 && said.stderr.contains("list, line 1"), "{}", said.stderr);
    let mut bytes = fs::read(portal.path(below)).expect("there");
    bytes[100] ^= 1;
    fs::write(portal.path(below), bytes).expect("written");
    let said = archive(&portal, &["verify", below]);
    assert!(said.status == 1 && said.stderr.contains("[signature-wrong]"), "{}", said.stderr);
    fs::remove_file(signature_of(&portal.path(below))).expect("removed");
    let said = archive(&portal, &["sign", below, "--key", text(&keys.key())]);
    assert!(said.status == 1 && said.stderr.contains("was not signed"), "{}", said.stderr);
    assert!(!signature_of(&portal.path(below)).exists());
}
