//! What parsers make of generated files, without the words.

use std::collections::BTreeMap;

/// How often each kind of element stands in each file.
#[derive(Debug, PartialEq)]
pub(crate) struct Shape(BTreeMap<(String, String), usize>);

impl Shape {
    /// How many targets have a file.
    pub(crate) fn kinds(&self) -> usize {
        let mut kinds: Vec<&str> = self.0.keys().map(|(file, _)| file.split('/').next().unwrap()).collect();
        kinds.dedup();
        kinds.len()
    }

    /// Whether there is this file.
    pub(crate) fn has(&self, file: &str) -> bool {
        self.0.keys().any(|(name, _)| name == file)
    }

    /// The elements of which the other has more or fewer.
    pub(crate) fn against(&self, other: &Self) -> String {
        let keys: std::collections::BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        let differ = keys.into_iter().filter(|key| self.0.get(*key) != other.0.get(*key));
        let lines = differ.map(|key| format!("{key:?}: {:?}, not {:?}", self.0.get(key), other.0.get(key)));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The shape of all files.
pub(crate) fn of(files: &BTreeMap<String, Vec<u8>>) -> Shape {
    let mut shape = BTreeMap::new();
    for (name, bytes) in files {
        let target = name.split('/').next().unwrap();
        let elements = match target {
            "windows-firewall" => powershell(&utf8(bytes)),
            "windows-registry" => registry(bytes),
            "pac" => script(&utf8(bytes)),
            "squid" => squid(&utf8(bytes)),
            "palo-alto-set" => set_commands(&utf8(bytes)),
            "palo-alto-xml" => xml(&utf8(bytes)),
            "palo-alto-edl" => lines(&utf8(bytes)),
            "csv" => table(bytes),
            "json" | "manifest" => json(&utf8(bytes)),
            "markdown" => markdown(&utf8(bytes)),
            other => panic!("no parser for {other}"),
        };
        assert!(!elements.is_empty(), "{name}");
        // Long comments go over several lines; what leaves one is no comment any more, and so is seen.
        for element in elements.into_iter().filter(|element| element != "comment") {
            *shape.entry((name.clone(), element)).or_default() += 1;
        }
    }
    Shape(shape)
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Every node of the syntax tree but the words in comments and strings.
fn powershell(text: &str) -> Vec<String> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    let tree = parser.parse(text, None).unwrap();
    let mut kinds = Vec::new();
    let mut open = vec![tree.root_node()];
    while let Some(node) = open.pop() {
        kinds.push(node.kind().to_owned());
        open.extend((0..node.child_count()).filter_map(|index| node.child(u32::try_from(index).unwrap())));
    }
    kinds
}

/// Keys and the names of values; lines are nothing else.
fn registry(bytes: &[u8]) -> Vec<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).unwrap();
    let kind = |line: &str| match line.chars().next() {
        None => "empty".to_owned(),
        Some(first @ ('[' | '"' | ';')) => first.to_string(),
        Some(_) => line.to_owned(),
    };
    text.trim_start_matches('\u{feff}').split("\r\n").map(kind).collect()
}

/// What the script answers, and that an engine reads it. Comments and tables have no other way to matter.
fn script(text: &str) -> Vec<String> {
    let context = rquickjs::Context::full(&rquickjs::Runtime::new().unwrap()).unwrap();
    context.with(|js| {
        js.eval::<(), _>(text.as_bytes()).unwrap();
        let names: Vec<String> = js.globals().keys::<String>().map(Result::unwrap).collect();
        let function: rquickjs::Function<'_> = js.globals().get("FindProxyForURL").unwrap();
        let ask = |host: &str| {
            let answer: String = function.call((format!("https://{host}/"), host)).unwrap();
            // The proxy is a text of the user's.
            format!("{host}: {}", answer.split(' ').next().unwrap())
        };
        let asked =
            ["login.windows.net", "a.msappproxy.net", "evilmsappproxy.net", "example.com", "localhost"];
        names.into_iter().chain(asked.map(ask)).collect()
    })
}

/// Directives with the types of their acls; a comment is a line.
fn squid(text: &str) -> Vec<String> {
    let kind = |line: &str| match line.split(' ').collect::<Vec<_>>().as_slice() {
        ["acl", _, kind, values @ ..] => format!("acl {kind} {}", values.len()),
        [first, ..] if first.starts_with('#') => "comment".to_owned(),
        [first, second, rest @ ..] => format!("{first} {second} {}", rest.len()),
        words => words.join(" "),
    };
    text.split('\n').map(kind).collect()
}

/// Commands with the number of their words, as the device's shell splits them.
fn set_commands(text: &str) -> Vec<String> {
    let kind = |line: &str| {
        let mut quoted = false;
        let words = line.split(|c: char| {
            quoted ^= c == '"';
            c == ' ' && !quoted
        });
        let words: Vec<&str> = words.collect();
        let comment = words[0].starts_with('#');
        if comment { "comment".to_owned() } else { format!("{} {}", words[0], words.len()) }
    };
    text.split('\n').map(kind).collect()
}

/// Elements, attributes and comments.
fn xml(text: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut kinds = Vec::new();
    loop {
        let name = |start: &quick_xml::events::BytesStart<'_>| {
            let attributes: Vec<String> =
                start.attributes().map(|each| each.unwrap().key.as_ref().to_owned()).collect();
            format!("<{} {}>", start.name().as_ref(), attributes.join(" "))
        };
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => kinds.push(name(&start)),
            Event::Comment(_) => kinds.push("comment".to_owned()),
            Event::CData(_) | Event::PI(_) | Event::DocType(_) => panic!("{text}"),
            Event::Eof => return kinds,
            _ => {}
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(|line| if line.starts_with('#') { "comment" } else { "entry" }.to_owned()).collect()
}

/// Rows with their cells; no cell is a formula.
fn table(bytes: &[u8]) -> Vec<String> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let row = |row: csv::StringRecord| {
        assert!(
            !row.iter().any(|cell| cell.starts_with(['=', '+', '@', '\t', '\r']) || cell.starts_with("-2")),
            "{row:?}"
        );
        row.len().to_string()
    };
    rows.records().map(|each| row(each.unwrap())).collect()
}

/// Keys by their depth, and the kinds of values.
fn json(text: &str) -> Vec<String> {
    fn walk(value: &serde_json::Value, path: &str, kinds: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    // Names of sets and objects are made of names of the site.
                    let named = path.ends_with("sets")
                        || path.ends_with("stand-ins")
                        || path.contains("/objects/palo-alto/");
                    let key = if named { "*" } else { key };
                    walk(value, &format!("{path}/{key}"), kinds);
                }
            }
            serde_json::Value::Array(list) => {
                for value in list {
                    walk(value, &format!("{path}/[]"), kinds);
                }
            }
            serde_json::Value::Null => kinds.push(format!("{path} null")),
            _ => kinds.push(path.to_owned()),
        }
    }
    let mut kinds = Vec::new();
    walk(&serde_json::from_str(text).unwrap(), "", &mut kinds);
    kinds
}

/// Headings, tables, rows, cells, lists, links, raw HTML; not how a text is emphasized or broken.
fn markdown(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS);
    let kind = |event: Event<'_>| match event {
        Event::Start(Tag::Link { .. }) => Some("link".to_owned()),
        Event::Start(Tag::Image { .. }) => Some("image".to_owned()),
        Event::Start(tag) => Some(format!("{tag:?}")),
        Event::Html(_) | Event::InlineHtml(_) => Some("html".to_owned()),
        Event::Code(_) => Some("code".to_owned()),
        Event::Rule => Some("rule".to_owned()),
        _ => None,
    };
    events.filter_map(kind).collect()
}
