//! The command line as its users meet it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Command, Output};

fn portbook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    // The day after the newest range file of the fixtures.
    command.env("SOURCE_DATE_EPOCH", "1762214400").stdin(std::process::Stdio::null());
    command.current_dir(folder).args(arguments).output().unwrap()
}

/// `TRYCMD=overwrite cargo test --test cli` rewrites the outputs.
#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("SOURCE_DATE_EPOCH", "1762214400")
        .case("tests/cmd/*.trycmd");
}

#[test]
fn show_all_as_csv_is_the_committed_catalog() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = portbook(root, &["show", "--all", "--format", "csv"]);
    let expected = std::fs::read(root.join("snapshots/catalog/facts.csv")).unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(output.stdout == expected, "show differs from snapshots/catalog/facts.csv");
}

/// The lines of a help text from a heading on, up to the next empty line.
fn section<'a>(help: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = help.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.is_empty()).map(str::trim).collect()
}

/// The names of the subcommands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let names = section(help, "Commands:").into_iter().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// What examples read: files under the names that they use, and a folder of fetched files.
fn lay_out_range_files(folder: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ranges");
    for name in ["ServiceTags_Public_20251028.json", "ServiceTags_Public_20251103.json"] {
        std::fs::copy(fixtures.join(name), folder.join(name)).unwrap();
    }
    std::fs::copy(fixtures.join("ServiceTags_Public_20251028.json"), folder.join("old.json")).unwrap();
    std::fs::copy(fixtures.join("ServiceTags_Public_20251103.json"), folder.join("new.json")).unwrap();
    let clouds = [
        ("public", "ServiceTags_Public_20251103.json"),
        ("us-government", "ServiceTags_AzureGovernment_20251103.json"),
    ];
    for (cloud, file) in clouds {
        let from = fixtures.join(file);
        let output = portbook(folder, &["fetch", "--cloud", cloud, "--from", from.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Everything about the flags is said at once, before anything is opened: with a file that is not there, nothing else may be wrong.
fn checked_up_to_the_first_socket(folder: &Path, words: &[&str]) {
    let output = portbook(folder, &[words, &["--ca-file", "absent.pem"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    let only =
        said.matches("error[").count() == 1 && said.starts_with("error[cannot-read]: cannot read absent.pem");
    assert!(output.status.code() == Some(2) && only, "{words:?}\n{said}");
}

/// A site file in the folder and one in `sites`, built and committed as `origin/main`.
fn lay_out_sites(folder: &Path) {
    let site = "name: contoso-hq\ncloud: public\nscenarios: [cloud-sync]\nhosts:\n  agents: {roles: [provisioning-agent], addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13]}\ntargets:\n  - {target: windows-firewall, for: agents, output: agents.ps1, default: deny}\nexpect:\n  - allow agents -> login.microsoftonline.com:443\n  - deny agents -> example.com:8443\n";
    std::fs::create_dir(folder.join("sites")).unwrap();
    for file in ["portbook.yaml", "sites/portbook.yaml"] {
        std::fs::write(folder.join(file), site).unwrap();
        assert!(portbook(folder, &["build", file]).status.success());
    }
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let arguments = identity.iter().chain(arguments);
        let output = Command::new("git").args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "portbook.yaml", "portbook.manifest.json", "agents.ps1", "sites"]);
    git(&["commit", "--quiet", "--message", "Build"]);
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
}

/// Examples end well, or tell by code 1 that something differs or is not there. Those that pipe are run up to the pipe;
/// those that need the network are run by tests/fetch and tests/check against servers.
#[test]
fn every_example_of_every_help_runs_as_printed() {
    let folder = tempfile::tempdir().unwrap();
    lay_out_range_files(folder.path());
    lay_out_sites(folder.path());
    let audited = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit/files");
    for (from, to) in
        [("squid.conf", "squid.conf"), ("crls.txt", "crls.txt"), ("firewall.xml", "running-config.xml")]
    {
        std::fs::copy(audited.join(from), folder.path().join(to)).unwrap();
    }
    let registry = folder.path().join("my-catalog/roles.yaml");
    std::fs::create_dir(registry.parent().unwrap()).unwrap();
    std::fs::write(registry, "- {id: monitor, title: Monitoring} \n- {id: backup, title: Backup}\n").unwrap();
    let help = |arguments: &[&str]| String::from_utf8(portbook(folder.path(), arguments).stdout).unwrap();
    let top = help(&["--help"]);
    let mut commands: Vec<String> = commands(&top);
    assert!(commands.len() > 5);
    commands.extend(self::commands(&help(&["ranges", "--help"])).iter().map(|name| format!("ranges {name}")));
    let mut examples: Vec<(String, String)> =
        section(&top, "Examples:").iter().map(|line| ("portbook".to_owned(), (*line).to_owned())).collect();
    for command in &commands {
        let text = help(&command.split(' ').chain(["--help"]).collect::<Vec<_>>());
        let own = section(&text, "Examples:");
        assert!(own.len() >= 2, "{command} --help ends with two examples");
        examples.extend(own.into_iter().map(|line| (command.clone(), line.to_owned())));
    }
    for (command, example) in examples {
        let mut words = example.split([' ', '\t']).take_while(|word| !["|", "<"].contains(word));
        assert_eq!(words.next(), Some("portbook"), "{command}: {example}");
        let words: Vec<&str> = words.collect();
        if words.first() == Some(&"fetch") && !words.contains(&"--from") {
            continue;
        }
        if words.first() == Some(&"check") {
            if cfg!(feature = "online") {
                checked_up_to_the_first_socket(folder.path(), &words);
            }
            continue;
        }
        // Nothing is replaced by `init`: it starts where nothing is.
        let empty = tempfile::tempdir().unwrap();
        let place = if words.first() == Some(&"init") { empty.path() } else { folder.path() };
        let output = portbook(place, &words);
        let said = String::from_utf8_lossy(&output.stderr);
        let tells = ["audit", "diff", "lookup"].iter().any(|word| words.contains(word));
        let fine = output.status.success() || tells && output.status.code() == Some(1);
        assert!(fine, "{command}: {example}\n{said}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(["show", "--all", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}

#[test]
fn manual_pages_are_one_a_subcommand() {
    let folder = tempfile::tempdir().unwrap();
    let output = portbook(folder.path(), &["man", "pages/man1"]);
    assert!(output.status.success());
    let pages = std::fs::read_dir(folder.path().join("pages/man1")).unwrap().count();
    assert!(pages > 6, "{pages}");
    // A file stands where a folder should be made.
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let output = portbook(folder.path(), &["man", "taken"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error[cannot-write]"));
}

#[test]
fn json_products_parse_and_carry_what_the_table_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&portbook(root, arguments).stdout).unwrap()
    };
    let facts = json(&["show", "--all", "--format", "json"]);
    let lines = std::fs::read_to_string(root.join("snapshots/catalog/facts.csv")).unwrap().lines().count();
    assert_eq!(facts["facts"].as_array().unwrap().len(), lines - 1);
    assert_eq!(facts["facts"][0]["cloud"], serde_json::Value::Null);
    let host = json(&["explain", "login.microsoftonline.com:443", "--format", "json"]);
    assert_eq!((&host["host"], &host["port"]), (&"login.microsoftonline.com".into(), &443.into()));
    assert!(host["needs"].as_array().unwrap().iter().any(|need| need["how"] == "named"));
    let address = json(&["explain", "20.190.131.7", "--format", "json"]);
    assert_eq!(address["listed"][0]["prefix"], "20.190.128.0/18");
    let catalog = json(&["validate", "--format", "json"]);
    assert!(catalog["findings"].as_array().unwrap().iter().all(|finding| finding["severity"] == "note"));
    for what in ["scenarios", "documents", "editions", "clouds", "roles", "conditions", "targets", "findings"]
    {
        assert!(json(&["list", what, "--format", "json"]).as_array().is_some(), "{what}");
    }
    // Lists and numbers are what they are: nobody has to take a text apart.
    let scenarios = json(&["list", "scenarios", "--format", "json"]);
    assert_eq!(scenarios[0]["clouds"], serde_json::json!(["public", "us-government", "china"]));
    let documents = json(&["list", "documents", "--format", "json"]);
    assert_eq!(
        (&documents[0]["editions"], &documents[0]["scenarios"][0]),
        (&1.into(), &"ad-fs-mfa-adapter".into())
    );
}
