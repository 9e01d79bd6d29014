//! Real servers on the loopback, started for a test with a folder of their own and ended with it: S3-compatible storage,
//! WebDAV, SFTP. `tests/run` installs them; where one is missing, its tests are passed over, except in CI, where they fail.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

use crate::processes::{end, find, run};

/// The secrets of all servers; no output may hold one.
pub(crate) const KEY: &str = "AKIDSUNLITTESTS0001";
pub(crate) const SECRET: &str = "topsecretkeyofthetests0123456789abcdef";
pub(crate) const PASSWORD: &str = "topsecretpasswordofthetests";

/// A program that serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// S3 on a folder; passes conditions over, verifies Content-MD5 and signatures.
    RcloneS3,
    /// S3 in memory; honours conditions, keeps every header.
    Moto,
    /// S3 on a folder, strict in everything; only where `S3S_FS` names the program, for it takes minutes to build.
    S3sFs,
    /// The strictest WebDAV.
    Apache,
    /// The same with TLS.
    ApacheTls,
    /// WebDAV that passes conditions over.
    RcloneDav,
    /// OpenSSH.
    Sshd,
}

/// A server that runs.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) port: u16,
    child: Option<Child>,
    dir: TempDir,
}

impl Kind {
    /// Every server that is installed here.
    pub(crate) fn all() -> Vec<Self> {
        let all = [Self::RcloneS3, Self::Moto, Self::S3sFs, Self::Apache, Self::ApacheTls, Self::RcloneDav, Self::Sshd];
        all.into_iter().filter(|kind| kind.is_here()).collect()
    }

    fn program(self) -> Option<PathBuf> {
        match self {
            Self::RcloneS3 | Self::RcloneDav => find("rclone"),
            Self::Moto => find("moto_server"),
            Self::S3sFs => std::env::var_os("S3S_FS").map(PathBuf::from),
            Self::Apache | Self::ApacheTls => find("apache2"),
            Self::Sshd => find("sshd").filter(|_| find("ssh").is_some() && find("ssh-keygen").is_some()),
        }
    }

    /// Whether it is installed.
    pub(crate) fn is_here(self) -> bool {
        let here = self.program().is_some();
        if !here && self != Self::S3sFs {
            assert!(std::env::var_os("CI").is_none(), "{self:?} is not installed: tests/run --only tools");
            eprintln!("{self:?} is not installed, so it is passed over: tests/run --only tools");
        }
        here
    }

    pub(crate) fn is_s3(self) -> bool {
        matches!(self, Self::RcloneS3 | Self::Moto | Self::S3sFs)
    }
}

impl Server {
    /// Starts one with an empty folder.
    pub(crate) fn start(kind: Kind) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        // Apache serves as another user than root.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let mut server = Self { kind, port: 0, child: None, dir };
        fs::create_dir_all(server.data()).expect("a folder");
        server.prepare();
        for _ in 0..3 {
            server.port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
            if server.start_again() {
                return server;
            }
        }
        panic!("{kind:?} does not start: {}", server.log());
    }

    /// Starts it on its port, with what it has; whether it serves.
    pub(crate) fn start_again(&mut self) -> bool {
        self.stop();
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("log")).expect("a log");
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log).process_group(0);
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{:?}: {e}", self.kind));
        for _ in 0..300 {
            if child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                self.child = Some(child);
                self.after_start();
                return true;
            }
            thread::sleep(Duration::from_millis(50));
        }
        end(child);
        false
    }

    /// Ends it as a failing machine would: at once.
    pub(crate) fn stop(&mut self) {
        if let Some(child) = self.child.take() {
            end(child);
        }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    /// The folder that it serves from; of S3, its bucket.
    pub(crate) fn data(&self) -> PathBuf {
        self.path(if self.kind.is_s3() { "data/sunlit-tests" } else { "data" })
    }

    /// What it wrote about itself.
    pub(crate) fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.path(name)).unwrap_or_default();
        read("log") + &read("access.log") + &read("sftp.log")
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> usize {
        // A log may be written a little after the answer was sent.
        thread::sleep(Duration::from_millis(300));
        let is_request = |line: &&str| match self.kind {
            Kind::Sshd => ["open \"", "opendir \"", "stat name", "rename ", "mkdir ", "rmdir ", "remove "]
                .iter()
                .any(|w| line.contains(w)),
            _ => line.contains(" HTTP/1.1"),
        };
        self.log().lines().filter(is_request).count()
    }

    /// `to:` and the options of a target on it, below the folder `www`.
    pub(crate) fn target(&self) -> Vec<(&'static str, String)> {
        let at = format!("127.0.0.1:{}", self.port);
        match self.kind {
            kind if kind.is_s3() => vec![("to", "s3://sunlit-tests/www".into()), ("endpoint", format!("http://{at}"))],
            Kind::ApacheTls => vec![("to", format!("webdavs://localhost:{}/www", self.port))],
            Kind::Sshd => {
                let user =
                    String::from_utf8(Command::new("id").arg("-un").output().expect("id").stdout).expect("a name");
                vec![("to", format!("sftp://{}@{at}{}/www", user.trim(), self.data().display()))]
            }
            _ => vec![("to", format!("webdav://{at}/www"))],
        }
    }

    /// The environment of a publisher who may publish to it.
    pub(crate) fn environment(&self) -> BTreeMap<&'static str, String> {
        let path = |below| self.path(below).display().to_string();
        match self.kind {
            kind if kind.is_s3() => {
                BTreeMap::from([("AWS_ACCESS_KEY_ID", KEY.into()), ("AWS_SECRET_ACCESS_KEY", SECRET.into())])
            }
            Kind::Sshd => BTreeMap::from([("SUNLIT_SSH_CONFIG", path("ssh_config"))]),
            _ => BTreeMap::from([
                ("SUNLIT_WEBDAV_USER", "web".into()),
                ("SUNLIT_WEBDAV_PASSWORD", PASSWORD.into()),
                ("SSL_CERT_FILE", if self.kind == Kind::ApacheTls { path("cert.pem") } else { String::new() }),
            ]),
        }
    }

    /// The same, but with credentials that the server refuses.
    pub(crate) fn wrong_environment(&self) -> BTreeMap<&'static str, String> {
        let mut environment = self.environment();
        match self.kind {
            kind if kind.is_s3() => environment.insert("AWS_SECRET_ACCESS_KEY", format!("wrong{SECRET}")),
            Kind::Sshd => {
                environment.insert("SUNLIT_SSH_CONFIG", self.path("ssh_config_stranger").display().to_string())
            }
            _ => environment.insert("SUNLIT_WEBDAV_PASSWORD", format!("wrong{PASSWORD}")),
        };
        environment
    }

    /// The environment of a publisher who does not know the host's key; of SFTP only.
    pub(crate) fn environment_of_unknown_host(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("SUNLIT_SSH_CONFIG", self.path("ssh_config_unknown").display().to_string())])
    }

    /// Writes what the server reads when it starts, apart from its port.
    fn prepare(&self) {
        let write = |name: &str, text: String| fs::write(self.path(name), text).expect("a file");
        match self.kind {
            Kind::Apache | Kind::ApacheTls => {
                let hash = run(Command::new("openssl").args(["passwd", "-apr1", PASSWORD]));
                write("users", format!("web:{hash}"));
                for folder in ["data", "locks"] {
                    fs::create_dir_all(self.path(folder)).expect("a folder");
                    fs::set_permissions(self.path(folder), fs::Permissions::from_mode(0o777)).expect("permissions");
                }
                if self.kind == Kind::ApacheTls {
                    let mut command = Command::new("openssl");
                    command.args([
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                    ]);
                    command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
                    command.args([
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-out",
                        "cert.pem",
                        "-keyout",
                    ]);
                    run(command.arg("key.pem").current_dir(self.dir.path()));
                }
            }
            Kind::Sshd => {
                for key in ["host", "client", "stranger"] {
                    let mut command = Command::new("ssh-keygen");
                    run(command.args(["-q", "-t", "ed25519", "-N", "", "-C", key, "-f"]).arg(self.path(key)));
                }
                fs::copy(self.path("client.pub"), self.path("authorized")).expect("a copy");
                let server = find("sftp-server").unwrap_or_else(|| "/usr/lib/openssh/sftp-server".into());
                let log = self.path("sftp.log");
                let wrapper =
                    format!("#!/bin/sh\nexec {} -l VERBOSE -l DEBUG3 -e 2>>{}\n", server.display(), log.display());
                write("sftp", wrapper);
                fs::set_permissions(self.path("sftp"), fs::Permissions::from_mode(0o755)).expect("permissions");
            }
            _ => {}
        }
    }

    fn command(&self) -> Command {
        let program = self.kind.program().expect("installed");
        let mut command = Command::new(program);
        let (root, at) = (self.dir.path().display(), format!("127.0.0.1:{}", self.port));
        command.env("HOME", self.dir.path());
        match self.kind {
            Kind::RcloneS3 => {
                command.args(["serve", "s3", "--addr", &at, "--auth-key", &format!("{KEY},{SECRET}")]);
                command.args(["--dir-cache-time", "10ms", "--poll-interval", "0"]).arg(self.path("data"));
            }
            Kind::RcloneDav => {
                command.args(["serve", "webdav", "--addr", &at, "--user", "web", "--pass", PASSWORD]);
                command.args(["--dir-cache-time", "10ms", "--poll-interval", "0"]).arg(self.path("data"));
            }
            Kind::Moto => {
                command.args(["-H", "127.0.0.1", "-p", &self.port.to_string()]);
            }
            Kind::S3sFs => {
                command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
                command.args(["--access-key", KEY, "--secret-key", SECRET]).arg(self.path("data"));
            }
            Kind::Apache | Kind::ApacheTls => {
                let modules = [
                    "mpm_event",
                    "authz_core",
                    "authn_core",
                    "authn_file",
                    "auth_basic",
                    "authz_user",
                    "dav",
                    "dav_fs",
                    "ssl",
                ];
                let load = |name: &&str| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n");
                let tls = match self.kind {
                    Kind::ApacheTls => format!(
                        "SSLEngine on\nSSLCertificateFile {root}/cert.pem\nSSLCertificateKeyFile {root}/key.pem\n"
                    ),
                    _ => String::new(),
                };
                let text = format!(
                    "{}ServerName localhost\nServerRoot {root}\nPidFile {root}/pid\nListen {at}\nUser www-data\nGroup www-data\n\
                     ErrorLog {root}/error.log\nLogFormat \"%r %>s\" short\nCustomLog {root}/access.log short\n{tls}\
                     DocumentRoot {root}/data\nDavLockDB {root}/locks/lock\nAllowEncodedSlashes On\n\
                     <Directory {root}/data>\nDav On\nAuthType Basic\nAuthName tests\nAuthUserFile {root}/users\n\
                     Require valid-user\n</Directory>\n",
                    modules.iter().map(load).collect::<String>()
                );
                fs::write(self.path("apache.conf"), text).expect("a file");
                command.arg("-D").arg("FOREGROUND").arg("-f").arg(self.path("apache.conf"));
            }
            Kind::Sshd => {
                let _ = fs::create_dir_all("/run/sshd");
                let text = format!(
                    "Port {}\nListenAddress 127.0.0.1\nHostKey {root}/host\nPidFile none\nStrictModes no\nUsePAM no\n\
                     AuthorizedKeysFile {root}/authorized\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
                     PermitRootLogin prohibit-password\nSubsystem sftp {root}/sftp\n",
                    self.port
                );
                fs::write(self.path("sshd_config"), text).expect("a file");
                command.args(["-D", "-e", "-f"]).arg(self.path("sshd_config"));
            }
        }
        command
    }

    /// What S3 in memory wants to see of a request; it verifies nothing.
    pub(crate) fn authorization() -> String {
        let scope = format!("{KEY}/20260101/us-east-1/s3/aws4_request");
        format!("Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0")
    }

    fn after_start(&self) {
        let (root, port) = (self.dir.path().display(), self.port);
        match self.kind {
            Kind::Moto => {
                let url = format!("http://127.0.0.1:{port}/sunlit-tests");
                run(Command::new("curl").args([
                    "-sf",
                    "--noproxy",
                    "*",
                    "-X",
                    "PUT",
                    "-H",
                    &Self::authorization(),
                    &url,
                ]));
            }
            Kind::Sshd => {
                let host = fs::read_to_string(self.path("host.pub")).expect("a key");
                fs::write(self.path("known_hosts"), format!("[127.0.0.1]:{port} {host}")).expect("a file");
                let text = |key: &str, hosts: &str| {
                    format!(
                        "Host *\n IdentityFile {root}/{key}\n IdentitiesOnly yes\n UserKnownHostsFile {root}/{hosts}\n GlobalKnownHostsFile none\n"
                    )
                };
                fs::write(self.path("ssh_config"), text("client", "known_hosts")).expect("a file");
                fs::write(self.path("ssh_config_stranger"), text("stranger", "known_hosts")).expect("a file");
                fs::write(self.path("ssh_config_unknown"), text("client", "nobody")).expect("a file");
            }
            _ => {}
        }
    }

    /// A file that somebody else put there, in the folder of the target.
    pub(crate) fn put_foreign(&self, below: &str, bytes: &[u8]) {
        let path = self.data().join("www").join(below);
        let folder = path.parent().expect("a parent");
        if !folder.exists() {
            fs::create_dir_all(folder).expect("a folder");
            // The server is another user, who must be able to put files beside it.
            fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("permissions");
        }
        fs::write(path, bytes).expect("a file");
    }

    /// Whether what it serves are plain files in [`Server::data`].
    pub(crate) fn is_on_disk(&self) -> bool {
        self.kind != Kind::Moto
    }

    /// The tree that it serves.
    pub(crate) fn served(&self) -> PathBuf {
        self.data().join("www")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A folder's entries, for messages.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    crate::portal::tree(folder).into_keys().collect()
}
