//! Signatures of archives: `sunlit archive sign`, and what `archive verify` says of one. The only place that reads the
//! clock for them.

use super::bag::{looked_at, plain, say_problems};
use crate::archive::sign::{self, Found, Refused, Signers};
use crate::archive::verdict::Fault;
use crate::archive::{Present, Problem, State, Verdict, Verified};
use crate::base::{CivilDate, Instant, Zone};
use crate::build::Failed;
use crate::cli::{Exit, Session, findings};
use crate::diag::Message;
use clap::ArgMatches;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Largest list of signers, in bytes.
const LIST_BYTES: u64 = 16 << 20;

/// Those who are trusted, and for which moment that is asked.
pub(super) struct Trust {
    signers: Signers,
    moment: i64,
}

/// Signs an archive that is valid.
pub(super) fn sign(session: &Session, matches: &ArgMatches) -> Exit {
    let Some(path) = matches.get_one::<PathBuf>("path") else { return Exit::Usage };
    let Some(key) = matches.get_one::<PathBuf>("key") else { return Exit::Usage };
    if !sign::AVAILABLE {
        session.out.say(&Message::new("archive.sign.unavailable"));
        return Exit::Usage;
    }
    let verified = match looked_at(session, path) {
        Ok(verified) => verified,
        Err(exit) => return exit,
    };
    if verified.verdict() != Verdict::Valid {
        say_problems(session, &verified);
        session.out.say(&Message::new("archive.sign.invalid").with("path", path.display()));
        return Exit::Content;
    }
    let present = if matches.get_flag("replace") { Present::Replaced } else { Present::Kept };
    match sign::sign(path, key, present) {
        Ok(signed) => {
            let key = match signed.state {
                State::Same => "archive.sign.same",
                State::New | State::Replaced => "archive.sign.made",
            };
            session.out.say(&Message::new(key).with("path", signed.path.display()).with("key", signed.key));
            Exit::Done
        }
        Err(refused) => say_refused(session, refused),
    }
}

fn say_refused(session: &Session, refused: Refused) -> Exit {
    match refused {
        Refused::Because(message) => {
            session.out.say(&message);
            Exit::Usage
        }
        Refused::Io(path, error) => findings::failed(session, &Failed::Io(path, error)),
    }
}

/// Reads `--signers` and `--as-of`.
pub(super) fn signers(session: &Session, matches: &ArgMatches) -> Result<Option<Trust>, Exit> {
    let Some(path) = matches.get_one::<PathBuf>("signers") else { return Ok(None) };
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LIST_BYTES).read_to_string(&mut text));
    if let Err(error) = read {
        return Err(findings::failed(session, &Failed::Io(path.clone(), error)));
    }
    let signers = Signers::read(&text).map_err(|line| {
        session.out.say(&Message::new("archive.sign.signers").with("path", path.display()).with("line", line));
        Exit::Usage
    })?;
    let utc = Zone::utc();
    let moment = match matches.get_one::<String>("as-of") {
        None => SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|d| i64::try_from(d.as_secs()).ok()),
        Some(text) => {
            let day = || CivilDate::parse(text).and_then(|day| Instant::start_of(day, &utc));
            Instant::parse(text, &utc).or_else(day).map(|i| i.unix())
        }
    };
    let Some(moment) = moment else {
        session.out.say(&Message::new("build.as_of"));
        return Err(Exit::Usage);
    };
    Ok(Some(Trust { signers, moment }))
}

/// Looks at the signature beside an archive; what is wrong with it becomes a problem of the archive. Gives what cannot be
/// told here.
pub(super) fn look(
    session: &Session,
    path: &Path,
    trust: Option<&Trust>,
    verified: &mut Verified,
) -> Result<Option<Message>, Exit> {
    let signers = trust.map(|t| &t.signers);
    let found = sign::verify(path, signers, trust.map_or(0, |t| t.moment)).map_err(|r| say_refused(session, r))?;
    let name = sign::signature_of(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = |fault: Fault, message| Problem { fault, path: name, message };
    match found {
        Found::Right(signature) => verified.signature = Some(signature),
        Found::None if trust.is_some() => {
            let message = Message::new("archive.fault.signature-missing");
            verified.problems.push(wrong(Fault::SignatureMissing, message));
        }
        Found::None => {}
        // Who asks whom to trust wants to be sure.
        Found::Untold(message) if trust.is_none() => return Ok(Some(message)),
        Found::Wrong(message) | Found::Untold(message) => {
            let message = Message::new("archive.fault.signature-wrong").with_message("why", message);
            verified.problems.push(wrong(Fault::SignatureWrong, message));
        }
    }
    Ok(None)
}

/// Says whose signature it is.
pub(super) fn say(session: &Session, verified: &Verified, untold: Option<&Message>) {
    if let Some(message) = untold {
        session.out.say(&Message::new("archive.sign.untold").with_message("why", message.clone()));
    }
    let Some(signature) = &verified.signature else { return };
    let message = match &signature.signer {
        Some(signer) => Message::new("archive.sign.signed").with("signer", plain(signer)),
        None => Message::new("archive.sign.unasked"),
    };
    session.out.say(&message.with("key", &signature.key));
}
