//! The neutral rule set: what every other target is made from, for programs, and for comparing two selections later.
//!
//! The format is documented in docs/targets/json.md and docs/rules.schema.json. It is canonical (one rule set has one file), versioned,
//! and read back by [`RuleFile::parse`], which checks everything that a line of it claims.

mod file;
mod read;
mod record;
mod value;
mod write;

pub use file::{End, HopRecord, LeftOut, MatchedBy, RuleFile, RuleRecord, Via};

pub(crate) use read::RawSet;
pub(crate) use value::{Once, Text};
pub(crate) use write::SetView;

use minijinja::value::{Serde, Value};

use super::document;
use super::{
    Enforces, Filter, Fitted, Header, Lowered, Packed, Settings, TargetSpec, Templates, Vantage, back,
};
use crate::artifact::Artifact;
use crate::finding::Findings;

/// The row of the table.
pub(crate) const SPEC: TargetSpec = TargetSpec {
    id: "json",
    summary: "the neutral rule set with all its sources, for programs; can be read back",
    vantage: Vantage::Document,
    enforces: Enforces::Never,
    settings: &[],
    capabilities: document::capabilities,
    pack,
    back: |old, new| Ok(back::documents(old, new)),
};

/// A text as JSON writes it, with its quotes.
const FILTERS: &[Filter] = &[("json_string", |text| Ok(serde_json::Value::from(text).to_string()))];

struct Neutral {
    header: Header,
    file: RuleFile,
}

fn pack(fitted: &Fitted, _: &Settings) -> Packed {
    document::refuse_empty(SPEC.id, fitted)?;
    Ok(Box::new(Neutral { header: fitted.header.clone(), file: RuleFile::of(fitted) }))
}

impl Lowered for Neutral {
    fn render(&self, _: &Templates) -> Result<Vec<Artifact>, Findings> {
        Ok(vec![Artifact::text("rules.json", self.file.to_text()?)])
    }

    fn context(&self) -> Value {
        minijinja::context! {
            header => document::header_context(&self.header),
            ..Value::from(Serde(&self.file))
        }
    }

    fn filters(&self) -> &'static [Filter] {
        FILTERS
    }
}
