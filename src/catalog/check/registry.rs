//! The small registries.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::catalog::raw;
use crate::catalog::registry::{
    Choice, Cloud, Condition, ConditionDefault, Gap, Parameter, ParameterKind, Registries, Role, Scenario,
    Software,
};
use crate::finding::{Code, Finding, Findings, Source};
use crate::id::{
    ChoiceId, CloudId, ConditionId, DocumentId, OptionId, ParameterId, RequirementId, RoleId, ScenarioId,
};
use crate::yaml;

use super::{Checker, Defined};

/// The words of `kind`.
pub(in crate::catalog) const PARAMETER_KINDS: [(&str, ParameterKind); 2] =
    [("host", ParameterKind::Host), ("ports", ParameterKind::Ports)];

/// One registry over all layers of a catalog, each row with the file that it stands in.
pub(in crate::catalog) struct Rows<T>(Vec<(Arc<Source>, Vec<T>)>);

impl<T: DeserializeOwned> Rows<T> {
    /// Reads the files of one registry.
    pub(in crate::catalog) fn read(files: &[Arc<Source>], findings: &mut Findings) -> Self {
        let mut rows = Vec::new();
        for source in files {
            match yaml::parse(source) {
                Ok(parsed) => rows.push((Arc::clone(source), parsed)),
                Err(errors) => findings.append(errors),
            }
        }
        Self(rows)
    }

    fn each<U>(
        &self,
        registries: &Registries,
        findings: &mut Findings,
        id: fn(&T) -> &raw::Text,
        what: &str,
        check: fn(&mut Checker<'_>, &T) -> Option<U>,
    ) -> Vec<U> {
        let mut values = Vec::new();
        let mut defined = Defined::default();
        for (source, rows) in &self.0 {
            let mut checker = Checker::new(source, registries);
            checker.unique(rows.iter().map(id), what);
            defined.add(&mut checker, rows.iter().map(id), what);
            values.extend(rows.iter().filter_map(|row| check(&mut checker, row)));
            findings.append(checker.findings);
        }
        values
    }
}

/// The raw registries of a catalog, ready to be checked against each other.
pub(in crate::catalog) struct RawRegistries {
    pub(in crate::catalog) scenarios: Rows<raw::Scenario>,
    pub(in crate::catalog) roles: Rows<raw::Role>,
    pub(in crate::catalog) clouds: Rows<raw::Cloud>,
    pub(in crate::catalog) conditions: Rows<raw::Condition>,
    pub(in crate::catalog) choices: Rows<raw::Choice>,
    pub(in crate::catalog) parameters: Rows<raw::Parameter>,
}

/// Checks all registries, as far as they can be read. `files` gives the files of a registry over all layers.
pub(in crate::catalog) fn registries(files: impl Fn(&str) -> Vec<Arc<Source>>) -> (Registries, Findings) {
    let mut findings = Findings::new();
    let raw = RawRegistries {
        scenarios: Rows::read(&files("scenarios.yaml"), &mut findings),
        roles: Rows::read(&files("roles.yaml"), &mut findings),
        clouds: Rows::read(&files("clouds.yaml"), &mut findings),
        conditions: Rows::read(&files("conditions.yaml"), &mut findings),
        choices: Rows::read(&files("choices.yaml"), &mut findings),
        parameters: Rows::read(&files("parameters.yaml"), &mut findings),
    };
    let mut values = Findings::new();
    let registries = raw.check(&mut values);
    // What an unreadable file defines is not missing: its own error says enough.
    let unreadable = findings.has_errors();
    findings.append(
        values.into_iter().filter(|each| !unreadable || each.code != Code::UnknownReference).collect(),
    );
    (registries, findings)
}

impl RawRegistries {
    /// Those first that the others refer to.
    #[allow(
        clippy::redundant_closure_for_method_calls,
        reason = "the method's own lifetime is not general enough"
    )]
    fn check(&self, findings: &mut Findings) -> Registries {
        let mut known = Registries::default();
        known.clouds =
            self.clouds.each(&known, findings, |row| &row.id, "cloud", |checker, row| checker.cloud_row(row));
        known.roles =
            self.roles.each(&known, findings, |row| &row.id, "role", |checker, row| checker.role_row(row));
        known.parameters = self.parameters.each(
            &known,
            findings,
            |row| &row.id,
            "parameter",
            |checker, row| checker.parameter_row(row),
        );
        known.choices = self.choices.each(
            &known,
            findings,
            |row| &row.id,
            "choice",
            |checker, row| checker.choice_row(row),
        );
        known.conditions = self.conditions.each(
            &known,
            findings,
            |row| &row.id,
            "condition",
            |checker, row| checker.condition_row(row),
        );
        known.scenarios = self.scenarios.each(
            &known,
            findings,
            |row| &row.id,
            "scenario",
            |checker, row| checker.scenario_row(row),
        );
        known
    }
}

impl Checker<'_> {
    fn cloud_row(&mut self, raw: &raw::Cloud) -> Option<Cloud> {
        let id = self.id(&raw.id, CloudId::parse)?;
        let retired = raw.retired.as_ref().map(|retired| match &retired.since {
            Some(since) => format!("{} (since {})", retired.because.value, since.value),
            None => retired.because.value.clone(),
        });
        Some(Cloud {
            id,
            title: raw.title.value.clone(),
            file_word: raw.file_word.value.clone(),
            also_called: raw.also_called.clone(),
            retired,
            download_page: raw.download_page,
        })
    }

    fn role_row(&mut self, raw: &raw::Role) -> Option<Role> {
        let software = raw.software.iter().map(|raw| Software {
            service: raw.service.as_ref().map(|text| text.value.clone()),
            program: raw.program.as_ref().map(|text| text.value.clone()),
            account: raw.account.as_ref().map(|text| text.value.clone()),
            documents: raw.documents.iter().map(|text| text.value.clone()).collect(),
            from: raw.from.as_ref().map(|text| text.value.clone()),
            until: raw.until.as_ref().map(|text| text.value.clone()),
            note: raw.note.clone(),
        });
        let software = software.collect();
        let id = self.id(&raw.id, RoleId::parse)?;
        Some(Role {
            id,
            title: raw.title.value.clone(),
            note: raw.note.clone(),
            outside: raw.outside,
            software,
        })
    }

    fn parameter_row(&mut self, raw: &raw::Parameter) -> Option<Parameter> {
        let parameter = Parameter {
            id: self.id(&raw.id, ParameterId::parse)?,
            title: raw.title.value.clone(),
            kind: self.word(&raw.kind, "kind", &PARAMETER_KINDS)?,
            default: raw.default.as_ref().map(|text| text.value.clone()),
            note: raw.note.clone(),
        };
        if let Some(default) = &raw.default
            && let Err(reason) = parameter.check(&default.value)
        {
            let message = format!("the default of parameter {} cannot be that: {reason}", parameter.id);
            let finding = Finding::new(Code::InvalidValue, message).at(self.place(default));
            self.push(finding);
        }
        Some(parameter)
    }

    fn choice_row(&mut self, raw: &raw::Choice) -> Option<Choice> {
        self.unique(raw.options.iter().map(|option| &option.id), "option");
        let options: Vec<(OptionId, String)> = raw
            .options
            .iter()
            .filter_map(|option| Some((self.id(&option.id, OptionId::parse)?, option.text.value.clone())))
            .collect();
        let known: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
        let default = match &raw.default {
            Some(text) => Some(self.known(text, OptionId::parse, "option", &known)?),
            None => None,
        };
        Some(Choice {
            id: self.id(&raw.id, ChoiceId::parse)?,
            title: raw.title.value.clone(),
            default,
            because: raw.because.value.clone(),
            options,
        })
    }

    fn condition_row(&mut self, raw: &raw::Condition) -> Option<Condition> {
        let default = match raw.default.value.as_str() {
            "true" => Some(ConditionDefault::Known(true)),
            "false" => Some(ConditionDefault::Known(false)),
            "assumed:true" => Some(ConditionDefault::Assumed(true)),
            "assumed:false" => Some(ConditionDefault::Assumed(false)),
            "follows:proxy" => Some(ConditionDefault::Proxy),
            text => {
                let scenario = text.strip_prefix("follows:").and_then(|id| ScenarioId::parse(id).ok());
                scenario.map(ConditionDefault::Scenario)
            }
        };
        if default.is_none() {
            let message = format!("`{}` is no default", raw.default.value.escape_debug());
            let finding = Finding::new(Code::InvalidValue, message)
                .at(self.place(&raw.default))
                .help("true, false, assumed:true, assumed:false, follows:proxy or follows:SCENARIO");
            self.push(finding);
        }
        Some(Condition {
            id: self.id(&raw.id, ConditionId::parse)?,
            text: raw.text.value.clone(),
            default: default?,
            because: raw.because.value.clone(),
            place: self.place(&raw.default),
        })
    }

    fn scenario_row(&mut self, raw: &raw::Scenario) -> Option<Scenario> {
        let place = self.place(&raw.id);
        self.not_empty(&raw.documents.primary, "documents.primary", &place);
        self.not_empty(&raw.clouds, "clouds", &place);
        let id = self.id(&raw.id, ScenarioId::parse);
        let role = self.role(&raw.role);
        let documents = |texts: &[raw::Text], checker: &mut Self| {
            texts.iter().filter_map(|text| checker.id(text, DocumentId::parse)).collect()
        };
        let primary = documents(&raw.documents.primary, self);
        let also = documents(&raw.documents.also, self);
        let clouds = raw.clouds.iter().filter_map(|cloud| self.cloud(cloud)).collect();
        let unsupported = raw.unsupported.iter();
        let unsupported = unsupported
            .filter_map(|each| Some((self.cloud(&each.cloud)?, each.because.value.clone())))
            .collect();
        let because = raw.documents.because.as_ref().map(|text| text.value.clone());
        let served_by = raw
            .served_by
            .as_ref()
            .and_then(|by| Some((self.id(&by.scenario, ScenarioId::parse)?, by.because.value.clone())));
        let gaps = raw.gaps.iter().filter_map(|gap| self.gap(gap)).collect();
        // Only now: an entry without a fine id or role still has every other error of its own.
        Some(Scenario {
            id: id?,
            title: raw.title.value.clone(),
            role: role?,
            primary,
            also,
            because,
            clouds,
            unsupported,
            served_by,
            gaps,
        })
    }

    fn gap(&mut self, raw: &raw::Gap) -> Option<Gap> {
        let place = self.place(&raw.id);
        Some(Gap {
            id: self.id(&raw.id, RequirementId::parse)?,
            from: self.ends(&raw.from, &place),
            flows: raw.flows.iter().map(|flow| self.flow(flow, None)).collect(),
            because: raw.because.value.clone(),
        })
    }
}
