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

    /// What [`Node::make`] made, by tag and name.
    fn made(&self, tag: &str, name: Option<&str>) -> Option<usize> {
        self.index.get(&(tag.to_owned(), name.map(str::to_owned))).copied()
    }

    /// The descendant by tags that [`Node::make`] made.
    pub(super) fn find(&mut self, tags: &[&str]) -> Option<&mut Self> {
        tags.iter().try_fold(self, |node, tag| {
            let index = node.made(tag, None)?;
            node.children.get_mut(index)
        })
    }

    /// The entry of this name that [`Node::make`] made.
    pub(super) fn entry(&mut self, name: &str) -> Option<&mut Self> {
        let index = self.made("entry", Some(name))?;
        self.children.get_mut(index)
    }

    /// Takes away a child that [`Node::make`] made; whether there was one. An empty element keeps its position, and the
    /// index that of all others.
    pub(super) fn remove(&mut self, tag: &str, name: Option<&str>) -> bool {
        let index = self.index.remove(&(tag.to_owned(), name.map(str::to_owned)));
        let child = index.and_then(|index| self.children.get_mut(index));
        child.map(|child| *child = Self::default()).is_some()
    }

    /// Gives an entry another name; whether it is there, and no other one has that name.
    pub(super) fn rename(&mut self, name: &str, other: &str) -> bool {
        let Some(index) = self.made("entry", Some(name)) else { return false };
        if self.made("entry", Some(other)).is_some() {
            return false;
        }
        self.index.remove(&("entry".to_owned(), Some(name.to_owned())));
        self.index.insert(("entry".to_owned(), Some(other.to_owned())), index);
        let child = self.children.get_mut(index);
        child.map(|child| child.name = Some(other.to_owned())).is_some()
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
