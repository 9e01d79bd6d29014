//! Targets on other machines: S3-compatible storage, WebDAV, SFTP. They need the cargo feature `remote-targets`; a program
//! that was built without it says so, and how to get one that has it.

#[cfg(feature = "remote-targets")]
mod content;
#[cfg(feature = "remote-targets")]
mod folders;
#[cfg(feature = "remote-targets")]
mod hold;
#[cfg(feature = "remote-targets")]
mod http;
#[cfg(feature = "remote-targets")]
mod list;
#[cfg(feature = "remote-targets")]
mod s3;
#[cfg(feature = "remote-targets")]
mod sftp;
#[cfg(feature = "remote-targets")]
mod ssh;
#[cfg(feature = "remote-targets")]
mod webdav;
#[cfg(feature = "remote-targets")]
mod wire;

use super::target::{Failure, Setting, Target};

/// What makes a target.
type Made = Result<Box<dyn Target>, Failure>;

#[cfg(feature = "remote-targets")]
pub(super) fn s3(setting: &Setting<'_>) -> Made {
    s3::make(setting)
}

#[cfg(feature = "remote-targets")]
pub(super) fn sftp(setting: &Setting<'_>) -> Made {
    sftp::make(setting)
}

#[cfg(feature = "remote-targets")]
pub(super) fn webdav(setting: &Setting<'_>) -> Made {
    webdav::make(setting)
}

#[cfg(not(feature = "remote-targets"))]
pub(super) use {missing as s3, missing as sftp, missing as webdav};

#[cfg(not(feature = "remote-targets"))]
pub(super) fn missing(setting: &Setting<'_>) -> Made {
    let message = crate::diag::Message::new("remote.not_built").with("target", &setting.destination.name);
    Err(Failure::Refused(message.with("scheme", &setting.address.scheme)))
}
