//! Hostile texts never become values: whatever could be syntax in a script, a configuration file, a path, XML or a terminal is
//! refused where it comes in.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use portbook::address::{PortRange, Prefix};
use portbook::finding::Code;
use portbook::host::{HostName, HostPattern, UrlPath, UrlPattern};
use portbook::id::{RoleId, StationId, ZoneId};
use portbook::rule::RuleId;
use portbook::site::SiteName;
use portbook::target::{SettingKind, SettingSpec, Settings};
use proptest::prelude::*;

/// Pieces that are syntax somewhere: shells, PowerShell, Squid, XML, set commands, CSV, Markdown, JavaScript, terminals, paths.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "|",
    "<",
    ">",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    " ",
    "$(id)",
    "`id`",
    "{{x}}",
    "{%x%}",
    "\\",
    "\\n",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{2018}",
    "\u{2019}",
    "\u{201c}",
    "\u{ff0e}",
    "é",
    "а",
    "# x",
    " #",
    "<!--",
    "]]>",
    "&#10;",
    "^",
    "%0a",
    "%00",
];

/// Pieces that a URL path may not hold; RFC 3986 lets `$`, `&`, `(`, `)`, `;` and escapes stand in it, and targets quote those.
const PATH_PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "|",
    "<",
    ">",
    "\n",
    "\r",
    "\t",
    "\0",
    " ",
    "`id`",
    "{{x}}",
    "{%x%}",
    "\\",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{2019}",
    "é",
    "#",
    "?",
    "*",
    "^",
    "%",
    "%0",
    "%zz",
    "[",
    "]",
];

const SPECS: &[SettingSpec] = &[
    SettingSpec { id: "name", summary: "a name", kind: SettingKind::Name, default: None },
    SettingSpec { id: "path", summary: "a path", kind: SettingKind::Path, default: None },
    SettingSpec { id: "flag", summary: "a flag", kind: SettingKind::Flag, default: None },
    SettingSpec { id: "number", summary: "a number", kind: SettingKind::Number, default: None },
    SettingSpec { id: "proxy", summary: "a proxy", kind: SettingKind::HostPort, default: None },
];

fn setting(id: &str, value: &str) -> bool {
    Settings::check("test", SPECS, &[(id.to_owned(), value.to_owned())]).is_ok()
}

/// `piece` in a text that would be fine without it, at any place.
fn around(piece: &'static str, fine: &'static str) -> Vec<String> {
    let (front, back) = fine.split_at(fine.len() / 2);
    vec![
        format!("{piece}{fine}"),
        format!("{front}{piece}{back}"),
        format!("{fine}{piece}"),
        piece.to_owned(),
    ]
}

#[test]
fn no_name_takes_syntax() {
    for text in PIECES.iter().flat_map(|piece| around(piece, "contoso")) {
        assert!(SiteName::parse(&text).is_err(), "site {text:?}");
        assert!(ZoneId::parse(&text).is_err(), "zone {text:?}");
        assert!(RoleId::parse(&text).is_err(), "role {text:?}");
        assert!(StationId::parse(&text).is_err(), "station {text:?}");
        assert!(!setting("name", &text), "setting {text:?}");
        assert!(!setting("flag", &text), "flag {text:?}");
    }
    assert!(
        SiteName::parse("contoso").is_ok() && ZoneId::parse("contoso").is_ok() && setting("name", "contoso")
    );
}

#[test]
fn no_host_takes_syntax() {
    for fine in ["login.windows.net", "*.windows.net", "[*.]windows.net"] {
        assert!(HostPattern::parse(fine).is_ok());
        for text in PIECES.iter().flat_map(|piece| around(piece, fine)) {
            assert!(HostPattern::parse(&text).is_err(), "pattern {text:?}");
            assert!(HostName::parse(&text).is_err(), "name {text:?}");
            assert!(UrlPattern::parse(&text).is_err(), "url {text:?}");
        }
    }
}

#[test]
fn no_path_takes_syntax() {
    assert!(UrlPath::parse("/pkiops").is_ok());
    for text in PATH_PIECES.iter().flat_map(|piece| around(piece, "/pkiops/certs")) {
        assert!(UrlPath::parse(&text).is_err(), "{text:?}");
    }
    for text in ["/..", "/a/../b", "/%2e%2e/b", "/a/./b", "pkiops", "", "/"] {
        assert!(UrlPath::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn no_number_takes_syntax() {
    for text in PIECES.iter().flat_map(|piece| around(piece, "4430")) {
        assert!(PortRange::parse(&text).is_err(), "{text:?}");
        assert!(!setting("number", &text), "{text:?}");
    }
    for text in PIECES.iter().flat_map(|piece| around(piece, "10.0.0.0/8")) {
        assert!(Prefix::parse(&text).is_err(), "{text:?}");
    }
}

#[test]
fn no_path_setting_takes_syntax() {
    for piece in PIECES.iter().filter(|piece| {
        !matches!(**piece, "\\" | "\\n" | "{{x}}" | "{%x%}" | "]]>" | "&#10;" | "^" | "%0a" | "%00")
    }) {
        for text in around(piece, "/shared/vsys1") {
            assert!(!setting("path", &text), "{text:?}");
        }
    }
    assert!(setting("path", "/shared/vsys1"));
}

#[test]
fn no_proxy_setting_takes_syntax() {
    for fine in ["proxy.corp.example:8080", "10.30.0.5:8080", "[2001:db8::5]:8080"] {
        assert!(setting("proxy", fine), "{fine}");
        for text in PIECES.iter().flat_map(|piece| around(piece, fine)) {
            assert!(!setting("proxy", &text), "{text:?}");
        }
    }
    for text in [
        "$(id):80",
        "a;b:80",
        "a:0",
        "a:+80",
        "a:080",
        "a:70000",
        ":80",
        "a",
        "2001:db8::5:80",
        "http://a:80",
        "a b:80",
    ] {
        assert!(!setting("proxy", text), "{text:?}");
    }
}

#[test]
fn a_refusal_never_repeats_what_drives_a_terminal() {
    for text in ["\u{1b}[31mred", "a\u{202e}b", "a\nb", "a\u{7f}"] {
        let finding = SiteName::parse(text).unwrap_err();
        assert_eq!(finding.code, Code::InvalidName);
        for message in [
            finding.message,
            HostPattern::parse(text).unwrap_err().to_string(),
            RoleId::parse(text).unwrap_err().to_string(),
        ] {
            assert!(!message.contains(['\u{1b}', '\u{202e}', '\n', '\u{7f}']), "{message:?}");
        }
    }
}

/// Whether every product takes a text for one plain word.
fn is_plain(text: &str, also: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c) || also.contains(c))
}

proptest! {
    #[test]
    fn what_a_name_takes_is_plain(text in "\\PC{0,12}|[a-z0-9._*\\[\\]|'\"`$()<>-]{0,12}|.{0,6}") {
        if let Ok(name) = SiteName::parse(&text) {
            prop_assert!(is_plain(name.as_str(), ""));
        }
        if let Ok(zone) = ZoneId::parse(&text) {
            prop_assert!(is_plain(zone.as_str(), ""));
        }
        if setting("name", &text) {
            prop_assert!(is_plain(&text, ""));
        }
        if let Some(id) = RuleId::parse(&text) {
            prop_assert!(is_plain(id.as_str(), ""));
        }
        if setting("number", &text) {
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }

    #[test]
    fn what_a_host_takes_is_plain(text in "(\\*\\.|\\[\\*\\.\\])?[a-zA-Z0-9._-]{1,12}[|'\"`$()<>\\n ]?[a-z.]{0,5}|.{0,8}") {
        if let Ok(name) = HostName::parse(&text) {
            prop_assert!(is_plain(name.as_str(), ""));
        }
        if let Ok(pattern) = HostPattern::parse(&text) {
            let canonical = pattern.to_string();
            prop_assert!(is_plain(pattern.name().as_str(), ""));
            prop_assert_eq!(HostPattern::parse(&canonical).unwrap(), pattern);
        }
    }

    #[test]
    fn what_a_path_takes_needs_no_quotes_of_its_own(text in "/[a-zA-Z0-9%&$!()+,;=@~/'\"`<>|*#? ]{0,10}|/.{0,8}") {
        if let Ok(path) = UrlPath::parse(&text) {
            prop_assert!(is_plain(path.as_str(), "/:@!$&()+,;=~%"));
        }
        if setting("path", &text) {
            prop_assert!(text.chars().all(|c| c.is_ascii_graphic() && !"\"'`$|<>".contains(c)));
        }
    }
}
