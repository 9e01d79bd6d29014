//! `sunlit publish` to a branch of a real Git repository.

use crate::portal::{Portal, tree};
use crate::publish::{aim, command, publish, publish_well};
use crate::publish_order::two_states;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=某人", "-c", "user.email=someone@test.example"]).args(arguments);
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_string()
}

/// A bare repository, and a folder in which a branch of it is worked on by others.
struct Host {
    dir: TempDir,
}

impl Host {
    fn new() -> Self {
        let dir = TempDir::new().expect("a folder");
        git(dir.path(), &["init", "-q", "--bare", "pages.git"]);
        Self { dir }
    }

    fn repository(&self) -> PathBuf {
        self.dir.path().join("pages.git")
    }

    fn url(&self) -> String {
        format!("git+file://{}#site/pages", self.repository().display())
    }

    /// Puts files of others into the branch.
    fn others_push(&self, files: &[(&str, &str)]) {
        let clone = self.dir.path().join("clone");
        let _ = fs::remove_dir_all(&clone);
        git(self.dir.path(), &["clone", "-q", "pages.git", "clone"]);
        let there = git(&clone, &["branch", "-r", "--list", "origin/site/pages"]);
        let start = if there.is_empty() { vec!["--orphan", "site/pages"] } else { vec!["site/pages"] };
        git(&clone, &[&["checkout", "-q"], &start[..]].concat());
        for (path, text) in files {
            fs::create_dir_all(clone.join(path).parent().expect("a parent")).expect("a folder");
            fs::write(clone.join(path), text).expect("a file");
        }
        git(&clone, &["add", "-A"]);
        git(&clone, &["commit", "-q", "-m", "Theirs"]);
        git(&clone, &["push", "-q", "origin", "site/pages"]);
    }

    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let out = self.dir.path().join("out");
        let _ = fs::remove_dir_all(&out);
        git(self.dir.path(), &["clone", "-q", "-b", "site/pages", "pages.git", "out"]);
        fs::remove_dir_all(out.join(".git")).expect("gone");
        tree(&out)
    }

    fn log(&self, format: &str) -> Vec<String> {
        let log = git(&self.repository(), &["log", "--date=unix", &format!("--format={format}"), "site/pages"]);
        log.lines().map(str::to_string).collect()
    }
}

/// Makes the portal's folder a repository, in whose configuration the author stands.
fn author(portal: &Portal) {
    git(portal.root(), &["init", "-q"]);
    git(portal.root(), &["config", "user.name", "示例局网站"]);
    git(portal.root(), &["config", "user.email", "web@test.example"]);
}

#[test]
fn a_branch_that_is_not_there_is_made_and_one_that_is_keeps_what_others_put_there() {
    for present in [false, true] {
        let host = Host::new();
        let (old, new) = two_states(3);
        for portal in [&old, &new] {
            author(portal);
            aim(portal, &host.url(), "");
        }
        let theirs = [("CNAME", "test.example\n"), ("2019/theirs \"quoted\".txt", "theirs\n")];
        if present {
            host.others_push(&theirs);
        }
        publish_well(&old, &["web", "--verify"]);
        assert_eq!(host.log("%s|%an|%ae")[0], "Publish|示例局网站|web@test.example");
        let said = publish_well(&old, &[]);
        assert!(said.stderr.contains("is up to date"), "{}", said.stderr);
        let before = host.log("%H").len();
        assert_eq!(before, if present { 2 } else { 1 }, "nothing changed, no commit");
        publish_well(&new, &["web", "--verify=all"]);
        assert_eq!(host.log("%H").len(), before + 1, "one commit a publication");
        let mut there = host.tree();
        for (path, text) in theirs.iter().filter(|_| present) {
            assert_eq!(there.remove(*path).as_deref(), Some(text.as_bytes()), "{path}");
        }
        assert_eq!(there, new.tree());
        git(&host.repository(), &["fsck", "--strict"]);
    }
}

#[test]
fn a_file_of_others_in_the_branch_is_not_overwritten() {
    let host = Host::new();
    host.others_push(&[("index.html", "theirs\n")]);
    let portal = Portal::base();
    author(&portal);
    aim(&portal, &host.url(), "");
    let said = publish(&portal, &[]);
    assert!(said.status == 1 && said.stderr.contains("index.html"), "{}", said.stderr);
    assert_eq!(host.log("%s"), ["Theirs"]);
    assert_eq!(host.tree().len(), 1);
}

/// A hook of the host that is run before a push is taken.
fn hook(host: &Host, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = host.repository().join("hooks/pre-receive");
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
}

#[test]
fn a_push_of_others_meanwhile_is_taken_in_once_and_then_told() {
    let host = Host::new();
    let (old, new) = two_states(2);
    for portal in [&old, &new] {
        author(portal);
        aim(portal, &host.url(), "");
    }
    publish_well(&old, &[]);
    host.others_push(&[("theirs.txt", "1\n")]);
    let theirs = git(&host.repository(), &["rev-parse", "site/pages"]);
    // Between our look and our push somebody else pushes: the host moves its branch as ours comes in.
    git(&host.repository(), &["update-ref", "refs/others/1", &theirs]);
    let first = git(&host.repository(), &["rev-parse", "site/pages~1"]);
    git(&host.repository(), &["update-ref", "refs/heads/site/pages", &first]);
    let moved = format!(
        "if [ ! -e moved ]; then touch moved; env -u GIT_QUARANTINE_PATH git update-ref refs/heads/site/pages {theirs}; fi"
    );
    hook(&host, &moved);
    publish_well(&new, &["web", "--verify=all"]);
    assert!(host.repository().join("moved").exists());
    let mut there = host.tree();
    assert_eq!(there.remove("theirs.txt").as_deref(), Some(&b"1\n"[..]));
    assert_eq!(there, new.tree());
    // Somebody who is always faster.
    let always = "new=$(echo x | env -u GIT_QUARANTINE_PATH git -c user.name=x -c user.email=x@test.example commit-tree -p site/pages \
                  'site/pages^{tree}'); env -u GIT_QUARANTINE_PATH git update-ref refs/heads/site/pages $new";
    hook(&host, always);
    let said = publish(&old, &[]);
    assert_eq!(said.status, 3, "{}", said.stderr);
    assert!(said.stderr.contains("somebody else pushed"), "{}", said.stderr);
}

#[test]
fn what_git_refuses_is_told_in_its_words() {
    let host = Host::new();
    let portal = Portal::base();
    aim(&portal, &host.url(), "");
    // Nobody is known to commit.
    let home = TempDir::new().expect("a folder");
    let anonymous = |arguments: &[&str]| {
        let mut command = command(&portal, arguments);
        for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"] {
            command.env_remove(name);
        }
        command.env("HOME", home.path()).env("GIT_CONFIG_NOSYSTEM", "1").env_remove("XDG_CONFIG_HOME");
        crate::portal::Said::from(command.output().expect("runs"))
    };
    let said = anonymous(&[]);
    assert!(said.status == 3 && said.stderr.contains("git config user.name"), "{}", said.stderr);
    author(&portal);
    hook(&host, "echo 'the office is closed' >&2; exit 1");
    let said = publish(&portal, &[]);
    assert_eq!(said.status, 3);
    assert!(said.stderr.contains("the office is closed"), "{}", said.stderr);
    aim(&portal, "git+file:///nowhere/pages.git", "");
    let said = publish(&portal, &[]);
    assert!(said.status == 3 && said.stderr.contains("/nowhere/pages.git"), "{}", said.stderr);
}

/// An OpenSSH server on a port of its own, with a key that it knows.
struct Sshd {
    child: std::process::Child,
    dir: TempDir,
    port: u16,
}

impl Sshd {
    fn start() -> Option<Self> {
        let program = Path::new("/usr/sbin/sshd");
        if !program.exists() {
            assert!(std::env::var_os("CI").is_none(), "sshd is missing; tests/run installs it");
            return None;
        }
        let dir = TempDir::new().expect("a folder");
        for key in ["host", "user"] {
            let mut command = Command::new("ssh-keygen");
            command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(dir.path().join(key));
            assert!(command.status().expect("ssh-keygen runs").success());
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let at = dir.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nAuthorizedKeysFile {at}/user.pub\nPidFile none\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        );
        fs::write(dir.path().join("config"), config).expect("a file");
        // Where sshd leaves its privileges behind; only root needs it, and only root can make it.
        let _ = fs::create_dir_all("/run/sshd");
        let host = fs::read_to_string(dir.path().join("host.pub")).expect("a key");
        fs::write(dir.path().join("known"), format!("[127.0.0.1]:{port} {host}")).expect("a file");
        fs::write(dir.path().join("unknown"), "").expect("a file");
        let log = fs::File::create(dir.path().join("log")).expect("a file");
        let mut command = Command::new(program);
        let child =
            command.args(["-D", "-e", "-f"]).arg(dir.path().join("config")).stderr(log).spawn().expect("sshd runs");
        let up = (0..500).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        let sshd = Self { child, dir, port };
        assert!(up, "{}", fs::read_to_string(sshd.dir.path().join("log")).unwrap_or_default());
        Some(sshd)
    }

    /// How ssh is to be called, with a list of known hosts.
    fn call(&self, known: &str) -> String {
        let at = self.dir.path().display();
        format!(
            "ssh -F none -i {at}/user -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile={at}/{known}"
        )
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_branch_is_pushed_over_ssh_with_the_keys_of_the_host_s_own_tools() {
    let Some(sshd) = Sshd::start() else { return };
    let host = Host::new();
    let (old, new) = two_states(2);
    let user = Command::new("id").arg("-un").output().expect("id runs").stdout;
    let user = String::from_utf8(user).expect("UTF-8");
    let to = format!("git+ssh://{}@127.0.0.1:{}{}#site/pages", user.trim(), sshd.port, host.repository().display());
    for portal in [&old, &new] {
        author(portal);
        aim(portal, &to, "");
    }
    let publish = |portal: &Portal, known: &str| {
        let mut command = command(portal, &["web", "--verify=all"]);
        crate::portal::Said::from(command.env("GIT_SSH_COMMAND", sshd.call(known)).output().expect("runs"))
    };
    let said = publish(&old, "unknown");
    assert!(said.status == 3 && said.stderr.contains("Host key verification failed"), "{}", said.stderr);
    for portal in [&old, &new] {
        let said = publish(portal, "known");
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_eq!(host.tree(), portal.tree());
    }
    assert_eq!(host.log("%s"), ["Publish", "Publish"]);
}
