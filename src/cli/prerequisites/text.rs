//! Prerequisites for terminals, spreadsheets, wikis and programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use portbook::catalog::{Catalog, Reading};
use portbook::id::RoleId;
use portbook::resolve::{CitedPrerequisite, Prerequisites};

use crate::cli::Failure;
use crate::cli::show::cell;
use crate::cli::table::{align, one_line, pretty, to_csv};

/// By role; one line each, and one for each value of a list. With `notes`, what is to be noted stands below.
pub(super) fn table(catalog: &Catalog, prerequisites: &Prerequisites<'_>, notes: bool) -> String {
    let mut text = String::new();
    let mut roles: Vec<&RoleId> = Vec::new();
    for cited in &prerequisites.stated {
        if !roles.contains(&&cited.says.role) {
            roles.push(&cited.says.role);
        }
    }
    for role in roles {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{role}: {}", one_line(catalog.role_title(role)));
        let own: Vec<_> = prerequisites.stated.iter().filter(|cited| cited.says.role == *role).collect();
        text.push_str(&section(&own, notes));
    }
    text
}

fn section(own: &[&CitedPrerequisite<'_>], notes: bool) -> String {
    let rows: Vec<Vec<Vec<String>>> = own.iter().map(|cited| lines(cited)).collect();
    let aligned = align(&rows.concat(), "  ");
    let mut aligned = aligned.lines();
    let mut text = String::new();
    for (cited, rows) in own.iter().zip(&rows) {
        for line in aligned.by_ref().take(rows.len()) {
            let _ = writeln!(text, "{line}");
        }
        if notes {
            text.push_str(&below(cited));
        }
    }
    text
}

fn lines(cited: &CitedPrerequisite<'_>) -> Vec<Vec<String>> {
    let says = cited.says;
    let line = |part: String| {
        let fact = format!("{}: {part}", says.statement.kind());
        vec![says.id.to_string(), cited.need(), cited.source(), fact]
    };
    says.statement.parts().into_iter().map(line).collect()
}

fn below(cited: &CitedPrerequisite<'_>) -> String {
    let note = cited.says.note.as_ref();
    note.map_or_else(String::new, |note| format!("      note: {}\n", one_line(note)))
}

/// A file for spreadsheets.
pub(super) fn csv(prerequisites: &Prerequisites<'_>) -> Result<Vec<u8>, Failure> {
    let rows: Vec<Vec<String>> = prerequisites
        .stated
        .iter()
        .map(|cited| {
            let says = cited.says;
            let mut row = vec![says.role.to_string(), says.id.to_string(), cited.need()];
            row.extend([says.statement.kind().to_owned(), says.statement.to_string()]);
            row.extend([cited.document.to_string(), cited.edition.to_string()]);
            row.push(says.note.clone().unwrap_or_default());
            row
        })
        .collect();
    let header = ["role", "id", "need", "kind", "value", "document", "edition", "note"];
    to_csv(header, rows.iter().map(Vec::as_slice))
}

/// A table for people.
pub(super) fn markdown(prerequisites: &Prerequisites<'_>) -> String {
    let mut text = format!("## Prerequisites of {}\n", cell(&prerequisites.title));
    text.push_str("\n| role | prerequisite | need | fact | note | document |\n|---|---|---|---|---|---|\n");
    for cited in &prerequisites.stated {
        let says = cited.says;
        let note = says.note.clone().unwrap_or_default();
        let fact = format!("{}: {}", says.statement.kind(), says.statement);
        let cells = [says.role.to_string(), says.id.to_string(), cited.need(), fact, note, cited.source()];
        let _ = writeln!(text, "| {} |", cells.map(|text| cell(text.trim())).join(" | "));
    }
    for finding in &prerequisites.findings {
        let said: Vec<&str> =
            std::iter::once(&finding.message).chain(&finding.notes).map(String::as_str).collect();
        let _ = writeln!(text, "\n- {}", cell(&said.join(": ")));
    }
    text
}

/// An object for programs: values are typed, by kind.
pub(super) fn json(prerequisites: &Prerequisites<'_>) -> Result<Vec<u8>, Failure> {
    let each = prerequisites.stated.iter().map(object).collect::<Result<Vec<Value>, Failure>>()?;
    let documents: Vec<Value> = prerequisites
        .documents
        .iter()
        .map(|(document, edition, reading)| {
            json!({"document": document, "edition": edition, "read": reading.as_str()})
        })
        .collect();
    let left_out: Vec<Value> = prerequisites
        .left_out
        .iter()
        .map(|each| json!({"id": each.prerequisite.says.id, "document": each.prerequisite.document, "edition": each.prerequisite.edition, "flags": each.flags}))
        .collect();
    let value = json!({
        "format": 1,
        "title": prerequisites.title,
        "documents": documents,
        "prerequisites": each,
        "left-out": left_out,
    });
    pretty(&value)
}

fn object(cited: &CitedPrerequisite<'_>) -> Result<Value, Failure> {
    let says = cited.says;
    let states = serde_json::to_value(&says.statement).map_err(anyhow::Error::from)?;
    Ok(json!({
        "id": says.id,
        "role": says.role,
        "scenarios": says.scenarios,
        "clouds": says.clouds,
        "need": says.weight.as_str(),
        "when": says.when.as_ref().map(ToString::to_string),
        "kind": says.statement.kind(),
        "value": says.statement.to_string(),
        "states": states,
        "note": says.note,
        "document": cited.document,
        "edition": cited.edition,
    }))
}

/// The documents that state one of the prerequisites.
pub(super) fn cited_documents(prerequisites: &Prerequisites<'_>) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for source in prerequisites.stated.iter().map(CitedPrerequisite::source) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}

/// The documents of the selection of which nothing is known.
pub(super) fn unread_documents(prerequisites: &Prerequisites<'_>) -> Vec<String> {
    let unread = prerequisites.documents.iter().filter(|(.., reading)| *reading == Reading::Not);
    unread.map(|(document, edition, _)| format!("{document} {edition}")).collect()
}
