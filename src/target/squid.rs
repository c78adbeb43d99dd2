//! Squid: `acl` and `http_access` lines, as a fragment for a policy or as a policy of its own.
//!
//! How Squid reads them: <https://www.squid-cache.org/Doc/config/acl/> and
//! <https://www.squid-cache.org/Doc/config/http_access/>. Where those pages leave something open, Squid 5.7 was asked;
//! the answers are in docs/targets/squid.md.

mod acl;
mod group;
mod name;
mod text;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{
    Capabilities, Enforces, Filter, Fitted, Header, Lowered, NameSupport, Packed, PortSupport, SettingKind,
    SettingSpec, Settings, SourceSupport, TargetSpec, Templates, Vantage, back, comment,
};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use acl::{AllowLine, Block, PortAcl};
use group::Group;

/// The row of the table.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "squid",
    summary: "Squid acl and http_access lines, as a fragment or a policy of its own",
    vantage: Vantage::Proxy,
    enforces: Enforces::IfDefaultDeny("this proxy denies by default"),
    settings: &[
        SettingSpec {
            id: "form",
            summary: "allow lines for an existing policy, or a policy of its own that ends in a denial",
            kind: SettingKind::Choice(&["fragment", "standalone"]),
            default: Some("fragment"),
        },
        SettingSpec {
            id: "splice",
            summary: "exempt from TLS inspection what a document excludes from it (Squid built with OpenSSL)",
            kind: SettingKind::Flag,
            // A Squid built with GnuTLS does not start on `acl ... ssl::server_name`, and one that inspects no TLS
            // needs no exemption; without it the header says what must not be inspected.
            default: Some("no"),
        },
        SettingSpec {
            id: "port",
            summary: "where the standalone form listens",
            kind: SettingKind::Number,
            default: Some("3128"), // http://www.squid-cache.org/Doc/config/http_port/
        },
    ],
    capabilities,
    pack,
    back: |old, new| Ok(back::files(old, new, &BACK)),
};

const BACK: back::Words = back::Words {
    put: "Put {} back in place of the newer one.",
    gone: "Take the `include` line of {} out of squid.conf, then remove it.",
    then: "Run `squid -k parse`, which has to end without an error or warning, then `squid -k reconfigure`.",
};

fn capabilities(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Clients,
        names: NameSupport::Exact,
        addresses: true,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: false,
        words: false,
        identity: None,
    }
}

/// What a template sees; docs/targets/squid.md describes it.
#[derive(Debug, Serialize)]
struct Policy {
    header: Vec<String>,
    http_port: Option<u16>,
    addresses: Vec<Block>,
    ports: Vec<PortAcl>,
    allow: Vec<AllowLine>,
    deny: bool,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let standalone = settings.is("form", "standalone");
    let http_port = standalone.then(|| http_port(settings)).transpose()?;
    let groups = group::groups(fitted)?;
    let splice = settings.is("splice", "yes") && !standalone;
    let acls = acl::name_all(&fitted.site, &groups, splice)?;
    Ok(Box::new(Policy {
        header: header(fitted, &groups, standalone, splice),
        http_port,
        addresses: acls.addresses,
        ports: acls.ports,
        allow: acls.allow,
        deny: standalone,
    }))
}

fn http_port(settings: &Settings) -> Result<u16, Findings> {
    let given = settings.get("port").unwrap_or_default();
    given.parse().map_err(|_| {
        Finding::new(Code::InvalidValue, format!("squid: `port` cannot be `{given}`"))
            .help("port=1 to 65535")
            .into()
    })
}

fn header(fitted: &Fitted, groups: &[Group<'_>], standalone: bool, splice: bool) -> Vec<String> {
    let mut header = fitted.header.clone();
    if standalone {
        header.enforces = Header::enforces(Enforces::Always);
    }
    let mut lines = header.lines();
    if standalone {
        let line = "Standalone: a policy of its own; it ends in `http_access deny all`, so what is not listed is denied.";
        lines.insert(1.min(lines.len()), line.to_owned());
    } else {
        lines.splice(3.min(lines.len())..3.min(lines.len()), FRAGMENT.map(str::to_owned));
    }
    lines.extend(notes(groups, standalone, splice));
    lines.iter().flat_map(|line| comment::wrap(line)).collect()
}

/// What a fragment asks of the policy around it.
const FRAGMENT: [&str; 3] = [
    "Fragment: allow lines only.",
    "Place before authentication, `http_access deny !Safe_ports` and `http_access deny CONNECT !SSL_ports`.",
    "Include it once: acls of one name add up in Squid, so two fragments of one site would allow more than either.",
];

fn notes(groups: &[Group<'_>], standalone: bool, splice: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let excluded: usize = groups.iter().map(|group| group.uninspected().count()).sum();
    if excluded > 0 && standalone {
        notes.push(format!(
            "{excluded} rules must not be inspected by TLS interception; this form inspects nothing."
        ));
    } else if excluded > 0 && !splice {
        notes.push(format!(
            "{excluded} rules must not be inspected by TLS interception, and these lines do not see to it: where ssl_bump is \
             used, set splice=yes (Squid built with OpenSSL)."
        ));
    } else if excluded > 0 {
        notes.push("ssl_bump lines: place before every other ssl_bump line; only Squid built with OpenSSL reads them.".into());
    }
    if groups.iter().any(|group| !group.nets.is_empty()) {
        notes.push("Destinations by address also match names that this proxy resolves to them.".to_owned());
    }
    notes
}

impl Lowered for Policy {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let text = templates.render("squid/portbook.conf", self.context(), text::FILTERS)?;
        Ok(vec![Artifact::text("squid/portbook.conf", text)])
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }

    fn filters(&self) -> &'static [Filter] {
        text::FILTERS
    }
}
