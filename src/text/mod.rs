//! Pure functions on text: which characters are East Asian, what an ordinal says, how alike two words are.
//! In: `&str`. Out: values. No files, no model.

pub mod identity;
pub mod nearest;
pub mod ordinal;
pub mod wide;
