//! Brings a built section to a host: what may not be published is refused, what changed is found by hash, and files go in
//! an order in which no reader meets a broken link, wherever the run is interrupted. In: a portal, its built tree and a
//! target of `site.yaml`. Out: what was added, changed and removed. Prints nothing, asks no clock; knows no page's content.

pub mod address;
mod folder;
mod git;
pub mod send;
pub mod target;
