//! Which characters are written without spaces between them.

/// Whether a line break beside `c` is no word space: Han, kana, bopomofo, CJK punctuation and full-width forms, not Hangul.
///
/// The rule is the segment break transformation of CSS Text 4, section 4.1.3, for Chinese and Japanese.
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x2FDF          // radicals
        | 0x3000..=0x303F        // CJK symbols and punctuation
        | 0x3040..=0x312F        // kana, bopomofo
        | 0x3190..=0x31FF        // kanbun, bopomofo extended, strokes, kana extensions
        | 0x3200..=0x4DBF        // enclosed, compatibility, extension A
        | 0x4E00..=0x9FFF        // unified ideographs
        | 0xA000..=0xA4CF        // Yi
        | 0xF900..=0xFAFF        // compatibility ideographs
        | 0xFE30..=0xFE4F        // compatibility forms
        | 0xFF00..=0xFFDC        // full-width and half-width forms
        | 0x1AFF0..=0x1B16F      // kana supplements
        | 0x1F200..=0x1F2FF      // enclosed ideographic supplement
        | 0x20000..=0x3FFFD)
        && !matches!(u32::from(c), 0xFFA0..=0xFFDC) // half-width Hangul
}

/// Whether `c` is a mark that Chinese text shares with Western text (“ ” ‘ ’ — …) and that takes no space beside Han.
pub fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Whether a line break between `left` and `right` vanishes.
pub fn joins(left: char, right: char) -> bool {
    let soft = |c| is_unspaced(c) || is_shared_mark(c);
    soft(left) && soft(right) && (is_unspaced(left) || is_unspaced(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_joins_han_and_its_punctuation_only() {
        for (left, right) in [('中', '文'), ('。', '中'), ('中', '“'), ('”', '中'), ('ア', 'イ'), ('，', '中')]
        {
            assert!(joins(left, right), "{left}{right}");
        }
        for (left, right) in [('中', 'a'), ('2', '中'), ('한', '글'), ('a', '“'), ('”', '“'), ('.', '中')] {
            assert!(!joins(left, right), "{left}{right}");
        }
    }
}
