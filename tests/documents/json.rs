//! The neutral rule set: written, read back, and refused when something in it is not so.

use std::sync::Arc;

use portbook::address::{PortRange, Prefix, PrefixSet, Transport};
use portbook::finding::{Code, Findings, Style, to_text};
use portbook::host::{HostPattern, UrlPath};
use portbook::id::ConditionId;
use portbook::place::{Addresses, Basis, Leg};
use portbook::rule::{Endpoint, Interpretation, Phase, RuleId, Scope, TlsInspection};
use portbook::site::ProxyAddress;
use portbook::target::json::{HopRecord, MatchedBy, RuleFile, Via};
use portbook::target::{FamilyChoice, Focus, Templates};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{self, HOSTILE, Sample, everything, host, pack, role, text};

fn written() -> String {
    let artifacts = everything().render("json", &[]);
    assert_eq!(artifacts[0].path, "rules.json");
    text(&artifacts[0])
}

fn refusal(result: Result<RuleFile, Findings>) -> (Code, String) {
    let findings = result.unwrap_err();
    assert_eq!(findings.len(), 1);
    let finding = findings.iter().next().unwrap();
    (finding.code, to_text(finding, Style::Plain))
}

/// The sample with one thing changed.
fn with(change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(&written()).unwrap();
    change(&mut value);
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn what_is_written_is_read_back_to_the_byte() {
    let text = written();
    assert!(text.starts_with("{\n  \"format\": \"portbook-rules/1\",\n") && text.ends_with("\n}\n"));
    let file = RuleFile::parse(&text).unwrap();
    assert_eq!(file.to_text().unwrap(), text);
    assert_eq!(file.rules.len(), 11);
}

#[test]
fn everything_of_a_rule_is_there() {
    let file = RuleFile::parse(&written()).unwrap();
    let find = |to: &str| file.rules.iter().find(|record| record.rule.flow.to.to_string() == to).unwrap();
    let hostile = find("[*.]x.net");
    assert_eq!(hostile.rule.citations[0].purpose, HOSTILE);
    assert_eq!(hostile.rule.citations[0].interpreted[0].because, HOSTILE);
    let plain = find("*.msappproxy.net");
    assert_eq!(plain.rule.tls_inspection, TlsInspection::Exclude);
    assert_eq!(plain.hops[0].source.by, MatchedBy::Addresses("agents".to_owned()));
    assert_eq!(plain.hops[0].source.zone.as_ref().unwrap().as_str(), "tier0");
    let sign_in = find("login.windows.net");
    assert_eq!(sign_in.hops.len(), 6);
    let proxied = |hop: &&HopRecord| matches!(hop.via, Via::FromProxy(_));
    assert!(
        sign_in
            .hops
            .iter()
            .filter(proxied)
            .all(|hop| hop.source.zone.is_none() && hop.source.station.is_none())
    );
    assert_eq!(sign_in.rule.citations.len(), 2);
    assert_eq!(find("domain-controller").hops[0].destination.by, MatchedBy::NotGiven);
    assert_eq!(file.address_sets["AzureActiveDirectory"].prefixes.prefixes().count(), 40);
}

#[test]
fn two_sets_of_one_name_stay_apart() {
    let file = RuleFile::parse(&written()).unwrap();
    let proxies: Vec<&String> = file.address_sets.keys().filter(|name| name.starts_with("proxy")).collect();
    assert_eq!(proxies.len(), 2, "{proxies:?}");
    assert!(proxies.iter().all(|name| name.len() == "proxy-".len() + 10));
}

#[test]
fn a_rule_without_a_hop_is_named_with_the_reason() {
    let mut sample = everything();
    let six = sample::station("six", &["2001:db8::99"], "tier0");
    let only_six =
        sample::rule(Endpoint::Role(role("connect-server")), host("a.example"), Transport::Tcp, "443");
    let from = sample::party(&only_six.flow.from, Some(&six), sample::site_set(&six));
    sample.add(&only_six, Leg::Direct, from, sample::party(&only_six.flow.to, None, Addresses::NotAsked));
    let fitted = sample.fitted("json", &Focus { family: FamilyChoice::V4, ..Focus::default() });
    let artifacts = pack("json", &fitted, &[]).unwrap().render(&Templates::embedded()).unwrap();
    let file = RuleFile::parse(&text(&artifacts[0])).unwrap();
    assert_eq!(file.left_out[0].rule, only_six.id);
    assert_eq!(file.left_out[0].losses[0].code, Code::FamilyLeftOut);
    assert_eq!(file.rule_set, sample.rules.digest());
}

#[test]
fn a_newer_format_is_named() {
    let newer = written().replace("portbook-rules/1", "portbook-rules/2").replace("\"scope\"", "\"reach\"");
    let (code, text) = refusal(RuleFile::parse_named("old/rules.json", &newer));
    assert_eq!(code, Code::RulesNewerFormat);
    assert!(text.contains("old/rules.json has the format portbook-rules/2"), "{text}");
}

#[test]
fn a_foreign_or_cut_file_is_located() {
    let written = written();
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        "{\"format\": 1}",
        "{\"format\": \"other\"}",
        &written[..written.len() / 2],
    ] {
        assert_eq!(refusal(RuleFile::parse(text)).0, Code::RulesUnreadable, "{text}");
    }
    let broken = written.replace("\"host\": \"*.msappproxy.net\"", "\"host\": \"*.ms|approxy.net\"");
    let (_, shown) = refusal(RuleFile::parse_named("r.json", &broken));
    assert!(shown.contains("cannot stand in a host name") && shown.contains("--> r.json:"), "{shown}");
}

type Change = fn(&mut Value);

/// Files whose shape is wrong; the schema refuses them too.
pub(crate) fn broken_shapes() -> Vec<(&'static str, String)> {
    let changes: [(&str, Change); 14] = [
        ("unknown key", |file| file["extra"] = json!(1)),
        ("unknown key of a rule", |file| file["rules"][0]["extra"] = json!(1)),
        ("unknown key of a hop", |file| file["rules"][0]["hops"][0]["extra"] = json!(1)),
        ("missing key", |file| drop(file.as_object_mut().unwrap().remove("left-out"))),
        ("no rule", |file| file["rules"] = json!([])),
        ("no citation", |file| file["rules"][0]["citations"] = json!([])),
        ("no hop", |file| file["rules"][0]["hops"] = json!([])),
        ("two kinds of end", |file| file["rules"][0]["from"]["outside"] = json!("users")),
        ("no kind of end", |file| file["rules"][0]["from"] = json!({})),
        ("two kinds of side", |file| file["rules"][0]["hops"][0]["source"]["any"] = json!(true)),
        ("a proxy on a direct hop", |file| {
            file["rules"][0]["hops"][0]["proxy"] = json!({"host": "p", "ports": "8080"});
        }),
        ("unknown phase", |file| file["rules"][0]["phases"] = json!(["later"])),
        ("unknown reading", |file| {
            file["rules"][0]["citations"][0]["interpreted"] = json!([{"of": "x", "because": "y"}]);
        }),
        ("empty set", |file| file["address-sets"]["agents"]["prefixes"] = json!([])),
    ];
    changes.into_iter().map(|(name, change)| (name, with(change))).collect()
}

#[test]
fn a_wrong_shape_is_refused() {
    for (name, text) in broken_shapes() {
        assert_eq!(refusal(RuleFile::parse(&text)).0, Code::RulesUnreadable, "{name}");
    }
}

#[test]
fn a_wrong_value_or_relation_is_refused() {
    let changes: [(&str, Change, &str); 12] = [
        ("port", |file| file["rules"][0]["ports"] = json!("70000"), "too large"),
        ("rule id", |file| file["rules"][0]["id"] = json!("r-aaaaaaaaaa"), "is not the id of its flow"),
        ("flow", |file| file["rules"][0]["scope"] = json!("local"), "is not the id of its flow"),
        ("digest", |file| file["rule-set"] = json!("aaaaaaaaaa"), "the digest"),
        ("dropped rule", |file| drop(file["rules"].as_array_mut().unwrap().remove(0)), ""),
        ("rule twice", |file| file["rules"][1] = file["rules"][0].clone(), "stands twice"),
        (
            "host bits",
            |file| file["address-sets"]["agents"]["prefixes"][0] = json!("10.20.0.11/8"),
            "not a network",
        ),
        (
            "missing set",
            |file| file["rules"][0]["hops"][0]["source"]["addresses"] = json!("gone"),
            "not there",
        ),
        (
            "idle set",
            |file| file["address-sets"]["idle"] = file["address-sets"]["agents"].clone(),
            "no rule uses",
        ),
        (
            "set name",
            |file| file["address-sets"]["a b"] = file["address-sets"]["agents"].clone(),
            "cannot be the name",
        ),
        ("documents", |file| file["documents"] = json!([]), "citations"),
        ("edition", |file| file["rules"][0]["citations"][0]["edition"] = json!("2026-13-01"), "edition date"),
    ];
    for (name, change, words) in changes {
        let (code, text) = refusal(RuleFile::parse(&with(change)));
        assert_eq!(code, Code::RulesUnreadable, "{name}");
        assert!(text.contains(words), "{name}: {text}");
    }
}

#[test]
fn a_key_given_twice_is_refused() {
    for (key, twice) in [
        ("  \"site\":", "  \"site\": \"b\",\n  \"site\":"),
        (
            "    \"agents\":",
            "    \"agents\": {\"basis\": \"site\", \"prefixes\": [\"10.0.0.0/8\"]},\n    \"agents\":",
        ),
    ] {
        let text = written().replacen(key, twice, 1);
        assert_eq!(refusal(RuleFile::parse(&text)).0, Code::RulesUnreadable, "{key}");
    }
}

#[test]
fn order_and_spacing_of_a_file_do_not_matter() {
    let file = RuleFile::parse(&written()).unwrap();
    let turned = with(|file| file["rules"].as_array_mut().unwrap().reverse());
    let compact = serde_json::from_str::<Value>(&turned).unwrap().to_string();
    assert_eq!(RuleFile::parse(&compact).unwrap(), file);
}

#[test]
fn a_user_template_sees_the_file() {
    let lowered = everything().pack("json", &[]).unwrap();
    let template = "{% for rule in rules %}{{ rule.id|json_string }} {{ rule['tls-inspection']|json_string }}\n{% endfor %}";
    let text = portbook::target::render_text("own", template, lowered.context(), lowered.filters()).unwrap();
    assert_eq!(text.lines().count(), 11);
    assert!(text.contains("\" \"exclude\"\n"), "{text}");
}

fn endpoint() -> impl Strategy<Value = Endpoint> {
    let name = "[a-z][a-z0-9]{0,8}(\\.[a-z][a-z0-9]{0,5}){1,2}";
    let role_id = "[a-z][a-z0-9]{0,10}";
    prop_oneof![
        role_id.prop_map(|id| Endpoint::Role(role(&id))),
        role_id.prop_map(|id| Endpoint::Outside(role(&id))),
        (prop_oneof!["", "\\*\\.", "\\[\\*\\.\\]"], name, proptest::option::of(role_id)).prop_map(
            |(mark, name, at)| {
                Endpoint::Host {
                    pattern: HostPattern::parse(&format!("{mark}{name}")).unwrap(),
                    at: at.map(|at| role(&at)),
                }
            }
        ),
        (name, "/[a-zA-Z0-9&$!()+,;=@~]{1,12}").prop_map(|(name, path)| Endpoint::Url {
            host: HostPattern::parse(&name).unwrap(),
            path: UrlPath::parse(&path).unwrap(),
        }),
        "[A-Za-z][A-Za-z0-9]{0,12}(\\.[A-Za-z0-9]{1,6})?".prop_map(Endpoint::ServiceTag),
        role_id.prop_map(|id| Endpoint::CloudRanges(portbook::id::CloudId::parse(&id).unwrap())),
    ]
}

fn ports() -> impl Strategy<Value = PortRange> {
    (1..=u16::MAX, 1..=u16::MAX)
        .prop_map(|(a, b)| PortRange::parse(&format!("{}-{}", a.min(b), a.max(b))).unwrap())
}

fn addresses() -> impl Strategy<Value = Addresses> {
    let prefixes = proptest::collection::vec((any::<u32>(), 0..=32u8, any::<u128>(), 0..=128u8), 1..30);
    let known = (prefixes, 0..4u8, "[a-z]{1,3}").prop_map(|(raw, basis, name)| {
        let mut set = PrefixSet::default();
        for (v4, length4, v6, length6) in raw {
            let v4 = v4 & u32::MAX.checked_shl(32 - u32::from(length4)).unwrap_or(0);
            let v6 = v6 & u128::MAX.checked_shl(128 - u32::from(length6)).unwrap_or(0);
            let both = [
                Prefix::new(std::net::Ipv4Addr::from(v4).into(), length4),
                Prefix::new(std::net::Ipv6Addr::from(v6).into(), length6),
            ];
            set = set.union(&both.into_iter().flatten().collect());
        }
        let basis = match basis {
            0 => Basis::Site,
            1 => Basis::WholeFile,
            number => Basis::Tag { tag: name.clone(), documented: number == 2 },
        };
        let file = (basis != Basis::Site).then_some(HOSTILE);
        sample::set(&name, set, basis, file)
    });
    prop_oneof![Just(Addresses::Any), Just(Addresses::NotGiven), Just(Addresses::NotAsked), known]
}

fn leg() -> impl Strategy<Value = Leg> {
    let name =
        "[a-z]{1,5}".prop_map(|name| ProxyAddress::Name(portbook::host::HostName::parse(&name).unwrap()));
    let address = prop_oneof![
        any::<u32>().prop_map(|bits| ProxyAddress::Ip(std::net::Ipv4Addr::from(bits).into())),
        any::<u64>()
            .prop_map(|bits| ProxyAddress::Ip(std::net::Ipv6Addr::from(u128::from(bits) << 64 | 1).into())),
        name
    ];
    prop_oneof![
        Just(Leg::Direct),
        address.clone().prop_map(|host| Leg::ToProxy(sample::proxy(host).into())),
        address.prop_map(|host| Leg::FromProxy(sample::proxy(host).into())),
    ]
}

prop_compose! {
    fn entry()(
        ends in (endpoint(), endpoint()), ports in ports(), source_ports in proptest::option::of(ports()),
        flags in any::<[bool; 5]>(), tls in 0..5usize, text in any::<String>(), doubt in proptest::option::of(any::<String>()),
        leg in leg(), known in (addresses(), addresses()), readings in proptest::collection::vec(0..5usize, 0..3),
    ) -> (portbook::rule::Rule, Leg, Addresses, Addresses) {
        let transport = if flags[0] { Transport::Tcp } else { Transport::Udp };
        let mut rule = sample::rule(ends.0, ends.1, transport, &ports.to_string());
        rule.flow.source_ports = source_ports;
        rule.flow.scope = if flags[1] { Scope::Local } else { Scope::Network };
        rule.id = RuleId::of(&rule.flow);
        rule.gap = flags[2];
        rule.doubt = doubt;
        rule.tls_inspection = [TlsInspection::NotStated, TlsInspection::NotRequired, TlsInspection::Contradictory,
            TlsInspection::DoNotTerminate, TlsInspection::Exclude][tls];
        if flags[3] { rule.phases.extend(Phase::ALL); }
        if flags[4] { rule.assumed.insert(ConditionId::parse("c").unwrap()); }
        rule.citations[0].documented_as.clone_from(&text);
        rule.citations[0].interpreted = readings.into_iter()
            .map(|kind| Interpretation { of: Interpretation::KINDS[kind], because: text.clone() }).collect();
        (rule, leg, known.0, known.1)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_file_is_read_back_to_the_byte(entries in proptest::collection::vec(entry(), 1..6), four in any::<bool>()) {
        let mut sample = Sample::default();
        for (rule, leg, from, to) in &entries {
            let from = sample::party(&rule.flow.from, None, from.clone());
            sample.add(rule, leg.clone(), from, sample::party(&rule.flow.to, None, to.clone()));
        }
        // Hops carry the merged rules, as the placer's do.
        for hop in &mut sample.hops {
            hop.rule = Arc::new(sample.rules.get(&hop.rule.id).unwrap().clone());
        }
        let family = if four { FamilyChoice::V4 } else { FamilyChoice::Both };
        let fitted = sample.fitted("json", &Focus { family, ..Focus::default() });
        prop_assume!(!fitted.rules.is_empty());
        let artifacts = pack("json", &fitted, &[]).unwrap().render(&Templates::embedded()).unwrap();
        let text = text(&artifacts[0]);
        let file = RuleFile::parse(&text).unwrap();
        prop_assert_eq!(file.to_text().unwrap(), text);
    }
}

#[test]
fn the_example_of_the_documentation_is_a_rule_file() {
    let page = include_str!("../../docs/targets/json.md");
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    RuleFile::parse(example).unwrap();
}
