//! PAN-OS: one model of objects and rules, said as `set` commands and as XML, and lists for the firewall to fetch.
//!
//! Names that are visible in HTTP or TLS become custom URL categories, each bound by its rule to sources, zones and
//! services; everything else becomes addresses. `application` stays `any`: which App-IDs Microsoft's services get is
//! not documented, and `application-default` would move rules to other ports than the documented ones.
//!
//! A category entry could hold a path, but only plain HTTP shows one: without decryption the firewall sees the
//! server name of a TLS connection and nothing more ([Palo Alto KB kA1Ki000000wkNCKAY][sni]), so that an entry with
//! a path would never match there and would block. So paths are dropped here, and `fit` says so (`path-dropped`).
//!
//! [sni]: https://knowledgebase.paloaltonetworks.com/KCSArticleDetail?id=kA1Ki000000wkNCKAY

mod back;
mod bundle;
mod context;
mod edl;
mod entry;
mod label;
mod location;
mod name;
mod objects;
mod pack;
mod policy;
mod set;
mod since;
mod strict;
mod xml;

pub use objects::Objects;

use super::{
    Capabilities, Enforces, NameSupport, PortSupport, SettingKind, SettingSpec, Settings, SourceSupport,
    TargetSpec, Vantage, back::files,
};
use crate::finding::Code;

const ENFORCES: Enforces = Enforces::IfDefaultDeny(
    "the rulebase ends in a deny between these zones, as interzone-default does unless it was changed",
);

const FROM_ZONE: SettingSpec = SettingSpec {
    id: "from-zone",
    summary: "source zone of rules whose source has no zone in the site; any if absent",
    kind: SettingKind::Name,
    default: None,
};
const TO_ZONE: SettingSpec = SettingSpec {
    id: "to-zone",
    summary: "destination zone of rules whose destination has no zone in the site; any if absent",
    kind: SettingKind::Name,
    default: None,
};
const VSYS: SettingSpec = SettingSpec {
    id: "vsys",
    summary: "virtual system; without it, the only one (vsys1)",
    kind: SettingKind::Name,
    default: None,
};
const DEVICE_GROUP: SettingSpec = SettingSpec {
    id: "device-group",
    summary: "Panorama device group: objects in it, rules in its pre-rulebase",
    kind: SettingKind::Name,
    default: None,
};
const NAMES: SettingSpec = SettingSpec {
    id: "names",
    summary: "categories match names in HTTP and TLS; addresses need --ip-fallback, for firewalls without URL filtering",
    kind: SettingKind::Choice(&["categories", "addresses"]),
    default: Some("categories"),
};
const NO_DECRYPT: SettingSpec = SettingSpec {
    id: "no-decrypt",
    summary: "yes excludes every category from TLS inspection; no, only what a document demands",
    kind: SettingKind::Flag,
    default: Some("no"),
};
const POSITION: SettingSpec = SettingSpec {
    id: "position",
    summary: "where security rules are moved to",
    kind: SettingKind::Choice(&["bottom", "top", "before", "after"]),
    default: Some("bottom"),
};
const ANCHOR: SettingSpec = SettingSpec {
    id: "anchor",
    summary: "the rule that they are moved before or after",
    kind: SettingKind::Name,
    default: None,
};
const SINCE: SettingSpec = SettingSpec {
    id: "since",
    summary: "what was loaded last, a palo-alto-set file or its objects from a manifest: what is gone is deleted first",
    kind: SettingKind::File,
    default: None,
};
const ENTRIES: SettingSpec = SettingSpec {
    id: "entries",
    summary: "entries that one list may hold; the limit of the firewall's model",
    kind: SettingKind::Number,
    default: Some("50000"),
};

/// `palo-alto-set`: commands for configure mode.
pub(super) const SET: TargetSpec = TargetSpec {
    id: "palo-alto-set",
    summary: "PAN-OS and Panorama: set commands for URL categories, objects, rules and their position",
    vantage: Vantage::Network,
    enforces: ENFORCES,
    settings: &[FROM_ZONE, TO_ZONE, VSYS, DEVICE_GROUP, NAMES, POSITION, ANCHOR, NO_DECRYPT, SINCE],
    capabilities: policy_capabilities,
    pack: set::pack,
    back: back::set,
};

/// `palo-alto-xml`: the same as a configuration to load in parts.
pub(super) const XML: TargetSpec = TargetSpec {
    id: "palo-alto-xml",
    summary: "PAN-OS and Panorama: the same objects and rules as XML for load config partial",
    vantage: Vantage::Network,
    enforces: ENFORCES,
    settings: &[FROM_ZONE, TO_ZONE, VSYS, DEVICE_GROUP, NAMES, NO_DECRYPT],
    capabilities: policy_capabilities,
    pack: xml::pack,
    back: back::xml,
};

/// `palo-alto-edl`: lists that the firewall fetches; rules that use them are the user's own.
pub(super) const EDL: TargetSpec = TargetSpec {
    id: "palo-alto-edl",
    summary: "PAN-OS: external dynamic lists of URLs and addresses, one for each source role and port",
    vantage: Vantage::Network,
    enforces: ENFORCES,
    settings: &[NAMES, ENTRIES],
    capabilities: edl_capabilities,
    pack: edl::pack,
    back: |old, new| Ok(files(old, new, &edl::BACK)),
};

/// Names in categories, or not at all.
fn names(settings: &Settings, other_exact: Option<Code>) -> NameSupport {
    if settings.is("names", "addresses") {
        return NameSupport::None;
    }
    NameSupport::HttpOnly {
        http: Some(Code::HandshakeBeforeName),
        other_exact,
        other_wildcard: Code::CategoryNeedsHttp,
    }
}

fn policy_capabilities(settings: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Addresses,
        names: names(settings, Some(Code::FqdnByAddress)),
        addresses: true,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: true,
        words: false,
        identity: None,
    }
}

fn edl_capabilities(settings: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Elsewhere(Code::SourceByRule),
        names: names(settings, None),
        addresses: true,
        paths: false,
        ports: PortSupport::Elsewhere(Code::PortByRule),
        source_ports: false,
        words: false,
        identity: None,
    }
}
