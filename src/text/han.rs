//! Characters beside a byte of a text, and whether one is Han.

/// Whether `c` is a Han character: a unified or compatibility ideograph.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' | '〇')
}

/// The character that ends at byte `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The character that begins at byte `at`.
pub(super) fn behind(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}
