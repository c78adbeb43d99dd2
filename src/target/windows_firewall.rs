//! `windows-firewall`: one PowerShell 5.1 script per host.

mod escape;
mod script;

use minijinja::value::{Serde, Value};
use serde::Serialize;

pub(crate) use self::escape::FILTERS;
use self::script::{Script, scripts};
use super::windows::{Limit, PROFILE, back, hosts};
use super::{
    Capabilities, Enforces, Filter, Fitted, FittedRule, Identity, Lowered, NameSupport, Packed, PortSupport,
    SettingKind, SettingSpec, Settings, SourceSupport, TargetSpec, Templates, Vantage,
};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};

/// The row of the table of targets.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "windows-firewall",
    summary: "Windows Firewall rules: a PowerShell script per host",
    vantage: Vantage::Host,
    enforces: Enforces::IfDefaultDeny(
        "the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules)",
    ),
    settings: SETTINGS,
    capabilities,
    pack,
    back: |old, new| Ok(back::scripts(old, new)),
};

const SETTINGS: &[SettingSpec] = &[
    SettingSpec {
        id: "os",
        summary: "Windows Server of the hosts; without it 2022, which a local script checks on the host",
        kind: SettingKind::Choice(&["2016", "2019", "2022", "2025"]),
        // A GPO cannot check its hosts, so there the user must say it.
        default: None,
    },
    SettingSpec {
        id: "names",
        summary: "destinations by name: dynamic keywords, or addresses; without it keywords where `os` has them",
        kind: SettingKind::Choice(&["keywords", "addresses"]),
        default: None,
    },
    SettingSpec {
        id: "restrict",
        summary: "limit outbound rules to the documented program, service or account",
        kind: SettingKind::Choice(&["none", "program", "service", "account"]),
        default: Some("none"),
    },
    PROFILE,
    SettingSpec {
        id: "policy-store",
        summary: "where the rules go: the host's own store, or a GPO",
        kind: SettingKind::Choice(&["local", "gpo"]),
        default: Some("local"),
    },
];

fn capabilities(settings: &Settings) -> Capabilities {
    let names =
        if keywords(settings) { NameSupport::ByAddress(Code::KeywordByAddress) } else { NameSupport::None };
    Capabilities {
        source: SourceSupport::Itself,
        names,
        addresses: true,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: true,
        words: false,
        identity: restriction(settings),
    }
}

/// Dynamic keywords came with build 20348, which is Windows Server 2022 ([netfw.h][netfw]).
///
/// [netfw]: https://learn.microsoft.com/windows/win32/api/netfw/ns-netfw-fw_dynamic_keyword_address0
fn has_keywords(settings: &Settings) -> bool {
    !settings.is("os", "2016") && !settings.is("os", "2019")
}

fn keywords(settings: &Settings) -> bool {
    has_keywords(settings) && !settings.is("names", "addresses")
}

fn restriction(settings: &Settings) -> Option<Identity> {
    let all = [Identity::Program, Identity::Service, Identity::Account];
    all.into_iter().find(|identity| settings.is("restrict", identity.as_str()))
}

/// To what the settings limit what is written for a rule: one Windows rule for each; nothing where it is not limited.
pub(crate) fn limits(rule: &FittedRule, target: &TargetSpec, settings: &Settings) -> Vec<Option<String>> {
    let by = restriction(settings).filter(|_| target.id == SPEC.id);
    Limit::of(rule, by).into_iter().map(|limit| limit.map(|limit| limit.words())).collect()
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    if settings.is("names", "keywords") && !has_keywords(settings) {
        return Err(no_keywords(settings));
    }
    let hosts = hosts(fitted, restriction(settings))?;
    let (header, site) = (&fitted.header, fitted.site.as_str());
    let scripts: Vec<Script> = hosts.iter().flat_map(|host| scripts(header, site, settings, host)).collect();
    if settings.is("policy-store", "gpo") && settings.get("os").is_none() && use_keywords(&scripts) {
        return Err(os_missing());
    }
    Ok(Box::new(Scripts { scripts }))
}

fn use_keywords(scripts: &[Script]) -> bool {
    scripts.iter().any(|script| !script.keywords.is_empty())
}

/// The template of all scripts.
const TEMPLATE: &str = "windows-firewall/station.ps1";

/// The scripts of a selection, a host after the other.
#[derive(Serialize)]
struct Scripts {
    scripts: Vec<Script>,
}

/// What the template sees: one script.
#[derive(Serialize)]
struct Shown<'a> {
    script: &'a Script,
}

impl Lowered for Scripts {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let render = |script: &Script| {
            let text = templates.render(TEMPLATE, Value::from(Serde(Shown { script })), FILTERS)?;
            // Editors of Windows Server 2016 show a file without carriage returns as one line.
            Ok(Artifact::text(script.path.clone(), text.replace('\n', "\r\n")))
        };
        self.scripts.iter().map(render).collect()
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }

    fn filters(&self) -> &'static [Filter] {
        FILTERS
    }
}

fn no_keywords(settings: &Settings) -> Findings {
    let os = settings.get("os").unwrap_or_default();
    let message = format!("names=keywords: Windows Server {os} has no dynamic keywords");
    Finding::new(Code::InvalidValue, message)
        .help("os=2022 or os=2025 if the hosts are")
        .help("names=addresses with --ip-fallback documented or tag and --ranges FILE")
        .into()
}

fn os_missing() -> Findings {
    let message = "policy-store=gpo: a GPO cannot check whether its hosts have dynamic keywords";
    Finding::new(Code::SettingMissing, message)
        .note("what an older Windows makes of a rule with dynamic keywords is not documented")
        .help("os=2022 or os=2025 if all hosts of the GPO are; else os=2019, or names=addresses")
        .into()
}
