//! The software behind a rule, as the documents of the selection's time name it.

use crate::catalog::{self, Catalog, Edition};
use crate::rule::{Endpoint, Software};

use super::Selection;

/// What is documented about the software of the role that opens a connection.
pub(super) fn software(catalog: &Catalog, selection: &Selection, from: &Endpoint) -> Vec<Software> {
    let Endpoint::Role(id) = from else {
        return Vec::new();
    };
    let role = catalog.registries().roles.iter().find(|role| role.id == *id);
    let documented = role.map(|role| role.software.as_slice()).unwrap_or_default();
    documented.iter().filter(|software| current(software, selection)).map(software_of).collect()
}

/// Whether a name was documented at the date of the selection; without a date, whether it still is.
fn current(software: &catalog::Software, selection: &Selection) -> bool {
    let date = |text: &Option<String>| {
        text.as_deref().and_then(|text| text.parse::<Edition>().ok()).map(Edition::date)
    };
    let begun = match (date(&software.from), selection.as_of) {
        (Some(from), Some(at)) => from <= at,
        _ => true,
    };
    let ended = match (date(&software.until), selection.as_of) {
        (Some(until), Some(at)) => until < at,
        (Some(_), None) => true,
        (None, _) => false,
    };
    begun && !ended
}

fn software_of(software: &catalog::Software) -> Software {
    Software {
        service: software.service.clone(),
        program: software.program.clone(),
        account: software.account.clone(),
        note: software.note.clone(),
    }
}
