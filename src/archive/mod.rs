//! Keeps what was published, and proves it later. In: a portal and a year, or an archive. Out: the ledger with copies of what
//! it records; a bag (RFC 8493) in a folder, a tar or a zip; or what is wrong with one. Knows no terminal, no clock; a front
//! door like the others, which it never uses.

mod bag;
mod container;
mod create;
pub mod digest;
pub mod kind;
pub mod manifest;
mod note;
mod offline;
mod pack;
pub mod path;
mod place;
pub mod seal;
pub mod sign;
pub mod tags;
pub mod verdict;
mod verify;
pub mod wacz;
mod writer;

pub use create::{Created, Format, Order, Refused, create};
pub use place::{Present, State};
pub use verdict::{Problem, Verdict, Verified};
pub use verify::{verify, verify_zip};
