//! Edition files.

use std::sync::Arc;

use crate::catalog::Expression;
use crate::catalog::raw;
use crate::catalog::registry::Registries;
use crate::catalog::requirement::{
    DateBasis, Denial, DocumentedFlow, EditionText, Identity, Negative, Requirement,
};
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::id::{ChoiceId, CloudId, OptionId, RequirementId, ScenarioId};
use crate::rule::{Need, Phase, Scope, TlsInspection};
use crate::yaml;

use super::Checker;

/// The words of `date`.
pub(in crate::catalog) const DATES: [(&str, DateBasis); 5] = [
    ("stated", DateBasis::Stated),
    ("stale", DateBasis::Stale),
    ("shared", DateBasis::Shared),
    ("estimated", DateBasis::Estimated),
    ("earliest-of-texts", DateBasis::EarliestOfTexts),
];

/// The words of `tls-inspection`.
pub(in crate::catalog) const TLS_INSPECTION: [(&str, TlsInspection); 5] = [
    ("not-stated", TlsInspection::NotStated),
    ("not-required", TlsInspection::NotRequired),
    ("contradictory", TlsInspection::Contradictory),
    ("do-not-terminate", TlsInspection::DoNotTerminate),
    ("exclude", TlsInspection::Exclude),
];

/// The words of `need`.
pub(in crate::catalog) const NEEDS: [(&str, Need); 2] =
    [("required", Need::Required), ("optional", Need::Optional)];

/// The words of `says`.
pub(in crate::catalog) const DENIALS: [(&str, Denial); 3] = [
    ("unsupported", Denial::Unsupported),
    ("do-not-open", Denial::DoNotOpen),
    ("do-not-install-with", Denial::DoNotInstallWith),
];

/// Reads and checks one edition.
pub(in crate::catalog) fn edition(
    source: &Arc<Source>,
    registries: &Registries,
) -> Result<EditionText, Findings> {
    let raw: raw::EditionText = yaml::parse(source)?;
    let mut checker = Checker::new(source, registries);
    let text = checker.edition(&raw);
    checker.findings.or_value(text).map(|(text, _)| text)
}

impl Checker<'_> {
    fn edition(&mut self, raw: &raw::EditionText) -> EditionText {
        self.cited(raw);
        let ids = raw.requirements.iter().map(|requirement| &requirement.value.id);
        self.unique(ids.chain(raw.not.iter().map(|negative| &negative.id)), "requirement");
        let (prerequisites_read, prerequisites) = self.prerequisites(raw);
        EditionText {
            texts: raw
                .source
                .texts
                .value
                .iter()
                .map(|text| (text.at.clone(), text.written.clone()))
                .collect(),
            date: self.word(&raw.source.date, "date", &DATES).unwrap_or(DateBasis::Stated),
            note: raw.source.note.clone(),
            address_fallback: raw.address_fallback.clone(),
            requirements: raw.requirements.iter().filter_map(|each| self.requirement(&each.value)).collect(),
            negatives: raw.not.iter().filter_map(|each| self.negative(each)).collect(),
            identities: raw.identities.iter().filter_map(|each| self.identity(each)).collect(),
            prerequisites_read,
            prerequisites_unread: raw.prerequisites_unread.as_ref().map(|text| text.value.clone()),
            prerequisites,
        }
    }

    /// An edition names at least one text, and each of them says where it is.
    fn cited(&mut self, raw: &raw::EditionText) {
        let texts = &raw.source.texts;
        let message = if texts.value.is_empty() {
            "`source.texts` is empty"
        } else if texts.value.iter().any(|text| text.at.trim().is_empty()) {
            "a text of `source.texts` does not say where it is"
        } else {
            return;
        };
        let help = "name the text that was read: {at: \"OWNER/REPOSITORY:PATH@COMMIT\", written: DATE}";
        self.push(Finding::new(Code::Uncited, message).at(self.place(texts)).help(help));
    }

    fn requirement(&mut self, raw: &raw::Requirement) -> Option<Requirement> {
        let place = self.place(&raw.id);
        let id = self.id(&raw.id, RequirementId::parse);
        self.not_empty(&raw.scenarios.value, "scenarios", &place);
        if raw.flows.is_empty() && raw.one_of.is_none() {
            self.push(
                Finding::new(Code::EmptyList, "a requirement has `flows`, `one-of` or both")
                    .at(place.clone()),
            );
        }
        let clouds = raw.clouds.as_ref().map(|clouds| {
            self.not_empty(&clouds.value, "clouds", &place);
            clouds.value.iter().filter_map(|cloud| self.cloud(cloud)).collect()
        });
        let scenarios = self.scenarios(&raw.scenarios.value);
        let from = self.ends(&raw.from, &place);
        let need = self.need(raw.need.as_ref());
        let phases = raw.phases.iter().filter_map(|phase| self.phase(phase)).collect();
        let when = raw.when.as_ref().and_then(|when| self.expression(when));
        let flows = self.flows(raw);
        let tls_inspection =
            raw.tls_inspection.as_ref().and_then(|word| self.word(word, "tls-inspection", &TLS_INSPECTION));
        // Only now: an entry without a fine id still has every other error of its own.
        Some(Requirement {
            id: id?,
            scenarios,
            clouds,
            from,
            need,
            phases,
            when,
            flows,
            purpose: raw.purpose.value.clone(),
            tls_inspection: tls_inspection.unwrap_or(TlsInspection::NotStated),
            address_fallback: raw.address_fallback.clone(),
            note: raw.note.clone(),
            place,
        })
    }

    fn flows(&mut self, raw: &raw::Requirement) -> Vec<DocumentedFlow> {
        let mut flows: Vec<DocumentedFlow> = raw.flows.iter().map(|flow| self.flow(flow, None)).collect();
        let Some(one_of) = &raw.one_of else {
            return flows;
        };
        let choice = self.registries.choices.iter().find(|choice| choice.id.as_str() == one_of.group.value);
        let Some(choice) = choice else {
            let known: Vec<&str> = self.registries.choices.iter().map(|choice| choice.id.as_str()).collect();
            self.known(&one_of.group, ChoiceId::parse, "choice", &known);
            return flows;
        };
        for name in one_of.options.keys() {
            if !choice.options.iter().any(|(option, _)| option.as_str() == name) {
                let message = format!("choice `{}` has no option `{}`", choice.id, name.escape_debug());
                let known = choice.options.iter().map(|(option, _)| option.as_str());
                let help = crate::finding::nearest(name, known).map(|name| format!("did you mean `{name}`?"));
                let finding = Finding::new(Code::UnknownReference, message).at(self.place(&one_of.group));
                self.push(finding.maybe_help(help));
            }
        }
        // In the order of choices.yaml, which is that of the texts.
        for (option, _) in &choice.options {
            let Some(options) = one_of.options.get(option.as_str()) else {
                continue;
            };
            let place = self.place(&one_of.group);
            self.not_empty(options, option.as_str(), &place);
            let key: (ChoiceId, OptionId) = (choice.id.clone(), option.clone());
            flows.extend(options.iter().map(|flow| self.flow(flow, Some(key.clone()))));
        }
        flows
    }

    fn negative(&mut self, raw: &raw::Negative) -> Option<Negative> {
        let place = self.place(&raw.id);
        let id = self.id(&raw.id, RequirementId::parse);
        let says = self.word(&raw.says, "says", &DENIALS);
        let scenarios = self.scenarios(&raw.scenarios);
        let cloud = raw.cloud.as_ref().and_then(|cloud| self.cloud(cloud));
        let from = raw.from.as_ref().map(|ends| self.ends(ends, &place)).unwrap_or_default();
        let to = raw.to.iter().flat_map(|ends| &ends.0).filter_map(|end| self.end(end, &place)).collect();
        let ports = self.ports(&raw.ports);
        let with = raw.with.iter().filter_map(|role| self.role(role)).collect();
        Some(Negative {
            id: id?,
            scenarios,
            cloud,
            says: says?,
            words: raw.words.clone(),
            from,
            to,
            ports,
            scope: if raw.local { Scope::Local } else { Scope::Network },
            with,
            note: raw.note.clone(),
        })
    }

    fn identity(&mut self, raw: &raw::Identity) -> Option<Identity> {
        Some(Identity { role: self.role(&raw.role)?, account: raw.account.clone(), words: raw.words.clone() })
    }

    pub(super) fn scenarios(&mut self, texts: &[raw::Text]) -> Vec<ScenarioId> {
        let known: Vec<&str> =
            self.registries.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
        texts.iter().filter_map(|text| self.known(text, ScenarioId::parse, "scenario", &known)).collect()
    }

    pub(in crate::catalog) fn cloud(&mut self, text: &raw::Text) -> Option<CloudId> {
        let known: Vec<&str> = self.registries.clouds.iter().map(|cloud| cloud.id.as_str()).collect();
        self.known(text, CloudId::parse, "cloud", &known)
    }

    fn need(&mut self, text: Option<&raw::Text>) -> Need {
        text.and_then(|text| self.word(text, "need", &NEEDS)).unwrap_or(Need::Required)
    }

    fn phase(&mut self, text: &raw::Text) -> Option<Phase> {
        self.word(text, "phase", &Phase::ALL.map(|phase| (phase.as_str(), phase)))
    }

    pub(super) fn expression(&mut self, text: &raw::Text) -> Option<Expression> {
        let place: Place = self.place(text);
        let expression = text.value.parse::<Expression>();
        let expression = expression
            .map_err(|error| {
                self.push(Finding::new(Code::InvalidExpression, error.to_string()).at(place.clone()));
            })
            .ok()?;
        for id in expression.conditions() {
            let known: Vec<&str> =
                self.registries.conditions.iter().map(|condition| condition.id.as_str()).collect();
            if !known.contains(&id.as_str()) {
                let help = crate::finding::nearest(id.as_str(), known.iter().copied());
                let finding = Finding::new(Code::UnknownReference, format!("unknown condition `{id}`"))
                    .at(place.clone())
                    .maybe_help(help.map(|name| format!("did you mean `{name}`?")));
                self.push(finding);
            }
        }
        Some(expression)
    }
}
