//! A host name with parameters that each customer fills in.

use std::fmt;

use super::error::HostError;
use super::name::{HostName, check_labels, is_address, is_name_character, without_dot};
use super::text::{as_text, quote};

/// A host name with `{parameters}` for labels or parts of labels, such as `certauth.{federation-service-name}`.
///
/// A parameter is named in lower-case letters, digits and hyphens, starting with a letter. Its value may hold several labels
/// (`sts.contoso.com`), but no wildcard, port, path or space. Displays in canonical text.
///
/// ```
/// use portbook::host::HostTemplate;
///
/// let template = HostTemplate::parse("certauth.{federation-service-name}")?;
/// let name = template.fill(|_| Some("sts.contoso.com"))?;
/// assert_eq!(name.as_str(), "certauth.sts.contoso.com");
/// assert!(template.fill(|_| Some("*.contoso.com")).is_err());
/// # Ok::<(), portbook::host::TemplateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Literal(String),
    Parameter(String),
}

as_text!(HostTemplate, TemplateError);

impl HostTemplate {
    /// Reads a template, in any case.
    ///
    /// # Errors
    /// A [`TemplateError`] for braces that do not pair, a parameter's name, a template without a parameter, or text around the
    /// parameters that cannot be part of a host name.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let template = Self(parts(text)?);
        if template.parameters().next().is_none() {
            return Err(TemplateError::NoParameter { text: text.to_owned() });
        }
        // A letter fits wherever a value can: what does not parse with it parses with no value.
        template.joined(|_| Ok("a")).and_then(|sample| Ok(HostName::parse(&sample)?))?;
        Ok(template)
    }

    /// The names of the parameters, each once, in order of first use.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        let names = || self.0.iter().filter_map(Part::parameter);
        names()
            .enumerate()
            .filter(move |(at, name)| !names().take(*at).any(|earlier| earlier == *name))
            .map(|(_, name)| name)
    }

    /// The host name for the given values.
    ///
    /// # Errors
    /// [`TemplateError::Missing`] if `value` knows a parameter not, [`TemplateError::Value`] if a value cannot be part of a host name
    /// (both name the parameter), [`TemplateError::Host`] if the whole is no host name.
    pub fn fill<'v>(
        &self,
        mut value: impl FnMut(&str) -> Option<&'v str>,
    ) -> Result<HostName, TemplateError> {
        let name = self.joined(|parameter| {
            let value =
                value(parameter).ok_or_else(|| TemplateError::Missing { parameter: parameter.to_owned() })?;
            check_value(value).map_err(|error| TemplateError::Value {
                parameter: parameter.to_owned(),
                value: value.to_owned(),
                error,
            })?;
            Ok(without_dot(value))
        })?;
        Ok(HostName::parse(&name)?)
    }

    fn joined<'v>(
        &self,
        mut value: impl FnMut(&str) -> Result<&'v str, TemplateError>,
    ) -> Result<String, TemplateError> {
        let mut name = String::new();
        for part in &self.0 {
            name.push_str(match part {
                Part::Literal(text) => text,
                Part::Parameter(parameter) => value(parameter)?,
            });
        }
        Ok(name)
    }
}

impl Part {
    fn parameter(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Parameter(name) => Some(name),
        }
    }
}

impl fmt::Display for HostTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.0.iter().map(Part::to_string).collect();
        f.pad(&text)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Parameter(name) => write!(f, "{{{name}}}"),
        }
    }
}

/// A value is checked before it is put in, so that the message names the parameter. A number is fine: `{n}` may be part of a label.
fn check_value(value: &str) -> Result<(), HostError> {
    if value.is_empty() {
        return Err(HostError::Empty);
    }
    let numeric_label = value.bytes().all(|byte| byte.is_ascii_digit());
    if is_address(value) && !numeric_label {
        return Err(HostError::AddressLiteral { text: value.to_owned() });
    }
    check_labels(value)
}

fn parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = text.len() - rest.len();
        let (literal, behind) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
        check_literal(literal, text, at)?;
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_ascii_lowercase()));
        }
        let Some(opened) = behind.strip_prefix('{') else { break };
        let brace = at + literal.len();
        let (name, after) = opened.split_once('}').ok_or(TemplateError::Brace { at: brace })?;
        parts.push(Part::Parameter(parameter(name)?));
        rest = after;
    }
    Ok(parts)
}

fn check_literal(literal: &str, text: &str, at: usize) -> Result<(), TemplateError> {
    match literal.char_indices().find(|&(_, character)| !is_name_character(character)) {
        None => Ok(()),
        Some((by, '}')) => Err(TemplateError::Brace { at: at + by }),
        Some((_, '*')) => Err(HostError::Wildcard { text: text.to_owned() }.into()),
        Some((by, character)) => {
            Err(HostError::IllegalCharacter { character, at: at + by, text: text.to_owned() }.into())
        }
    }
}

fn parameter(name: &str) -> Result<String, TemplateError> {
    let fits = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if fits { Ok(name.to_owned()) } else { Err(TemplateError::ParameterName { name: name.to_owned() }) }
}

/// Why a text is no host template, or why its values give no host name. Displays as one sentence; [`TemplateError::help`] is the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A `{` that is not closed or a `}` that is not opened.
    #[error("the brace at byte {at} has no partner")]
    Brace {
        /// Byte offset in the template.
        at: usize,
    },
    /// A parameter whose name is not lower-case letters, digits and hyphens.
    #[error("{} is not the name of a parameter", quote(.name))]
    ParameterName {
        /// What stands between the braces.
        name: String,
    },
    /// A template without a parameter is a host name.
    #[error("{} has no parameter", quote(.text))]
    NoParameter {
        /// The whole text.
        text: String,
    },
    /// No value was given.
    #[error("the parameter `{parameter}` has no value")]
    Missing {
        /// The parameter.
        parameter: String,
    },
    /// The value cannot be part of a host name.
    #[error("{} does not fit the parameter `{parameter}`: {error}", quote(.value))]
    Value {
        /// The parameter.
        parameter: String,
        /// The value as given.
        value: String,
        /// What is wrong with it. Part of the sentence, so not its `source()`, which would print it twice.
        error: HostError,
    },
    /// The text around the parameters, or the whole with its values, is no host name.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl TemplateError {
    /// The next step, where there is one to name.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Brace { .. } => "write a parameter as `{name}`".to_owned(),
            Self::ParameterName { .. } => {
                "use lower-case letters, digits and hyphens: `{tenant-id}`".to_owned()
            }
            Self::NoParameter { .. } => "write it as a host".to_owned(),
            Self::Missing { parameter } => {
                format!("give it with `--set {parameter}=VALUE`, or in the site file")
            }
            Self::Value { error, .. } | Self::Host(error) => return error.help(),
        };
        Some(help)
    }
}
