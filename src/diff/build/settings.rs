//! Settings of targets that both builds have.

use std::collections::BTreeSet;

use crate::manifest::Manifest;

use super::{TargetName, targets};

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingChange {
    /// Of which target.
    pub target: TargetName,
    /// Its key.
    pub key: String,
    /// Its value in the older build; nothing if it was not given.
    pub old: Option<String>,
    /// Its value in the newer one.
    pub new: Option<String>,
}

/// What differs, target by target.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<SettingChange> {
    let mut changes = Vec::new();
    for (was, is) in targets::pairs(old, new) {
        let (Some(was), Some(is)) = (was, is) else { continue };
        let (before, now, target) = (&was.settings, &is.settings, TargetName::of(is));
        let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        for key in keys.into_iter().filter(|key| before.get(*key) != now.get(*key)) {
            changes.push(SettingChange {
                target: target.clone(),
                key: key.clone(),
                old: before.get(key).cloned(),
                new: now.get(key).cloned(),
            });
        }
    }
    changes
}
