//! Where a site is published: `publish:` in `site.yaml`. Addresses are taken apart by who publishes, not here, so that a
//! site can be read and built whatever a target wants.

use super::decode::Checked;
use serde_yaml::Value;
use std::collections::BTreeMap;

/// A place that the site can be published to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Its name in `site.yaml`.
    pub name: Box<str>,
    /// `to`: its address, as written.
    pub to: Box<str>,
    /// What else is said of it, as text; numbers and truth values as YAML writes them.
    pub options: BTreeMap<Box<str>, Box<str>>,
}

/// The entries of `publish:`, in the order of the file.
pub(super) fn read(top: Checked<'_>) -> Vec<Destination> {
    let entry = |(name, value): (&str, &Value)| {
        let map = Checked(value.as_mapping()?);
        let options = map.0.iter().filter_map(|(key, value)| {
            let key = key.as_str().filter(|k| *k != "to" && !k.starts_with("x-"))?;
            Some((key.into(), scalar(value)?.into()))
        });
        Some(Destination { name: name.into(), to: map.text("to")?, options: options.collect() })
    };
    top.entries("publish").filter_map(entry).collect()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
