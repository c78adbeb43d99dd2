//! Targets: what each product can say, and how it says it.
//!
//! `lower` is [`fit`] then a target's own `pack`. [`fit`] is shared and compares each rule with the target's declared
//! [`Capabilities`], axis by axis; it knows no target by name. `pack` names, groups and chunks what fitted; it may not
//! drop or widen. A [`Lowered`] then renders itself and decides nothing.
//!
//! A new target is one file here, one folder in `templates/` or none, and one line in [`TARGETS`].

mod back;
mod capability;
mod comment;
pub mod contract;
mod csv;
mod device;
mod document;
mod fit;
mod fitted;
mod haproxy;
mod header;
mod identity;
mod iptables;
pub mod json;
mod loss;
mod markdown;
mod name;
mod netfilter;
mod nftables;
mod pac;
mod palo_alto;
pub(crate) mod registry_file;
mod remark;
mod setting;
mod squid;
mod template;
mod windows;
mod windows_firewall;
mod windows_registry;

pub(crate) use self::csv::safe_cell;
pub use back::{Back, BackFn, Loaded, back};
pub use capability::{Capabilities, NameSupport, PortSupport, SourceSupport};
pub(crate) use comment::escape as ascii_line;
pub use device::DeviceObjects;
pub(crate) use document::{flat, join, kind_and_name};
pub(crate) use fit::OFFERED;
pub use fit::{Crossing, FamilyChoice, Focus, Heading, fit};
pub use fitted::{Counts, Direction, Fitted, FittedRule, Match, Verdict};
pub use header::Header;
pub use identity::Identity;
pub use loss::{Acceptance, Axis, Effect, Loss};
pub(crate) use markdown::escaped;
pub(crate) use pac::settled as pac_settled;
pub use palo_alto::Objects as PaloAltoObjects;
pub use setting::{SettingKind, SettingSpec, Settings};
pub use template::{Filter, JSON, Templates, render_text};
pub(crate) use windows_firewall::FILTERS as POWERSHELL_FILTERS;
pub(crate) use windows_firewall::limits as windows_limits;

use crate::artifact::Artifact;
use crate::finding::Findings;

/// Where a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vantage {
    /// On a host: sees the flows of that host.
    Host,
    /// It is the proxy, or chooses it: sees the flows that pass a proxy.
    Proxy,
    /// Between zones: sees what crosses them.
    Network,
    /// In the way between zones, and it takes HTTP and TLS to names only: sees what of that crosses them.
    Interception,
    /// Everywhere: a text for people.
    Document,
}

impl Vantage {
    /// Whether it stands between zones.
    pub fn is_between_zones(self) -> bool {
        matches!(self, Self::Network | Self::Interception)
    }

    /// Whether it sees HTTP and TLS to names, and nothing else.
    pub fn sees_names_only(self) -> bool {
        matches!(self, Self::Proxy | Self::Interception)
    }
}

/// When a target's allow rules make a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforces {
    /// The artifact itself denies what it does not allow.
    Always,
    /// Only if the product denies by default; the text says which default, as a clause after `Enforces if`.
    IfDefaultDeny(&'static str),
    /// It routes or informs; it never denies.
    Never,
}

/// One target, as a row of the table.
#[derive(Debug)]
pub struct TargetSpec {
    /// Its id on the command line.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Where it stands.
    pub vantage: Vantage,
    /// When it makes a difference.
    pub enforces: Enforces,
    /// Its settings.
    pub settings: &'static [SettingSpec],
    /// What it can say; may depend on a setting.
    pub capabilities: fn(&Settings) -> Capabilities,
    /// Names, groups and chunks what fitted.
    pub pack: fn(&Fitted, &Settings) -> Packed,
    /// What takes a device back from a newer state to an older one; [`back`] calls it.
    pub back: BackFn,
}

/// What `pack` makes, or why a setting is missing or a name cannot be made.
pub type Packed = Result<Box<dyn Lowered>, Findings>;

/// What a target will write, ready to be written.
pub trait Lowered {
    /// The bytes.
    ///
    /// # Errors
    /// When a template fails.
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings>;

    /// What a template of this target sees.
    fn context(&self) -> minijinja::Value;

    /// The context filters of this target, which a user's template may use too.
    fn filters(&self) -> &'static [Filter] {
        &[]
    }

    /// The objects that it makes on a device and that a later artifact has to delete when they are gone; none where
    /// the artifact removes them itself, or where the file is all there is.
    fn device_objects(&self) -> Option<DeviceObjects> {
        None
    }
}

/// Every target, in the order of the documentation.
pub const TARGETS: &[TargetSpec] = &[
    windows_firewall::SPEC,
    windows_registry::SPEC,
    pac::SPEC,
    squid::SPEC,
    palo_alto::SET,
    palo_alto::XML,
    palo_alto::EDL,
    nftables::SPEC,
    iptables::SPEC,
    haproxy::SPEC,
    csv::SPEC,
    json::SPEC,
    markdown::SPEC,
];

/// The target with this id.
pub fn find(id: &str) -> Option<&'static TargetSpec> {
    TARGETS.iter().find(|spec| spec.id == id)
}
