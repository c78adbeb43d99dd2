//! Ports and ranges of them.

use std::fmt;
use std::num::NonZeroU16;

use crate::host::text::{as_text, quote};

/// A TCP or UDP port, 1 to 65535. Port 0 is reserved (RFC 6335 section 6) and means "any" to some products, so it is no port here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(NonZeroU16);

as_text!(Port, PortError);

impl Port {
    /// The lowest port, 1.
    pub const MIN: Self = Self(NonZeroU16::MIN);
    /// The highest port, 65535.
    pub const MAX: Self = Self(NonZeroU16::MAX);

    /// The port with this number; none for 0.
    pub fn new(number: u16) -> Option<Self> {
        NonZeroU16::new(number).map(Self)
    }

    /// Reads a number in decimal, without sign or leading zeros.
    ///
    /// # Errors
    /// [`PortError::NotANumber`], [`PortError::PortZero`], [`PortError::PortTooLarge`].
    pub fn parse(text: &str) -> Result<Self, PortError> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || (text.len() > 1 && text.starts_with('0')) {
            return Err(PortError::NotANumber { text: text.to_owned() });
        }
        let number = text.parse().map_err(|_| PortError::PortTooLarge { text: text.to_owned() })?;
        Self::new(number).ok_or(PortError::PortZero)
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One port, or all from a first to a last. Ordered by first, then last; displays as `443` or `49152-65535`.
///
/// ```
/// use portbook::address::PortRange;
///
/// let dynamic = PortRange::parse("49152-65535")?;
/// assert!(dynamic.covers(PortRange::parse("50000")?));
/// assert_eq!(PortRange::parse("443-443")?.to_string(), "443");
/// # Ok::<(), portbook::address::PortError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: Port,
    last: Port,
}

as_text!(PortRange, PortError);

impl PortRange {
    /// Every port.
    pub const ALL: Self = Self { first: Port::MIN, last: Port::MAX };

    /// The ports from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`PortError::Reversed`] if `first` is above `last`.
    pub fn new(first: Port, last: Port) -> Result<Self, PortError> {
        if first > last { Err(PortError::Reversed { first, last }) } else { Ok(Self { first, last }) }
    }

    /// Reads `443` or `49152-65535`.
    ///
    /// # Errors
    /// Any [`PortError`].
    pub fn parse(text: &str) -> Result<Self, PortError> {
        match text.split_once('-') {
            Some((first, last)) => Self::new(Port::parse(first)?, Port::parse(last)?),
            None => Port::parse(text).map(Self::from),
        }
    }

    /// The lowest port.
    pub fn first(self) -> Port {
        self.first
    }

    /// The highest port.
    pub fn last(self) -> Port {
        self.last
    }

    /// The one port, if it is one.
    pub fn single(self) -> Option<Port> {
        (self.first == self.last).then_some(self.first)
    }

    /// How many ports.
    pub fn count(self) -> u32 {
        u32::from(self.last.get()) - u32::from(self.first.get()) + 1
    }

    /// Whether a port is in the range.
    pub fn contains(self, port: Port) -> bool {
        self.first <= port && port <= self.last
    }

    /// Whether every port of `other` is in the range.
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether some port is in both ranges.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl From<Port> for PortRange {
    fn from(port: Port) -> Self {
        Self { first: port, last: port }
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.single() {
            Some(port) => port.fmt(f),
            None => f.pad(&format!("{}-{}", self.first, self.last)),
        }
    }
}

/// Why a text is not a port or a range of ports. Displays as one sentence; [`PortError::help`] is the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortError {
    /// Not digits alone, or with a leading zero.
    #[error("{} is not a port", quote(.text))]
    NotANumber {
        /// The text.
        text: String,
    },
    /// Port 0.
    #[error("port 0 cannot be used")]
    PortZero,
    /// Above 65535.
    #[error("port {} is too large: the highest is 65535", quote(.text))]
    PortTooLarge {
        /// The text.
        text: String,
    },
    /// The first port is above the last.
    #[error("the port range {first}-{last} is reversed")]
    Reversed {
        /// The port in front of the hyphen.
        first: Port,
        /// The port behind it.
        last: Port,
    },
}

impl PortError {
    /// The next step, where there is one to name.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotANumber { .. } => {
                "give a number from 1 to 65535, or a range such as 49152-65535".to_owned()
            }
            Self::PortZero | Self::PortTooLarge { .. } => {
                "ports go from 1 to 65535; every port is 1-65535".to_owned()
            }
            Self::Reversed { first, last } => format!("write {last}-{first}"),
        })
    }
}
