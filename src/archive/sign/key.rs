//! Reads the private key of whoever signs, after a look at whether it lies where a key may lie.
//! In: a path. Out: a key, or why it is not used. Never shows what it read.

use super::Refused;
use crate::diag::Message;
use ssh_key::{Algorithm, PrivateKey};
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

/// Largest key file, in bytes; an Ed25519 key has about 400.
const KEY_BYTES: u64 = 64 << 10;

/// Files by which a folder is known whose content leaves the house: a portal, a built section, a bag.
const PUBLISHED: [&str; 3] = ["site.yaml", "manifest-sha256.txt", "bagit.txt"];

/// Reads an Ed25519 key in the format of OpenSSH.
pub(super) fn read(path: &Path) -> Result<PrivateKey, Refused> {
    let io = |error| Refused::Io(path.to_path_buf(), error);
    let because = |key| Refused::Because(Message::new(key).with("path", path.display()));
    let mut file = File::open(path).map_err(io)?;
    let meta = file.metadata().map_err(io)?;
    if !meta.is_file() {
        return Err(because("archive.sign.no_key"));
    }
    if others_may_read(&meta) {
        return Err(because("archive.sign.open"));
    }
    // Both ways to it: a link in a portal is as bad as a file there, and so is a link to one.
    let real = fs::canonicalize(path).map_err(io)?;
    let told = std::path::absolute(path).map_err(io)?;
    for folder in real.ancestors().skip(1).chain(told.ancestors().skip(1)) {
        if PUBLISHED.iter().any(|name| folder.join(name).is_file()) {
            let message = Message::new("archive.sign.published").with("path", path.display());
            return Err(Refused::Because(message.with("folder", folder.display())));
        }
    }
    let mut text = Vec::new();
    (&mut file).take(KEY_BYTES).read_to_end(&mut text).map_err(io)?;
    let key = PrivateKey::from_openssh(&text);
    // Only what the library holds, and erases, outlives this line.
    text.fill(0);
    let key = key.map_err(|_| because("archive.sign.no_key"))?;
    if key.is_encrypted() {
        return Err(because("archive.sign.passphrase"));
    }
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(because("archive.sign.no_key"));
    }
    Ok(key)
}

#[cfg(unix)]
fn others_may_read(meta: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o077 != 0
}

/// Rights on Windows are lists, which OpenSSH looks at when it makes the key.
#[cfg(not(unix))]
fn others_may_read(_: &Metadata) -> bool {
    false
}
