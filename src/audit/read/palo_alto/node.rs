//! The tree of a configuration.

use std::collections::BTreeMap;

/// An element: of XML, or made of `set` commands.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// The name of the element.
    pub(super) tag: String,
    /// Its `name`, for entries of lists.
    pub(super) name: Option<String>,
    /// The line where it begins, from 1.
    pub(super) line: usize,
    /// The text in it, without space around.
    pub(super) text: String,
    /// What is in it.
    pub(super) children: Vec<Self>,
    /// Where [`Node::make`] finds a child by tag and name.
    pub(super) index: BTreeMap<(String, Option<String>), usize>,
}

impl Node {
    /// An element without content.
    pub(super) fn new(tag: &str, line: usize) -> Self {
        Self { tag: tag.to_owned(), line, ..Self::default() }
    }

    /// The first child with this tag.
    pub(super) fn child(&self, tag: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.tag == tag)
    }

    /// The first descendant by tags.
    pub(super) fn path(&self, tags: &[&str]) -> Option<&Self> {
        tags.iter().try_fold(self, |node, tag| node.child(tag))
    }

    /// Its entries.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(|child| child.tag == "entry")
    }

    /// The members of a list of it; none if it has no such list.
    pub(super) fn members(&self, tag: &str) -> Vec<&str> {
        let lists = self.children.iter().filter(|child| child.tag == tag);
        let members = lists.flat_map(|list| &list.children).filter(|child| child.tag == "member");
        members.map(|member| member.text.as_str()).collect()
    }

    /// Whether a switch of it is on.
    pub(super) fn is_on(&self, tag: &str) -> bool {
        self.child(tag).is_some_and(|child| child.text == "yes")
    }

    /// The child with this tag, and this name if one is given; made where it is not there.
    pub(super) fn make(&mut self, tag: &str, name: Option<&str>, line: usize) -> Option<&mut Self> {
        let index =
            *self.index.entry((tag.to_owned(), name.map(str::to_owned))).or_insert(self.children.len());
        if index == self.children.len() {
            self.children.push(Self { name: name.map(str::to_owned), ..Self::new(tag, line) });
        }
        self.children.get_mut(index)
    }

    /// Moves a child. Where they all went is found out anew: `move` commands are few.
    pub(super) fn shift(&mut self, from: usize, to: usize) {
        if from < self.children.len() {
            let child = self.children.remove(from);
            self.children.insert(to.min(self.children.len()), child);
            let keys = self.children.iter().map(|child| (child.tag.clone(), child.name.clone()));
            self.index = keys.enumerate().map(|(index, key)| (key, index)).collect();
        }
    }
}
