//! iptables: chains for `iptables-restore` and `ip6tables-restore`, and the sets that both match, for `ipset restore`.
//!
//! Always all three, and always both families: a machine with rules for IPv4 alone lets all of IPv6 pass.
//!
//! The formats: iptables-restore(8), iptables-extensions(8) and ipset(8) of <https://www.netfilter.org/>. Where they leave
//! something open, iptables 1.8.9, ipset 7.17 and packets were asked; the answers are in docs/targets/iptables.md.

mod text;

use std::fmt::Write as _;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::netfilter::{self, Accept, Line, Policy, Set, SetNames};
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
    id: "iptables",
    summary: "iptables and ip6tables: a chain to jump to, or all that is forwarded, with its ipset sets; addresses only",
    vantage: Vantage::Network,
    enforces: Enforces::IfDefaultDeny(
        "the chain that jumps here drops what it does not accept, in both families",
    ),
    settings: &[SettingSpec {
        id: "form",
        summary: "a chain of accept lines that FORWARD jumps to, or a FORWARD that drops the rest",
        kind: SettingKind::Choice(&["fragment", "standalone"]),
        default: Some("fragment"),
    }],
    capabilities: netfilter::capabilities,
    pack,
    back: |old, new| Ok(back::files(old, new, &BACK)),
};

const BACK: back::Words = back::Words {
    put: "Put {} back in place of the newer one.",
    gone: "Take the jump to the chain of {} out of FORWARD, then remove the file, the chain (`-F`, `-X`) and the sets (`ipset destroy NAME`).",
    then: "Run `ipset restore` with the sets first, then `iptables-restore --noflush` with the v4 file and `ip6tables-restore --noflush` with the v6 file.",
};

/// The longest name of a set: ipset 7.17 refuses 32 characters.
const SET: usize = 31;
/// The longest name of a chain: iptables 1.8.9 refuses 29 characters.
const CHAIN: usize = 28;
/// Bytes of a comment on a rule (iptables-extensions(8), comment: 256 with its end).
const COMMENT: usize = 255;
/// What one multiport match holds; a range counts as two (iptables-extensions(8)).
const MULTIPORT: usize = 15;
/// The most prefixes of a set, the same for each set: ipset takes a set that is there again only with the same number,
/// and 65,536, its default, is less than the largest tag. The number alone takes no memory.
const MOST: usize = 1_048_576;

/// What the templates see; docs/targets/iptables.md describes it.
#[derive(Debug, Serialize)]
struct Tables {
    header: Vec<String>,
    standalone: bool,
    chain: String,
    most: usize,
    sets: Vec<SetBlock>,
    v4: Vec<Group>,
    v6: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct SetBlock {
    name: String,
    /// The set of the same kind that is filled before the two are swapped.
    filling: &'static str,
    kind: &'static str,
    lines: String,
}

/// What the same rules accept: several lines where one multiport match cannot hold the ports.
#[derive(Debug, Serialize)]
struct Group {
    comments: Vec<String>,
    source: Option<String>,
    destination: Option<String>,
    transport: &'static str,
    source_ports: Option<String>,
    ports: Vec<String>,
    label: String,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let standalone = settings.is("form", "standalone");
    let chain = own_name(&fitted.site);
    let policy =
        netfilter::policy("iptables", fitted, &SetNames { prefix: set_prefix(&fitted.site), longest: SET })?;
    policy.sets.iter().filter_map(too_large).collect::<Findings>().or_value(())?;
    let line = "Standalone: FORWARD is its own in both families; it drops all that this host forwards and that is not accepted \
                here. What it receives and sends itself is left alone.";
    Ok(Box::new(Tables {
        header: netfilter::header(fitted, standalone.then_some(line), &place(&chain)),
        standalone,
        most: MOST,
        sets: policy.sets.iter().map(set_block).collect(),
        v4: groups(&policy, Family::V4),
        v6: groups(&policy, Family::V6),
        chain,
    }))
}

/// `portbook`, or `portbook-SITE`.
fn own_name(site: &SiteName) -> String {
    if *site == SiteName::default() {
        return "portbook".to_owned();
    }
    name::fitted(&format!("portbook-{site}"), CHAIN)
}

/// `pb`, or `pb-SITE`: a set has 31 characters for its name.
fn set_prefix(site: &SiteName) -> String {
    if *site == SiteName::default() { "pb".to_owned() } else { format!("pb-{site}") }
}

fn too_large(set: &Set) -> Option<Finding> {
    (set.prefixes.len() > MOST).then(|| {
        let message =
            format!("iptables: {} has {} prefixes; a set holds {MOST}", set.name, set.prefixes.len());
        Finding::new(Code::InvalidValue, message)
            .help("use tags in place of the whole file: --ip-fallback tag")
    })
}

/// What a fragment asks of the rules around it.
fn place(chain: &str) -> [String; 3] {
    [
        format!("Fragment: accept lines only, in chain `{chain}` of table filter; load the sets first."),
        format!(
            "Jump to it in both families, behind `-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`: `-A FORWARD -j {chain}`."
        ),
        "Answers are not in here: that line of connection tracking lets them through.".to_owned(),
    ]
}

fn set_block(set: &Set) -> SetBlock {
    let (kind, filling) = match set.family {
        Family::V4 => ("inet", FILLING[0]),
        Family::V6 => ("inet6", FILLING[1]),
    };
    let mut lines = String::new();
    for prefix in &set.prefixes {
        let _ = writeln!(lines, "add {filling} {prefix}");
    }
    SetBlock { name: set.name.clone(), filling, kind, lines }
}

/// Names that no list has: those end in a family.
const FILLING: [&str; 2] = ["pb-filling4", "pb-filling6"];

fn groups(policy: &Policy, family: Family) -> Vec<Group> {
    let of_family = |accept: &Accept| {
        let line = accept.lines.iter().find(|line| line.family == family)?;
        Some(group(accept, line))
    };
    policy.accepts.iter().filter_map(of_family).collect()
}

fn group(accept: &Accept, line: &Line) -> Group {
    Group {
        comments: accept.comments.clone(),
        source: line.source.clone(),
        destination: line.destination.clone(),
        transport: accept.transport.as_str(),
        source_ports: accept.source_ports.map(range),
        ports: pieces(&accept.ports),
        label: accept.label(COMMENT),
    }
}

/// Lists of ports that one multiport match holds, each as it stands there.
fn pieces(ports: &[PortRange]) -> Vec<String> {
    let mut pieces: Vec<(usize, Vec<String>)> = Vec::new();
    for ports in ports {
        let cost = if ports.single().is_some() { 1 } else { 2 };
        match pieces.last_mut() {
            Some((taken, piece)) if *taken + cost <= MULTIPORT => {
                *taken += cost;
                piece.push(range(*ports));
            }
            _ => pieces.push((cost, vec![range(*ports)])),
        }
    }
    pieces.into_iter().map(|(_, piece)| piece.join(",")).collect()
}

/// `443`, `49152:65535`.
fn range(ports: PortRange) -> String {
    match ports.single() {
        Some(port) => port.to_string(),
        None => format!("{}:{}", ports.first(), ports.last()),
    }
}

/// What is written, by its template.
const FILES: [&str; 3] =
    ["iptables/portbook.ipset", "iptables/portbook.v4.rules", "iptables/portbook.v6.rules"];

impl Lowered for Tables {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let render = |path: &&str| {
            let text = templates.render(path, self.context(), text::FILTERS)?;
            Ok(Artifact::text(*path, text))
        };
        FILES.iter().map(render).collect()
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }

    fn filters(&self) -> &'static [Filter] {
        text::FILTERS
    }
}
