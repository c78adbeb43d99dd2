//! Small texts of a catalog of our own: every kind of end, need and change, told apart.

use std::fmt::Write as _;
use std::path::Path;

use portbook::catalog::{Catalog, Layer};
use portbook::diff::{Category, Change, Difference, SideOptions, render};

/// Two editions with these requirements (YAML, two spaces in), compared in the public cloud.
pub(crate) fn compare(old: &str, new: &str) -> Difference {
    compare_with("", old, new)
}

fn compare_with(hosts: &str, old: &str, new: &str) -> Difference {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), hosts, old, new);
    let catalog = Catalog::load(vec![Layer::embedded(), Layer::folder(folder.path()).unwrap()]).unwrap();
    let options = SideOptions { cloud: Some("public".to_owned()) };
    Difference::between(&catalog, "case@2020-01-01", "case@2021-01-01", &options, &[])
        .unwrap_or_else(|findings| panic!("{findings:#?}"))
}

pub(crate) fn write(folder: &Path, hosts: &str, old: &str, new: &str) {
    let document = folder.join("documents/case");
    std::fs::create_dir_all(&document).unwrap();
    std::fs::write(document.join("document.yaml"), "title: A case\npublisher: microsoft\n").unwrap();
    if !hosts.is_empty() {
        std::fs::write(folder.join("hosts.yaml"), hosts).unwrap();
    }
    for (edition, text) in [("2020-01-01", old), ("2021-01-01", new)] {
        let mut yaml = "source: {texts: [{at: here}], date: stated}\n".to_owned();
        let _ = writeln!(yaml, "{text}");
        std::fs::write(document.join(format!("{edition}.yaml")), yaml).unwrap();
    }
}

/// A requirement of the agent, as one line of a flow mapping.
fn need(id: &str, hosts: &[&str], ports: &str, more: &str) -> String {
    let hosts: Vec<String> = hosts.iter().map(|host| format!("{{host: \"{host}\"}}")).collect();
    let flows = format!("flows: [{{to: [{}], ports: [{ports}]}}]", hosts.join(", "));
    format!(
        "  - {{id: {id}, scenarios: [cloud-sync], from: {{role: provisioning-agent}}, {flows}, purpose: p{more}}}\n"
    )
}

fn requirements(needs: &[String]) -> String {
    format!("requirements:\n{}", needs.concat())
}

/// `widened *.windows.net TCP 443`, one a change.
fn told(difference: &Difference) -> Vec<String> {
    let word = |change: &Change| {
        let to = change.flow.to.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {to} {}", change.category.as_str(), change.flow.service()).trim_end().to_owned()
    };
    difference.changes.iter().map(word).collect()
}

fn two(old: &[String], new: &[String]) -> Vec<String> {
    told(&compare(&requirements(old), &requirements(new)))
}

#[test]
fn ids_only_name_things() {
    let hosts = ["login.windows.net"];
    assert_eq!(
        two(&[need("a", &hosts, "443/tcp", "")], &[need("b", &hosts, "443/tcp", "")]),
        Vec::<String>::new()
    );
    // One requirement or two, in whatever order, is the same.
    let (a, b) = (need("a", &["a.windows.net"], "443/tcp", ""), need("b", &["b.windows.net"], "443/tcp", ""));
    let both = need("c", &["b.windows.net", "a.windows.net"], "443/tcp", "");
    assert_eq!(two(&[a, b], &[both]), Vec::<String>::new());
}

#[test]
fn a_name_that_a_remaining_pattern_holds_is_not_lost() {
    let wild = need("w", &["*.windows.net"], "443/tcp", "");
    let name = |more: &str| need("n", &["login.windows.net"], "443/tcp", more);
    let same = ["same-in-effect login.windows.net TCP 443"];
    assert_eq!(two(&[wild.clone(), name("")], std::slice::from_ref(&wild)), same);
    // The pattern asked for it always, so that a narrower need of the name made no difference.
    assert_eq!(two(&[wild.clone(), name(", phases: [registration]")], std::slice::from_ref(&wild)), same);
    assert_eq!(two(std::slice::from_ref(&wild), &[wild.clone(), name("")]), same);
    // A narrower pattern is a change of need, in whatever respect it is narrower.
    for narrower in [", phases: [registration]", ", need: optional", ", when: http-proxy"] {
        let wild = need("w", &["*.windows.net"], "443/tcp", narrower);
        let changes = two(&[wild.clone(), name("")], std::slice::from_ref(&wild));
        assert_eq!(changes, ["need-changed login.windows.net TCP 443"], "{narrower}");
    }
    // Another port, another transport, or another source covers nothing.
    for other in ["80/tcp", "443/udp"] {
        let wild = need("w", &["*.windows.net"], other, "");
        let changes = two(&[wild.clone(), name("")], std::slice::from_ref(&wild));
        assert_eq!(changes, ["narrowed login.windows.net TCP 443"], "{other}");
    }
    let elsewhere = wild.replace("provisioning-agent", "connect-server");
    assert_eq!(two(&[elsewhere.clone(), name("")], &[elsewhere]), ["narrowed login.windows.net TCP 443"]);
}

#[test]
fn a_wildcard_does_not_hold_its_apex() {
    let wild = need("w", &["*.windows.net"], "443/tcp", "");
    let apex = need("n", &["windows.net"], "443/tcp", "");
    assert_eq!(two(&[wild.clone(), apex], &[wild]), ["narrowed windows.net TCP 443"]);
    // connect-connectivity-troubleshooting reads `*.crl.microsoft.com` with its apex.
    let with = need("w", &["*.crl.microsoft.com"], "80/tcp", "");
    let name = need("n", &["crl.microsoft.com"], "80/tcp", "");
    assert_eq!(two(&[with.clone(), name], &[with]), ["same-in-effect crl.microsoft.com TCP 80"]);
}

#[test]
fn ports_and_transports_are_flows_of_their_own() {
    let need = |ports: &str| need("a", &["a.windows.net"], ports, "");
    assert_eq!(two(&[need("443/tcp+udp")], &[need("443/tcp")]), ["narrowed a.windows.net UDP 443"]);
    assert_eq!(
        two(&[need("10100-10120/tcp")], &[need("10100-10110/tcp, 10111-10120/tcp")]),
        [
            "same-in-effect a.windows.net TCP 10100-10110",
            "same-in-effect a.windows.net TCP 10100-10120",
            "same-in-effect a.windows.net TCP 10111-10120"
        ]
    );
    // A hole is less.
    assert_eq!(
        two(&[need("10100-10120/tcp")], &[need("10100-10110/tcp, 10112-10120/tcp")]),
        [
            "narrowed a.windows.net TCP 10100-10120",
            "same-in-effect a.windows.net TCP 10100-10110",
            "same-in-effect a.windows.net TCP 10112-10120"
        ]
    );
}

#[test]
fn needs_are_compared_by_what_they_ask_for() {
    let need = |more: &str| need("a", &["a.windows.net"], "443/tcp", more);
    let changed = ["need-changed a.windows.net TCP 443"];
    for (old, new) in [
        ("", ", need: optional"),
        ("", ", phases: [installation, registration, operation]"),
        (", phases: [registration]", ", phases: [operation]"),
        (", when: http-proxy", ", when: not(http-proxy)"),
        (", when: \"any(http-proxy, ldaps)\"", ", when: \"all(http-proxy, ldaps)\""),
    ] {
        assert_eq!(two(&[need(old)], &[need(new)]), changed, "{old} -> {new}");
        assert_eq!(two(&[need(new)], &[need(old)]), changed, "{new} -> {old}");
    }
    let wording = ["wording a.windows.net TCP 443"];
    for (old, new) in [
        ("", ", phases: [installation, registration, configuration, operation]"),
        (", when: \"any(http-proxy, ldaps)\"", ", when: \"any(ldaps, http-proxy)\""),
        (", when: ldaps", ", when: \"not(not(ldaps))\""),
        (", phases: [registration]", ", when: phase:registration"),
        (", phases: [registration], when: \"any(phase:registration, ldaps)\"", ", phases: [registration]"),
    ] {
        assert_eq!(two(&[need(old)], &[need(new)]), wording, "{old} -> {new}");
    }
}

#[test]
fn what_is_needed_always_hides_no_narrower_need_of_another_requirement() {
    let name = |id: &str, more: &str| need(id, &["a.windows.net"], "443/tcp", more);
    let (always, once) = (name("a", ""), name("b", ", phases: [registration]"));
    let difference = compare(&requirements(std::slice::from_ref(&once)), &requirements(&[always, once]));
    assert_eq!(told(&difference), ["need-changed a.windows.net TCP 443"]);
    let text = render::text(&difference);
    assert!(text.contains("registration only -> always\n"), "{text}");
}

#[test]
fn words_are_told_last() {
    let need = |more: &str| need("a", &["a.windows.net"], "443/tcp", more);
    let difference = compare(&requirements(&[need("")]), &requirements(&[need(", tls-inspection: exclude")]));
    assert_eq!(told(&difference), ["wording a.windows.net TCP 443"]);
    assert!(render::text(&difference).contains("tls inspection \"not-stated\" -> \"exclude\""));
    let other = need("").replace("purpose: p", "purpose: q");
    assert_eq!(two(&[need("")], &[other]), ["wording a.windows.net TCP 443"]);
}

#[test]
fn a_mended_typo_is_corrected_and_never_opened() {
    let hosts =
        "- {host: \"logn.windows.net\", typo-of: {host: login.windows.net, because: a letter is missing}}\n";
    let (wrong, right) = (
        requirements(&[need("a", &["logn.windows.net"], "443/tcp", "")]),
        requirements(&[need("a", &["login.windows.net"], "443/tcp", "")]),
    );
    let mended = compare_with(hosts, &wrong, &right);
    assert_eq!(told(&mended), ["corrected login.windows.net TCP 443"]);
    let text = render::text(&mended);
    assert!(text.contains("logn.windows.net -> login.windows.net, a slip of the older text"), "{text}");
    let made = compare_with(hosts, &right, &wrong);
    assert_eq!(told(&made), ["corrected login.windows.net TCP 443"]);
    assert!(render::text(&made).contains("a slip of the newer text"));
}

#[test]
fn a_misplaced_wildcard_is_corrected() {
    let hosts = "- {host: \"**.case.windows.net\", normalized: \"*.case.windows.net\", apex: {included: false, because: none}}\n\
                 - {host: \"*.case.windows.net\", apex: {included: false, because: none}}\n";
    let text = |host: &str| requirements(&[need("a", &[host], "443/tcp", "")]);
    let difference = compare_with(hosts, &text("**.case.windows.net"), &text("*.case.windows.net"));
    assert_eq!(told(&difference), ["corrected *.case.windows.net TCP 443"]);
}

#[test]
fn alternatives_are_told_apart() {
    let one_of = |https: &str| {
        format!(
            "requirements:\n  - id: a\n    scenarios: [cloud-sync]\n    from: {{role: provisioning-agent}}\n    purpose: p\n    \
             one-of:\n      group: bootstrap-port\n      options:\n        \
             port-8080: [{{to: [{{host: a.windows.net}}], ports: [8080/tcp]}}]\n        \
             port-443: [{{to: [{{host: a.windows.net}}], ports: [{https}]}}]\n"
        )
    };
    assert_eq!(
        told(&compare(&one_of("443/tcp"), &one_of("444/tcp"))),
        ["widened a.windows.net TCP 444", "narrowed a.windows.net TCP 443"]
    );
    // One of two is less than both.
    let both = requirements(&[need("a", &["a.windows.net"], "443/tcp, 8080/tcp", "")]);
    assert_eq!(
        told(&compare(&one_of("443/tcp"), &both)),
        ["need-changed a.windows.net TCP 443", "need-changed a.windows.net TCP 8080"]
    );
}

#[test]
fn templates_tags_lists_urls_and_roles_are_ends_like_others() {
    let to = |ends: &str| {
        format!(
            "requirements:\n  - {{id: a, scenarios: [cloud-sync], from: {{role: provisioning-agent}}, \
             flows: [{{to: [{ends}], ports: [443/tcp]}}], purpose: p}}\n"
        )
    };
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            "{service-tag: AzureActiveDirectory}",
            "{service-tag: AzureMonitor}",
            &["widened tag:AzureMonitor TCP 443", "narrowed tag:AzureActiveDirectory TCP 443"],
        ),
        ("{list: {document: connect-ports}}", "{list: {document: connect-ports}}", &[]),
        (
            "{list: {document: connect-ports}}",
            "{list: {document: connect-instances}}",
            &["widened list:connect-instances TCP 443", "narrowed list:connect-ports TCP 443"],
        ),
        (
            "{template: \"{federation-service-name}.windows.net\"}, {host: \"*.windows.net\"}",
            "{host: \"*.windows.net\"}",
            &["same-in-effect {federation-service-name}.windows.net TCP 443"],
        ),
        (
            "{template: \"sts.{federation-service-name}\"}, {host: \"*.windows.net\"}",
            "{host: \"*.windows.net\"}",
            &["narrowed sts.{federation-service-name} TCP 443"],
        ),
        (
            "{url: \"www.windows.net/a/b\"}, {url: \"www.windows.net/ab\"}, {url: \"www.windows.net/a\"}",
            "{url: \"www.windows.net/a\"}",
            &["narrowed www.windows.net/ab TCP 443", "same-in-effect www.windows.net/a/b TCP 443"],
        ),
        (
            "{url: \"www.windows.net/a\"}",
            "{host: www.windows.net}",
            &["widened www.windows.net TCP 443", "same-in-effect www.windows.net/a TCP 443"],
        ),
        (
            "{role: domain-controller}",
            "{cloud-ranges: selected}",
            &["widened ranges:public TCP 443", "narrowed domain-controller TCP 443"],
        ),
    ];
    for (old, new, wanted) in cases {
        assert_eq!(told(&compare(&to(old), &to(new))), wanted, "{old} -> {new}");
    }
}

#[test]
fn a_port_without_a_host_is_a_flow_and_follows_what_is_read_into_it() {
    let text = |hosts: &[&str], read: &str| {
        let mut text = requirements(&[need("a", hosts, "443/tcp", "")]);
        let _ = writeln!(
            text,
            "  - {{id: b, scenarios: [cloud-sync], from: {{role: provisioning-agent}}, purpose: p, \
             flows: [{{to: [{{unstated: \"the port table\"}}], ports: [8080/tcp]{read}}}]}}"
        );
        text
    };
    let read = ", interpreted: {to: {same-as: [a]}, because: the same service}";
    let (one, two) = (["a.windows.net"], ["a.windows.net", "b.windows.net"]);
    assert_eq!(
        told(&compare(&text(&one, read), &text(&two, read))),
        ["widened b.windows.net TCP 443", "widened b.windows.net TCP 8080"]
    );
    assert_eq!(told(&compare(&text(&one, ""), &text(&two, ""))), ["widened b.windows.net TCP 443"]);
    let none = requirements(&[need("a", &one, "443/tcp", "")]);
    assert_eq!(told(&compare(&text(&one, ""), &none)), ["narrowed unstated TCP 8080"]);
}

#[test]
fn negative_facts_are_no_rules() {
    let with = |not: &str| format!("{}{not}", requirements(&[need("a", &["a.windows.net"], "443/tcp", "")]));
    let closed = "not: [{id: n, says: do-not-open, scenarios: [cloud-sync], from: {role: domain-controller}, \
                  to: {host: a.windows.net}, ports: [443/tcp], words: never}]";
    let difference = compare(&with(""), &with(closed));
    assert_eq!(told(&difference), ["narrowed a.windows.net TCP 443"]);
    assert!(difference.changes[0].is_negative());
    let text = render::text(&difference);
    assert!(text.contains("do-not-open: never") && !text.contains("r-"), "{text}");
    // A change request asks for nothing because of it.
    assert_eq!(String::from_utf8(render::csv(&difference).unwrap()).unwrap().lines().count(), 1);
    assert_eq!(told(&compare(&with(closed), &with(""))), ["widened a.windows.net TCP 443"]);
}

/// What counts beside the flows: an account that Windows rules name, and the offer of ranges in place of names.
#[test]
fn what_a_text_says_beside_its_flows_is_compared() {
    let flows = requirements(&[need("a", &["a.windows.net"], "443/tcp", "")]);
    let account = |account: &str, words: &str| {
        format!("identities: [{{role: provisioning-agent, account: {account}, words: {words}}}]\n{flows}")
    };
    let said = |old: &str, new: &str| -> Vec<(Category, &'static str)> {
        let sayings = compare(old, new).sayings;
        sayings.iter().map(|saying| (saying.category, saying.of)).collect()
    };
    assert_eq!(said(&account("a", "x"), &account("b", "x")), [(Category::NeedChanged, "account")]);
    assert_eq!(said(&account("a", "x"), &account("a", "y")), [(Category::Wording, "account")]);
    assert_eq!(said(&account("a", "x"), &account("a", "x")), []);
    // Windows knows no case in the names of accounts.
    assert_eq!(said(&account("a", "x"), &account("A", "y")), [(Category::Wording, "account")]);
    let offer = format!("address-fallback: the ranges\n{flows}");
    assert_eq!(said(&flows, &offer), [(Category::NeedChanged, "address-fallback")]);
    let difference = compare(&offer, &flows);
    assert!(!difference.is_empty() && difference.changes.is_empty());
    let text = render::text(&difference);
    assert!(text.contains("address fallback: \"the ranges\" -> not said"), "{text}");
    assert!(render::markdown(&difference).contains("address fallback"));
    assert!(render::json(&difference).unwrap().contains("\"address-fallback\""));
    // One requirement's own offer is told by its id.
    let own = |words: &str| {
        let more = format!(", address-fallback: {words}");
        requirements(&[need("a", &["a.windows.net"], "443/tcp", &more)])
    };
    assert_eq!(said(&own("x"), &own("y")), [(Category::Wording, "address-fallback")]);
    assert_eq!(said(&offer, &own("x")), [(Category::NeedChanged, "address-fallback"); 2]);
    let text = render::text(&compare(&flows, &own("x")));
    assert!(text.contains("address fallback for a of provisioning-agent: not said -> \"x\""), "{text}");
}

#[test]
fn forms_hold_hostile_words() {
    let hostile = "=1+1|`x`<b>\\u202e";
    let other = need("a", &["a.windows.net", "b.windows.net"], "443/tcp", "")
        .replace("purpose: p", &format!("purpose: \"{hostile}\""));
    let difference =
        compare(&requirements(&[need("a", &["a.windows.net"], "443/tcp", "")]), &requirements(&[other]));
    let markdown = render::markdown(&difference);
    assert!(
        !markdown.contains("<b>") && !markdown.contains('\u{202e}') && !markdown.contains("|`x`"),
        "{markdown}"
    );
    assert!(!render::text(&difference).contains('\u{202e}'));
    let csv = String::from_utf8(render::csv(&difference).unwrap()).unwrap();
    assert!(csv.contains(",'=1+1|") && !csv.contains('\u{202e}'), "{csv}");
}

#[test]
fn every_category_has_its_place() {
    let order: Vec<&str> = Category::ALL.iter().map(|category| category.as_str()).collect();
    assert_eq!(order, ["widened", "narrowed", "corrected", "need-changed", "same-in-effect", "wording"]);
    let mut sorted = Category::ALL;
    sorted.sort();
    assert_eq!(sorted, Category::ALL);
}
