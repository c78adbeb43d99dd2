//! The stages of the library, one after the other, in this process.

use std::collections::BTreeSet;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use portbook::address::{Prefix, PrefixSet};
use portbook::build::{Look, Order, Policy, Product, Subject, heading, produce};
use portbook::catalog::Catalog;
use portbook::finding::Findings;
use portbook::id::{RoleId, StationId};
use portbook::place::{Addressing, Fallback, Placed, place};
use portbook::ranges::diff::RangeDiff;
use portbook::ranges::{Figures, RangeFile};
use portbook::resolve::{Request, Resolved, Selection, resolve};
use portbook::site::{Site, Station};
use portbook::target::{Acceptance, Focus, Settings, find};

use super::{floor, median};

/// Measures the stages of `generate cloud-sync` with a range file, and prints a table of them.
pub(crate) fn run(runs: usize, ranges: &Path) {
    println!("{:<42} {:>7}", "stage, in this process", "ms");
    let text = fs::read_to_string(ranges).expect("readable");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    time("serde_json alone, borrowed (the floor)", runs, || floor::parse(text.as_bytes()));
    let file = time("range file: parse, every prefix checked", runs, || range_file(text));
    // A file keeps its union: each run asks another one.
    time_of("range file: union of all tags", runs, || range_file(text), |file| given(file.whole()));
    let prefixes: Vec<Prefix> =
        file.tags().iter().flat_map(|tag| given(file.prefixes(tag)).into_owned()).collect();
    let nets: Vec<ipnet::IpNet> = prefixes.iter().map(|prefix| prefix.net()).collect();
    time("aggregate all prefixes: ipnet", runs, || ipnet::IpNet::aggregate(&nets));
    time("aggregate all prefixes: ours", runs, || {
        prefixes.iter().collect::<PrefixSet>().prefixes().collect::<Vec<Prefix>>()
    });
    time("catalog: registries", runs, || given(Catalog::embedded()));
    time("catalog: registries and readings of hosts", runs, || {
        let catalog = given(Catalog::embedded());
        given(catalog.readings()).iter().count()
    });
    let (_, resolved) = time("catalog and resolve", runs, || {
        let catalog = given(Catalog::embedded());
        let resolved = given(resolve(&catalog, &selection(&catalog)));
        (catalog, resolved)
    });
    let catalog = given(Catalog::embedded());
    let placed = |files: &[RangeFile<'_>]| {
        let addressing = Addressing { fallback: Fallback::Documented, files };
        given(place(&resolved.rules, &site(), selection(&catalog).cloud(), &addressing, &catalog))
    };
    time_of("place, with the union", runs, || [range_file(text)], |files| placed(files));
    let placed = placed(&[file]);
    for target in ["windows-registry", "windows-firewall", "palo-alto-edl", "csv", "json"] {
        let name = format!("fit, pack and render {target}");
        time(&name, runs, || product(&resolved, &placed, target));
    }
}

/// All that a process does which reads a range file and checks all of it.
pub(crate) fn parse(path: &str) {
    let bytes = fs::read(path).expect("readable");
    black_box(given(RangeFile::parse(path, &bytes)));
}

/// What the parts of the work take on two files of one size, as a line of a table.
pub(crate) fn growth(runs: usize, old: &Path, new: &Path) -> String {
    let (old, new) = (fs::read(old).expect("readable"), fs::read(new).expect("readable"));
    let measure = |stage: &dyn Fn()| {
        let once = || {
            let start = Instant::now();
            stage();
            start.elapsed().as_secs_f64() * 1e3
        };
        median((0..runs).map(|_| once()).collect())
    };
    let parse = measure(&|| drop(black_box(given(RangeFile::parse("new", &new)))));
    let files = || (given(RangeFile::parse("old", &old)), given(RangeFile::parse("new", &new)));
    // A file keeps its union: each run asks another one.
    let fresh = |stage: &dyn Fn(&RangeFile<'_>, &RangeFile<'_>)| {
        let once = || {
            let (before, after) = files();
            let start = Instant::now();
            stage(&before, &after);
            start.elapsed().as_secs_f64() * 1e3
        };
        median((0..runs).map(|_| once()).collect())
    };
    let union = fresh(&|_, after| drop(black_box(given(after.whole()))));
    let diff = fresh(&|before, after| drop(black_box(given(RangeDiff::of(before, after)))));
    let prefixes = given(Figures::of(&files().1)).prefixes;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = parse * 1e6 / prefixes as f64;
    format!("{:<24} {parse:>12.1} {union:>12.1} {diff:>12.1} {each:>12.1}", format!("{prefixes} prefixes"))
}

/// The last of the results; dropping them is not counted.
fn time<T>(name: &str, runs: usize, stage: impl Fn() -> T) -> T {
    time_of(name, runs, || (), |()| stage())
}

/// The same of something that is made anew for each run, which is not counted either.
fn time_of<I, T>(name: &str, runs: usize, make: impl Fn() -> I, stage: impl Fn(&I) -> T) -> T {
    let mut last = black_box(stage(&make()));
    let mut figures = Vec::new();
    for _ in 0..runs {
        let input = make();
        let start = Instant::now();
        let result = black_box(stage(&input));
        figures.push(start.elapsed().as_secs_f64() * 1e3);
        last = result;
    }
    println!("{name:<42} {:>7.2}", median(figures));
    last
}

fn given<T>(result: Result<T, Findings>) -> T {
    result.unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn range_file(text: &str) -> RangeFile<'_> {
    given(RangeFile::parse("ranges.json", text.as_bytes()))
}

fn selection(catalog: &Catalog) -> Selection {
    let request = Request {
        scenarios: vec!["cloud-sync".to_owned()],
        cloud: "public".to_owned(),
        ..Request::default()
    };
    given(Selection::check(&request, catalog))
}

/// What `--address provisioning-agent=10.20.0.11` makes.
fn site() -> Site {
    let role = RoleId::parse("provisioning-agent").expect("an id");
    let station = Station {
        addresses: PrefixSet::from(Prefix::parse("10.20.0.11").expect("an address")),
        ..Station::new(StationId::parse(role.as_str()).expect("an id"), BTreeSet::from([role]))
    };
    Site { stations: vec![Arc::new(station)], anonymous: true, ..Site::default() }
}

fn product(resolved: &Resolved, placed: &Placed, target: &str) -> Product {
    let target = find(target).expect("a target");
    let option = (target.id == "windows-firewall").then(|| ("names".to_owned(), "addresses".to_owned()));
    let options: Vec<(String, String)> = option.into_iter().collect();
    let settings = given(Settings::check(target.id, target.settings, &options));
    let order = Order { target, settings, focus: Focus::default() };
    let accepted = ["any-azure-customer", "name-needs-address"];
    let accepted = accepted.map(|code| Acceptance::parse(code).expect("a code")).into();
    let policy = Policy { accepted, fallback: Fallback::Documented, ..Policy::default() };
    let heading = heading(resolved);
    let subject = Subject { rules: &resolved.rules, heading: &heading, placed };
    given(produce(&subject, &order, &policy, &Look::default()))
}
