//! Footnotes: definitions go to the end in the order of their first mention; what is mentioned but not defined, or
//! defined but not mentioned, would vanish from the page and is handed back as a finding.

use comrak::nodes::{AstNode, NodeValue};
use std::collections::BTreeMap;

/// Puts the definitions among `nodes` at the end of the document, and gives those that nothing mentions.
pub(super) fn settle<'a>(root: &'a AstNode<'a>, nodes: &[&'a AstNode<'a>]) -> Vec<&'a AstNode<'a>> {
    let mut mentioned: BTreeMap<String, u32> = BTreeMap::new();
    for node in nodes {
        if let NodeValue::FootnoteReference(reference) = &node.data().value {
            mentioned.entry(reference.name.to_lowercase()).or_insert(reference.ix);
        }
    }
    let (mut ordered, mut idle) = (Vec::new(), Vec::new());
    for &node in nodes {
        if let NodeValue::FootnoteDefinition(definition) = &node.data().value {
            match mentioned.get(&definition.name.to_lowercase()).filter(|_| definition.total_references > 0) {
                Some(ix) => ordered.push((*ix, node)),
                None => idle.push(node),
            }
        }
    }
    for node in &idle {
        node.detach();
    }
    ordered.sort_by_key(|(ix, _)| *ix);
    for (_, node) in ordered {
        node.detach();
        root.append(node);
    }
    idle
}
