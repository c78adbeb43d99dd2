//! Rows of the reference that the page's own words contradict: the catalog follows the page.

/// Document, edition, cloud, destination, reason.
pub(crate) const CONTRADICTED: [(&str, &str, &str, &str, &str); 1] = [(
    "health-agent-install",
    "2020-09-24",
    "germany",
    "www.office.de",
    "\"this endpoint is only used for discovery purposes during registration\" stands beside it, as in the other clouds",
)];

/// Whether the row of this document, edition, cloud and destination is one of them.
pub(crate) fn is_contradicted(row: [&str; 4]) -> bool {
    CONTRADICTED.iter().any(|(document, edition, cloud, to, _)| row == [*document, *edition, *cloud, *to])
}
