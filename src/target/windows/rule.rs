//! One rule as the Windows Firewall holds it.

use std::num::NonZeroUsize;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::keyword::Keyword;
use super::text::{chunk_label, prefix_texts};
use crate::address::{Family, PortRange, PrefixSet, Transport};
use crate::rule::base32;
use crate::target::{Direction, FittedRule, Identity};

/// The most prefixes of one family in a rule: `[range(0, 1000)]` of `FW_IPV4_SUBNET_LIST` and `FW_IPV6_SUBNET_LIST`
/// ([MS-FASP] 2.2.5 to 2.2.13).
const MOST: NonZeroUsize = match NonZeroUsize::new(1_000) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// The remote side of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) enum Remote {
    /// Anyone, because the document says so.
    Any,
    /// These addresses of one family.
    Addresses(Family, AddressList),
    /// The addresses of these names, at least one.
    Keywords(Vec<Keyword>),
}

/// Addresses as Windows takes them, at least one. Rules of the same set share one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct AddressList {
    /// One prefix each.
    pub(in crate::target) texts: Arc<[String]>,
    /// Whether it is of a set so long that a script writes it once, however many rules have it.
    pub(in crate::target) long: bool,
}

/// A set of more prefixes than these is long: those of a few hosts read better beside their rule.
const LONG: usize = 16;

impl Remote {
    /// The pieces that a rule can hold, with what each adds to its name and the prefix that it covers.
    pub(super) fn of_addresses(set: &PrefixSet) -> Vec<(Option<String>, Self)> {
        let long = set.prefixes().nth(LONG).is_some();
        let pieces = set.chunks(MOST).into_iter();
        pieces
            .map(|chunk| {
                let list = AddressList { texts: prefix_texts(&chunk.prefixes).into(), long };
                (chunk_label(chunk.cover), Self::Addresses(chunk.cover.family(), list))
            })
            .collect()
    }
}

/// The software to which a rule is limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct Limit {
    /// By what.
    pub(in crate::target) by: Identity,
    /// A path, a short name, or an SDDL string that names accounts.
    pub(in crate::target) value: String,
}

impl Limit {
    /// One for each program or service, since a rule holds one; all accounts together.
    pub(in crate::target) fn of(rule: &FittedRule, limit: Option<Identity>) -> Vec<Option<Self>> {
        let Some(by) = limit.filter(|_| rule.direction == Direction::Outbound) else {
            return vec![None];
        };
        let values = by.values(&rule.rule.software);
        if by != Identity::Account || values.is_empty() {
            return values.into_iter().map(|value| Some(Self { by, value })).collect();
        }
        // An access list of `Filter match` (CC) rights, as [MS-FASP] 2.2.37 asks for.
        let value = format!("D:(A;;CC;;;{})", values.join(")(A;;CC;;;"));
        vec![Some(Self { by, value })]
    }

    /// `program C:\\...\\agent.exe`.
    pub(in crate::target) fn words(&self) -> String {
        format!("{} {}", self.by.as_str(), self.value)
    }

    /// Tells the rules of several programs apart; a rule that loses its limit gets another name instead of a wider content.
    pub(super) fn label(&self) -> String {
        let digest = Sha256::digest(self.value.as_bytes());
        format!("{}-{}", self.by.as_str(), base32(&digest, 6))
    }
}

/// One rule. Always an allow rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct WindowsRule {
    /// Its identity in a policy store.
    pub(in crate::target) name: String,
    /// What the console shows.
    pub(in crate::target) display_name: String,
    /// What it is for.
    pub(in crate::target) description: String,
    /// Seen from the host.
    pub(in crate::target) direction: Direction,
    /// TCP or UDP.
    pub(in crate::target) transport: Transport,
    /// Ports of the host, if they are limited.
    pub(in crate::target) local_ports: Option<PortRange>,
    /// Ports of the other side, if they are limited.
    pub(in crate::target) remote_ports: Option<PortRange>,
    /// The other side.
    pub(in crate::target) remote: Remote,
    /// The software to which it is limited, if it is.
    pub(in crate::target) limit: Option<Limit>,
}
