//! Takes checked values out of a mapping. Shape and presence were checked before, against the tables of `schema`;
//! what is missing here was reported there.

use crate::base::{CivilDate, Instant, Zone};
use serde_yaml::{Mapping, Value};

/// A mapping that was checked.
#[derive(Clone, Copy)]
pub(super) struct Checked<'a>(pub(super) &'a Mapping);

impl<'a> Checked<'a> {
    pub(super) fn str(self, key: &str) -> Option<&'a str> {
        self.0.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty())
    }

    pub(super) fn text(self, key: &str) -> Option<Box<str>> {
        self.str(key).map(Into::into)
    }

    pub(super) fn date(self, key: &str) -> Option<CivilDate> {
        self.str(key).and_then(CivilDate::parse)
    }

    /// A whole number that is not negative.
    pub(super) fn number(self, key: &str) -> Option<u32> {
        self.0.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok())
    }

    pub(super) fn instant(self, key: &str, zone: &Zone) -> Option<Instant> {
        self.str(key).and_then(|t| Instant::parse(t, zone))
    }

    pub(super) fn map(self, key: &str) -> Option<Checked<'a>> {
        self.0.get(key).and_then(Value::as_mapping).map(Checked)
    }

    pub(super) fn maps(self, key: &str) -> impl Iterator<Item = Checked<'a>> {
        self.items(key).filter_map(Value::as_mapping).map(Checked)
    }

    pub(super) fn texts(self, key: &str) -> Vec<Box<str>> {
        self.items(key).filter_map(Value::as_str).map(|t| t.trim().into()).collect()
    }

    pub(super) fn items(self, key: &str) -> impl Iterator<Item = &'a Value> {
        self.0.get(key).and_then(Value::as_sequence).into_iter().flatten()
    }

    pub(super) fn entries(self, key: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let map = self.0.get(key).and_then(Value::as_mapping);
        map.into_iter().flatten().filter_map(|(k, v)| k.as_str().map(|k| (k, v)))
    }
}
