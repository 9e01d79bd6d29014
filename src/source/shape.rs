//! Shapes of YAML: one table per kind of file says which keys there are, what they hold and which must be there.
//! In: a mapping and its table. Out: findings with key paths. JSON Schemas and help texts come from the same tables.

use crate::base::{CivilDate, Instant, Zone, id};
use crate::diag::{Code, Diagnostic, Key, Message, Place};
use crate::text::nearest::nearest;
use serde_yaml::{Mapping, Value};

/// A key of a mapping.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: Need,
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// As the writer likes.
    Optional,
}

/// What a value may be.
#[derive(Debug)]
pub enum Shape {
    /// Text that is not blank, of one line.
    Text,
    /// A civil date, `YYYY-MM-DD`.
    Date,
    /// A local time or an RFC 3339 instant.
    Time,
    /// A year of four digits.
    Year,
    /// A number.
    Number,
    /// A name that can stand in an address.
    Slug,
    /// An absolute `http` or `https` URL.
    Url,
    /// A relative path.
    Path,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Items of one shape.
    List(&'static Shape),
    /// A mapping with known keys.
    Map(&'static [Field]),
    /// A mapping with free keys and values of one shape.
    Table(&'static Shape),
    /// A slug-keyed mapping.
    Registry(&'static Shape),
    /// Anything: checked elsewhere.
    Any,
}

/// A required key.
pub const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, need: Need::Required }
}

/// An optional key.
pub const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, need: Need::Optional }
}

/// Most findings of one file that are worth reading; more say the same.
const LIMIT: usize = 50;

/// Checks `map` against `fields`, and pushes a finding for all that does not fit.
pub fn check(file: &str, map: &Mapping, fields: &'static [Field], sink: &mut Vec<Diagnostic>) {
    let mut check = Check { file, path: Vec::new(), sink, budget: LIMIT };
    check.map(map, fields);
}

struct Check<'a> {
    file: &'a str,
    path: Vec<Key>,
    sink: &'a mut Vec<Diagnostic>,
    budget: usize,
}

impl Check<'_> {
    fn push(&mut self, message: Message, help: Option<Message>, place: fn(Vec<Key>) -> Place) {
        if self.budget > 0 {
            self.budget -= 1;
            let mut finding = Diagnostic::new(Code::Yaml001, message).at(self.file, place(self.path.clone()));
            finding.help = help;
            self.sink.push(finding);
        }
    }

    fn map(&mut self, map: &Mapping, fields: &'static [Field]) {
        for (key, value) in map {
            let Some(name) = key.as_str() else {
                self.push(Message::new("yaml.key_not_text"), None, Place::Value);
                continue;
            };
            self.path.push(Key::Name(name.to_string()));
            match fields.iter().find(|f| f.name == name) {
                Some(field) => self.value(value, &field.shape),
                None if name.starts_with("x-") => {}
                None => self.unknown(name, fields),
            }
            self.path.pop();
        }
        for field in fields.iter().filter(|f| f.need == Need::Required && !map.contains_key(f.name)) {
            let help = Message::new("yaml.missing_key.help")
                .with("key", field.name)
                .with("example", if field.name == "kind" { "rule-of-law".into() } else { field.shape.example() });
            self.push(Message::new("yaml.missing_key").with("key", field.name), Some(help), Place::Value);
        }
    }

    fn unknown(&mut self, name: &str, fields: &'static [Field]) {
        let help = match nearest(name, fields.iter().map(|f| f.name)) {
            Some(known) => Message::new("yaml.unknown_key.near").with("known", known),
            None => {
                let known: Vec<_> = fields.iter().map(|f| f.name).collect();
                Message::new("yaml.unknown_key.list").with("known", known.join(", "))
            }
        };
        self.push(Message::new("yaml.unknown_key").with("key", name), Some(help), Place::Name);
    }

    fn value(&mut self, value: &Value, shape: &'static Shape) {
        match shape {
            Shape::Any => {}
            Shape::List(item) => match value {
                Value::Sequence(items) => {
                    self.children(items.iter().enumerate().map(|(i, v)| (Key::Index(i), v)), item)
                }
                Value::Null => {}
                _ => self.wrong("yaml.want_list", shape),
            },
            Shape::Map(fields) => match value {
                Value::Mapping(map) => self.map(map, fields),
                _ => self.wrong("yaml.want_map", shape),
            },
            Shape::Table(item) | Shape::Registry(item) => match value {
                Value::Mapping(map) => {
                    for (key, value) in map {
                        let name = key.as_str().map(str::to_string).unwrap_or_default();
                        self.path.push(Key::Name(name.clone()));
                        if matches!(shape, Shape::Registry(_)) && !id::is_slug(&name) {
                            self.push(
                                Message::new("yaml.want_slug"),
                                Some(Message::new("yaml.want_slug.help")),
                                Place::Name,
                            );
                        }
                        self.value(value, item);
                        self.path.pop();
                    }
                }
                Value::Null => {}
                _ => self.wrong("yaml.want_map", shape),
            },
            Shape::Number => {
                if !value.is_number() {
                    self.wrong("yaml.want_number", shape);
                }
            }
            Shape::Year => {
                let text = value.as_u64().map(|n| n.to_string());
                if text.as_deref().and_then(id::parse_year).is_none() {
                    self.wrong("yaml.want_year", shape);
                }
            }
            _ => self.scalar(value, shape),
        }
    }

    fn children<'v>(&mut self, items: impl Iterator<Item = (Key, &'v Value)>, shape: &'static Shape) {
        for (key, value) in items {
            self.path.push(key);
            self.value(value, shape);
            self.path.pop();
        }
    }

    fn scalar(&mut self, value: &Value, shape: &'static Shape) {
        let text = match value {
            Value::String(text) => text,
            Value::Null => return self.wrong("yaml.empty", shape),
            Value::Number(_) | Value::Bool(_) => return self.wrong("yaml.unquoted", shape),
            _ => return self.wrong("yaml.want_text", shape),
        };
        let fits = match shape {
            Shape::Date => CivilDate::parse(text).is_some(),
            Shape::Time => Instant::parse(text, &Zone::utc()).is_some(),
            Shape::Slug => id::is_slug(text),
            Shape::Url => is_web_url(text),
            Shape::Path => crate::base::SitePath::new(text).is_some(),
            Shape::Choice(words) => words.contains(&text.as_str()),
            _ => !text.trim().is_empty(),
        };
        if fits {
            return;
        }
        match shape {
            Shape::Choice(words) => {
                let help = match nearest(text, words.iter().copied()) {
                    Some(known) => Message::new("yaml.choice.near").with("known", known),
                    None => Message::new("yaml.choice.list").with("known", words.join(", ")),
                };
                self.push(Message::new("yaml.choice").with("value", text), Some(help), Place::Value);
            }
            Shape::Date => self.wrong("yaml.want_date", shape),
            Shape::Time => self.wrong("yaml.want_time", shape),
            Shape::Slug => self.wrong("yaml.want_slug", shape),
            Shape::Url => self.wrong("yaml.want_url", shape),
            Shape::Path => self.wrong("yaml.want_path", shape),
            _ => self.wrong("yaml.empty", shape),
        }
    }

    fn wrong(&mut self, key: &'static str, shape: &Shape) {
        let help = Message::new("yaml.example").with("example", shape.example());
        self.push(Message::new(key), Some(help), Place::Value);
    }
}

impl Shape {
    /// A right value, as it would be typed.
    pub fn example(&self) -> String {
        match self {
            Shape::Text => "\"…\"".into(),
            Shape::Date => "\"2024-11-28\"".into(),
            Shape::Time => "\"2024-12-09 09:35\"".into(),
            Shape::Year => "2024".into(),
            Shape::Number => "3864".into(),
            Shape::Slug => "data-bureau".into(),
            Shape::Url => "https://www.example.gov.cn/zwgk/".into(),
            Shape::Path => "annex-1.xlsx".into(),
            Shape::Choice(words) => words.first().copied().unwrap_or_default().into(),
            Shape::List(item) => format!("[{}]", item.example()),
            Shape::Map(fields) => {
                let shown: Vec<_> =
                    fields.iter().take(2).map(|f| format!("{}: {}", f.name, f.shape.example())).collect();
                format!("{{{}}}", shown.join(", "))
            }
            Shape::Table(item) | Shape::Registry(item) => format!("{{…: {}}}", item.example()),
            Shape::Any => "…".into(),
        }
    }
}

/// Whether `text` is an absolute web address.
pub fn is_web_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|r| !r.is_empty() && !r.starts_with('/') && !r.contains(char::is_whitespace))
}
