//! Brings a built section to a host: what may not be published is refused, what changed is found by hash, and files go in
//! an order in which no reader meets a broken link, wherever the run is interrupted. In: a portal, its built tree and a
//! target of `site.yaml`. Out: what was added, changed and removed. Prints nothing, asks no clock; knows no page's content.

pub mod address;
mod folder;
#[cfg(feature = "remote-targets")]
mod folders;
mod git;
#[cfg(feature = "remote-targets")]
mod hold;
#[cfg(feature = "remote-targets")]
mod http;
#[cfg(feature = "remote-targets")]
mod list;
mod remote;
#[cfg(feature = "remote-targets")]
mod s3;
pub mod send;
#[cfg(feature = "remote-targets")]
mod sftp;
#[cfg(feature = "remote-targets")]
mod ssh;
pub mod target;
#[cfg(feature = "remote-targets")]
mod webdav;
