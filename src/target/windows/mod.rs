//! What both Windows targets share: rules as the Windows Firewall holds them, named, grouped and cut to its limits.
//!
//! A Windows rule has one remote side: anyone, addresses, or dynamic keywords. Its name is its identity in a policy
//! store ([New-NetFirewallRule][new], `-Name`), so everything that a later run could not change in place is in the name.
//!
//! [new]: https://learn.microsoft.com/powershell/module/netsecurity/new-netfirewallrule

pub(super) mod back;
mod gather;
mod host;
mod keyword;
mod rule;
mod text;

pub(super) use host::{HostRules, hosts};
pub(super) use keyword::Keyword;
pub(super) use rule::{AddressList, Limit, Remote, WindowsRule};
pub(super) use text::{one_line, unwritable};

use super::{SettingKind, SettingSpec, Settings};

/// The network profiles on which the rules hold.
pub(super) const PROFILE: SettingSpec = SettingSpec {
    id: "profile",
    summary: "network profiles on which the rules hold",
    kind: SettingKind::Choice(&["any", "domain", "domain-private", "private", "public"]),
    default: Some("any"),
};

/// The profiles of the setting [`PROFILE`], as Windows names them.
pub(super) fn profiles(settings: &Settings) -> &'static [&'static str] {
    match settings.get("profile") {
        Some("domain") => &["Domain"],
        Some("domain-private") => &["Domain", "Private"],
        Some("private") => &["Private"],
        Some("public") => &["Public"],
        _ => &["Any"],
    }
}
