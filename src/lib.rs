//! sunlit turns YAML-fronted Markdown reports of public bodies into an accessible static portal section.
//!
//! Data flows one way: [`source`] → [`markdown`], [`model`] → [`emit`] → [`render`] → [`write`](crate::write); [`build`]
//! is where the rooms meet. The front doors, [`cli`], [`preview`], [`archive`], [`publish`] and [`scaffold`], call the
//! library; it never calls them, prints or exits. `docs/architecture.md` is the picture; `tests/suite/tidy.rs` holds the code to it.

pub mod archive;
pub mod attachment;
pub mod base;
pub mod build;
pub mod check;
pub mod cli;
pub mod diag;
pub mod emit;
pub mod hosting;
pub mod markdown;
pub mod model;
pub mod preview;
pub mod probe;
pub mod publish;
pub mod render;
pub mod scaffold;
pub mod source;
pub mod text;
pub mod write;
