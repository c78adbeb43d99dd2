//! How fast Portbook is, against the budgets of docs/performance.md: `cargo bench --bench speed`.
//!
//! First the program as users run it, whole processes with the CPU time that the system accounts to them; then the
//! stages of the library inside this process. The cases take turns, so that a machine whose speed drifts slows all of
//! them. Nothing fails when a budget is passed: machines differ, and the ratios are what to look at.
//!
//! `PORTBOOK_BENCH_RUNS` says how often each case runs, `PORTBOOK_BENCH_RANGES` names a weekly range file.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench that cannot run stops, and its tables are its product"
)]

mod builds;
mod cases;
mod floor;
mod process;
mod ranges;
mod stages;
mod weekly;

use std::env;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // This program starts itself: a process that only reads and parses, and one that measures another.
        ["floor", file] => floor::run(file),
        ["floor-prefixes", file] => floor::run_prefixes(file),
        ["floor-aggregate", file] => floor::run_aggregate(file),
        ["floor-weekly-aggregate", file] => floor::run_weekly_aggregate(file),
        ["parse", file] => stages::parse(file),
        ["parse-and-write", ranges, from, to] => builds::parse_and_write(ranges, from, to),
        ["measure", program, arguments @ ..] => process::measure(program, arguments),
        // `cargo test --all-targets` comes here too, without this flag.
        rest if rest.contains(&"--bench") => bench(),
        _ => {}
    }
}

fn bench() {
    let runs = env::var("PORTBOOK_BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(21);
    let ranges = ranges::file();
    println!("ranges: {}, {} bytes", ranges.display(), ranges.metadata().expect("a file").len());
    println!("medians of {runs} runs; CPU is user + system\n");
    cases::run(runs, &ranges);
    println!();
    weekly::run(runs, &ranges);
    println!();
    builds::run(runs, &ranges);
    println!();
    stages::run(runs, &ranges);
}

/// The middle of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
