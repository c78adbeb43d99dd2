//! Four zones, a proxy, a cloud, and branches that are all alike.

use portbook::report::{Arrow, Node, NodeKind, Picture, Tone};

use super::{text, texts};

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
