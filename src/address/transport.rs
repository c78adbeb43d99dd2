//! The transport protocol of a flow.

use std::fmt;

use crate::host::text::{as_text, quote};

/// The transport protocol. The documents know these two; "TCP/UDP" in a document is two flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// `tcp`
    Tcp,
    /// `udp`
    Udp,
}

as_text!(Transport, TransportError);

impl Transport {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Tcp, Self::Udp];

    /// Reads `tcp` or `udp`, in any case.
    ///
    /// # Errors
    /// [`TransportError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, TransportError> {
        Self::ALL
            .into_iter()
            .find(|transport| text.eq_ignore_ascii_case(transport.as_str()))
            .ok_or_else(|| TransportError { text: text.to_owned() })
    }

    /// The name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that is neither `tcp` nor `udp`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a transport protocol", quote(.text))]
pub struct TransportError {
    /// The text.
    pub text: String,
}

impl TransportError {
    /// The next step.
    pub fn help(&self) -> Option<String> {
        Some("give `tcp` or `udp`; a need of both is two flows".to_owned())
    }
}
