//! Rows of rules, with the heading and the source above them.

use crate::finding::Finding;

use super::super::super::{At, Clause};
use super::super::hop::{End, Hop, words};
use super::super::unreadable;
use super::section::{Row, Table};
use super::sets::{Listed, Named};

/// How long the names of a heading and its source may be together; those of hosts have 253 bytes.
const LONGEST: usize = 4096;

/// A table of rules.
pub(super) struct Rules {
    heading: Heading,
    source: Source,
    table: Table,
}

/// `provisioning-agent: TCP 443 from source ports 1024-65535, outbound, direct`.
struct Heading {
    from: String,
    transport: String,
    ports: String,
    source_ports: String,
    via: Via,
}

/// Which part of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Via {
    Direct,
    ToProxy,
    FromProxy,
}

/// `provisioning-agent in zone tier0: 10.0.0.1; 10.0.0.2`.
struct Source {
    at: At,
    name: String,
    zone: String,
    addresses: String,
}

impl Rules {
    pub(super) fn of(
        at: &At,
        heading: &str,
        (line, source): &(At, String),
        table: Table,
    ) -> Result<Self, Finding> {
        let heading = Heading::parse(heading)
            .ok_or_else(|| unreadable(at, format!("`{heading}` is no heading of a table of rules")))?;
        let source = Source::of(line.clone(), source);
        // Each row has them.
        if heading.from.len() + source.name.len() + source.zone.len() > LONGEST {
            return Err(unreadable(line, format!("names of more than {LONGEST} bytes")));
        }
        if !heading.is_from(&source.name) {
            let why = format!("{} is no source of what {} needs ({at})", source.name, heading.from);
            return Err(unreadable(line, why));
        }
        Ok(Self { heading, source, table })
    }

    /// A clause for each row; sets that are named are noted.
    pub(super) fn clauses(&self, listed: &Listed, named: &mut Named) -> Result<Vec<Clause>, Finding> {
        let rows = &self.table.rows;
        listed.check(&self.source.at, &self.source.addresses, rows.len(), named)?;
        rows.iter()
            .map(|row| {
                let destination = self.destination(row)?;
                listed.check(&row.at, destination.addresses, 1, named)?;
                let hop = self.hop(destination);
                hop.clause(row.at.clone(), &listed.sets).map_err(|why| unreadable(&row.at, why))
            })
            .collect()
    }

    fn hop<'t>(&'t self, destination: End<'t>) -> Hop<'t> {
        let Source { name, zone, addresses, .. } = &self.source;
        // A heading has the word in front of a name that tells what it is: `outside:users`.
        let name = if self.heading.via == Via::FromProxy { name } else { &self.heading.from };
        Hop {
            transport: &self.heading.transport,
            ports: &self.heading.ports,
            source_ports: &self.heading.source_ports,
            source: End { kind: "", name, addresses, zone },
            destination,
        }
    }

    fn destination<'r>(&self, row: &'r Row) -> Result<End<'r>, Finding> {
        let refuse = |why: String| unreadable(&row.at, why);
        let cell = self.table.cell(row, "Destination").and_then(|cell| cell.code());
        let named = cell.and_then(|(name, kind)| Some((name, kind.strip_prefix('(')?.strip_suffix(')')?)));
        let (name, kind) =
            named.ok_or_else(|| refuse("a destination that is no name and kind".to_owned()))?;
        let text = |column| self.table.text(row, column);
        let end = End { kind, name, addresses: text("Addresses")?, zone: text("Zone")? };
        end.is_of_its_kind().map_err(refuse)?;
        if (kind == "proxy") != (self.heading.via == Via::ToProxy) {
            return Err(refuse(format!(
                "a destination of the kind `{kind}` on a way that is {}",
                self.heading.via.text()
            )));
        }
        // A proxy stands between; else the row is for its destination.
        let is_meant = |(meant, rest): (&str, &str)| {
            rest.is_empty() && (kind == "proxy" || is_named(meant, &words(kind, name)))
        };
        if self.table.cell(row, "For").is_some_and(|cell| !cell.code().is_some_and(is_meant)) {
            return Err(refuse(format!("`{name}` is not what the row is for")));
        }
        Ok(end)
    }
}

impl Heading {
    fn parse(text: &str) -> Option<Self> {
        // From behind: names hold whatever names hold.
        let (text, via) = text.rsplit_once(", ")?;
        let (text, direction) = text.rsplit_once(", ")?;
        let (from, service) = text.rsplit_once(": ")?;
        let (service, source_ports) = match service.split_once(" from source ports ") {
            Some((service, ports)) => (service, ports),
            None => (service, ""),
        };
        let (transport, ports) = service.split_once(' ')?;
        matches!(direction, "outbound" | "inbound" | "internal" | "local").then_some(())?;
        let [from, transport, ports, source_ports] =
            [from, transport, ports, source_ports].map(str::to_owned);
        Some(Self { from, transport, ports, source_ports, via: Via::parse(via)? })
    }

    /// Whether connections of this heading may come from an end of this name.
    fn is_from(&self, name: &str) -> bool {
        let kinds = ["", "outside", "service-tag", "ranges"];
        // A proxy has a name of its own.
        self.via == Via::FromProxy || kinds.iter().any(|kind| is_named(&self.from, &words(kind, name)))
    }
}

impl Via {
    const ALL: [Self; 3] = [Self::Direct, Self::ToProxy, Self::FromProxy];

    fn text(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::ToProxy => "to-proxy",
            Self::FromProxy => "from-proxy",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|via| via.text() == text)
    }
}

impl Source {
    fn of(at: At, text: &str) -> Self {
        let (front, addresses) = text.split_once(": ").unwrap_or((text, ""));
        let (name, zone) = front.rsplit_once(" in zone ").unwrap_or((front, ""));
        let [name, zone, addresses] = [name, zone, addresses].map(|text| text.trim().to_owned());
        Self { at, name, zone, addresses }
    }
}

/// Whether an end is called so: by its words, or by these and the role that answers (`sts.contoso.com@ad-fs-server`).
fn is_named(end: &str, words: &str) -> bool {
    end.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
}
