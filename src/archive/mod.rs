//! A year of a section kept for later, and proof that it is as it was.
//! In: a section and a year, or the path of an archive. Out: an archive, or what is wrong with one. Prints nothing.

mod place;
pub mod wacz;

pub use place::{Existing, Placed, place};
