//! Security rules become clauses.

use std::collections::BTreeSet;

use super::super::super::policy::{both, by_address, not_by_address};
use super::super::super::{
    Action, At, Clause, Destination, NameSet, Policy, Reach, ZoneDefault, region::whole,
};
use super::node::Node;
use super::object::{Addressed, Objects};

/// What security rules have that bears on whom they match; anything else a rule has is its own affair.
const LIMITS: [(&str, &str); 5] = [
    ("source-user", "users"),
    ("source-hip", "host information profiles"),
    ("destination-hip", "host information profiles"),
    ("hip-profiles", "host information profiles"),
    ("source-imei", "devices"),
];

/// Whether a place has security rules.
pub(super) fn has_rules(place: &Node) -> bool {
    ["pre-rulebase", "rulebase", "post-rulebase"].iter().any(|base| {
        place.path(&[base, "security", "rules"]).is_some_and(|rules| rules.entries().next().is_some())
    })
}

/// What a place makes of one of the default rules, if it changes its action.
pub(super) fn default(place: &Node, name: &str) -> Option<ZoneDefault> {
    let bases = ["rulebase", "post-rulebase", "pre-rulebase"];
    let rules = bases.iter().filter_map(|base| place.path(&[base, "default-security-rules", "rules"]));
    let mut entries = rules.flat_map(Node::entries).filter(|entry| entry.name.as_deref() == Some(name));
    let (action, line) = entries.find_map(|rule| Some((action(rule)?, rule.line)))?;
    let verb = if action == Action::Allow { "allows" } else { "denies" };
    Some(ZoneDefault { action, why: format!("{name} {verb}: it was changed in line {line}") })
}

fn action(rule: &Node) -> Option<Action> {
    match rule.child("action")?.text.as_str() {
        "allow" => Some(Action::Allow),
        "deny" | "drop" | "reset-client" | "reset-server" | "reset-both" => Some(Action::Deny),
        _ => None,
    }
}

/// Rules on their way into a policy.
pub(super) struct Rules<'a, 'p> {
    pub(super) objects: &'a Objects<'a>,
    pub(super) policy: &'p mut Policy,
}

impl Rules<'_, '_> {
    /// Adds the rules of one rulebase, in their order.
    pub(super) fn rulebase(&mut self, file: &str, base: Option<&Node>) {
        let rules = base.and_then(|base| base.path(&["security", "rules"]));
        for rule in rules.into_iter().flat_map(Node::entries).filter(|rule| !rule.is_on("disabled")) {
            let at = At { file: file.into(), line: rule.line };
            self.rule(rule, &at);
        }
        let rules = base.and_then(|base| base.path(&["decryption", "rules"]));
        for rule in rules.into_iter().flat_map(Node::entries).filter(|rule| !rule.is_on("disabled")) {
            self.decryption(rule, At { file: file.into(), line: rule.line });
        }
    }

    /// A decryption rule: what it says of inspection, and nothing of what passes.
    fn decryption(&mut self, rule: &Node, at: At) {
        let keeps = rule.child("action").is_some_and(|action| action.text == "no-decrypt");
        let name = format!("decryption rule {}", rule.name.clone().unwrap_or_default());
        let (mut reaches, doubts, _) = self.reaches(rule, Some(Action::Allow));
        for reach in &mut reaches {
            reach.doubts.extend(doubts.iter().cloned());
        }
        if !keeps || !is_forward_proxy(rule) {
            self.policy
                .stray(&at, format!("{name}: Portbook's are `no-decrypt` of type `ssl-forward-proxy`"));
        }
        let action = if keeps { Action::Allow } else { Action::Deny };
        self.policy.uninspected.push(Clause { action, reaches, host: None, direction: None, at, name });
    }

    fn rule(&mut self, rule: &Node, at: &At) {
        let name = rule.name.clone().unwrap_or_default();
        let action = action(rule);
        let (mut reaches, doubts, notes) = self.reaches(rule, action);
        for doubt in doubts.iter().chain(&notes) {
            self.policy.leave(at, format!("rule {name}: {doubt}"));
        }
        for reach in &mut reaches {
            reach.doubts.extend(doubts.iter().cloned());
            if action.is_none() {
                reach.doubts.insert("its action is neither to allow nor to deny".to_owned());
            }
        }
        // One of which nobody knows what it does may do either.
        let actions = action.map_or(vec![Action::Deny, Action::Allow], |action| vec![action]);
        for action in actions {
            self.policy.clauses.push(Clause {
                action,
                reaches: reaches.clone(),
                host: None,
                direction: None,
                at: at.clone(),
                name: format!("rule {name}"),
            });
        }
    }

    /// What a rule matches, why nobody can tell that it does, and what is worth knowing.
    fn reaches(
        &self,
        rule: &Node,
        action: Option<Action>,
    ) -> (Vec<Reach>, BTreeSet<String>, BTreeSet<String>) {
        let (mut doubts, mut notes) = (limits(rule), BTreeSet::new());
        let either = |tag: &str| -> Vec<&str> {
            let members = rule.members(tag);
            if members.is_empty() { vec!["any"] } else { members }
        };
        let source = self.objects.addressed(&either("source"));
        let sources = sources(&source, rule.is_on("negate-source"));
        let destination = self.objects.addressed(&either("destination"));
        notes.extend(source.doubts.iter().chain(&destination.doubts).cloned());
        let destinations = destinations(&destination, rule.is_on("negate-destination"), action);
        let mut reaches = both(&sources, &destinations);
        reaches = both(&reaches, &self.categories(rule, &mut notes));
        reaches = both(&reaches, &self.services(rule, &mut doubts, &mut notes));
        let zones = |tag: &str| -> Option<BTreeSet<String>> {
            let members = rule.members(tag);
            (!members.is_empty() && !members.contains(&"any"))
                .then(|| members.into_iter().map(str::to_owned).collect())
        };
        for reach in &mut reaches {
            (reach.from_zones, reach.to_zones) = (zones("from"), zones("to"));
        }
        if let Some(setting) = rule.child("profile-setting").filter(|_| action == Some(Action::Allow)) {
            let group: Vec<&str> = setting.members("group");
            let which = if group.is_empty() { "profiles of its own".to_owned() } else { group.join(", ") };
            notes.insert(format!("security profiles ({which}) may stop what the rule allows"));
        }
        (reaches, doubts, notes)
    }

    fn categories(&self, rule: &Node, notes: &mut BTreeSet<String>) -> Vec<Reach> {
        let members = rule.members("category");
        if members.is_empty() || members.contains(&"any") {
            return vec![Reach::all()];
        }
        let category = self.objects.category(&members);
        notes.extend(category.notes.iter().chain(&category.doubts).cloned());
        notes.extend(category.parts.iter().map(|(_, why)| why.clone()));
        // Traffic that shows no name is of no category (docs/targets/palo-alto.md).
        let mut reaches = vec![Reach::to(Destination::names(category.names))];
        reaches.extend(category.parts.into_iter().map(|(names, why)| doubtful(names, why)));
        reaches.extend(category.doubts.into_iter().map(|why| doubtful(NameSet::all(), why)));
        reaches
    }

    fn services(
        &self,
        rule: &Node,
        doubts: &mut BTreeSet<String>,
        notes: &mut BTreeSet<String>,
    ) -> Vec<Reach> {
        let members = rule.members("service");
        if members.is_empty() || members.contains(&"any") {
            return vec![Reach::all()];
        }
        if members.contains(&"application-default") {
            doubts.insert(
                "application-default: on which ports depends on what the firewall recognizes".to_owned(),
            );
            return vec![Reach::all()];
        }
        let (services, unknown) = self.objects.services(&members);
        notes.extend(unknown.iter().cloned());
        let reach = |service: super::object::Service| Reach {
            transport: Some(service.transport),
            source_ports: service.source_ports,
            ..Reach::ports(service.ports)
        };
        services.into_iter().map(reach).chain(unknown.into_iter().map(Reach::doubtful)).collect()
    }
}

/// Of connections that the firewall opens itself: `<type><ssl-forward-proxy/></type>`, or the word behind `type`.
fn is_forward_proxy(rule: &Node) -> bool {
    const TYPE: &str = "ssl-forward-proxy";
    rule.child("type").is_some_and(|kind| kind.text == TYPE || kind.child(TYPE).is_some())
}

fn doubtful(names: NameSet, why: String) -> Reach {
    let mut reach = Reach::doubtful(why);
    reach.region.to = Destination::names(names);
    reach
}

/// Limits of a rule that nobody can judge from here.
fn limits(rule: &Node) -> BTreeSet<String> {
    let mut doubts = BTreeSet::new();
    for (tag, what) in LIMITS {
        let members = rule.members(tag);
        if !members.is_empty() && !members.contains(&"any") {
            doubts.insert(format!("it is for {what}: {}", members.join(", ")));
        }
    }
    for tag in ["from", "to", "source", "destination"] {
        if rule.members(tag).is_empty() {
            doubts.insert(format!("it has no `{tag}`"));
        }
    }
    let applications = rule.members("application");
    if !applications.is_empty() && !applications.contains(&"any") {
        let list = applications.join(", ");
        doubts.insert(format!(
            "it is for applications ({list}), and what the firewall recognizes is not known here"
        ));
    }
    if let Some(schedule) = rule.child("schedule") {
        doubts.insert(format!("it holds at times only: schedule {}", schedule.text));
    }
    if rule.path(&["target", "devices"]).is_some_and(|devices| devices.entries().next().is_some())
        || rule.child("target").is_some_and(|target| target.is_on("negate"))
    {
        doubts.insert("it is for some firewalls of the device group only".to_owned());
    }
    if let Some(kind) = rule.child("rule-type").filter(|kind| kind.text != "universal") {
        doubts.insert(format!("it is of type {}", kind.text));
    }
    if let Some(unread) = rule.child("unread") {
        doubts.insert(format!("`{}` is not understood", unread.text));
    }
    doubts
}

fn sources(list: &Addressed, negated: bool) -> Vec<Reach> {
    let mut set = list.addresses.clone();
    if negated {
        set = whole().difference(&set);
    }
    let mut why = list.doubts.clone();
    if !list.names.is_empty() {
        why.insert(format!("its source is named: {}", list.names));
    }
    let mut reaches = vec![Reach::from(set)];
    let why = why.into_iter().collect::<Vec<_>>().join("; ");
    match (why.is_empty(), negated) {
        (true, _) => {}
        (false, false) => reaches.push(Reach::doubtful(why)),
        (false, true) => reaches.iter_mut().for_each(|reach| {
            reach.doubts.insert(why.clone());
        }),
    }
    reaches
}

fn destinations(list: &Addressed, negated: bool, action: Option<Action>) -> Vec<Reach> {
    if list.any && !negated {
        return vec![Reach::all()];
    }
    let why = list.doubts.iter().cloned().collect::<Vec<_>>().join("; ");
    if negated {
        let mut reaches = not_by_address(&list.addresses, "its destination");
        if !why.is_empty() || !list.names.is_empty() {
            for reach in &mut reaches {
                reach.doubts.insert(format!("its destination is all but some that are not known here {why}"));
            }
        }
        return reaches;
    }
    let mut reaches = Vec::new();
    if !list.addresses.is_empty() {
        reaches.extend(by_address(&list.addresses, "its destination"));
    }
    if !list.names.is_empty() {
        reaches.push(Reach::to(Destination::names(list.names.clone())));
        if action != Some(Action::Allow) {
            // Whoever shares an address of a denied name is denied too.
            reaches.push(Reach::doubtful(format!("{} may share its addresses with others", list.names)));
        }
    }
    if !why.is_empty() {
        reaches.push(Reach::doubtful(why));
    }
    reaches
}
