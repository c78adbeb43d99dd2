//! Lists the catalog and the templates, so that adding an edition or a template is adding one file; and parses the catalog,
//! so that the program need not.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use granit_parser::{Event, Parser, ScalarStyle};

use tree::{Node, Span, Value};

#[path = "src/yaml/tree.rs"]
mod tree;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/yaml/tree.rs");
    fs::write(out.join("templates.rs"), table(&root.join("templates"), |_| Ok(String::new()))?)?;
    let mut trees = 0;
    let catalog = table(&root.join("catalog"), |file| {
        trees += 1;
        let place = out.join(format!("catalog.{trees}.tree"));
        fs::write(&place, parsed(&fs::read_to_string(file)?))?;
        Ok(format!(", include_bytes!({:?})", place.to_string_lossy()))
    })?;
    fs::write(out.join("catalog.rs"), catalog)
}

/// A Rust expression: a sorted slice of (path inside the folder, text) and what `more` adds.
fn table(base: &Path, mut more: impl FnMut(&Path) -> io::Result<String>) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", base.display());
    let mut files = Vec::new();
    if base.is_dir() {
        collect(base, &mut files)?;
    }
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(base).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        let more = more(&file)?;
        let _ = writeln!(code, "    ({name:?}, include_str!({:?}){more}),", file.to_string_lossy());
    }
    code.push(']');
    Ok(code)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A parser's event, and what it covers.
type Parsed<'a> = (Event<'a>, granit_parser::Span);

/// The tree of a YAML text in bytes; nothing where it does not parse, or has what no catalog file needs (anchors, tags, keys
/// that are no texts or stand twice): then the program parses it, and says what is wrong.
fn parsed(text: &str) -> Vec<u8> {
    let events: Result<Vec<Parsed<'_>>, _> = Parser::new_from_str(text).collect();
    let events = events.unwrap_or_default();
    let mut events = events.iter().filter(|(event, _)| event.is_node() || is_end(event));
    let tree = node(&mut events).filter(|_| events.next().is_none());
    tree.and_then(|tree| postcard::to_allocvec(&tree).ok()).unwrap_or_default()
}

fn is_end(event: &Event<'_>) -> bool {
    matches!(event, Event::SequenceEnd | Event::MappingEnd)
}

fn node<'a>(events: &mut impl Iterator<Item = &'a Parsed<'a>>) -> Option<Node<'a>> {
    let (event, span) = events.next()?;
    node_of(event, span, events)
}

fn node_of<'a>(
    event: &'a Event<'a>,
    span: &granit_parser::Span,
    events: &mut impl Iterator<Item = &'a Parsed<'a>>,
) -> Option<Node<'a>> {
    let value = match event {
        Event::Scalar(text, ScalarStyle::Plain, 0, None) if is_null(text) => Value::Nothing,
        Event::Scalar(text, _, 0, None) => Value::Text(text),
        Event::SequenceStart(_, 0, None) => Value::List(list(events)?),
        Event::MappingStart(_, 0, None) => Value::Entry(entry(events)?),
        _ => return None,
    };
    Some(Node { span: stretch(span)?, value })
}

fn list<'a>(events: &mut impl Iterator<Item = &'a Parsed<'a>>) -> Option<Vec<Node<'a>>> {
    let mut items = Vec::new();
    loop {
        match events.next()? {
            (Event::SequenceEnd, _) => return Some(items),
            (event, span) => items.push(node_of(event, span, events)?),
        }
    }
}

fn entry<'a>(events: &mut impl Iterator<Item = &'a Parsed<'a>>) -> Option<Vec<(&'a str, Node<'a>)>> {
    let mut pairs: Vec<(&str, Node<'_>)> = Vec::new();
    loop {
        match events.next()? {
            (Event::MappingEnd, _) => return Some(pairs),
            (Event::Scalar(key, _, 0, None), _) if pairs.iter().all(|(known, _)| known != key) => {
                pairs.push((key, node(events)?));
            }
            _ => return None,
        }
    }
}

/// Plain words for nothing, as YAML's core schema has them.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn stretch(span: &granit_parser::Span) -> Option<Span> {
    let bytes = span.byte_range()?;
    Some(Span { start: bytes.start.try_into().ok()?, length: bytes.len().try_into().ok()? })
}
