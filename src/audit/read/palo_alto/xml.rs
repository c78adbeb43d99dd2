//! XML becomes a tree, with lines.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::super::At;
use super::super::{Configuration, unreadable};
use super::node::Node;
use crate::finding::{Finding, Findings};

/// How deep elements may be nested; configurations have about twenty levels.
const DEEPEST: usize = 64;
/// How many elements a file may have. Each takes about 160 bytes of memory, however short it is; a full file of 64 MiB has
/// about this number, at the length of a usual `member`.
const MOST: usize = 2_000_000;

/// The `config` of a file: its root, or inside the answer of the API.
pub(super) fn parse(file: &Configuration) -> Result<Node, Findings> {
    let text = file.text()?;
    let root =
        Parsing { file, text: &text, stack: vec![Node::new("", 1)], count: 0, line: 1, read: 0 }.run()?;
    let config = [&["config"][..], &["response", "result", "config"]];
    let path = config.into_iter().find(|path| root.path(path).is_some());
    path.and_then(|path| taken(root, path)).ok_or_else(|| {
        let message = "there is no `config` at its root: export the whole configuration";
        unreadable(&file.at(1), message).into()
    })
}

/// The first descendant by tags, without a copy of it.
fn taken(root: Node, tags: &[&str]) -> Option<Node> {
    tags.iter().try_fold(root, |node, tag| node.children.into_iter().find(|child| child.tag == *tag))
}

struct Parsing<'a> {
    file: &'a Configuration,
    text: &'a str,
    stack: Vec<Node>,
    count: usize,
    /// The line of the byte `read`.
    line: usize,
    read: usize,
}

impl Parsing<'_> {
    fn run(mut self) -> Result<Node, Finding> {
        let mut reader = Reader::from_str(self.text);
        loop {
            let event = reader.read_event();
            let position = usize::try_from(reader.buffer_position()).unwrap_or(self.text.len());
            self.advance(position);
            match event {
                Err(error) => return Err(unreadable(&self.at(), format!("no XML: {error}"))),
                Ok(Event::Eof) => break,
                Ok(Event::Start(start)) => self.open(&start)?,
                Ok(Event::Empty(start)) => {
                    self.open(&start)?;
                    self.close();
                }
                Ok(Event::End(_)) => self.close(),
                Ok(Event::Text(text)) => self.text(&text.xml10_content()),
                Ok(Event::CData(text)) => self.text(&text.xml10_content()),
                Ok(Event::GeneralRef(name)) => self.reference(&name)?,
                Ok(_) => {}
            }
        }
        if self.stack.len() > 1 {
            return Err(unreadable(&self.at(), "it ends inside an element: it is cut off"));
        }
        Ok(self.stack.pop().unwrap_or_default())
    }

    fn at(&self) -> At {
        self.file.at(self.line)
    }

    fn advance(&mut self, position: usize) {
        let passed = self.text.as_bytes().get(self.read..position).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count().saturating_sub(1);
        self.read = self.read.max(position);
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Finding> {
        self.count += 1;
        if self.stack.len() > DEEPEST || self.count > MOST {
            return Err(unreadable(&self.at(), "more elements, or deeper ones, than any configuration has"));
        }
        let tag = start.name().as_ref().to_owned();
        let mut node = Node::new(&tag, self.line);
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| unreadable(&self.at(), format!("no XML: {error}")))?;
            if attribute.key.as_ref() == "name" {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                node.name = Some(
                    value.map_err(|error| unreadable(&self.at(), format!("no XML: {error}")))?.into_owned(),
                );
            }
        }
        self.stack.push(node);
        Ok(())
    }

    fn close(&mut self) {
        // The reader refuses an end without its start.
        if self.stack.len() < 2 {
            return;
        }
        if let Some(mut node) = self.stack.pop() {
            node.text = String::from(node.text.trim());
            if let Some(parent) = self.stack.last_mut() {
                parent.children.push(node);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(node) = self.stack.last_mut() {
            node.text.push_str(text);
        }
    }

    fn reference(&mut self, name: &quick_xml::events::BytesRef<'_>) -> Result<(), Finding> {
        let number = name.resolve_char_ref().ok().flatten();
        let named = || match name.as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
        match number.or_else(named) {
            Some(character) => {
                self.text(&character.to_string());
                Ok(())
            }
            None => Err(unreadable(&self.at(), "an entity that is not one of XML's own")),
        }
    }
}
