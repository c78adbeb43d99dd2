//! Configurations become policies: one reader a target.

mod address;
mod haproxy;
mod hop;
mod lists;
mod markdown;
mod netfilter;
mod own;
mod pac;
mod palo_alto;
mod squid;
mod statement;
mod table;
mod windows;

use std::sync::Arc;

use crate::finding::{Code, Finding, Findings};
use crate::target::Settings;

use super::{At, Policy};

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// As the user named it.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What lies beside the files of a configuration.
pub trait Surroundings {
    /// The file that another one names by a path, by the name of that one; why there is none.
    ///
    /// # Errors
    /// Why not, in a few words.
    fn file(&self, from: &str, path: &str) -> Result<String, String>;

    /// The files that a pattern of the shell means, in the order of their names.
    ///
    /// # Errors
    /// Why nobody can tell all of them, or that there are none.
    fn matching(&self, from: &str, pattern: &str) -> Result<Vec<String>, String>;

    /// The bytes of a file of that name.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, name: &str) -> Result<Vec<u8>, String>;
}

/// Nothing lies beside them.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

impl Surroundings for Alone {
    fn file(&self, _: &str, _: &str) -> Result<String, String> {
        Err("the file is not there".to_owned())
    }

    fn matching(&self, _: &str, _: &str) -> Result<Vec<String>, String> {
        Err("no file is there".to_owned())
    }

    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("the file is not there".to_owned())
    }
}

/// How readers get at what lies beside.
pub type Beside<'a> = &'a dyn Surroundings;

/// Reads the files of one device as a policy.
///
/// # Errors
/// `configuration-unreadable` where a file is not what the target writes or reads at all. What a reader does not
/// understand inside a file is in the policy, as in doubt.
pub type Read = fn(&[Configuration], &Settings, Beside<'_>) -> Result<Policy, Findings>;

/// What reads the files of a target.
#[derive(Debug)]
pub struct Reader {
    /// The target.
    pub target: &'static str,
    /// What it does.
    pub read: Read,
    /// Whether files that Portbook did not write are read too.
    pub foreign: bool,
}

/// Every reader. A new one is a line here and a file beside this one.
pub const READERS: &[Reader] = &[
    Reader { target: "windows-firewall", read: windows::script::read, foreign: false },
    Reader { target: "windows-registry", read: windows::registry::read, foreign: true },
    Reader { target: "pac", read: pac::read, foreign: false },
    Reader { target: "squid", read: squid::read, foreign: true },
    Reader { target: "palo-alto-set", read: palo_alto::read_set, foreign: true },
    Reader { target: "palo-alto-xml", read: palo_alto::read_xml, foreign: true },
    Reader { target: "palo-alto-edl", read: lists::read, foreign: true },
    Reader { target: "nftables", read: netfilter::nftables::read, foreign: false },
    Reader { target: "iptables", read: netfilter::iptables::read, foreign: false },
    Reader { target: "haproxy", read: haproxy::read, foreign: false },
    Reader { target: "csv", read: table::read_csv, foreign: false },
    Reader { target: "json", read: table::read_json, foreign: false },
    Reader { target: "markdown", read: markdown::read, foreign: false },
];

/// The reader of a target.
pub fn reader(target: &str) -> Option<&'static Reader> {
    READERS.iter().find(|reader| reader.target == target)
}

/// The largest file that is read, in bytes: configurations with a hundred thousand addresses have five million.
pub const LARGEST: usize = 64 << 20;

/// `configuration-unreadable`, with the place.
pub(super) fn unreadable(at: &At, message: impl std::fmt::Display) -> Finding {
    Finding::new(Code::ConfigurationUnreadable, format!("{at}: {message}"))
        .help(Code::ConfigurationUnreadable.spec().next)
}

impl Configuration {
    /// Its text: UTF-8, or UTF-16 with its mark, as the registry editor writes it.
    ///
    /// # Errors
    /// `configuration-unreadable` for a file that is no text, or is too large.
    pub(super) fn text(&self) -> Result<String, Finding> {
        let at = At { file: self.name.as_str().into(), line: 1 };
        if self.bytes.len() > LARGEST {
            return Err(unreadable(&at, format!("larger than {LARGEST} bytes")));
        }
        let text = match self.bytes.as_slice() {
            [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
            [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
            [0xef, 0xbb, 0xbf, rest @ ..] | rest => std::str::from_utf8(rest).ok().map(str::to_owned),
        };
        text.ok_or_else(|| unreadable(&at, "neither UTF-8 nor UTF-16 text"))
    }

    /// A line of it.
    pub(super) fn at(&self, line: usize) -> At {
        At { file: Arc::from(self.name.as_str()), line }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
}
