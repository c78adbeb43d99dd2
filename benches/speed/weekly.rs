//! Range files, each command beside a program that does the least that such a command can: pairs, in turns.

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::{Figures, run as run_process};
use super::{floor, median, ranges as files};

/// A command and what it is measured against.
struct Pair {
    name: String,
    ours: Vec<OsString>,
    theirs: Vec<OsString>,
    /// What the ratio may be.
    most: Option<f64>,
}

/// The files that the commands read.
struct Inputs {
    weekly: PathBuf,
    before: PathBuf,
    /// The folder of a lock.
    kept: PathBuf,
    /// All prefixes, one a line; those of IPv4 only; a hundred thousand addresses.
    all: PathBuf,
    v4: PathBuf,
    addresses: PathBuf,
}

/// Measures all pairs and prints a table of them.
pub(crate) fn run(runs: usize, weekly: &Path) {
    let inputs = inputs(weekly);
    println!(
        "{:<56} {:>7} {:>7} {:>6} {:>9}  budget",
        "range files, whole processes", "CPU ms", "theirs", "ratio", "peak MiB"
    );
    for pair in pairs(&inputs) {
        let mut figures: Vec<(Figures, Figures)> = Vec::new();
        for round in 0..=runs {
            let measured = (start(&pair.ours), start(&pair.theirs));
            figures.extend((round > 0).then_some(measured));
        }
        println!("{}", line(&pair, &figures));
    }
    println!();
    growth(runs.min(5));
}

fn start(command: &[OsString]) -> Figures {
    let arguments: Vec<String> =
        command[1..].iter().map(|word| word.to_string_lossy().into_owned()).collect();
    run_process(&command[0], &arguments)
}

fn line(pair: &Pair, figures: &[(Figures, Figures)]) -> String {
    let of = |side: fn(&(Figures, Figures)) -> f64| median(figures.iter().map(side).collect());
    let (ours, theirs) = (of(|pair| pair.0.cpu), of(|pair| pair.1.cpu));
    let ratio = of(|pair| pair.0.cpu / pair.1.cpu);
    let peak = figures.iter().filter_map(|pair| pair.0.peak).fold(0.0, f64::max);
    let budget = pair.most.map_or_else(String::new, |most| format!("{most} x"));
    format!("{:<56} {ours:>7.2} {theirs:>7.2} {ratio:>6.2} {peak:>9.1}  {budget}", pair.name)
}

fn pairs(inputs: &Inputs) -> Vec<Pair> {
    let mut pairs = reading(inputs);
    pairs.extend(asking(inputs));
    pairs.extend(aggregating(inputs));
    pairs
}

fn pair(name: &str, ours: Vec<OsString>, theirs: Vec<OsString>, most: Option<f64>) -> Pair {
    Pair { name: name.to_owned(), ours, theirs, most }
}

fn reading(inputs: &Inputs) -> Vec<Pair> {
    let weekly = &inputs.weekly;
    let tag = format!("ranges show AzureActiveDirectory --ranges-dir {}", inputs.kept.display());
    let all = "parse all : borrowed serde_json, every prefix to IpNet";
    let one = "one tag of a locked file : borrowed serde_json alone";
    vec![
        pair(all, this("parse", weekly), this("floor-prefixes", weekly), Some(1.5)),
        pair(one, program(&tag), this("floor", weekly), Some(1.2)),
    ]
}

fn asking(inputs: &Inputs) -> Vec<Pair> {
    let parse = || this("parse", &inputs.weekly);
    let lookup = |what: &str| ranges(&format!("lookup {what}"), &inputs.weekly);
    let many = format!("{} < {}", shell(&lookup("- --tags-only --format csv")), inputs.addresses.display());
    let weeks = format!("ranges diff {} {}", inputs.before.display(), inputs.weekly.display());
    vec![
        pair("look one address up : parse all", lookup("20.190.131.7 --tags-only"), parse(), Some(1.5)),
        pair("the same with what leans on the tags : parse all", lookup("20.190.131.7"), parse(), None),
        pair("look 100,000 addresses up : parse all", in_shell(&many), parse(), None),
        pair("diff of two weeks : parse all of one", program(&weeks), parse(), Some(2.5)),
    ]
}

fn aggregating(inputs: &Inputs) -> Vec<Pair> {
    let aggregate = |path: &Path| ranges("aggregate --all", path);
    let list = "aggregate a list : ipnet";
    let weekly = "aggregate a weekly file : serde_json, IpNet, ipnet";
    let mut pairs = vec![
        pair(list, aggregate(&inputs.all), this("floor-aggregate", &inputs.all), Some(1.0)),
        pair(weekly, aggregate(&inputs.weekly), this("floor-weekly-aggregate", &inputs.weekly), Some(1.0)),
    ];
    if Command::new("iprange").arg("--version").output().is_ok() {
        let theirs = vec!["iprange".into(), "--optimize".into(), inputs.v4.clone().into()];
        pairs.push(pair("aggregate an IPv4 list : iprange", aggregate(&inputs.v4), theirs, Some(1.0)));
    } else {
        println!("iprange is not installed: left out");
    }
    pairs
}

fn ranges(words: &str, path: &Path) -> Vec<OsString> {
    program(&format!("ranges {words} --ranges {}", path.display()))
}

fn in_shell(command: &str) -> Vec<OsString> {
    vec!["sh".into(), "-c".into(), command.into()]
}

fn program(words: &str) -> Vec<OsString> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_portbook"));
    std::iter::once(program.into()).chain(words.split_whitespace().map(OsString::from)).collect()
}

/// This program, as one that does a part of the work and nothing else.
fn this(part: &str, path: &Path) -> Vec<OsString> {
    let this = env::current_exe().expect("the path of this program");
    vec![this.into(), part.into(), path.into()]
}

fn shell(words: &[OsString]) -> String {
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn inputs(weekly: &Path) -> Inputs {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weekly");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a writable target folder");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a writable target folder");
        path
    };
    let bytes = fs::read(weekly).expect("readable");
    let prefixes = floor::texts(&bytes);
    let (mut all, mut v4) = (String::new(), String::new());
    for text in &prefixes {
        let _ = writeln!(all, "{text}");
        if !text.contains(':') {
            let _ = writeln!(v4, "{text}");
        }
    }
    let mut addresses = String::new();
    for number in 0..100_000_u32 {
        // Spread over all prefixes, so that they are found in every part of the space.
        let text = &prefixes[number as usize * 7919 % prefixes.len()];
        let _ = writeln!(addresses, "{}", text.split('/').next().unwrap_or_default());
    }
    let kept = folder.join("kept");
    let fetch = format!("fetch --cloud public --from {} --ranges-dir {}", weekly.display(), kept.display());
    let words = program(&fetch);
    let fetched = Command::new(&words[0]).args(&words[1..]).output().expect("starts");
    assert!(fetched.status.success(), "{}", String::from_utf8_lossy(&fetched.stderr));
    Inputs {
        weekly: weekly.to_owned(),
        before: files::before(weekly, &folder),
        kept,
        all: write("all.txt", &all),
        v4: write("v4.txt", &v4),
        addresses: write("addresses.txt", &addresses),
    }
}

/// Files of up to two million prefixes: what each part of the work takes for a prefix.
fn growth(runs: usize) {
    println!(
        "{:<24} {:>12} {:>12} {:>12} {:>12}",
        "growth", "parse ms", "union ms", "diff ms", "parse ns/pfx"
    );
    for factor in [1, 5, 10, 20] {
        let (old, new) = (files::made(factor, 0), files::made(factor, 1));
        let times = super::stages::growth(runs, &old, &new);
        println!("{times}");
    }
}
