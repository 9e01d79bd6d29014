//! Pure functions on text: which characters are East Asian, what an ordinal says, how alike two words are; which figures,
//! sums, dates, enumerations and marks stand in a paragraph; what is personal or secret.
//! In: `&str`. Out: values. No files, no model.

pub mod civil;
mod clause;
pub mod decimal;
mod digits;
pub mod enumerate;
mod han;
pub mod identity;
mod listed;
pub mod marks;
pub mod nearest;
pub mod normal;
pub mod number;
pub mod numbering;
pub mod odd;
pub mod ordinal;
pub mod personal;
pub mod role;
pub mod secrecy;
mod slip;
pub mod sums;
pub mod wide;
