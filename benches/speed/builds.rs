//! Site files: one with every target and the ranges in place of names, and a thousand sites of eight targets.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::median;
use super::process::{Figures, run as run_process};

const ALL_TARGETS: &str = "name: bench
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {roles: [provisioning-agent], addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], zone: tier0, proxy: egress}
  egress: {roles: [proxy], addresses: [10.30.0.5], listens: 8080, zone: dmz}
ip-fallback: documented
accept:
  - {code: any-azure-customer, because: measured}
  - {code: name-needs-address, because: measured}
  - {code: category-needs-http, because: measured}
targets:
  - {target: windows-firewall, for: egress, output: egress.ps1, settings: {names: addresses}}
  - {target: windows-registry, for: egress, output: egress.reg}
  - {target: pac, output: portbook.pac, settings: {others: direct}}
  - {target: squid, output: squid.conf}
  - {target: palo-alto-set, between: [dmz, internet], output: edge.set}
  - {target: palo-alto-xml, between: [dmz, internet], output: edge.xml}
  - {target: palo-alto-edl, between: [dmz, internet], output: edl/}
  - {target: csv, output: change-request.csv}
  - {target: json, output: rules.json}
  - {target: markdown, output: rules.md}
";

const SHARED: &str = "cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {roles: [provisioning-agent], zone: tier0, proxy: egress}
  egress: {roles: [proxy], listens: 8080, zone: dmz}
targets:
  - {target: windows-firewall, for: agents, output: agents.ps1}
  - {target: pac, output: portbook.pac, settings: {others: direct}}
  - {target: squid, output: squid.conf}
  - {target: palo-alto-set, between: [dmz, internet], output: edge.set}
  - {target: palo-alto-xml, between: [dmz, internet], output: edge.xml}
  - {target: csv, output: change-request.csv}
  - {target: json, output: rules.json}
  - {target: markdown, output: rules.md}
sites:
";

/// Measures both and prints a table.
pub(crate) fn run(runs: usize, ranges: &Path) {
    println!("{:<56} {:>9} {:>9} {:>9}  budget", "builds, whole processes", "clock ms", "CPU ms", "peak MiB");
    with_ranges(runs.min(9), ranges);
    thousand(runs.min(5));
}

fn with_ranges(runs: usize, ranges: &Path) {
    let folder = fresh("all-targets");
    fs::write(folder.join("portbook.yaml"), ALL_TARGETS).expect("writes");
    let build = [path(&folder), "--ranges".to_owned(), path(ranges)];
    let floor = ["parse-and-write".to_owned(), path(ranges), path(&folder), path(&fresh("floor"))];
    let this = path(&env::current_exe().expect("the path of this program"));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        remove_built(&folder);
        ours.push(program("build", &build));
        theirs.push(run_process(this.as_ref(), &floor));
    }
    line("ten targets, with the ranges in place of names", &ours, "1.5 x the next");
    line("parse the ranges, write the same files", &theirs, "");
    let ratio = |time: fn(&Figures) -> f64| {
        median(ours.iter().zip(&theirs).map(|(ours, theirs)| time(ours) / time(theirs)).collect())
    };
    let (clock, cpu) = (ratio(|each| each.clock), ratio(|each| each.cpu));
    println!("{:<56} {clock:>9.2} {cpu:>9.2}", "  ratio");
}

fn thousand(runs: usize) {
    let folders = [fresh("thousand"), fresh("thousand-and-one-more")];
    for (folder, last) in folders.iter().zip([13, 14]) {
        fs::write(folder.join("portbook.yaml"), sites(last)).expect("writes");
    }
    let (mut first, mut again, mut diff) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        for folder in &folders {
            remove_built(folder);
        }
        first.push(program("build", &[path(&folders[0]), "-q".to_owned()]));
        program("build", &[path(&folders[1]), "-q".to_owned()]);
        again.push(program("build", &[path(&folders[0]), "-q".to_owned()]));
        diff.push(program("diff", &[path(&folders[0]), path(&folders[1])]));
    }
    line("1,000 sites, 8 targets", &first, "2 s, 150 MiB");
    line("the same with nothing changed", &again, "half");
    line("diff of two such builds, every site changed", &diff, "1 s");
}

fn sites(last: u8) -> String {
    let mut text = SHARED.to_owned();
    for site in 0..1000 {
        let (high, low) = (site / 200, site % 200);
        let _ = writeln!(
            text,
            "  - name: site-{site}\n    hosts:\n      agents: {{addresses: [10.{high}.{low}.11, 10.{high}.{low}.12, 10.{high}.{low}.{last}]}}\n      egress: {{addresses: [10.1{high}.{low}.5]}}"
        );
    }
    text
}

fn fresh(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("builds").join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Everything but the site file.
fn remove_built(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            fs::remove_dir_all(entry.path()).expect("removes");
        } else if entry.file_name() != "portbook.yaml" {
            fs::remove_file(entry.path()).expect("removes");
        }
    }
}

/// Reads and checks a range file, then writes what a build wrote: the least that such a build can do.
pub(crate) fn parse_and_write(ranges: &str, from: &str, to: &str) {
    super::stages::parse(ranges);
    drop(fs::remove_dir_all(to));
    copy(Path::new(from), Path::new(to));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::write(target, fs::read(entry.path()).expect("reads")).expect("writes");
        }
    }
}

fn program(command: &str, arguments: &[String]) -> Figures {
    let arguments: Vec<String> =
        std::iter::once(command.to_owned()).chain(arguments.iter().cloned()).collect();
    run_process(env!("CARGO_BIN_EXE_portbook").as_ref(), &arguments)
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

fn line(name: &str, figures: &[Figures], budget: &str) {
    let clock = median(figures.iter().map(|each| each.clock).collect());
    let cpu = median(figures.iter().map(|each| each.cpu).collect());
    let peak = figures.iter().filter_map(|each| each.peak).fold(0.0, f64::max);
    println!("{name:<56} {clock:>9.1} {cpu:>9.1} {peak:>9.1}  {budget}");
}
