//! What a page shows.

use serde::Serialize;

use super::{AddressChange, Picture};
use crate::target::Effect;

/// Everything that a page shows of one site, scenario or comparison; plain texts, nothing escaped yet.
///
/// A part that is empty or `None` leaves no trace in the page.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What it is about, in one line: `contoso-hq: 3 flows widened, 1 narrowed`.
    pub title: String,
    /// What was compared or read, a line each: sides, documents and editions, range files.
    pub subtitle: Vec<String>,
    /// The numbers that a reviewer reads first.
    pub summary: Vec<Tally>,
    /// The changes by kind, what is widened first.
    pub changes: Vec<Section>,
    /// Who talks to whom.
    pub picture: Option<Picture>,
    /// The address space that comes and goes.
    pub addresses: Option<AddressChange>,
    /// Every rule, changed or not.
    pub rules: RuleTable,
    /// What was or would be written.
    pub artifacts: Vec<ArtifactRow>,
    /// What else must be known.
    pub notes: Vec<String>,
}

/// What a change, a rule or a number means for what may pass. A page shows it as a sign, a word and a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Something is refused, broken or cannot be said.
    Bad,
    /// More passes than before.
    More,
    /// Less passes than before.
    Less,
    /// Something changed, and the same passes.
    Neutral,
}

impl Tone {
    /// All of them, what needs most attention first.
    pub const ALL: [Self; 4] = [Self::Bad, Self::More, Self::Less, Self::Neutral];

    /// Its name in the page's style and filters.
    pub fn id(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::More => "more",
            Self::Less => "less",
            Self::Neutral => "neutral",
        }
    }

    /// Its sign, for those who do not see the colour.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Bad => "!",
            Self::More => "+",
            Self::Less => "\u{2212}",
            Self::Neutral => "~",
        }
    }

    /// Its words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Bad => "refused",
            Self::More => "allows more",
            Self::Less => "allows less",
            Self::Neutral => "changed, allows the same",
        }
    }
}

/// A number of the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What is counted: `Widened`.
    pub label: String,
    /// How many.
    pub count: usize,
    /// What it means; shown only where something was counted.
    pub tone: Tone,
}

/// Changes of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The kind: `Widened`.
    pub title: String,
    /// What it means.
    pub tone: Tone,
    /// The changes, in the order of the page.
    pub entries: Vec<Entry>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The sign of its category: `+`, `-`, `~`, `=`.
    pub sign: String,
    /// Who opens the connection; empty for what is no flow.
    pub from: String,
    /// Who answers.
    pub to: Vec<String>,
    /// `TCP 443`; empty for what is no flow.
    pub service: String,
    /// What changed, in words.
    pub remarks: Vec<String>,
    /// Ids of the rules that it concerns; those of [`Report::rules`] become links.
    pub rules: Vec<String>,
    /// Who says so.
    pub sources: Vec<Citation>,
    /// The targets whose artifacts change with it.
    pub targets: Vec<String>,
}

/// The place in a document that asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Citation {
    /// The id of the document.
    pub document: String,
    /// Its edition, or both: `2025-04-09 -> 2026-07-27`.
    pub edition: String,
    /// The requirement in it; empty where the document as a whole is meant.
    pub requirement: String,
    /// The words of the document for the destination, where they are not the destination itself.
    pub documented_as: Option<String>,
}

/// The table of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleTable {
    /// Its title: `Rules`, `Documented requirements`.
    pub title: String,
    /// What an id is, as the heading of the first column: `Requirement`; `Rule` if it is empty.
    pub ids: String,
    /// The rules, in the order of the page.
    pub rows: Vec<RuleRow>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleRow {
    /// Its id, or the requirement's.
    pub id: String,
    /// Rows that follow one another and have the same group stand below it as a heading.
    pub group: Option<String>,
    /// Who opens the connection.
    pub from: String,
    /// Who answers.
    pub to: Vec<String>,
    /// `TCP 443, 80`.
    pub service: String,
    /// `required, registration only`.
    pub need: String,
    /// How it passes: `direct`, `through egress`; `None` where no site is known.
    pub way: Option<String>,
    /// What for.
    pub purposes: Vec<String>,
    /// What a reader must know beside it: doubts, readings, contradictions.
    pub notes: Vec<String>,
    /// Who asks for it.
    pub citations: Vec<Citation>,
    /// What targets cannot say exactly.
    pub losses: Vec<RuleLoss>,
    /// The targets that hold it, exact or not.
    pub targets: Vec<String>,
    /// What changed of it.
    pub changed: Option<Tone>,
}

/// What one target does to a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLoss {
    /// The target.
    pub target: String,
    /// The finding code.
    pub code: String,
    /// What it does.
    pub effect: Effect,
    /// The particulars.
    pub detail: String,
}

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ArtifactRow {
    /// The target.
    pub target: String,
    /// The path of the file.
    pub file: String,
    /// Rules that it holds.
    pub rules: usize,
    /// Rules that it says exactly.
    pub exact: usize,
    /// Rules of which more passes.
    pub wider: usize,
    /// Rules of which less passes.
    pub narrower: usize,
    /// Rules that it cannot say.
    pub refused: usize,
    /// `unchanged`, `changed, 4 lines`.
    pub changed: String,
    /// What that means; `None` where it is unchanged.
    pub tone: Option<Tone>,
}
