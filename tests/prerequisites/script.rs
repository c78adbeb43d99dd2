//! A preflight only reads, connects and reports: everything that its scripts call is on a list.

use std::collections::BTreeSet;

use super::portbook;
use super::snapshot::{project, read};

/// Commands of PowerShell; none of them changes anything outside the process.
const COMMANDS: &[&str] = &[
    "ConvertTo-Json",
    "ForEach-Object",
    "Format-Table",
    "Get-CimInstance",
    "Get-ExecutionPolicy",
    "Select-Object",
    "Where-Object",
];

/// Functions of the script itself.
const OWN: &[&str] = &[
    "Get-AddressOf",
    "Get-DomainTarget",
    "Get-Outcome",
    "Get-ProxyAnswer",
    "Get-ProxyAuthorization",
    "Get-Reason",
    "Get-RegistryValue",
    "Get-Result",
    "Get-WayTo",
    "Get-WinHttpProxy",
    "Open-Connection",
    "Open-Way",
    "Read-Answer",
    "Test-Check",
    "Test-ExecutionPolicy",
    "Test-Handshake",
    "Test-HttpAnswer",
    "Test-Memory",
    "Test-NtlmPolicy",
    "Test-ServiceState",
    "Test-Target",
    "Test-TlsVersion",
    "Test-WindowsServer",
];

/// Methods and constructors. `Write` stands in one place, for the request to a proxy or a CRL host.
const METHODS: &[&str] = &[
    "Append",
    "AuthenticateAsClient",
    "ConnectAsync",
    "Contains",
    "ContainsKey",
    "Dispose",
    "EndsWith",
    "GetBytes",
    "GetHostAddressesAsync",
    "GetNetworkCredential",
    "GetNewClosure",
    "GetStream",
    "GetString",
    "GetValue",
    "IndexOf",
    "LastIndexOf",
    "OpenBaseKey",
    "OpenSubKey",
    "ReadByte",
    "Round",
    "Split",
    "StartNew",
    "StartsWith",
    "Substring",
    "ToBase64String",
    "ToCharArray",
    "ToInt32",
    "ToString",
    "Trim",
    "TrimEnd",
    "TryParse",
    "Wait",
    "Write",
    "new",
];

const KEYWORDS: &[&str] = &[
    "break", "catch", "continue", "default", "else", "elseif", "exit", "finally", "foreach", "function",
    "if", "in", "param", "return", "switch", "throw", "try", "while",
];

/// Code without comments, with every string as `''`; code inside of expandable strings stands behind it.
fn code(script: &str) -> String {
    let text: Vec<char> = script.chars().collect();
    let mut out = String::new();
    let mut inner = String::new();
    let mut at = 0;
    while at < text.len() {
        let next = text.get(at + 1).copied();
        match text[at] {
            '<' if next == Some('#') => {
                while !(text[at] == '#' && text.get(at + 1) == Some(&'>')) {
                    at += 1;
                }
                at += 2;
            }
            '#' => {
                while at < text.len() && text[at] != '\n' {
                    at += 1;
                }
            }
            '\'' => {
                at += 1;
                while text[at] != '\'' || text.get(at + 1) == Some(&'\'') {
                    at += if text[at] == '\'' { 2 } else { 1 };
                }
                at += 1;
                out.push_str("''");
            }
            '"' => {
                at = expandable(&text, at + 1, &mut inner);
                out.push_str("''");
            }
            other => {
                out.push(other);
                at += 1;
            }
        }
    }
    if inner.is_empty() { out } else { format!("{out}\n{}", code(&inner)) }
}

/// The end of an expandable string; the code of its `$( )` goes to `inner`.
fn expandable(text: &[char], mut at: usize, inner: &mut String) -> usize {
    while text[at] != '"' {
        match (text[at], text.get(at + 1)) {
            ('`', _) => at += 2,
            ('$', Some('(')) => {
                let start = at + 2;
                let mut depth = 1;
                at = start;
                let mut quoted = None;
                while depth > 0 {
                    match (quoted, text[at]) {
                        (None, '(') => depth += 1,
                        (None, ')') => depth -= 1,
                        (None, quote @ ('\'' | '"')) => quoted = Some(quote),
                        (Some(quote), end) if end == quote => quoted = None,
                        _ => {}
                    }
                    at += 1;
                }
                inner.extend(&text[start..at - 1]);
                inner.push('\n');
            }
            _ => at += 1,
        }
    }
    at + 1
}

/// Everything that a script calls: commands, wherever a statement can begin, and methods.
pub(crate) fn calls(script: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let code = code(script);
    let text: Vec<char> = code.chars().collect();
    let (mut commands, mut methods) = (BTreeSet::new(), BTreeSet::new());
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let start = at;
        while at < text.len() && (text[at].is_ascii_alphanumeric() || matches!(text[at], '_' | '-')) {
            at += 1;
        }
        let word: String = text[start..at].iter().collect();
        let before: String = text[..start].iter().collect();
        let after: String = text[at..].iter().take(3).collect();
        if before.ends_with(['.', ':']) {
            if after.starts_with('(') {
                methods.insert(word);
            }
            continue;
        }
        if before.ends_with(['$', '-', '[']) {
            continue;
        }
        let line = before.trim_end_matches([' ', '\t']);
        let begins = line.is_empty() || line.ends_with(['\n', '{', '(', ';', '|', '=', '&']);
        let is_key = after.trim_start().starts_with('=') && !after.trim_start().starts_with("==");
        if (begins || word.contains('-')) && !is_key && !KEYWORDS.contains(&word.as_str()) {
            commands.insert(word);
        }
    }
    (commands, methods)
}

pub(crate) fn assert_reads_only(name: &str, script: &str) {
    let (commands, methods) = calls(script);
    let beyond: Vec<&String> = commands
        .iter()
        .filter(|word| !COMMANDS.contains(&word.as_str()) && !OWN.contains(&word.as_str()))
        .collect();
    assert!(beyond.is_empty(), "{name} calls {beyond:?}");
    let beyond: Vec<&String> = methods.iter().filter(|word| !METHODS.contains(&word.as_str())).collect();
    assert!(beyond.is_empty(), "{name} calls methods {beyond:?}");
    let code = code(script);
    assert!(!code.contains("& ") && !code.contains("\n. "), "{name} has a call operator");
    assert!(
        code.contains("OpenSubKey($Key.Substring($Key.IndexOf('') + 1), $false)"),
        "{name} opens keys for reading"
    );
}

#[test]
fn preflights_only_read() {
    let mut seen = 0;
    for (name, bytes) in read(&project().join("snapshots/prerequisites")) {
        if name.strip_suffix(".preflight.ps1").is_some() {
            assert_reads_only(&name, &String::from_utf8(bytes).unwrap());
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn the_guard_sees_what_it_must() {
    let script = "# a\n$x = 'Remove-Item'\n\"$(Stop-Service 'a')\"\nif ($a) { rm $b }\n$c.Delete()\nGet-Item x | sc y\n";
    let (commands, methods) = calls(script);
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    assert_eq!(commands, ["Get-Item", "Stop-Service", "rm", "sc"]);
    assert!(methods.contains("Delete"));
}

/// The credential goes into one header, which is written after a 407 and to the proxy's own connection only.
#[test]
fn credentials_stand_in_one_place() {
    let output = portbook(&project(), "prerequisites cloud-sync --cloud public --format powershell -q");
    let script = String::from_utf8(output.stdout).unwrap();
    assert_eq!(script.matches("GetNetworkCredential").count(), 1);
    assert_eq!(script.matches("Get-ProxyAuthorization").count(), 2, "its definition and one call");
    let call = script.find("$credential = Get-ProxyAuthorization $answer").unwrap();
    let guard = script.find("if ($answer.Status -ne 407) { return").unwrap();
    assert!(guard < call && script[call..].contains("Open-Connection $Way.Name $Way.Port"));
    assert!(!script.contains("UseDefaultCredentials") && !script.contains("DefaultNetworkCredentials"));
}

#[test]
fn every_line_of_a_preflight_cites_a_document_and_every_endpoint_of_the_selection_is_in_it() {
    let folder = project();
    let output = portbook(&folder, "prerequisites cloud-sync --cloud us-government --format powershell -q");
    let script = String::from_utf8(output.stdout).unwrap();
    let rules = portbook(
        &folder,
        "generate cloud-sync --cloud us-government --target csv --address provisioning-agent=10.0.0.1 -q",
    );
    let rules = String::from_utf8(rules.stdout).unwrap();
    let mut hosts = 0;
    for id in
        rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| word.starts_with("r-"))
    {
        assert!(script.contains(&format!("Id = '{id}'")), "{id}");
        hosts += 1;
    }
    assert!(hosts >= 24, "{hosts}");
    let entries = script.matches("        Id = '").count();
    assert_eq!(
        script.matches("        Source = '").count() - script.matches("        Source = ''").count(),
        entries
    );
}
