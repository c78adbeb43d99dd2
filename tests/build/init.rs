//! `portbook init`: a file that can be built as it stands.

use crate::Desk;

const SCENARIOS: [&str; 17] = [
    "ad-fs",
    "ad-fs-mfa-adapter",
    "application-provisioning",
    "cloud-sync",
    "cloud-sync-group-provisioning",
    "connect-health",
    "connect-sync",
    "domain-services",
    "hybrid-join",
    "nps-extension",
    "pass-through-authentication",
    "password-hash-sync",
    "password-protection",
    "password-writeback",
    "password-writeback-cloud-sync",
    "private-network-connector",
    "seamless-sso",
];
const PARAMETERS: [&str; 4] = [
    "--set=federation-service-name=sts.contoso.com",
    "--set=application-ports=443",
    "--set=tenant-id=00000000-0000-0000-0000-000000000001",
    "--set=rpc-dynamic-ports=49152-65535",
];

#[test]
fn every_scenario_of_every_cloud_is_built_as_it_stands() {
    let desk = Desk::empty();
    let mut built = 0;
    for scenario in SCENARIOS {
        for cloud in ["public", "us-government", "china"] {
            let flags = [
                "init",
                scenario,
                "--cloud",
                cloud,
                "--force",
                "--site-name",
                "null",
                "--proxy",
                "10.30.0.5:8080",
            ];
            let init = desk.run(&[&flags[..], &PARAMETERS].concat());
            if init.exit != 0 {
                // What cannot be selected is refused before a file is written, as `show` says too.
                assert!(init.exit == 2 && init.talk.contains(cloud), "{scenario} {cloud}: {}", init.talk);
                continue;
            }
            built += 1;
            let run = desk.run(&["build", "--force"]);
            assert_eq!(run.exit, 0, "{scenario} {cloud}\n{}\n{}", run.talk, desk.read("portbook.yaml"));
        }
    }
    assert!(built > 28, "{built}");
}

#[test]
fn a_file_that_is_there_stays() {
    let desk = Desk::with("mine");
    desk.run(&["init", "cloud-sync", "--cloud", "public"]).ended(2).says("is there already");
    assert_eq!(desk.read("portbook.yaml"), "mine");
    desk.run(&["init", "cloud-sync", "--cloud", "public", "-o", "new/x.yaml"])
        .ended(0)
        .says("portbook build new/x.yaml");
    desk.run(&["build", "new/x.yaml"]).ended(0);
}

#[test]
fn hostile_values_are_refused_or_stay_values() {
    for (flag, value) in [
        ("--site-name", "a: b"),
        ("--site-name", "a\nsites: []"),
        ("--zone", "provisioning-agent=a\"b"),
        ("--proxy", "a b:80"),
        ("--proxy", "x\n:80"),
        ("--address", "provisioning-agent=10.0.0.1\n"),
        ("--set", "tenant-id=x\ny"),
        ("--set", "tenant-id=x: {y}"),
        ("--target", "csv}\n"),
    ] {
        let desk = Desk::empty();
        desk.run(&["init", "cloud-sync", "--cloud", "public", flag, value]).ended(2);
        assert!(!desk.exists("portbook.yaml"), "{value:?}");
    }
    for name in ["123", "null", "true", "1e5", "0x1f", "no"] {
        let desk = Desk::empty();
        desk.run(&["init", "cloud-sync", "--cloud", "public", "--site-name", name]).ended(0);
        desk.build().ended(0);
        assert!(desk.read("portbook.manifest.json").contains(&format!("\"site\": \"{name}\"")));
    }
}

#[test]
fn every_flag_of_the_selection_is_in_the_file() {
    let flags = [
        "--as-of=2026-09-01",
        "--also",
        "--optional",
        "--gaps",
        "--when=user-certificate-authentication",
        "--unless=agent-2.4.18-or-later",
        "--choose=certificate-authentication-endpoint=certauth-host",
        "--phase=operation,configuration",
        "--role=web-application-proxy,external-client",
        "--set=federation-service-name=sts.contoso.com",
    ];
    let desk = Desk::empty();
    desk.run(
        &[&["init", "ad-fs", "connect-sync", "--cloud", "public", "--target", "json"][..], &flags].concat(),
    )
    .ended(0);
    desk.build().ended(0);
    let manifest: serde_json::Value = serde_json::from_str(&desk.read("portbook.manifest.json")).unwrap();
    let direct = desk
        .run(
            &[&["generate", "ad-fs", "connect-sync", "--cloud", "public", "--target", "json"][..], &flags]
                .concat(),
        )
        .ended(0);
    let direct: serde_json::Value = serde_json::from_str(&direct.product).unwrap();
    let ids = |rules: &serde_json::Value| -> Vec<String> {
        rules.as_array().unwrap().iter().map(|rule| rule["id"].to_string()).collect()
    };
    assert_eq!(ids(&manifest["rules"]["rules"]), ids(&direct["rules"]));
}
