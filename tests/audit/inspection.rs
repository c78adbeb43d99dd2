//! What artifacts keep from TLS inspection is held against the rules too: a line too many opens a blind spot, one too few
//! breaks what documents ask to leave alone.

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
            "from all of anyone",
        ),
        ("ssl_bump splice {%", "ssl_bump splice all\nssl_bump splice {%", ": ssl_bump splice all"),
        (
            "acl {{ splice.hosts.acl|squid_acl }} ssl::server_name {{ host.value|squid_domain }}",
            "{% if not loop.first %}acl {{ splice.hosts.acl|squid_acl }} ssl::server_name {{ host.value|squid_domain }}{% endif %}",
            "no line keeps it from TLS inspection",
        ),
    ] {
        refused("squid", flags, template, from, to, why);
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
