//! Hosts that stand for a wildcard in a test: documents name some of the hosts that they cover elsewhere.

use crate::address::PortRange;
use crate::catalog::{
    Catalog, Document, DocumentedFlow, Edition, EndKind, Life, PortText, Publisher, Readings, Requirement,
};
use crate::finding::Findings;
use crate::host::{HostName, HostPattern};
use crate::id::DocumentId;
use crate::resolve::Selection;

/// A host below a wildcard, and the document that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleHost {
    /// Its name.
    pub host: HostName,
    /// Who names it.
    pub document: DocumentId,
    /// In which text.
    pub edition: Edition,
}

/// The first host that a living document of Microsoft names below `pattern` on the same port, in the selection's cloud and at
/// its date. Whether the rest of what the wildcard covers can be reached, it cannot tell.
///
/// # Errors
/// All errors of the files that had to be read.
pub fn sample_host(
    catalog: &Catalog,
    selection: &Selection,
    pattern: &HostPattern,
    ports: PortRange,
) -> Result<Option<SampleHost>, Findings> {
    let readings = catalog.readings()?;
    for document in catalog.documents() {
        let about = catalog.about(document)?;
        if about.publisher != Publisher::Microsoft || about.life != Life::Living {
            continue;
        }
        if let Some(edition) = selection.edition_of(document)
            && let Some(host) =
                named(catalog, selection, document, edition, &Wanted { pattern, ports, readings })?
        {
            return Ok(Some(SampleHost { host, document: document.id().clone(), edition }));
        }
    }
    Ok(None)
}

struct Wanted<'a> {
    pattern: &'a HostPattern,
    ports: PortRange,
    readings: &'a Readings,
}

fn named(
    catalog: &Catalog,
    selection: &Selection,
    document: &Document,
    edition: Edition,
    wanted: &Wanted<'_>,
) -> Result<Option<HostName>, Findings> {
    let text = catalog.edition(document, edition)?;
    // What holds only under a condition may not be there for everyone.
    let counts =
        |requirement: &&Requirement| requirement.when.is_none() && requirement.holds_in(selection.cloud());
    let flows = text.requirements.iter().filter(counts).flat_map(|requirement| &requirement.flows);
    Ok(flows.filter(|flow| wanted.is_on_port(flow)).find_map(|flow| wanted.host(flow)))
}

impl Wanted<'_> {
    fn is_on_port(&self, flow: &DocumentedFlow) -> bool {
        let same = |ports: &PortText| matches!(ports, PortText::Fixed(range) if *range == self.ports);
        flow.option.is_none() && flow.ports.iter().any(|ports| same(&ports.ports))
    }

    fn host(&self, flow: &DocumentedFlow) -> Option<HostName> {
        flow.to.iter().find_map(|end| {
            let EndKind::Host(text) = &end.kind else {
                return None;
            };
            let reading = self.readings.get(text);
            if reading.is_some_and(|reading| reading.typo_of.is_some() || reading.doubtful.is_some()) {
                return None;
            }
            let HostPattern::Exact(name) = self.readings.pattern(text).ok()? else {
                return None;
            };
            self.pattern.matches(name.as_str()).then_some(name)
        })
    }
}
