//! Random policies of Squid and PAN-OS, judged stretch by stretch, and connection by connection by a judge of ten lines.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use portbook::address::{Prefix, PrefixSet, Transport};
use portbook::audit::{Alone, Configuration, Need, Policy, Report, Status, judge, reader};
use portbook::host::HostPattern;
use portbook::target::{Settings, find};
use proptest::prelude::*;

const HOSTS: [&str; 8] =
    ["x.net", "a.x.net", "b.a.x.net", "q.b.a.x.net", "y.net", "z.y.net", "evilx.net", "w.org"];
const CLIENTS: [&str; 6] = ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.7"];
const PORTS: [u16; 5] = [79, 80, 443, 8080, 9000];

#[derive(Debug, Clone)]
enum List {
    Src(Vec<&'static str>),
    Domains(Vec<&'static str>),
    Ports(Vec<(u16, u16)>),
}

#[derive(Debug, Clone)]
struct Line {
    allow: bool,
    lists: Vec<(usize, bool)>,
}

fn list() -> impl Strategy<Value = List> {
    let src = prop::sample::subsequence(
        vec!["10.0.0.0/31", "10.0.0.2", "10.0.0.4/30", "10.0.0.0/29", "10.0.0.1"],
        1..4,
    );
    let domains =
        prop::sample::subsequence(vec!["x.net", ".a.x.net", "b.a.x.net", ".y.net", ".x.net", "y.net"], 1..4);
    let ports =
        prop::sample::subsequence(vec![(80, 80), (443, 443), (1, 80), (443, 9000), (8080, 8080)], 1..3);
    prop_oneof![src.prop_map(List::Src), domains.prop_map(List::Domains), ports.prop_map(List::Ports)]
}

fn line() -> impl Strategy<Value = Line> {
    (any::<bool>(), prop::collection::vec((0usize..6, any::<bool>()), 1..4))
        .prop_map(|(allow, lists)| Line { allow, lists })
}

fn text(lists: &[List], lines: &[Line]) -> String {
    let mut text = String::new();
    for (index, list) in lists.iter().enumerate() {
        match list {
            List::Src(values) => writeln!(text, "acl l{index} src {}", values.join(" ")).unwrap(),
            List::Domains(values) => {
                writeln!(text, "acl l{index} dstdomain -n {}", values.join(" ")).unwrap();
            }
            List::Ports(values) => {
                let values: Vec<String> =
                    values.iter().map(|(first, last)| format!("{first}-{last}")).collect();
                writeln!(text, "acl l{index} port {}", values.join(" ")).unwrap();
            }
        }
    }
    for line in lines {
        let words: Vec<String> =
            line.lists.iter().map(|(list, not)| format!("{}l{list}", if *not { "!" } else { "" })).collect();
        writeln!(text, "http_access {} {}", if line.allow { "allow" } else { "deny" }, words.join(" "))
            .unwrap();
    }
    text
}

/// Squid's words, one connection at a time.
fn allowed(lists: &[List], lines: &[Line], client: &str, host: &str, port: u16) -> bool {
    let matches = |list: &List| match list {
        List::Src(values) => {
            let client = client.parse().unwrap();
            values.iter().any(|value| Prefix::parse(value).unwrap().contains(client))
        }
        List::Domains(values) => values.iter().any(|value| match value.strip_prefix('.') {
            Some(suffix) => host == suffix || host.ends_with(value),
            None => host == *value,
        }),
        List::Ports(values) => values.iter().any(|(first, last)| (*first..=*last).contains(&port)),
    };
    let first = lines.iter().find(|line| line.lists.iter().all(|(list, not)| matches(&lists[*list]) != *not));
    first.map_or_else(|| lines.last().is_some_and(|last| !last.allow), |line| line.allow)
}

fn read(target: &str, text: String) -> Policy {
    let settings = Settings::defaults(find(target).unwrap().settings);
    let file = Configuration { name: "file".to_owned(), bytes: text.into_bytes() };
    (reader(target).unwrap().read)(&[file], &settings, &Alone).unwrap()
}

fn needs() -> Vec<Need> {
    super::run::needs_of(&["x.net", "*.x.net", "[*.]y.net", "b.a.x.net", "w.org"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_connection_of_a_need_fares_as_squid_would_have_it(
        lists in prop::collection::vec(list(), 6),
        lines in prop::collection::vec(line(), 1..6),
    ) {
        let policy = read("squid", text(&lists, &lines));
        for need in needs() {
            let outcomes = judge(&policy, &need);
            for client in CLIENTS {
                for host in HOSTS {
                    for port in PORTS {
                        let own = |region: &portbook::audit::Region| {
                            let pattern = HostPattern::parse(host).unwrap();
                            let name = portbook::audit::NameSet::from(&pattern);
                            region.from.contains(client.parse().unwrap())
                                && !region.to.names.intersection(&name).is_empty()
                                && region.ports.contains(port.into())
                        };
                        let found: Vec<Status> = outcomes.iter().filter(|one| own(&one.region)).map(|one| one.status).collect();
                        if !own(&need.region) {
                            prop_assert!(found.is_empty());
                            continue;
                        }
                        let wanted = if allowed(&lists, &lines, client, host, port) { Status::Allowed } else { Status::Blocked };
                        prop_assert_eq!(found, vec![wanted], "{} {} {} in\n{}", client, host, port, text(&lists, &lines));
                    }
                }
            }
        }
    }
}

#[test]
fn needs_are_what_they_say() {
    let all = needs();
    assert!(all.iter().all(|need| need.transport == Transport::Tcp && need.tunnelled == Some(true)));
    let clients: PrefixSet = [Prefix::parse("10.0.0.0/29").unwrap()].iter().collect();
    assert!(all.iter().all(|need| need.region.from == clients));
}

const SERVICES: [(&str, Option<Transport>, (u32, u32)); 5] = [
    ("any", None, (1, 65535)),
    ("web", Some(Transport::Tcp), (443, 443)),
    ("wide", Some(Transport::Tcp), (442, 444)),
    ("quic", Some(Transport::Udp), (443, 443)),
    ("dns", Some(Transport::Udp), (53, 443)),
];

/// A rule of a firewall.
#[derive(Debug, Clone)]
struct Entry {
    allow: bool,
    from: Vec<&'static str>,
    to: &'static str,
    sources: Vec<&'static str>,
    hosts: Vec<&'static str>,
    service: usize,
}

fn entry() -> impl Strategy<Value = Entry> {
    let some = |values: Vec<&'static str>, least| prop::sample::subsequence(values, least..4);
    let zones = some(vec!["guest", "lab", "trust"], 0);
    let hosts = some(vec!["*.x.net", "a.x.net", "y.net", "z.y.net", "w.org"], 1);
    let to = prop::sample::select(vec!["untrust", "any", "dmz"]);
    let sources = some(vec!["10.0.0.0/29", "10.0.0.0/30", "10.0.0.0/28", "10.0.1.0/30"], 0);
    (any::<bool>(), zones, to, sources, hosts, 0..SERVICES.len()).prop_map(
        |(allow, from, to, sources, hosts, service)| Entry { allow, from, to, sources, hosts, service },
    )
}

/// A list of PAN-OS.
fn listed(values: &[&str]) -> String {
    if values.is_empty() { "any".to_owned() } else { format!("[ {} ]", values.join(" ")) }
}

fn commands(entries: &[Entry]) -> String {
    let mut text = String::new();
    for (name, transport, (first, last)) in SERVICES.iter().filter(|(_, transport, _)| transport.is_some()) {
        writeln!(text, "set service {name} protocol {} port {first}-{last}", transport.unwrap()).unwrap();
    }
    for (number, entry) in entries.iter().enumerate() {
        let hosts: Vec<String> = entry.hosts.iter().map(|host| format!("{host}/")).collect();
        writeln!(text, "set profiles custom-url-category c{number} list [ {} ]", hosts.join(" ")).unwrap();
        let (from, sources) = (listed(&entry.from), listed(&entry.sources));
        let (to, service) = (entry.to, SERVICES[entry.service].0);
        let action = if entry.allow { "allow" } else { "deny" };
        writeln!(
            text,
            "set rulebase security rules r{number} from {from} to {to} source {sources} destination any category c{number} application any service {service} action {action}"
        )
        .unwrap();
    }
    text
}

/// One connection to the outside.
#[derive(Debug, Clone, Copy)]
struct Connection {
    client: &'static str,
    zone: &'static str,
    host: &'static str,
    transport: Transport,
    port: u32,
}

/// Who is known to be in a zone comes from nowhere else.
fn connections() -> Vec<Connection> {
    let places = ["10.0.0.9", "192.0.2.1"]
        .into_iter()
        .flat_map(|client| ["guest", "lab", "trust", "unnamed"].map(|zone| (client, zone)));
    let mut all = Vec::new();
    for (client, zone) in places.chain([("10.0.0.1", "trust"), ("10.0.0.6", "trust"), ("10.0.1.1", "lab")]) {
        for host in ["x.net", "a.x.net", "b.x.net", "y.net", "z.y.net", "w.org"] {
            for transport in Transport::ALL {
                all.extend([53, 442, 443, 9000].map(|port| Connection {
                    client,
                    zone,
                    host,
                    transport,
                    port,
                }));
            }
        }
    }
    all
}

fn is_below(host: &str, pattern: &str) -> bool {
    pattern.strip_prefix('*').map_or(host == pattern, |suffix| host.ends_with(suffix))
}

fn is_in(client: &str, prefix: &str) -> bool {
    Prefix::parse(prefix).unwrap().contains(client.parse().unwrap())
}

fn matches(entry: &Entry, one: &Connection) -> bool {
    let (_, transport, (first, last)) = SERVICES[entry.service];
    entry.to != "dmz"
        && (entry.from.is_empty() || entry.from.contains(&one.zone))
        && (entry.sources.is_empty() || entry.sources.iter().any(|prefix| is_in(one.client, prefix)))
        && entry.hosts.iter().any(|pattern| is_below(one.host, pattern))
        && transport.is_none_or(|transport| transport == one.transport)
        && (first..=last).contains(&one.port)
}

/// Documents ask for these, on port 443, for the clients of these zones.
const ASKED: [(&str, Transport, &str, &str); 4] = [
    ("a.x.net", Transport::Tcp, "trust", "10.0.0.0/29"),
    ("y.net", Transport::Udp, "trust", "10.0.0.0/29"),
    ("y.net", Transport::Tcp, "trust", "10.0.0.0/29"),
    ("y.net", Transport::Tcp, "lab", "10.0.1.0/30"),
];

fn is_asked_for(one: &Connection) -> bool {
    ASKED.iter().any(|(host, transport, zone, clients)| {
        (one.host, one.transport, one.zone, one.port) == (host, *transport, zone, 443)
            && is_in(one.client, clients)
    })
}

fn asked() -> Vec<Need> {
    let need = |(host, transport, zone, clients): (&str, Transport, &str, &str)| {
        let mut need = super::run::needs_of(&[host]).remove(0);
        need.region.from = [Prefix::parse(clients).unwrap()].iter().collect();
        need.region.ports = [(443, 443)].into_iter().collect();
        need.transport = transport;
        need.tunnelled = None;
        need.from_zone = Some(zone.to_owned());
        need.to_zone = Some("untrust".to_owned());
        need
    };
    ASKED.into_iter().map(need).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A rule is told if and only if it allows a connection that nobody asks for: to a host of the selection, or by an entry
    /// that holds one.
    #[test]
    fn every_connection_that_no_need_asks_for_is_beyond(entries in prop::collection::vec(entry(), 1..6)) {
        let text = commands(&entries);
        let policy = read("palo-alto-set", text.clone());
        let needs = asked();
        let told: BTreeSet<String> =
            Report::of(&policy, &needs, 0).beyond.into_iter().map(|excess| excess.name).collect();
        for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.allow) {
            let denied = |one: &Connection| {
                entries[..number].iter().any(|entry| !entry.allow && matches(entry, one))
            };
            // A wildcard counts as a whole, since it holds a host that is asked for.
            let counts = |one: &Connection| {
                let mut held = entry.hosts.iter().filter(|pattern| is_below(one.host, pattern));
                held.any(|pattern| ASKED.iter().any(|(host, ..)| is_below(host, pattern)))
            };
            let mut more = connections()
                .into_iter()
                .filter(|one| matches(entry, one) && !denied(one) && !is_asked_for(one));
            let is_more = more.any(|one| counts(&one));
            prop_assert_eq!(told.contains(&format!("rule r{number}")), is_more, "rule r{} in\n{}", number, text);
        }
    }
}
