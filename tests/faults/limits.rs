//! Disks that are full or read-only, limits of the process, permissions.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scene::{SCENES, Scene, copy};

/// A file system of its own, as large as it is told.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(size: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .status();
        assert!(status.unwrap().success(), "mount a tmpfs: run as root");
        Self(folder)
    }

    fn again(&self, options: &str) {
        let status =
            Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.0.path()).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        assert!(Command::new("umount").arg("-l").arg(self.0.path()).status().unwrap().success());
    }
}

#[test]
#[ignore = "needs root: tests/conformance/faults.sh"]
fn a_disk_that_is_full_at_any_moment() {
    for scene in SCENES {
        let states = scene.states();
        let (mut refused, mut done) = (0, 0);
        for pages in 0..16 {
            let mount = Mount::new("16m");
            scene.old(mount.0.path());
            fill(mount.0.path(), pages * 4096);
            let output = scene.run(mount.0.path(), true, &[]);
            fs::remove_file(mount.0.path().join("ballast")).unwrap();
            scene.judge(mount.0.path(), &states, &output, &format!("{pages} pages left"));
            if output.status.success() { done += 1 } else { refused += 1 }
        }
        assert!(refused > 0 && done > 0, "{}: {refused} refused, {done} done", scene.name);
        println!("{}: {refused} sizes refused, {done} enough", scene.name);
    }
}

/// Writes until only `left` bytes are free.
fn fill(folder: &Path, left: usize) {
    let path = folder.join("ballast");
    let script = "dd if=/dev/zero of=\"$0\" bs=4096 2>/dev/null; truncate -s \"-$1\" \"$0\"";
    Command::new("sh").args(["-c", script]).arg(&path).arg(left.to_string()).status().unwrap();
    assert!(path.exists());
}

#[test]
#[ignore = "needs root: tests/conformance/faults.sh"]
fn a_disk_that_is_read_only() {
    for scene in SCENES {
        let states = scene.states();
        let mount = Mount::new("16m");
        scene.old(mount.0.path());
        mount.again("ro");
        let output = scene.run(mount.0.path(), true, &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(2) && said.contains("Read-only file system"),
            "{}: {said}",
            scene.name
        );
        assert_eq!(scene.files(mount.0.path()), states[0], "{}", scene.name);
        mount.again("rw");
        scene.judge(mount.0.path(), &states, &output, "read-only");
    }
}

#[test]
#[ignore = "with the others: tests/conformance/faults.sh"]
fn few_file_descriptors() {
    limited("n", 3..24);
}

/// Files may be no longer than some blocks; the signal is ignored, as by a shell that says `trap '' XFSZ`.
#[test]
#[ignore = "with the others: tests/conformance/faults.sh"]
fn files_that_may_not_grow() {
    limited("f", 0..24);
}

fn limited(limit: &str, values: std::ops::Range<usize>) {
    for scene in SCENES {
        let states = scene.states();
        let (mut refused, mut done) = (0, 0);
        for value in values.clone() {
            let desk = tempfile::tempdir().unwrap();
            scene.old(desk.path());
            let script = format!("trap '' XFSZ; ulimit -{limit} {value} && exec \"$0\" \"$@\"");
            let output = scene.run(desk.path(), true, &["sh", "-c", &script]);
            scene.judge(desk.path(), &states, &output, &format!("ulimit -{limit} {value}"));
            if output.status.success() { done += 1 } else { refused += 1 }
        }
        assert!(refused > 0 && done > 0, "{}: {refused} refused, {done} done", scene.name);
        println!("{}, ulimit -{limit}: {refused} values refused, {done} enough", scene.name);
    }
}

/// Two folders are written, and the second may not be: nothing of the first is replaced.
#[test]
#[ignore = "needs root, which then is given up: tests/conformance/faults.sh"]
fn a_folder_of_somebody_else() {
    let desk = tempfile::tempdir().unwrap();
    let scene: &Scene = SCENES.iter().find(|scene| scene.name == "build").unwrap();
    let states = scene.states();
    scene.old(desk.path());
    let own = desk.path().join("portbook");
    fs::copy(env!("CARGO_BIN_EXE_portbook"), &own).unwrap();
    let all = Command::new("chown").args(["-R", "65534:65534"]).arg(desk.path()).status().unwrap();
    assert!(all.success());
    let locked = desk.path().join("sites/one/inner");
    for (who, mode) in [("0:0", "755"), ("65534:65534", "555")] {
        assert!(Command::new("chown").arg(who).arg(&locked).status().unwrap().success());
        assert!(Command::new("chmod").arg(mode).arg(&locked).status().unwrap().success());
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&own)
            .args(["build", "portbook.yaml"])
            .current_dir(desk.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains("Permission denied"), "{said}");
        let now = scene.files(desk.path());
        let of_one = |files: &crate::scene::Files| -> Vec<(String, Vec<u8>)> {
            files
                .iter()
                .filter(|(name, _)| name.starts_with("one/"))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect()
        };
        assert_eq!(of_one(&now), of_one(&states[0]), "{who} {mode}");
        let kept = tempfile::tempdir().unwrap();
        copy(desk.path(), kept.path());
        scene.judge(kept.path(), &states, &output, &format!("{who} {mode}"));
    }
}

#[test]
#[ignore = "with the others: tests/conformance/faults.sh"]
fn a_product_that_nobody_could_write_is_no_success() {
    for line in [
        "show --all --format csv",
        "list scenarios",
        "generate seamless-sso --cloud public --target csv -q",
        "explain login.microsoftonline.com",
        "prerequisites cloud-sync --cloud public",
        "diff cloud-sync-prerequisites@2024-04-26 cloud-sync-prerequisites",
        "--help",
        "--version",
        "completions bash",
        "man",
        "validate catalog",
    ] {
        let script = format!("exec \"$0\" {line} >/dev/full");
        let output =
            Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_portbook")]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {said}");
    }
}
