//! Files as arguments of `diff`: range files by address, everything else as builds.

use std::path::Path;

use portbook::diff::build::{BuildDifference, BuildFilter, may_merge, render};
use portbook::finding::{Code, Finding, Findings, Severity};
use portbook::plan::PlanFile;

use super::super::builds::{self, Build};
use super::super::output::product;
use super::super::revision::Revision;
use super::super::{Exit, Failure, Global, Outcome, Talk, ranges, site_file};
use super::{Diff, Format};

pub(super) fn run(args: &Diff, global: &Global, talk: &Talk) -> Outcome {
    if is_range_file(&args.old) && is_range_file(&args.new) {
        return range_files(args, talk);
    }
    if args.cloud.is_some() {
        let message = "--cloud chooses among texts; a build is of its clouds";
        return Err(Finding::new(Code::InvalidValue, message).help("leave it out").into());
    }
    let catalog = global.load_catalog()?;
    let mut findings = Findings::new();
    let known = |id: &String| catalog.role(id).map(|role| role.id.clone());
    let roles = args.role.iter().filter_map(|id| known(id).map_err(|finding| findings.push(finding)).ok());
    let filter =
        BuildFilter { roles: roles.collect(), sites: args.site.clone(), targets: args.target.clone() };
    for target in args.target.iter().filter(|target| portbook::target::find(target).is_none()) {
        let known = portbook::target::TARGETS.iter().map(|spec| spec.id);
        let listing = "`portbook list targets`";
        findings.push(portbook::finding::unknown(Code::UnknownTarget, "target", target, known, listing));
    }
    let sides = [&args.old, &args.new].map(|text| open(text, args, global, talk));
    let [old, new] = sides;
    match (old, new, findings.has_errors()) {
        (Ok(old), Ok(new), false) => {
            let all = args.auto_merge.is_some();
            let (difference, edited) = builds::compare_files(old, new, &filter, all)?;
            for path in &edited {
                let message = format!("{path} is not as its manifest says: somebody changed it");
                talk.finding(
                    &Finding::new(Code::ArtifactEdited, message)
                        .severity(Severity::Warning)
                        .help("what is compared here is not what it holds; `portbook build` makes it anew"),
                );
            }
            let told = tell(args, &catalog, &difference, talk)?;
            Ok(if edited.is_empty() { told } else { Exit::Different })
        }
        (old, new, _) => {
            for failure in [old.err(), new.err()].into_iter().flatten() {
                match failure {
                    Failure::Findings(errors) => findings.append(errors),
                    other @ Failure::Other(_) => return Err(other),
                }
            }
            Err(findings.into())
        }
    }
}

fn tell(
    args: &Diff,
    catalog: &portbook::catalog::Catalog,
    difference: &BuildDifference,
    talk: &Talk,
) -> Outcome {
    let bytes = match args.format {
        Format::Text => render::text(difference).into_bytes(),
        Format::Markdown => render::markdown(difference).into_bytes(),
        Format::Json => render::json(difference)?.into_bytes(),
        Format::Csv => render::csv(difference)?,
        Format::Html => render::html(difference)?.into_bytes(),
    };
    product(&bytes)?;
    match &args.auto_merge {
        Some(site) => judge(site, catalog, difference, talk),
        None => Ok(if difference.is_empty() { Exit::Fine } else { Exit::Different }),
    }
}

/// By the policy of a site file, which may be that of a revision: whoever proposes a change does not set its limits.
fn judge(
    site: &str,
    catalog: &portbook::catalog::Catalog,
    difference: &BuildDifference,
    talk: &Talk,
) -> Outcome {
    let source = site_file::source(site)?;
    let file = PlanFile::read(&source, catalog)?;
    let policy = |name: &str| {
        file.sites.iter().find(|plan| plan.site.name.as_str() == name).and_then(|plan| plan.auto_merge)
    };
    match may_merge(difference, policy) {
        Ok(()) => {
            talk.line("may be merged without a human: only addresses joined tags that the site uses");
            Ok(Exit::Fine)
        }
        Err(barriers) => {
            talk.line("a human has to look at it:");
            for barrier in barriers {
                talk.line(&format!("  {barrier}"));
            }
            Ok(Exit::Different)
        }
    }
}

/// What one argument names.
fn open(text: &str, args: &Diff, global: &Global, talk: &Talk) -> Result<Build, Failure> {
    let revision = Revision::parse(text).transpose()?;
    let path = revision.as_ref().map_or(text, |revision| revision.path.as_str());
    if is_site_file(path) {
        return Build::of_site_file(text, &args.ranges, global, talk);
    }
    Ok(match revision {
        Some(revision) => Build::at(revision)?,
        None => Build::on_disk(Path::new(text))?,
    })
}

/// Two range files: by address.
fn range_files(args: &Diff, talk: &Talk) -> Outcome {
    if args.cloud.is_some() || !args.role.is_empty() || !args.site.is_empty() || !args.target.is_empty() {
        let message = "--cloud, --role, --site and --target choose among flows, and range files have none";
        return Err(Finding::new(Code::InvalidValue, message).help("leave them out").into());
    }
    let format = match args.format {
        Format::Text => ranges::Format::Text,
        Format::Json => ranges::Format::Json,
        Format::Csv => ranges::Format::Csv,
        Format::Markdown | Format::Html => {
            let message = "range files are compared as text, json or csv";
            return Err(Finding::new(Code::InvalidValue, message)
                .help("give one of these to --format")
                .into());
        }
    };
    ranges::diff::files(Path::new(&args.old), Path::new(&args.new), &[], format, talk)
}

/// By its name: manifests are JSON too, and called so.
fn is_range_file(path: &str) -> bool {
    let manifest = path.ends_with("manifest.json");
    !path.starts_with("git:") && !manifest && ["json", "xml"].iter().any(|known| has_extension(path, known))
}

fn is_site_file(path: &str) -> bool {
    ["yaml", "yml"].iter().any(|known| has_extension(path, known))
}

fn has_extension(path: &str, wanted: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

pub(super) fn mixed(path: &str) -> Finding {
    let message = format!("`{}` is a file and the other side is none", path.escape_debug());
    Finding::new(Code::InvalidValue, message)
        .help("compare two files or folders, or two of DOCUMENT@EDITION and SCENARIO@DATE")
}

/// Whether an argument names a file or a folder, or a revision of one, not something of the catalog.
pub(super) fn is_path(text: &str) -> bool {
    let known = ["json", "yaml", "yml", "xml"].iter().any(|known| has_extension(text, known));
    text.contains(['/', '\\']) || text.starts_with("git:") || known || text == "." || text == ".."
}
