//! The JSON schema of site files, made of the types that read them. Only this test makes it; `SNAPSHOTS=overwrite cargo
//! test` writes docs/site.schema.json again.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::raw::{Scalar, Site, Translated, Words};
use crate::catalog::schema::snapshot;

impl JsonSchema for Words {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1}
        ]})
    }
}

impl JsonSchema for Translated {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Translated".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let words = generator.subschema_for::<Words>();
        json_schema!({"anyOf": [words, {"type": "object", "additionalProperties": words}]})
    }
}

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "integer", "boolean"]})
    }
}

#[test]
fn the_schema_is_that_of_the_code() {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Site>();
    schema.insert("title".to_owned(), "Portbook: site file (portbook.yaml)".into());
    let comment =
        "Made of src/plan/raw.rs by src/plan/schema.rs; `portbook build` checks more than a schema can.";
    schema.insert("$comment".to_owned(), comment.into());
    let text = format!("{:#}\n", schema.to_value());
    let path = snapshot::project().join("docs/site.schema.json");
    if snapshot::overwrite() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/site.schema.json is stale: SNAPSHOTS=overwrite cargo test");
}
