//! The JSON schema of catalog files, made of the types that read them. Only this test makes it: the program checks more
//! than a schema can, and says it better.
//!
//! `SNAPSHOTS=overwrite cargo test` writes docs/schema again.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::raw;
use crate::rule::Phase;
use crate::yaml::{OneOrMany, Spanned};

#[path = "../../tests/snapshot/mod.rs"]
#[allow(unreachable_pub, reason = "shared with tests")]
pub(crate) mod snapshot;

/// What [`crate::id::check`] takes.
pub(super) const ID: &str = "^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$";

/// The words of a table, without what they mean.
pub(super) fn words<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
    table.iter().map(|(word, _)| *word).collect()
}

/// The words of a list of phases.
pub(super) fn phases(schema: &mut Schema) {
    schema.insert("items".to_owned(), json!({"enum": Phase::ALL.map(Phase::as_str)}));
}

/// An end is exactly one of its kinds; `as` and `at` go with one.
pub(super) fn one_kind(schema: &mut Schema) {
    let keys = schema.get("properties").and_then(Value::as_object).unwrap().keys();
    let kinds = keys.filter(|key| !["as", "at"].contains(&key.as_str()));
    let one: Vec<Value> = kinds.map(|kind| json!({"required": [kind]})).collect();
    schema.insert("oneOf".to_owned(), one.into());
}

/// A requirement has flows, or alternatives with flows, or both.
pub(super) fn some_flow(schema: &mut Schema) {
    schema.insert("anyOf".to_owned(), json!([{"required": ["flows"]}, {"required": ["one-of"]}]));
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]})
    }
}

impl JsonSchema for raw::Port {
    fn schema_name() -> Cow<'static, str> {
        "Port".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parameter = generator.subschema_for::<raw::ParameterPort>();
        json_schema!({
            "description": "443/tcp, 53/tcp+udp, 49152-65535/tcp, or 5985 where the text leaves the transport unstated.",
            "anyOf": [
                {"type": "string", "pattern": "^[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|tcp\\+udp))?$"},
                {"type": "integer", "minimum": 1, "maximum": 65535},
                parameter
            ]
        })
    }
}

/// The schema of one kind of file.
fn schema<T: JsonSchema>(kind: &str) -> (String, Vec<u8>) {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), format!("Portbook catalog: {kind}").into());
    let comment = "Made of src/catalog/raw by src/catalog/schema.rs; `portbook validate` checks more than a schema can.";
    schema.insert("$comment".to_owned(), comment.into());
    (format!("{kind}.json"), format!("{:#}\n", schema.to_value()).into_bytes())
}

#[test]
fn schemas_are_those_of_the_code() {
    let actual = snapshot::Files::from([
        schema::<Vec<raw::AddressList>>("address-lists"),
        schema::<Vec<raw::Choice>>("choices"),
        schema::<Vec<raw::Cloud>>("clouds"),
        schema::<Vec<raw::Condition>>("conditions"),
        schema::<raw::Document>("document"),
        schema::<raw::EditionText>("edition"),
        schema::<Vec<raw::Host>>("hosts"),
        schema::<Vec<raw::Parameter>>("parameters"),
        schema::<Vec<raw::Role>>("roles"),
        schema::<Vec<raw::Scenario>>("scenarios"),
    ]);
    snapshot::check("docs/schema", &actual, &snapshot::read(&snapshot::project().join("docs/schema")));
}
