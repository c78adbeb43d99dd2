//! Inputs that are not what they should be: read within bounds, or refused with the file, the reason and what to do next.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// The most memory that any run here may take, in KiB: an input of 64 MiB, its text, and what is made of it.
const MEMORY: i64 = 500 << 10;
/// The longest that a run may take on a busy machine, in seconds; most take less than one.
const PATIENCE: u64 = 100;

/// What is read, as the command that reads `INPUT`.
const KINDS: &[(&str, &str)] = &[
    ("site.yaml", "build INPUT --check"),
    ("catalog/scenarios.yaml", "list editions --catalog catalog"),
    ("added/documents/own/2026-01-01.yaml", "show --all --format csv --catalog-add added"),
    ("validated/hosts.yaml", "validate validated"),
    ("ranges.json", "ranges info INPUT"),
    ("stored/portbook.lock", "ranges lookup 10.0.0.1 --ranges-dir stored"),
    ("prefixes.txt", "ranges aggregate --all --ranges INPUT"),
    ("portbook.manifest.json", "diff ./INPUT OTHER"),
    ("template.txt", "generate cloud-sync --cloud public --template INPUT"),
    (
        "since.set",
        "generate cloud-sync --cloud public --target palo-alto-set --address provisioning-agent=10.0.0.1 --since INPUT",
    ),
    ("fetched.json", "fetch --cloud public --from INPUT --ranges-dir kept"),
];

/// A manifest that is sound.
const OTHER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/contoso/lyon/portbook.manifest.json");

fn spawn(desk: &Path, line: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(line.split(' ').map(|word| if word == "OTHER" { OTHER } else { word }))
        .current_dir(desk)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a run said, if it ended in time.
#[track_caller]
fn ended(mut child: Child, what: &str) -> (Option<i32>, String) {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(PATIENCE) {
            child.kill().unwrap();
            panic!("{what}: still running after {PATIENCE} s");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

/// Makes the file of a kind by `make`, after its folder.
fn place(desk: &Path, file: &str, make: impl Fn(&Path)) {
    let path = desk.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    make(&path);
}

/// Runs every kind on what `make` makes; each has to be refused, with its name and one of `reasons`.
#[track_caller]
fn refused(what: &str, make: impl Fn(&Path), reasons: &[&str]) {
    for (file, line) in KINDS {
        let desk = tempfile::tempdir().unwrap();
        place(desk.path(), file, &make);
        let (exit, said) =
            ended(spawn(desk.path(), &line.replace("INPUT", file)), &format!("{file}, {what}"));
        assert_eq!(exit, Some(2), "{file}, {what}: {said}");
        assert!(said.starts_with("error[") && said.contains(file), "{file}, {what}: {said}");
        assert!(reasons.iter().any(|reason| said.contains(reason)), "{file}, {what}: {said}");
        assert!(said.len() < 20_000, "{file}, {what}: {} bytes of talk", said.len());
    }
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    assert!(peak < MEMORY, "{what}: {peak} KiB");
}

#[test]
fn a_gigabyte_without_a_block_is_refused_unread() {
    let make = |path: &Path| fs::File::create(path).unwrap().set_len(1 << 30).unwrap();
    refused("1 GiB", make, &["more than 67108864 bytes"]);
}

#[test]
fn a_device_that_never_ends_is_read_up_to_the_bound() {
    refused("/dev/zero", |path| symlink("/dev/zero", path).unwrap(), &["more than 67108864 bytes"]);
}

#[test]
fn links_in_a_circle_are_named() {
    refused("circle", |path| symlink(path, path).unwrap(), &["Too many levels of symbolic links"]);
}

#[test]
fn a_folder_is_no_file() {
    let make = |path: &Path| fs::create_dir(path).unwrap();
    for (file, line) in KINDS.iter().filter(|(_, line)| line.contains("INPUT")) {
        let desk = tempfile::tempdir().unwrap();
        place(desk.path(), file, make);
        let (exit, said) = ended(spawn(desk.path(), &line.replace("INPUT", file)), file);
        assert_eq!(exit, Some(2), "{file}: {said}");
        assert!(said.contains(file) && said.contains("error[cannot-read]"), "{file}: {said}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let make = |path: &Path| fs::write(path, b"ab\ncd\xff\xfe\0\x80").unwrap();
    refused("no UTF-8", make, &["line 2: byte 5 is not UTF-8", "not a range file", "is no text", "prefix"]);
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// All at once: each waits its half minute.
#[test]
#[ignore = "waits half a minute; `cargo test --test inputs -- --ignored`, as CI does"]
fn a_pipe_without_a_writer_does_not_hold_for_ever() {
    let desk = tempfile::tempdir().unwrap();
    let children: Vec<_> = KINDS
        .iter()
        .map(|(file, line)| {
            place(desk.path(), file, pipe);
            (file, spawn(desk.path(), &line.replace("INPUT", file)))
        })
        .collect();
    for (file, child) in children {
        let (exit, said) = ended(child, file);
        assert_eq!(exit, Some(2), "{file}: {said}");
        assert!(said.contains(file) && said.contains("nobody wrote to it for 30 seconds"), "{file}: {said}");
    }
}

#[test]
fn a_pipe_with_a_writer_is_a_file_like_any_other() {
    let desk = tempfile::tempdir().unwrap();
    place(desk.path(), "ranges.json", pipe);
    let child = spawn(desk.path(), "ranges lookup 20.190.128.1 --ranges ranges.json");
    fs::copy("tests/fixtures/ranges/few-tags.json", desk.path().join("ranges.json")).unwrap();
    let (exit, said) = ended(child, "pipe");
    assert_eq!(exit, Some(0), "{said}");
}

#[test]
fn a_catalog_whose_folders_go_in_a_circle_is_refused_at_once() {
    let desk = tempfile::tempdir().unwrap();
    fs::create_dir_all(desk.path().join("catalog/documents")).unwrap();
    // Two links a folder: followed up to the system's bound they would be 2^40 paths.
    symlink(".", desk.path().join("catalog/a")).unwrap();
    symlink("..", desk.path().join("catalog/documents/b")).unwrap();
    let (exit, said) = ended(spawn(desk.path(), "list scenarios --catalog catalog"), "circle");
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("it is a link to a folder above it"), "{said}");
}

/// Texts that are small, or not very large, and would be large or deep for whoever takes them as they come.
/// Each with the end of the names of the files that it is meant for, all if empty.
fn bombs() -> Vec<(&'static str, &'static str, String)> {
    let aliases = (1..9).fold("scenarios:\n- &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        text + &format!("- &a{level} [{inner}]\n")
    });
    let hosts = (0..100_000).map(|number| format!("'x{number}|'")).collect::<Vec<_>>().join(", ");
    vec![
        (".yaml", "aliases", aliases),
        (".yaml", "an alias of itself", "scenarios: &a [*a]\n".to_owned()),
        (".yaml", "merged with itself", "hosts: &a {<<: *a}\n".to_owned()),
        (".yaml", "lists in lists", format!("scenarios: {}\n", "[".repeat(100_000))),
        (".yaml", "lists of blocks", format!("scenarios:\n  {}x\n", "- ".repeat(100_000))),
        (".yaml", "entries in entries", format!("hosts: {}\n", "{a: ".repeat(100_000))),
        (".yaml", "documents", "---\n".repeat(200_000)),
        (".yaml", "a key of a megabyte", format!("{}: x\n", "k".repeat(1 << 20))),
        (".yaml", "a value of a megabyte", format!("name: {}\ncloud: public\nscenarios: [cloud-sync]\n", "n".repeat(1 << 20))),
        (".yaml", "100,000 wrong values", format!("name: a\ncloud: public\nscenarios: [{hosts}]\ntargets: [{{target: csv, output: o.csv}}]\n")),
        (".yaml", "a number of a megabyte", format!("name: a\nauto-merge: {{additions-within-used-tags: {}}}\n", "9".repeat(1 << 20))),
        (".json", "JSON in JSON", format!("{{\"format\": {}", "[".repeat(1_000_000))),
        (".json", "service tags in service tags", format!("{{\"changeNumber\": 1, \"cloud\": \"Public\", \"values\": {}", "[".repeat(1_000_000))),
        (".json", "a change number of a megabyte", format!("{{\"changeNumber\": {}, \"cloud\": \"Public\", \"values\": []}}", "9".repeat(1 << 20))),
        (".json", "elements in elements", format!("<AzurePublicIpAddresses>{}", "<a>".repeat(1_000_000))),
        (".json", "entities", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><AzurePublicIpAddresses><Region Name=\"&b;\"/></AzurePublicIpAddresses>".to_owned()),
        ("", "NUL", "\0".repeat(1 << 20)),
        ("", "blanks", " ".repeat(1 << 20)),
        ("", "one line of 8 MB", "x, ".repeat(2_800_000)),
    ]
}

#[test]
fn bombs_do_not_go_off() {
    for (end, what, text) in bombs() {
        let meant = |file: &str| {
            ((Path::new(file).extension() == Some("yaml".as_ref())) == (end == ".yaml") || end.is_empty())
                && file != "template.txt"
        };
        for (file, line) in KINDS.iter().filter(|(file, _)| meant(file)) {
            let desk = tempfile::tempdir().unwrap();
            place(desk.path(), file, |path| fs::write(path, &text).unwrap());
            let began = Instant::now();
            let (exit, said) =
                ended(spawn(desk.path(), &line.replace("INPUT", file)), &format!("{file}, {what}"));
            // A setting that holds a file is known by the name of the setting.
            let name = if *file == "since.set" { "since" } else { file };
            // Blanks are an empty file, and some files may be empty.
            let fine = exit == Some(2) && said.contains(name);
            assert!(
                fine || what == "blanks",
                "{file}, {what}, {exit:?}: {}",
                said.chars().take(2000).collect::<String>()
            );
            assert!(said.len() < 2_000_000, "{file}, {what}: {} bytes of talk", said.len());
            assert!(began.elapsed() < Duration::from_mins(1), "{file}, {what}: {:?}", began.elapsed());
        }
    }
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    assert!(peak < MEMORY, "{peak} KiB");
}

/// A template is a program of its user's: what it can do stays bounded all the same.
#[test]
fn templates_do_not_run_for_ever() {
    let loops = "{% for a in range %}".to_owned();
    let nested = "{% for r in rules %}".repeat(12) + "x" + &"{% endfor %}".repeat(12);
    for (what, text) in [
        ("no such list", loops),
        ("rules in rules", nested),
        ("deep", "{{ ".to_owned() + &"(".repeat(100_000)),
        ("repeated", "{{ ('a' * 100000000000)|json }}".to_owned()),
    ] {
        let desk = tempfile::tempdir().unwrap();
        fs::write(desk.path().join("t.txt"), text).unwrap();
        let (exit, said) =
            ended(spawn(desk.path(), "generate connect-sync --cloud public --template t.txt -q"), what);
        assert!(
            exit == Some(2) && said.contains("error[template-failed]: template t.txt"),
            "{what}: {exit:?} {said}"
        );
    }
}

#[test]
fn a_device_is_never_replaced_by_a_file() {
    let desk = tempfile::tempdir().unwrap();
    place(desk.path(), "portbook.yaml", pipe);
    let (exit, said) = ended(spawn(desk.path(), "init cloud-sync --cloud public --force"), "init");
    assert!(exit == Some(2) && said.contains("what is there is no file"), "{exit:?} {said}");
    place(desk.path(), "rules.json", pipe);
    let (exit, said) =
        ended(spawn(desk.path(), "generate cloud-sync --cloud public --target json -o ."), "generate");
    assert!(exit == Some(2) && said.contains("what is there is no file"), "{exit:?} {said}");
}
