//! What a security rule is called and what it says of itself.

use std::fmt::Write as _;

use super::bundle::{Bundle, Crossing, Key, Kind};
use super::name;
use super::policy::Service;

/// PAN-OS's word for no limit.
pub(super) const ANY: &str = "any";
/// Longest description of a security rule (pan-os-codegen, `security-policy-rule`).
const DESCRIPTION: usize = 1023;

/// Names of what one bundle makes.
pub(super) struct Names {
    /// Of the security rule, and of the decryption rule beside it.
    pub(super) rule: String,
    /// Of the category, if it has one.
    pub(super) category: String,
    /// Of the group of FQDN objects, if it has one.
    pub(super) group: String,
}

impl Names {
    /// From what makes the rule, so that no other rule renames it.
    pub(super) fn of(site: &str, key: &Key) -> Self {
        let Crossing { source, from, to, exclude } = &key.crossing;
        let services: Vec<String> = key.services.iter().map(Service::label).collect();
        let services = services.join("-");
        let prefix = format!("portbook-{site}-");
        let short = |group: &str| group.strip_prefix(&prefix).unwrap_or(group).to_owned();
        let goal = match &key.kind {
            Kind::Web => "web".to_owned(),
            Kind::Names => "names".to_owned(),
            Kind::Group(group) => short(group),
            Kind::Any => ANY.to_owned(),
        };
        // Hashed whole, so that names differ wherever one of these does; no name of a zone or group holds a `|`.
        let mark = format!("{site}|{source}|{from}|{to}|{exclude}|{:?}|{goal}|{services}", key.kind);
        let source = short(source);
        Self {
            rule: name::marked(&format!("{prefix}{source}-{goal}-{services}"), &mark, name::OBJECT),
            category: name::marked(&format!("pb-{source}-{services}"), &mark, name::CATEGORY),
            group: name::marked(&format!("{prefix}names-{services}"), &mark, name::OBJECT),
        }
    }
}

/// Site, roles and rule ids; no date and no document, which stand in the header.
pub(super) fn describe(site: &str, key: &Key, bundle: &Bundle) -> String {
    let sources: Vec<&str> = bundle.origin.sources.iter().map(String::as_str).collect();
    let services: Vec<String> = key.services.iter().map(Service::label).collect();
    let mut text = format!("Portbook {site}: {}, {};", sources.join(", "), services.join(", "));
    let mut left = bundle.origin.rules.len();
    for rule in &bundle.origin.rules {
        if text.len() + 40 > DESCRIPTION {
            break;
        }
        text.push(' ');
        text.push_str(rule.as_str());
        left -= 1;
    }
    if left > 0 {
        let _ = write!(text, " and {left} more");
    }
    text.truncate(text.floor_char_boundary(DESCRIPTION));
    text
}
