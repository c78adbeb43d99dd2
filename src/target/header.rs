//! What stands at the top of every artifact.

use serde::Serialize;

use super::{Counts, Enforces};
use crate::catalog::Edition;
use crate::id::DocumentId;
use crate::rule::Digest;

/// Title, sources and fidelity of an artifact, without any comment syntax.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// `Microsoft Entra Cloud Sync, public cloud`.
    pub title: String,
    /// The documents behind the rules of this artifact, with their editions.
    pub documents: Vec<(DocumentId, Option<Edition>)>,
    /// Digest of the symbolic rule set.
    pub rule_set: Digest,
    /// How the rules of the selection fared here.
    pub counts: Counts,
    /// `Enforces if this proxy denies by default.`
    pub enforces: String,
    /// Range files behind addresses of this artifact.
    pub range_files: Vec<String>,
    /// Further sentences: documents that say more, what is left out.
    pub notes: Vec<String>,
}

impl Header {
    /// The clause about the default, as a sentence.
    pub fn enforces(enforces: Enforces) -> String {
        match enforces {
            Enforces::Always => "Enforces: denies what it does not allow.".to_owned(),
            Enforces::IfDefaultDeny(clause) => format!("Enforces if {clause}."),
            Enforces::Never => "Does not enforce: it routes or informs, it never denies.".to_owned(),
        }
    }

    /// The documents with their editions: `cloud-sync-prerequisites 2026-07-27`.
    pub fn sources(&self) -> Vec<String> {
        self.documents
            .iter()
            .map(|(document, edition)| match edition {
                Some(edition) => format!("{document} {edition}"),
                None => document.to_string(),
            })
            .collect()
    }

    /// The lines, to be put behind the comment sign of a target.
    pub fn lines(&self) -> Vec<String> {
        let documents = self.sources();
        let total = self.counts.exact
            + self.counts.wider
            + self.counts.narrower
            + self.counts.refused
            + self.counts.not_applicable;
        let mut lines = vec![
            format!("Portbook: {}", self.title),
            format!("documents: {} ; rule set {}", documents.join(", "), self.rule_set),
            format!("{total} rules: {}. {}", self.counts.words(), self.enforces),
        ];
        lines.extend(self.range_files.iter().map(|file| format!("addresses: {file}")));
        lines.extend(self.notes.iter().cloned());
        lines
    }
}
