//! Single values: versions, amounts, words.

use crate::catalog::check::Checker;
use crate::catalog::prerequisite::{
    DotnetVersion, Memory, MemoryMeasure, MemoryRow, Support, WindowsServer, WindowsVersion,
};
use crate::catalog::raw;
use crate::finding::{Code, Finding, Place};
use crate::yaml::Spanned;

impl Checker<'_> {
    pub(super) fn support(&mut self, text: &raw::Text) -> Option<Support> {
        let words = [("supported", Support::Supported), ("unsupported", Support::Unsupported)];
        self.word(text, "word for support", &words)
    }

    pub(super) fn windows(&mut self, text: &raw::Text) -> Option<WindowsVersion> {
        WindowsVersion::find(&text.value).or_else(|| {
            let names: Vec<&str> = WindowsVersion::names().collect();
            self.no_value(text, "version of Windows Server", format!("it knows {}", names.join(", ")))
        })
    }

    pub(super) fn windows_server(
        &mut self,
        minimum: Option<&raw::Text>,
        one_of: &[raw::Text],
        place: &Place,
    ) -> Option<WindowsServer> {
        match (minimum, one_of) {
            (Some(minimum), []) => self.windows(minimum).map(WindowsServer::Minimum),
            (None, [_, ..]) => {
                let mut versions =
                    one_of.iter().map(|text| self.windows(text)).collect::<Option<Vec<_>>>()?;
                versions.sort();
                Some(WindowsServer::OneOf(versions))
            }
            _ => {
                let message = "`windows-server` takes either `minimum` or a list `one-of`";
                self.push(Finding::new(Code::InvalidValue, message).at(place.clone()));
                None
            }
        }
    }

    pub(super) fn dotnet(&mut self, text: &raw::Text) -> Option<DotnetVersion> {
        DotnetVersion::find(&text.value).or_else(|| {
            let names: Vec<&str> = DotnetVersion::names().collect();
            self.no_value(text, "version of the .NET Framework", format!("it knows {}", names.join(", ")))
        })
    }

    /// `en`, `en-US`.
    pub(super) fn language(&mut self, text: &raw::Text) -> Option<String> {
        let fine = !text.value.is_empty()
            && text.value.chars().all(|character| character.is_ascii_alphanumeric() || character == '-');
        if fine {
            return Some(text.value.clone());
        }
        self.no_value(text, "language tag", "tags are letters, digits and hyphens: en, en-US".to_owned())
    }

    /// `4 GB`, `5.5 GB`; in mebibytes.
    pub(super) fn memory(&mut self, text: &raw::Text) -> Option<u64> {
        mebibytes(&text.value).or_else(|| {
            self.no_value(text, "amount of memory", "amounts are written 4 GB or 5.5 GB".to_owned())
        })
    }

    pub(super) fn memory_table(
        &mut self,
        minimum: &raw::Text,
        by: Option<&raw::Text>,
        rows: &[raw::MemoryRow],
    ) -> Option<Memory> {
        let measures = [
            ("organizational-units", MemoryMeasure::OrganizationalUnits),
            ("objects", MemoryMeasure::Objects),
        ];
        let place = self.place(minimum);
        let minimum = self.memory(minimum);
        if by.is_some() == rows.is_empty() {
            let message = "`by` and `rows` of a memory table go together";
            self.push(Finding::new(Code::InvalidValue, message).at(place));
        }
        let by = by.and_then(|text| self.word(text, "by", &measures));
        for pair in rows.windows(2) {
            if let [before, after] = pair
                && before.up_to.value >= after.up_to.value
            {
                let message = "the lines of a memory table stand by number, each number once";
                let finding = Finding::new(Code::InvalidValue, message).at(self.place(&after.up_to));
                self.push(finding);
            }
        }
        let rows = rows.iter().map(|row| {
            let minimum = self.memory(&row.minimum)?;
            Some(MemoryRow { up_to: row.up_to.value, minimum, or_more: row.or_more })
        });
        let rows = rows.collect::<Option<Vec<_>>>();
        Some(Memory { minimum: minimum?, rows: rows?, by })
    }

    pub(super) fn policies(&mut self, list: &Spanned<Vec<raw::Text>>) -> Option<Vec<String>> {
        let place = self.place(list);
        self.not_empty(&list.value, "execution-policy", &place);
        let words = POLICIES.map(|policy| (policy, policy));
        let policies = list.value.iter().map(|text| self.word(text, "execution policy", &words));
        let policies: Vec<Option<&str>> = policies.collect();
        policies.into_iter().map(|policy| policy.map(str::to_owned)).collect()
    }
}

/// PowerShell's policies (`about_Execution_Policies`).
const POLICIES: [&str; 6] =
    ["AllSigned", "Bypass", "RemoteSigned", "Restricted", "Undefined", "Unrestricted"];

/// `4 GB`, `5.5 GB` or `512 MB`; binary multiples, as memory is sold.
fn mebibytes(text: &str) -> Option<u64> {
    let (number, unit) = text.split_once(' ')?;
    let digits = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    if !digits(whole) || tenths.len() != 1 || !digits(tenths) {
        return None;
    }
    let tenths = whole.parse::<u64>().ok()? * 10 + tenths.parse::<u64>().ok()?;
    match unit {
        "GB" if tenths > 0 => Some(tenths * 1024 / 10),
        "MB" if tenths > 0 => Some(tenths / 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::mebibytes;

    #[test]
    fn memory_is_read_exactly_or_not_at_all() {
        assert_eq!(mebibytes("4 GB"), Some(4096));
        assert_eq!(mebibytes("5.5 GB"), Some(5632));
        assert_eq!(mebibytes("512 MB"), Some(512));
        for text in
            ["", "4", "4GB", "4  GB", "-4 GB", "4.55 GB", "0 GB", "4 TB", "99999 GB", "4 GB\n", ". GB"]
        {
            assert_eq!(mebibytes(text), None, "{text:?}");
        }
    }
}
