//! Documented registry values as a .reg file for each role, and another one that removes them.

use crate::artifact::Artifact;
use crate::catalog::{RegistryValue, Statement};
use crate::finding::{Code, Finding, Findings};
use crate::id::RoleId;
use crate::resolve::{CitedPrerequisite, Prerequisites};
use crate::target::ascii_line;
use crate::target::registry_file::{HEAD, quoted, utf16};

use super::{header, once};

/// The two files of one role.
#[derive(Debug)]
pub struct RegistryFiles {
    /// Whose hosts they are for.
    pub role: RoleId,
    /// Sets the values.
    pub set: Artifact,
    /// Removes them again.
    pub undo: Artifact,
}

/// The values of one role, with those who state them.
struct Values<'a> {
    role: &'a RoleId,
    cited: Vec<CitedPrerequisite<'a>>,
    /// Each key with its values.
    keys: Vec<(&'a str, Vec<&'a RegistryValue>)>,
    restart: bool,
}

/// The .reg files of a selection, one pair for each role that has documented values.
///
/// # Errors
/// When no value is documented, or when two documents give one value two numbers.
pub fn registry_files(prerequisites: &Prerequisites<'_>) -> Result<Vec<RegistryFiles>, Findings> {
    let mut roles: Vec<Values<'_>> = Vec::new();
    let mut findings = Findings::new();
    for cited in &prerequisites.stated {
        let Statement::Registry { values, restart } = &cited.says.statement else {
            continue;
        };
        let role = &cited.says.role;
        let index = roles.iter().position(|each| each.role == role).unwrap_or_else(|| {
            roles.push(Values { role, cited: Vec::new(), keys: Vec::new(), restart: false });
            roles.len() - 1
        });
        if let Some(own) = roles.get_mut(index) {
            own.cited.push(*cited);
            own.restart |= restart;
            for value in values {
                findings.append(own.add(value, *cited).err().unwrap_or_default());
            }
        }
    }
    if roles.is_empty() {
        findings.push(nothing(prerequisites));
    }
    let files = roles.iter().map(|values| values.files(prerequisites)).collect();
    findings.or_value(files).map(|(files, _)| files)
}

fn nothing(prerequisites: &Prerequisites<'_>) -> Finding {
    let message = format!("{}: no registry value is documented in the selection", prerequisites.title);
    let mut finding = Finding::new(Code::NothingSelected, message);
    for left_out in &prerequisites.left_out {
        if matches!(left_out.prerequisite.says.statement, Statement::Registry { .. }) {
            let flags = left_out.flags.join(" ");
            let source = left_out.prerequisite.source();
            finding =
                finding.note(format!("left out: {} of {source} ({flags})", left_out.prerequisite.says.id));
        }
    }
    finding
}

impl<'a> Values<'a> {
    /// Adds a value; one that is there already must have the same number. Names of keys and values know no case.
    fn add(&mut self, value: &'a RegistryValue, by: CitedPrerequisite<'a>) -> Result<(), Findings> {
        let index = self.keys.iter().position(|(key, _)| key.eq_ignore_ascii_case(&value.key));
        let index = index.unwrap_or_else(|| {
            self.keys.push((&value.key, Vec::new()));
            self.keys.len() - 1
        });
        let Some((_, values)) = self.keys.get_mut(index) else {
            return Ok(());
        };
        match values.iter().find(|other| other.name.eq_ignore_ascii_case(&value.name)) {
            Some(other) if other.dword != value.dword => {
                let message =
                    format!("two numbers are documented for one value: {other}, and {}", value.dword);
                let finding = Finding::new(Code::InvalidValue, message).at(by.says.place.clone());
                Err(finding
                    .help("narrow the selection to one document: --edition, --as-of, without --also")
                    .into())
            }
            Some(_) => Ok(()),
            None => {
                values.push(value);
                Ok(())
            }
        }
    }

    fn files(&self, prerequisites: &Prerequisites<'_>) -> RegistryFiles {
        let (path, undo_path) = (format!("{}.reg", self.role), format!("{}.undo.reg", self.role));
        let mut notes = vec![format!("For {}.", self.role)];
        notes.extend(self.restart.then(|| "Restart the server afterwards.".to_owned()));
        notes
            .push("Keep what is there now, if you may want it back, before you import this file:".to_owned());
        notes.extend(self.keys.iter().enumerate().map(|(index, (key, _))| {
            format!("  reg export \"{key}\" {}.before-{}.reg", self.role, index + 1)
        }));
        let set = |value: &RegistryValue| format!("{}=dword:{:08x}", quoted(&value.name), value.dword);
        let file = self.file(&path, prerequisites, notes, set);
        let mut notes = vec![
            format!("Removes the values that {path} sets, and leaves the keys."),
            "It does not bring back what was there before: for that, import what you exported then."
                .to_owned(),
            "Without a value Windows and .NET use their own default.".to_owned(),
        ];
        notes.extend(self.restart.then(|| "Restart the server afterwards.".to_owned()));
        let undo = self.file(&undo_path, prerequisites, notes, |value| format!("{}=-", quoted(&value.name)));
        RegistryFiles { role: self.role.clone(), set: file, undo }
    }

    fn file(
        &self,
        path: &str,
        prerequisites: &Prerequisites<'_>,
        notes: Vec<String>,
        line: impl Fn(&RegistryValue) -> String,
    ) -> Artifact {
        let sources = once(self.cited.iter().map(CitedPrerequisite::source));
        let comments = header(prerequisites, &sources).into_iter().chain(notes);
        let mut lines = vec![HEAD.to_owned(), String::new()];
        lines.extend(comments.map(|text| format!("; {}", ascii_line(&text))));
        for (key, values) in &self.keys {
            lines.extend([String::new(), format!("[{key}]")]);
            lines.extend(values.iter().map(|value| line(value)));
        }
        lines.push(String::new());
        Artifact { path: path.to_owned(), bytes: utf16(&lines) }
    }
}
