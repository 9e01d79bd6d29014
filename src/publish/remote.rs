//! The targets that need the cargo feature `remote-targets`, or, in a program that was built without it, the words about
//! how to get one that has it.

use super::target::{Failure, Setting, Target};

/// What makes a target.
type Made = Result<Box<dyn Target>, Failure>;

#[cfg(feature = "remote-targets")]
pub(super) fn s3(setting: &Setting<'_>) -> Made {
    super::s3::make(setting)
}

#[cfg(feature = "remote-targets")]
pub(super) fn sftp(setting: &Setting<'_>) -> Made {
    super::sftp::make(setting)
}

#[cfg(feature = "remote-targets")]
pub(super) fn webdav(setting: &Setting<'_>) -> Made {
    super::webdav::make(setting)
}

#[cfg(not(feature = "remote-targets"))]
pub(super) use {missing as s3, missing as sftp, missing as webdav};

#[cfg(not(feature = "remote-targets"))]
pub(super) fn missing(setting: &Setting<'_>) -> Made {
    let message = crate::diag::Message::new("remote.not_built").with("target", &setting.destination.name);
    Err(Failure::Refused(message.with("scheme", &setting.address.scheme)))
}
