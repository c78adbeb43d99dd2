//! Values that users and documents write: read or refused; the text of what is read reads as the same value.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use portbook::address::{Port, PortRange, Prefix, Transport};
use portbook::catalog::{Edition, Expression};
use portbook::explain::HostQuestion;
use portbook::host::{HostName, HostPattern, HostTemplate, UrlPath, UrlPattern};
use portbook::id::{RoleId, ZoneId};
use portbook::plan::Output;
use portbook::rule::RuleId;
use portbook::site::{ProxyListener, SiteName};
use portbook::target::Acceptance;

fn same<T: Debug + Display + PartialEq, E: Display>(text: &str, parse: impl Fn(&str) -> Result<T, E>) {
    match parse(text) {
        Ok(value) => {
            let canonical = value.to_string();
            assert!(!canonical.contains(|c: char| c.is_control() || c.is_whitespace() && c != ' '));
            assert_eq!(parse(&canonical).ok().as_ref(), Some(&value), "{text:?} -> {canonical:?}");
        }
        Err(error) => {
            let message = error.to_string();
            assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
        }
    }
}

fn of<T: Debug + Display + PartialEq + FromStr>(text: &str)
where
    T::Err: Display,
{
    same(text, T::from_str);
}

fuzz_target!(|text: &str| {
    of::<HostName>(text);
    of::<HostPattern>(text);
    of::<HostTemplate>(text);
    of::<UrlPattern>(text);
    of::<UrlPath>(text);
    of::<Prefix>(text);
    of::<Port>(text);
    of::<PortRange>(text);
    of::<Transport>(text);
    of::<Edition>(text);
    of::<Expression>(text);
    same(text, RoleId::parse);
    same(text, ZoneId::parse);
    same(text, |text| RuleId::parse(text).ok_or("none"));
    same(text, |text| SiteName::parse(text).map_err(|finding| finding.message));
    same(text, |text| Acceptance::parse(text).map_err(|finding| finding.message));
    if let Some(proxy) = ProxyListener::parse(text) {
        assert_eq!(ProxyListener::parse(&proxy.to_string()), Some(proxy));
    }
    if let Ok(question) = HostQuestion::parse(text) {
        assert!(text.contains(&question.text));
    }
    if let Ok(Output::File(path) | Output::Folder(path)) = Output::parse(text) {
        assert!(
            !path.contains(['\\', '\0', '\n', ':'])
                && !path.split('/').any(|part| part.eq_ignore_ascii_case(".git"))
        );
    }
    prefixes_hold(text);
});

/// A prefix holds its ends, and a pattern the names that it covers.
fn prefixes_hold(text: &str) {
    if let Ok(prefix) = Prefix::parse(text) {
        assert!(prefix.first() <= prefix.last());
    }
    if let Ok(pattern) = HostPattern::parse(text) {
        assert!(pattern.covers(&pattern) && pattern.overlaps(&pattern));
        assert!(!pattern.is_wildcard() || pattern.matches(&format!("a.{}", pattern.name())));
    }
}
