//! `portbook test`: whether the expectations of a site file hold.

mod junit;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use portbook::artifact::{Artifact, write};
use portbook::build::{Inputs, Look};
use portbook::expect::{Answer, judge};
use portbook::finding::{Code, Finding, Findings};

use super::inputs::{Given, with_inputs};
use super::range_files::RangeArgs;
use super::site_file::{SiteFile, SiteFileArgs};
use super::{Exit, Global, Outcome, Talk, output};

/// Judge the expectations of a site file, on its rules and on what each target says
///
/// `expect:` holds lines such as `allow agents -> login.microsoftonline.com:443` or `deny agents -> example.com:443`. What is to
/// pass must be in the rules and in every target on its way, and one must stand there if the site has any that could. What
/// is not to pass must be denied by a device on every way that it could go, past its proxy too: one that denies only under
/// a condition is not enough, unless the site says `default: deny` of it. Exit code 1 if one fails, 2 if `portbook build`
/// could not write the files.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook test
  portbook test sites/portbook.yaml --site contoso-hq -v")]
pub(crate) struct TestArgs {
    #[command(flatten)]
    site: SiteFileArgs,
    #[command(flatten)]
    ranges: RangeArgs,
    /// Also write the results as `JUnit` XML, for CI
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// Runs the subcommand.
pub(crate) fn run(args: &TestArgs, global: &Global, talk: &Talk) -> Outcome {
    let given = Given { ranges: &args.ranges, look: &Look::default(), strict: false };
    with_inputs(given, talk, || args.site.load(global), |(_, file), inputs| judged(args, file, inputs, talk))?
}

fn judged(args: &TestArgs, file: &SiteFile, inputs: &Inputs<'_>, talk: &Talk) -> Outcome {
    let mut findings = Findings::new();
    let mut answers = Vec::new();
    for plan in &file.plans {
        match judge(plan, inputs) {
            Ok(some) => answers.extend(some.into_iter().map(|answer| (plan.site.name.as_str(), answer))),
            Err(errors) => findings.append(errors),
        }
    }
    let (answers, _) = findings.or_value(answers)?;
    if answers.is_empty() {
        let finding = Finding::new(Code::NothingSelected, "the site file expects nothing");
        return Err(finding
            .help("`expect: [\"allow agents -> login.microsoftonline.com:443\"]` in a site")
            .into());
    }
    if let Some(path) = &args.junit {
        let artifact = Artifact { path: path.display().to_string(), bytes: junit::junit(&answers)? };
        write(&[artifact], Path::new(""))?;
    }
    let text: String = answers.iter().map(|(site, answer)| line(site, answer, talk.is_verbose())).collect();
    output::product(text.as_bytes())?;
    let failed: Findings =
        answers.iter().filter(|(_, answer)| !answer.holds()).map(|(_, answer)| finding(answer)).collect();
    talk.findings(&failed);
    talk.line(&format!("{} expectations, {} failed", answers.len(), failed.len()));
    Ok(if failed.is_empty() { Exit::Fine } else { Exit::Different })
}

fn line(site: &str, answer: &Answer<'_>, verbose: bool) -> String {
    let verdict = if answer.holds() { "ok  " } else { "FAIL" };
    let mut text = format!("{verdict}  {site}  {}\n", answer.expectation);
    if verbose || !answer.holds() {
        for reason in reasons(answer) {
            let _ = writeln!(text, "        {reason}");
        }
    } else if answer.holds_by_rules_alone() {
        let _ = writeln!(text, "        {ALONE}");
    }
    text
}

/// Said of what no device had a word on.
const ALONE: &str = "by the rules alone: no target of the site could stop it";

fn reasons(answer: &Answer<'_>) -> Vec<String> {
    let mut reasons = vec![format!("rules: {}", answer.rules)];
    for way in &answer.ways {
        let way_name = if answer.ways.len() > 1 { format!("{}: ", way.name) } else { String::new() };
        let said = way.targets.iter().map(|(target, ruling)| format!("{way_name}{target}: {ruling}"));
        reasons.extend(said);
        if way.targets.is_empty() {
            reasons.push(format!("{way_name}no target of the site stands on its way"));
        } else if !way.is_judged() {
            reasons.push(format!("{way_name}no target on its way decides"));
        }
    }
    if answer.holds_by_rules_alone() {
        reasons.push(ALONE.to_owned());
    }
    reasons
}

fn finding(answer: &Answer<'_>) -> Finding {
    let message = format!("`{}` does not hold", answer.expectation);
    Finding::new(Code::ExpectationFailed, message).at(answer.expectation.place.clone())
}
