//! What was read by hand on the pages of other products than cloud sync.

use portbook::catalog::{Catalog, Edition, Reading};
use portbook::resolve::{CitedPrerequisite, stated_prerequisites};

const PAGES: [(&str, &str, usize); 5] = [
    ("connect-prerequisites", "2026-01-16", 31),
    ("connector-configure", "2026-05-26", 11),
    ("health-agent-install", "2026-05-26", 8),
    ("password-protection-deploy", "2025-03-04", 18),
    ("pta-quick-start", "2025-04-09", 12),
];

/// Document, id, role, need, value.
const ROWS: [(&str, &str, &str, &str, &str); 22] = [
    (
        "connect-prerequisites",
        "directory-schema",
        "domain-controller",
        "required",
        "schema version and forest functional level of Windows Server 2003 or later",
    ),
    ("connect-prerequisites", "execution-policy", "connect-server", "recommended", "RemoteSigned"),
    ("connect-prerequisites", "server-os-recommended", "connect-server", "recommended", "2022 or 2025"),
    ("connect-prerequisites", "dotnet-framework", "connect-server", "required", "4.6.2 or later"),
    (
        "connect-prerequisites",
        "dotnet-framework-mandatory-version",
        "connect-server",
        "required",
        "4.7.2 or later",
    ),
    ("connect-prerequisites", "sql-named-pipes", "connect-server", "stated", "the SQL Named Pipes protocol"),
    (
        "connect-prerequisites",
        "proxy-idle-timeout",
        "connect-server",
        "required",
        "idle connections kept for at least 6 minutes",
    ),
    (
        "connect-prerequisites",
        "powershell-transcription",
        "connect-server",
        "required when ad-fs-deployment-by-wizard",
        "no PowerShell transcription by Group Policy where the wizard manages AD FS",
    ),
    (
        "connect-prerequisites",
        "memory",
        "connect-server",
        "required",
        "at least 6 GB; 10000 objects: 6 GB; 50000 objects: 6 GB; 100000 objects: 16 GB; 300000 objects: 32 GB; 600000 objects: 32 GB or more",
    ),
    ("connect-prerequisites", "ad-fs-memory", "ad-fs-server", "required", "at least 2 GB"),
    ("connector-configure", "server-os", "connector", "required", "2016 or later"),
    ("connector-configure", "dotnet-framework", "connector", "required", "4.7.2 or later"),
    (
        "connector-configure",
        "http2-off",
        "connector",
        "optional",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp\EnableDefaultHTTP2 = 0; then restart",
    ),
    ("health-agent-install", "server-os", "health-agent", "required", "2016 or 2019 or 2022 or 2025"),
    ("health-agent-install", "server-core", "health-agent", "required", "unsupported"),
    ("health-agent-install", "proxy-authentication", "health-agent", "required", "authentication not-basic"),
    (
        "password-protection-deploy",
        "dc-dotnet-framework",
        "password-protection-dc-agent",
        "required",
        "4.7.2 or later",
    ),
    (
        "password-protection-deploy",
        "key-distribution-service",
        "password-protection-dc-agent",
        "required",
        "KdsSvc not-disabled",
    ),
    (
        "password-protection-deploy",
        "firewall-service",
        "password-protection-proxy",
        "required",
        "MpsSvc running",
    ),
    ("pta-quick-start", "high-availability", "pta-agent", "recommended", "at least 3"),
    (
        "pta-quick-start",
        "agents-limit",
        "pta-agent",
        "stated",
        "authentication agents in a tenant: at most 40 agents",
    ),
    (
        "pta-quick-start",
        "government-agent",
        "pta-agent",
        "required",
        "authentication agent 1.5.1742.0 or later",
    ),
];

fn stated<'a>(catalog: &'a Catalog, document: &str, edition: &str) -> Vec<CitedPrerequisite<'a>> {
    let document = catalog.documents().find(|each| each.id().as_str() == document).unwrap();
    let edition: Edition = edition.parse().unwrap();
    let text = catalog.edition(document, edition).unwrap();
    // None of these pages was read to its end.
    assert!(text.prerequisites_read == Reading::Part && text.prerequisites_unread.is_some(), "{document:?}");
    stated_prerequisites(document.id(), edition, text).collect()
}

#[test]
fn each_page_asks_what_was_read() {
    let catalog = Catalog::embedded().unwrap();
    for (document, edition, count) in PAGES {
        let all = stated(&catalog, document, edition);
        assert_eq!(all.len(), count, "{document}");
        let rows: Vec<_> = ROWS.iter().filter(|row| row.0 == document).collect();
        assert!(!rows.is_empty());
        for (_, id, role, need, value) in rows {
            let cited = all.iter().find(|each| each.says.id.as_str() == *id).expect(id);
            let says = cited.comparable();
            assert_eq!(
                (says.role.as_str(), says.need.as_str(), says.value.as_str()),
                (*role, *need, *value),
                "{id}"
            );
        }
    }
}

/// A page of two products asks each of them for its own only.
#[test]
fn connect_and_ad_fs_are_told_apart() {
    let catalog = Catalog::embedded().unwrap();
    for cited in stated(&catalog, "connect-prerequisites", "2026-01-16") {
        let scenarios: Vec<&str> = cited.says.scenarios.iter().map(|scenario| scenario.as_str()).collect();
        let farm = ["ad-fs-server", "web-application-proxy"].contains(&cited.says.role.as_str());
        assert_eq!(scenarios, [if farm { "ad-fs" } else { "connect-sync" }], "{}", cited.says.id);
    }
}

/// What the pages do not say themselves is marked.
#[test]
fn what_rests_on_notes_says_so() {
    let catalog = Catalog::embedded().unwrap();
    for (document, edition, id) in [
        ("health-agent-install", "2026-05-26", "proxy-authentication"),
        ("password-protection-deploy", "2025-03-04", "firewall-service"),
        ("password-protection-deploy", "2025-03-04", "proxy-settings"),
    ] {
        let all = stated(&catalog, document, edition);
        let note =
            all.iter().find(|each| each.says.id.as_str() == id).and_then(|each| each.says.note.as_ref());
        assert!(note.unwrap().contains("not from the page itself"), "{id}");
    }
}
