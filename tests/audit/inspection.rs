//! What artifacts keep from TLS inspection is held against the rules too: a line too many opens a blind spot, one too few
//! breaks what documents ask to leave alone.

use super::run::Desk;
use super::templates::with_selection;

const AT: &str = "connect-sync --address connect-server=10.20.0.11,2001:db8:20::11 --zone connect-server=tier0 \
    --address domain-controller=10.20.1.11 --zone domain-controller=tier0";

fn passes(target: &str, flags: &str, template: &str) {
    let same = "{% for line in header %}";
    let (exit, talk, _) = with_selection(AT, target, flags, template, same, same);
    assert!(exit == 0, "{target} {flags}: {talk}");
}

fn refused(target: &str, flags: &str, template: &str, from: &str, to: &str, why: &str) {
    let (exit, talk, written) = with_selection(AT, target, flags, template, from, to);
    assert!(
        exit == 2 && !written && talk.contains("artifact-mismatch") && talk.contains(why),
        "{from} -> {to}\n{exit} {talk}"
    );
}

#[test]
fn squid() {
    let (template, flags) = ("squid/portbook.conf", "--option splice=yes");
    passes("squid", flags, template);
    for (from, to, why) in [
        ("{% for splice in line.splice %}", "{% for splice in [] %}", "no line keeps it from TLS inspection"),
        ("{{ splice.ports|squid_acl }} ", "", "also on ports"),
        (
            "{% if splice.hosts.except_acl %} !{{ splice.hosts.except_acl|squid_acl }}{% endif %}",
            "",
            "keeps from TLS inspection what no rule asks for",
        ),
        (
            "ssl_bump splice {% if line.source %}{{ line.source|squid_acl }} {% endif %}",
            "ssl_bump splice ",
            "from anyone",
        ),
        ("ssl_bump splice {%", "ssl_bump splice all\nssl_bump splice {%", ": ssl_bump splice all"),
        // Peeking may settle that nothing is looked into, staring that everything is.
        (
            "{% for line in allow %}",
            "ssl_bump peek all\n{% for line in allow %}",
            "writes `ssl_bump splice` only",
        ),
        (
            "{% for line in allow %}",
            "ssl_bump stare all\n{% for line in allow %}",
            "writes `ssl_bump splice` only",
        ),
        ("ssl_bump splice {%", "ssl_bump splice nowhere\nssl_bump splice {%", "acl nowhere is not defined"),
        (
            "acl {{ splice.hosts.acl|squid_acl }} ssl::server_name {{ host.value|squid_domain }}",
            "{% if not loop.first %}acl {{ splice.hosts.acl|squid_acl }} ssl::server_name {{ host.value|squid_domain }}{% endif %}",
            "no line keeps it from TLS inspection",
        ),
    ] {
        refused("squid", flags, template, from, to, why);
    }
}

/// A connector's tunnels to port 80 are excluded too: a right artifact was refused.
#[test]
fn squid_on_port_80() {
    let same = "{% for line in header %}";
    let selection = "application-provisioning --address provisioning-agent=10.20.0.11";
    for proxy in ["", "--proxy 10.30.0.5:3128"] {
        let flags = format!("--option splice=yes {proxy}");
        let run = with_selection(selection, "squid", &flags, "squid/portbook.conf", same, same);
        assert!(run.0 == 0, "{proxy}: {}", run.1);
    }
}

/// Without `splice=yes` nothing is kept from inspection, which the header says.
#[test]
fn squid_without_splice() {
    let to = "acl pbx ssl::server_name .example.com\nssl_bump splice pbx\n{% for line in allow %}";
    let (from, why) = ("{% for line in allow %}", "keeps from TLS inspection what no rule asks for");
    refused("squid", "", "squid/portbook.conf", from, to, why);
}

#[test]
fn palo_alto() {
    let template = "palo-alto-set/portbook.set";
    for flags in ["", "--option no-decrypt=yes", "--option device-group=edge"] {
        passes("palo-alto-set", flags, template);
    }
    for (from, to, why) in [
        ("{% for rule in exclusions %}", "{% for rule in [] %}", "no line keeps it from TLS inspection"),
        ("action no-decrypt", "action decrypt", "decides: decryption rule"),
        (
            "decryption rules {{ rule.name|set_word }} from {{ rule.from|set_word }}",
            "decryption rules {{ rule.name|set_word }} from any",
            "also from any other zone",
        ),
        ("type ssl-forward-proxy", "type ssh-proxy", "of type `ssl-forward-proxy`"),
        ("type ssl-forward-proxy ", "", "of type `ssl-forward-proxy`"),
        ("{% for move in moves %}", "{% for move in [] %}", "is not moved to the top"),
        ("{{ move.place|set_word }}", "bottom", "is not moved to the top"),
        (
            "{% for move in moves %}",
            "set rulebase decryption rules portbook-all from any to any source any destination any source-user any category any service any action decrypt type ssl-forward-proxy\nmove rulebase decryption rules portbook-all top\n{% for move in moves %}",
            "Portbook's are `no-decrypt`",
        ),
        (
            "{% for move in moves %}",
            "{% for rule in exclusions %}\ndelete rulebase decryption rules {{ rule.name|set_word }}\n{% endfor %}\n{% for move in moves %}",
            "no line keeps it from TLS inspection",
        ),
        (
            "category {{ rule.category|set_word }} service [{% for service in rule.services %} {{ service|set_word }}{% endfor %} ] action no-decrypt",
            "category any service [{% for service in rule.services %} {{ service|set_word }}{% endfor %} ] action no-decrypt",
            "keeps from TLS inspection what no rule asks for",
        ),
        (
            "category {{ rule.category|set_word }} service [{% for service in rule.services %} {{ service|set_word }}{% endfor %} ] action no-decrypt",
            "category {{ rule.category|set_word }} service any action no-decrypt",
            "keeps from TLS inspection what no rule asks for",
        ),
    ] {
        refused("palo-alto-set", "", template, from, to, why);
    }
}

/// An excluded name on a port where PAN-OS knows it by its addresses only: a right artifact was refused.
#[test]
fn palo_alto_by_resolved_name() {
    let desk = Desk::new();
    desk.write(
        "more/scenarios.yaml",
        "- {id: amqp, title: AMQP, role: provisioning-agent, documents: {primary: [page]}, clouds: [public]}\n",
    );
    let page = "more/documents/page";
    desk.write(&format!("{page}/document.yaml"), "title: Page\npublisher: third-party\n");
    desk.write(
        &format!("{page}/2026-01-01.yaml"),
        "source: {texts: [{at: written for this test}], date: stated}
requirements:
  - id: queue
    scenarios: [amqp]
    from: {role: provisioning-agent}
    flows: [{to: [{host: login.microsoft.com}], ports: [5671/tcp]}]
    purpose: a test
    tls-inspection: exclude
",
    );
    for target in ["palo-alto-set", "palo-alto-xml"] {
        let run = desk.run(&format!(
            "generate amqp --catalog-add more --cloud public --target {target} --address provisioning-agent=10.20.0.11 --verify -o out"
        ));
        assert_eq!(run.exit, 0, "{target}: {}", run.talk);
    }
}
