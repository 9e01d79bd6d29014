//! JSON Schemas (draft 2020-12) of the files that people write, for completion and checking in editors.
//! Made from the same tables that the program checks by.

use crate::base::Lang;
use crate::diag::message::catalogue;
use crate::model::schema::{KIND, REPORT, SITE};
use crate::source::shape::{Field, Need, Shape};
use serde_json::{Map, Value, json};

/// A kind of file that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// A report's front matter.
    Report,
    /// `site.yaml`.
    Site,
    /// `kinds/ID.yaml`.
    Kind,
}

/// The schema of a file, with descriptions in `lang`.
pub fn json_schema(file: File, lang: Lang) -> String {
    let (name, fields) = match file {
        File::Report => ("report", REPORT),
        File::Site => ("site", SITE),
        File::Kind => ("kind", KIND),
    };
    let mut schema = object(fields, &format!("field.{name}"), lang);
    if let Some(map) = schema.as_object_mut() {
        map.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        map.insert("title".into(), format!("sunlit {name}").into());
        if file == File::Report {
            // `published` is required unless the report is a draft.
            let draft = json!({"properties": {"status": {"const": "draft"}}, "required": ["status"]});
            map.insert("if".into(), draft);
            map.insert("else".into(), json!({"required": ["published"]}));
        }
    }
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

fn object(fields: &[Field], key: &str, lang: Lang) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let key = format!("{key}.{}", field.name);
        let mut value = shape(&field.shape, &key, lang);
        if let (Some(words), Some(map)) = (catalogue(lang).get(&key), value.as_object_mut()) {
            map.insert("description".into(), words.clone().into());
        }
        properties.insert(field.name.into(), value);
    }
    let required: Vec<_> = fields.iter().filter(|f| f.need == Need::Required).map(|f| f.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": false,
        "required": required,
    })
}

fn shape(shape: &Shape, key: &str, lang: Lang) -> Value {
    const SLUG: &str = "^[a-z0-9][a-z0-9._-]{0,79}$";
    match shape {
        Shape::Text => json!({"type": "string", "pattern": "\\S"}),
        Shape::Date => json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$", "format": "date"}),
        Shape::Time => {
            json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})?$"})
        }
        Shape::Year => json!({"type": "integer", "minimum": 1900, "maximum": 2999}),
        Shape::Number => json!({"type": "number"}),
        Shape::Slug => json!({"type": "string", "pattern": SLUG}),
        Shape::Url => json!({"type": "string", "pattern": "^https?://\\S+$", "format": "uri"}),
        Shape::Path => json!({"type": "string", "pattern": "^[^/\\\\]+(/[^/\\\\]+)*$"}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::List(item) => json!({"type": ["array", "null"], "items": self::shape(item, key, lang)}),
        Shape::Map(fields) => object(fields, key, lang),
        Shape::Table(item) => json!({"type": ["object", "null"], "additionalProperties": self::shape(item, key, lang)}),
        Shape::Registry(item) => json!({
            "type": ["object", "null"],
            "additionalProperties": self::shape(item, key, lang),
            "propertyNames": {"pattern": SLUG},
        }),
        Shape::Any => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(fields: &[Field], key: &str, out: &mut Vec<String>) {
        for field in fields {
            let key = format!("{key}.{}", field.name);
            out.push(key.clone());
            inner(&field.shape, &key, out);
        }
    }

    fn inner(shape: &Shape, key: &str, out: &mut Vec<String>) {
        match shape {
            Shape::Map(fields) => keys(fields, key, out),
            Shape::List(item) | Shape::Table(item) | Shape::Registry(item) => inner(item, key, out),
            _ => {}
        }
    }

    #[test]
    fn every_key_is_described_in_every_language() {
        let mut all = Vec::new();
        for (name, fields) in [("report", REPORT), ("site", SITE), ("kind", KIND)] {
            keys(fields, &format!("field.{name}"), &mut all);
        }
        for lang in Lang::ALL {
            let missing: Vec<_> = all.iter().filter(|k| !catalogue(lang).contains_key(*k)).collect();
            assert!(missing.is_empty(), "{lang:?}: {missing:#?}");
        }
    }
}
