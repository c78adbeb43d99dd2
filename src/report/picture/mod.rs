//! The flow picture: zones as columns of boxes, arrows with their ports.
//!
//! Three steps: [`gather`] decides what a picture of a bounded size shows, [`layout`] where it stands, [`draw`] makes shapes of it.

mod draw;
mod gather;
mod layout;
mod measure;
mod order;
mod place;

pub(super) use draw::draw;

use super::Tone;

/// Who talks to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// The ends.
    pub nodes: Vec<Node>,
    /// The flows between them. An end that no node has becomes a box of its own.
    pub arrows: Vec<Arrow>,
}

/// One end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// By what arrows name it.
    pub id: String,
    /// What a reader knows it by.
    pub label: String,
    /// What it is; says in which part of the picture it stands.
    pub kind: NodeKind,
    /// The zone of a host or proxy; a column of the picture.
    pub zone: Option<String>,
    /// Addresses and roles, a line each.
    pub lines: Vec<String>,
}

/// What an end is, from the left of the picture to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// A host of the site, or several that are named together.
    Host,
    /// A proxy of the site.
    Proxy,
    /// Names, tags and ranges of a cloud.
    Cloud,
    /// Anyone else.
    Outside,
}

impl NodeKind {
    fn id(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Proxy => "proxy",
            Self::Cloud => "cloud",
            Self::Outside => "outside",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Host => "Hosts",
            Self::Proxy => "Proxies",
            Self::Cloud | Self::Outside => "Cloud and outside",
        }
    }
}

/// A flow from one end to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// The id of the node that opens the connection.
    pub from: String,
    /// The id of the node that answers.
    pub to: String,
    /// The ports: `TCP 443, 80`.
    pub label: String,
    /// What changed of it.
    pub change: Option<Tone>,
    /// What is told of it beside the ports: names, rules.
    pub tooltip: String,
}
