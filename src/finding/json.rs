//! Findings for programs: one JSON object each.

use serde_json::{Value, json};

use super::{Finding, Label};

/// One finding as a JSON object: code, severity, message, places, notes, help.
pub fn to_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "places": finding.labels.iter().map(place).collect::<Vec<_>>(),
        "notes": finding.notes,
        "help": finding.help,
    })
}

fn place(label: &Label) -> Value {
    let (line, column) = label.place.line_column();
    json!({"file": label.place.source().name, "line": line, "column": column, "text": label.text})
}
