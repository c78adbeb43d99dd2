//! The requirements that lean on the tags of the answers.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use portbook::catalog::Catalog;
use portbook::explain::{TagUse, TagUses};
use portbook::finding::Findings;

use super::Holder;

/// Looks each tag up once.
pub(super) struct Leaning<'c> {
    catalog: Option<&'c Catalog>,
    uses: Option<TagUses<'c>>,
    /// By the word of the cloud and the tag.
    known: BTreeMap<(String, String), Vec<TagUse>>,
}

impl<'c> Leaning<'c> {
    /// Of a catalog; of none, nothing leans on a tag.
    pub(super) fn new(catalog: Option<&'c Catalog>) -> Self {
        Self { catalog, uses: None, known: BTreeMap::new() }
    }

    /// What leans on the tag of a holder.
    ///
    /// # Errors
    /// All errors of the catalog's files.
    pub(super) fn of(&mut self, holder: &Holder<'_, '_>) -> Result<&[TagUse], Findings> {
        let Some(catalog) = self.catalog else { return Ok(&[]) };
        let word = holder.file.cloud().unwrap_or_default();
        if self.uses.is_none() {
            self.uses = Some(TagUses::of(catalog)?);
        }
        match self.known.entry((word.to_owned(), holder.tag().to_owned())) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(vacant) => {
                let cloud = catalog.cloud_of_file_word(word);
                let found = self.uses.as_ref().map(|uses| uses.of_tag(holder.tag(), cloud)).transpose()?;
                Ok(vacant.insert(found.unwrap_or_default()))
            }
        }
    }

    /// All that was looked up and found: cloud, tag, requirements.
    pub(super) fn found(&self) -> impl Iterator<Item = (&str, &str, &[TagUse])> {
        let all = self.known.iter().filter(|(_, uses)| !uses.is_empty());
        all.map(|((cloud, tag), uses)| (cloud.as_str(), tag.as_str(), uses.as_slice()))
    }
}
