//! `portbook explain`: who needs a host, what holds an address, what a finding means.

mod text;

use std::net::{IpAddr, SocketAddr};

use clap::{Args, ValueEnum};
use serde_json::json;

use portbook::catalog::Catalog;
use portbook::explain::{HostQuestion, explain_address, explain_host};
use portbook::finding::{CODES, Code, Finding, nearest, unknown};

use super::output::product;
use super::range_files::{RangeArgs, open_for_rules};
use super::table::pretty;
use super::{Exit, Global, Outcome, Talk};

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
    #[command(flatten)]
    ranges: RangeArgs,
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
        return address_of(args, global, address, talk);
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

fn address_of(args: &Explain, global: &Global, address: IpAddr, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let given = &args.ranges;
    let loaded = if given.ranges.is_empty() { given.locked(None, talk)? } else { given.given(talk)? };
    let files = open_for_rules(&loaded, &catalog)?;
    let explanation = explain_address(&catalog, address, &files)?;
    let bytes = match args.format {
        Format::Table => text::address(&explanation, files.is_empty()).into_bytes(),
        Format::Json => pretty(&serde_json::to_value(&explanation).map_err(anyhow::Error::from)?)?,
    };
    product(&bytes)?;
    let known = !explanation.tags.is_empty() || !explanation.listed.is_empty();
    Ok(if known { Exit::Fine } else { Exit::Different })
}
