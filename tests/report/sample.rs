//! A report with something of everything: four zones, a proxy, a cloud, changes of all kinds, thousands of prefixes.

mod addresses;
mod changes;
mod evil;
mod picture;

use portbook::report::{ArtifactRow, Citation, Report, RuleLoss, RuleRow, RuleTable, Tally, Tone};
use portbook::target::Effect;

pub(crate) use evil::hostile;
pub(crate) use picture::picture;

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
        changes: changes::changes(&rows),
        picture: Some(picture()),
        addresses: Some(addresses::addresses(prefixes, &rows)),
        rules: RuleTable { title: text("Rules"), ids: String::new(), rows },
        artifacts: artifacts(),
        notes: texts(&[
            "undocumented-need: DNS, Kerberos and LDAP to domain controllers, and time, are not emitted (--gaps)",
            "documented-elsewhere: cloud-sync-troubleshooting 2026-08-21 names crl3.digicert.com:80 (--also)",
        ]),
    }
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
        service: text(if at.is_multiple_of(3) { "TCP 443, 80" } else { "TCP 443" }),
        need: text(if at.is_multiple_of(5) { "required, registration only" } else { "required" }),
        way: Some(text(if at.is_multiple_of(2) { "through egress" } else { "direct" })),
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
