//! What a configuration allows beyond what documents ask for, to the same hosts.

use super::foreign::{GOOD, palo_alto, registry};
use super::run::Desk;

#[test]
fn what_goes_beyond_is_told_with_its_line() {
    for (from, to, told) in [
        ("!apex", "", "also microsoft.com"),
        ("allow agents tls", "allow agents", "also on ports"),
        ("allow agents web", "allow web", "from anyone"),
        ("10.20.0.11-10.20.0.12", "10.20.0.0/24", "from all of 10.20.0.0/24"),
        (" login.live.com ", " .live.com ", "also [*.]live.com except login.live.com"),
        ("web crl", "web", "any other destination"),
    ] {
        let run = Desk::new().squid(&GOOD.replace(from, to));
        let beyond = run.lines("beyond");
        assert!(
            run.exit == 1 && beyond.iter().any(|line| line.contains(told)),
            "{from} -> {to}\n{}",
            run.out
        );
        assert!(beyond.iter().all(|line| line.contains("squid.conf:")), "{}", run.out);
    }
    // Names that nobody asks for are no concern of the audit.
    let run = Desk::new()
        .squid(&GOOD.replace("acl entra dstdomain -n aadcdn", "acl entra dstdomain -n example.org aadcdn"));
    assert_eq!(run.exit, 0, "{}", run.out);
}

/// A firewall with one rule for what is asked, and what another rule of it allows besides, if anything.
fn other_rule(from: &str, to: &str) -> String {
    let rule = "from trust to untrust source inside destination any category entra application any service service-https action allow\n";
    assert!(rule.contains(from), "{from}");
    let other = rule.replace(from, to);
    let desk = Desk::new();
    desk.write(
        "two.set",
        &format!(
            "set profiles custom-url-category entra list login.live.com/\n\
             set address inside ip-netmask 10.20.0.11\n\
             set service quic protocol udp port 443\n\
             set rulebase security rules one {rule}set rulebase security rules two {other}"
        ),
    );
    let run = palo_alto(&desk, "palo-alto-set", "two.set", "");
    assert_eq!(run.exit, 1, "{}", run.talk);
    let beyond: Vec<&str> =
        run.lines("beyond").into_iter().map(|line| line.strip_prefix("beyond     ").unwrap()).collect();
    beyond.join("; ")
}

/// A rule for another protocol, or for other zones, was compared with nothing, and passed.
#[test]
fn another_protocol_and_another_zone_are_beyond() {
    for (from, to, told) in [
        ("from trust", "from trust", ""),
        ("service service-https", "service quic", "two.set:5: login.live.com also over UDP on ports 443"),
        (
            "service service-https",
            "service any",
            "two.set:5: login.live.com also on ports 1-442, 444-65535; two.set:5: login.live.com also over UDP on any port",
        ),
        ("from trust", "from guest", "two.set:5: login.live.com also from zone guest on ports 443"),
        (
            "from trust",
            "from [ guest trust lab ]",
            "two.set:5: login.live.com also from zone guest on ports 443; two.set:5: login.live.com also from zone lab on ports 443",
        ),
        (
            "from trust",
            "from [ guest lab ]",
            "two.set:5: login.live.com also from zone guest, lab on ports 443",
        ),
        (
            "from trust to untrust source inside",
            "from guest to untrust source any",
            "two.set:5: login.live.com also from zone guest on ports 443 from anyone",
        ),
        (
            "destination any category entra application any service service-https",
            "destination any category any application any service quic",
            "two.set:5: any destination also over UDP on ports 443",
        ),
        // The addresses say who it is; without them any zone is more.
        ("from trust", "from any", ""),
        (
            "from trust to untrust source inside",
            "from any to any source any",
            "two.set:5: login.live.com also from any zone on ports 443 from anyone",
        ),
        // A host is in one zone: what goes to another does not come to it.
        ("to untrust", "to dmz", ""),
        ("to untrust", "to [ dmz untrust ]", ""),
        ("to untrust", "to any", ""),
        // Nobody asks for anything there.
        (
            "category entra application any service service-https",
            "category gone application any service quic",
            "two.set:5: perhaps any name also over UDP on ports 443",
        ),
    ] {
        assert_eq!(other_rule(from, to), told, "{from} -> {to}");
    }
}

/// Where no addresses were given, the zones alone say who connects.
#[test]
fn any_zone_is_beyond_where_sources_were_not_given() {
    let desk = Desk::new();
    let rule = |from: &str| {
        format!(
            "set profiles custom-url-category entra list login.live.com/\n\
             set rulebase security rules one from {from} to untrust source any destination any category entra application any service service-https action allow\n"
        )
    };
    for (from, told) in [("trust", 0), ("any", 1), ("guest", 1), ("[ trust guest ]", 1)] {
        desk.write("one.set", &rule(from));
        let run = desk.run(
            "audit palo-alto-set one.set --scenario cloud-sync --cloud public --zone provisioning-agent=trust --outside-zone untrust",
        );
        assert_eq!(run.lines("beyond").len(), told, "{from}\n{}", run.out);
    }
}

#[test]
fn tunnels_to_a_port_for_plain_requests_are_beyond() {
    for (line, told) in [
        ("http_access allow agents CONNECT web crl", "also with CONNECT on ports 80"),
        ("http_access allow agents CONNECT tls crl", "also with CONNECT on ports 443"),
        ("http_access allow agents !CONNECT tls live", "login.live.com also without CONNECT on ports 443"),
    ] {
        let run = Desk::new().squid(&GOOD.replace(
            "http_access deny all",
            &format!("acl live dstdomain -n login.live.com\n{line}\nhttp_access deny all"),
        ));
        let beyond = run.lines("beyond");
        assert!(run.exit == 1 && beyond.len() == 1 && beyond[0].contains(told), "{line}\n{}", run.out);
    }
}

#[test]
fn a_rule_of_windows_for_another_protocol_is_beyond() {
    let beyond = |protocol: u8, port: u16| {
        let run = registry(&format!(
            "\"a\"=\"v2.10|Action=Allow|Active=TRUE|Dir=Out|Protocol={protocol}|RPort={port}|RA4=10.10.0.0/255.255.255.240|Name=a|\""
        ));
        run.lines("beyond").join("\n")
    };
    assert_eq!([beyond(6, 135), beyond(6, 88), beyond(17, 88)], ["", "", ""]);
    for (protocol, port, told) in [(17, 135, "over UDP on ports 135"), (6, 636, "over TCP on ports 636")] {
        assert_eq!(beyond(protocol, port), format!("beyond     host.reg:4: 10.10.0.0/28 also {told}"));
    }
}

/// Ends of which only the name is known, a role or a URL, are compared by it.
#[test]
fn rows_in_words_are_held_to_their_words() {
    let desk = Desk::new();
    let made = desk.run("generate password-protection --cloud public --target csv -o out");
    assert_eq!(made.exit, 0, "{}", made.talk);
    let text = std::fs::read_to_string(desk.path().join("out/change-request.csv")).unwrap();
    let audited = |from: &str, to: &str| {
        let line =
            text.lines().find(|line| line.contains(from)).unwrap_or_else(|| panic!("{from} is in no row"));
        desk.write("edited.csv", &format!("{text}{}\n", line.replacen(from, to, 1)));
        desk.run("audit csv edited.csv --scenario password-protection --cloud public")
    };
    let url = "password-protection-proxy,,,url,www.microsoft.com/pkiops,,,www.microsoft.com/pkiops,TCP,443";
    let name =
        "password-protection-proxy,,,exact,login.microsoftonline.com,,,login.microsoftonline.com,TCP,443";
    let changed = |row: &str, from: &str, to: &str| (row.to_owned(), row.replace(from, to));
    for ((from, to), told) in [
        (
            changed(name, "proxy,,,exact", "proxy,any,,exact"),
            "login.microsoftonline.com also from anyone on ports 443",
        ),
        (
            changed(name, "password-protection-proxy", "print-server"),
            "login.microsoftonline.com also from print-server on ports 443",
        ),
        (changed(name, "TCP", "UDP"), "login.microsoftonline.com also over UDP on ports 443"),
        (
            changed(url, "url,www.microsoft.com/pkiops", "exact,www.microsoft.com"),
            "www.microsoft.com also to more than www.microsoft.com/pkiops on ports 443",
        ),
    ] {
        let run = audited(&from, &to);
        let beyond = run.lines("beyond");
        assert!(
            run.exit == 1 && beyond.len() == 1 && beyond[0].ends_with(told),
            "{from} -> {to}\n{}\n{}",
            run.out,
            run.talk
        );
    }
    // A destination that nobody asks for, in words.
    let (from, to) = changed(name, "exact,login.microsoftonline.com", "role,print-server");
    assert_eq!(audited(&from, &to).lines("beyond").len(), 0);
}
