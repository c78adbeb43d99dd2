//! A build that is killed: each file is the old or the new one, and the next build repairs the rest.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::Files;
use crate::{Desk, thorough};

const SITES: usize = 40;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Forty sites; the two states differ in every file, and each has a file that the other lacks.
fn company(second: bool) -> String {
    let (last, only) = if second { (99, "second/only.csv") } else { (13, "first/only.csv") };
    // Few rules: what is made takes little time, so that many kills fall between the files.
    let mut text = format!(
        "cloud: public\nscenarios: [seamless-sso]\nhosts:\n  users: {{addresses: [10.20.0.{last}], roles: [user-device]}}\n\
         targets:\n  - {{target: csv, output: out.csv}}\n  - {{target: markdown, output: inner/}}\n  - {{target: csv, output: \
         {only}}}\nsites:\n"
    );
    (0..SITES).for_each(|site| text.push_str(&format!("  - name: site-{site:02}\n")));
    text
}

/// What a build makes in an empty folder.
fn fresh(second: bool) -> Files {
    let desk = Desk::with(&company(second));
    desk.build().ended(0);
    desk.files()
}

fn is_ours(name: &str) -> bool {
    name.contains("/.portbook-") || name.ends_with("portbook.manifest.pending")
}

#[test]
fn killed_at_any_moment() {
    let states = [fresh(false), fresh(true)];
    let desk = Desk::with(&company(false));
    desk.build().ended(0);
    assert_eq!(desk.files(), states[0]);
    let build = || {
        let mut command = desk.command(&["build"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    desk.write("portbook.yaml", company(true));
    let started = Instant::now();
    assert!(build().status().unwrap().success());
    let mut whole = u64::try_from(started.elapsed().as_micros()).unwrap();
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let (mut killed, mut mixed) = (0, 0);
    let kills = u64::from(thorough::times(25, 100));
    for round in 0..kills {
        let wanted = numbers.next().is_multiple_of(2);
        desk.write("portbook.yaml", company(wanted));
        let mut child = build().spawn().unwrap();
        thread::sleep(Duration::from_micros(whole / 8 + numbers.next() % whole));
        child.kill().unwrap();
        killed += u64::from(!child.wait().unwrap().success());
        let now = desk.files();
        let (mut old, mut new) = (0, 0);
        for (name, bytes) in now.iter().filter(|(name, _)| !is_ours(name)) {
            let known = states.each_ref().map(|state| state.get(name) == Some(bytes));
            assert!(known[0] || known[1], "round {round}: {name} is neither the old nor the new one");
            old += u64::from(known[0] && !known[1]);
            new += u64::from(known[1] && !known[0]);
        }
        mixed += u64::from(old > 0 && new > 0);
        if round % 5 == 4 {
            // The next build may be the other one, too.
            let after = numbers.next().is_multiple_of(2);
            desk.write("portbook.yaml", company(after));
            let started = Instant::now();
            desk.build().ended(0).never_says("artifact-edited");
            // Other tests come and go beside this one, and builds take longer or shorter.
            whole = u64::try_from(started.elapsed().as_micros()).unwrap();
            let now = desk.files();
            let left: Vec<&String> = now.keys().filter(|name| is_ours(name)).collect();
            assert!(left.is_empty(), "round {round}: left behind {left:?}");
            assert!(now == states[usize::from(after)], "round {round}: not as a fresh build");
            let other = if after { "first" } else { "second" };
            assert!(!desk.exists(&format!("site-00/{other}")), "round {round}: a folder is left");
        }
    }
    assert!(killed > kills / 4, "only {killed} of {kills} were killed before their end");
    assert!(mixed * 33 > kills, "only {mixed} kills fell between two files");
}

#[test]
fn a_list_that_a_killed_build_left_goes_away() {
    let desk = Desk::with(&company(false));
    desk.build().ended(0);
    // Killed right after the list was made, after a file was staged, and before the list was removed.
    for list in ["", "\n", "\n0123"] {
        desk.write("site-00/portbook.manifest.pending", list);
        desk.write("site-00/inner/.portbook-aB3dE6", "half");
        desk.build().ended(0);
        let left: Vec<String> = desk.files().into_keys().filter(|name| is_ours(name)).collect();
        assert!(left.is_empty(), "{list:?}: {left:?}");
    }
}

#[test]
fn a_folder_that_a_killed_build_emptied_goes_away() {
    let desk = Desk::with(&company(false));
    desk.build().ended(0);
    desk.write("portbook.yaml", company(true));
    // Killed between the removal of the file and that of its folder.
    fs::remove_file(desk.path("site-00/first/only.csv")).unwrap();
    desk.write("site-00/portbook.manifest.pending", "");
    desk.build().ended(0);
    assert!(!desk.exists("site-00/first"));
}

#[test]
fn builds_at_the_same_time_never_mix() {
    let states = [fresh(false), fresh(true)];
    let desk = Desk::with(&company(false));
    desk.write("other.yaml", company(true));
    for round in 0..5 {
        let children: Vec<_> = ["portbook.yaml", "other.yaml", "portbook.yaml"]
            .into_iter()
            .map(|file| {
                let mut command = desk.command(&["build", file]);
                command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            let talk = String::from_utf8_lossy(&output.stderr);
            assert!(!talk.contains("artifact-edited"), "round {round}: {talk}");
            assert!(
                output.status.success() || talk.contains("another build is writing"),
                "round {round}: {talk}"
            );
        }
        fs::remove_file(desk.path("other.yaml")).unwrap();
        let now = desk.files();
        for site in 0..SITES {
            let of_site = |files: &Files| -> Files {
                let prefix = format!("site-{site:02}/");
                files
                    .iter()
                    .filter(|(name, _)| name.starts_with(&prefix))
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect()
            };
            let whole = states.iter().any(|state| of_site(state) == of_site(&now));
            assert!(whole, "round {round}: site {site} is mixed: {:?}", of_site(&now).keys());
        }
        desk.write("other.yaml", company(true));
    }
}
