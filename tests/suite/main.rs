//! Every test of the program as its users see it, in one binary. A file is a subject; a case of findings or Markdown is
//! a folder or file under `tests/`, so that a bug report becomes a test without a line of code.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod attachments;
mod check;
mod cli;
mod edits;
#[cfg(feature = "external-links")]
mod external;
mod findings;
mod hostile;
mod labelled_personal;
mod labelled_sums;
mod laws;
mod live;
mod markdown;
mod pages;
mod portal;
mod preview;
mod rebuild;
mod reproducible;
mod theme;
mod tidy;
mod writing;
