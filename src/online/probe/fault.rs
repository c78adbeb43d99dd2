//! Why a step failed.

use std::io::{self, ErrorKind};

use crate::check::Verdict;

/// Why a step failed.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) verdict: Verdict,
    /// What the other side or the system said.
    pub(super) detail: String,
}

impl Fault {
    pub(super) fn new(verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { verdict, detail: detail.into() }
    }
}

/// The results of a conversation that ends early, by how it ended.
pub(super) struct Ends {
    pub(super) timed_out: Verdict,
    pub(super) closed: Verdict,
    /// The other side does not speak the protocol.
    pub(super) garbage: Verdict,
}

impl Ends {
    /// The fault of a failed read or write.
    pub(super) fn fault(&self, error: &io::Error) -> Fault {
        let verdict = match error.kind() {
            ErrorKind::TimedOut => self.timed_out,
            ErrorKind::InvalidData => self.garbage,
            _ => self.closed,
        };
        let detail = match error.kind() {
            ErrorKind::TimedOut => String::new(),
            ErrorKind::UnexpectedEof => "closed without an answer".to_owned(),
            ErrorKind::ConnectionReset => "reset".to_owned(),
            _ => error.to_string(),
        };
        Fault::new(verdict, detail)
    }
}
