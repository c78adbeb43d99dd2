//! Commands about decryption rules, as Portbook's own files have them: set, moved to the top, deleted where `since` asks.

use super::super::super::super::Unjudged;
use super::super::node::Node;
use super::super::{MOST_STRAYS, Where};
use super::{BASES, Places};

impl Places<'_> {
    /// Carries out a command about decryption rules at the place that the settings name.
    pub(super) fn inspection(&mut self, verb: &str, site: Where, words: &[&str], line: usize) {
        match (verb, words) {
            ("set", _) => self.set(site, words, line),
            ("move", [_, _, "rules", name, "top"]) => {
                self.topped.insert((*name).to_owned());
            }
            ("move", [_, _, "rules", name, ..]) => {
                self.topped.remove(*name);
            }
            ("delete", [base, kind, "rules", name]) => {
                let rules = self.known(&site).and_then(|place| place.find(&[base, kind, "rules"]));
                if let Some(rules) = rules {
                    rules.remove("entry", Some(name));
                }
                self.topped.remove(*name);
            }
            _ => {}
        }
    }

    /// Names decryption rules that are not moved to the top: one that decrypts may stand in front of them.
    pub(super) fn untopped(&mut self) {
        let own = Where::of(self.settings);
        let Some(place) = self.found.iter().find(|place| place.site == own) else { return };
        let rules = BASES.iter().filter_map(|base| place.node.path(&[base, "decryption", "rules"]));
        for rule in rules.flat_map(Node::entries) {
            let name = rule.name.as_deref().unwrap_or_default();
            if !self.topped.contains(name) && self.left.strays.len() < MOST_STRAYS {
                let what = format!("the decryption rule {name} is not moved to the top");
                self.left.strays.push(Unjudged { at: self.file.at(rule.line), what });
            }
        }
    }
}
