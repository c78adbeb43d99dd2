//! Changes of all kinds.

use portbook::report::{Entry, RuleRow, Section, Tone};

use super::{cite, text, texts};

/// Sign, source, destinations, service, remark and requirement.
type Line<'a> = (&'a str, &'a str, &'a [&'a str], &'a str, &'a str, &'a str);

fn entry(line: &Line<'_>, rule: Option<&RuleRow>) -> Entry {
    let (sign, from, to, service, remark, requirement) = line;
    Entry {
        sign: text(sign),
        from: text(from),
        to: texts(to),
        service: text(service),
        remarks: texts(&[remark]),
        rules: rule.map(|row| row.id.clone()).into_iter().collect(),
        sources: vec![cite("cloud-sync-prerequisites", "2025-04-09 -> 2026-07-27", requirement)],
        targets: texts(&["palo-alto-set", "squid"]),
    }
}

/// One rule a change, in the order of the rules.
pub(super) fn changes(rows: &[RuleRow]) -> Vec<Section> {
    let many: Vec<String> = (1..=14).map(|at| format!("content{at}.aadcdn.msauth.net")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let agent = "provisioning-agent";
    let new = ["aadcdn.msauth.net", "aadcdn.msftauth.net"];
    let refused = "name-needs-address: windows-registry holds addresses only";
    let typo = "mfstauthimages.us was a typo of the older edition";
    let widened: &[Line<'_>] = &[
        ("+", agent, &new, "TCP 443", "new; registration only", "registration-content"),
        ("+", "connect-server", &many, "TCP 443, 80", "named for the first time", "sign-in"),
        ("+", "tag AzureActiveDirectory", &[], "", "40 addresses more", ""),
    ];
    let kinds: [(&str, Tone, &[Line<'_>]); 5] = [
        ("Widened", Tone::More, widened),
        (
            "Narrowed",
            Tone::Less,
            &[(
                "-",
                "web-application-proxy",
                &["ad-fs-server"],
                "TCP 49443",
                "no longer asked for",
                "device-registration",
            )],
        ),
        (
            "Refused",
            Tone::Bad,
            &[("!", agent, &["*.servicebus.windows.net"], "TCP 443", refused, "agent-service")],
        ),
        (
            "Corrected",
            Tone::Neutral,
            &[("~", "connect-server", &["msftauthimages.us"], "TCP 443", typo, "images")],
        ),
        ("Need changed", Tone::Neutral, &[]),
    ];
    let mut rules = rows.iter();
    let section = |(title, tone, lines): (&str, Tone, &[Line<'_>])| Section {
        title: text(title),
        tone,
        entries: lines.iter().map(|line| entry(line, rules.next())).collect(),
    };
    kinds.into_iter().map(section).collect()
}
