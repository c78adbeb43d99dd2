//! `portbook audit`: what a configuration allows of what documents ask for.

mod files;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use portbook::audit::{Need, READERS, Reader, Report, Status, json, markdown, needs, reader, text};
use portbook::build::{Inputs, Look, Subject, heading};
use portbook::catalog::Catalog;
use portbook::finding::{Code, Finding, Findings, printable, unknown};
use portbook::id::{StationId, ZoneId};
use portbook::place::{Addressing, clouds_needed, place};
use portbook::plan::Plan;
use portbook::resolve::{Selection, resolve};
use portbook::target::{Crossing, Focus, Settings, TargetSpec};

use super::inputs::{Given, with_inputs};
use super::range_files::{self, RangeArgs};
use super::selection::NarrowingArgs;
use super::site::SiteArgs;
use super::site_file::SiteFileArgs;
use super::target::{FallbackArg, FamilyArg, fallback};
use super::{Exit, Failure, Global, Outcome, Talk, output};
use files::Whole;

/// Judge a firewall or proxy configuration against the documents
///
/// Says of every documented requirement whether the configuration allows it, stops it, or leaves it undecided, and what it
/// allows besides to the same hosts, each with its line.
///
/// The first clause that matches decides, as on the device. What cannot be judged (times, users, regular expressions,
/// applications) is named and never guessed: a requirement that depends on it is undecided. Exit code 0 if every requirement
/// is allowed and nothing else to the same hosts, 1 otherwise, 2 if a file cannot be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook audit squid squid.conf --scenario cloud-sync --cloud public
  portbook audit palo-alto-xml running-config.xml --site-file portbook.yaml --site contoso-hq")]
pub(crate) struct AuditArgs {
    /// What the files are for; `portbook list targets` shows all
    #[arg(value_name = "TARGET")]
    target: String,
    /// The configuration; several files are read as one, in their order
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What is deployed, such as cloud-sync; `portbook list scenarios` shows all
    #[arg(long, value_name = "SCENARIO,...", value_delimiter = ',', required_unless_present = "site_file")]
    scenario: Vec<String>,
    /// The cloud: public, us-government, china
    #[arg(long, value_name = "CLOUD", required_unless_present = "site_file")]
    cloud: Option<String>,
    #[command(flatten)]
    narrowing: NarrowingArgs,
    #[command(flatten)]
    site: SiteArgs,
    /// The zone of everything that is no host of the site, as the firewall calls it
    #[arg(long, value_name = "ZONE")]
    outside_zone: Option<String>,
    /// A site file, or the folder with its portbook.yaml, in place of the flags for selection and site
    #[arg(
        long,
        value_name = "SITE",
        conflicts_with_all = ["scenario", "cloud", "address", "zone", "proxy", "outside_zone"]
    )]
    site_file: Option<PathBuf>,
    /// The site of the file, where it has several
    #[arg(long = "site", value_name = "NAME", requires = "site_file")]
    only: Option<String>,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    ranges: RangeArgs,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Where the device stands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Device")]
struct DeviceArgs {
    /// Only what these hosts take part in: roles, or hosts of the site file
    #[arg(long = "for", value_name = "HOST,...", value_delimiter = ',')]
    hosts: Vec<String>,
    /// Only what comes from these zones into others
    #[arg(long, value_name = "ZONE,...", value_delimiter = ',')]
    from: Vec<String>,
    /// Only what goes to these zones from others
    #[arg(long, value_name = "ZONE,...", value_delimiter = ',')]
    to: Vec<String>,
    /// A setting of the target, such as names=addresses
    #[arg(long, value_name = "KEY=VALUE")]
    option: Vec<String>,
    /// Addresses of one family only; names are not limited
    #[arg(long, value_enum, default_value_t = FamilyArg::Both)]
    family: FamilyArg,
    /// Addresses that may stand for names on targets that know only addresses
    #[arg(long, value_enum, value_name = "WHICH")]
    ip_fallback: Option<FallbackArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line a requirement, reasons below
    Text,
    /// Tables
    Markdown,
    /// One object for programs
    Json,
}

/// What is asked of a device, and how many rules are no concern of it.
struct Asked {
    needs: Vec<Need>,
    unseen: usize,
    settings: Settings,
}

/// Runs the subcommand.
pub(crate) fn run(args: &AuditArgs, global: &Global, talk: &Talk) -> Outcome {
    let (target, reader) = target(&args.target)?;
    let Asked { needs, unseen, settings } = match &args.site_file {
        Some(file) => of_site(args, target, file, global, talk)?,
        None => of_flags(args, target, &global.load_catalog()?, talk)?,
    };
    if needs.is_empty() {
        let message = format!("no rule of the selection passes a {} here", target.id);
        return Err(Finding::new(Code::NothingSelected, message)
            .help("--for, --from and --to narrow; --scenario and --when widen")
            .into());
    }
    let Whole { policy, named } = files::read(reader, &args.files, &settings)?;
    tell_read(&named, talk);
    let report = Report::of(&policy, &needs, unseen);
    let product = match args.format {
        Format::Text => text(&report, talk.is_verbose()),
        Format::Markdown => markdown(&report),
        Format::Json => json(&report, target.id).map_err(anyhow::Error::from)?,
    };
    output::product(product.as_bytes())?;
    talk.line(&summary(&report));
    Ok(if report.is_exact() { Exit::Fine } else { Exit::Different })
}

/// How many of the files that a configuration names are told by name.
const TOLD: usize = 5;

/// What was read because the configuration names it: a path may lead to another file here than on the device.
fn tell_read(named: &[String], talk: &Talk) {
    let most = if talk.is_verbose() { named.len() } else { TOLD };
    for name in named.iter().take(most) {
        talk.line(&format!("read {}, which the configuration names", printable(name)));
    }
    if let more @ 1.. = named.len().saturating_sub(most) {
        talk.line(&format!("read {more} more files that it names (-v shows them)"));
    }
}

fn summary(report: &Report<'_>) -> String {
    let [allowed, blocked, undecided] =
        [Status::Allowed, Status::Blocked, Status::Undecided].map(|status| report.count(status));
    let (beyond, unjudged) = (report.beyond.len(), report.unjudged.len());
    format!(
        "{allowed} allowed, {blocked} blocked, {undecided} undecided; {beyond} beyond; {unjudged} not judged; {} rules do not \
         pass here",
        report.unseen
    )
}

/// The target and what reads its files.
fn target(id: &str) -> Result<(&'static TargetSpec, &'static Reader), Finding> {
    let known = || READERS.iter().map(|reader| reader.target);
    let found = portbook::target::find(id).zip(reader(id));
    found.ok_or_else(|| {
        unknown(Code::UnknownTarget, "target that can be audited", id, known(), "docs/audit.md")
    })
}

/// What flags ask of the device: an anonymous site, as for `generate`.
fn of_flags(
    args: &AuditArgs,
    target: &'static TargetSpec,
    catalog: &Catalog,
    talk: &Talk,
) -> Result<Asked, Failure> {
    let cloud = args.cloud.as_deref().unwrap_or_default();
    let request = args.narrowing.request(&args.scenario, cloud, args.site.has_proxy());
    let selection = Selection::check(&request, catalog)?;
    let settings = settings(args, target)?;
    let mut site = args.site.check(catalog)?;
    site.outside = zones(args.outside_zone.as_slice())?.pop();
    let resolved = resolve(catalog, &selection)?;
    talk.findings(&resolved.findings);
    let fallback = fallback(args.device.ip_fallback);
    let given = args.ranges.given(talk)?;
    let mut files = range_files::open_for_rules(&given, catalog)?;
    let needed = clouds_needed(&resolved.rules, selection.cloud(), fallback, catalog)?;
    let words = range_files::words_wanted(&needed, &files, catalog);
    let locked = if words.is_empty() { Vec::new() } else { args.ranges.locked(Some(&words), talk)? };
    files.extend(range_files::open_for_rules(&locked, catalog)?);
    let addressing = Addressing { fallback, files: &files };
    let placed = place(&resolved.rules, &site, selection.cloud(), &addressing, catalog)?;
    let heading = heading(&resolved);
    let subject = Subject { rules: &resolved.rules, heading: &heading, placed: &placed };
    let (needs, unseen) = needs(&subject, target, &settings, &focus(args, None)?);
    Ok(Asked { needs, unseen, settings })
}

/// What a site file asks of the device. Where the site has one such target, its own place and settings hold.
fn of_site(
    args: &AuditArgs,
    target: &'static TargetSpec,
    file: &std::path::Path,
    global: &Global,
    talk: &Talk,
) -> Result<Asked, Failure> {
    let site = SiteFileArgs::of(file.to_owned(), args.only.iter().cloned().collect());
    let given = Given { ranges: &args.ranges, look: &Look::default(), strict: false };
    let asked = with_inputs(
        given,
        talk,
        || site.load(global),
        |(_, file), inputs| of_plan(args, target, one(&file.plans)?, inputs),
    )?;
    Ok(asked?)
}

fn of_plan(
    args: &AuditArgs,
    target: &'static TargetSpec,
    plan: &Plan,
    inputs: &Inputs<'_>,
) -> Result<Asked, Findings> {
    let mut own = plan.targets.iter().filter(|planned| planned.target.id == target.id);
    let own = own.next().filter(|_| own.next().is_none());
    let settings = match own {
        Some(planned) if args.device.option.is_empty() => planned.settings.clone(),
        _ => settings(args, target)?,
    };
    let focus = focus(args, own.map(|planned| planned.focus.clone()))?;
    let resolution = inputs.resolutions.of(&plan.requests, inputs.catalog)?;
    let addressing = Addressing { fallback: plan.fallback, files: inputs.files };
    let placed = resolution.place(&plan.site, &addressing, inputs.catalog)?;
    let subject = Subject { rules: &resolution.rules, heading: &resolution.heading, placed: &placed };
    let (needs, unseen) = needs(&subject, target, &settings, &focus);
    Ok(Asked { needs, unseen, settings })
}

fn one(plans: &[Plan]) -> Result<&Plan, Finding> {
    match plans {
        [plan] => Ok(plan),
        plans => {
            let names: Vec<&str> = plans.iter().map(|plan| plan.site.name.as_str()).collect();
            let message = format!("the site file has {} sites, and a device stands in one", plans.len());
            Err(Finding::new(Code::InvalidValue, message).help(format!("--site NAME: {}", names.join(", "))))
        }
    }
}

fn settings(args: &AuditArgs, target: &'static TargetSpec) -> Result<Settings, Findings> {
    let mut given = Vec::new();
    for text in &args.device.option {
        let Some((key, value)) = text.split_once('=') else {
            let message = format!("`{}` is not of the form KEY=VALUE", text.escape_debug());
            return Err(Finding::new(Code::InvalidValue, message).into());
        };
        given.push((key.to_owned(), value.to_owned()));
    }
    Settings::check(target.id, target.settings, &given)
}

/// Flags come before what a site file says of its target.
fn focus(args: &AuditArgs, own: Option<Focus>) -> Result<Focus, Findings> {
    let mut focus = own.unwrap_or_default();
    if !args.device.hosts.is_empty() {
        let parsed = args.device.hosts.iter().map(|text| {
            StationId::parse(text).map_err(|error| Finding::new(Code::InvalidName, error.to_string()))
        });
        focus.stations = parsed.collect::<Result<_, _>>()?;
    }
    if !args.device.from.is_empty() || !args.device.to.is_empty() {
        let set = |texts: &[String]| zones(texts).map(|zones| zones.into_iter().collect());
        focus.crossing = Some(Crossing { from: set(&args.device.from)?, to: set(&args.device.to)? });
    }
    if args.device.family != FamilyArg::Both {
        focus.family = args.device.family.choice();
    }
    Ok(focus)
}

fn zones(texts: &[String]) -> Result<Vec<ZoneId>, Finding> {
    let parsed = texts
        .iter()
        .map(|text| ZoneId::parse(text).map_err(|error| Finding::new(Code::InvalidName, error.to_string())));
    parsed.collect()
}
