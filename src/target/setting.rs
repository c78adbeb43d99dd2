//! Typed settings of targets: `--option KEY=VALUE`, `targets: [{..., os: 2022}]`.

use std::collections::BTreeMap;

use crate::finding::{Code, Finding, Findings, unknown};
use crate::site::ProxyListener;

/// The form of a setting's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `yes` or `no`.
    Flag,
    /// A name that is safe in every product: letters, digits, dots, hyphens, underscores; 1 to 63 of them.
    Name,
    /// A path inside the product, such as a URL or a folder: printable ASCII without quotes, spaces or control characters.
    Path,
    /// A positive whole number.
    Number,
    /// A proxy: `proxy.contoso.com:8080`, `10.30.0.5:8080` or `[2001:db8::5]:8080`.
    HostPort,
    /// A text file: the command line takes its path, reads it and passes on its content, which is what
    /// [`Settings`] hold; the library opens no file for a setting. The target checks the content.
    File,
}

impl SettingKind {
    /// The form in words.
    pub fn words(self) -> String {
        match self {
            Self::Choice(words) => words.join(" | "),
            Self::Flag => "yes | no".to_owned(),
            Self::Name => "a name of letters, digits, dots, hyphens and underscores".to_owned(),
            Self::Path => "printable ASCII without spaces and quotes".to_owned(),
            Self::Number => "a positive number".to_owned(),
            Self::HostPort => "HOST:PORT".to_owned(),
            Self::File => "FILE".to_owned(),
        }
    }

    /// Whether `value` has this form.
    pub(crate) fn accepts(self, value: &str) -> bool {
        match self {
            Self::Choice(words) => words.contains(&value),
            Self::Flag => matches!(value, "yes" | "no"),
            Self::Name => {
                (1..=63).contains(&value.len())
                    && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
                    && value.starts_with(|c: char| c.is_ascii_alphanumeric())
            }
            Self::Path => {
                !value.is_empty()
                    && value.chars().all(|c| {
                        c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '`' | '$' | '|' | '<' | '>')
                    })
            }
            // `parse` alone would take a sign.
            Self::Number => {
                value.bytes().all(|byte| byte.is_ascii_digit())
                    && value.parse::<u32>().is_ok_and(|number| number > 0)
            }
            Self::HostPort => ProxyListener::parse(value).is_some(),
            Self::File => !value.is_empty(),
        }
    }
}

/// One setting of a target.
#[derive(Debug)]
pub struct SettingSpec {
    /// Its key.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The form of its value.
    pub kind: SettingKind,
    /// Its value when it is not given; `None` where no value is safe to assume.
    pub default: Option<&'static str>,
}

/// Checked settings of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<&'static str, String>);

impl Settings {
    /// Checks `given` against `specs` and fills in defaults. A setting without default that is not given stays
    /// absent; the target says whether it needs it.
    ///
    /// # Errors
    /// `unknown-setting` and `invalid-value`, all of them.
    pub fn check(
        target: &str,
        specs: &'static [SettingSpec],
        given: &[(String, String)],
    ) -> Result<Self, Findings> {
        let mut settings: BTreeMap<&'static str, String> =
            specs.iter().filter_map(|spec| Some((spec.id, spec.default?.to_owned()))).collect();
        let mut findings = Findings::new();
        for (key, value) in given {
            match specs.iter().find(|spec| spec.id == key) {
                None => {
                    let known = specs.iter().map(|spec| spec.id);
                    let what = format!("setting of {target}");
                    findings.push(unknown(
                        Code::UnknownSetting,
                        &what,
                        key,
                        known,
                        "`portbook list targets`",
                    ));
                }
                Some(spec) if !spec.kind.accepts(value) => {
                    let message = format!("{target}: `{key}` cannot be `{}`", value.escape_debug());
                    findings.push(
                        Finding::new(Code::InvalidValue, message)
                            .help(format!("{key}={}", spec.kind.words())),
                    );
                }
                Some(spec) => {
                    settings.insert(spec.id, value.clone());
                }
            }
        }
        findings.or_value(Self(settings)).map(|(settings, _)| settings)
    }

    /// The defaults alone.
    pub fn defaults(specs: &'static [SettingSpec]) -> Self {
        Self(specs.iter().filter_map(|spec| Some((spec.id, spec.default?.to_owned()))).collect())
    }

    /// Gives a setting another value, which the caller has checked.
    pub(crate) fn set(&mut self, spec: &SettingSpec, value: String) {
        self.0.insert(spec.id, value);
    }

    /// These settings with one of them back at its default; `None` if it is there already.
    pub(crate) fn without(&self, spec: &SettingSpec) -> Option<Self> {
        let mut settings = self.clone();
        let given = settings.0.remove(spec.id)?;
        if let Some(default) = spec.default {
            settings.0.insert(spec.id, default.to_owned());
        }
        (spec.default != Some(given.as_str())).then_some(settings)
    }

    /// The values that are no defaults, but for those of settings that name a file, which belong to one run.
    pub(crate) fn chosen(&self, specs: &[SettingSpec]) -> BTreeMap<String, String> {
        let chosen = specs.iter().filter(|spec| spec.kind != SettingKind::File).filter_map(|spec| {
            let value = self.get(spec.id).filter(|value| spec.default != Some(*value))?;
            Some((spec.id.to_owned(), value.to_owned()))
        });
        chosen.collect()
    }

    /// The value of a setting; `None` when it has no default and was not given.
    pub fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// Whether a setting has this value.
    pub fn is(&self, id: &str, value: &str) -> bool {
        self.get(id) == Some(value)
    }

    /// The value of a number.
    pub fn number(&self, id: &str) -> Option<usize> {
        self.get(id)?.parse().ok()
    }
}
