//! nftables: sets and accept lines in a chain for a policy of the user's, or a table of its own.
//!
//! The language: <https://www.netfilter.org/projects/nftables/manpage.html>. Where it leaves something open, nft 1.0.6 and
//! packets were asked; the answers are in docs/targets/nftables.md.

mod reserved;
mod text;

use std::fmt::Write as _;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::netfilter::{self, Accept, Set, SetNames};
use super::{
    Enforces, Filter, Fitted, Lowered, Packed, SettingKind, SettingSpec, Settings, TargetSpec, Templates,
    Vantage, back, name,
};
use crate::address::{Family, PortRange};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use crate::site::SiteName;

/// The row of the table.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "nftables",
    summary: "nftables: sets and accept lines in a chain to jump to, or a table that filters all that is forwarded; addresses only",
    vantage: Vantage::Network,
    enforces: Enforces::IfDefaultDeny("the chain that jumps here drops what it does not accept"),
    settings: &[
        SettingSpec {
            id: "form",
            summary: "a chain of accept lines for an existing table, or a table of its own that drops the rest of what is forwarded",
            kind: SettingKind::Choice(&["fragment", "standalone"]),
            default: Some("fragment"),
        },
        SettingSpec {
            id: "table",
            summary: "the table of family inet that the fragment's chain and sets join",
            kind: SettingKind::Name,
            default: Some("filter"), // The name in Debian's and the wiki's examples.
        },
    ],
    capabilities: netfilter::capabilities,
    pack,
    back: |old, new| Ok(back::files(old, new, &BACK)),
};

const BACK: back::Words = back::Words {
    put: "Put {} back in place of the newer one.",
    gone: "Take the `include` line of {} and the jump to its chain out of your rules, then remove it; a standalone table goes with `nft delete table inet NAME`.",
    then: "Run `nft -c -f FILE`, which has to end without an error, then `nft -f FILE`; `nft list ruleset` shows what holds.",
};

/// Bytes of a comment on a rule: nft 1.0.6 refuses 129.
const COMMENT: usize = 128;
/// Names of tables and chains are kept as short as those of sets, so that a listing stays readable.
const NAME: usize = 60;

/// What the template sees; docs/targets/nftables.md describes it.
#[derive(Debug, Serialize)]
struct Ruleset {
    header: Vec<String>,
    standalone: bool,
    table: String,
    chain: String,
    sets: Vec<SetBlock>,
    accept: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct SetBlock {
    name: String,
    kind: &'static str,
    elements: String,
}

/// What the same rules accept: a line for each family.
#[derive(Debug, Serialize)]
struct Group {
    comments: Vec<String>,
    lines: Vec<Line>,
    transport: &'static str,
    source_ports: Option<String>,
    ports: String,
    label: String,
}

#[derive(Debug, Serialize)]
struct Line {
    family: &'static str,
    source: Option<String>,
    destination: Option<String>,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let standalone = settings.is("form", "standalone");
    let own = own_name(&fitted.site);
    let policy = netfilter::policy("nftables", fitted, &SetNames { prefix: own.clone(), longest: NAME })?;
    let table = if standalone { own.clone() } else { table(settings)? };
    let chain = if standalone { "forward".to_owned() } else { own };
    let line = format!(
        "Standalone: a table of its own; chain `{chain}` drops all that this host forwards and that is not accepted here. \
         What it receives and sends itself is left alone."
    );
    Ok(Box::new(Ruleset {
        header: netfilter::header(fitted, standalone.then_some(line.as_str()), &place(&table, &chain)),
        standalone,
        table,
        chain,
        sets: policy.sets.iter().map(set_block).collect(),
        accept: policy.accepts.into_iter().map(group).collect(),
    }))
}

/// `portbook`, or `portbook-SITE`.
fn own_name(site: &SiteName) -> String {
    if *site == SiteName::default() {
        return "portbook".to_owned();
    }
    name::fitted(&format!("portbook-{site}"), NAME)
}

/// nft takes no digit in front of a name, and no word of its own as one.
fn table(settings: &Settings) -> Result<String, Findings> {
    let given = settings.get("table").unwrap_or_default();
    let help = if !given.starts_with(|c: char| c.is_ascii_alphabetic()) {
        "a name in nft starts with a letter: table=filter"
    } else if reserved::is_reserved(given) {
        "it is a word of nft's own, which takes no table of that name: table=filter"
    } else {
        return Ok(given.to_owned());
    };
    let message = format!("nftables: `table` cannot be `{given}`");
    Err(Finding::new(Code::InvalidValue, message).help(help).into())
}

/// What a fragment asks of the rules around it.
fn place(table: &str, chain: &str) -> [String; 3] {
    [
        format!("Fragment: accept lines only, in chain `{chain}` of table `inet {table}`."),
        format!(
            "Include it in front of the chain that filters what is forwarded; there, behind `ct state established,related accept`: \
             `jump {chain}`."
        ),
        "Answers are not in here: that line of connection tracking lets them through.".to_owned(),
    ]
}

fn set_block(set: &Set) -> SetBlock {
    let kind = match set.family {
        Family::V4 => "ipv4_addr",
        Family::V6 => "ipv6_addr",
    };
    let mut elements = String::new();
    for prefix in &set.prefixes {
        let _ = writeln!(elements, "\t\t\t{prefix},");
    }
    SetBlock { name: set.name.clone(), kind, elements }
}

fn group(accept: Accept) -> Group {
    let label = accept.label(COMMENT);
    let ports: Vec<String> = accept.ports.iter().map(PortRange::to_string).collect();
    Group {
        comments: accept.comments,
        lines: accept.lines.into_iter().map(line).collect(),
        transport: accept.transport.as_str(),
        source_ports: accept.source_ports.map(|ports| ports.to_string()),
        ports: ports.join(", "),
        label,
    }
}

fn line(line: netfilter::Line) -> Line {
    let family = match line.family {
        Family::V4 => "ip",
        Family::V6 => "ip6",
    };
    Line { family, source: line.source, destination: line.destination }
}

impl Lowered for Ruleset {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let text = templates.render("nftables/portbook.nft", self.context(), text::FILTERS)?;
        Ok(vec![Artifact::text("nftables/portbook.nft", text)])
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }

    fn filters(&self) -> &'static [Filter] {
        text::FILTERS
    }
}
