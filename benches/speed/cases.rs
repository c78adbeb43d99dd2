//! The program as users run it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::median;
use super::process::{Figures, run as run_process};

/// The targets that need nothing but the flags of [`SELECTION`], and those that use addresses for names.
const TARGETS: [&str; 8] = [
    "windows-firewall",
    "squid",
    "palo-alto-set",
    "palo-alto-xml",
    "palo-alto-edl",
    "csv",
    "json",
    "markdown",
];
const SELECTION: &str = "generate cloud-sync --cloud public --address provisioning-agent=10.20.0.11";
const LARGE: &str = "generate connect-sync ad-fs --cloud public --address connect-server=10.20.0.11 \
                     --address domain-controller=10.10.0.0/28 --target json";
const FALLBACK: &str = "--ip-fallback documented --accept any-azure-customer,name-needs-address";

/// What a command may take.
#[derive(Clone, Copy)]
enum Budget {
    /// Nothing is said.
    None,
    /// Milliseconds of CPU.
    Cpu(f64),
    /// Milliseconds of CPU, and MiB.
    CpuAndPeak(f64, f64),
    /// CPU as a multiple of the floor. Writing the output comes on top of it.
    Floors(f64),
}

/// One command.
struct Case {
    name: String,
    program: OsString,
    arguments: Vec<String>,
    budget: Budget,
}

/// Measures all commands and prints a table of them.
pub(crate) fn run(runs: usize, ranges: &Path) {
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed");
    let cases = cases(ranges, &output);
    let mut figures: Vec<Vec<Figures>> = cases.iter().map(|_| Vec::new()).collect();
    for round in 0..=runs {
        for (case, figures) in cases.iter().zip(&mut figures) {
            // Files that are there already with the same content would not be written.
            let _ = fs::remove_dir_all(&output);
            let figure = run_process(&case.program, &case.arguments);
            // The first round fills the caches.
            figures.extend((round > 0).then_some(figure));
        }
    }
    println!(
        "{:<42} {:>7} {:>7} {:>7} {:>9}  budget",
        "whole process", "CPU ms", "least", "x floor", "peak MiB"
    );
    for (case, own) in cases.iter().zip(&figures) {
        println!("{}", line(case, own, &figures[0]));
    }
}

/// The floor first.
fn cases(ranges: &Path, output: &Path) -> Vec<Case> {
    let ranges = ranges.display();
    let output = format!("-o {}", output.display());
    let this = env::current_exe().expect("the path of this program");
    let floor = Case {
        name: "floor: read and parse the range file".to_owned(),
        program: this.into(),
        arguments: words(&format!("floor {ranges}")),
        budget: Budget::None,
    };
    let mut cases = vec![floor];
    for target in TARGETS {
        let command = format!("{SELECTION} --target {target} {output}");
        cases.push(case(format!("generate {target}"), &command, Budget::CpuAndPeak(15.0, 20.0)));
    }
    let pac = format!("{SELECTION} --target pac --proxy proxy.example:8080 --option others=direct {output}");
    cases.push(case("generate pac", &pac, Budget::CpuAndPeak(15.0, 20.0)));
    cases.push(case(
        "generate json, two large scenarios",
        &format!("{LARGE} {output}"),
        Budget::CpuAndPeak(15.0, 20.0),
    ));
    cases.push(case("list", "list", Budget::Cpu(15.0)));
    cases.push(case("show --all", "show --all", Budget::Cpu(50.0)));
    cases.push(case("show --all --format csv", "show --all --format csv", Budget::Cpu(50.0)));
    cases.push(case("explain HOST", "explain login.microsoftonline.com:443", Budget::Cpu(50.0)));
    cases.push(case("explain IP --ranges", &format!("explain 20.190.128.1 --ranges {ranges}"), Budget::None));
    for target in ["windows-registry", "windows-firewall", "palo-alto-edl", "csv"] {
        let names = if target == "windows-firewall" { "--option names=addresses" } else { "" };
        let command = format!("{SELECTION} {FALLBACK} --ranges {ranges} --target {target} {names} {output}");
        cases.push(case(format!("generate {target} --ranges"), &command, Budget::Floors(3.0)));
    }
    cases
}

fn case(name: impl Into<String>, command: &str, budget: Budget) -> Case {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_portbook"));
    Case { name: name.into(), program: program.into(), arguments: words(command), budget }
}

fn words(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

fn line(case: &Case, own: &[Figures], floor: &[Figures]) -> String {
    let cpu = median(own.iter().map(|figure| figure.cpu).collect());
    // Round by round, since the speed of a shared machine drifts.
    let ratio = median(own.iter().zip(floor).map(|(own, floor)| own.cpu / floor.cpu).collect());
    let least = own.iter().map(|figure| figure.cpu).fold(f64::INFINITY, f64::min);
    let peak = own.iter().filter_map(|figure| figure.peak).fold(0.0, f64::max);
    let budget = match case.budget {
        Budget::None => String::new(),
        Budget::Cpu(most) => format!("{most} ms"),
        Budget::CpuAndPeak(most, memory) => format!("{most} ms, {memory} MiB"),
        Budget::Floors(most) => format!("{most} x floor + writing"),
    };
    format!("{:<42} {cpu:>7.2} {least:>7.2} {ratio:>7.2} {peak:>9.1}  {budget}", case.name)
}
