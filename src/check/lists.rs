//! TEXT-004 and TEXT-005: misspellings that are known, and expressions that a site wants written exactly so. The program
//! carries a mechanism and a short list of words that are wrong everywhere; what else is right or wrong a site says itself.

use super::{Document, Rule, Run};
use crate::diag::{Code, Diagnostic, Message};
use crate::markdown::BlockKind;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::OnceLock;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Text004], run: Run::Document(misspellings) },
    Rule { codes: &[Code::Text005], run: Run::Document(near_misses) },
];

/// The built-in list, `wrong → right` a line.
const TYPOS: &str = include_str!("typos.txt");

struct List {
    pairs: Vec<(&'static str, &'static str)>,
    search: Option<AhoCorasick>,
}

fn built_in() -> &'static List {
    static LIST: OnceLock<List> = OnceLock::new();
    LIST.get_or_init(|| {
        let lines = TYPOS.lines().filter(|l| !l.starts_with('#'));
        let pairs: Vec<_> = lines.filter_map(|l| l.split_once(" → ")).collect();
        let mut builder = AhoCorasick::builder();
        let words = pairs.iter().map(|(wrong, _)| wrong);
        List { search: builder.match_kind(MatchKind::LeftmostLongest).build(words).ok(), pairs }
    })
}

/// TEXT-004: words that are wrong in every context.
fn misspellings(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let list = built_in();
    let prose = &document.body.prose;
    let mut found: Vec<(usize, &str, &str)> = Vec::new();
    if let Some(search) = &list.search {
        // Over the whole text at once; a block is looked up only for what was found.
        let pair = |m: aho_corasick::Match| list.pairs.get(m.pattern().as_usize()).map(|p| (m.start(), p.0, p.1));
        found.extend(search.find_iter(&prose.text).filter_map(pair));
    }
    for (wrong, right) in &document.site.policy.typos {
        found.extend(prose.text.match_indices(wrong.as_ref()).map(|(at, _)| (at, wrong.as_ref(), right.as_ref())));
    }
    found.sort_unstable();
    for (at, wrong, right) in found {
        let block = prose.blocks.iter().find(|b| b.range.contains(&at) && b.kind != BlockKind::Code);
        let Some(block) = block else { continue };
        let range = at - block.range.start..at - block.range.start + wrong.len();
        let message = Message::new("text.typo").with("wrong", wrong);
        let help = Message::new("text.typo.help").with("right", right);
        sink.push(document.in_block(Code::Text004, message, block, range).help(help));
    }
}

/// TEXT-005: almost an expression of the site's list. Short ones come near too many words to be looked for.
fn near_misses(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    const SHORTEST: usize = 6;
    let phrases = &document.site.policy.phrases;
    let long: Vec<Vec<char>> =
        phrases.iter().map(|p| p.chars().collect::<Vec<_>>()).filter(|p| p.len() >= SHORTEST).collect();
    if long.is_empty() {
        return;
    }
    for (block, words) in document.blocks().filter(|(block, _)| block.kind != BlockKind::Code) {
        let text: Vec<(usize, char)> = words.char_indices().collect();
        for phrase in &long {
            let exact: String = phrase.iter().collect();
            if let Some((start, end)) = nearest(&text, phrase) {
                let range = byte(&text, start, words)..byte(&text, end, words);
                let stands = words.get(range.clone()).unwrap_or_default();
                // Where the expression itself overlaps, the window is only shifted.
                let own = words.match_indices(&exact).any(|(at, p)| at < range.end && range.start < at + p.len());
                if !own && stands != exact {
                    let message = Message::new("text.near_miss").with("words", stands);
                    let help = Message::new("text.near_miss.help").with("phrase", &exact);
                    sink.push(document.in_block(Code::Text005, message, block, range).help(help));
                }
            }
        }
    }
}

fn byte(text: &[(usize, char)], index: usize, words: &str) -> usize {
    text.get(index).map_or(words.len(), |(at, _)| *at)
}

/// The window of the text that differs from the phrase by one or two characters put in, left out or changed, the nearest
/// one; it begins and ends with the phrase's own first and last character, one of which at least stands.
fn nearest(text: &[(usize, char)], phrase: &Vec<char>) -> Option<(usize, usize)> {
    let (first, last) = (phrase.first()?, phrase.last()?);
    let mut best: Option<(usize, usize, usize)> = None;
    for start in 0..text.len() {
        for length in phrase.len().saturating_sub(2)..=phrase.len() + 2 {
            let Some(window) = text.get(start..start + length) else { break };
            let (head, tail) = (window.first()?.1, window.last()?.1);
            if head != *first || tail != *last {
                continue;
            }
            let written: Vec<char> = window.iter().map(|(_, c)| *c).collect();
            let distance = strsim::generic_levenshtein(&written, phrase);
            if distance == 0 {
                continue;
            }
            if distance <= 2 && best.is_none_or(|(d, ..)| distance < d) {
                best = Some((distance, start, start + length));
            }
        }
    }
    best.map(|(_, start, end)| (start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_list_is_part_of_what_is_right() {
        let list = built_in();
        assert!(list.pairs.len() > 20 && list.search.is_some());
        for (wrong, right) in &list.pairs {
            assert!(!right.contains(wrong), "{wrong} → {right}");
            assert!(!list.pairs.iter().any(|(_, r)| r.contains(wrong)), "{wrong} is right elsewhere");
        }
    }

    #[test]
    fn a_near_miss_has_one_or_two_other_characters() {
        let at = |text: &str, phrase: &str| {
            let text: Vec<_> = text.char_indices().collect();
            let phrase: Vec<_> = phrase.chars().collect();
            nearest(&text, &phrase)
        };
        assert_eq!(at("推进一网通办服务平台建设", "一网统办服务平台"), Some((2, 10)));
        assert_eq!(at("推进一网统办服务平台建设", "一网统办服务平台"), None);
        assert_eq!(at("推进别的事情", "一网统办服务平台"), None);
    }
}
