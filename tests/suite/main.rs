//! Every test of the program as its users see it, in one binary. A file is a subject; a case of findings or Markdown is
//! a folder or file under `tests/`, so that a bug report becomes a test without a line of code.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod archive;
mod archive_cases;
mod archive_laws;
mod attachments;
mod check;
mod cli;
mod copies;
mod edits;
mod embargo;
#[cfg(feature = "external-links")]
mod external;
mod findings;
mod hostile;
mod hosting;
mod labelled_personal;
mod labelled_sums;
mod laws;
mod ledger;
mod live;
mod markdown;
mod pages;
mod portal;
mod preview;
#[cfg(all(unix, feature = "remote-targets"))]
mod processes;
mod publish;
mod publish_git;
mod publish_killed;
mod publish_order;
#[cfg(all(unix, feature = "remote-targets"))]
mod publish_remote;
#[cfg(all(unix, feature = "remote-targets"))]
mod publish_targets;
mod rebuild;
mod reproducible;
mod schedule;
mod served;
#[cfg(all(unix, feature = "remote-targets"))]
mod servers;
#[cfg(feature = "signatures")]
mod signatures;
mod snippets;
mod theme;
mod tidy;
mod web_archives;
mod web_servers;
mod workflow;
mod writing;
