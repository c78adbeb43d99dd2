//! Squid: the text, and what a real Squid says of it where one is installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod proxy;

use portbook::finding::Code;
use portbook::site::SiteName;
use proxy::{Fixture, KINDS, wishes};

fn kinds() -> Fixture {
    let mut fixture = Fixture::new(wishes(KINDS));
    fixture.addresses =
        vec![("provisioning-agent", "127.0.0.0/8 10.20.0.11"), ("connect-server", "10.10.0.0/28 fd00::/8")];
    fixture
}

fn directives(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

#[test]
fn a_fragment_holds_allow_lines_only() {
    let text = kinds().text("squid", &[]).unwrap();
    assert!(text.lines().all(|line| line.len() < 8000 && line == line.trim_end()), "{text}");
    for line in directives(&text) {
        let fine = line.starts_with("acl portbook_") || line.starts_with("http_access allow portbook_");
        assert!(fine, "{line}");
        // Every line is bound to ports and to a destination.
        assert!(!line.starts_with("http_access") || line.contains("portbook_ports_"), "{line}");
    }
    assert!(text.contains("Place before authentication, `http_access deny !Safe_ports`"));
    assert!(text.starts_with("# Portbook: Microsoft Entra Cloud Sync, public cloud\n# documents: "));
    assert!(text.contains(
        "www.microsoft.com/pkiops TCP 80: agent traffic with the cloud service [wider: path-dropped]"
    ));
    assert!(text.contains("3 rules must not be inspected"), "{text}");
}

#[test]
fn a_standalone_policy_ends_in_a_denial_and_says_so() {
    let text = kinds().text("squid", &[("form", "standalone"), ("port", "8080")]).unwrap();
    assert!(text.lines().nth(1).unwrap().contains("ends in `http_access deny all`"), "{text}");
    assert_eq!(directives(&text).last(), Some(&"http_access deny all"));
    assert_eq!(directives(&text).first(), Some(&"http_port 8080"));
    assert!(text.contains("Enforces: denies what it does not allow."));
    let findings = kinds().text("squid", &[("form", "standalone"), ("port", "65536")]).unwrap_err();
    assert_eq!(findings.iter().next().unwrap().code, Code::InvalidValue);
}

#[test]
fn wildcards_are_strict_and_lists_have_no_overlap() {
    let text = kinds().text("squid", &[]).unwrap();
    let lines = directives(&text);
    let has = |end: &str| lines.iter().any(|line| line.ends_with(end));
    assert!(has("_443_hosts dstdomain -n .msappproxy.net") && has("_443_apex dstdomain -n msappproxy.net"));
    // Its apex is listed for the same port, so nothing is taken out.
    assert!(has("_443_hosts dstdomain -n .msftauth.net") && !has("_443_apex dstdomain -n msftauth.net"));
    assert!(has("_443_hosts dstdomain -n .msauth.net") && !has("_443_apex dstdomain -n msauth.net"));
    // Held by *.microsoftonline.com, so not listed again; its rule is still named.
    assert!(
        !has(" login.microsoftonline.com")
            && text.contains(" login.microsoftonline.com TCP 443: agent traffic")
    );
    // The apex on another port is another line.
    assert!(
        has("_80_hosts dstdomain -n .crl3.digicert.com") && has("_80_apex dstdomain -n crl3.digicert.com")
    );
    assert!(has("_443_hosts dstdomain -n crl3.digicert.com"));
    assert!(has("_80.443_hosts dstdomain -n aadcdn.example.net"));
    assert!(has("port 80 443") && has("port 49152-65535"));
    // Anyone: no src.
    assert!(has("http_access allow portbook_ports_8080 portbook_any_source_8080_hosts"), "{text}");
}

#[test]
fn a_name_is_spliced_on_the_ports_of_its_exclusion_alone() {
    let wished = "agent a.example.net 80\nagent a.example.net 443 exclude\nagent b.example.net 443 exclude";
    let mut fixture = Fixture::new(wishes(wished));
    fixture.addresses = vec![("agent", "10.20.0.11")];
    let text = fixture.text("squid", &[("splice", "yes")]).unwrap();
    let spliced: Vec<&str> = text.lines().filter(|line| line.starts_with("ssl_bump")).collect();
    assert_eq!(
        spliced,
        [
            "ssl_bump splice portbook_agent portbook_ports_443 portbook_agent_80.443_443_tls",
            "ssl_bump splice portbook_agent portbook_ports_443 portbook_agent_443_tls",
        ],
        "{text}"
    );
    assert!(text.contains("acl portbook_agent_80.443_443_tls ssl::server_name a.example.net\n"), "{text}");
}

#[test]
fn names_are_short_and_carry_the_site() {
    let mut fixture = kinds();
    fixture.site = SiteName::parse("contoso-hq").unwrap();
    let text = fixture.text("squid", &[("splice", "yes")]).unwrap();
    for line in directives(&text) {
        let names = line.split([' ', '!']).filter(|word| word.starts_with("portbook_"));
        for name in names {
            assert!(name.len() <= 60 && name.starts_with("portbook_cont"), "{name}");
        }
    }
    assert_eq!(text, fixture.text("squid", &[("splice", "yes")]).unwrap());
}

#[test]
fn hostile_words_stay_in_comments() {
    let mut fixture = kinds();
    fixture.purpose = format!("a\nhttp_access allow all\r\u{2028}\u{202e} {} \\", "long ".repeat(4000));
    fixture.notes = vec!["n\nhttp_access allow all".to_owned(), "x".repeat(20_000)];
    let text = fixture.text("squid", &[("form", "standalone")]).unwrap();
    assert!(text.lines().all(|line| line.len() < 2000), "long lines");
    assert!(text.is_ascii() && !directives(&text).contains(&"http_access allow all"));
    assert_eq!(directives(&text), directives(&kinds().text("squid", &[("form", "standalone")]).unwrap()));
}

#[test]
fn all_addresses_of_one_family_are_not_all_of_both() {
    // Squid takes 0.0.0.0/0 for every address, ::/0 for none, and ::/1 for IPv4 clients too.
    let mut fixture = Fixture::new(wishes("agent a.example.net 443\nagent6 b.example.net 443"));
    fixture.addresses = vec![("agent", "0.0.0.0/0"), ("agent6", "::/0")];
    let text = fixture.text("squid", &[]).unwrap();
    let lines = directives(&text);
    assert!(lines.contains(&"acl portbook_agent src 0.0.0.0/1"));
    assert!(lines.contains(&"acl portbook_agent src 128.0.0.0/1"));
    assert!(!text.contains("/0"), "{text}");
    let prefixes: Vec<portbook::address::Prefix> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("acl portbook_agent6 src "))
        .map(|prefix| portbook::address::Prefix::parse(prefix).unwrap())
        .collect();
    assert_eq!(prefixes.len(), 96);
    assert!(prefixes.iter().all(|prefix| !prefix.contains("::ffff:127.0.0.1".parse().unwrap())));
}

#[test]
fn nothing_becomes_an_allow_line_for_everything() {
    let nothing = Fixture::new(Vec::new()).text("squid", &[]).unwrap_err();
    assert_eq!(nothing.iter().next().unwrap().code, Code::NothingSelected);
    let fixture = kinds();
    let (fitted, settings) = fixture.fitted("squid", &[]);
    let mut no_destination = fitted.clone();
    no_destination.rules[0].destination = portbook::target::Match::Any;
    let mut no_source = fitted.clone();
    no_source.rules[0].source = portbook::target::Match::Itself;
    let mut udp = fitted.clone();
    udp.rules[0].transport = portbook::address::Transport::Udp;
    let mut empty = fitted;
    let set = proxy::address_set("none", portbook::address::PrefixSet::default());
    empty.rules[0].source = portbook::target::Match::Addresses(std::sync::Arc::new(set));
    for (fitted, code) in [
        (no_destination, Code::DestinationNotGiven),
        (no_source, Code::SourceNotGiven),
        (udp, Code::NotThroughProxy),
        (empty, Code::EmptyAddresses),
    ] {
        let findings = proxy::render("squid", &fitted, &settings).unwrap_err();
        assert_eq!(findings.iter().next().unwrap().code, code);
    }
}

#[test]
fn a_list_that_two_ports_share_is_written_once() {
    let (mut fitted, settings) = kinds().fitted("squid", &[]);
    let set =
        ["20.190.128.0/18", "2603:1006::/40"].map(|text| portbook::address::Prefix::parse(text).unwrap());
    let set = set.into_iter().collect();
    let set = std::sync::Arc::new(proxy::address_set("AzureActiveDirectory", set));
    for rule in &mut fitted.rules {
        rule.destination = portbook::target::Match::Addresses(std::sync::Arc::clone(&set));
    }
    let text = proxy::render("squid", &fitted, &settings).unwrap();
    assert_eq!(text.matches("dst 20.190.128.0/18").count(), 1, "{text}");
    assert!(text.contains("Destinations by address also match names"));
    #[cfg(unix)]
    real::accepts(&text, "http_access deny all");
}

/// Runs only where a Squid is installed.
#[cfg(unix)]
mod real {
    use std::fs;
    use std::io::{Read as _, Write as _};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    fn squid() -> Option<&'static str> {
        ["squid", "/usr/sbin/squid"].into_iter().find(|name| Command::new(name).arg("-v").output().is_ok())
    }

    fn knows_server_name(squid: &str) -> bool {
        let version = Command::new(squid).arg("-v").output().unwrap();
        String::from_utf8_lossy(&version.stdout).contains("--with-openssl")
    }

    /// Squid reads `text`, followed by `rest`, and has nothing to say about it.
    pub(crate) fn accepts(text: &str, rest: &str) {
        let Some(squid) = squid() else { return };
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("squid.conf");
        fs::write(&config, format!("{text}\n{rest}\n")).unwrap();
        let output = Command::new(squid).args(["-k", "parse", "-f"]).arg(&config).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let bad = ["WARNING", "ERROR", "FATAL", "NOTICE", "Bungled", "unrecognized"];
        assert!(output.status.success() && !bad.iter().any(|word| said.contains(word)), "{said}\n{text}");
    }

    #[test]
    fn squid_reads_every_form_without_a_word() {
        let Some(squid) = squid() else { return };
        let mut whole = kinds();
        whole.addresses =
            vec![("provisioning-agent", "0.0.0.0/0 ::/0"), ("connect-server", "::/0 10.0.0.1 fd00::1")];
        whole.site = SiteName::parse("contoso-headquarters.building_1").unwrap();
        for fixture in [kinds(), whole] {
            accepts(&fixture.text("squid", &[]).unwrap(), "http_access deny all");
            accepts(&fixture.text("squid", &[("form", "standalone")]).unwrap(), "");
            if knows_server_name(squid) {
                accepts(&fixture.text("squid", &[("splice", "yes")]).unwrap(), "http_access deny all");
            }
        }
    }

    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// Starts Squid with `text`, which it finds by `include`, and `rest` behind it.
    fn start(squid: &str, folder: &Path, port: u16, text: &str, rest: &str, hosts: &str) -> Running {
        let at = folder.display();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(folder.join("portbook.conf"), text).unwrap();
        fs::write(folder.join("hosts"), hosts).unwrap();
        let config = format!(
            "pid_filename {at}/pid\ncache_log {at}/cache.log\naccess_log none\ncoredump_dir {at}\npinger_enable off\n\
             visible_hostname test.local\ncache deny all\nhosts_file {at}/hosts\ndns_nameservers 127.0.0.1\n\
             dns_timeout 1 seconds\nconnect_timeout 1 seconds\nshutdown_lifetime 0 seconds\n\
             include {at}/portbook.conf\n{rest}\n"
        );
        fs::write(folder.join("squid.conf"), config).unwrap();
        let child = Command::new(squid)
            .args(["-N", "-n", &format!("portbook{port}"), "-f"])
            .arg(folder.join("squid.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Running(child);
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < until, "Squid does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        running
    }

    /// Whether Squid tries to carry out a request that comes from `client`, which is also where it listens.
    fn passes(client: IpAddr, port: u16, request: &str) -> bool {
        let mut stream = TcpStream::connect(SocketAddr::new(client, port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        match &answer {
            b"HTTP/1.1 403" | b"HTTP/1.1 400" => false,
            b"HTTP/1.1 200" | b"HTTP/1.1 503" | b"HTTP/1.1 502" => true,
            other => panic!("{request}: {}", String::from_utf8_lossy(other)),
        }
    }

    fn free_port() -> u16 {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
    }

    /// Every name around every pattern, from two clients, on each port and by both methods.
    fn ask_all(fixture: &Fixture, port: u16) {
        let mut asked = 0;
        for client in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
            for host in fixture.probes() {
                for wanted in [80, 443, 8080, 50_000] {
                    let allowed = fixture.allows(Some(client), &host, wanted);
                    for request in
                        [format!("CONNECT {host}:{wanted}"), format!("GET http://{host}:{wanted}/")]
                    {
                        assert_eq!(passes(client, port, &request), allowed, "{request} from {client}");
                        asked += 1;
                    }
                }
            }
            for request in
                ["CONNECT 127.0.0.9:443", "CONNECT [::ffff:127.0.0.9]:443", "GET http://127.0.0.9/"]
            {
                assert!(!passes(client, port, request), "{request}");
            }
        }
        assert!(asked > 1000);
    }

    fn hosts(fixture: &Fixture) -> String {
        let names: Vec<String> = fixture.probes().into_iter().filter(|name| !name.ends_with('.')).collect();
        names.iter().flat_map(|name| ["127.0.0.9 ", name.as_str(), "\n"]).collect()
    }

    #[test]
    fn squid_allows_what_the_rules_allow_and_nothing_else() {
        let Some(squid) = squid() else { return };
        let fixture = kinds();
        let hosts = hosts(&fixture);
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let text = fixture.text("squid", &[("form", "standalone"), ("port", &port.to_string())]).unwrap();
        let running = start(squid, folder.path(), port, &text, "", &hosts);
        ask_all(&fixture, port);
        drop(running);
        // The fragment at the top of the usual policy: CONNECT to port 80 passes although SSL_ports has 443 only.
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let text = fixture.text("squid", &[]).unwrap();
        let rest = format!(
            "acl SSL_ports port 443\nacl Safe_ports port 80 443\nhttp_access deny !Safe_ports\n\
             http_access deny CONNECT !SSL_ports\nhttp_access deny all\nhttp_port {port}"
        );
        let _running = start(squid, folder.path(), port, &text, &rest, &hosts);
        ask_all(&fixture, port);
    }
}
