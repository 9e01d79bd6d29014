//! Sentences for people, in every language the program speaks: a key and its values, put into words when printed.
//! The words are in `messages/LANG.yaml`; adding a language is adding a file and a line of [`catalogue`].

use crate::base::Lang;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

/// A sentence that is not yet in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its key in the catalogue.
    pub key: Cow<'static, str>,
    args: Vec<(Cow<'static, str>, Value)>,
}

/// What fills a place of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Value {
    /// Words that are the same in every language.
    Text(String),
    /// A sentence of its own.
    Message(Box<Message>),
}

impl Message {
    /// The sentence of `key`.
    pub fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// Fills `{name}` with `value`.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((Cow::Borrowed(name), Value::Text(value.to_string())));
        self
    }

    /// Fills `{name}` with another sentence, which follows the language.
    pub fn with_message(mut self, name: &'static str, value: Message) -> Self {
        self.args.push((Cow::Borrowed(name), Value::Message(Box::new(value))));
        self
    }

    /// The sentence in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        let mut rest = lookup(&self.key, lang);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let name = after.split_once('}').map_or("", |(name, _)| name);
            // A brace that opens no place stands for itself.
            match self.args.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => {
                    match value {
                        Value::Text(text) => out.push_str(text),
                        Value::Message(message) => out.push_str(&message.text(lang)),
                    }
                    rest = &after[name.len() + 1..];
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// The words of `key` in `lang`, with their `{places}`; the key itself where the catalogue lacks it.
pub fn lookup(key: &str, lang: Lang) -> &str {
    catalogue(lang).get(key).map_or(key, String::as_str)
}

/// Every sentence of a language.
pub fn catalogue(lang: Lang) -> &'static BTreeMap<String, String> {
    static ZH_CN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    static EN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let (cell, text) = match lang {
        Lang::ZhCn => (&ZH_CN, include_str!("messages/zh-CN.yaml")),
        Lang::En => (&EN, include_str!("messages/en.yaml")),
    };
    // A catalogue that does not parse shows keys instead of words; a test keeps it from shipping.
    cell.get_or_init(|| serde_yaml::from_str(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut names: Vec<_> =
            text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_language_has_every_sentence_with_the_same_places() {
        let [zh, en] = Lang::ALL.map(catalogue);
        assert!(!zh.is_empty());
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
        for (key, text) in zh {
            assert_eq!(places(text), places(&en[key]), "{key}");
        }
    }

    #[test]
    fn braces_in_a_value_stay_as_they_are() {
        let message = Message::new("yaml.unknown_key").with("key", "{key}");
        assert!(message.text(Lang::En).contains("`{key}`"), "{}", message.text(Lang::En));
    }
}
