//! What a comparison must not hide, and what must not be done to files that no build wrote.

use std::fs;

use super::desk::{Desk, Run, SMALL, SOUND};

/// Two states of a site: `old` and `new`, each built.
fn states(old: &str, new: &str) -> Desk {
    let desk = Desk::empty();
    for (folder, site) in [("old", old), ("new", new)] {
        desk.write(&format!("{folder}/portbook.yaml"), site);
        let exit = desk.run(&["build", folder]).exit;
        assert!([0, 3].contains(&exit), "{folder}: {exit}");
    }
    desk
}

fn diff(desk: &Desk) -> Run {
    desk.run(&["diff", "./old", "./new"])
}

/// Judged by a policy that lets every addition pass.
fn merge(desk: &Desk, site: &str) -> Run {
    desk.write("policy.yaml", site.to_owned() + "auto-merge: {additions-within-used-tags: 1000000}\n");
    desk.run(&["diff", "./old", "./new", "--auto-merge", "policy.yaml"])
}

#[test]
fn a_target_that_is_refused_now_is_told_and_never_merged() {
    let desk = Desk::empty();
    desk.write("new/portbook.yaml", SOUND);
    desk.run(&["build", "new"]).ended(0);
    let keep = |inner: &str| desk.write(&inner.replace("new/", "old/"), fs::read(desk.path(inner)).unwrap());
    ["new/portbook.manifest.json", "new/palo-alto/edge.set", "new/agents.ps1", "new/squid/portbook.conf"]
        .into_iter()
        .for_each(keep);
    keep("new/change-request.csv");
    desk.run(&["build", "new", "--strict"]).ended(3);
    diff(&desk).ended(1).shows("palo-alto-set").shows("is refused (handshake-before-name)");
    merge(&desk, SOUND).ended(1).says("refused");
    // Its files stay, and with them the rules that they hold: once it can be said again, it gained none.
    desk.run(&["build", "new"]).ended(0);
    desk.run(&["build", "new", "--strict"]).ended(3);
    desk.write("new/portbook.yaml", SOUND);
    let again = desk.run(&["build", "new", "--check"]).ended(1);
    assert!(!again.product.contains("holds these rules now"), "{}", again.product);
    desk.run(&["build", "new", "--strict", "--rollback", "back"]).ended(3);
    assert!(!desk.exists("back/palo-alto/edge.set"));
}

#[test]
fn a_target_that_stands_elsewhere_tells_the_rules_that_it_gained() {
    let servers = "  dcs: {addresses: [10.10.0.0/28], roles: [domain-controller], zone: servers}\n";
    let site = SOUND.replace("targets:", &format!("{servers}targets:"));
    let site = site.replace("scenarios: [cloud-sync]", "scenarios: [cloud-sync]\nselect: {gaps: true}");
    let site = site.replace("  - {target: squid, output: squid/portbook.conf}\n", "");
    let wider = site.replace("between: [dmz, internet]", "between: [dmz, internet, tier0, servers]");
    let desk = states(&site, &wider);
    diff(&desk)
        .ended(1)
        .shows("holds these rules now")
        .shows("stands between dmz, internet, servers and tier0, not between dmz and internet");
    merge(&desk, &site).ended(1).says("targets hold other rules");
    let desk = states(&wider, &site);
    diff(&desk).ended(1).shows("does not hold these rules any more");
    // Another host of a host firewall.
    let two = SOUND.replace("for: agents, output: agents.ps1", "for: [agents, egress], output: windows/");
    let one = two.replace("[agents, egress]", "[agents]");
    diff(&states(&one, &two)).ended(1).shows("stands for agents, egress, not for agents");
}

#[test]
fn other_templates_are_told_and_never_merged() {
    let desk = states(SOUND, SOUND);
    let template =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/squid/portbook.conf")).unwrap();
    desk.write("mine/squid/portbook.conf", template + "http_access allow all\n");
    desk.run(&["build", "new", "--templates", "mine"]).ended(0);
    diff(&desk).ended(1).shows("other templates make the files");
    merge(&desk, SOUND).ended(1).says("other templates made the files");
}

#[test]
fn no_folder_of_a_build_is_overlooked() {
    for folder in ["target", "node_modules", ".fw"] {
        let site = format!("folder: {folder}\n{SMALL}");
        let desk = states(&site, &site.replace("10.20.0.13", "10.20.0.14"));
        diff(&desk).ended(1).shows("host agents");
    }
}

#[test]
fn a_file_that_is_not_its_manifests_is_told() {
    let desk = states(SMALL, SMALL);
    desk.write("new/out.csv", desk.read("new/out.csv") + "more\r\n");
    merge(&desk, SMALL).ended(1).says("is not as its manifest says");
}

#[test]
fn a_host_that_came_is_told_with_its_addresses() {
    let more = SMALL.replace(
        "targets:",
        "  more: {addresses: [10.99.0.0/16], roles: [provisioning-agent], zone: tier0}\ntargets:",
    );
    diff(&states(SMALL, &more)).ended(1).shows("10.99.0.0/16");
    let seen = SMALL.replace("zone: tier0}", "zone: tier0, seen-as: [198.51.100.0/24]}");
    diff(&states(SMALL, &seen)).ended(1).shows("198.51.100.0/24");
    let sites = |names: &str| SMALL.replace("name: small\n", "") + &format!("sites: [{names}]\n");
    let desk = states(&sites("{name: a}"), &sites("{name: a}, {name: b}"));
    diff(&desk).ended(1).shows("15 widened").shows("10.20.0.11");
    desk.run(&["diff", "./old", "./new", "--site", "c"]).ended(2).says("unknown-site");
}

#[test]
fn lists_from_elsewhere_remove_nothing_that_no_build_wrote() {
    let desk = Desk::with(SMALL);
    desk.write(".git/config", "[core]\n");
    let digest = |inner: &str| portbook::manifest::sha256(&fs::read(desk.path(inner)).unwrap());
    let lines = [".git/config", "portbook.yaml"].map(|path| format!("{}  {path}\n", digest(path)));
    desk.write("portbook.manifest.pending", lines.concat());
    desk.build().ended(0);
    assert!(desk.exists(".git/config") && desk.exists("portbook.yaml"));
    let manifest = desk.read("portbook.manifest.json");
    desk.write("portbook.manifest.json", manifest.replace("\"out.csv\"", "\".git/config\""));
    desk.build().ended(2).says("is no path of a file");
    assert!(desk.exists(".git/config"));
}

#[cfg(unix)]
#[test]
fn the_list_of_pending_files_is_never_a_link() {
    let desk = Desk::with(SMALL);
    desk.write("profile", "mine\n");
    std::os::unix::fs::symlink("profile", desk.path("portbook.manifest.pending")).unwrap();
    desk.build().ended(2).says("it is a link");
    assert_eq!(desk.read("profile"), "mine\n");
}

#[test]
fn ways_that_are_not_placed_are_refused() {
    let chain = SOUND.replace(
        "zone: dmz}",
        "zone: dmz, proxy: up}\n  up: {addresses: [10.30.0.9], listens: 3128, roles: [proxy], zone: dmz}",
    );
    Desk::with(&chain).build().ended(2).says("egress is a proxy, and a proxy has none here");
    let listener = SOUND.replace("proxy: egress", "proxy: \"10.30.0.5:8080\"");
    Desk::with(&listener).build().ended(2).says("zone-missing").says("the proxy 10.30.0.5:8080");
    let typo = SOUND.replace("proxy: egress}", "proxy: egress, seen-as: {internett: [198.51.100.7]}}");
    Desk::with(&typo).build().ended(2).says("unknown-zone").says("did you mean `internet`?");
    Desk::with(&SMALL.replace("out.csv", "a;b.csv")).build().ended(2).says("invalid-value");
}

#[test]
fn a_host_that_is_a_proxy_and_an_agent_has_rules_of_one_name() {
    let both = SOUND.replace("roles: [proxy]", "roles: [proxy, provisioning-agent]");
    let both = both.replace("for: agents, output: agents.ps1", "for: egress, output: egress.ps1");
    Desk::with(&both).build().ended(0);
}
