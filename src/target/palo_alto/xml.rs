//! The same as XML, in the tree of a whole configuration, for `load config partial`.

use std::io;
use std::sync::Arc;

use minijinja::Value;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::context::policy_context;
use super::location::Location;
use super::name;
use super::objects::Objects;
use super::pack;
use super::policy::{Policy, Rule, Service};
use super::set::comment;
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use crate::target::{DeviceObjects, Fitted, Lowered, Packed, Settings, Templates};

/// Packs for `palo-alto-xml`.
pub(super) fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let location = Location::of(settings).map_err(Findings::from)?;
    let policy = pack::policy(fitted, settings)?;
    let mut header = fitted.header.lines();
    header.extend(loading(&policy, &location));
    Ok(Box::new(Configuration { header, location, policy: Arc::new(policy) }))
}

/// How to load it: section by section, in the order in which they refer to each other.
fn loading(policy: &Policy, location: &Location) -> Vec<String> {
    let mut lines = vec![
        "This is no whole configuration: `load config from` would replace yours. Load its parts:".to_owned(),
    ];
    lines.extend(load_lines("portbook.xml", location, policy.present()));
    lines.push(
        "XML holds no position: move the security rules above your denies, the decryption rules to the top, then \
         `validate full` and commit."
            .to_owned(),
    );
    lines.push(
        "Nothing is removed: what an earlier file set stays. palo-alto-set with `since` writes deletions."
            .to_owned(),
    );
    lines
}

/// The commands that load the sections of the file `name` which are `present`.
pub(super) fn load_lines(name: &str, location: &Location, present: [bool; 6]) -> Vec<String> {
    let rulebase = location.rulebase();
    let sections = [
        "address",
        "address-group",
        "service",
        "profiles/custom-url-category",
        &format!("{rulebase}/security/rules"),
        &format!("{rulebase}/decryption/rules"),
    ];
    let sections =
        sections.into_iter().zip(present).filter(|(_, present)| *present).map(|(section, _)| section);
    std::iter::once("tag")
        .chain(sections)
        .map(|section| {
            let path = format!("{}/{section}", location.xpath());
            format!("load config partial from {name} from-xpath {path} to-xpath {path} mode merge")
        })
        .collect()
}

/// Everything that the XML says.
struct Configuration {
    header: Vec<String>,
    location: Location,
    policy: Arc<Policy>,
}

impl Lowered for Configuration {
    fn render(&self, _: &Templates) -> Result<Vec<Artifact>, Findings> {
        let bytes = self.write().map_err(|error| {
            Finding::new(Code::TemplateFailed, "palo-alto-xml cannot be rendered").note(error.to_string())
        })?;
        Ok(vec![Artifact { path: "palo-alto/portbook.xml".to_owned(), bytes }])
    }

    fn context(&self) -> Value {
        policy_context(&self.header, &self.policy)
    }

    fn device_objects(&self) -> Option<DeviceObjects> {
        Some(DeviceObjects::PaloAlto(Objects::of(&self.policy, &self.location)))
    }
}

impl Configuration {
    fn write(&self) -> io::Result<Vec<u8>> {
        let mut tree = Tree(Writer::new_with_indent(Vec::new(), b' ', 1));
        tree.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        for line in &self.header {
            let line = xml_comment(line);
            tree.0.write_event(Event::Comment(BytesText::from_escaped(line.as_str())))?;
        }
        let (list, location) = self.location.element();
        tree.element("config", |tree| {
            tree.element("devices", |tree| {
                tree.entry("localhost.localdomain", |tree| {
                    tree.element(list, |tree| tree.entry(location, |tree| self.contents(tree)))
                })
            })
        })?;
        let mut bytes = tree.0.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn contents(&self, tree: &mut Tree) -> io::Result<()> {
        let policy = &self.policy;
        tree.element("tag", |tree| {
            tree.entry(name::TAG, |tree| tree.leaf("comments", "Written by Portbook"))
        })?;
        tree.list("address", &policy.addresses, |tree, address| {
            tree.entry(&address.name(), |tree| tree.leaf(address.kind(), &address.value()))
        })?;
        tree.list("address-group", &policy.groups, |tree, (name, members)| {
            tree.entry(name, |tree| tree.members("static", members.iter().map(super::policy::Address::name)))
        })?;
        tree.list("service", &policy.services, service)?;
        if !policy.categories.is_empty() {
            tree.element("profiles", |tree| {
                tree.list("custom-url-category", &policy.categories, |tree, (name, entries)| {
                    tree.entry(name, |tree| {
                        tree.members("list", entries)?;
                        tree.leaf("type", "URL List")
                    })
                })
            })?;
        }
        tree.element(self.location.rulebase(), |tree| {
            tree.element("security", |tree| tree.list("rules", &policy.rules, security_rule))?;
            if policy.exclusions.is_empty() {
                return Ok(());
            }
            tree.element("decryption", |tree| tree.list("rules", &policy.exclusions, decryption_rule))
        })
    }
}

fn service(tree: &mut Tree, service: &Service) -> io::Result<()> {
    tree.entry(&service.name(), |tree| {
        tree.element("protocol", |tree| {
            tree.element(service.transport.as_str(), |tree| {
                tree.leaf("port", &service.ports.to_string())?;
                match service.source_ports {
                    Some(ports) => tree.leaf("source-port", &ports.to_string()),
                    None => Ok(()),
                }
            })
        })
    })
}

/// What both kinds of rules match.
fn matches(tree: &mut Tree, rule: &Rule) -> io::Result<()> {
    for (element, value) in [
        ("from", rule.from.as_str()),
        ("to", &rule.to),
        ("source", &rule.source),
        ("destination", &rule.destination),
        ("source-user", "any"),
        ("category", &rule.category),
    ] {
        tree.members(element, [value])?;
    }
    Ok(())
}

fn security_rule(tree: &mut Tree, rule: &Rule) -> io::Result<()> {
    tree.entry(&rule.name, |tree| {
        matches(tree, rule)?;
        tree.members("application", ["any"])?;
        tree.members("service", &rule.services)?;
        tree.leaf("action", "allow")?;
        tree.leaf("log-end", "yes")?;
        tree.members("tag", [name::TAG])?;
        tree.leaf("description", &rule.description)
    })
}

fn decryption_rule(tree: &mut Tree, rule: &Rule) -> io::Result<()> {
    tree.entry(&rule.name, |tree| {
        matches(tree, rule)?;
        tree.members("service", &rule.services)?;
        tree.leaf("action", "no-decrypt")?;
        tree.element("type", |tree| tree.0.create_element("ssl-forward-proxy").write_empty().map(|_| ()))?;
        tree.members("tag", [name::TAG])?;
        tree.leaf("description", &rule.description)
    })
}

/// The shapes of PAN-OS's configuration: elements, named entries, lists of members.
struct Tree(Writer<Vec<u8>>);

impl Tree {
    fn element(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        let element = quick_xml::events::BytesStart::new(name);
        self.0.write_event(Event::Start(element.borrow()))?;
        inner(self)?;
        self.0.write_event(Event::End(element.to_end()))
    }

    fn entry(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        let element = quick_xml::events::BytesStart::new("entry").with_attributes([("name", name)]);
        self.0.write_event(Event::Start(element.borrow()))?;
        inner(self)?;
        self.0.write_event(Event::End(element.to_end()))
    }

    fn leaf(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.0.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
    }

    fn members<T: AsRef<str>>(&mut self, name: &str, members: impl IntoIterator<Item = T>) -> io::Result<()> {
        self.element(name, |tree| {
            members.into_iter().try_for_each(|member| tree.leaf("member", member.as_ref()))
        })
    }

    /// A list, left out when it is empty.
    fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return Ok(());
        }
        self.element(name, |tree| items.try_for_each(|item| each(tree, item)))
    }
}

/// Inside `<!-- -->`: no two hyphens in a row and none at the end (XML 1.0, section 2.5).
fn xml_comment(text: &str) -> String {
    let mut line = String::from(" ");
    for c in comment(text).chars() {
        if c == '-' && line.ends_with('-') {
            line.push(' ');
        }
        line.push(c);
    }
    line.push(' ');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_never_end_early() {
        for text in ["a -->", "--", "---", "-", "\u{202e}--\n-->"] {
            let line = xml_comment(text);
            assert!(!line.contains("--") && !line.ends_with('-') && line.is_ascii(), "{line:?}");
        }
    }
}
