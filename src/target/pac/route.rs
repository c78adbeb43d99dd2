//! Where URLs go: the two answers of the script.

use crate::finding::{Code, Finding, Findings};
use crate::place::Leg;
use crate::site::ProxyListener;
use crate::target::{Fitted, Settings};

/// The answers, in the words of the PAC contract.
#[derive(Debug)]
pub(super) struct Route {
    /// For listed destinations.
    pub(super) listed: String,
    /// For everything else; none where the caller of the function decides.
    pub(super) others: Option<String>,
}

impl Route {
    /// The answers under these settings.
    ///
    /// # Errors
    /// `setting-missing` for `listed`, `others` and `proxy`, all that are missing; `invalid-value`.
    pub(super) fn of(fitted: &Fitted, settings: &Settings) -> Result<Self, Findings> {
        let mut findings = Findings::new();
        let listeners = listeners(fitted);
        let listed = settings.get("listed").or((!listeners.is_empty()).then_some("proxy"));
        let others = settings.get("others");
        let function = settings.is("form", "function");
        if listed.is_none() {
            findings.push(missing("listed", "where the listed destinations go"));
        }
        if others.is_none() && !function {
            findings.push(missing("others", "where everything else goes"));
        }
        let others = others.filter(|_| !function);
        let mut proxy = String::new();
        if listed == Some("proxy") || others == Some("proxy") {
            match proxy_of(settings, &listeners) {
                Ok(address) => proxy = answer(&address, settings.is("fallback", "yes")),
                Err(finding) => findings.push(finding),
            }
        }
        let say = |choice: &str| if choice == "proxy" { proxy.clone() } else { "DIRECT".to_owned() };
        let route = Self { listed: say(listed.unwrap_or_default()), others: others.map(say) };
        findings.or_value(route).map(|(route, _)| route)
    }
}

/// The settings with `listed` and `proxy` as the hosts of the rules decide them, where they were not given.
pub(crate) fn settled(fitted: &Fitted, settings: &Settings) -> Settings {
    let listeners = listeners(fitted);
    let mut settled = settings.clone();
    let mut fill = |id: &str, value: Option<&str>| {
        let spec = super::SPEC.settings.iter().find(|spec| spec.id == id && settings.get(id).is_none());
        if let (Some(spec), Some(value)) = (spec, value) {
            settled.set(spec, value.to_owned());
        }
    };
    fill("listed", (!listeners.is_empty()).then_some("proxy"));
    if let [one] = listeners.as_slice() {
        fill("proxy", Some(one));
    }
    settled
}

fn missing(setting: &str, what: &str) -> Finding {
    Finding::new(Code::SettingMissing, format!("pac: `{setting}` is not given: {what}"))
        .note("either answer can cut off hosts or take them past the proxy")
        .help(format!("--option {setting}=proxy or --option {setting}=direct"))
}

/// The proxies that the hosts of the rules are given, each once.
fn listeners(fitted: &Fitted) -> Vec<String> {
    let mut listeners: Vec<String> = fitted
        .rules
        .iter()
        .filter_map(|rule| match &rule.leg {
            Leg::Direct => None,
            Leg::ToProxy(listener) | Leg::FromProxy(listener) => Some(listener.to_string()),
        })
        .collect();
    listeners.sort();
    listeners.dedup();
    listeners
}

fn proxy_of(settings: &Settings, listeners: &[String]) -> Result<String, Finding> {
    let given = match (settings.get("proxy"), listeners) {
        (Some(given), _) => given,
        (None, [listener]) => listener,
        (None, []) => {
            return Err(Finding::new(Code::SettingMissing, "pac: `proxy` is not given: which proxy to use")
                .help("--proxy HOST:PORT, or --option proxy=HOST:PORT"));
        }
        (None, several) => {
            let message = format!("pac: the hosts use several proxies: {}", several.join(", "));
            return Err(Finding::new(Code::SettingMissing, message)
                .help("say which one this file names: proxy=HOST:PORT, one file for each proxy"));
        }
    };
    // A setting of this kind was checked when it came in; a listener is one by its type.
    let listener = ProxyListener::parse(given).map(|listener| listener.to_string());
    listener.ok_or_else(|| {
        Finding::new(Code::InvalidValue, format!("pac: `proxy` cannot be `{}`", given.escape_debug()))
    })
}

fn answer(proxy: &str, fallback: bool) -> String {
    let fallback = if fallback { "; DIRECT" } else { "" };
    format!("PROXY {proxy}{fallback}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_a_proxy() {
        let known = [
            ("Proxy.Corp.Example:8080", Some("proxy.corp.example:8080")),
            ("10.0.0.5:3128", Some("10.0.0.5:3128")),
            ("[FD00::5]:3128", Some("[fd00::5]:3128")),
            ("fd00::5:3128", None),
            ("a;DIRECT:80", None),
            ("a\":80", None),
            ("http://a:80", None),
            ("a b:80", None),
            ("a:0", None),
            ("a:080", None),
        ];
        for (text, expected) in known {
            assert_eq!(
                ProxyListener::parse(text).map(|listener| listener.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
