//! Facts for programs.

use serde_json::{Map, Value, json};

use portbook::catalog::Fact;

/// The columns of the CSV form, with what it has to squeeze in kept apart: purpose, marks, phases.
pub(super) fn render(facts: &[Fact]) -> Value {
    json!({"format": 1, "facts": facts.iter().map(object).collect::<Vec<_>>()})
}

fn object(fact: &Fact) -> Value {
    let columns = Fact::COLUMNS.iter().map(|name| (*name).to_owned());
    let mut object: Map<String, Value> = columns.zip(fact.row().into_iter().map(Value::from)).collect();
    object.insert("cloud".to_owned(), json!(fact.cloud));
    object.insert("phase".to_owned(), json!(fact.phases));
    object.insert("condition".to_owned(), json!(fact.condition));
    object.insert("purpose".to_owned(), json!(fact.purpose));
    object.insert("requirement".to_owned(), json!(fact.requirement));
    object.insert("marks".to_owned(), json!(fact.marks));
    Value::Object(object)
}
