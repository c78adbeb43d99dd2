//! Registry files and preflights as raw files below `snapshots/prerequisites/`; `SNAPSHOTS=overwrite cargo test` writes them.

use super::portbook;
use super::snapshot::{Files, check, project, read};

/// A folder below `snapshots/prerequisites/` and the command line that fills it.
const CASES: &[(&str, &str)] = &[
    ("cloud-sync-public", "cloud-sync --cloud public --format reg"),
    ("cloud-sync-public", "cloud-sync --cloud public --format powershell"),
    ("cloud-sync-us-government", "cloud-sync --cloud us-government --format reg"),
    (
        "cloud-sync-us-government",
        "cloud-sync --cloud us-government --format powershell --gaps --proxy proxy.contoso.com:8080",
    ),
    // The edition with the table of memory.
    ("cloud-sync-public.2020", "cloud-sync --cloud public --as-of 2020-12-31 --format powershell"),
    // The values of 32-bit programs, and domain controllers at given addresses.
    (
        "connect-sync-us-government",
        "connect-sync --cloud us-government --optional --when connect-needs-tls-enforcement --format reg",
    ),
    (
        "connect-sync-us-government",
        "connect-sync --cloud us-government --optional --when connect-needs-tls-enforcement --format powershell \
         --address domain-controller=10.10.0.4,10.10.8.0/28,2001:db8:10::4",
    ),
];

fn made() -> Files {
    let mut files = Files::new();
    for (folder, line) in CASES {
        let desk = tempfile::tempdir().unwrap();
        let output = portbook(desk.path(), &format!("prerequisites {line} -o out"));
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty());
        let written = read(&desk.path().join("out"));
        assert!(!written.is_empty(), "{line}");
        files.extend(written.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
    }
    files
}

#[test]
fn files_are_the_committed_ones() {
    let files = made();
    assert_eq!(files, made(), "a second run gives other bytes");
    check("snapshots/prerequisites", &files, &read(&project().join("snapshots/prerequisites")));
}

fn text(bytes: &[u8]) -> String {
    let rest = bytes.strip_prefix(b"\xff\xfe").expect("UTF-16LE with its mark");
    let units: Vec<u16> = rest.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap()
}

/// Keys with their values, as regedit reads a file.
fn values(text: &str) -> Vec<(String, String)> {
    let mut key = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut key);
        } else if let Some((name, value)) = line.strip_prefix('"').and_then(|line| line.split_once("\"=")) {
            found.push((format!("{key}\\{name}"), value.to_owned()));
        }
    }
    found
}

#[test]
fn registry_files_have_the_form_that_regedit_reads_and_the_undo_names_the_same_values() {
    let files = made();
    let mut seen = 0;
    for name in files.keys().filter_map(|name| name.strip_suffix(".undo.reg")) {
        let bytes = &files[&format!("{name}.reg")];
        let set = text(bytes);
        let undo = text(&files[&format!("{name}.undo.reg")]);
        for text in [&set, &undo] {
            assert!(text.starts_with("Windows Registry Editor Version 5.00\r\n\r\n"), "{name}");
            assert!(text.ends_with("\r\n\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{name}");
        }
        let (set, undo) = (values(&set), values(&undo));
        for (_, value) in &set {
            let digits = value.strip_prefix("dword:").unwrap();
            assert!(digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{value}");
        }
        assert!(undo.iter().all(|(_, value)| value == "-"), "{name}");
        let names =
            |values: &[(String, String)]| values.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&set), names(&undo), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn the_32_bit_key_gets_eight_digits_where_the_document_prints_seven() {
    let set = text(&made()["connect-sync-us-government/connect-server.reg"]);
    let key =
        r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319\SchUseStrongCrypto";
    assert!(values(&set).contains(&(key.to_owned(), "dword:00000001".to_owned())));
}
