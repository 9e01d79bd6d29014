//! Makes and verifies signatures (PROTOCOL.sshsig of OpenSSH). In: an archive and a key, or an archive and its signature.
//! Out: a file beside the archive, or what is said of the one that is there.

use super::signers::Distrust;
use super::{Found, NAMESPACE, Refused, Signature, Signed, Signers, key, signature_of, signed_file};
use crate::archive::digest::{Algorithm, Digests};
use crate::archive::place::{Present, State};
use crate::diag::Message;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, LineEnding, PublicKey, SshSig};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Largest signature file, in bytes; one has about 300.
const SIGNATURE_BYTES: u64 = 64 << 10;

/// Signs the archive at `path` with the key in the file `key` and puts the signature beside it. The same key gives the
/// same signature each time (RFC 8032).
///
/// # Errors
/// Why the key is not used, or that another signature is there, or what the world refuses. Then nothing is written.
pub fn sign(path: &Path, key: &Path, present: Present) -> Result<Signed, Refused> {
    let key = key::read(key)?;
    let file = signed_file(path);
    let digest = digest(&file, Algorithm::Sha512).map_err(|e| Refused::Io(file, e))?;
    let failed = |error: ssh_key::Error| Refused::Because(Message::new("archive.sign.failed").with("error", error));
    let signature = key.sign_prehash(NAMESPACE, HashAlg::Sha512, &digest).map_err(failed)?;
    let text = signature.to_pem(LineEnding::LF).map_err(failed)?;
    let path = signature_of(path);
    let state = put(&path, text.as_bytes(), present).map_err(|error| Refused::Io(path.clone(), error))?;
    match state {
        Some(state) => Ok(Signed { key: key.fingerprint(HashAlg::Sha256).to_string(), path, state }),
        None => Err(Refused::Because(Message::new("archive.sign.exists").with("path", path.display()))),
    }
}

fn digest(path: &Path, algorithm: Algorithm) -> io::Result<Vec<u8>> {
    let (digests, _) = Digests::of_reader(&[algorithm], &mut File::open(path)?)?;
    Ok(digests.into_iter().next().unwrap_or_default())
}

/// Writes a file beside its place and renames it; `None` when another is there that stays.
fn put(path: &Path, bytes: &[u8], present: Present) -> io::Result<Option<State>> {
    let state = match fs::read(path) {
        Ok(there) if there == bytes => return Ok(Some(State::Same)),
        Ok(_) if present == Present::Kept => return Ok(None),
        Ok(_) => State::Replaced,
        Err(error) if error.kind() == io::ErrorKind::NotFound => State::New,
        Err(error) => return Err(error),
    };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sunlit-").suffix(".sig");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut beside = builder.tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    let put = if state == State::New { beside.persist_noclobber(path) } else { beside.persist(path) };
    put.map(|_| Some(state)).map_err(|error| error.error)
}

/// What is to be said of the signature beside the archive at `path`: whether it is right, and, with a list of those who are
/// trusted, whose it is. A key has to be valid at `moment`, in seconds since 1970-01-01T00:00:00Z: a signature does not
/// say when it was made.
///
/// # Errors
/// What the world refuses.
pub fn verify(path: &Path, signers: Option<&Signers>, moment: i64) -> Result<Found, Refused> {
    let at = signature_of(path);
    let mut text = Vec::new();
    let read = File::open(&at).and_then(|file| file.take(SIGNATURE_BYTES).read_to_end(&mut text));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::None),
        Err(error) => return Err(Refused::Io(at, error)),
        Ok(_) => {}
    }
    let Some(signature) = parse(&text) else { return Ok(Found::Wrong(Message::new("archive.sign.malformed"))) };
    if signature.namespace() != NAMESPACE {
        let namespace: String = signature.namespace().chars().take(100).collect();
        return Ok(Found::Wrong(Message::new("archive.sign.namespace").with("namespace", namespace)));
    }
    let key = PublicKey::new(signature.public_key().clone(), "");
    if !matches!(key.key_data(), KeyData::Ed25519(_) | KeyData::SkEd25519(_)) {
        return Ok(Found::Untold(Message::new("archive.sign.kind").with("kind", key.algorithm())));
    }
    let algorithm = match signature.hash_alg() {
        HashAlg::Sha256 => Algorithm::Sha256,
        _ => Algorithm::Sha512,
    };
    let file = signed_file(path);
    let digest = digest(&file, algorithm).map_err(|e| Refused::Io(file, e))?;
    if key.verify_prehash(NAMESPACE, &digest, &signature).is_err() {
        return Ok(Found::Wrong(Message::new("archive.sign.wrong")));
    }
    let named = key.fingerprint(HashAlg::Sha256).to_string();
    let Some(signers) = signers else { return Ok(Found::Right(Signature { key: named, signer: None })) };
    let text = key.to_openssh().unwrap_or_default();
    let (kind, base64) = text.trim().split_once(' ').unwrap_or_default();
    Ok(match signers.who(kind, base64, NAMESPACE, moment) {
        Ok(signer) => Found::Right(Signature { key: named, signer: Some(signer.principals.clone()) }),
        Err(why) => {
            let key = match why {
                Distrust::Unknown => "archive.sign.unknown",
                Distrust::Namespace => "archive.sign.not_for_this",
                Distrust::Time => "archive.sign.not_now",
            };
            Found::Wrong(Message::new(key).with("key", named))
        }
    })
}

/// Reads a signature as strictly as it is written: one that was changed anywhere does not pass for another way to write it.
fn parse(text: &[u8]) -> Option<SshSig> {
    let signature = SshSig::from_pem(text).ok()?;
    let plain = |text: &str| text.split_ascii_whitespace().collect::<String>();
    let again = signature.to_pem(LineEnding::LF).ok()?;
    let exact = signature.version() == SshSig::VERSION && signature.reserved().is_empty();
    (exact && plain(&again) == plain(std::str::from_utf8(text).ok()?)).then_some(signature)
}
