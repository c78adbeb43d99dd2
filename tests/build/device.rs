//! From one build to another on the devices: `--since`, `--to`, `--rollback`.

use crate::Desk;
use crate::desk::SOUND;

/// The sound site with fewer needs: what is left out must be deleted on the firewall.
fn fewer() -> String {
    SOUND.to_owned() + "select: {as-of: 2025-05-01}\n"
}

fn deletions(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("delete ")).count()
}

#[test]
fn a_firewall_is_told_what_to_delete() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    std::fs::create_dir(desk.path("last")).unwrap();
    std::fs::copy(desk.path("portbook.manifest.json"), desk.path("last/portbook.manifest.json")).unwrap();
    desk.write("portbook.yaml", fewer());
    desk.run(&["build", "--since", "last/portbook.manifest.json", "--to", "load"]).ended(0).shows("edge.set");
    let way = desk.read("load/palo-alto/edge.set");
    assert!(deletions(&way) > 0, "{way}");
    // The deletions name what the old file set and the new one does not.
    let old = desk.read("palo-alto/edge.set");
    for line in way.lines().filter_map(|line| line.strip_prefix("delete ")) {
        let object = line.split(' ').take(3).collect::<Vec<_>>().join(" ");
        assert!(old.contains(object.split(' ').next_back().unwrap()), "{line}");
    }
    // The folder itself is as it was: only the way was written.
    assert_eq!(desk.read("palo-alto/edge.set"), old);
    desk.build().ended(0);
    assert_eq!(deletions(&desk.read("palo-alto/edge.set")), 0);
}

#[test]
fn the_last_build_may_be_a_revision() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    desk.git(&["init", "-q"]);
    desk.git(&["add", "."]);
    desk.git(&["commit", "-qm", "first"]);
    desk.write("portbook.yaml", fewer());
    for since in ["git:HEAD:", "git:HEAD:portbook.manifest.json", "git:main:."] {
        desk.run(&["build", "--since", since, "--to", "load"]).ended(0);
        assert!(deletions(&desk.read("load/palo-alto/edge.set")) > 0);
        std::fs::remove_dir_all(desk.path("load")).unwrap();
    }
    desk.run(&["build", "--since", "git:HEAD:nowhere", "--to", "load"]).ended(2).says("revision-unreadable");
    desk.run(&["build", "--to", "load"]).ended(2);
    assert!(!desk.exists("load"));
    desk.build().ended(0);
    desk.run(&["build", "--rollback", "back", "--since", "git:HEAD:."]).ended(0).says("ROLLBACK.txt");
    assert!(desk.exists("back/ROLLBACK.txt"));
}

#[test]
fn the_way_back_names_every_target_that_changed() {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    let before = desk.files();
    desk.write("portbook.yaml", fewer());
    desk.run(&["build", "--rollback", "back"]).ended(0).says("the way back: ");
    let steps = desk.read("back/ROLLBACK.txt");
    for target in ["windows-firewall", "squid", "palo-alto-set"] {
        let same = before.iter().all(|(path, bytes)| desk.files().get(path) == Some(bytes));
        assert!(steps.contains(target) || same, "{target}\n{steps}");
    }
    // Every file that the steps name is there.
    for word in steps.split_whitespace().map(|word| word.trim_matches(['`', ',', '.', ':', ';', '\''])) {
        if word.ends_with(".set") || word.ends_with(".conf") {
            let name = word.rsplit('/').next().unwrap();
            assert!(
                desk.files().keys().any(|path| path.starts_with("back/") && path.ends_with(name)),
                "{word}\n{steps}"
            );
        }
    }
    let back = desk
        .files()
        .into_iter()
        .find(|(path, _)| path.starts_with("back/") && path.ends_with(".set"))
        .unwrap();
    let text = String::from_utf8(back.1).unwrap();
    // What the newer build took away is set again.
    let old = String::from_utf8(before["palo-alto/edge.set"].clone()).unwrap();
    let new = desk.read("palo-alto/edge.set");
    let gone: Vec<&str> =
        old.lines().filter(|line| line.starts_with("set ") && !new.contains(line)).collect();
    assert!(!gone.is_empty());
    gone.iter().for_each(|line| assert!(text.contains(line), "{line}\n{text}"));
}

#[test]
fn without_a_build_before_there_is_no_way_back() {
    let desk = Desk::with(SOUND);
    desk.run(&["build", "--rollback", "back"]).ended(2).says("portbook.manifest.json");
    assert!(desk.files().is_empty(), "{:?}", desk.files().keys());
    desk.build().ended(0);
    desk.run(&["build", "--rollback", "back"]).ended(0);
    assert!(!desk.exists("back"));
    // A file of the last build was edited: it is not what the device has.
    desk.write("squid/portbook.conf", "mine");
    desk.write("portbook.yaml", fewer());
    desk.run(&["build", "--rollback", "back"]).ended(2).says("artifact-edited");
    assert!(!desk.exists("back"));
}

#[test]
fn a_way_stays_in_its_folder_and_tells_refusals() {
    let desk = Desk::empty();
    desk.write("sites/portbook.yaml", SOUND.replace("palo-alto/edge.set", "../edge.set"));
    desk.run(&["build", "sites", "--allow-outside"]).ended(0);
    desk.write(
        "sites/portbook.yaml",
        SOUND.replace("palo-alto/edge.set", "../edge.set").replace("10.30.0.5", "10.30.0.6"),
    );
    let files = desk.files();
    desk.run(&["build", "sites", "--since", "sites", "--to", "load/inner"]).ended(2).says("output-outside");
    assert_eq!(desk.files(), files);
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    desk.write("portbook.yaml", SOUND.to_owned() + "  - {target: windows-registry, output: a.reg}\n");
    desk.run(&["build", "--since", ".", "--to", "load"]).ended(3).says("name-needs-address");
}
