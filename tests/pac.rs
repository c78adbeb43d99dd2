//! PAC: the text, and what JavaScript engines make of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod proxy;

use portbook::finding::Code;
use portbook::host::HostPattern;
use proptest::prelude::*;
use proxy::{Fixture, KINDS, wishes};
use rquickjs::{Context, Function, Runtime};

const PROXY: &str = "PROXY proxy.corp.example:8080";
const BOTH: &[(&str, &str)] = &[("others", "direct")];

fn kinds() -> Fixture {
    let mut fixture = Fixture::new(wishes(KINDS));
    fixture.proxy = Some("proxy.corp.example:8080");
    fixture
}

/// A script in an engine.
struct Engine {
    context: Context,
    function: &'static str,
}

impl Engine {
    fn new(text: &str, function: &'static str) -> Self {
        let context = Context::full(&Runtime::new().unwrap()).unwrap();
        context.with(|js| js.eval::<(), _>(text).unwrap());
        Self { context, function }
    }

    /// The answer; `None` is null.
    fn ask(&self, url: &str, host: &str) -> Option<String> {
        self.context.with(|js| {
            let function: Function<'_> = js.globals().get(self.function).unwrap();
            function.call((url, host)).unwrap()
        })
    }
}

fn engine(fixture: &Fixture) -> Engine {
    Engine::new(&fixture.text("pac", BOTH).unwrap(), "FindProxyForURL")
}

/// URLs that name `host` and `port`, in every way that says it.
fn urls(host: &str, port: u16) -> Vec<String> {
    let mut urls = vec![
        format!("https://{host}:{port}/"),
        format!("http://{host}:{port}"),
        format!("HTTP://user:pw@{host}:{port}/a?b#c"),
        format!("http://a@b@{host}:{port}?x=http://y:81/"),
    ];
    let by_scheme = match port {
        80 => vec![format!("http://{host}/:443"), format!("ws://{host}"), format!("http://{host}:/")],
        443 => {
            vec![format!("https://{host}/a:80/"), format!("wss://{host}/"), format!("https://u@{host}?:80")]
        }
        _ => Vec::new(),
    };
    urls.extend(by_scheme);
    urls
}

#[test]
fn every_name_and_port_goes_where_the_rules_say() {
    let fixture = kinds();
    let engine = engine(&fixture);
    let mut probes = fixture.probes();
    for host in [
        "127.0.0.9",
        "10.0.0.1",
        "localhost",
        "intranet",
        "constructor",
        "__proto__",
        "toString",
        "hasOwnProperty",
    ] {
        probes.insert(host.to_owned());
    }
    let mut listed = 0;
    for host in probes {
        for port in [21, 80, 443, 8080, 49_151, 50_000, 65_535] {
            let expected = if fixture.allows(None, &host, port) { PROXY } else { "DIRECT" };
            for url in urls(&host, port) {
                assert_eq!(engine.ask(&url, &host).as_deref(), Some(expected), "{url}");
                // A caller that passes no host.
                assert_eq!(engine.ask(&url, "").as_deref(), Some(expected), "{url}");
                listed += usize::from(expected == PROXY);
            }
        }
    }
    assert!(listed > 200, "{listed}");
}

#[test]
fn odd_urls_are_not_listed() {
    let engine = engine(&kinds());
    for (url, host) in [
        ("http://[::1]:443/", "::1"),
        ("http://[::1]/", "[::1]"),
        ("https://[::ffff:1.2.3.4]:443/", "[::ffff:1.2.3.4]"),
        ("https:login.windows.net", "login.windows.net"),
        ("login.windows.net:443", "login.windows.net"),
        ("//login.windows.net:443/", "login.windows.net"),
        ("", "login.windows.net"),
        ("gopher://login.windows.net/", "login.windows.net"),
        ("ftp://login.windows.net/", "login.windows.net"),
        ("https://login.windows.net:99999/", "login.windows.net"),
        ("https://login.windows.net:443x/", "login.windows.net:443x"),
        // Only the part in front of a path or backslash is the authority.
        ("https://evil.com/@login.windows.net:443", "evil.com"),
        ("https://evil.com\\@login.windows.net:443", ""),
        ("https://evil.com#@login.windows.net:443/", ""),
        ("https://.login.windows.net/", ".login.windows.net"),
        ("https://.msappproxy.net/", ".msappproxy.net"),
        ("https://msappproxy.net../", "msappproxy.net.."),
        ("https://a..msappproxy.net/", "a..msappproxy.net"),
        ("https://a.msappproxy.net../", "a.msappproxy.net.."),
        // The Kelvin sign is a small k once it is lower-cased.
        ("https://x.servic\u{212a}ebus.windows.net/", "x.servic\u{212a}ebus.windows.net"),
        ("https://*.msappproxy.net/", "*.msappproxy.net"),
    ] {
        assert_eq!(engine.ask(url, host).as_deref(), Some("DIRECT"), "{url}");
    }
    // The engine's own word on the host counts: it is what it connects to.
    assert_eq!(engine.ask("https://login.windows.net/", "evil.com").as_deref(), Some("DIRECT"));
    assert_eq!(engine.ask("https://LOGIN.Windows.NET./", "LOGIN.Windows.NET.").as_deref(), Some(PROXY));
}

#[test]
fn properties_that_objects_inherit_are_no_hosts() {
    let fixture = Fixture::new(wishes(
        "agent constructor 443\nagent __proto__ 80\nagent *.__proto__.x 443\nagent tostring.valueof 443\nagent *.hasownproperty.x 443",
    ));
    let text = fixture.text("pac", &[("listed", "direct"), ("others", "proxy"), ("proxy", "p:80")]).unwrap();
    let engine = Engine::new(&text, "FindProxyForURL");
    let mut probes = fixture.probes();
    for host in ["valueOf", "isPrototypeOf", "watch", "__defineGetter__", "length"] {
        probes.insert(host.to_owned());
        probes.insert(format!("a.{host}"));
    }
    for host in probes {
        for port in [80, 443] {
            let expected = if fixture.allows(None, &host, port) { "DIRECT" } else { "PROXY p:80" };
            assert_eq!(
                engine.ask(&format!("http://{host}:{port}/"), &host).as_deref(),
                Some(expected),
                "{host}:{port}"
            );
        }
    }
}

#[test]
fn the_function_leaves_everything_else_to_its_caller() {
    let text = kinds().text("pac", &[("form", "function"), ("fallback", "yes")]).unwrap();
    assert!(!text.contains("function FindProxyForURL"));
    let engine = Engine::new(&text, "portbookRoute");
    let listed = engine.ask("https://login.windows.net/", "login.windows.net");
    assert_eq!(listed.as_deref(), Some("PROXY proxy.corp.example:8080; DIRECT"));
    assert_eq!(engine.ask("https://example.com/", "example.com"), None);
}

#[test]
fn nothing_is_assumed() {
    let mut fixture = kinds();
    let codes = |fixture: &Fixture, settings: &[(&str, &str)]| -> Vec<(Code, String)> {
        let findings = fixture.text("pac", settings).unwrap_err();
        findings.iter().map(|finding| (finding.code, finding.message.clone())).collect()
    };
    let others = codes(&fixture, &[]);
    assert_eq!(others.len(), 1);
    assert!(others[0].0 == Code::SettingMissing && others[0].1.contains("`others`"), "{others:?}");
    fixture.proxy = None;
    let all = codes(&fixture, &[]);
    assert_eq!(all.len(), 2, "{all:?}");
    let proxy = codes(&fixture, &[("listed", "proxy"), ("others", "direct")]);
    assert!(proxy[0].0 == Code::SettingMissing && proxy[0].1.contains("`proxy`"), "{proxy:?}");
    let settings = portbook::target::find("pac").unwrap().settings;
    for bad in ["a;DIRECT:80", "a\";alert(1)//:80", "\u{2028}:80", "fd00::5:3128", "-a:80"] {
        let given = [("proxy".to_owned(), bad.to_owned())];
        let findings = portbook::target::Settings::check("pac", settings, &given).unwrap_err();
        assert_eq!(findings.iter().next().unwrap().code, Code::InvalidValue, "{bad:?}");
    }
    let nothing = codes(&Fixture::new(Vec::new()), &[("listed", "direct"), ("others", "direct")]);
    assert_eq!(nothing[0].0, Code::NothingSelected);
}

#[test]
fn two_proxies_need_a_word() {
    let (mut fitted, settings) = kinds().fitted("pac", BOTH);
    fitted.rules[0].leg = portbook::place::Leg::FromProxy(proxy::listener("10.0.0.5:3128").into());
    let findings = proxy::render("pac", &fitted, &settings).unwrap_err();
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.code, Code::SettingMissing);
    assert!(finding.message.contains("10.0.0.5:3128, proxy.corp.example:8080"), "{}", finding.message);
    let (_, settings) = kinds().fitted("pac", &[("others", "direct"), ("proxy", "[fd00::5]:3128")]);
    assert!(proxy::render("pac", &fitted, &settings).unwrap().contains("\"PROXY [fd00::5]:3128\""));
}

#[test]
fn a_file_too_large_to_be_read_is_not_written() {
    let large = |count: usize| {
        let mut fixture = kinds();
        let long = ["x".repeat(60), "y".repeat(60), "z".repeat(60)].join(".");
        let hosts =
            (0..count).map(|at| -> &'static str { format!("agent h{at}.{long}.example.net 443").leak() });
        fixture.wishes = hosts.flat_map(wishes).collect();
        fixture.text("pac", BOTH)
    };
    assert!(large(1300).unwrap().contains("Larger than 256 KB"));
    assert_eq!(large(4800).unwrap_err().iter().next().unwrap().code, Code::ArtifactTooLarge);
}

/// Old engines: `WinHTTP` runs a PAC in `JScript`, which knows ECMAScript 3.
#[test]
fn the_script_is_plain_old_ascii() {
    let mut fixture = kinds();
    fixture.purpose = "*/ alert(1) // \n\u{2028}".to_owned();
    fixture.notes = vec!["@cc_on @if (1) \n alert(1) \u{2029} é */".to_owned(), "x".repeat(3000)];
    for settings in [BOTH, &[("others", "direct"), ("form", "function")]] {
        let text = fixture.text("pac", settings).unwrap();
        assert!(
            text.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) && text.ends_with("}\n")
                || settings != BOTH
        );
        let code: String =
            text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
        for word in [
            "const ",
            "let ",
            "=>",
            "`",
            "class ",
            "...",
            "get ",
            "set ",
            ".includes",
            ".endsWith",
            "Object.",
            "JSON",
            ".trim(",
            "shExpMatch",
            "dnsResolve",
            "alert",
        ] {
            assert!(!code.contains(word), "{word}");
        }
        let dense: String = code.split_whitespace().collect();
        assert!(!dense.contains(",}") && !dense.contains(",]"), "trailing comma");
        Engine::new(&text, "portbookRoute");
    }
}

/// Asks pacparser too, whose engine is older than ECMAScript 5, where it is installed.
#[test]
fn pacparser_gives_the_same_answers() {
    let python = ["/usr/bin/python3", "python3"].into_iter().find(|python| {
        let output = std::process::Command::new(python).args(["-c", "import pacparser"]).output();
        output.is_ok_and(|output| output.status.success())
    });
    let Some(python) = python else { return };
    let fixture = kinds();
    let folder = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    for host in fixture.probes() {
        for port in [80, 443, 8080, 50_000] {
            let expected = if fixture.allows(None, &host, port) { PROXY } else { "DIRECT" };
            lines.extend(urls(&host, port).into_iter().map(|url| format!("{url}\t{host}\t{expected}\n")));
        }
    }
    std::fs::write(folder.path().join("portbook.pac"), fixture.text("pac", BOTH).unwrap()).unwrap();
    std::fs::write(folder.path().join("asked"), lines.concat()).unwrap();
    let script = "import pacparser\npacparser.init()\npacparser.parse_pac_file('portbook.pac')\n\
                  for line in open('asked'):\n    url, host, want = line.rstrip('\\n').split('\\t')\n    \
                  got = pacparser.find_proxy(url, host)\n    assert got == want, (url, got, want)\n";
    let output =
        std::process::Command::new(python).args(["-c", script]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any hosts against any patterns: the walk over the labels decides as the pattern does.
    #[test]
    fn the_walk_agrees_with_the_pattern(
        patterns in prop::collection::vec("(\\*\\.|\\[\\*\\.\\])?[ab](\\.[ab]){1,2}", 1..6),
        hosts in prop::collection::vec("[abAB]{1,2}(\\.[abAB]{1,2}){0,4}\\.?", 1..40),
    ) {
        let lines: Vec<&'static str> =
            patterns.iter().map(|pattern| -> &'static str { format!("agent {pattern} 443").leak() }).collect();
        let mut fixture = kinds();
        fixture.wishes = lines.into_iter().flat_map(wishes).collect();
        let engine = engine(&fixture);
        for host in hosts {
            let held = patterns.iter().any(|pattern| HostPattern::parse(pattern).unwrap().matches(&host));
            let expected = if held { PROXY } else { "DIRECT" };
            let answer = engine.ask(&format!("https://{host}/"), &host);
            prop_assert_eq!(answer.as_deref(), Some(expected), "{} of {:?}", host, &patterns);
        }
    }
}
