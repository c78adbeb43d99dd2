//! Templates that leave something out or add something: `--verify` finds it, names the line, and nothing is written.

use std::fs;

use super::run::{Desk, project};

const SITE: &str = "--address provisioning-agent=10.20.0.11,2001:db8:20::11 --zone provisioning-agent=tier0";

/// Generates with a template in which `from` reads `to`.
fn with(target: &str, flags: &str, template: &str, from: &str, to: &str) -> (i32, String, bool) {
    with_selection(&format!("cloud-sync {SITE}"), target, flags, template, from, to)
}

pub(crate) fn with_selection(
    selection: &str,
    target: &str,
    flags: &str,
    template: &str,
    from: &str,
    to: &str,
) -> (i32, String, bool) {
    let desk = Desk::new();
    let text = fs::read_to_string(project().join("templates").join(template)).unwrap();
    assert!(text.contains(from), "{template} does not have {from}");
    desk.write(&format!("templates/{template}"), &text.replace(from, to));
    let run = desk.run(&format!(
        "generate {selection} --cloud public --target {target} {flags} --templates templates --verify -o out"
    ));
    (run.exit, run.talk, desk.path().join("out").exists())
}

pub(crate) fn refused(target: &str, flags: &str, template: &str, from: &str, to: &str, why: &str) {
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
            "from anyone",
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

/// The default action was no clause, so that an open proxy, or an open firewall, passed as exact.
#[test]
fn a_default_that_allows_is_found() {
    for (to, why) in [
        (
            "acl pbx src 192.0.2.77\nhttp_access deny pbx",
            "the default allows what no rule asks for: also any other",
        ),
        ("acl pbx src 192.0.2.77\nhttp_access deny pbx", "Squid allows what no line matches"),
        ("http_access deny", "Squid skips the line"),
    ] {
        let form = "--option form=standalone";
        refused("squid", form, "squid/portbook.conf", "http_access deny all", to, why);
    }
    let (from, set) = (
        "{{ address_block|set_block }}",
        "set rulebase default-security-rules rules interzone-default action allow",
    );
    let to = format!("{from}\n{set}\n");
    refused("palo-alto-set", "", "palo-alto-set/portbook.set", from, &to, "interzone-default allows");
}

/// A fragment that denies all decided over the configuration around it, and passed.
#[test]
fn a_fragment_denies_nothing() {
    let from = "{% if deny %}";
    for deny in ["http_access deny all", "acl pbx dstdomain -n pbx.example.com\nhttp_access deny pbx"] {
        let to = format!("{deny}\n{from}");
        refused("squid", "", "squid/portbook.conf", from, &to, "denies in a fragment");
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
            "security rules {{ rule.name|set_word }} from {{ rule.from|set_word }}",
            "security rules {{ rule.name|set_word }} from any",
            "also from any other zone on ports",
        ),
        (
            "security rules {{ rule.name|set_word }} from {{ rule.from|set_word }}",
            "security rules {{ rule.name|set_word }} from [ {{ rule.from|set_word }} dmz ]",
            "",
        ),
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

/// Commands that allow nothing by a rule do harm as well: what Portbook does not write is refused.
#[test]
fn commands_that_portbook_does_not_write_are_refused() {
    let template = "palo-alto-set/portbook.set";
    for line in [
        "delete rulebase security",
        "delete rulebase security rules",
        "delete rulebase security rules theirs",
        "delete mgt-config users admin",
        "set mgt-config users evil permissions role-based superuser yes",
        "set rulebase nat rules portbook-x from any to any source any destination any service any",
        "set network interface ethernet ethernet1/1 layer3",
        "set rulebase default-security-rules rules intrazone-default action allow",
        "set vsys vsys2 rulebase security rules portbook-x from any to any source any destination any application any service any action allow",
        "set tag portbook color color1",
        "top",
    ] {
        // In front of all others, where deletions meet nothing that they could take away, and behind rules.
        let word = line.split(' ').nth(1).unwrap_or("top");
        for (from, why) in [("{% if address_block %}", word), ("{% for move in moves %}", "")] {
            refused("palo-alto-set", "", template, from, &format!("{line}\n{from}"), why);
        }
    }
    let own =
        "delete rulebase security rules portbook-old\ndelete address pb-192.0.2.1\n{% if address_block %}";
    let (exit, talk, _) = with("palo-alto-set", "", template, "{% if address_block %}", own);
    assert_eq!(exit, 0, "{talk}");
}

/// The rule of the user's own that rules are put before is on the device, not in the file.
#[test]
fn a_position_beside_a_rule_of_the_device_passes() {
    let template = "palo-alto-set/portbook.set";
    let flags = "--option position=before --option anchor=theirs";
    let same = "{% for move in moves %}";
    let (exit, talk, _) = with("palo-alto-set", flags, template, same, same);
    assert_eq!(exit, 0, "{talk}");
    let other = "{% if move.anchor %} another{% endif %}";
    let anchor = "{% if move.anchor %} {{ move.anchor|set_word }}{% endif %}";
    refused("palo-alto-set", flags, template, anchor, other, "is moved to is not in this file");
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
        // A proxy in front of the one that is asked for, a way past it, and another one of which it is a part.
        (
            "{{ listed|js_answer }}",
            "PROXY evil.example:8080; {{ listed|js_answer }}",
            "answered with PROXY evil",
        ),
        (
            "{{ listed|js_answer }}",
            "{{ listed|js_answer }}; DIRECT",
            "8080; DIRECT, which the settings do not",
        ),
        ("{{ listed|js_answer }}", "PROXY x{{ listed|js_answer }}", "which the settings do not"),
        ("{{ listed|js_answer }}", "{{ listed|js_answer }}0", "80800, which the settings do not"),
        ("{% if others %}", "{% if not others %}", "is not as `form` asks"),
        ("  return null;\n}\n{% if others %}", "}\n{% if others %}", "not Portbook's own script"),
    ] {
        refused("pac", flags, template, from, to, why);
    }
}

/// What is not listed goes where the settings say, and nowhere else; the proxy may be one of the hosts' own.
#[test]
fn answers_of_a_pac_script_are_compared_whole() {
    let template = "pac/portbook.pac";
    let flags = "--option listed=direct --option others=proxy --option proxy=proxy.contoso.com:8080";
    for (to, why) in [
        ("DIRECT", "what is not listed is answered with DIRECT"),
        ("{{ others|js_answer }}; DIRECT", "what is not listed is answered with PROXY"),
        ("PROXY proxy.contoso.com:8081", "what is not listed is answered with PROXY"),
    ] {
        refused("pac", flags, template, "{{ others|js_answer }}", to, why);
    }
    let hosts = "--proxy proxy.contoso.com:8080 --option others=direct";
    let more = "PROXY evil.example:8080; {{ listed|js_answer }}";
    refused("pac", hosts, template, "{{ listed|js_answer }}", more, "answered with PROXY evil");
    for flags in ["--option fallback=yes", "--option fallback=no", "--option form=function"] {
        let flags = format!("{hosts} {flags}");
        let (exit, talk, written) =
            with("pac", &flags, template, "function portbookRoute", "function portbookRoute");
        assert!(exit == 0 && written, "{flags}: {talk}");
    }
}

/// A rule on all network profiles is no rule on one of them.
#[test]
fn network_profiles_are_those_that_were_asked_for() {
    let template = "windows-firewall/station.ps1";
    let line = "        Profile = {{ rule.profile|ps_string }}\n";
    for profile in ["domain", "domain-private"] {
        let flags = format!("--option os=2022 --option profile={profile}");
        for to in ["        Profile = 'Any'\n", "        Profile = 'Domain,Private,Public'\n", ""] {
            refused("windows-firewall", &flags, template, line, to, "it holds on all network profiles");
        }
        refused(
            "windows-firewall",
            &flags,
            template,
            line,
            "        Profile = 'Public'\n",
            "network profiles public",
        );
        let (exit, talk, _) = with("windows-firewall", &flags, template, line, line);
        assert_eq!(exit, 0, "{talk}");
    }
}

/// Rules for addresses in place of names.
pub(crate) const BY_ADDRESS: &str =
    "--ip-fallback documented --ranges Example_Public.json --accept any-azure-customer,name-needs-address";

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
