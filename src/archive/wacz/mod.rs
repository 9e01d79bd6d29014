//! Web archives (WACZ 1.1.1 around WARC 1.1): a year as a static host answers for it, in one file that replays elsewhere.
//! In: a section and a year, or a file of unknown origin. Out: a file, or what is wrong with it. Prints nothing.

pub mod cdx;
mod container;
mod create;
mod located;
pub mod package;
pub mod record;
mod select;
mod verify;
pub mod warc;
mod write;
pub mod zip;

pub(super) use create::create;
pub use verify::{verify, verify_file};
pub use write::{Made, write};
