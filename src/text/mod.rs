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

/// Blocks with an end behind each, and where each stands: what the words of a body look like to the tests.
#[cfg(test)]
fn joined(blocks: &[String], end: char) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut text, mut ranges) = (String::new(), Vec::new());
    for block in blocks {
        ranges.push(text.len()..text.len() + block.len());
        text.push_str(block);
        text.push(end);
    }
    (text, ranges)
}
