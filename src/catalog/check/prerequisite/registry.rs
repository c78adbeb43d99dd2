//! Keys and values of the registry: whatever passes here can stand in a .reg file and in a script.

use crate::catalog::check::Checker;
use crate::catalog::prerequisite::RegistryValue;
use crate::catalog::raw;
use crate::finding::{Code, Finding};
use crate::yaml::Spanned;

impl Checker<'_> {
    pub(super) fn registry(&mut self, list: &Spanned<Vec<raw::RegistryValue>>) -> Option<Vec<RegistryValue>> {
        let place = self.place(list);
        self.not_empty(&list.value, "values", &place);
        let checked: Vec<Option<RegistryValue>> =
            list.value.iter().map(|value| self.registry_value(value)).collect();
        for (index, value) in list.value.iter().enumerate() {
            let same = |other: &&raw::RegistryValue| {
                other.key.value.eq_ignore_ascii_case(&value.key.value)
                    && other.name.value.eq_ignore_ascii_case(&value.name.value)
            };
            if list.value.iter().take(index).any(|other| same(&other)) {
                let message = format!("`{}` is given twice below that key", value.name.value.escape_debug());
                let finding = Finding::new(Code::InvalidValue, message).at(self.place(&value.name));
                self.push(finding);
            }
        }
        checked.into_iter().collect()
    }

    fn registry_value(&mut self, raw: &raw::RegistryValue) -> Option<RegistryValue> {
        let key = self.registry_key(&raw.key);
        let fine = |text: &str| {
            !text.is_empty()
                && text.len() <= 255
                && text.chars().all(|c| matches!(c, ' '..='~'))
                && !text.contains(['"', '\\', '[', ']'])
        };
        if !fine(&raw.name.value) {
            let help = "names are printable ASCII without quotes, backslashes and brackets";
            return self.no_value(&raw.name, "name of a registry value", help.to_owned());
        }
        Some(RegistryValue { key: key?, name: raw.name.value.clone(), dword: raw.dword })
    }

    /// Machine-wide keys only: a preflight and a .reg file speak of the machine, whoever runs them.
    fn registry_key(&mut self, text: &raw::Text) -> Option<String> {
        let part = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| matches!(c, ' '..='~'))
                && !part.contains(['[', ']', '"'])
        };
        let mut parts = text.value.split('\\');
        let fine = parts.next() == Some("HKEY_LOCAL_MACHINE")
            && text.value.contains('\\')
            && parts.all(part)
            && text.value.len() <= 255;
        if fine {
            return Some(text.value.clone());
        }
        let help = r"keys are written HKEY_LOCAL_MACHINE\SOFTWARE\..., printable ASCII without brackets and quotes, no part empty";
        self.no_value(text, "registry key", help.to_owned())
    }
}
