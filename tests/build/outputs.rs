//! Where files go, and where they must not.

use std::fs;

use crate::Desk;
use crate::desk::SMALL;

fn to(output: &str) -> String {
    SMALL.replace("output: out.csv", &format!("output: {output}"))
}

fn two(one: &str, other: &str) -> String {
    SMALL.replace(
        "  - {target: csv, output: out.csv}\n",
        &format!("  - {{target: csv, output: {one}}}\n  - {{target: json, output: {other}}}\n"),
    )
}

#[test]
fn two_targets_cannot_write_one_file() {
    for (one, other) in [
        ("a.txt", "a.txt"),
        ("a.txt", "A.TXT"),
        ("Ä.txt", "ä.txt"),
        ("a", "a/b"),
        ("a/b/c", "A/b"),
        ("portbook.manifest.json", "b"),
        ("Portbook.Manifest.json", "b"),
    ] {
        let desk = Desk::with(&two(one, other));
        desk.build().ended(2).says("output-twice");
        assert!(desk.files().is_empty(), "{one} {other}: {:?}", desk.files().keys());
    }
    Desk::with(&two("a/x", "a/y")).build().ended(0);
}

#[test]
fn the_site_file_and_the_list_of_pending_files_are_no_outputs() {
    for output in ["portbook.yaml", "portbook.manifest.pending", "PORTBOOK.yaml"] {
        let desk = Desk::with(&to(output));
        let run = desk.run(&["build", "--force"]);
        assert_eq!(run.exit, 2, "{output}\n{}", run.talk);
        assert_eq!(desk.read("portbook.yaml"), to(output));
    }
}

#[test]
fn two_sites_cannot_share_a_folder() {
    let sites = |one: &str, other: &str| {
        SMALL.replace("name: small\n", "")
            + &format!("sites:\n  - {{name: one, folder: {one}}}\n  - {{name: two, folder: {other}}}\n")
    };
    for (one, other) in [
        ("a", "a"),
        ("a", "A"),
        ("a", "a/"),
        (".", "."),
        ("a", "a/b"),
        ("a/b/c", "a"),
        (".", "a"),
        ("x/../a", "a"),
    ] {
        let desk = Desk::with(&sites(one, other));
        desk.build().ended(2).says("output-twice").says("two");
        assert!(desk.files().is_empty(), "{one} {other}");
    }
    Desk::with(&sites("a", "ab")).build().ended(0);
    Desk::with(&sites("a/b", "a/c")).build().ended(0);
}

#[test]
fn nothing_is_written_outside_unless_allowed() {
    let outside = tempfile::tempdir().unwrap();
    let absolute = outside.path().join("x.csv").display().to_string();
    for output in ["../x.csv", "a/../../x.csv", absolute.as_str(), "../portbook/x.csv"] {
        let desk = Desk::empty();
        desk.write("sites/portbook.yaml", to(output));
        desk.run(&["build", "sites"]).ended(2).says("output-outside").says("--allow-outside");
        desk.run(&["build", "sites", "--force"]).ended(2).says("output-outside");
        desk.run(&["build", "sites", "--check"]).ended(2).says("output-outside");
        assert_eq!(desk.files().len(), 1, "{output}: {:?}", desk.files().keys());
        assert!(!outside.path().join("x.csv").exists());
    }
    let desk = Desk::empty();
    desk.write("sites/portbook.yaml", to("../x.csv"));
    desk.run(&["build", "sites", "--allow-outside"]).ended(0);
    assert!(desk.exists("x.csv"));
    desk.run(&["build", "sites", "--allow-outside"]).ended(0).says("0 written, 1 unchanged");
    desk.write("sites/portbook.yaml", to(&absolute));
    desk.run(&["build", "sites", "--allow-outside"]).ended(0);
    assert!(outside.path().join("x.csv").exists());
}

#[test]
fn the_folder_of_a_site_is_held_inside_too() {
    for folder in ["..", "../other", "ABSOLUTE", "a/../../b"] {
        let outside = tempfile::tempdir().unwrap();
        let absolute = outside.path().join("deep").display().to_string();
        let folder = folder.replace("ABSOLUTE", &absolute);
        let desk = Desk::empty();
        desk.write("sites/portbook.yaml", format!("{SMALL}folder: {folder}\n"));
        desk.run(&["build", "sites"]).ended(2).says("output-outside");
        desk.run(&["build", "sites", "--check"]).ended(2).says("output-outside");
        assert_eq!(desk.files().len(), 1, "{folder}: {:?}", desk.files().keys());
        assert!(!outside.path().join("deep").exists());
        desk.run(&["build", "sites", "--allow-outside"]).ended(0);
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_no_way_out() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    for (site, link) in [
        (to("link/x.csv"), "link"),
        (format!("{SMALL}folder: link/inner\n"), "link"),
        (format!("{SMALL}folder: link\n"), "link"),
    ] {
        let desk = Desk::with(&site);
        symlink(outside.path(), desk.path(link)).unwrap();
        desk.build().ended(2).says("output-outside");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
    // A link at the place of the file itself is replaced, and what it points at stays.
    let desk = Desk::with(SMALL);
    fs::write(outside.path().join("victim"), "precious").unwrap();
    symlink(outside.path().join("victim"), desk.path("out.csv")).unwrap();
    desk.build().ended(2).says("artifact-edited");
    desk.run(&["build", "--force"]).ended(0);
    assert_eq!(fs::read_to_string(outside.path().join("victim")).unwrap(), "precious");
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_by_way_of_a_link() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let desk = Desk::with(&two("out.csv", "inner/x.json"));
    desk.build().ended(0);
    let bytes = fs::read(desk.path("inner/x.json")).unwrap();
    fs::write(outside.path().join("x.json"), bytes).unwrap();
    fs::remove_dir_all(desk.path("inner")).unwrap();
    symlink(outside.path(), desk.path("inner")).unwrap();
    desk.write("portbook.yaml", SMALL);
    desk.build().ended(0);
    assert!(outside.path().join("x.json").exists(), "removed outside");
}

#[test]
fn what_is_in_the_way_is_told_and_nothing_changes() {
    let desk = Desk::with(&two("a.csv", "inner/b.json"));
    desk.write("inner", "a file");
    desk.build().ended(2).says("cannot-write").says("inner");
    assert_eq!(desk.files().into_keys().collect::<Vec<_>>(), ["inner"]);
    let desk = Desk::with(&two("a.csv", "b.json"));
    fs::create_dir_all(desk.path("b.json/full")).unwrap();
    desk.build().ended(2).says("b.json");
    assert!(desk.files().is_empty(), "{:?}", desk.files().keys());
    desk.run(&["build", "nowhere/portbook.yaml"]).ended(2).says("cannot-read").says("portbook init");
}

#[cfg(unix)]
#[test]
fn an_unwritable_folder_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::with(&two("a.csv", "inner/b.json"));
    desk.build().ended(0);
    let before = desk.files();
    desk.write("portbook.yaml", two("a.csv", "inner/b.json").replace("10.20.0.13", "10.20.0.14"));
    let lock = |mode| fs::set_permissions(desk.path("inner"), fs::Permissions::from_mode(mode)).unwrap();
    lock(0o555);
    if fs::write(desk.path("inner/probe"), "").is_ok() {
        // Root writes anywhere: there is nothing to test.
        lock(0o755);
        return;
    }
    desk.build().ended(2).says("cannot-write").says("b.json");
    lock(0o755);
    assert_eq!(desk.files(), before);
    desk.build().ended(0).says("2 written");
}

#[test]
fn a_folder_that_vanished_is_made_again() {
    let desk = Desk::with(&two("a.csv", "inner/b.json"));
    desk.build().ended(0);
    let before = desk.files();
    fs::remove_dir_all(desk.path("inner")).unwrap();
    desk.build().ended(0).says("1 written, 1 unchanged");
    assert_eq!(desk.files(), before);
}

/// A disk of 64 KiB, in a user namespace of its own; left out where those are not allowed.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_files() {
    use std::process::Command;
    let desk = Desk::with(SMALL);
    let script = format!(
        "mount -t tmpfs -o size=64k none {0} && cd {0} && cp {1}/small.yaml portbook.yaml || exit 77\n\
         '{2}' -q build || exit 78\n cp {1}/large.yaml portbook.yaml\n '{2}' -q build; code=$?\n\
         rm -f {1}/left; ls -A > {1}/left; cp out.csv {1}/kept.csv; exit $code",
        desk.path("disk").display(),
        desk.path(".").display(),
        env!("CARGO_BIN_EXE_portbook"),
    );
    fs::create_dir(desk.path("disk")).unwrap();
    desk.write("small.yaml", SMALL);
    let targets: String = (0..40).map(|n| format!("  - {{target: json, output: f{n}.json}}\n")).collect();
    desk.write("large.yaml", SMALL.replace("10.20.0.13", "10.20.0.14") + &targets);
    let output = Command::new("unshare").args(["-rm", "sh", "-c", &script]).output();
    let Ok(output) = output else { return };
    if ![Some(0), Some(2), Some(3), Some(78)].contains(&output.status.code()) {
        return;
    }
    let talk = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{talk}");
    assert!(talk.contains("cannot-write"), "{talk}");
    assert!(desk.read("kept.csv").contains("10.20.0.13") || desk.read("kept.csv").contains("10.20.0.12/31"));
    assert_eq!(
        desk.read("left").lines().collect::<Vec<_>>(),
        ["out.csv", "portbook.manifest.json", "portbook.yaml"]
    );
}
