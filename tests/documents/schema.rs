//! docs/rules.schema.json against what is written and what is read.
//!
//! A small evaluator of the keywords that the schema uses, so that no validator with its own tree of dependencies is needed; any other
//! keyword fails the test. `pattern` is left to the reader, which checks every value by its type, and to real validators.

use serde_json::{Map, Value};

use crate::sample::{everything, text};

const SCHEMA: &str = include_str!("../../docs/rules.schema.json");

struct Schema(Value);

impl Schema {
    fn new() -> Self {
        Self(serde_json::from_str(SCHEMA).unwrap())
    }

    fn allows(&self, value: &Value) -> bool {
        self.holds(&self.0, value)
    }

    fn holds(&self, schema: &Value, value: &Value) -> bool {
        match schema {
            Value::Bool(verdict) => *verdict,
            Value::Object(keywords) => {
                keywords.iter().all(|(keyword, argument)| self.keyword(keyword, argument, keywords, value))
            }
            _ => panic!("no schema: {schema}"),
        }
    }

    fn keyword(&self, keyword: &str, argument: &Value, schema: &Map<String, Value>, value: &Value) -> bool {
        match keyword {
            "$schema" | "title" | "description" | "$defs" | "pattern" => true,
            "$ref" => {
                let name = argument.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                self.holds(&self.0["$defs"][name], value)
            }
            "const" => value == argument,
            "enum" => argument.as_array().unwrap().contains(value),
            "type" => type_of(value) == argument.as_str().unwrap(),
            "oneOf" => argument.as_array().unwrap().iter().filter(|one| self.holds(one, value)).count() == 1,
            "minItems" => value.as_array().unwrap().len() as u64 >= argument.as_u64().unwrap(),
            "uniqueItems" => {
                let items = value.as_array().unwrap();
                items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
            }
            "items" => value.as_array().unwrap().iter().all(|item| self.holds(argument, item)),
            "required" => {
                argument.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some())
            }
            "properties" => {
                let given = |key: &str| value.get(key);
                argument
                    .as_object()
                    .unwrap()
                    .iter()
                    .all(|(key, one)| given(key).is_none_or(|value| self.holds(one, value)))
            }
            "propertyNames" => {
                value.as_object().unwrap().keys().all(|key| self.holds(argument, &key.as_str().into()))
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let mut others = value
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(key, _)| known.is_none_or(|known| !known.contains_key(*key)));
                others.all(|(_, value)| self.holds(argument, value))
            }
            _ => panic!("the schema uses `{keyword}`, which this test does not know"),
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn what_is_written_fits_the_schema() {
    let value: Value = serde_json::from_str(&text(&everything().render("json", &[])[0])).unwrap();
    assert!(Schema::new().allows(&value));
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let schema = Schema::new();
    for (name, broken) in crate::json::broken_shapes() {
        let value: Value = serde_json::from_str(&broken).unwrap();
        assert!(!schema.allows(&value), "{name}");
    }
}
