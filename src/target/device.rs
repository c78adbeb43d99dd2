//! What artifacts leave on a device, where the artifact alone does not take it away again.

use serde::{Deserialize, Serialize};

use super::palo_alto;

/// The objects that an artifact makes on a device and that a later one has to delete when they are gone.
///
/// Made to be kept: as JSON they are sorted, hold one name a line when printed so, and are read back strictly (a key or
/// name that Portbook does not give is an error), since what is read here may be deleted from a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceObjects {
    /// Of `palo-alto-set` and `palo-alto-xml`: rules, categories, groups, services and addresses in one place of a
    /// configuration.
    PaloAlto(palo_alto::Objects),
}
