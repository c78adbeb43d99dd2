//! The rules as a reviewer reads them: one table for each source and service, with sources, notes and losses. Sets that are
//! too large for a cell stand in a second file, so that a difference shows each prefix.
//!
//! GitHub Flavored Markdown: tables are not in `CommonMark`. Every value is escaped, so that none becomes markup, a link, a mention or
//! another cell.

mod escape;
mod section;

use minijinja::value::{Serde, Value};

use super::document::{self, Sets};
use super::{
    Enforces, Filter, Fitted, Header, Lowered, Packed, Settings, TargetSpec, Templates, Vantage, back,
};
use crate::artifact::Artifact;
use crate::finding::Findings;
pub(crate) use escape::text as escaped;
use section::{Listed, Section, Unwritten};

/// The row of the table.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "markdown",
    summary: "the rules for a reviewer, in tables with their sources",
    vantage: Vantage::Document,
    enforces: Enforces::Never,
    settings: &[],
    capabilities: document::capabilities,
    pack,
    back: |old, new| Ok(back::documents(old, new)),
};

const FILTERS: &[Filter] = &[
    ("md_text", |text| Ok(escape::text(text))),
    ("md_code", escape::code),
    ("md_prefixes", escape::prefixes),
];

struct Review {
    header: Header,
    site: String,
    sections: Vec<Section>,
    left_out: Vec<Unwritten>,
    sets: Vec<Listed>,
}

fn pack(fitted: &Fitted, _: &Settings) -> Packed {
    document::refuse_empty(SPEC.id, fitted)?;
    let sets = Sets::of(fitted);
    Ok(Box::new(Review {
        header: fitted.header.clone(),
        site: fitted.site.to_string(),
        sections: section::sections(fitted, &sets),
        left_out: section::unwritten(fitted),
        sets: section::listed(&sets),
    }))
}

impl Lowered for Review {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let file = |name: &str| -> Result<Artifact, Findings> {
            let text = templates.render(&format!("markdown/{name}"), self.context(), FILTERS)?;
            Ok(Artifact::text(name, text))
        };
        let mut artifacts = vec![file("rules.md")?];
        if !self.sets.is_empty() {
            artifacts.push(file("rules.addresses.md")?);
        }
        Ok(artifacts)
    }

    fn context(&self) -> Value {
        minijinja::context! {
            header => document::header_context(&self.header),
            site => self.site.clone(),
            sections => Value::from(Serde(&self.sections)),
            left_out => Value::from(Serde(&self.left_out)),
            sets => Value::from(Serde(&self.sets)),
        }
    }

    fn filters(&self) -> &'static [Filter] {
        FILTERS
    }
}
