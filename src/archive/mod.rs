//! A year of a section kept for later, and proof that it is as it was.
//! In: a section and a year, or the path of an archive. Out: an archive, or what is wrong with one. Prints nothing.

pub mod cdx;
pub mod package;
mod place;
mod select;
pub mod wacz;
pub mod warc;
pub mod zip;

pub use place::{Existing, Placed, place};
