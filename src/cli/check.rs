//! `portbook check`: whether the documented endpoints can be reached from here.

#[cfg_attr(not(feature = "online"), allow(dead_code, reason = "without the network nothing is tested"))]
mod options;

#[cfg(feature = "online")]
mod json;
#[cfg(feature = "online")]
mod junit;
#[cfg(feature = "online")]
mod run;
#[cfg(feature = "online")]
mod text;

use clap::{Args, ValueEnum};

use super::selection::SelectionArgs;
use super::{Global, Outcome, Talk};
use options::NetworkArgs;

/// Test from here whether the documented endpoints can be reached
///
/// Makes one connection for each endpoint and port of the selection, as the service would make it: names are looked up, TLS is
/// negotiated in version 1.2 and in version 1.3 and the certificate is judged, port 80 is asked over HTTP. This machine stands
/// for the roles of --role, else for those that the scenarios are about. Nothing is sent behind a TLS handshake. What cannot be
/// tested from here is listed with the reason.
///
/// Exit code: 0 all that was tested is reachable, 1 something is not, 2 nothing could be tested.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook check cloud-sync --cloud public
  portbook check connect-sync --cloud public --gaps --address domain-controller=10.10.0.4")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Addresses of other roles: hosts are tested, networks are not
    #[arg(long, value_name = "ROLE=CIDR,...", help_heading = "Site")]
    address: Vec<String>,
    #[command(flatten)]
    network: NetworkArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each endpoint, and what to do about those that are not reachable; -v adds addresses and milliseconds
    Table,
    /// One object, portbook-check/1
    Json,
    /// A test suite, for CI
    Junit,
}

/// Runs the subcommand.
#[cfg(feature = "online")]
pub(crate) fn run(args: &CheckArgs, global: &Global, talk: &Talk) -> Outcome {
    run::run(args, global, talk)
}

/// Without the network there is nothing to run.
#[cfg(not(feature = "online"))]
pub(crate) fn run(args: &CheckArgs, _global: &Global, _talk: &Talk) -> Outcome {
    use portbook::finding::{Code, Finding};

    // Whatever is asked for, and however it would be printed.
    let _ = (args, Format::Table);
    Err(Finding::new(Code::CheckImpossible, "this program was built without the network")
        .help("build it with the feature `online`, which is on by default")
        .help("`portbook prerequisites SCENARIO --cloud CLOUD --format powershell` writes a test for the role's host")
        .into())
}
