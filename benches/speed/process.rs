//! Whole processes, as the system accounts for them.

use std::env;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// CPU time of user and system, in milliseconds; on systems without such accounts, the time on the clock.
    pub(crate) cpu: f64,
    /// Time on the clock, in milliseconds.
    pub(crate) clock: f64,
    /// Peak memory in MiB; nothing where it is not known.
    pub(crate) peak: Option<f64>,
}

/// Runs `program` in a process of its own, whose parent does nothing else, so that the accounts are its alone.
pub(crate) fn run(program: &OsStr, arguments: &[String]) -> Figures {
    let this = env::current_exe().expect("the path of this program");
    let output = Command::new(this).arg("measure").arg(program).args(arguments).output().expect("starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = text.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    assert!(output.status.success(), "{}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    Figures { clock: figures[0], cpu: figures[1], peak: figures.get(2).copied() }
}

/// The parent of the measured process: prints its figures. What it writes to its standard output is thrown away.
pub(crate) fn measure(program: &str, arguments: &[&str]) {
    let start = std::time::Instant::now();
    let ended = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).output();
    let elapsed = start.elapsed().as_secs_f64() * 1e3;
    let ended = ended.expect("starts");
    // Code 1 tells that something differs.
    let answered = ended.status.code().is_some_and(|code| code < 2);
    assert!(answered, "{program}: {}", String::from_utf8_lossy(&ended.stderr));
    println!("{elapsed} {}", accounts().unwrap_or_else(|| elapsed.to_string()));
}

/// CPU time and peak memory of the children of this process, which has had one.
#[cfg(unix)]
fn accounts() -> Option<String> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let cpu = usage.user_time() + usage.system_time();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (microseconds, peak) = (cpu.num_microseconds() as f64, usage.max_rss() as f64);
    // Apple counts bytes, the others KiB.
    let unit = if cfg!(target_vendor = "apple") { 1_048_576.0 } else { 1024.0 };
    Some(format!("{} {}", microseconds / 1e3, peak / unit))
}

#[cfg(not(unix))]
fn accounts() -> Option<String> {
    None
}
