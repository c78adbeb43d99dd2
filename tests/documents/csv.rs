//! The change request.

use std::collections::BTreeMap;

use portbook::finding::Code;
use portbook::target::{FamilyChoice, Focus, Templates};

use crate::sample::{self, HOSTILE, everything, pack, text};

type Line = BTreeMap<String, String>;

fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

fn line<'a>(lines: &'a [Line], column: &str, value: &str) -> &'a Line {
    let mut found = lines.iter().filter(|line| line[column] == value);
    let line = found.next().unwrap_or_else(|| panic!("no {column} {value}"));
    assert!(found.next().is_none(), "several {column} {value}");
    line
}

#[test]
fn a_line_says_all_of_a_hop() {
    let artifacts = everything().render("csv", &[]);
    assert_eq!(artifacts[0].path, "change-request.csv");
    let lines = lines(&artifacts[0].bytes);
    assert_eq!(lines.len(), 16);
    let plain = line(&lines, "destination", "*.msappproxy.net");
    for (column, value) in [
        ("action", "allow"),
        ("direction", "outbound"),
        ("via", "direct"),
        ("source_role", "provisioning-agent"),
        ("source_type", "role"),
        ("source", "provisioning-agent"),
        ("source_addresses", "10.20.0.11; 10.20.0.12; 2001:db8::11"),
        ("source_zone", "tier0"),
        ("destination_type", "wildcard"),
        ("destination_addresses", ""),
        ("protocol", "TCP"),
        ("port", "443"),
        ("need", "required"),
        ("phase", "always"),
        ("assumed", "agent-2.4.18-or-later"),
        ("tls_inspection", "exclude"),
        ("purpose", "agent traffic with the cloud service"),
        ("documents", "cloud-sync-prerequisites 2026-07-27"),
        ("requirements", "agent-service"),
        ("documented_as", "*.MSAppProxy.net"),
        ("interpreted", "ports: port table: 443"),
        ("losses", ""),
    ] {
        assert_eq!(plain[column], value, "{column}");
    }
}

#[test]
fn every_kind_of_end_is_told_apart() {
    let lines = lines(&everything().render("csv", &[])[0].bytes);
    for (destination, kind) in [
        ("[*.]x.net", "wildcard-and-apex"),
        ("www.microsoft.com/pkiops", "url"),
        ("AzureActiveDirectory", "service-tag"),
        ("public", "ranges"),
        ("sts.contoso.com", "exact"),
        ("web-application-proxy", "role"),
    ] {
        assert_eq!(line(&lines, "destination", destination)["destination_type"], kind);
    }
    let inbound = line(&lines, "destination", "web-application-proxy");
    assert_eq!((&*inbound["source_type"], &*inbound["source_addresses"]), ("outside", "any"));
    assert_eq!((&*inbound["direction"], &*inbound["destination_addresses"]), ("inbound", "10.40.0.1"));
    assert_eq!(line(&lines, "source_port", "1024-65535")["port"], "49152-65535");
    let local = line(&lines, "direction", "local");
    assert_eq!(local["notes"], "stays on its host");
    assert!(line(&lines, "protocol", "UDP")["notes"].starts_with("no document states"));
}

#[test]
fn both_hops_of_a_proxied_flow_are_lines_with_the_same_rule() {
    let lines = lines(&everything().render("csv", &[])[0].bytes);
    let to = line(&lines, "destination", "proxy.corp.example");
    assert_eq!((&*to["via"], &*to["port"], &*to["destination_type"]), ("to-proxy", "8080", "proxy"));
    assert_eq!(to["final_destination"], "login.windows.net");
    let from = line(&lines, "source", "10.30.0.6");
    assert_eq!((&*from["via"], &*from["port"], &*from["source_type"]), ("from-proxy", "443", "proxy"));
    assert_eq!((&*from["source_role"], &*from["source_addresses"]), ("provisioning-agent", "10.30.0.6"));
    assert_eq!((&*from["source_zone"], &*to["source_zone"], &*to["destination_zone"]), ("", "tier0", ""));
    assert_eq!(from["rule"], to["rule"]);
    assert_eq!(from["phase"], "registration");
}

#[test]
fn large_sets_stand_in_a_second_file() {
    let artifacts = everything().render("csv", &[]);
    let lines = lines(&artifacts[0].bytes);
    let tagged = line(&lines, "destination", "AzureActiveDirectory");
    assert_eq!(
        tagged["destination_addresses"],
        "AzureActiveDirectory (40 prefixes: the .addresses.csv beside this file)"
    );
    assert_eq!(artifacts[1].path, "change-request.addresses.csv");
    let addresses = text(&artifacts[1]);
    assert_eq!(addresses.lines().count(), 41);
    assert!(addresses.starts_with("set,prefix\r\nAzureActiveDirectory,20.20.0.0/24\r\n"));
    assert_eq!(
        line(&lines, "destination", "public")["destination_addresses"],
        "40.64.0.0/10; 2603:1000::/24"
    );
}

#[test]
fn no_cell_is_a_formula_a_date_or_two_lines() {
    let artifacts = everything().render("csv", &[]);
    let all = text(&artifacts[0]);
    assert_eq!(all.matches("\r\n").count(), 17);
    assert_eq!(all.replace("\r\n", "").matches(['\r', '\n', '\t', '\u{202e}', '\0']).count(), 0);
    let lines = lines(&artifacts[0].bytes);
    for cell in lines.iter().flat_map(BTreeMap::values) {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
    }
    let hostile = line(&lines, "destination", "[*.]x.net");
    assert_eq!(hostile["port"], "'1-12");
    assert!(hostile["purpose"].starts_with("'=cmd|' /C calc'!A0"));
    assert!(hostile["purpose"].contains(r"\u{202e}"));
}

#[test]
fn settings_change_the_bytes_they_name() {
    let raw = everything().render("csv", &[("spreadsheet-safe", "no"), ("bom", "yes")]);
    assert!(raw.iter().all(|artifact| artifact.bytes.starts_with(b"\xef\xbb\xbf")));
    let lines = lines(&raw[0].bytes);
    let hostile = line(&lines, "destination", "[*.]x.net");
    assert_eq!(hostile["port"], "1-12");
    assert!(hostile["purpose"].starts_with("=cmd"));
    assert!(!everything().render("csv", &[])[0].bytes.starts_with(b"\xef\xbb\xbf"));
}

#[test]
fn what_was_left_out_is_said_in_the_line() {
    let sample = everything();
    let focus = Focus { family: FamilyChoice::V4, ..Focus::default() };
    let fitted = sample.fitted("csv", &focus);
    let artifacts = pack("csv", &fitted, &[]).unwrap().render(&Templates::embedded()).unwrap();
    let lines = lines(&artifacts[0].bytes);
    let plain = line(&lines, "destination", "*.msappproxy.net");
    assert_eq!(plain["source_addresses"], "10.20.0.11; 10.20.0.12");
    assert_eq!(plain["losses"], "family-left-out (not-applicable): agents: 1 IPv6 prefix left out");
}

#[test]
fn nothing_is_never_written() {
    for target in sample::READERS {
        let findings = sample::Sample::default().pack(target, &[]).err().unwrap();
        assert_eq!(findings.iter().next().unwrap().code, Code::NothingSelected);
    }
}

#[test]
fn an_empty_set_is_never_written() {
    use portbook::place::{AddressSet, Basis};
    for target in sample::READERS {
        let mut fitted = everything().fitted(target, &Focus::default());
        fitted.rules[0].source = portbook::target::Match::Addresses(std::sync::Arc::new(AddressSet {
            name: "none".to_owned(),
            prefixes: sample::prefixes(&[]),
            basis: Basis::Site,
            range_file: None,
            cloud: None,
        }));
        let findings = pack(target, &fitted, &[]).err().unwrap();
        assert_eq!(findings.iter().next().unwrap().code, Code::EmptyAddresses);
    }
}

#[test]
fn a_user_template_sees_columns_and_prints_through_the_filter() {
    let lowered = everything().pack("csv", &[]).unwrap();
    let template = "{% for row in rows %}{{ row.purpose|csv_cell }},{{ row.port|csv_cell }}\n{% endfor %}";
    let text = portbook::target::render_text("own", template, lowered.context(), lowered.filters()).unwrap();
    assert!(text.contains("\"agent traffic with the cloud service\",\"443\"\n"));
    assert!(!text.contains(HOSTILE));
}
