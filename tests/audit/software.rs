//! The program, service or account to which `restrict` limits a rule is held against the rules: without it the rule is one
//! for everything on the host.

use super::templates::with_selection;

const TEMPLATE: &str = "windows-firewall/station.ps1";

fn run(by: &str, proxy: &str, from: &str, to: &str) -> (i32, String, bool) {
    let flags =
        format!("--option os=2025 --option restrict={by} --accept identity-restricted@windows-firewall");
    let selection = format!("cloud-sync --address provisioning-agent=10.20.0.11 {proxy}");
    with_selection(&selection, "windows-firewall", &flags, TEMPLATE, from, to)
}

#[test]
fn a_rule_keeps_its_limit() {
    for (by, line) in [
        ("program", "        Program = {{ rule.program|ps_string }}\n"),
        ("service", "        Service = {{ rule.service|ps_string }}\n"),
        ("account", "        LocalUser = {{ rule.local_user|ps_string }}\n"),
    ] {
        for proxy in ["", "--proxy 10.30.0.5:8080"] {
            let (exit, talk, _) = run(by, proxy, line, line);
            assert!(exit == 0, "{by} {proxy}: {talk}");
            let key = if by == "program" { "LocalUser" } else { "Program" };
            let beside = format!("        {key} = {{{{ 'other'|ps_string }}}}\n");
            let other = format!("{}{{{{ 'other'|ps_string }}}}\n", line.split("{{").next().unwrap());
            for (to, why) in [
                (String::new(), "allows what no rule asks for"),
                (line.replace("{{", "'x' + {{"), "is not what Portbook writes there"),
                (other, "no line allows it"),
                (format!("{line}{beside}"), "it is limited by"),
            ] {
                let (exit, talk, written) = run(by, proxy, line, &to);
                assert!(exit == 2 && !written && talk.contains(why), "{by} {proxy} {to}: {exit} {talk}");
            }
        }
    }
}
