//! `portbook explain`: who needs a host, what holds an address, what a finding means.

mod text;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use portbook::catalog::Catalog;
use portbook::explain::{HostQuestion, explain_address, explain_host};
use portbook::finding::{CODES, Code, Finding, Findings, nearest, unknown};
use portbook::ranges::RangeFile;

use super::output::product;
use super::table::pretty;
use super::{Exit, Failure, Global, Outcome, Talk, ranges};

/// Explain a host, an address or the code of a finding
///
/// A host: who needs it, since when and by which document, and how its addresses are published. An address: which
/// service tags hold it, and which documented hosts lean on them. Exit code 1 if no document speaks of it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook explain login.microsoftonline.com:443
  portbook explain name-needs-address")]
pub(crate) struct Explain {
    /// A host with or without a port, an IP address, or a code of `portbook list findings`
    #[arg(value_name = "HOST[:PORT]|IP|CODE")]
    what: String,
    /// A weekly service tag file, to look addresses up in; repeatable
    #[arg(long, value_name = "FILE")]
    ranges: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// One object
    Json,
}

pub(crate) fn run(args: &Explain, global: &Global, talk: &Talk) -> Outcome {
    if let Some(code) = Code::find(&args.what) {
        return explain_code(code, args.format);
    }
    let socket = args.what.parse::<SocketAddr>().map(|socket| socket.ip());
    if let Ok(address) = args.what.parse::<IpAddr>().or(socket) {
        return address_of(args, global, address);
    }
    host(args, global, talk)
}

fn explain_code(code: Code, format: Format) -> Outcome {
    let spec = code.spec();
    let bytes = match format {
        Format::Table => text::code(spec).into_bytes(),
        Format::Json => pretty(&json!({
            "code": spec.id,
            "severity": spec.severity,
            "summary": spec.summary,
            "explanation": spec.explanation,
            "next": spec.next,
        }))?,
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

fn host(args: &Explain, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    check_word(&args.what, &catalog)?;
    let question = HostQuestion::parse(&args.what).map_err(|finding| {
        finding.help("give a host such as login.windows.net:443, an address, or a code")
    })?;
    let explanation = explain_host(&catalog, &question)?;
    let bytes = match args.format {
        Format::Table => text::host(&explanation).into_bytes(),
        Format::Json => pretty(&serde_json::to_value(&explanation).map_err(anyhow::Error::from)?)?,
    };
    product(&bytes)?;
    if explanation.is_documented() {
        return Ok(Exit::Fine);
    }
    for line in text::next_steps(&explanation) {
        talk.line(&line);
    }
    Ok(Exit::Different)
}

/// A word without dots is more likely meant as a code, or as the name of something that `show` shows.
fn check_word(text: &str, catalog: &Catalog) -> Result<(), Finding> {
    if text.contains(['.', ':', '*', '/']) {
        return Ok(());
    }
    let is_document = catalog.documents().any(|document| document.id().as_str() == text);
    let elsewhere = if catalog.scenario(text).is_ok() {
        Some(("scenario", format!("`portbook show {text}` shows what is documented for it")))
    } else if is_document {
        Some(("document", format!("`portbook show --document {text}` shows what it says")))
    } else {
        None
    };
    if let Some((what, help)) = elsewhere {
        return Err(Finding::new(Code::UnknownFinding, format!("`{text}` is a {what}")).help(help));
    }
    let known = CODES.iter().map(|(_, spec)| spec.id);
    let code = text.contains('-') && nearest(text, known.clone()).is_some();
    if code {
        Err(unknown(Code::UnknownFinding, "finding", text, known, "`portbook list findings`"))
    } else {
        Ok(())
    }
}

fn address_of(args: &Explain, global: &Global, address: IpAddr) -> Outcome {
    let texts = ranges::read(&args.ranges)?;
    let mut findings = Findings::new();
    let mut files = Vec::new();
    for (name, text) in &texts {
        match RangeFile::parse(name, text) {
            Ok(file) => files.push(file),
            Err(errors) => findings.append(errors),
        }
    }
    if findings.has_errors() {
        return Err(Failure::Findings(findings));
    }
    let explanation = explain_address(&global.load_catalog()?, address, &files)?;
    let bytes = match args.format {
        Format::Table => text::address(&explanation, files.is_empty()).into_bytes(),
        Format::Json => pretty(&serde_json::to_value(&explanation).map_err(anyhow::Error::from)?)?,
    };
    product(&bytes)?;
    let known = !explanation.tags.is_empty() || !explanation.listed.is_empty();
    Ok(if known { Exit::Fine } else { Exit::Different })
}
