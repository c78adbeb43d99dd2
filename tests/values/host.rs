//! Names, patterns, URLs and templates.

use portbook::address::Prefix;
use portbook::host::{
    HostError, HostName, HostPattern, HostTemplate, TemplateError, UrlError, UrlPattern, minimal,
};
use proptest::prelude::*;

use crate::canonical;

/// Characters that mean something to a shell, a policy language or a URL, and that no rule may carry.
const UNSAFE: &[u8] = b"'\"`\\<>|{}^?#";

type HostCheck = fn(&HostError) -> bool;
type UrlCheck = fn(&UrlError) -> bool;

fn pattern(text: &str) -> HostPattern {
    HostPattern::parse(text).unwrap()
}

#[test]
fn patterns_mean_what_the_table_says() {
    let hosts = [
        "x.net",
        "a.x.net",
        "a.b.x.net",
        "evilx.net",
        "a.x.net.evil.com",
        "net",
        ".x.net",
        "a..x.net",
        "a.x.net..",
        "b c.x.net",
    ];
    let held = |text| hosts.into_iter().filter(|host| pattern(text).matches(host)).collect::<Vec<_>>();
    assert_eq!(held("x.net"), ["x.net"]);
    assert_eq!(held("*.x.net"), ["a.x.net", "a.b.x.net"]);
    assert_eq!(held("[*.]x.net"), ["x.net", "a.x.net", "a.b.x.net"]);
    assert!(pattern("*.X.net").matches("A.x.NET."));
    assert!(!pattern("*.x.net").matches("[::1]"));
}

#[test]
fn pattern_errors_each_have_their_own_variant_and_help() {
    let cases: [(&str, HostCheck); 22] = [
        ("", |e| matches!(e, HostError::Empty)),
        (".", |e| matches!(e, HostError::Empty)),
        ("*", |e| matches!(e, HostError::BareWildcard { .. })),
        ("*.", |e| matches!(e, HostError::BareWildcard { .. })),
        ("[*.]", |e| matches!(e, HostError::BareWildcard { .. })),
        ("**.servicebus.windows.net", |e| matches!(e, HostError::DoubleWildcard { .. })),
        ("*.*.x.net", |e| matches!(e, HostError::RepeatedWildcard { .. })),
        ("*foo.x.net", |e| matches!(e, HostError::PartialWildcard { .. })),
        ("a.*.x.net", |e| matches!(e, HostError::WildcardNotFirst { .. })),
        ("*.com", |e| matches!(e, HostError::TooBroad { .. })),
        ("[*.]com.", |e| matches!(e, HostError::TooBroad { .. })),
        (".x.net", |e| matches!(e, HostError::EmptyLabel { at: 0, .. })),
        ("*.a..net", |e| matches!(e, HostError::EmptyLabel { at: 4, .. })),
        ("-n.x.net", |e| matches!(e, HostError::HyphenAtEdge { .. })),
        ("10.0.0.1", |e| matches!(e, HostError::AddressLiteral { .. })),
        ("10.0.0.0/8", |e| matches!(e, HostError::AddressLiteral { .. })),
        ("[2001:db8::1]:443", |e| matches!(e, HostError::AddressLiteral { .. })),
        ("fe80::1%eth0", |e| matches!(e, HostError::AddressLiteral { .. })),
        ("0x7f000001", |e| matches!(e, HostError::AddressLiteral { .. })),
        ("*.127.1", |e| matches!(e, HostError::AddressLiteral { .. })),
        ("*.b\u{fc}cher.net", |e| {
            matches!(e, HostError::IllegalCharacter { character: '\u{fc}', at: 3, .. })
        }),
        ("login\u{202e}.x.net", |e| matches!(e, HostError::IllegalCharacter { at: 5, .. })),
    ];
    for (text, is_expected) in cases {
        let error = HostPattern::parse(text).unwrap_err();
        assert!(is_expected(&error), "{text}: {error:?}");
        assert!(error.to_string().is_ascii() && error.help().unwrap().is_ascii(), "{error}");
    }
    assert!(HostPattern::parse("b\u{fc}cher.net").unwrap_err().help().unwrap().contains("xn--"));
    assert!(HostPattern::parse("login\u{202e}.x").unwrap_err().to_string().contains(r"`login\u{202e}.x`"));
    assert!(matches!(HostName::parse("*.x.net"), Err(HostError::Wildcard { .. })));
}

#[test]
fn names_have_limits() {
    let label = "a".repeat(63);
    assert!(HostName::parse(&label).is_ok());
    assert!(matches!(HostName::parse(&format!("{label}a")), Err(HostError::LabelTooLong { .. })));
    let longest = format!("{label}.{label}.{label}.{}", &label[..61]);
    assert!(HostName::parse(&format!("{longest}.")).is_ok());
    assert!(matches!(HostName::parse(&format!("{longest}a")), Err(HostError::TooLong { length: 254 })));
}

#[test]
fn order_is_by_name_then_breadth() {
    let mut list = ["[*.]b.net", "b.net", "*.b.net", "a.net", "*.c.net"].map(pattern);
    list.sort();
    assert_eq!(
        list.map(|pattern| pattern.to_string()),
        ["a.net", "b.net", "*.b.net", "[*.]b.net", "*.c.net"]
    );
}

#[test]
fn urls() {
    assert_eq!(canonical::<UrlPattern>("WWW.microsoft.com/pkiops"), "www.microsoft.com/pkiops");
    assert_eq!(canonical::<UrlPattern>("HTTPS://*.X.net./"), "https://*.x.net");
    assert_eq!(canonical::<UrlPattern>("x.net/%7e%61%2fb%3B"), "x.net/~a%2Fb%3B");
    let cases: [(&str, UrlCheck); 15] = [
        ("https://h:8443/x", |e| matches!(e, UrlError::Port { port, .. } if port == "8443")),
        ("https://h:8443", |e| matches!(e, UrlError::Port { .. })),
        ("ftp://h.x", |e| matches!(e, UrlError::UnknownScheme { .. })),
        ("http://u:p@h.x", |e| matches!(e, UrlError::UserInformation)),
        ("h.x/a?b#c", |e| matches!(e, UrlError::Query { query } if query == "?b#c")),
        ("h.x/a#b", |e| matches!(e, UrlError::Fragment { .. })),
        ("h.x/a/../b", |e| matches!(e, UrlError::DotSegment { .. })),
        ("h.x/a/%2E%2e", |e| matches!(e, UrlError::DotSegment { .. })),
        ("h.x/a'b", |e| matches!(e, UrlError::PathCharacter { character: '\'', at: 2 })),
        ("h.x/a b", |e| matches!(e, UrlError::PathCharacter { .. })),
        ("h.x/a*", |e| matches!(e, UrlError::PathWildcard { at: 2 })),
        ("h.x/%zz", |e| matches!(e, UrlError::PathEscape { at: 1 })),
        ("http://10.0.0.1:80/x", |e| matches!(e, UrlError::Host(HostError::AddressLiteral { .. }))),
        ("http:///x", |e| matches!(e, UrlError::Host(HostError::Empty))),
        ("http://a b/x", |e| matches!(e, UrlError::Host(HostError::IllegalCharacter { at: 8, .. }))),
    ];
    for (text, is_expected) in cases {
        let error = UrlPattern::parse(text).unwrap_err();
        assert!(is_expected(&error), "{text}: {error:?}");
        assert!(error.help().is_some());
    }
}

#[test]
fn templates() {
    assert_eq!(
        canonical::<HostTemplate>("{tenant-id}.Registration.msappproxy.net"),
        "{tenant-id}.registration.msappproxy.net"
    );
    let template = HostTemplate::parse("agent{n}-{n}.{domain}").unwrap();
    assert_eq!(template.parameters().collect::<Vec<_>>(), ["n", "domain"]);
    let with =
        |n, domain| template.fill(|name| if name == "n" { n } else { domain }).map(|name| name.to_string());
    assert_eq!(with(Some("7"), Some("Contoso.COM.")).unwrap(), "agent7-7.contoso.com");
    assert_eq!(with(None, Some("x")), Err(TemplateError::Missing { parameter: "n".into() }));
    for value in ["*.x", "x:443", "x/y", "x y", "", "10.0.0.1", "{n}", "a..b", "-a", "a\u{430}"] {
        let error = with(Some("1"), Some(value)).unwrap_err();
        assert!(
            matches!(&error, TemplateError::Value { parameter, .. } if parameter == "domain"),
            "{value}: {error}"
        );
        assert!(error.to_string().contains("`domain`") && error.to_string().is_ascii(), "{error}");
    }
    for text in ["x.net", "{a", "a}", "{A}.x", "{}.x", "{a}..x", "*.{a}", "{a} .x", "-{a}.x", "{a{b}}"] {
        assert!(HostTemplate::parse(text).unwrap_err().help().is_some(), "{text}");
    }
    assert!(matches!(
        HostTemplate::parse("1.2.3.{n}").unwrap().fill(|_| Some("4")),
        Err(TemplateError::Host(_))
    ));
}

fn names() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "x", "ax"]), 2..5)
        .prop_map(|labels| labels.join("."))
}

fn patterns() -> impl Strategy<Value = HostPattern> {
    (prop::sample::select(vec!["", "*.", "[*.]"]), names())
        .prop_map(|(mark, name)| pattern(&format!("{mark}{name}")))
}

/// Names that tell apart any two patterns of `names()`: the name of each, and two depths below it.
fn probes(patterns: &[&HostPattern]) -> Vec<String> {
    let names = patterns.iter().map(|pattern| pattern.name());
    names
        .flat_map(|name| {
            [name.to_string(), format!("zz.{name}"), format!("z.zz.{name}"), format!("zz{name}")]
        })
        .collect()
}

proptest! {
    #[test]
    fn covers_overlaps_and_matches_agree(a in patterns(), b in patterns()) {
        let probes = probes(&[&a, &b]);
        prop_assert_eq!(a.covers(&b), probes.iter().all(|name| !b.matches(name) || a.matches(name)));
        prop_assert_eq!(a.overlaps(&b), probes.iter().any(|name| b.matches(name) && a.matches(name)));
        prop_assert_eq!(canonical::<HostPattern>(&a.to_string().to_uppercase()), a.to_string());
    }

    #[test]
    fn minimal_holds_the_same_names_without_overlap(list in prop::collection::vec(patterns(), 0..12)) {
        let short = minimal(list.clone());
        for name in probes(&list.iter().collect::<Vec<_>>()) {
            prop_assert_eq!(list.iter().any(|p| p.matches(&name)), short.iter().any(|p| p.matches(&name)), "{}", name);
        }
        for (at, a) in short.iter().enumerate() {
            prop_assert!(short[at + 1..].iter().all(|b| a < b && !a.overlaps(b)), "{:?}", short);
        }
        prop_assert_eq!(minimal(list.into_iter().rev()), short);
    }

    #[test]
    fn what_parses_is_plain(text in r"(?:[a-z0-9.*\[\]{}:/@?#%' _-]|\PC|\PC|[\x00-\x1f\u{202e}]){0,12}") {
        if let Ok(pattern) = HostPattern::parse(&text) {
            prop_assert!(pattern.name().as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b)));
            prop_assert_eq!(canonical::<HostPattern>(&text), pattern.to_string());
        }
        if let Ok(url) = UrlPattern::parse(&text) {
            prop_assert!(url.to_string().bytes().all(|b| b.is_ascii_graphic() && !UNSAFE.contains(&b)));
            canonical::<UrlPattern>(&text);
        }
        let errors = [HostPattern::parse(&text).err().map(|e| e.to_string()), UrlPattern::parse(&text).err().map(|e| e.to_string()),
            HostTemplate::parse(&text).err().map(|e| e.to_string()), Prefix::parse(&text).err().map(|e| e.to_string())];
        prop_assert!(errors.iter().flatten().all(|e| e.bytes().all(|b| (b' '..=b'~').contains(&b))), "{:?}", errors);
    }
}
