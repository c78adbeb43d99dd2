//! Templates: how a target looks. They decide nothing, and they print no string that did not pass a filter of their
//! target, so that no value can become syntax.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sha2::{Digest as _, Sha256};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use crate::finding::{Code, Finding, Findings};
use crate::input;
use crate::rule::base32;

/// The templates that come with the program: path below `templates/`, text.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// A context filter of a target: its name in templates and what makes a text safe there, or refuses it.
pub type Filter = (&'static str, fn(&str) -> Result<String, String>);

/// The filter that every template may use: a text as a JSON string, quotes included.
pub const JSON: Filter = ("json", |text| serde_json::to_string(text).map_err(|error| error.to_string()));

/// Where templates come from: built in, overridden by a folder of the user's.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    overrides: BTreeMap<String, String>,
    /// Built-in templates that were rendered before, read and with the filters of their target: a thousand sites render
    /// the same eight.
    read: Arc<Mutex<BTreeMap<&'static str, Arc<Environment<'static>>>>>,
    /// What [`Self::digest`] gives, once somebody asked for it: each of a thousand manifests has it.
    digest: OnceLock<String>,
}

impl Templates {
    /// The built-in ones.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The built-in ones, with those of `folder` (laid out as `templates/`: `squid/fragment.conf`) in their place.
    ///
    /// # Errors
    /// `cannot-read` when a file of the folder cannot be read, or when it overrides nothing.
    pub fn with_overrides(folder: &Path) -> Result<Self, Findings> {
        let mut overrides = BTreeMap::new();
        for (name, _) in EMBEDDED {
            let path = folder.join(name);
            if path.is_file() {
                overrides.insert((*name).to_owned(), input::read_text(&path)?);
            }
        }
        if overrides.is_empty() {
            let names: Vec<&str> = EMBEDDED.iter().map(|(name, _)| *name).collect();
            let message = format!("{} overrides no template", folder.display());
            return Err(Finding::new(Code::CannotRead, message)
                .help(format!("templates are named as the built-in ones: {}", names.join(", ")))
                .into());
        }
        Ok(Self { overrides, ..Self::default() })
    }

    /// Ten characters that stand for all templates, overridden or not.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| {
            let mut hash = Sha256::new();
            for (name, text) in EMBEDDED {
                hash.update(name);
                hash.update([0]);
                hash.update(self.overrides.get(*name).map_or(*text, String::as_str));
                hash.update([0]);
            }
            base32(&hash.finalize(), 10)
        })
    }

    /// Renders the template `name` (`squid/fragment.conf`) with `context`.
    ///
    /// # Errors
    /// `template-failed` with the line.
    pub fn render(&self, name: &str, context: Value, filters: &[Filter]) -> Result<String, Findings> {
        if let Some(text) = self.overrides.get(name) {
            return rendered(name, text, context, filters, UndefinedBehavior::Strict);
        }
        let environment = self.embedded_environment(name, filters)?;
        let template = environment.get_template(name);
        template.and_then(|template| template.render(context)).map_err(|error| failed(name, &error))
    }

    /// The environment of a built-in template, whose filters are always those of its target.
    fn embedded_environment(
        &self,
        name: &str,
        filters: &[Filter],
    ) -> Result<Arc<Environment<'static>>, Findings> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(environment) = read.get(name) {
            return Ok(Arc::clone(environment));
        }
        let Some((name, text)) = EMBEDDED.iter().find(|(path, _)| *path == name) else {
            return Err(Finding::new(Code::TemplateFailed, format!("there is no template {name}")).into());
        };
        let mut environment = environment(filters).map_err(|error| failed(name, &error))?;
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_template(name, text).map_err(|error| failed(name, &error))?;
        let environment = Arc::new(environment);
        read.insert(name, Arc::clone(&environment));
        Ok(environment)
    }
}

/// Renders a template text of the user's own. What is absent may be asked for with `if`, but not printed.
///
/// # Errors
/// `template-failed` with the line.
pub fn render_text(name: &str, text: &str, context: Value, filters: &[Filter]) -> Result<String, Findings> {
    rendered(name, text, context, filters, UndefinedBehavior::SemiStrict)
}

fn rendered(
    name: &str,
    text: &str,
    context: Value,
    filters: &[Filter],
    undefined: UndefinedBehavior,
) -> Result<String, Findings> {
    let mut environment = environment(filters).map_err(|error| failed(name, &error))?;
    environment.set_undefined_behavior(undefined);
    let template = environment.template_from_named_str(name, text);
    template.and_then(|template| template.render(context)).map_err(|error| failed(name, &error))
}

fn failed(name: &str, error: &Error) -> Findings {
    let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    Finding::new(Code::TemplateFailed, format!("template {name}{line}: {}{detail}", error.kind())).into()
}

/// The most steps of one rendering. The longest of the catalog takes some hundred thousand; loops in loops of a user's
/// template have to end too.
const STEPS: u64 = 50_000_000;

fn environment(filters: &[Filter]) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    environment.set_fuel(Some(STEPS));
    environment.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?,
    );
    environment.set_formatter(|out, _, value| {
        let printable = value.is_safe() || value.kind() == ValueKind::Number;
        if !printable {
            let what = "only values that passed a filter of the target may be printed";
            return Err(Error::new(ErrorKind::InvalidOperation, what));
        }
        out.write_str(&value.to_string()).map_err(Error::from)
    });
    for (name, filter) in filters.iter().copied() {
        environment.add_filter(name, move |text: &str| -> Result<Value, Error> {
            filter(text)
                .map(Value::from_safe_string)
                .map_err(|reason| Error::new(ErrorKind::InvalidOperation, format!("{name}: {reason}")))
        });
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOUT: &[Filter] =
        &[("shout", |text| if text == "no" { Err("no".into()) } else { Ok(text.to_uppercase()) })];

    fn render(text: &str) -> Result<String, Findings> {
        render_text("t", text, minijinja::context! { name => "a", list => vec!["b", "c"], n => 3 }, SHOUT)
    }

    #[test]
    fn only_filtered_strings_are_printed() {
        assert_eq!(
            render("{{ name|shout }} {{ n }}\n{% for x in list %}\n{{ x|shout }}\n{% endfor %}").unwrap(),
            "A 3\nB\nC\n"
        );
        for text in [
            "{{ name }}",
            "{{ missing|shout }}",
            "{{ list }}",
            "{{ name|safe }}",
            "{{ 'no'|shout }}",
            "{{ true }}",
        ] {
            let findings = render(text).unwrap_err();
            assert_eq!(findings.iter().next().unwrap().code, Code::TemplateFailed, "{text}");
        }
    }
}
