//! What a build writes, leaves alone, removes and refuses.

use std::fs;
use std::time::SystemTime;

use crate::Desk;
use crate::desk::{SMALL, SOUND};

const MANIFEST: &str = "portbook.manifest.json";

fn times(desk: &Desk) -> Vec<(String, SystemTime)> {
    let time = |path: &String| fs::metadata(desk.path(path)).unwrap().modified().unwrap();
    desk.files().keys().map(|path| (path.clone(), time(path))).collect()
}

#[test]
fn the_table_tells_every_target() {
    let run = Desk::with(SOUND).build().ended(0);
    let lines: Vec<Vec<&str>> = run.product.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["target", "file", "rules", "exact", "wider", "narrower", "refused"]);
    assert_eq!(lines[1], ["windows-firewall", "agents.ps1", "15", "15", "0", "0", "0", "new"]);
    assert_eq!(lines[3], ["palo-alto-set", "palo-alto/edge.set", "15", "0", "15", "0", "0", "new"]);
    assert_eq!(lines.len(), 5, "{}", run.product);
    run.says("1 site: 4 written, 0 unchanged");
}

#[test]
fn json_has_one_object_a_file() {
    let desk = Desk::with(SOUND);
    let run = desk.run(&["build", "--format", "json"]).ended(0);
    let sites: serde_json::Value = serde_json::from_str(&run.product).unwrap();
    let targets = sites[0]["targets"].as_array().unwrap();
    assert_eq!((sites[0]["site"].as_str(), targets.len()), (Some("hq"), 4));
    assert_eq!(targets[1]["target"], "squid");
    assert_eq!(targets[1]["files"][0]["path"], "squid/portbook.conf");
    assert_eq!(targets[1]["files"][0]["state"], "new");
    let again = desk.run(&["build", "--format", "json"]).ended(0);
    let sites: serde_json::Value = serde_json::from_str(&again.product).unwrap();
    assert_eq!(sites[0]["targets"][1]["files"][0]["state"], "same");
}

#[test]
fn a_second_build_touches_nothing() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    let (before, folder) = (times(&desk), fs::metadata(desk.path("squid")).unwrap().modified().unwrap());
    desk.build().ended(0).says("0 written, 4 unchanged");
    assert_eq!(times(&desk), before);
    // A temporary file would have touched its folder.
    assert_eq!(fs::metadata(desk.path("squid")).unwrap().modified().unwrap(), folder);
}

#[test]
fn what_no_target_makes_any_more_goes_away_with_its_folder() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    desk.write("palo-alto/notes.txt", "mine");
    let without = SOUND.lines().filter(|line| !line.contains("squid/") && !line.contains("edge.set"));
    desk.write("portbook.yaml", without.collect::<Vec<_>>().join("\n"));
    desk.build().ended(0).shows("removed: no target makes it any more").says("2 removed");
    assert!(!desk.exists("squid") && !desk.exists("palo-alto/edge.set"));
    assert_eq!(desk.read("palo-alto/notes.txt"), "mine");
    desk.build().ended(0).says("0 written, 2 unchanged");
}

#[test]
fn a_file_that_was_edited_stays_when_its_target_goes() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    desk.write("squid/portbook.conf", "mine");
    desk.write("portbook.yaml", SOUND.replace("  - {target: squid, output: squid/portbook.conf}\n", ""));
    desk.build().ended(0).shows("kept: no target makes it any more, but it was changed by hand");
    assert_eq!(desk.read("squid/portbook.conf"), "mine");
}

#[test]
fn drift_is_refused_shown_and_replaced_by_force() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    let (good, other) = (desk.read("agents.ps1"), desk.read("squid/portbook.conf"));
    desk.write("agents.ps1", format!("{good}# mine\n"));
    // Another file that would change stays too: a site is built as a whole.
    desk.write("portbook.yaml", SOUND.replace("10.20.0.13", "10.20.0.14"));
    let before = desk.files();
    desk.build().ended(2).says("artifact-edited").says("agents.ps1").says("--force");
    assert_eq!(desk.files(), before);
    desk.run(&["build", "--check"]).ended(1).shows("changed by hand").says("artifact-edited");
    assert_eq!(desk.files(), before);
    desk.run(&["build", "--force"]).ended(0);
    assert_eq!(desk.read("agents.ps1"), good);
    assert_ne!(desk.read("squid/portbook.conf"), other);
    desk.build().ended(0).says("0 written");
}

#[test]
fn drift_alone_makes_check_fail_with_1() {
    let desk = Desk::with(SMALL);
    desk.build().ended(0);
    desk.write("out.csv", "mine");
    desk.run(&["build", "--check"]).ended(1).says("artifact-edited");
    assert_eq!(desk.read("out.csv"), "mine");
    desk.build().ended(2);
}

#[test]
fn a_file_that_never_was_ours_is_not_replaced() {
    let desk = Desk::with(SMALL);
    desk.write("out.csv", "somebody else's");
    desk.build().ended(2).says("artifact-edited");
    assert_eq!(desk.files().len(), 1, "{:?}", desk.files().keys());
    assert_eq!(desk.read("out.csv"), "somebody else's");
    desk.run(&["build", "--force"]).ended(0);
    // The same bytes by chance are no reason to stop.
    fs::remove_file(desk.path(MANIFEST)).unwrap();
    desk.build().ended(0).says("0 written, 1 unchanged");
}

#[test]
fn check_writes_nothing_and_tells_the_meaning() {
    let desk = Desk::with(SOUND);
    desk.run(&["build", "--check"]).ended(1).shows("new").says("4 would be written");
    assert!(desk.files().is_empty(), "{:?}", desk.files().keys());
    desk.build().ended(0);
    desk.run(&["build", "--check"]).ended(0);
    let (files, before) = (desk.files(), times(&desk));
    desk.write("portbook.yaml", SOUND.replace("10.20.0.13]", "10.20.0.13, 10.20.0.99]"));
    let run = desk.run(&["build", "--check"]).ended(1).shows("10.20.0.99").shows("agents");
    assert!(run.product.contains("widened"), "{}", run.product);
    assert_eq!((desk.files(), times(&desk)), (files, before));
}

#[test]
fn a_refused_target_leaves_the_others_alone() {
    let refused = SMALL.to_owned() + "  - {target: windows-registry, output: agents.reg}\n";
    let desk = Desk::with(&refused);
    let run = desk.build().ended(3).shows("not written: name-needs-address").says("name-needs-address");
    assert!(desk.exists("out.csv") && !desk.exists("agents.reg"), "{}", run.product);
    let manifest: serde_json::Value = serde_json::from_str(&desk.read(MANIFEST)).unwrap();
    assert_eq!(manifest["targets"][1]["refused"][0], "name-needs-address");
    assert_eq!(manifest["targets"][1]["files"].as_array().map(Vec::len), Some(0));
    desk.run(&["build", "--check"]).ended(3);
}

#[test]
fn a_target_that_is_refused_now_keeps_its_file() {
    // Its device may load it, or has: a policy must not go away because one rule cannot be said.
    let site = SMALL.to_owned() + "  - {target: palo-alto-set, output: edge.set}\n";
    let desk = Desk::with(&site);
    desk.build().ended(0);
    assert!(desk.exists("edge.set"));
    let before = desk.read("edge.set");
    desk.run(&["build", "--strict"]).ended(3).says("handshake-before-name");
    assert_eq!(desk.read("edge.set"), before);
    desk.run(&["build", "--strict", "--check"]).ended(3).says("0 would be written");
    // It is still known as ours once it can be said again.
    desk.write("portbook.yaml", site.replace("10.20.0.11", "10.20.0.99"));
    desk.build().ended(0);
    assert_ne!(desk.read("edge.set"), before);
}

#[test]
fn an_accepted_loss_refuses_nothing() {
    let site = SOUND.to_owned()
        + "strict: true\naccept:\n  - {code: handshake-before-name, target: palo-alto-set, because: \"so it is\"}\n";
    let desk = Desk::with(&site);
    desk.build().ended(0).never_says("handshake-before-name");
    assert!(desk.read(MANIFEST).contains("\"because\": \"so it is\""));
    let expired = site.replace("because:", "until: 2026-10-31, because:");
    desk.write("portbook.yaml", expired);
    desk.build().ended(3).says("expired-acceptance").says("handshake-before-name");
    desk.write("portbook.yaml", site.replace("because:", "until: 2026-11-01, because:"));
    desk.build().ended(0);
}

/// Sites `s01` to `s<count>`, each with one file.
fn many(count: usize) -> String {
    let mut text = SMALL.replace("name: small\n", "") + "sites:\n";
    (1..=count).for_each(|number| text.push_str(&format!("  - name: s{number:02}\n")));
    text
}

#[test]
fn shards_together_are_all_sites_none_twice() {
    let desk = Desk::with(&many(7));
    let sites = |words: &[&str]| -> Vec<String> {
        let run = desk.run(&[&["build", "--check", "--format", "json"], words].concat());
        let sites: serde_json::Value = serde_json::from_str(&run.product).unwrap();
        sites.as_array().unwrap().iter().map(|site| site["site"].as_str().unwrap().to_owned()).collect()
    };
    let all = sites(&[]);
    assert_eq!(all.len(), 7);
    for of in [1, 2, 3, 7, 9] {
        let parts = (1..=of).flat_map(|part| sites(&["--shard", &format!("{part}/{of}")]));
        let mut parts: Vec<String> = parts.collect();
        parts.sort();
        assert_eq!(parts, all, "{of} shards");
    }
    desk.run(&["build", "--shard", "9/9"]).ended(0);
    assert!(desk.files().is_empty());
    assert_eq!(sites(&["--site", "s02,s05"]), ["s02", "s05"]);
    desk.run(&["build", "--site", "s2"]).ended(2).says("unknown-site");
    for wrong in ["0/3", "4/3", "x", "1/0", "-1/2", "1"] {
        desk.run(&["build", &format!("--shard={wrong}")]).ended(2).says("K/N");
    }
}

#[test]
fn only_the_sites_that_are_meant_are_written() {
    let desk = Desk::with(&many(3));
    desk.run(&["build", "--site", "s02"]).ended(0);
    let files: Vec<String> = desk.files().into_keys().collect();
    assert_eq!(files, ["s02/out.csv", "s02/portbook.manifest.json"]);
    desk.build().ended(0).says("3 sites: 2 written, 1 unchanged");
}

#[test]
fn a_manifest_that_is_not_ours_stops_the_build() {
    let desk = Desk::with(SMALL);
    desk.build().ended(0);
    let good = desk.read(MANIFEST);
    let newer = good.replace("portbook-manifest/1", "portbook-manifest/2");
    desk.write(MANIFEST, &newer);
    desk.build().ended(2).says("manifest-newer");
    desk.run(&["build", "--force"]).ended(2).says("manifest-newer");
    assert_eq!(desk.read(MANIFEST), newer);
    let unknown = good.replacen("\"site\"", "\"sight\"", 1);
    let twice = good.replacen("\"site\": \"small\",", "\"site\": \"small\",\n  \"site\": \"small\",", 1);
    let space = good.replacen("  \"site\"", " \"site\"", 1);
    let texts = ["", "{}", "garbage", "[1]", "\u{0}", &good[..good.len() / 2], &unknown, &twice, &space];
    for text in texts {
        desk.write(MANIFEST, text);
        desk.build().ended(2).says("manifest-unreadable");
        desk.run(&["build", "--check"]).ended(2).says("manifest-unreadable");
        assert_eq!(desk.read(MANIFEST), text);
    }
    desk.write(MANIFEST, b"\xff\xfe");
    desk.build().ended(2).says("manifest-unreadable");
    // Nothing tells any more that the file is ours, but it has the right bytes.
    desk.run(&["build", "--force"]).ended(0);
    assert_eq!(desk.read(MANIFEST), good);
}

#[test]
fn a_manifest_that_was_edited_in_its_own_form_is_made_right() {
    let desk = Desk::with(SMALL);
    desk.build().ended(0);
    let good = desk.read(MANIFEST);
    desk.write(MANIFEST, good.replace("cloud-sync-prerequisites", "connect-ports"));
    desk.run(&["build", "--check"]).ended(1);
    desk.build().ended(0);
    assert_eq!(desk.read(MANIFEST), good);
}

#[test]
fn a_manifest_with_the_line_ends_of_another_system_is_ours() {
    let desk = Desk::with(SMALL);
    desk.build().ended(0);
    let good = desk.read(MANIFEST);
    desk.write(MANIFEST, good.replace('\n', "\r\n"));
    desk.write("portbook.yaml", SMALL.replace("10.20.0.13", "10.20.0.14"));
    desk.build().ended(0).says("1 written");
    assert!(!desk.read(MANIFEST).contains('\r'));
}

#[test]
fn pairs_of_ten_thousand_hosts_are_too_many() {
    let hosts = |role: &str, name: &str, net: usize| -> String {
        (0..5_000)
            .map(|n| {
                format!("  {name}{n}: {{addresses: [10.{net}.{}.{}], roles: [{role}]}}\n", n / 250, n % 250)
            })
            .collect()
    };
    let head = "name: big\ncloud: public\nscenarios: [cloud-sync]\nhosts:\n";
    let tail = "targets:\n  - {target: csv, output: out.csv}\n";
    let pairs = head.replace("cloud-sync", "connect-sync")
        + &hosts("connect-server", "c", 1)
        + &hosts("domain-controller", "d", 2)
        + tail;
    let desk = Desk::with(&pairs);
    let started = std::time::Instant::now();
    desk.build().ended(2).says("site-too-large");
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert!(desk.files().is_empty());
}

/// Ten thousand addresses in groups, as help says; and the time for each host does not grow with their number.
#[test]
fn ten_thousand_hosts_are_built() {
    let group = |name: usize| -> String {
        let addresses: Vec<String> =
            (0..1_000).map(|n| format!("10.{name}.{}.{}", n / 125, n % 125 * 2)).collect();
        format!("  g{name}: {{addresses: [{}], roles: [provisioning-agent]}}\n", addresses.join(", "))
    };
    let groups: String = (1..=10).map(group).collect();
    let site = SMALL.split("hosts:\n").next().unwrap().to_owned()
        + "hosts:\n"
        + &groups
        + "targets:\n  - {target: csv, output: out.csv}\n";
    let desk = Desk::with(&site);
    desk.build().ended(0);
    assert!(desk.read("out.addresses.csv").contains("10.10.7.248"));
    let one_by_one = |count: usize| {
        let hosts: String = (0..count)
            .map(|n| {
                format!(
                    "  h{n}: {{addresses: [10.1.{}.{}], roles: [provisioning-agent]}}\n",
                    n / 250,
                    n % 250
                )
            })
            .collect();
        let site = SMALL.split("hosts:\n").next().unwrap().to_owned()
            + "hosts:\n"
            + &hosts
            + "targets:\n  - {target: csv, output: out.csv}\n";
        let desk = Desk::with(&site);
        let started = std::time::Instant::now();
        desk.run(&["build", "--check"]).ended(1);
        started.elapsed()
    };
    let (few, many) = (one_by_one(250), one_by_one(1_000));
    assert!(many < few * 12, "{few:?} for 250 hosts, {many:?} for 1000");
}
