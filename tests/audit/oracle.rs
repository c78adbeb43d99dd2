//! Random policies of Squid, judged stretch by stretch, and connection by connection by a judge of ten lines.

use std::fmt::Write as _;

use portbook::address::{Prefix, PrefixSet, Transport};
use portbook::audit::{Alone, Configuration, Need, Status, judge, reader};
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
        let settings = Settings::defaults(find("squid").unwrap().settings);
        let file = Configuration { name: "squid.conf".to_owned(), bytes: text(&lists, &lines).into_bytes() };
        let policy = (reader("squid").unwrap().read)(&[file], &settings, &Alone).unwrap();
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
