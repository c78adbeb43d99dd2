//! PAC: a script that tells a client which proxy to use for a URL.
//!
//! The contract is Mozilla's (<https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file>);
//! `WinHTTP` runs it in `JScript` (<https://learn.microsoft.com/windows/win32/winhttp/autoproxy-issues-in-winhttp>), so the
//! script is ECMAScript 3 in ASCII. It routes and never denies.

mod route;
mod table;
mod text;

use std::collections::BTreeSet;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{
    Capabilities, Enforces, Filter, Fitted, Lowered, NameSupport, Packed, PortSupport, SettingKind,
    SettingSpec, Settings, SourceSupport, TargetSpec, Templates, Vantage, back, comment,
};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use route::Route;
pub(crate) use route::settled;
use table::Entry;

/// Chromium refuses a larger file (`net/proxy_resolution/pac_file_fetcher_impl.cc`), and so does `WinHTTP`
/// (<https://learn.microsoft.com/windows/win32/winhttp/autoproxy-issues-in-winhttp>).
const LIMIT: usize = 1_048_576;
/// Some proxy services take no more (Websense's hybrid service: 256 KB).
const LARGE: usize = 262_144;

/// The row of the table.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "pac",
    summary: "proxy auto-configuration script: which URLs go through the proxy; routes, never denies",
    vantage: Vantage::Proxy,
    enforces: Enforces::Never,
    settings: &[
        SettingSpec {
            id: "listed",
            summary: "where listed destinations go; `proxy` where the hosts are given one (--proxy)",
            kind: SettingKind::Choice(&["proxy", "direct"]),
            default: None,
        },
        SettingSpec {
            id: "others",
            summary: "where everything else goes, intranet included; form=function leaves that to its caller",
            kind: SettingKind::Choice(&["proxy", "direct"]),
            default: None,
        },
        SettingSpec {
            id: "proxy",
            summary: "the proxy; the one that the hosts are given (--proxy) if there is just one",
            kind: SettingKind::HostPort,
            default: None,
        },
        SettingSpec {
            id: "fallback",
            summary: "go direct when the proxy does not answer, past whatever the proxy enforces",
            kind: SettingKind::Flag,
            default: Some("no"),
        },
        SettingSpec {
            id: "form",
            summary: "a complete file, or a function to call from an existing one",
            kind: SettingKind::Choice(&["file", "function"]),
            default: Some("file"),
        },
    ],
    capabilities,
    pack,
    back: |old, new| Ok(back::files(old, new, &BACK)),
};

const BACK: back::Words = back::Words {
    put: "Serve {} in place of the newer one.",
    gone: "Take the URL of {} out of the clients' settings, then remove it: a client that cannot fetch its script goes direct.",
    then: "Clients keep a script for some time; restarting them takes the new one at once.",
};

fn capabilities(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Itself,
        names: NameSupport::Exact,
        addresses: false,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: false,
        words: false,
        identity: None,
    }
}

/// What a template sees; docs/targets/pac.md describes it.
#[derive(Debug, Serialize)]
struct Script {
    header: Vec<String>,
    table: Vec<Entry>,
    listed: String,
    others: Option<String>,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let table = table::table(fitted);
    let route = Route::of(fitted, settings);
    let (table, route) = match (table, route) {
        (Ok(table), Ok(route)) => (table, route),
        (table, route) => {
            let mut findings = table.err().unwrap_or_default();
            findings.append(route.err().unwrap_or_default());
            return Err(findings);
        }
    };
    let header = header(fitted, &route, table::size(&table));
    Ok(Box::new(Script { header, table, listed: route.listed, others: route.others }))
}

fn header(fitted: &Fitted, route: &Route, table_size: usize) -> Vec<String> {
    let mut lines = fitted.header.lines();
    let others = route.others.as_deref().unwrap_or("null, for the calling script to decide");
    lines.insert(
        1.min(lines.len()),
        format!("Routes: listed destinations {}; everything else {others}.", route.listed),
    );
    if route.others.as_deref() == Some(route.listed.as_str()) {
        lines.push(
            "Listed destinations go where everything else goes: the table makes no difference.".to_owned(),
        );
    }
    let roles: BTreeSet<String> = fitted.rules.iter().map(super::FittedRule::from_label).collect();
    if roles.len() > 1 {
        let roles = roles.into_iter().collect::<Vec<_>>().join(", ");
        lines.push(format!("One list for all of {roles}: each of them routes the destinations of all."));
    }
    lines.push("A client that cannot run this script goes direct, and some say nothing.".to_owned());
    if table_size > LARGE {
        lines.push("Larger than 256 KB: some proxy services do not take it.".to_owned());
    }
    lines.iter().flat_map(|line| comment::wrap(line)).collect()
}

impl Lowered for Script {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let text = templates.render("pac/portbook.pac", self.context(), text::FILTERS)?;
        if text.len() > LIMIT {
            let message = format!("pac: {} bytes; Chromium and WinHTTP read at most {LIMIT}", text.len());
            return Err(Finding::new(Code::ArtifactTooLarge, message)
                .help("make one file for each role")
                .into());
        }
        Ok(vec![Artifact::text("portbook.pac", text)])
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }

    fn filters(&self) -> &'static [Filter] {
        text::FILTERS
    }
}
