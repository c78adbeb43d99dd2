//! What Portbook's own files hold, and nothing else: commands and elements by their form.

use super::node::Node;

/// Whether a name is one that Portbook gives (docs/targets/palo-alto.md).
fn is_ours(name: &str) -> bool {
    name == "portbook" || name.starts_with("pb-") || name.starts_with("portbook-")
}

/// Whether Portbook writes a command, by its verb and the words behind the place. Where a deletion stands, `since` has put it;
/// it takes away no list as a whole.
pub(super) fn is_written(verb: &str, words: &[&str]) -> bool {
    match verb {
        "set" => is_set(words),
        "delete" => is_deleted(words),
        "move" => {
            matches!(words, [base, kind, "rules", name, _, ..] if is_rulebase(base, kind) && is_ours(name))
        }
        _ => false,
    }
}

fn is_rulebase(base: &str, kind: &str) -> bool {
    ["rulebase", "pre-rulebase"].contains(&base) && ["security", "decryption"].contains(&kind)
}

fn is_set(words: &[&str]) -> bool {
    match words {
        ["address-group", name, "static", member] => is_ours(name) && is_ours(member),
        [base, kind, "rules", name, _, ..] if is_rulebase(base, kind) => is_ours(name),
        ["tag", name, "comments", _]
        | ["address", name, "ip-netmask" | "fqdn", _]
        | ["service", name, "protocol", "tcp" | "udp", "port", _]
        | ["service", name, "protocol", "tcp" | "udp", "port", _, "source-port", _]
        | ["profiles", "custom-url-category", name, "type", "URL List"]
        | ["profiles", "custom-url-category", name, "list", _] => is_ours(name),
        _ => false,
    }
}

fn is_deleted(words: &[&str]) -> bool {
    match words {
        ["address-group", name, "static", member] => is_ours(name) && is_ours(member),
        [base, kind, "rules", name] if is_rulebase(base, kind) => is_ours(name),
        ["address" | "address-group" | "service", name]
        | ["profiles", "custom-url-category", name]
        | ["profiles", "custom-url-category", name, "list", _] => is_ours(name),
        _ => false,
    }
}

/// The elements that Portbook writes into an element, and whether they are named; nothing for an element whose content is
/// judged by itself.
fn inner(path: &[&str]) -> Option<&'static [&'static str]> {
    Some(match path {
        [] => &["devices"],
        ["devices"] | ["devices", "entry", "vsys" | "device-group"] => &["entry"],
        ["devices", "entry"] => &["vsys", "device-group"],
        ["devices", "entry", _, "entry", rest @ ..] => match rest {
            [] => &["tag", "address", "address-group", "service", "profiles", "rulebase", "pre-rulebase"],
            ["tag" | "address" | "address-group" | "service"] | ["profiles", _] | [_, _, "rules"] => {
                &["entry"]
            }
            ["profiles"] => &["custom-url-category"],
            ["rulebase" | "pre-rulebase"] => &["security", "decryption"],
            [_, "security" | "decryption"] => &["rules"],
            [_, "security", "rules", "entry"] => &RULE,
            [_, "decryption", "rules", "entry"] => &DECRYPTION_RULE,
            _ => return None,
        },
        _ => return None,
    })
}

/// What Portbook writes of a security rule.
const RULE: [&str; 12] = [
    "from",
    "to",
    "source",
    "destination",
    "source-user",
    "category",
    "application",
    "service",
    "action",
    "log-end",
    "tag",
    "description",
];

/// What Portbook writes of a decryption rule.
const DECRYPTION_RULE: [&str; 11] = [
    "from",
    "to",
    "source",
    "destination",
    "source-user",
    "category",
    "service",
    "action",
    "type",
    "tag",
    "description",
];

/// Elements beside those that Portbook writes, with their lines; `place` is the list and the name of the entry that the file
/// is for.
pub(super) fn strays(config: &Node, place: (&str, &str)) -> Vec<(usize, String)> {
    let mut strays = Vec::new();
    let mut left = vec![(config, Vec::new())];
    while let Some((node, path)) = left.pop() {
        let Some(known) = inner(&path) else { continue };
        for child in &node.children {
            let name = child.name.as_deref().unwrap_or_default();
            let is_named_so = match path.as_slice() {
                ["devices", "entry"] => child.tag == place.0,
                ["devices", "entry", _] => name == place.1,
                [_, _, _, ..] if child.tag == "entry" => is_ours(name),
                _ => true,
            };
            if !is_named_so || !known.contains(&child.tag.as_str()) {
                strays.push((child.line, format!("the element {} {name}", child.tag)));
                continue;
            }
            let path: Vec<&str> = path.iter().copied().chain([child.tag.as_str()]).collect();
            left.push((child, path));
        }
        if strays.len() >= super::MOST_STRAYS {
            break;
        }
    }
    strays.sort();
    strays
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portbook_writes_its_own_names_and_deletes_nothing_else() {
        let is = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            is_written(words[0], &words[1..])
        };
        for line in [
            "set tag portbook comments x",
            "set address pb-10.0.0.1 ip-netmask 10.0.0.1/32",
            "delete address pb-10.0.0.1",
            "delete address-group portbook-a static pb-10.0.0.1",
            "delete profiles custom-url-category pb-x",
            "delete pre-rulebase security rules portbook-a",
            "move rulebase decryption rules portbook-a bottom",
        ] {
            assert!(is(line), "{line}");
        }
        for line in [
            "delete rulebase security",
            "delete rulebase security rules",
            "delete rulebase security rules theirs",
            "delete address",
            "set address theirs ip-netmask 10.0.0.1/32",
            "set rulebase nat rules portbook-a to any",
            "set rulebase default-security-rules rules interzone-default action allow",
            "set mgt-config users evil permissions role-based superuser yes",
            "move rulebase security rules theirs top",
            "rename rulebase security rules portbook-a to portbook-b",
        ] {
            assert!(!is(line), "{line}");
        }
    }

    #[test]
    fn xml_holds_one_place_with_portbooks_own() {
        let found = |xml: &str| {
            let file =
                super::super::super::Configuration { name: "x".to_owned(), bytes: xml.as_bytes().to_vec() };
            let config = super::super::xml::parse(&file).unwrap_or_default();
            strays(&config, ("vsys", "vsys1")).into_iter().map(|(_, what)| what).collect::<Vec<_>>()
        };
        let vsys = |name: &str, inner: &str| {
            format!(
                "<devices><entry name=\"localhost.localdomain\"><vsys><entry name=\"{name}\">{inner}</entry></vsys></entry></devices>"
            )
        };
        let rule = |name: &str, inner: &str| {
            format!(
                "<rulebase><security><rules><entry name=\"{name}\">{inner}</entry></rules></security></rulebase>"
            )
        };
        let own =
            vsys("vsys1", &rule("portbook-a", "<from><member>any</member></from><action>allow</action>"));
        assert!(found(&format!("<config>{own}</config>")).is_empty());
        for inner in [
            format!("{own}<mgt-config/>"),
            format!("<shared/>{own}"),
            vsys("vsys2", ""),
            vsys("vsys1", "<rulebase><nat/></rulebase>"),
            vsys("vsys1", "<zone/>"),
            vsys("vsys1", "<address><entry name=\"theirs\"/></address>"),
            vsys("vsys1", &rule("theirs", "")),
            vsys("vsys1", &rule("portbook-a", "<option/>")),
        ] {
            assert_eq!(found(&format!("<config>{inner}</config>")).len(), 1, "{inner}");
        }
    }
}
