//! Warnings about a site that can be built.

use crate::desk::{SMALL, SOUND};
use crate::{Desk, Run};

const CODES: [&str; 6] =
    ["few-agents", "roles-apart", "idle-host", "idle-acceptance", "expired-acceptance", "role-without-host"];

fn only(run: Run, wanted: &[&str]) -> Run {
    for code in CODES {
        let said = run.talk.contains(&format!("[{code}]"));
        assert_eq!(said, wanted.contains(&code), "{code}\n{}", run.talk);
    }
    run
}

fn built(site: &str, wanted: &[&str]) -> Run {
    only(Desk::with(site).build().ended(0), wanted)
}

#[test]
fn a_sound_site_has_none() {
    built(SOUND, &[]);
    built(SMALL, &[]);
}

#[test]
fn fewer_agents_than_advised() {
    let with = |addresses: &str| SMALL.replace("10.20.0.11, 10.20.0.12, 10.20.0.13", addresses);
    built(&with("10.20.0.11"), &["few-agents"]).says("1 provisioning agent is given");
    built(&with("10.20.0.11, 10.20.0.20"), &["few-agents"]).says("2 provisioning agents are given");
    // Two neighbours are one network of two addresses.
    built(&with("10.20.0.10, 10.20.0.11"), &["few-agents"]);
    built(&with("10.20.0.10/31"), &["few-agents"]);
    // An agent with both families is one agent.
    built(&with("10.20.0.11, 10.20.0.20, \"2001:db8::11\", \"2001:db8::20\""), &["few-agents"]);
    built(&with("10.20.0.0/28"), &[]);
    built(&with("\"2001:db8::/64\""), &[]);
    let three = SMALL.replace(
        "  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], roles: [provisioning-agent], zone: tier0}\n",
        "  a: {addresses: [10.20.0.11], roles: [provisioning-agent]}\n  b: {addresses: [10.20.0.12], roles: \
         [provisioning-agent]}\n  c: {addresses: [10.20.0.13], roles: [provisioning-agent]}\n",
    );
    built(&three, &[]);
}

#[test]
fn roles_that_must_not_share_a_host() {
    let site = "name: s\ncloud: public\nscenarios: [private-network-connector, password-protection]\nparameters: {application-ports: 443}\nselect: {roles: [connector]}\nhosts:\n  \
                both: {addresses: [10.0.0.1], roles: [connector, password-protection-proxy]}\ntargets:\n  - {target: csv}\n";
    let run = Desk::with(site).build();
    assert!(run.exit == 0 || run.exit == 3, "{}", run.talk);
    run.says("[roles-apart]").says("both is").says("by application-proxy-add-application");
    let apart = site.replace(
        "  both: {addresses: [10.0.0.1], roles: [connector, password-protection-proxy]}\n",
        "  one: {addresses: [10.0.0.1], roles: [connector]}\n  two: {addresses: [10.0.0.2], roles: [password-protection-proxy]}\n",
    );
    Desk::with(&apart).build().never_says("[roles-apart]");
}

#[test]
fn hosts_and_acceptances_that_nothing_needs() {
    let idle =
        SMALL.replace("targets:", "  wap: {addresses: [10.9.9.9], roles: [web-application-proxy]}\ntargets:");
    built(&idle, &["idle-host"]).says("no rule uses the host wap");
    // Who writes many hosts wants the line of the one that is meant.
    let accept =
        |until: &str| format!("{SMALL}accept:\n  - {{code: handshake-before-name, because: x{until}}}\n");
    built(&accept(""), &["idle-acceptance"]).says("portbook.yaml:9:");
    built(&accept(", until: 2026-11-01"), &["idle-acceptance"]);
    built(&accept(", until: 2026-10-31"), &["expired-acceptance"]).says("expired on 2026-10-31");
}

#[test]
fn a_role_without_a_host() {
    let site =
        SMALL.replace("[provisioning-agent]", "[connect-server]").replace("cloud-sync", "connect-sync");
    let run = Desk::with(&site).build();
    run.says("[role-without-host]").says("domain-controller");
}

#[test]
fn hosts_with_addresses_in_common() {
    let other = |addresses: &str| {
        let host = format!("  sync: {{addresses: [{addresses}], roles: [provisioning-agent]}}\ntargets:");
        Desk::with(&SMALL.replace("targets:", &host)).build().ended(0)
    };
    other("10.20.0.8/29")
        .says("[hosts-overlap]")
        .says("agents and sync have 10.20.0.11/32 and 1 more in common");
    other("10.20.0.16/28").never_says("[hosts-overlap]");
}
