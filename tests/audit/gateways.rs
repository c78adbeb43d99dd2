//! Templates of nftables, iptables and haproxy that leave something out or add something: `--verify` finds it.

use super::templates::{BY_ADDRESS, refused, with_selection};

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
fn source_ports() {
    let selection = "domain-services --address managed-domain=10.0.0.4/30 --accept ranges-needed";
    for (target, template, from) in [
        (
            "nftables",
            "nftables/portbook.nft",
            "{% if group.source_ports %}{{ group.transport|nft_word }} sport {{ group.source_ports|nft_ports }} {% endif %}",
        ),
        (
            "iptables",
            "iptables/portbook.v4.rules",
            "{% if group.source_ports %} -m {{ group.transport|ipt_word }} --sport {{ group.source_ports|ipt_ports }}{% endif %}",
        ),
    ] {
        let (exit, talk, _) = with_selection(selection, target, "", template, from, from);
        assert!(exit == 0, "{target}: {talk}");
        let (exit, talk, written) = with_selection(selection, target, "", template, from, "");
        assert!(exit == 2 && !written && talk.contains("allows what no rule asks for"), "{target}: {talk}");
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
        ("", from_v4_or_v6, "{{ list.acl|haproxy_name }}_sni", "from anyone"),
        ("", "{% if not from.v6 %}!{% endif %}portbook_ipv6 ", "", "names no lists of this frontend"),
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
fn code_around_the_lists_of_haproxy() {
    let template = "haproxy/portbook.cfg";
    for (from, to, why) in [
        (
            "    acl portbook_ipv6 src -m sub :\n",
            "    acl portbook_ipv6 src -m sub .\n",
            "writes `acl portbook_ipv6 src -m sub :`",
        ),
        (
            "    tcp-request content reject if !{ var(sess.portbook_name) -m found }\n",
            "",
            "var(sess.portbook_name) -m found }`",
        ),
        (
            "    http-request deny if !{ var(txn.portbook_name) -m found }\n",
            "",
            "var(txn.portbook_name) -m found }`",
        ),
        ("    http-request deny if METH_CONNECT\n", "", "writes `http-request deny if METH_CONNECT`"),
        (
            "tcp-request content set-dst-port int({{ frontend.port }})",
            "tcp-request content set-dst-port int(22)",
            "set-dst-port int(443)`",
        ),
        (
            "    tcp-request content set-dst var(sess.portbook_to)\n",
            "",
            "writes `tcp-request content set-dst var",
        ),
        ("parse-resolv-conf", "nameserver given 10.0.0.1:53", "as the option resolver says"),
        ("server origin 0.0.0.0:0", "server origin 10.0.0.1:443", "writes `server origin 0.0.0.0:0`"),
    ] {
        refused("haproxy", "", template, from, to, why);
    }
}
