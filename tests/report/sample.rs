//! A report with something of everything: four zones, a proxy, a cloud, changes of all kinds, thousands of prefixes.

use portbook::address::{Prefix, PrefixSet};
use portbook::report::{
    AddressChange, AddressRow, Arrow, ArtifactRow, Citation, Entry, Node, NodeKind, Picture, Report,
    RuleLoss, RuleRow, RuleTable, Section, Tally, Tone,
};
use portbook::target::Effect;

fn text(text: &str) -> String {
    text.to_owned()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|each| text(each)).collect()
}

fn cite(document: &str, edition: &str, requirement: &str) -> Citation {
    Citation {
        document: text(document),
        edition: text(edition),
        requirement: text(requirement),
        documented_as: None,
    }
}

/// A report of `rules` rules and `prefixes` changed prefixes.
pub(crate) fn report(rules: usize, prefixes: usize) -> Report {
    let rows = rule_rows(rules);
    Report {
        title: text("contoso-hq: 3 flows widened, 1 narrowed"),
        subtitle: texts(&[
            "main.manifest.json compared with portbook.manifest.json",
            "cloud-sync-prerequisites 2025-04-09 -> 2026-07-27, connect-ports 2025-04-09",
            "ServiceTags_Public_20251028.json -> ServiceTags_Public_20251103.json",
        ]),
        summary: [
            ("widened", 3, Tone::More),
            ("narrowed", 1, Tone::Less),
            ("corrected", 1, Tone::Neutral),
            ("need changed", 0, Tone::Neutral),
            ("rules refused", 2, Tone::Bad),
        ]
        .map(|(label, count, tone)| Tally { label: text(label), count, tone })
        .to_vec(),
        changes: changes(&rows),
        picture: Some(picture()),
        addresses: Some(addresses(prefixes, &rows)),
        rules: RuleTable { title: text("Rules"), ids: String::new(), rows },
        artifacts: artifacts(),
        notes: texts(&[
            "undocumented-need: DNS, Kerberos and LDAP to domain controllers, and time, are not emitted (--gaps)",
            "documented-elsewhere: cloud-sync-troubleshooting 2026-08-21 names crl3.digicert.com:80 (--also)",
        ]),
    }
}

fn changes(rows: &[RuleRow]) -> Vec<Section> {
    let id = |at: usize| rows.get(at).map(|row| row.id.clone()).into_iter().collect::<Vec<_>>();
    let entry = |sign: &str,
                 from: &str,
                 to: &[&str],
                 service: &str,
                 remark: &str,
                 rules: Vec<String>,
                 requirement: &str| Entry {
        sign: text(sign),
        from: text(from),
        to: texts(to),
        service: text(service),
        remarks: texts(&[remark]),
        rules,
        sources: vec![cite("cloud-sync-prerequisites", "2025-04-09 -> 2026-07-27", requirement)],
        targets: texts(&["palo-alto-set", "squid"]),
    };
    let many: Vec<String> = (1..=14).map(|at| format!("content{at}.aadcdn.msauth.net")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let section = |title: &str, tone, entries| Section { title: text(title), tone, entries };
    vec![
        section(
            "Widened",
            Tone::More,
            vec![
                entry(
                    "+",
                    "provisioning-agent",
                    &["aadcdn.msauth.net", "aadcdn.msftauth.net"],
                    "TCP 443",
                    "new; registration only",
                    id(0),
                    "registration-content",
                ),
                entry(
                    "+",
                    "connect-server",
                    &many,
                    "TCP 443, 80",
                    "named for the first time",
                    id(1),
                    "sign-in",
                ),
                entry("+", "tag AzureActiveDirectory", &[], "", "40 addresses more", id(2), ""),
            ],
        ),
        section(
            "Narrowed",
            Tone::Less,
            vec![entry(
                "-",
                "web-application-proxy",
                &["ad-fs-server"],
                "TCP 49443",
                "no longer asked for",
                id(3),
                "device-registration",
            )],
        ),
        section(
            "Refused",
            Tone::Bad,
            vec![entry(
                "!",
                "provisioning-agent",
                &["*.servicebus.windows.net"],
                "TCP 443",
                "name-needs-address: windows-registry holds addresses only",
                id(4),
                "agent-service",
            )],
        ),
        section(
            "Corrected",
            Tone::Neutral,
            vec![entry(
                "~",
                "connect-server",
                &["msftauthimages.us"],
                "TCP 443",
                "mfstauthimages.us was a typo of the older edition",
                id(5),
                "images",
            )],
        ),
        section("Need changed", Tone::Neutral, Vec::new()),
    ]
}

fn node(id: &str, label: &str, kind: NodeKind, zone: Option<&str>, lines: &[&str]) -> Node {
    Node { id: text(id), label: text(label), kind, zone: zone.map(text), lines: texts(lines) }
}

fn arrow(from: &str, to: &str, label: &str, change: Option<Tone>) -> Arrow {
    Arrow {
        from: text(from),
        to: text(to),
        label: text(label),
        change,
        tooltip: text("rules r-3f2a7c01de, r-91bc55e0a2"),
    }
}

pub(crate) fn picture() -> Picture {
    use NodeKind::{Cloud, Host, Outside, Proxy};
    let mut nodes = vec![
        node(
            "agents",
            "agents",
            Host,
            Some("tier0"),
            &["10.20.0.11, 10.20.0.12, 10.20.0.13", "provisioning-agent"],
        ),
        node(
            "connect",
            "connect",
            Host,
            Some("tier0"),
            &["10.20.0.21", "connect-server", "pass-through-agent"],
        ),
        node("dcs", "dcs", Host, Some("servers"), &["10.10.0.0/28", "domain-controller"]),
        node("adfs", "adfs", Host, Some("servers"), &["10.10.1.10, 10.10.1.11", "ad-fs-server"]),
        node("wap", "wap", Host, Some("perimeter"), &["192.0.2.20 (as seen)", "web-application-proxy"]),
        node("egress", "egress", Proxy, Some("dmz"), &["10.30.0.5:8080", "proxy"]),
        node("public", "Azure public cloud", Cloud, None, &["24 names", "tag AzureActiveDirectory"]),
        node("revocation", "Revocation lists", Cloud, None, &["mscrl.microsoft.com", "crl3.digicert.com"]),
        node("users", "Users outside", Outside, None, &["anyone"]),
    ];
    let mut arrows = vec![
        arrow("agents", "egress", "TCP 8080", None),
        arrow("connect", "egress", "TCP 8080", Some(Tone::More)),
        arrow("egress", "public", "TCP 443", Some(Tone::More)),
        arrow("egress", "revocation", "TCP 80", None),
        arrow("agents", "dcs", "TCP 88, 389, 636, 3268, 49152-65535", None),
        arrow("connect", "dcs", "TCP 135, 389; UDP 53", Some(Tone::Neutral)),
        arrow("connect", "adfs", "TCP 5985", None),
        arrow("dcs", "adfs", "TCP 443", None),
        arrow("adfs", "public", "TCP 443", Some(Tone::Bad)),
        arrow("wap", "adfs", "TCP 443", None),
        arrow("wap", "adfs", "TCP 49443", Some(Tone::Less)),
        arrow("users", "wap", "TCP 443", None),
        arrow("users", "wap", "TCP 49443", Some(Tone::Less)),
        arrow("agents", "public", "TCP 443", Some(Tone::Less)),
    ];
    for at in 1..=35 {
        let id = format!("branch-{at:02}");
        nodes.push(node(
            &id,
            &id,
            Host,
            Some("branches"),
            &[&format!("10.60.{at}.10"), "connect-health-agent"],
        ));
        arrows.push(arrow(&id, "egress", "TCP 8080", None));
    }
    Picture { nodes, arrows }
}

/// Prefixes as weekly files have them: many small ones in parts of a few /8s, in both families.
fn spread(count: usize, seed: u32) -> PrefixSet {
    let prefix = |at: usize| {
        let mixed = (u32::try_from(at).unwrap() + seed)
            .wrapping_mul(2_654_435_761)
            .rotate_left(13)
            .wrapping_mul(40_503);
        let [a, b, c, d] = mixed.to_be_bytes();
        let text = match d % 8 {
            0..=2 => format!("20.{}.{b}.{}/27", a / 2 + 30, c / 32 * 32),
            3 => format!("40.{}.{b}.{}/27", a / 4 + 64, c / 32 * 32),
            4 => format!("51.{}.{b}.{}/25", a / 8 + 100, c / 128 * 128),
            5 => format!("13.{}.{b}.0/24", a / 4 + 64),
            6 => format!("52.{}.{b}.{}/28", a / 2 + 100, c / 16 * 16),
            _ => format!("2603:10{:02x}:{b:x}{c:02x}::/48", a / 16),
        };
        Prefix::parse(&text).unwrap()
    };
    (0..count).map(prefix).collect()
}

fn addresses(prefixes: usize, rows: &[RuleRow]) -> AddressChange {
    let kept = spread(prefixes, 1).union(
        &[
            "20.190.128.0/18",
            "40.126.0.0/18",
            "104.40.0.0/13",
            "52.96.0.0/12",
            "4.128.0.0/9",
            "2603:1000::/33",
            "2a01:111:f100::/48",
        ]
        .iter()
        .map(|text| Prefix::parse(text).unwrap())
        .collect(),
    );
    let added = spread(prefixes * 3 / 4, 9_000).difference(&kept);
    let removed = spread(prefixes / 4, 77_000).difference(&kept).difference(&added);
    let list = |set: &PrefixSet| set.prefixes().map(|prefix| prefix.to_string()).collect::<Vec<_>>();
    let rules: Vec<String> = rows.iter().take(3).map(|row| row.id.clone()).collect();
    let directory = AddressRow {
        name: text("tag AzureActiveDirectory"),
        added: texts(&["20.20.44.0/27", "20.20.44.32/29"]),
        removed: Vec::new(),
        counts: text("+40 addresses"),
        rules: rules.clone(),
    };
    let cloud = AddressRow {
        name: text("ranges of the public cloud"),
        added: list(&added),
        removed: list(&removed),
        counts: text("+33,312 addresses, \u{2212}11,904 addresses"),
        rules,
    };
    AddressChange { added, removed, kept, rows: vec![directory, cloud] }
}

fn rule_rows(rules: usize) -> Vec<RuleRow> {
    (0..rules).map(rule_row).collect()
}

fn rule_row(at: usize) -> RuleRow {
    let froms = ["provisioning-agent", "connect-server", "ad-fs-server", "web-application-proxy"];
    let from = froms[at * froms.len() / 300 % froms.len()];
    let loss = |target: &str, code: &str, effect, detail: &str| RuleLoss {
        target: text(target),
        code: text(code),
        effect,
        detail: text(detail),
    };
    let losses = match at % 6 {
        0 => vec![
            loss(
                "windows-registry",
                "name-needs-address",
                Effect::Refused,
                "the target holds addresses only",
            ),
            loss("palo-alto-set", "path-dropped", Effect::Wider, "the path /common is not matched"),
        ],
        3 => vec![loss("squid", "source-not-given", Effect::NotApplicable, "")],
        4 => vec![loss("pac", "no-v6-source", Effect::Narrower, "12 prefixes were left out")],
        _ => Vec::new(),
    };
    let mut citation = cite("cloud-sync-prerequisites", "2026-07-27", "agent-service");
    citation.documented_as = (at % 4 == 1).then(|| text("*.msapproxy.net"));
    RuleRow {
        id: format!("r-{:010}", 3_141_592_653_usize.wrapping_mul(at + 1) % 10_000_000_000),
        group: Some(format!("{from}, outbound")),
        from: text(from),
        to: (0..=at % 9).map(|host| format!("host{host}.service{at}.example.com")).collect(),
        service: text(if at % 3 == 0 { "TCP 443, 80" } else { "TCP 443" }),
        need: text(if at % 5 == 0 { "required, registration only" } else { "required" }),
        way: Some(text(if at % 2 == 0 { "through egress" } else { "direct" })),
        purposes: texts(&["agent traffic with the cloud service"]),
        notes: if at % 7 == 2 {
            texts(&["ports interpreted: port table: 443 handles all outbound communication"])
        } else {
            Vec::new()
        },
        citations: vec![citation, cite("connect-ports", "2025-04-09", "table-3")],
        losses,
        targets: texts(&["palo-alto-set", "squid", "windows-registry", "pac"]),
        changed: match at {
            0..=2 => Some(Tone::More),
            3 => Some(Tone::Less),
            4 => Some(Tone::Bad),
            5 => Some(Tone::Neutral),
            _ => None,
        },
    }
}

fn artifacts() -> Vec<ArtifactRow> {
    let row = |target: &str, file: &str, refused, changed: &str, tone| ArtifactRow {
        target: text(target),
        file: text(file),
        rules: 31,
        exact: 29 - refused,
        wider: 1,
        narrower: 1,
        refused,
        changed: text(changed),
        tone,
    };
    vec![
        row("windows-registry", "agents.reg", 2, "not written", Some(Tone::Bad)),
        row("palo-alto-set", "palo-alto/edge.set", 0, "changed, 4 lines", Some(Tone::More)),
        row("squid", "squid/portbook.conf", 0, "changed, 1 line", Some(Tone::Less)),
        row("pac", "portbook.pac", 0, "unchanged", None),
    ]
}

/// A report in which every text tries to become something else.
pub(crate) fn hostile(evil: &str) -> Report {
    let evil = || text(evil);
    let citation =
        Citation { document: evil(), edition: evil(), requirement: evil(), documented_as: Some(evil()) };
    Report {
        title: evil(),
        subtitle: vec![evil()],
        summary: vec![Tally { label: evil(), count: 1, tone: Tone::Bad }],
        changes: vec![Section {
            title: evil(),
            tone: Tone::More,
            entries: vec![Entry {
                sign: evil(),
                from: evil(),
                to: vec![evil(); 12],
                service: evil(),
                remarks: vec![evil()],
                rules: vec![evil(), text("r-unknown")],
                sources: vec![citation.clone(); 9],
                targets: vec![evil()],
            }],
        }],
        picture: Some(Picture {
            nodes: vec![
                Node {
                    id: evil(),
                    label: evil(),
                    kind: NodeKind::Host,
                    zone: Some(evil()),
                    lines: vec![evil(); 9],
                },
                Node { id: text("b"), label: evil(), kind: NodeKind::Cloud, zone: None, lines: Vec::new() },
            ],
            arrows: vec![Arrow {
                from: evil(),
                to: text("nobody knows"),
                label: evil(),
                change: Some(Tone::More),
                tooltip: evil(),
            }],
        }),
        addresses: Some(AddressChange {
            added: Prefix::parse("10.0.0.0/8").unwrap().into(),
            rows: vec![AddressRow {
                name: evil(),
                added: texts(&["10.0.0.0/8"]),
                removed: Vec::new(),
                counts: evil(),
                rules: vec![evil()],
            }],
            ..AddressChange::default()
        }),
        rules: RuleTable {
            title: evil(),
            ids: evil(),
            rows: vec![RuleRow {
                id: evil(),
                group: Some(evil()),
                from: evil(),
                to: vec![evil()],
                service: evil(),
                need: evil(),
                way: Some(evil()),
                purposes: vec![evil()],
                notes: vec![evil()],
                citations: vec![citation],
                losses: vec![RuleLoss {
                    target: evil(),
                    code: evil(),
                    effect: Effect::Wider,
                    detail: evil(),
                }],
                targets: vec![evil()],
                changed: Some(Tone::More),
            }],
        },
        artifacts: vec![ArtifactRow {
            target: evil(),
            file: evil(),
            changed: evil(),
            tone: Some(Tone::Bad),
            ..ArtifactRow::default()
        }],
        notes: vec![evil()],
    }
}
