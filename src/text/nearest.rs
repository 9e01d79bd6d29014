//! The known word a misspelt one most likely meant.

/// The candidate nearest to `word`, when it is near enough to be meant (Damerau–Levenshtein, a third of its length at most).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).clamp(1, 4);
    let folded = word.to_lowercase().replace('-', "_");
    candidates
        .into_iter()
        // Words whose lengths differ by more than that are further apart.
        .filter(|c| c.chars().count().abs_diff(length) <= limit)
        .map(|c| (strsim::damerau_levenshtein(&folded, &c.to_lowercase().replace('-', "_")), c))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_noise_finds_none() {
        let keys = ["title", "kind", "organization", "published", "document_number"];
        assert_eq!(nearest("tilte", keys), Some("title"));
        assert_eq!(nearest("organisation", keys), Some("organization"));
        assert_eq!(nearest("Document-Number", keys), Some("document_number"));
        assert_eq!(nearest("colour", keys), None);
    }
}
