"""Selections and the sites that they meet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One run of `generate`."""

    name: str
    scenario: str
    flags: tuple
    site: tuple
    ranges: tuple = ()

    def words(self, folder):
        """The words of its command line."""
        words = [self.scenario, "--cloud", "public", *self.flags]
        for role in self.site:
            words += ["--address", role]
        for file in self.ranges:
            words += ["--ranges", str(folder / file)]
        return words


LEFT_OUT = ("--accept", "name-needs-address,source-not-given,destination-not-given")

ADDRESSES = (
    # TCP and UDP, anyone, families that one end lacks, several ports between the same ends.
    Case("ad-fs", "ad-fs", ("--gaps", "--optional", *LEFT_OUT),
         ("connect-server=10.20.0.21,10.20.0.24/30,2001:db8:20::21", "ad-fs-server=10.20.0.31,2001:db8:20::30/125",
          "web-application-proxy=10.40.0.5", "domain-controller=10.10.0.0/28")),
    # Source ports, ranges of ports, a service tag; both ends in one network.
    Case("domain-services", "domain-services", (*LEFT_OUT, "--accept", "unknown-service-tag"), ("managed-domain=10.50.0.0/24,2001:db8:50::/64",),
         ("ServiceTags_Public_20251103.json",)),
    # The Azure ranges as a destination of their own.
    Case("azure-ranges", "pass-through-authentication", ("--also=connect-ports", *LEFT_OUT),
         ("connect-server=10.20.0.21,2001:db8:20::21", "pta-agent=10.20.0.22"), ("Example_Public.json",)),
)

# The documented fallback in place of names: in the words of every product alike.
COMPARED = (
    *ADDRESSES,
    Case("fallback", "cloud-sync", ("--ip-fallback", "documented", "--accept", "any-azure-customer", *LEFT_OUT),
         ("provisioning-agent=10.20.0.11,10.20.0.12,2001:db8:20::11",), ("Example_Public.json",)),
)

NAMES = (
    Case("cloud-sync", "cloud-sync", ("--optional", "--when", "port-443-unavailable"),
         ("provisioning-agent=10.20.0.11,10.20.1.0/24,2001:db8:20::11",)),
)
