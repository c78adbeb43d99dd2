//! What was read by hand in the documents, row by row and edition by edition. A fact that an edition does not state is `-`.

use portbook::catalog::{Catalog, Edition, EditionText, Layer, Reading, Statement};
use portbook::id::DocumentId;
use portbook::resolve::stated_prerequisites;

const DOCUMENTS: [(&str, &str); 11] = [
    ("cloud-sync-prerequisites", "2019-12-06"),
    ("cloud-sync-prerequisites", "2019-12-06.2"),
    ("cloud-sync-prerequisites", "2020-12-11"),
    ("cloud-sync-prerequisites", "2021-03-23"),
    ("cloud-sync-prerequisites", "2021-10-19"),
    ("cloud-sync-prerequisites", "2023-01-11"),
    ("cloud-sync-prerequisites", "2023-11-06"),
    ("cloud-sync-prerequisites", "2024-04-26"),
    ("cloud-sync-prerequisites", "2025-04-09"),
    ("cloud-sync-prerequisites", "2026-07-27"),
    ("practical365-cloud-provisioning", "2020-01-15"),
];

/// A row: the prerequisite, and its value in each of [`DOCUMENTS`]; `=` repeats the value on the left.
type Row = (&'static str, [&'static str; 11]);

const ADMINISTRATORS: &str = "Domain Administrator or Enterprise Administrator to create the group managed service account of the agent";
const HYBRID: &str = "hybrid identity administrator to use the tenant, no guest user";
const TODAY: &str = "2016 or 2019 or 2022 or 2025";

const ROWS: &[Row] = &[
    (
        "server-os",
        ["2012 R2 or later", "=", "=", "2016 or later", "=", "=", "=", "=", "=", TODAY, "2012 R2 or later"],
    ),
    ("server-os-recommended", ["-", "-", "-", "-", "-", "-", "-", "-", "-", "2022 or 2025", "-"]),
    ("domain-joined", ["required", "=", "=", "=", "=", "=", "=", "=", "=", "=", "-"]),
    ("on-domain-controller", ["-", "-", "-", "-", "supported", "=", "=", "=", "=", "=", "="]),
    ("server-core", ["-", "unsupported", "=", "=", "=", "=", "=", "=", "=", "=", "-"]),
    ("system-language", ["-", "en", "-", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("administrative-tier", ["-", "-", "0", "=", "=", "=", "=", "=", "=", "=", "-"]),
    (
        "memory",
        [
            "at least 4 GB",
            "=",
            "at least 4 GB; 12 organizational units: 4 GB; 18 organizational units: 5.5 GB; 28 organizational units: 10 GB or more",
            "at least 4 GB",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
        ],
    ),
    ("dotnet-framework", ["4.7.1 or later", "=", "=", "=", "=", "=", "=", "=", "=", "=", "="]),
    ("execution-policy", ["-", "Undefined or RemoteSigned", "=", "=", "=", "=", "=", "=", "=", "=", "-"]),
    ("tls-12", ["1.2 enabled", "=", "=", "=", "=", "=", "=", "=", "=", "=", "-"]),
    (
        "service-account",
        [
            "-",
            "-",
            r"domain\provAgentgMSA$ (group managed service account)",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    ("install-credentials", ["-", "-", ADMINISTRATORS, "=", "=", "=", "=", "=", "=", "=", "-"]),
    (
        "tenant-credentials",
        ["global administrator to use the tenant", HYBRID, "=", "=", "=", "=", "=", "=", "=", "=", "-"],
    ),
    ("ntlm", ["-", "-", "-", "-", "disabled", "=", "=", "=", "=", "=", "-"]),
    ("high-availability", ["-", "-", "-", "-", "at least 3", "=", "=", "=", "=", "=", "at least 1"]),
    (
        "proxy-protocol",
        ["-", "-", "-", "-", "-", "-", "-", "HTTP 1.1 or later; chunked encoding on", "=", "=", "-"],
    ),
    (
        "credential-manager-service",
        ["-", "-", "-", "-", "-", "-", "-", "-", "VaultSvc not-disabled", "=", "-"],
    ),
    (
        "custom-domain-names",
        ["one or more custom domain names in the tenant", "=", "=", "=", "=", "=", "=", "=", "=", "=", "-"],
    ),
    ("idfix", ["-", "the IdFix tool, run on the directory", "=", "=", "=", "=", "=", "=", "=", "=", "-"]),
    (
        "directory-schema",
        [
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "of Windows Server 2016 or later, for msDS-ExternalDirectoryObjectId",
            "-",
        ],
    ),
    (
        "gmsa-schema",
        [
            "-",
            "-",
            "of Windows Server 2012 or later",
            "of Windows Server 2016 or later",
            "of Windows Server 2012 or later",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    ("gmsa-modules", ["-", "-", "PowerShell RSAT modules", "=", "=", "=", "=", "=", "=", "=", "-"]),
    (
        "gmsa-domain-controllers",
        [
            "-",
            "-",
            "at least 1 with Windows Server 2012 or later",
            "at least 1 with Windows Server 2016 or later",
            "at least 1 with Windows Server 2012 or later",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    ("gmsa-server-os", ["-", "-", "2012 or later", "2016 or later", "=", "=", "=", "=", "=", TODAY, "-"]),
    (
        "group-scope-members",
        [
            "-",
            "-",
            "group scope filtering in delta sync: at most 1500 members",
            "=",
            "group scope filtering in delta sync: at most 50000 members",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    (
        "scope-objects",
        [
            "-",
            "-",
            "-",
            "-",
            "separate organizational units in one configuration: at most 59 units",
            "separate organizational units or security groups in one configuration: at most 59 units or groups",
            "=",
            "=",
            "separate organizational units or security groups in one configuration: at most 50 units or groups",
            "=",
            "-",
        ],
    ),
    ("scope-size", ["-", "-", "-", "-", "-", "-", "-", "-", "scoping configuration: at most 4 MB", "=", "-"]),
    (
        "deleted-scope-group",
        [
            "-",
            "-",
            "users of a deleted scoping group are not deleted",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    (
        "renamed-scope",
        [
            "-",
            "-",
            "the job does not recognize a renamed group or organizational unit in scope, and remains healthy",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    (
        "provisioning-logs",
        [
            "-",
            "-",
            "provisioning logs do not clearly tell create from update operations",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "=",
            "-",
        ],
    ),
    (
        "disconnected-forests",
        [
            "-",
            "-",
            "-",
            "disconnected forests must have different fully qualified names",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
        ],
    ),
    (
        "password-hash-sync-inetorgperson",
        ["-", "-", "-", "-", "password hash sync with InetOrgPerson", "=", "=", "=", "=", "=", "-"],
    ),
    (
        "preview-exchange-hybrid",
        ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "Exchange hybrid configurations"],
    ),
];

fn with_edition<T>(
    document: &str,
    edition: &str,
    look: impl FnOnce(&DocumentId, Edition, &EditionText) -> T,
) -> T {
    let catalog = Catalog::embedded().unwrap();
    let document = catalog.document(&DocumentId::parse(document).unwrap()).unwrap();
    let edition: Edition = edition.parse().unwrap();
    look(document.id(), edition, catalog.edition(document, edition).unwrap())
}

fn value(document: &str, edition: &str, id: &str) -> String {
    with_edition(document, edition, |name, edition, text| {
        let mut found = stated_prerequisites(name, edition, text).filter(|each| each.says.id.as_str() == id);
        let value = found.next().map_or("-".to_owned(), |each| each.comparable().value);
        assert!(found.next().is_none(), "{id} stands twice in {name} {edition}");
        value
    })
}

#[test]
fn every_row_holds_in_every_edition() {
    for (id, expected) in ROWS {
        let mut meant = "-";
        for (cell, (document, edition)) in expected.iter().zip(DOCUMENTS) {
            meant = if *cell == "=" { meant } else { cell };
            assert_eq!(value(document, edition, id), meant, "{id} in {document} {edition}");
        }
    }
}

const SCHANNEL: &str =
    r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2";
const DOTNET: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework\v4.0.30319";
const DOTNET_32: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319";

#[test]
fn the_registry_values_are_those_of_the_documents() {
    let cloud_sync = [
        format!(r"{SCHANNEL}\Client\DisabledByDefault = 0"),
        format!(r"{SCHANNEL}\Client\Enabled = 1"),
        format!(r"{SCHANNEL}\Server\DisabledByDefault = 0"),
        format!(r"{SCHANNEL}\Server\Enabled = 1"),
        format!(r"{DOTNET}\SchUseStrongCrypto = 1"),
        "then restart".to_owned(),
    ];
    for (document, edition) in DOCUMENTS.iter().take(10) {
        assert_eq!(value(document, edition, "tls-12-registry"), cloud_sync.join("; "), "{edition}");
    }
    let connect = [
        format!(r"{DOTNET_32}\SystemDefaultTlsVersions = 1"),
        format!(r"{DOTNET_32}\SchUseStrongCrypto = 1"),
        format!(r"{DOTNET}\SystemDefaultTlsVersions = 1"),
        format!(r"{DOTNET}\SchUseStrongCrypto = 1"),
        format!(r"{SCHANNEL}\Server\Enabled = 1"),
        format!(r"{SCHANNEL}\Server\DisabledByDefault = 0"),
        format!(r"{SCHANNEL}\Client\Enabled = 1"),
        format!(r"{SCHANNEL}\Client\DisabledByDefault = 0"),
        "then restart".to_owned(),
    ];
    for edition in ["2021-09-14", "2025-04-09"] {
        assert_eq!(
            value("connect-tls-enforcement", edition, "tls-12-registry"),
            connect.join("; "),
            "{edition}"
        );
    }
}

#[test]
fn the_permissions_of_a_custom_account_are_the_eight_of_the_table() {
    let expected = [
        ("Read all properties", "Descendant device objects"),
        ("Read all properties", "Descendant InetOrgPerson objects"),
        ("Read all properties", "Descendant Computer objects"),
        ("Read all properties", "Descendant foreignSecurityPrincipal objects"),
        ("Full control", "Descendant Group objects"),
        ("Read all properties", "Descendant User objects"),
        ("Read all properties", "Descendant Contact objects"),
        ("Create/delete User objects", "This object and all descendant objects"),
    ];
    for (index, (document, edition)) in DOCUMENTS.iter().enumerate() {
        let found = with_edition(document, edition, |_, _, text| {
            let mut all = text.prerequisites.iter().filter(|each| each.id.as_str() == "gmsa-permissions");
            all.next().map(|each| match &each.statement {
                Statement::Permissions { allow, .. } => allow
                    .iter()
                    .map(|each| (each.access.clone(), each.applies_to.clone()))
                    .collect::<Vec<_>>(),
                other => panic!("{other}"),
            })
        });
        // From the edition of 2021-03-23 on; the blog does not have it.
        let stated = (3..10).contains(&index);
        let meant = expected.map(|(access, to)| (access.to_owned(), to.to_owned())).to_vec();
        assert_eq!(found, stated.then_some(meant), "{edition}");
    }
}

#[test]
fn the_reason_for_the_server_os_stands_where_the_text_gives_it() {
    for (document, edition) in DOCUMENTS {
        let reason = with_edition(document, edition, |_, _, text| {
            let os = text.prerequisites.iter().find(|each| each.id.as_str() == "server-os").unwrap();
            os.note.clone().unwrap_or_default().contains("msDS-ExternalDirectoryObjectId")
        });
        assert_eq!(reason, ["2024-04-26", "2025-04-09"].contains(&edition), "{edition}");
    }
}

#[test]
fn what_was_not_read_is_said() {
    let reading = |document: &str, edition: &str| {
        with_edition(document, edition, |_, _, text| {
            (text.prerequisites_read, text.prerequisites_unread.is_some(), text.prerequisites.len())
        })
    };
    assert_eq!(reading("connect-ports", "2017-02-15"), (Reading::Not, false, 0));
    // Read from beginning to end: it asks nothing of hosts.
    assert_eq!(reading("connect-ports", "2025-04-09"), (Reading::Whole, false, 0));
    let (read, said, count) = reading("cloud-sync-prerequisites", "2024-04-26");
    assert!(read == Reading::Part && said && count > 30);
}

/// The catalog states facts in words of its own: a sentence of a page has no key.
#[test]
fn words_of_pages_are_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("documents/page");
    std::fs::create_dir_all(&page).unwrap();
    std::fs::write(page.join("document.yaml"), "title: A page\npublisher: microsoft\n").unwrap();
    let text = "source: {texts: [{at: here}], date: stated}\nprerequisites-read: whole\nprerequisites:\n  \
                - {id: a, role: provisioning-agent, states: {remark: x}, words: y}\n";
    std::fs::write(page.join("2024-01-01.yaml"), text).unwrap();
    let catalog = Catalog::load(vec![Layer::embedded(), Layer::folder(folder.path()).unwrap()]).unwrap();
    let document = catalog.documents().find(|document| document.id().as_str() == "page").unwrap();
    let edition = document.editions().next().unwrap();
    let findings = catalog.edition(document, edition).unwrap_err();
    let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said.iter().any(|message| message.contains("words")), "{said:?}");
}
