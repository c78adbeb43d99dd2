//! What is generated for the reference: fixed cases, the flags that each target needs, and variants of single targets.

/// A selection and the site that it meets.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) scenario: &'static str,
    pub(crate) cloud: &'static str,
    /// Role, addresses, zone.
    pub(crate) site: &'static [(&'static str, &'static str, &'static str)],
}

const AGENTS: &[(&str, &str, &str)] =
    &[("provisioning-agent", "10.20.0.11,10.20.0.12,2001:db8:20::11,2001:db8:20::12", "tier0")];

pub(crate) const CASES: &[Case] = &[
    Case { name: "cloud-sync-public", scenario: "cloud-sync", cloud: "public", site: AGENTS },
    Case { name: "cloud-sync-us-government", scenario: "cloud-sync", cloud: "us-government", site: AGENTS },
    Case {
        name: "connect-sync-public",
        scenario: "connect-sync",
        cloud: "public",
        site: &[
            ("connect-server", "10.20.0.21,2001:db8:20::21", "tier0"),
            ("domain-controller", "10.10.0.0/28,2001:db8:10::/64", "servers"),
        ],
    },
    Case {
        name: "ad-fs-public",
        scenario: "ad-fs",
        cloud: "public",
        site: &[
            ("connect-server", "10.20.0.21,2001:db8:20::21", "tier0"),
            ("ad-fs-server", "10.20.0.31,10.20.0.32,2001:db8:20::31", "tier0"),
            ("web-application-proxy", "10.40.0.5,10.40.0.6,2001:db8:40::5", "dmz"),
        ],
    },
];

/// For targets that hold addresses only: what a name has no address for is left out.
const ADDRESSES_ONLY: &str = "--ip-fallback documented --ranges Example_Public.json --ranges Example_AzureGovernment.json --accept any-azure-customer,name-needs-address";

/// The flags that are the same for all cases of a target.
pub(crate) const TARGETS: &[(&str, &str)] = &[
    ("windows-firewall", "--option os=2022 --option names=keywords"),
    ("windows-registry", ADDRESSES_ONLY),
    ("pac", "--option listed=proxy --option others=direct --option proxy=proxy.contoso.com:8080"),
    ("squid", ""),
    // Zones of ends that are not of the site: the internet on either side.
    ("palo-alto-set", "--option from-zone=internet --option to-zone=internet"),
    ("palo-alto-xml", "--option from-zone=internet --option to-zone=internet"),
    ("palo-alto-edl", ""),
    ("nftables", ADDRESSES_ONLY),
    ("iptables", ADDRESSES_ONLY),
    ("haproxy", ""),
    ("csv", ""),
    ("json", ""),
    ("markdown", ""),
];

/// Another run: target, case, what is appended to the name of the case, flags in place of those of [`TARGETS`].
pub(crate) struct Variant {
    pub(crate) target: &'static str,
    pub(crate) case: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) flags: &'static str,
    /// Whether the site's addresses and zones are given.
    pub(crate) site: bool,
}

const fn variant(
    target: &'static str,
    case: &'static str,
    suffix: &'static str,
    flags: &'static str,
) -> Variant {
    Variant { target, case, suffix, flags, site: true }
}

const fn without_site(
    target: &'static str,
    case: &'static str,
    suffix: &'static str,
    flags: &'static str,
) -> Variant {
    Variant { target, case, suffix, flags, site: false }
}

pub(crate) const VARIANTS: &[Variant] = &[
    variant(
        "windows-firewall",
        "cloud-sync-public",
        "addresses",
        "--option os=2019 --option names=addresses --ip-fallback documented --ranges Example_Public.json --accept any-azure-customer,name-needs-address",
    ),
    variant("windows-firewall", "cloud-sync-public", "gpo", "--option os=2022 --option policy-store=gpo"),
    variant("windows-firewall", "cloud-sync-public", "service", "--option os=2025 --option restrict=service"),
    variant("windows-firewall", "cloud-sync-public", "proxy", "--option os=2022 --proxy 10.30.0.5:8080"),
    variant(
        "windows-registry",
        "cloud-sync-public",
        "tags",
        "--ip-fallback tag --ranges Example_Public.json --accept name-needs-address,unknown-service-tag",
    ),
    variant("pac", "cloud-sync-public", "function", "--option form=function --option listed=direct"),
    variant("squid", "cloud-sync-public", "standalone", "--option form=standalone --option port=8080"),
    variant("squid", "connect-sync-public", "splice", "--option splice=yes --proxy 10.30.0.5:3128"),
    variant(
        "palo-alto-set",
        "cloud-sync-public",
        "panorama",
        "--option device-group=edge --option no-decrypt=yes",
    ),
    variant(
        "palo-alto-set",
        "connect-sync-public",
        "proxy",
        "--option to-zone=internet --proxy 10.30.0.5:8080",
    ),
    variant(
        "palo-alto-xml",
        "cloud-sync-public",
        "panorama",
        "--option device-group=edge --option no-decrypt=yes",
    ),
    variant(
        "nftables",
        "cloud-sync-public",
        "standalone",
        "--option form=standalone --ip-fallback documented --ranges Example_Public.json --accept any-azure-customer,name-needs-address",
    ),
    variant(
        "iptables",
        "cloud-sync-public",
        "standalone",
        "--option form=standalone --ip-fallback documented --ranges Example_Public.json --accept any-azure-customer,name-needs-address",
    ),
    variant(
        "haproxy",
        "cloud-sync-public",
        "resolver",
        "--option resolver=10.0.0.53:53 --option prefer=ipv6 --optional --when port-443-unavailable",
    ),
    variant("csv", "connect-sync-public", "proxy", "--proxy 10.30.0.5:8080"),
    variant(
        "markdown",
        "connect-sync-public",
        "proxy",
        "--proxy 10.30.0.5:8080 --gaps --address domain-controller=10.11.0.1,10.11.2.1,10.11.4.1,10.11.6.1,10.11.8.1,10.11.10.1,10.11.12.1,10.11.14.1,10.11.16.1,10.11.18.1,10.11.20.1,10.11.22.1,10.11.24.1,10.11.26.1,10.11.28.1,10.11.30.1",
    ),
    // Refused: what is missing is said, and what to do.
    without_site("windows-firewall", "connect-sync-public", "no-addresses", "--option os=2022"),
    variant("windows-firewall", "cloud-sync-public", "2019", "--option os=2019"),
    variant("windows-firewall", "cloud-sync-us-government", "strict", "--option os=2022 --strict"),
    variant("windows-registry", "cloud-sync-public", "names", ""),
    variant("windows-registry", "connect-sync-public", "names", ""),
    variant("windows-registry", "cloud-sync-us-government", "no-ranges", "--ip-fallback documented"),
    without_site("squid", "cloud-sync-public", "no-addresses", ""),
    without_site("palo-alto-set", "ad-fs-public", "no-addresses", ""),
    without_site("palo-alto-xml", "cloud-sync-public", "no-addresses", ""),
    variant("nftables", "cloud-sync-public", "names", ""),
    variant("iptables", "cloud-sync-public", "names", ""),
    without_site("haproxy", "cloud-sync-public", "no-addresses", ""),
    without_site("nftables", "ad-fs-public", "no-addresses", ""),
    without_site("palo-alto-edl", "connect-sync-public", "no-addresses", ""),
    variant("palo-alto-edl", "cloud-sync-public", "strict", "--strict"),
];

/// Runs for which no flag helps: the selection has nothing for the target.
pub(crate) const DEAD_ENDS: &[(&str, &str)] =
    &[("pac", "ad-fs-public"), ("squid", "ad-fs-public"), ("haproxy", "ad-fs-public")];
