//! Portbook's own files for iptables-restore, ip6tables-restore and ipset: always all three. No other rules are judged.

use crate::address::Family;
use crate::finding::{Finding, Findings};
use crate::target::Settings;

use super::super::super::{At, Policy};
use super::super::statement::{Form, Statements, Stray, settled};
use super::super::{Beside, Configuration, unreadable};
use super::{Accept, FOREIGN, Sets, fallthrough, ipset, is_label, is_own_name, named, port_list, transport};

/// iptables-restore 1.8.9 reads pieces of 10,239 bytes; a `#` behind a blank is no comment to it (tried).
const FORM: Form = Form { loose: false, longest: 10_239 };

/// Which program reads a file, by the end of its name.
const ENDS: [&str; 3] = [".ipset", ".v4.rules", ".v6.rules"];

/// Reads the three files together. The settings say which form they have to have.
pub(in super::super) fn read(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let [sets, v4, v6] = all(files)?;
    let mut sets = Statements::of(sets, &ipset::FORM)?;
    let mut families = [(Family::V4, Statements::of(v4, &FORM)?), (Family::V6, Statements::of(v6, &FORM)?)];
    let standalone = settings.is("form", "standalone");
    let mut policy = Policy::new(fallthrough(false, &v4.at(1)));
    let read = together(&mut sets, &mut families, standalone, &mut policy);
    settled(policy, read)
}

/// One file of each kind. Without that of IPv6, whatever is IPv6 passes by the rules.
fn all(files: &[Configuration]) -> Result<[&Configuration; 3], Finding> {
    let at = files.first().map_or_else(|| At { file: "-".into(), line: 1 }, |file| file.at(1));
    let of = |end: &str| {
        let mut found = files.iter().filter(|file| file.name.ends_with(end));
        let missing = || unreadable(&at, format!("give all three files: none is named *{end}"));
        let file = found.next().ok_or_else(missing)?;
        match found.next() {
            None => Ok(file),
            Some(second) => Err(unreadable(&second.at(1), format!("a second file is named *{end}"))),
        }
    };
    if let Some(other) = files.iter().find(|file| !ENDS.iter().any(|end| file.name.ends_with(end))) {
        let what = format!("what reads it is told by the end of its name: {}", ENDS.join(", "));
        return Err(unreadable(&other.at(1), what));
    }
    let [sets, v4, v6] = ENDS.map(of);
    Ok([sets?, v4?, v6?])
}

fn together(
    sets: &mut Statements<'_>,
    families: &mut [(Family, Statements<'_>); 2],
    standalone: bool,
    policy: &mut Policy,
) -> Result<(), Stray> {
    let sets = ipset::sets(sets)?;
    let mut chains = Vec::new();
    for (family, statements) in families {
        let at = statements.at();
        let chain = head(statements, standalone, policy)?;
        accepts(statements, &chain, *family, &sets, policy)?;
        statements.expect("COMMIT")?;
        statements.end()?;
        chains.push(chain);
        if chains.first() != chains.last() {
            return Err(Stray::new(at, "its chain has another name than that of IPv4"));
        }
    }
    Ok(())
}

/// The lines in front of the accept lines; the name of the chain.
fn head(statements: &mut Statements<'_>, standalone: bool, policy: &mut Policy) -> Result<String, Stray> {
    statements.expect("*filter")?;
    if standalone {
        statements.expect(":FORWARD DROP [0:0]")?;
    }
    let wanted = format!("`:portbook - [0:0]`, as the option form={} says", form(standalone));
    let Some((_, chain)) = statements.take(":", " - [0:0]").filter(|(_, name)| is_own_name(name)) else {
        return Err(statements.stray(&wanted));
    };
    if standalone {
        statements.expect_all(&[
            "-F FORWARD",
            "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
            &format!("-A FORWARD -j {chain}"),
        ])?;
        let rest = statements.expect("-A FORWARD -m comment --comment \"portbook: the rest\" -j DROP")?;
        policy.default = fallthrough(true, &rest);
    }
    Ok(chain)
}

fn form(standalone: bool) -> &'static str {
    if standalone { "standalone" } else { "fragment" }
}

fn accepts(
    statements: &mut Statements<'_>,
    chain: &str,
    family: Family,
    sets: &Sets,
    policy: &mut Policy,
) -> Result<(), Stray> {
    while let Some((at, rest)) = statements.take(&format!("-A {chain} "), " -j ACCEPT") {
        let line = format!("-A {chain} {rest} -j ACCEPT");
        let accept =
            accept(&rest, family, sets).map_err(|why| Stray::new(at.clone(), format!("`{line}`: {why}")))?;
        policy.clauses.push(accept.clause(at, &line));
    }
    Ok(())
}

/// What stands between `-A CHAIN` and `-j ACCEPT`.
fn accept(rest: &str, family: Family, sets: &Sets) -> Result<Accept, String> {
    let (matches, label) = rest.split_once(" -m comment --comment \"").ok_or(FOREIGN)?;
    label.strip_suffix('"').filter(|label| is_label(label)).ok_or("its comment is none of Portbook's")?;
    let words: Vec<&str> = matches.split(' ').collect();
    let mut words = words.as_slice();
    let (mut source, mut destination) = (None, None);
    if let ["-m", "set", "--match-set", set, "src", behind @ ..] = words {
        (source, words) = (Some(named(set, family, sets)?.clone()), behind);
    }
    if let ["-m", "set", "--match-set", set, "dst", behind @ ..] = words {
        (destination, words) = (Some(named(set, family, sets)?.clone()), behind);
    }
    let ["-p", protocol, words @ ..] = words else { return Err(FOREIGN.to_owned()) };
    let (source_ports, words) = match words {
        ["-m", by, "--sport", range, behind @ ..] if by == protocol => (Some(*range), behind),
        _ => (None, words),
    };
    let ["-m", "multiport", "--dports", list] = words else { return Err(FOREIGN.to_owned()) };
    let source_ports = source_ports.map(|range| port_list(range, ",", ':').ok_or("no source ports"));
    Ok(Accept {
        family: Some(family),
        source,
        destination,
        transport: transport(protocol).ok_or("its protocol is neither tcp nor udp")?,
        ports: port_list(list, ",", ':').ok_or("its ports are none")?,
        source_ports: source_ports.transpose()?,
    })
}
