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
             set address lan ip-netmask 10.20.9.0/24\n\
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
    let at = "two.set:6: login.live.com also";
    for (from, to, told) in [
        ("from trust", "from trust", String::new()),
        ("service service-https", "service quic", format!("{at} over UDP on ports 443")),
        (
            "service service-https",
            "service any",
            format!("{at} on ports 1-442, 444-65535; {at} over UDP on any port"),
        ),
        (
            "from trust to untrust source inside",
            "from guest to untrust source lan",
            format!("{at} from zone guest on ports 443 from all of 10.20.9.0/24"),
        ),
        (
            "from trust to untrust source inside",
            "from [ guest trust lab ] to untrust source lan",
            format!(
                "{at} from all of 10.20.9.0/24; {at} from zone guest, lab on ports 443 from all of 10.20.9.0/24"
            ),
        ),
        (
            "from trust to untrust source inside",
            "from guest to untrust source any",
            format!("{at} from zone guest on ports 443 from anyone"),
        ),
        (
            "destination any category entra application any service service-https",
            "destination any category any application any service quic",
            "two.set:6: any destination also over UDP on ports 443".to_owned(),
        ),
        // Who is in `trust` comes from nowhere else.
        ("from trust", "from guest", String::new()),
        ("from trust", "from [ guest trust ]", String::new()),
        ("from trust", "from any", String::new()),
        (
            "from trust to untrust source inside",
            "from any to any source any",
            format!("{at} from any zone from anyone"),
        ),
        // A host is in one zone: what goes to another does not come to it.
        ("to untrust", "to dmz", String::new()),
        ("to untrust", "to [ dmz untrust ]", String::new()),
        ("to untrust", "to any", String::new()),
        (
            "category entra application any service service-https",
            "category gone application any service quic",
            "two.set:6: perhaps any name also over UDP on ports 443".to_owned(),
        ),
    ] {
        assert_eq!(other_rule(from, to), told, "{from} -> {to}");
    }
}

/// Where no addresses were given, the zones alone say who connects; whoever is not limited at all is anyone.
#[test]
fn who_connects_is_compared_by_zone_where_addresses_were_not_given() {
    let desk = Desk::new();
    for (from, source, told) in [
        ("trust", "10.20.0.0/16", ""),
        ("any", "10.20.0.0/16", ""),
        ("guest", "10.20.0.0/16", "login.live.com also from zone guest on ports 443"),
        ("[ trust guest ]", "10.20.0.0/16", "login.live.com also from zone guest on ports 443"),
        ("trust", "any", "login.live.com also from anyone"),
        ("trust", "0.0.0.0/0", "login.live.com also from all of 0.0.0.0/0"),
        ("any", "any", "login.live.com also from any zone from anyone"),
        (
            "any",
            "[ 0.0.0.0/1 128.0.0.0/2 ]",
            "login.live.com also from any zone from all of 0.0.0.0/1, 128.0.0.0/2",
        ),
    ] {
        desk.write(
            "one.set",
            &format!(
                "set profiles custom-url-category entra list login.live.com/\n\
                 set rulebase security rules one from {from} to untrust source {source} destination any category entra application any service service-https action allow\n"
            ),
        );
        let run = desk.run(
            "audit palo-alto-set one.set --scenario cloud-sync --cloud public --zone provisioning-agent=trust --outside-zone untrust",
        );
        let wanted = if told.is_empty() { Vec::new() } else { vec![format!("beyond     one.set:2: {told}")] };
        assert_eq!(run.lines("beyond"), wanted, "{from} {source}\n{}", run.out);
    }
    // An open proxy: nobody limits who uses it.
    desk.write("squid.conf", &GOOD.replace("allow agents", "allow all"));
    let run = desk.run("audit squid squid.conf --scenario cloud-sync --cloud public");
    assert!(run.exit == 1 && run.lines("beyond").len() == 2, "{}", run.out);
    assert!(run.lines("beyond").iter().all(|line| line.ends_with("also from anyone")), "{}", run.out);
}

/// Two roles in two zones, in one rule: each zone is that of a need.
#[test]
fn a_rule_for_two_roles_in_two_zones_is_exact() {
    let desk = Desk::new();
    for from in ["[ trust dmz ]", "any"] {
        desk.write(
            "one.set",
            &format!(
                "set address a ip-netmask 10.1.0.1\nset address b ip-netmask 10.2.0.1\n\
                 set profiles custom-url-category m list login.windows.net/\n\
                 set rulebase security rules one from {from} to untrust source [ a b ] destination any category m application any service service-https action allow\n"
            ),
        );
        let run = desk.run(
            "audit palo-alto-set one.set --scenario cloud-sync,connect-sync --cloud public --address provisioning-agent=10.1.0.1 \
             --address connect-server=10.2.0.1 --zone provisioning-agent=trust --zone connect-server=dmz --outside-zone untrust",
        );
        assert_eq!(run.lines("beyond").len(), 0, "{from}\n{}", run.out);
    }
}

/// What names resolve to is not known, but a list of almost all addresses is meant for the internet.
#[test]
fn rules_for_the_internet_are_beyond() {
    for list in ["!priv", "v4", "most", "half"] {
        let lines = format!(
            "acl priv dst 10.0.0.0/8 192.168.0.0/16\nacl v4 dst 0.0.0.0/0\nacl most dst 0.0.0.0-199.255.255.255\nacl half dst 128.0.0.0/1\n\
             http_access allow {list}\nhttp_access deny all"
        );
        let run = Desk::new().squid(&GOOD.replace("http_access deny all", &lines));
        let told = run.lines("beyond");
        assert!(told.iter().any(|line| line.ends_with("also any other destination")), "{list}\n{}", run.out);
        assert!(told.iter().any(|line| line.ends_with("from anyone")), "{list}\n{}", run.out);
    }
    let inside = "acl inside dst 10.0.0.0/8\nhttp_access allow inside\nhttp_access deny all";
    let run = Desk::new().squid(&GOOD.replace("http_access deny all", inside));
    assert_eq!(run.lines("beyond").len(), 0, "{}", run.out);
}

/// Methods that no need has: what they are for is no question of ports.
#[test]
fn other_methods_are_perhaps_beyond() {
    for methods in ["PUT", "PUT DELETE", "GET PUT"] {
        let lines = format!("acl some method {methods}\nhttp_access allow some\nhttp_access deny all");
        let run = Desk::new().squid(&GOOD.replace("http_access deny all", &lines));
        assert!(run.lines("beyond").iter().any(|line| line.contains("perhaps")), "{methods}\n{}", run.out);
    }
    let denied = "acl some method PUT\nhttp_access deny some\nhttp_access deny all";
    assert_eq!(Desk::new().squid(&GOOD.replace("http_access deny all", denied)).exit, 0);
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

/// A line that says nothing of tunnels is for both, as far as denials in front leave them.
#[test]
fn denials_of_tunnels_count_for_a_line_that_says_nothing_of_them() {
    let lines = "acl one dstdomain -n crl.microsoft.com www.microsoft.com\nhttp_access deny CONNECT !tls\n\
                 http_access deny !CONNECT !web\nhttp_access allow agents one\nhttp_access deny all";
    let run = Desk::new().squid(&GOOD.replace("http_access deny all", lines));
    assert_eq!(run.exit, 0, "{}", run.out);
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
        (changed(name, "proxy,,,exact", "proxy,any,,exact"), "login.microsoftonline.com also from anyone"),
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
    // Another URL of a documented host, and one of a host that is asked for as a whole.
    let (from, to) = changed(url, "www.microsoft.com/pkiops", "www.microsoft.com/evil");
    assert!(
        audited(&from, &to).lines("beyond")[0]
            .ends_with("www.microsoft.com also to www.microsoft.com/evil on ports 443")
    );
    let (from, to) = changed(name, "exact,login.microsoftonline.com", "url,login.microsoftonline.com/x");
    assert_eq!(audited(&from, &to).lines("beyond").len(), 0);
    assert_eq!(audited(&from, &to.replace("TCP,443", "UDP,53")).lines("beyond").len(), 1);
    // A destination that nobody asks for, in words.
    let (from, to) = changed(name, "exact,login.microsoftonline.com", "role,print-server");
    assert_eq!(audited(&from, &to).lines("beyond").len(), 0);
    // What is no destination of its kind is refused.
    let (from, to) = changed(name, "exact,login.microsoftonline.com", "any,any");
    assert_eq!(audited(&from, &to).exit, 2);
    // The role is that of the requirement, whether its addresses were given or not.
    let run = desk.run("audit csv out/change-request.csv --scenario password-protection --cloud public --address password-protection-proxy=10.1.1.1");
    assert_eq!(run.lines("beyond").len(), 0, "{}", run.out);
    let answers = "role,password-protection-proxy,,,password-protection-proxy,TCP,135";
    let line = text.lines().find(|line| line.contains(answers)).unwrap();
    desk.write("edited.csv", &format!("{text}{}\n", line.replace("TCP,135", "UDP,9999")));
    for address in ["", "--address password-protection-proxy=10.1.1.1"] {
        let run = desk
            .run(&format!("audit csv edited.csv --scenario password-protection --cloud public {address}"));
        let told: Vec<&str> =
            run.lines("beyond").into_iter().map(|line| line.split_once(": ").unwrap().1).collect();
        assert_eq!(told, ["password-protection-proxy also over UDP on ports 9999"], "{address}\n{}", run.out);
    }
}

/// A zone of a denial is no other zone of a line for any.
#[test]
fn denials_for_some_zones_add_no_lines() {
    let denials = |count: usize| {
        let denial = |zone| {
            format!(
                "set rulebase security rules d{zone} from z{zone} to untrust source 10.9.{zone}.0/24 destination any category any application any service any action deny\n"
            )
        };
        (0..count).map(denial).collect::<String>()
    };
    let desk = Desk::new();
    for count in [0, 1, 40] {
        desk.write(
            "any.set",
            &format!(
                "set profiles custom-url-category entra list login.live.com/\n{}\
                 set rulebase security rules one from any to untrust source any destination any category entra application any service service-https action allow\n",
                denials(count)
            ),
        );
        let run = palo_alto(&desk, "palo-alto-set", "any.set", "");
        let told: Vec<&str> =
            run.lines("beyond").into_iter().map(|line| line.split_once(": ").unwrap().1).collect();
        assert_eq!(told, ["login.live.com also from any zone from anyone"], "{count}\n{}", run.out);
    }
}
