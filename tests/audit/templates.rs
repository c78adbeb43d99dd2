//! Templates that leave something out or add something: `--verify` finds it, names the line, and nothing is written.

use std::fs;

use super::run::{Desk, project};

const SITE: &str = "--address provisioning-agent=10.20.0.11,2001:db8:20::11 --zone provisioning-agent=tier0";

/// Generates with a template in which `from` reads `to`.
fn with(target: &str, flags: &str, template: &str, from: &str, to: &str) -> (i32, String, bool) {
    let desk = Desk::new();
    let text = fs::read_to_string(project().join("templates").join(template)).unwrap();
    assert!(text.contains(from), "{template} does not have {from}");
    desk.write(&format!("templates/{template}"), &text.replace(from, to));
    let run = desk.run(&format!(
        "generate cloud-sync --cloud public --target {target} {flags} {SITE} --templates templates --verify -o out"
    ));
    (run.exit, run.talk, desk.path().join("out").exists())
}

fn refused(target: &str, flags: &str, template: &str, from: &str, to: &str, why: &str) {
    let (exit, talk, written) = with(target, flags, template, from, to);
    assert!(
        exit == 2 && talk.contains("artifact-mismatch") && talk.contains(why),
        "{from} -> {to}\n{exit} {talk}"
    );
    assert!(!written, "{from} -> {to}: something was written");
}

#[test]
fn squid() {
    let template = "squid/portbook.conf";
    for (from, to, why) in [
        ("{{ line.ports|squid_acl }} {% if", "{% if", "also on ports"),
        (
            "{% if line.hosts.except_acl %} !{{ line.hosts.except_acl|squid_acl }}{% endif %}",
            "",
            "also microsoft.com",
        ),
        (
            "{% if line.source %}{{ line.source|squid_acl }} {% endif %}{{ line.ports",
            "{{ line.ports",
            "from all of anyone",
        ),
        ("{% if deny %}", "http_access allow all\n{% if deny %}", "http_access allow all"),
        (
            "{% for line in allow %}",
            "acl bad dstdomain -n .live.com\nhttp_access deny bad\n{% for line in allow %}",
            "http_access deny bad",
        ),
        ("http_access allow", "http_access deny", "decides: http_access deny"),
        (
            "dstdomain -n {{ host.value",
            "dstdomain {{ host.value",
            "may allow what no rule asks for: any address",
        ),
        (
            "acl {{ line.hosts.acl|squid_acl }} dstdomain -n {{ host.value|squid_domain }}",
            "",
            "no line allows it",
        ),
        ("{% if deny %}", "include /etc/squid/more.conf\n{% if deny %}", "the file is not there"),
    ] {
        refused("squid", "", template, from, to, why);
    }
}

#[test]
fn palo_alto() {
    let template = "palo-alto-set/portbook.set";
    let text = fs::read_to_string(project().join("templates").join(template)).unwrap();
    let rule = text.lines().find(|line| line.contains("security rules") && line.starts_with("set ")).unwrap();
    for (from, to, why) in [
        ("action allow", "action deny", "decides: rule"),
        ("application any", "application ssl", "applications (ssl)"),
        ("source-user any", "source-user jane", "users: jane"),
        (
            "{{ address_block|set_block }}",
            "{{ address_block|set_block }}\nset rulebase security rules more from any to any source any destination any application any service any action allow\n",
            "rule more",
        ),
        (rule, "", "no security rule stands in it"),
        ("{{ group_block|set_block }}", "", "is no object of this file"),
    ] {
        refused("palo-alto-set", "", template, from, to, why);
    }
}

#[test]
fn windows_firewall() {
    let template = "windows-firewall/station.ps1";
    for (from, to, why) in [
        ("        RemotePort = {{ rule.remote_port|ps_string }}\n", "", "also on ports"),
        (
            "        Direction = {{ rule.direction|ps_string }}\n",
            "        Direction = 'Inbound'\n",
            "no rule matches",
        ),
        (
            "        Protocol = {{ rule.protocol|ps_string }}\n",
            "        Protocol = 'UDP'\n",
            "no rule matches",
        ),
        ("{% for id in rule.keywords %}", "{% for id in rule.keywords if not loop.first %}", "empty list"),
        (
            "\n$Target = @{",
            "\nNew-NetFirewallRule -DisplayName all -Direction Outbound -Action Allow\n$Target = @{",
            "not Portbook's own script",
        ),
        (
            "    $Rule.RemoteDynamicKeywordAddresses | Where-Object { $_ }",
            "    $Rule | Where-Object { $_ }",
            "not Portbook's own script",
        ),
        ("        Action = 'Allow'\n", "        Action = 'Block'\n", "decides: rule"),
    ] {
        refused("windows-firewall", "--option os=2022", template, from, to, why);
    }
}

#[test]
fn pac() {
    let template = "pac/portbook.pac";
    let flags = "--option listed=proxy --option others=direct --option proxy=proxy.contoso.com:8080";
    for (from, to, why) in [
        ("ranges[i] <= port", "ranges[i] < port", "not Portbook's own script"),
        ("[{{ entry.ports|js_ports }}]", "[1, 65535]", "also on ports"),
        ("return \"{{ listed|js_answer }}\"", "return \"DIRECT\"", ""),
        ("  return null;\n}\n{% if others %}", "}\n{% if others %}", "not Portbook's own script"),
    ] {
        refused("pac", flags, template, from, to, why);
    }
}

/// Rules for addresses in place of names.
const BY_ADDRESS: &str =
    "--ip-fallback documented --ranges Example_Public.json --accept any-azure-customer,name-needs-address";

#[test]
fn nftables() {
    let template = "nftables/portbook.nft";
    let line = "{% for group in accept %}";
    for (from, to, why) in [
        ("dport { {{ group.ports|nft_ports }} }", "dport { 1-65535 }", "also on ports 1-442"),
        ("{{ group.transport|nft_word }} dport", "udp dport", "no line allows it"),
        (
            "{% for line in group.lines %}",
            "{% for line in group.lines if line.family == 'ip' %}",
            "from 2001:db8:20::11/128): no line allows it",
        ),
        (
            "{%+ if line.source %}{{ line.family|nft_word }} saddr @{{ line.source|nft_name }} {% endif %}",
            "",
            "from all of 0.0.0.0/0",
        ),
        (
            "{% if line.destination %}{{ line.family|nft_word }} daddr @{{ line.destination|nft_name }} {% endif %}",
            "",
            "any other destination",
        ),
        (
            "{{ set.elements|nft_elements }}",
            "{% if set.kind == 'ipv4_addr' %}\t\t\t172.16.0.0/12,\n{% endif %}{{ set.elements|nft_elements }}",
            "also 172.16.0.0/12",
        ),
        ("{{ set.elements|nft_elements }}", "\t\t\t10.0.0.0/8,\n", "no element of a set of its type"),
        ("} accept comment", "} drop comment", "stands where Portbook writes"),
        (line, "\t\taccept\n{% for group in accept %}", "portbook.nft:74: `accept` stands where"),
        (line, "\t\tjump more\n{% for group in accept %}", "`jump more` stands where"),
        ("# {{ comment|nft_comment }}", "# {{ comment|nft_comment }}\\", "(no plain line)"),
        ("flush chain inet {{ table|nft_name }} {{ chain|nft_name }}\n", "", "writes `flush chain inet"),
        ("flush set inet {{ table|nft_name }} {{ set.name|nft_name }}\n", "", "writes `flush set inet"),
        ("{{ table|nft_name }}", "other", "as the options form=fragment and table=filter say"),
        (
            "{% if standalone %}",
            "{% if not standalone %}",
            "as the options form=fragment and table=filter say",
        ),
    ] {
        refused("nftables", BY_ADDRESS, template, from, to, why);
    }
}

#[test]
fn nftables_standalone() {
    let template = "nftables/portbook.nft";
    let flags = format!("--option form=standalone {BY_ADDRESS}");
    for (from, to, why) in [
        ("\t\tcounter drop comment \"portbook: the rest\"\n", "", "writes `counter drop comment"),
        ("policy drop", "policy accept", "writes `type filter hook forward priority filter; policy drop;`"),
        ("hook forward", "hook input", "writes `type filter hook forward"),
        ("delete table inet {{ table|nft_name }}\n", "", "writes `delete table inet portbook`"),
        (
            "ct state established,related accept",
            "ct state established,related,new accept",
            "related,new accept`",
        ),
        ("{% if standalone %}", "{% if not standalone %}", "since form is standalone"),
        ("dport { {{ group.ports|nft_ports }} }", "dport { 442-443 }", "also on ports 442"),
    ] {
        refused("nftables", &flags, template, from, to, why);
    }
}

#[test]
fn iptables() {
    let (sets, v4, v6) =
        ("iptables/portbook.ipset", "iptables/portbook.v4.rules", "iptables/portbook.v6.rules");
    let source = "{% if group.source %} -m set --match-set {{ group.source|ipt_name }} src{% endif %}";
    for (template, from, to, why) in [
        (v4, "--dports {{ ports|ipt_ports }}", "--dports 1:65535", "also on ports 1-442"),
        (v6, "--dports {{ ports|ipt_ports }}", "--dports 80", "no line allows it"),
        (v4, source, "", "from all of 0.0.0.0/0"),
        (v6, source, "", "from all of ::/"),
        (
            v6,
            "{% for group in v6 %}",
            "{% for group in v6 if not group %}",
            "from 2001:db8:20::11/128): no line",
        ),
        (v6, "-p {{ group.transport|ipt_word }}", "-p udp", "no line allows it"),
        (v4, " -j ACCEPT\n{% endfor %}", " -j RETURN\n{% endfor %}", "v4.rules:22: "),
        (v4, "\nCOMMIT\n", "\n", "the end of the file stands where Portbook writes `COMMIT`"),
        (v6, "COMMIT", "-A FORWARD -j ACCEPT\nCOMMIT", "`-A FORWARD -j ACCEPT` stands where"),
        (v6, ":{{ chain|ipt_name }} -", ":portbook-other -", "stands where Portbook writes"),
        (v6, "{% if standalone %}", "{% if not standalone %}", "as the option form=fragment says"),
        (sets, "{{ set.lines|ipt_entries -}}\n", "", "no line allows it"),
        (sets, "{{ set.lines|ipt_entries -}}", "add {{ set.filling|ipt_name }} 0.0.0.0/1\n", "0.0.0.0/1"),
        (sets, "flush {{ set.filling|ipt_name }}\n", "", "writes `flush pb-filling4`"),
        (sets, "swap {{ set.filling|ipt_name }} {{ set.name|ipt_name }}\n", "", "writes `swap pb-filling4"),
        (sets, "family {{ set.kind|ipt_word }}", "family inet", "writes `create pb-filling4"),
        (sets, "maxelem {{ most }}", "maxelem 65536", "maxelem 65536"),
        (
            sets,
            "# {{ line|ipt_comment }}",
            "#{% for n in [1,2,3,4,5,6,7,8] %} {{ header[0]|ipt_comment }} {{ line|ipt_comment }} {% endfor %}",
            "(no plain line)",
        ),
    ] {
        refused("iptables", BY_ADDRESS, template, from, to, why);
    }
    let flags = format!("--option form=standalone {BY_ADDRESS}");
    for (template, from, to, why) in [
        (v4, ":FORWARD DROP", ":FORWARD ACCEPT", "writes `:FORWARD DROP [0:0]`"),
        (v6, "-A FORWARD -m comment --comment \"portbook: the rest\" -j DROP\n", "", "the rest\" -j DROP`"),
        (v6, "-F FORWARD\n", "", "writes `-F FORWARD`"),
        (v4, "{% if standalone %}", "{% if not standalone %}", "`:FORWARD DROP [0:0]`"),
    ] {
        refused("iptables", &flags, template, from, to, why);
    }
}

#[test]
fn haproxy() {
    let template = "haproxy/portbook.cfg";
    let sni = "acl {{ list.acl|haproxy_name }}_sni req.ssl_sni {% if entry.below %}-m end {% endif %}-i {{ entry.value|haproxy_host }}\n";
    let from_v4_or_v6 = "{% if not from.v6 %}!{% endif %}portbook_ipv6 {{ from.acl|haproxy_name }} {{ list.acl|haproxy_name }}_sni";
    let optional = "--optional --when port-443-unavailable";
    for (flags, from, to, why) in [
        (
            optional,
            "{% for frontend in frontends %}",
            "{% for frontend in frontends if frontend.port != 8080 %}",
            "TCP 8080: no line allows it: no frontend listens there",
        ),
        (
            "",
            "    bind [::]:{{ frontend.port }} v6only\n",
            "",
            "from 2001:db8:20::11/128): no line allows it",
        ),
        (
            "",
            sni,
            "acl {{ list.acl|haproxy_name }}_sni req.ssl_sni {% if entry.below %}-m end {% endif %}-i {{ entry.value|haproxy_host }}\n{% if entry.below %}    acl {{ list.acl|haproxy_name }}_sni req.ssl_sni -i {{ entry.value[1:]|haproxy_host }}\n{% endif %}",
            "also microsoft.com",
        ),
        (
            "",
            "req.ssl_sni {% if entry.below %}-m end {% endif %}-i",
            "req.ssl_sni -i",
            "-i .microsoft.com` is no list",
        ),
        (
            "",
            "{% endif %}-i {{ entry.value|haproxy_host }}",
            "{% endif %}-i {{ entry.value[1:]|haproxy_host }}",
            "-m end -i microsoft.com` is no list",
        ),
        ("", from_v4_or_v6, "{{ list.acl|haproxy_name }}_sni", "from all of anyone"),
        ("", "{% if not from.v6 %}!{% endif %}portbook_ipv6 ", "", "names no lists of this frontend"),
        (
            "",
            "    acl portbook_ipv6 src -m sub :\n",
            "    acl portbook_ipv6 src -m sub .\n",
            "writes `acl portbook_ipv6 src -m sub :`",
        ),
        (
            "",
            "    tcp-request content reject if !{ var(sess.portbook_name) -m found }\n",
            "",
            "var(sess.portbook_name) -m found }`",
        ),
        (
            "",
            "    http-request deny if !{ var(txn.portbook_name) -m found }\n",
            "",
            "var(txn.portbook_name) -m found }`",
        ),
        ("", "    http-request deny if METH_CONNECT\n", "", "writes `http-request deny if METH_CONNECT`"),
        (
            "",
            "tcp-request content set-dst-port int({{ frontend.port }})",
            "tcp-request content set-dst-port int(22)",
            "set-dst-port int(443)`",
        ),
        (
            "",
            "    tcp-request content set-dst var(sess.portbook_to)\n",
            "",
            "writes `tcp-request content set-dst var",
        ),
        ("", "parse-resolv-conf", "nameserver given 10.0.0.1:53", "as the option resolver says"),
        ("", "server origin 0.0.0.0:0", "server origin 10.0.0.1:443", "writes `server origin 0.0.0.0:0`"),
        (
            optional,
            "    http-request set-var(txn.portbook_name)",
            "    {% if frontend.tls %}# {% endif %}http-request set-var(txn.portbook_name)",
            "what is let through by TLS and by HTTP differs",
        ),
    ] {
        refused("haproxy", flags, template, from, to, why);
    }
}

#[test]
fn a_template_that_only_looks_otherwise_passes() {
    for (target, flags, template, from, to) in [
        ("squid", "", "squid/portbook.conf", "# {{ line.title", "# For the proxy team. {{ line.title"),
        (
            "windows-firewall",
            "--option os=2022",
            "windows-firewall/station.ps1",
            "# The parameters of",
            "# Ours: the parameters of",
        ),
        (
            "nftables",
            BY_ADDRESS,
            "nftables/portbook.nft",
            "\t\t# {{ comment",
            "# For the night shift: {{ comment",
        ),
        ("iptables", BY_ADDRESS, "iptables/portbook.v6.rules", "\n\nCOMMIT", "\n# Ours.\nCOMMIT"),
        ("haproxy", "", "haproxy/portbook.cfg", "    acl portbook_ipv6", "\t# Ours.\n  acl  portbook_ipv6"),
    ] {
        let (exit, talk, written) = with(target, flags, template, from, to);
        assert!(exit == 0 && written, "{talk}");
    }
}

#[test]
fn a_build_writes_nothing_of_a_site_with_a_mismatch() {
    let desk = Desk::new();
    desk.write(
        "portbook.yaml",
        "name: hq\ncloud: public\nscenarios: [cloud-sync]\nhosts:\n  agents: {addresses: [10.20.0.11], roles: [provisioning-agent]}\n\
         targets:\n  - {target: windows-firewall, settings: {os: 2022}}\n  - {target: csv}\n",
    );
    let run = desk.run("build --verify");
    assert_eq!(run.exit, 0, "{}", run.talk);
    fs::remove_file(desk.path().join("portbook.manifest.json")).unwrap();
    fs::remove_dir_all(desk.path().join("windows")).unwrap();
    fs::remove_file(desk.path().join("change-request.csv")).unwrap();
    let template = "windows-firewall/station.ps1";
    let text = fs::read_to_string(project().join("templates").join(template)).unwrap();
    let text = text.replace("        RemotePort = {{ rule.remote_port|ps_string }}\n", "");
    desk.write(&format!("templates/{template}"), &text);
    let run = desk.run("build --verify --templates templates");
    assert!(run.exit == 2 && run.talk.contains("artifact-mismatch"), "{}", run.talk);
    assert!(!desk.path().join("change-request.csv").exists() && !desk.path().join("windows").exists());
    assert_eq!(desk.run("build --templates templates").exit, 0, "without --verify nobody looks");
}
