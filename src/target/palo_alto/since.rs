//! Reading what was loaded last: an earlier file of `palo-alto-set`, or the objects as a manifest holds them.

use std::fmt::Write as _;
use std::sync::Arc;

use super::location::Location;
use super::objects::Objects;
use super::{entry, name};
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::target::DeviceObjects;

impl Objects {
    /// Those of what was loaded last, for the same place: a file of this target, or [`DeviceObjects`] as JSON.
    ///
    /// # Errors
    /// `invalid-value` for every line that Portbook does not write, for every name that is not Portbook's (what it did
    /// not make it does not delete), and for another place.
    pub(super) fn read(text: &str, location: &Location) -> Result<Self, Findings> {
        if text.trim_start().starts_with('{') {
            recorded(text, location)
        } else {
            Self::commands(text, location)
        }
    }

    fn commands(text: &str, location: &Location) -> Result<Self, Findings> {
        let source = Source::new("since", text);
        let mut objects = Self::none(location.clone());
        // A wrong file is wrong in every line: the first one tells which file it is.
        let mut first = None;
        let mut others = 0_usize;
        for (index, line) in text.lines().enumerate() {
            let silent = ["#", "move ", "delete "].iter().any(|start| line.starts_with(start));
            if silent || line.is_empty() {
                continue;
            }
            match (objects.line(line, location), &first) {
                (Some(()), _) => {}
                (None, None) => first = Some(foreign(&source, index + 1, location)),
                (None, Some(_)) => others += 1,
            }
        }
        let mut findings = Findings::new();
        if let Some(finding) = first {
            let lines = if others == 1 { "1 more line is" } else { &format!("{others} more lines are") };
            let more = (others > 0).then(|| format!("{lines} not from one"));
            findings.push(more.into_iter().fold(finding, Finding::note));
        }
        if objects == Self::none(location.clone()) && findings.is_empty() {
            findings.push(Finding::new(Code::InvalidValue, "the file given as `since` sets nothing"));
        }
        findings.or_value(objects).map(|(objects, _)| objects)
    }

    fn line(&mut self, line: &str, location: &Location) -> Option<()> {
        let rest = line.strip_prefix("set ")?.strip_prefix(&location.words())?;
        let words: Vec<&str> = rest.split(' ').collect();
        let rulebase = location.rulebase();
        match *words.as_slice() {
            ["tag", name::TAG, ..] => return Some(()),
            ["address", name, _, _] => self.addresses.insert(ours(name)?),
            ["address-group", name, "static", member] => {
                self.groups.entry(ours(name)?).or_default().insert(ours(member)?)
            }
            ["service", name, "protocol", ..] => self.services.insert(ours(name)?),
            ["profiles", "custom-url-category", name, "type", ..] => {
                self.categories.entry(ours(name)?).or_default();
                true
            }
            ["profiles", "custom-url-category", name, "list", entry] => self
                .categories
                .entry(ours(name)?)
                .or_default()
                .insert(entry::is_ours(entry).then(|| entry.to_owned())?),
            [base, "security", "rules", name, ..] if base == rulebase => self.rules.insert(ours(name)?),
            [base, "decryption", "rules", name, ..] if base == rulebase => {
                self.exclusions.insert(ours(name)?)
            }
            _ => return None,
        };
        Some(())
    }
}

fn ours(text: &str) -> Option<String> {
    name::is_ours(text).then(|| text.to_owned())
}

/// What a manifest recorded.
fn recorded(text: &str, location: &Location) -> Result<Objects, Findings> {
    let objects = match serde_json::from_str(text) {
        Ok(DeviceObjects::PaloAlto(objects)) => objects,
        Err(error) => {
            let source = Source::new("since", text);
            let place = Place::at(&source, error.line(), error.column());
            let message = format!("`since` holds no objects that Portbook recorded: {error}");
            return Err(Finding::new(Code::InvalidValue, message)
                .at(place)
                .help("give the objects as the manifest has them, or the file that was loaded last")
                .into());
        }
    };
    if objects.location == *location { Ok(objects) } else { Err(elsewhere(&objects.location, location)) }
}

fn elsewhere(old: &Location, new: &Location) -> Findings {
    let message = format!("`since` is of {}, and this file is for {}", old.named(), new.named());
    Finding::new(Code::InvalidValue, message)
        .note("deletions for the one place would delete nothing in the other")
        .help("keep `vsys` and `device-group` as they were; to move, take the old place back first, then load without `since`")
        .into()
}

fn foreign(source: &Arc<Source>, line: usize, location: &Location) -> Finding {
    let mut message = String::from("`since` takes a file that palo-alto-set wrote");
    let words = location.words();
    if !words.is_empty() {
        let _ = write!(message, " for {}", words.trim_end());
    }
    message.push_str("; this line is not from one");
    Finding::new(Code::InvalidValue, message)
        .at(Place::at(source, line, 1))
        .help("give the file as it was written; rules and objects of your own are never deleted")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "# note\n\
        set tag portbook comments \"Written by Portbook\"\n\
        set address pb-10.0.0.1 ip-netmask 10.0.0.1/32\n\
        set address pb-10.0.0.2 ip-netmask 10.0.0.2/32\n\
        set address-group portbook-s-a static pb-10.0.0.1\n\
        set address-group portbook-s-a static pb-10.0.0.2\n\
        set service portbook-tcp-443 protocol tcp port 443\n\
        set profiles custom-url-category pb-a-x type \"URL List\"\n\
        set profiles custom-url-category pb-a-x list *.x.net/\n\
        set rulebase security rules portbook-s-a-x from any to any\n\
        move rulebase security rules portbook-s-a-x bottom\n";

    #[test]
    fn deletions_go_from_rules_to_what_they_use() {
        let old = Objects::read(OLD, &Location::Firewall).unwrap();
        let wanted = [
            "delete rulebase security rules portbook-s-a-x",
            "delete profiles custom-url-category pb-a-x",
            "delete address-group portbook-s-a",
            "delete service portbook-tcp-443",
            "delete address pb-10.0.0.1",
            "delete address pb-10.0.0.2",
        ];
        assert_eq!(old.deletions(&Objects::none(Location::Firewall)), wanted);
        assert!(old.deletions(&old).is_empty());
    }

    #[test]
    fn a_list_that_stays_loses_only_what_is_gone() {
        let old = Objects::read(OLD, &Location::Firewall).unwrap();
        let kept = OLD.lines().filter(|line| !line.contains("10.0.0.2")).collect::<Vec<_>>().join("\n");
        let new = Objects::read(&kept, &Location::Firewall).unwrap();
        let wanted = ["delete address-group portbook-s-a static pb-10.0.0.2", "delete address pb-10.0.0.2"];
        assert_eq!(old.deletions(&new), wanted);
    }

    #[test]
    fn foreign_lines_and_names_are_refused_where_they_stand() {
        for line in [
            "set address corp-dc ip-netmask 10.0.0.1/32",
            "set address pb-a b ip-netmask 10.0.0.1/32",
            "set device-group DG address pb-10.0.0.1 ip-netmask 10.0.0.1/32",
            "set pre-rulebase security rules portbook-x from any",
            "set rulebase security rules allow-all from any",
            "set address-group portbook-s-a static corp-dc",
            "set profiles custom-url-category pb-a-x list x\";reboot/",
            "set deviceconfig system hostname x",
            "request restart system",
            "<config>",
        ] {
            let findings = Objects::read(&format!("{OLD}{line}\n"), &Location::Firewall).unwrap_err();
            assert_eq!(findings.len(), 1, "{line}");
            let finding = findings.iter().next().unwrap();
            assert_eq!(finding.code, Code::InvalidValue, "{line}");
            assert_eq!(finding.labels[0].place.line_column(), (12, 1), "{line}");
        }
        let squid = Objects::read(&"acl a src 10.0.0.1\n".repeat(500), &Location::Firewall).unwrap_err();
        assert_eq!(squid.len(), 1, "a wrong file is one mistake");
        assert_eq!(squid.iter().next().unwrap().notes, ["499 more lines are not from one"]);
        assert!(Objects::read("# nothing\n", &Location::Firewall).is_err());
    }

    #[test]
    fn recorded_objects_stand_for_the_file() {
        let old = Objects::read(OLD, &Location::Firewall).unwrap();
        let text = serde_json::to_string(&DeviceObjects::PaloAlto(old.clone())).unwrap();
        assert_eq!(Objects::read(&text, &Location::Firewall).unwrap(), old);

        let findings = Objects::read(&text, &Location::Vsys("vsys2".to_owned())).unwrap_err();
        let finding = findings.iter().next().unwrap();
        assert_eq!(finding.code, Code::InvalidValue);
        assert_eq!(
            finding.message,
            "`since` is of a firewall without `vsys`, and this file is for vsys vsys2"
        );
        assert!(!finding.help.is_empty());

        let foreign = text.replace("portbook-s-a-x", "allow-all");
        let findings = Objects::read(&foreign, &Location::Firewall).unwrap_err();
        let finding = findings.iter().next().unwrap();
        assert!(
            finding.message.contains("`allow-all` is no name that Portbook gives"),
            "{}",
            finding.message
        );
        assert_eq!(finding.labels[0].place.line_column().0, 1);
        assert!(Objects::read("{", &Location::Firewall).is_err());
    }
}
