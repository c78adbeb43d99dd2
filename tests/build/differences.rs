//! `portbook diff` of builds, whatever they are read from.

use std::fs;

use serde_json::Value;

use crate::desk::{SMALL, SOUND};
use crate::{Desk, Run};

pub(crate) fn ranges(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/fixtures/ranges/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Two builds, below `old` and `new`.
fn two(old: &str, new: &str) -> Desk {
    let desk = Desk::empty();
    for (folder, site) in [("old", old), ("new", new)] {
        desk.write(&format!("{folder}/portbook.yaml"), site);
        let run = desk.run(&["build", folder]);
        assert!(run.exit == 0 || run.exit == 3, "{}", run.talk);
    }
    desk
}

fn diff(old: &str, new: &str, flags: &[&str]) -> Run {
    two(old, new).run(&[&["diff", "./old", "./new"][..], flags].concat())
}

#[track_caller]
fn tells(old: &str, new: &str, texts: &[&str]) {
    let run = diff(old, new, &[]).ended(1);
    texts.iter().for_each(|text| assert!(run.product.contains(text), "no `{text}` in\n{}", run.product));
}

fn with(old: &str, new: &str) -> String {
    assert!(SOUND.contains(old), "{old}");
    SOUND.replace(old, new)
}

#[test]
fn every_kind_of_change_is_told() {
    diff(SOUND, SOUND, &[]).ended(0).shows("No difference");
    tells(
        SOUND,
        &with("10.20.0.13", "10.20.0.14"),
        &["1 narrowed", "host agents", "10.20.0.14", "10.20.0.13"],
    );
    tells(SOUND, &with("listens: 8080", "listens: 3128"), &["3128", "8080"]);
    tells(&with(", proxy: egress", ""), SOUND, &["to the proxy 10.30.0.5:8080", "direct"]);
    tells(
        SOUND,
        &with("zone: dmz", "zone: outer").replace("between: [dmz,", "between: [outer,"),
        &["outer", "dmz"],
    );
    tells(
        SOUND,
        &with("target: csv, output: change-request.csv", "target: json, output: rules.json"),
        &["rules.json", "added", "change-request.csv", "removed"],
    );
    let accepted = SOUND.to_owned() + "accept: [{code: handshake-before-name, because: so it is}]\n";
    tells(SOUND, &accepted, &["handshake-before-name", "so it is"]);
    let dated = SOUND.to_owned() + "select: {as-of: 2025-05-01}\n";
    tells(&dated, SOUND, &["widened", "cloud-sync-prerequisites"]);
    // A target that loses something now, and one that did.
    let edge = SMALL.to_owned() + "  - {target: windows-firewall, output: a.ps1";
    let (by_name, by_address) =
        (format!("{edge}, settings: {{os: 2022}}}}\n"), format!("{edge}, settings: {{os: 2016}}}}\n"));
    tells(&by_name, &by_address, &["name-needs-address", "a.ps1", "removed"]);
    tells(&by_address, &by_name, &["name-needs-address", "a.ps1", "added"]);
}

const TAGGED: &str = "\
name: tagged
cloud: public
scenarios: [cloud-sync]
ip-fallback: tag
accept:
  - {code: name-needs-address, because: no tag for them}
  - {code: any-azure-customer, because: of the documents}
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13, \"2001:db8:1::11\"], roles: [provisioning-agent], zone: tier0}
targets:
  - {target: windows-registry, output: a.reg}
";

/// Two builds of two weeks; the second has 192.0.2.64/26 more, or `new` in place of the first week's text.
fn weeks(site: &str, other: &str, old: &str, new: &str) -> Desk {
    let desk = Desk::empty();
    let first = String::from_utf8(ranges("Example_Public.json")).unwrap();
    assert!(first.contains(old), "{old}");
    desk.write("first.json", &first);
    desk.write(
        "second.json",
        first.replace(old, new).replacen("\"changeNumber\": 7", "\"changeNumber\": 8", 1),
    );
    for (folder, site, file) in [("old", site, "first.json"), ("new", other, "second.json")] {
        desk.write(&format!("{folder}/portbook.yaml"), site);
        let run = desk.run(&["build", folder, "--ranges", file]);
        assert!(run.exit == 0 || run.exit == 3, "{}", run.talk);
    }
    desk
}

fn a_week(old: &str, new: &str) -> Desk {
    weeks(TAGGED, TAGGED, old, new)
}

#[test]
fn prefixes_of_tags_are_compared_by_address() {
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.0/25\"");
    desk.run(&["diff", "./old", "./new"])
        .ended(1)
        .shows("AzureActiveDirectory")
        .shows("+64 addresses (192.0.2.64/26)");
    desk.run(&["diff", "./new", "./old"]).ended(1).shows("-64 addresses");
    // Split and in another order: the same addresses.
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.32/27\", \"192.0.2.0/27\"");
    let run = desk.run(&["diff", "./old", "./new"]);
    assert!(!run.product.contains("addresses"), "{}", run.product);
}

#[test]
fn addresses_that_stand_for_names_for_the_first_time_are_told() {
    let documented = TAGGED.replace("ip-fallback: tag", "ip-fallback: documented");
    let desk = weeks(TAGGED, &documented, "Public", "Public");
    let run = desk.run(&["diff", "./old", "./new"]).ended(1);
    assert!(
        run.product.contains("ranges azure-public") || run.product.contains("203.0.113.0/25"),
        "{}",
        run.product
    );
    let run = desk.run(&["diff", "./new", "./old"]).ended(1);
    assert!(run.product.contains("203.0.113"), "{}", run.product);
}

#[test]
fn sides_are_read_from_wherever_they_are() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    desk.git(&["init", "-q"]);
    desk.git(&["add", "."]);
    desk.git(&["commit", "-qm", "first"]);
    desk.write("portbook.yaml", with("10.20.0.13", "10.20.0.14"));
    let manifest = "portbook.manifest.json";
    // The site file against what was built of it before.
    desk.run(&["diff", ".", "portbook.yaml"]).ended(1).shows("10.20.0.14");
    desk.build().ended(0);
    for old in ["git:HEAD:portbook.manifest.json", "git:HEAD:", "git:HEAD:.", "git:main:portbook.yaml"] {
        for new in [".", "./", manifest, "portbook.yaml"] {
            let run = desk.run(&["diff", old, new]).ended(1).shows("10.20.0.14");
            assert!(run.product.contains("widened"), "{old} {new}");
        }
    }
    desk.run(&["diff", "git:HEAD:", "git:HEAD:portbook.manifest.json"]).ended(0);
    // Lines of files are counted where their texts are at hand.
    desk.run(&["diff", "git:HEAD:", "."]).ended(1).shows("lines");
    for (side, texts) in [
        ("git:HEAD:nowhere", &["revision-unreadable", "nowhere"][..]),
        ("git:HEAD:nowhere/portbook.manifest.json", &["revision-unreadable"]),
        ("git:HEAD:squid", &["holds no portbook.manifest.json"]),
        ("git:no-such-branch:.", &["revision-unreadable", "no-such-branch"]),
        ("git:HEAD", &["git:REVISION:PATH"]),
        ("git::x", &["git:REVISION:PATH"]),
        ("git:--output=x:y", &["git:REVISION:PATH"]),
        ("./nowhere", &["cannot-read"]),
        ("./squid", &["holds no portbook.manifest.json"]),
    ] {
        let run = desk.run(&["diff", side, "."]).ended(2);
        texts.iter().for_each(|text| assert!(run.talk.contains(text), "{side}: {}", run.talk));
        assert!(!desk.exists("x"));
    }
    desk.run(&["diff", "git:HEAD:./../x", "."]).ended(2);
}

#[test]
fn a_shallow_clone_says_what_brings_the_revision() {
    let desk = Desk::with(SMALL);
    desk.build().ended(0);
    desk.git(&["init", "-q"]);
    for message in ["one", "two"] {
        desk.write("note", message);
        desk.git(&["add", "."]);
        desk.git(&["commit", "-qm", message]);
    }
    let source = format!("file://{}", desk.path(".").display());
    let clone = Desk::empty();
    clone.git(&["clone", "-q", "--depth", "1", &source, "."]);
    clone.run(&["diff", "git:HEAD:.", "."]).ended(0);
    clone.run(&["diff", "git:HEAD~1:.", "."]).ended(2).says("git fetch");
}

#[test]
fn a_site_that_stands_twice_is_no_side() {
    let desk = two(SOUND, &with("10.20.0.13", "10.20.0.14"));
    // A copy of an older build beside the new one.
    fs::create_dir(desk.path("new/backup")).unwrap();
    fs::copy(desk.path("old/portbook.manifest.json"), desk.path("new/backup/portbook.manifest.json"))
        .unwrap();
    let run = desk.run(&["diff", "./old", "./new"]).ended(2);
    assert!(run.talk.contains("backup") && run.talk.contains("hq"), "{}", run.talk);
}

#[test]
fn filters_keep_what_is_asked_for() {
    let sites = |last: u8| {
        SOUND.replace("name: hq\n", "").replace("10.20.0.13", &format!("10.20.0.{last}"))
            + "sites: [{name: one}, {name: two}]\n"
    };
    let desk = two(&sites(13), &sites(14));
    let run = |flags: &[&str]| desk.run(&[&["diff", "./old", "./new"][..], flags].concat());
    let all = run(&[]).ended(1);
    assert!(all.product.contains("one") && all.product.contains("two"));
    let one = run(&["--site", "one"]).ended(1);
    assert!(one.product.contains("one\n") && !one.product.contains("two\n"), "{}", one.product);
    let csv = run(&["--target", "csv"]).ended(1);
    assert!(csv.product.contains("change-request.csv") && !csv.product.contains("squid/"), "{}", csv.product);
    run(&["--role", "provisioning-agent"]).ended(1).shows("host agents");
    let none = run(&["--role", "domain-controller"]);
    assert!(!none.product.contains("host agents"), "{}", none.product);
    run(&["--role", "agent"]).ended(2).says("unknown-role");
    run(&["--target", "squidd"]).ended(2).says("unknown-target");
    run(&["--cloud", "public"]).ended(2);
}

#[test]
fn markdown_fits_into_a_comment_and_is_no_markup_of_anybody() {
    let sites = |last: u8| {
        let names: String = (0..300).map(|n| format!("  - name: site-{n:03}\n")).collect();
        SMALL.replace("name: small\n", "").replace("10.20.0.13", &format!("10.20.0.{last}"))
            + "accept: [{code: path-dropped, because: \"<script>|`x`*_[a](javascript:b)@all #1 \\u202e\"}]\nsites:\n"
            + &names
    };
    let desk = two(&sites(13).replace("because: \"", "because: \"old "), &sites(14));
    let run = desk.run(&["diff", "./old", "./new", "--format", "markdown"]).ended(1);
    assert!(run.product.len() < 60_000, "{}", run.product.len());
    assert!(run.product.starts_with("**Portbook**: "), "{}", &run.product[..200]);
    for markup in ["<script", "](javascript", "\u{202e}", "`x`"] {
        let bare = run.product.replace("\\<", "").replace("\\]", "").replace("\\`", "");
        assert!(!bare.contains(markup), "{markup}");
    }
    // What does not fit is counted: none of the 300 goes missing.
    let shown = run.product.matches("### site").count();
    let rest: usize = run
        .product
        .lines()
        .find_map(|line| {
            line.strip_prefix('_')?.split_once(" more sites").map(|(count, _)| count.parse().unwrap())
        })
        .unwrap_or(0);
    assert_eq!(shown + rest, 300);
    assert_eq!(run.product.matches("<details").count(), run.product.matches("</details>").count());
}

#[test]
fn json_and_csv_are_for_programs() {
    let desk = two(SOUND, &with("10.20.0.13", "10.20.0.14"));
    let run = desk.run(&["diff", "./old", "./new", "--format", "json"]).ended(1);
    let value: Value = serde_json::from_str(&run.product).unwrap();
    assert!(value.to_string().contains("10.20.0.14"), "{value}");
    let run = desk.run(&["diff", "./old", "./new", "--format", "csv"]).ended(1);
    let mut reader = csv::Reader::from_reader(run.product.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|each| each == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| &row[column("action")] == "modify"), "{rows:?}");
    assert!(rows.iter().any(|row| &row[column("added-addresses")] == "10.20.0.14"), "{rows:?}");
    assert!(
        rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])),
        "{rows:?}"
    );
    assert!(run.product.contains("\r\n"));
    // A whole site comes: every connection of it.
    let desk = two(SOUND, &SOUND.replace("name: hq", "name: hq2"));
    let run = desk.run(&["diff", "./old", "./new", "--format", "csv"]).ended(1);
    let mut reader = csv::Reader::from_reader(run.product.as_bytes());
    let actions: Vec<String> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
    assert_eq!(actions.iter().filter(|action| *action == "add").count(), 30);
    assert_eq!(actions.iter().filter(|action| *action == "remove").count(), 30);
}

/// The policy of a site that lets `most` addresses join.
fn policy(most: u64) -> String {
    format!("{TAGGED}auto-merge: {{additions-within-used-tags: {most}}}\n")
}

fn merge(desk: &Desk, most: u64) -> Run {
    desk.write("policy.yaml", policy(most));
    desk.run(&["diff", "./old", "./new", "--auto-merge", "policy.yaml"])
}

#[test]
fn additions_within_used_tags_may_be_merged() {
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.0/25\"");
    merge(&desk, 64).ended(0).says("may be merged");
    merge(&desk, 63).ended(1).says("64 addresses join, and its site file allows 63");
    merge(&desk, 0).ended(1);
    desk.write("policy.yaml", TAGGED);
    desk.run(&["diff", "./old", "./new", "--auto-merge", "policy.yaml"])
        .ended(1)
        .says("allows nothing to be merged");
    desk.write("policy.yaml", policy(64).replace("name: tagged", "name: other"));
    desk.run(&["diff", "./old", "./new", "--auto-merge", "policy.yaml"])
        .ended(1)
        .says("allows nothing to be merged");
    // Networks of IPv6 are counted by 64 bits.
    let desk = a_week("\"2001:db8:b::/64\"", "\"2001:db8:b::/62\"");
    merge(&desk, 3).ended(0);
    merge(&desk, 2).ended(1).says("3 addresses join");
    // Nothing changed: nothing to look at.
    let desk = a_week("Public", "Public");
    merge(&desk, 0).ended(0);
}

#[test]
fn each_barrier_needs_a_human() {
    let grown = ("\"192.0.2.0/26\"", "\"192.0.2.0/25\"");
    let barred = |other: &str, because: &str| {
        let desk = weeks(TAGGED, other, grown.0, grown.1);
        merge(&desk, 1_000_000).ended(1).says("a human has to look at it").says(because);
    };
    let changed = |old: &str, new: &str| {
        assert!(TAGGED.contains(old), "{old}");
        TAGGED.replace(old, new)
    };
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.0/27\"");
    merge(&desk, 1_000_000).ended(1).says("tag AzureActiveDirectory loses addresses");
    // As many come as go.
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.64/26\"");
    merge(&desk, 1_000_000).ended(1).says("loses addresses");
    barred(&changed("10.20.0.13", "10.20.0.14"), "host agents changes, which is no tag");
    barred(&changed("zone: tier0", "zone: tier1"), "rules take other ways");
    barred(&changed("zone: tier0}", "zone: tier0, proxy: \"10.3.3.3:3128\"}"), "rules take other ways");
    barred(&changed("ip-fallback: tag", "ip-fallback: documented"), "targets lose something else");
    barred(&changed("because: no tag for them", "because: otherwise"), "other losses are accepted");
    barred(&changed("output: a.reg", "output: b.reg"), "files come or go");
    barred(
        &changed("output: a.reg", "output: a.reg, settings: {profile: domain}"),
        "targets have other settings, or stand elsewhere",
    );
    barred(
        &changed("output: a.reg", "output: a.reg, family: 4"),
        "targets have other settings, or stand elsewhere",
    );
    barred(
        &changed("output: a.reg", "output: a.reg, for: agents"),
        "targets have other settings, or stand elsewhere",
    );
    barred(&changed("[cloud-sync]", "[cloud-sync, hybrid-join]"), "other scenarios or clouds are selected");
    barred(&(TAGGED.to_owned() + "select: {as-of: 2025-05-01}\n"), "flows are");
    barred(&(TAGGED.to_owned() + "strict: true\n"), "1 targets are refused");
    barred(&changed("name: tagged", "name: other"), "the site is new");
}

#[test]
fn who_asks_for_a_part_gets_no_verdict_on_the_whole() {
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.0/27\"");
    desk.write("policy.yaml", policy(1_000_000));
    for filter in [["--site", "none"], ["--role", "domain-controller"], ["--target", "squid"]] {
        let run =
            desk.run(&[&["diff", "./old", "./new", "--auto-merge", "policy.yaml"][..], &filter].concat());
        assert_eq!(run.exit, 2, "{filter:?}: {}", run.talk);
    }
}

#[test]
fn the_policy_can_be_that_of_a_revision() {
    let desk = a_week("\"192.0.2.0/26\"", "\"192.0.2.0/25\"");
    desk.write("portbook.yaml", policy(10));
    desk.git(&["init", "-q"]);
    desk.git(&["add", "portbook.yaml"]);
    desk.git(&["commit", "-qm", "policy"]);
    // Whoever proposes the change raises the limit with it.
    desk.write("portbook.yaml", policy(1_000));
    let run = |policy: &str| desk.run(&["diff", "./old", "./new", "--auto-merge", policy]);
    run("portbook.yaml").ended(0);
    run("git:HEAD:portbook.yaml").ended(1).says("allows 10");
    run("git:HEAD:nowhere.yaml").ended(2).says("revision-unreadable");
}
