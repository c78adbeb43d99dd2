//! Where in a configuration objects and rules go.

use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::finding::{Code, Finding};
use crate::target::{SettingKind, Settings};

/// Which part of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Location {
    /// A firewall with one virtual system.
    Firewall,
    /// A virtual system of several.
    Vsys(#[serde(deserialize_with = "setting")] String),
    /// A device group of Panorama.
    DeviceGroup(#[serde(deserialize_with = "setting")] String),
}

/// A name that the setting would take: it becomes words of commands.
fn setting<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if SettingKind::Name.accepts(&text) {
        return Ok(text);
    }
    let message = format!("`{}` is not {}", text.escape_debug(), SettingKind::Name.words());
    Err(serde::de::Error::custom(message))
}

impl Location {
    /// From the settings `vsys` and `device-group`.
    pub(super) fn of(settings: &Settings) -> Result<Self, Finding> {
        match (settings.get("vsys"), settings.get("device-group")) {
            (None, None) => Ok(Self::Firewall),
            (Some(vsys), None) => Ok(Self::Vsys(vsys.to_owned())),
            (None, Some(group)) => Ok(Self::DeviceGroup(group.to_owned())),
            (Some(_), Some(_)) => {
                let message = "`vsys` and `device-group` are two places; one file is for one of them";
                Err(Finding::new(Code::InvalidValue, message)
                    .help("give `device-group` for Panorama, `vsys` for a firewall"))
            }
        }
    }

    /// The words between `set` and the object, with a space behind them; none on a plain firewall.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Firewall => String::new(),
            Self::Vsys(name) => format!("vsys {name} "),
            Self::DeviceGroup(name) => format!("device-group {name} "),
        }
    }

    /// In words, for people.
    pub(super) fn named(&self) -> String {
        match self {
            Self::Firewall => "a firewall without `vsys`".to_owned(),
            Self::Vsys(name) => format!("vsys {name}"),
            Self::DeviceGroup(name) => format!("device-group {name}"),
        }
    }

    /// Where its rules are: a device group's stand before those of its firewalls.
    pub(super) fn rulebase(&self) -> &'static str {
        match self {
            Self::Firewall | Self::Vsys(_) => "rulebase",
            Self::DeviceGroup(_) => "pre-rulebase",
        }
    }

    /// The XML element of its list, and its name in it.
    pub(super) fn element(&self) -> (&'static str, &str) {
        match self {
            Self::Firewall => ("vsys", "vsys1"),
            Self::Vsys(name) => ("vsys", name),
            Self::DeviceGroup(name) => ("device-group", name),
        }
    }

    /// The path of its element, as `load config partial` takes it.
    pub(super) fn xpath(&self) -> String {
        let (list, name) = self.element();
        format!("/config/devices/entry[@name='localhost.localdomain']/{list}/entry[@name='{name}']")
    }
}

/// Where security rules are moved to. Other rules of the rulebase stay in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Position {
    /// In front of all others.
    Top,
    /// Behind all others.
    Bottom,
    /// In front of the rule of this name.
    Before(String),
    /// Behind the rule of this name.
    After(String),
}

impl Position {
    /// From the settings `position` and `anchor`.
    pub(super) fn of(settings: &Settings) -> Result<Self, Finding> {
        let anchor = settings.get("anchor").map(str::to_owned);
        match (settings.get("position"), anchor) {
            (Some("before"), Some(anchor)) => Ok(Self::Before(anchor)),
            (Some("after"), Some(anchor)) => Ok(Self::After(anchor)),
            (Some(position @ ("before" | "after")), None) => {
                let message = format!("`position={position}` needs the name of the rule in `anchor`");
                Err(Finding::new(Code::SettingMissing, message).help("anchor=RULE"))
            }
            (_, Some(_)) => {
                let message = "`anchor` is the rule to stand before or after, and `position` is neither";
                Err(Finding::new(Code::InvalidValue, message).help("position=before or position=after"))
            }
            (Some("top"), None) => Ok(Self::Top),
            (_, None) => Ok(Self::Bottom),
        }
    }

    /// In words, for the header.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Top => "Security rules are moved to the top of the rulebase.".to_owned(),
            Self::Bottom => {
                "Security rules are moved to the bottom of the rulebase: a deny of yours above them wins."
                    .to_owned()
            }
            Self::Before(anchor) => format!("Security rules are moved before the rule {anchor}."),
            Self::After(anchor) => format!("Security rules are moved after the rule {anchor}."),
        }
    }
}

/// One `move` command.
#[derive(Debug, Serialize)]
pub(super) struct Move {
    /// `security` or `decryption`.
    rules: &'static str,
    /// Which rule.
    name: String,
    /// `top`, `bottom`, `before` or `after`.
    place: &'static str,
    /// The rule that it goes before or after.
    anchor: Option<String>,
}

/// The commands that bring the rules of `policy` to their position, in their order.
///
/// What is moved to the top, or behind an anchor, later stands in front of what was moved earlier. Exclusions from
/// inspection go to the top: they only hold in front of the rules that decrypt.
pub(super) fn moves(policy: &Policy, position: &Position) -> Vec<Move> {
    let (place, anchor, reversed) = match position {
        Position::Top => ("top", None, true),
        Position::Bottom => ("bottom", None, false),
        Position::Before(anchor) => ("before", Some(anchor), false),
        Position::After(anchor) => ("after", Some(anchor), true),
    };
    let mut moves: Vec<Move> = policy
        .rules
        .iter()
        .map(|rule| Move { rules: "security", name: rule.name.clone(), place, anchor: anchor.cloned() })
        .collect();
    if reversed {
        moves.reverse();
    }
    moves.extend(policy.exclusions.iter().rev().map(|rule| Move {
        rules: "decryption",
        name: rule.name.clone(),
        place: "top",
        anchor: None,
    }));
    moves
}
