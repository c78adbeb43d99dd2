//! Commands that take away, rename and move what commands in front of them set.

use super::super::super::super::At;
use super::super::Where;
use super::super::node::Node;
use super::{BASES, KEYS, LISTED, OBJECTS, Places};

/// How many entries are looked at for deletions of entries of lists; a deletion that comes after is in doubt.
const MOST_SCANS: usize = 20_000_000;

/// What became of a deletion, with the number of entries that were looked at.
enum Deletion {
    Done(usize),
    /// It takes away what these files did not set.
    NotHere(usize),
    /// It takes away a part that is not looked into.
    Unclear,
}

impl Places<'_> {
    /// Carries out a deletion of what stands in the file, by rule, object, list or entry of a list.
    pub(super) fn delete(&mut self, site: &Where, words: &[&str], at: &At) {
        let is_within = self.scans < MOST_SCANS;
        let deletion = match self.known(site) {
            Some(place) if is_within => delete(place, words),
            Some(_) => Deletion::Unclear,
            None => Deletion::NotHere(0),
        };
        match deletion {
            Deletion::Done(scans) => self.scans += scans,
            Deletion::NotHere(scans) => {
                self.scans += scans;
                self.remark(at, "deletions: what they take away is not in this file");
            }
            Deletion::Unclear => {
                self.doubt(at, format!("the deletion of `{}` is not carried out", words.join(" ")));
            }
        }
    }

    /// `rulebase security rules NAME to OTHER`. Renamed objects keep their place in rules, which is not followed.
    pub(super) fn rename(&mut self, site: &Where, words: &[&str], at: &At) {
        let renamed = match words {
            [base, "security", "rules", name, "to", other] if BASES.contains(base) => {
                let rules = self.known(site).and_then(|place| place.find(&[base, "security", "rules"]));
                rules.is_some_and(|rules| rules.rename(name, other))
            }
            _ => false,
        };
        if !renamed {
            self.doubt(at, format!("the renaming of `{}` is not carried out", words.join(" ")));
        }
    }

    /// `rulebase security rules NAME top|bottom|before OTHER|after OTHER`.
    pub(super) fn moved(&mut self, site: &Where, words: &[&str], at: &At) {
        let [base, "security", "rules", name, way @ ..] = words else {
            return self.doubt(at, format!("the moving of `{}` is not carried out", words.join(" ")));
        };
        let asked = self.settings.get("anchor");
        let rules = self.known(site).and_then(|place| place.find(&[base, "security", "rules"]));
        let position = |rules: &Node, name: &str| {
            rules.children.iter().position(|rule| rule.name.as_deref() == Some(name))
        };
        let Some((rules, index)) = rules.and_then(|rules| position(rules, name).map(|index| (rules, index)))
        else {
            return self.doubt(at, format!("the rule {name} is moved, and is not in this file"));
        };
        // Positions are those without the rule itself.
        let without = |other: usize| if other > index { other - 1 } else { other };
        let target = match way {
            ["top"] => Some(0),
            ["bottom"] => Some(rules.children.len()),
            ["before", other] => position(rules, other).map(without),
            ["after", other] => position(rules, other).map(|other| without(other) + 1),
            _ => None,
        };
        match (target, way) {
            (Some(target), _) => rules.shift(index, target),
            // A rule of the user's own, which only the device has.
            (None, ["before" | "after", other]) if asked == Some(other) => {
                self.remark(
                    at,
                    "rules are moved to a rule that is not in this file, as the setting `anchor` asks",
                );
            }
            (None, _) => self.doubt(at, format!("where the rule {name} is moved to is not in this file")),
        }
    }
}

fn delete(place: &mut Node, words: &[&str]) -> Deletion {
    match words {
        ["profiles", list, rest @ ..] => within(place, &["profiles"], list, rest, &["list"]),
        [base, kind, "rules", rest @ ..] if BASES.contains(base) => {
            within(place, &[base, kind], "rules", rest, &LISTED)
        }
        [base, kind] if BASES.contains(base) => within(place, &[base], kind, &[], &[]),
        [list] if BASES.contains(list) || *list == "profiles" => within(place, &[], list, &[], &[]),
        [list, rest @ ..] if OBJECTS.contains(list) => within(place, &[], list, rest, &["static", "members"]),
        _ => Deletion::Unclear,
    }
}

/// Takes away a list, an entry of it, a key of the entry, or a member of one of the keys that are lists.
fn within(place: &mut Node, path: &[&str], list: &str, words: &[&str], listed: &[&str]) -> Deletion {
    let Some(holder) = place.find(path) else { return Deletion::NotHere(0) };
    let mut in_list = |name: &str, take: &dyn Fn(&mut Node) -> Deletion| {
        let entry = holder.find(&[list]).and_then(|list| list.entry(name));
        entry.map_or(Deletion::NotHere(0), take)
    };
    match words {
        [] => taken(holder.remove(list, None)),
        [name] => taken(holder.find(&[list]).is_some_and(|list| list.remove("entry", Some(name)))),
        [name, key] if KEYS.contains(key) => in_list(name, &|entry| taken(entry.remove(key, None))),
        [name, key, member] if listed.contains(key) => in_list(name, &|entry| {
            entry.find(&[key]).map_or(Deletion::NotHere(0), |list| taken_from(list, member))
        }),
        _ => Deletion::Unclear,
    }
}

fn taken(found: bool) -> Deletion {
    if found { Deletion::Done(0) } else { Deletion::NotHere(0) }
}

/// An emptied list is none that PAN-OS takes, or means any.
fn taken_from(list: &mut Node, member: &str) -> Deletion {
    let before = list.children.len();
    list.children.retain(|child| child.text != member);
    match list.children.len() {
        0 => Deletion::Unclear,
        after if after < before => Deletion::Done(before),
        _ => Deletion::NotHere(before),
    }
}
