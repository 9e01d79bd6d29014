//! The only reader of a portal's folder: which files there are, what they say, and where in them a thing stands.
//! In: the portal's root. Out: texts and YAML values that are within their bounds, and findings for those that are not.
//! Knows nothing of reports, pages or outputs.

pub mod bounds;
pub mod file;
pub mod front;
pub mod locate;
pub mod scalars;
pub mod shape;
pub mod walk;
pub mod yaml;

pub use file::Text;
pub use front::Front;
pub use walk::{Entry, Stat, Tree};
