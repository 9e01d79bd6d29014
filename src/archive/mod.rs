//! Keeps what was published, and proves it later. In: a portal that builds. Out: its ledger, and copies of what it records.
//! Knows no command line: what was done is told to the caller.

pub mod seal;
