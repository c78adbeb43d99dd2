//! `set` commands for configure mode.

use std::fmt::Write as _;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Value, context};

use super::context::policy_context;
use super::location::{self, Location, Move, Position};
use super::name;
use super::objects::Objects;
use super::pack;
use super::policy::Policy;
use crate::artifact::Artifact;
use crate::finding::Findings;
use crate::target::{DeviceObjects, Filter, Fitted, Lowered, Packed, Settings, Templates};

const TEMPLATE: &str = "palo-alto-set/portbook.set";

/// Filters of its template.
const FILTERS: &[Filter] = &[
    ("set_word", set_word),
    ("set_location", set_location),
    ("set_block", set_block),
    ("set_comment", |text| Ok(comment(text))),
];

/// Packs for `palo-alto-set`.
pub(super) fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let location = Location::of(settings).map_err(Findings::from)?;
    let position = Position::of(settings).map_err(Findings::from)?;
    let policy = pack::policy(fitted, settings)?;
    let deletions = match settings.get("since") {
        None => None,
        Some(text) => {
            Some(Objects::read(text, &location)?.deletions(&Objects::of(&policy, &location)).join("\n"))
        }
    };
    let mut header = fitted.header.lines();
    header.push(position.sentence());
    header.push(removal(deletions.as_deref()));
    header.push(
        "Paste into configure mode without the lines that start with #; `validate full`, then commit.".into(),
    );
    let moves = location::moves(&policy, &position);
    Ok(Box::new(Commands { header, location, policy: Arc::new(policy), moves, deletions }))
}

/// Behind their count.
const DELETIONS_FIRST: &str = " deletions since the earlier file stand first.";

fn removal(deletions: Option<&str>) -> String {
    match deletions {
        None => "Nothing is removed: what an earlier file set stays. The setting `since` takes that file and puts \
                 the deletions first."
            .to_owned(),
        Some("") => "Nothing is to be removed since the earlier file.".to_owned(),
        Some(lines) => {
            format!("{}{DELETIONS_FIRST}", lines.lines().count())
        }
    }
}

/// Whether a line of a file is the one in which [`removal`] speaks of the file before it.
pub(super) fn is_removal(line: &str) -> bool {
    line.strip_prefix("# ").is_some_and(|text| {
        [removal(None), removal(Some(""))].iter().any(|sentence| sentence == text)
            || text.ends_with(DELETIONS_FIRST) && text.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Everything that the commands say.
struct Commands {
    header: Vec<String>,
    location: Location,
    policy: Arc<Policy>,
    moves: Vec<Move>,
    deletions: Option<String>,
}

impl Lowered for Commands {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let text = templates.render(TEMPLATE, self.context(), FILTERS)?;
        Ok(vec![Artifact::text("palo-alto/portbook.set", text)])
    }

    fn context(&self) -> Value {
        let at = self.location.words();
        let blocks = context! {
            deletion_block => self.deletions.as_deref().unwrap_or_default(),
            address_block => address_block(&self.policy, &at),
            group_block => group_block(&self.policy, &at),
            moves => Value::from(Serde(&self.moves)),
            location => at,
            rulebase => self.location.rulebase(),
        };
        context! { ..blocks, ..policy_context(&self.header, &self.policy) }
    }

    fn filters(&self) -> &'static [Filter] {
        FILTERS
    }

    fn device_objects(&self) -> Option<DeviceObjects> {
        Some(DeviceObjects::PaloAlto(Objects::of(&self.policy, &self.location)))
    }
}

/// One line an address.
fn address_block(policy: &Policy, at: &str) -> String {
    let lines = policy
        .addresses
        .iter()
        .map(|address| format!("set {at}address {} {} {}", address.name(), address.kind(), address.value()));
    lines.collect::<Vec<_>>().join("\n")
}

/// One line a member: `set` adds to a list, so that one prefix more or less is one line of difference, and no line
/// grows too long to paste.
fn group_block(policy: &Policy, at: &str) -> String {
    let mut block = String::new();
    for (group, members) in &policy.groups {
        for member in members {
            let break_line = if block.is_empty() { "" } else { "\n" };
            let _ = write!(block, "{break_line}set {at}address-group {group} static {}", member.name());
        }
    }
    block
}

/// A word of a command: plain where it can be, else in double quotes. Quotes, backslashes, `?` (which asks the CLI
/// for help even while pasting), `|`, control characters and all beyond ASCII are refused.
fn set_word(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/' | '*');
    let quotable = |c: char| plain(c) || matches!(c, ' ' | ',' | ';' | '(' | ')' | '+' | '@' | '=' | '#');
    if text.is_empty() || text.len() > 1023 {
        return Err("a word has 1 to 1023 characters".to_owned());
    }
    match text.chars().find(|c| !quotable(*c)) {
        Some(c) => Err(format!("{} in {}", c.escape_unicode(), text.escape_debug())),
        None if text.chars().all(plain) && !text.starts_with('-') => Ok(text.to_owned()),
        None => Ok(format!("\"{text}\"")),
    }
}

/// The words between `set` and the object: none, or `vsys NAME `, `device-group NAME `.
fn set_location(text: &str) -> Result<String, String> {
    let fine = text.is_empty()
        || text.strip_suffix(' ').and_then(|words| words.split_once(' ')).is_some_and(|(kind, name)| {
            matches!(kind, "vsys" | "device-group") && name.chars().all(name::is_name_character)
        });
    if fine { Ok(text.to_owned()) } else { Err(format!("{} is no location", text.escape_debug())) }
}

/// Lines that were made for a template: whole commands in plain words only.
fn set_block(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/' | '*' | ' ');
    let command = |line: &str| line.starts_with("set ") || line.starts_with("delete ");
    match text.split('\n').find(|line| !command(line) || !line.chars().all(plain)) {
        None => Ok(text.to_owned()),
        Some(line) => Err(format!("{} is no plain command", line.escape_debug())),
    }
}

/// Behind a comment sign: one line of printable ASCII, the rest escaped.
pub(super) fn comment(text: &str) -> String {
    let printable = |c: char| c == ' ' || c.is_ascii_graphic();
    text.chars().map(|c| if printable(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_syntax() {
        assert_eq!(set_word("pb-10.0.0.1").unwrap(), "pb-10.0.0.1");
        assert_eq!(set_word("*.a.net/").unwrap(), "*.a.net/");
        assert_eq!(set_word("URL List").unwrap(), "\"URL List\"");
        assert_eq!(set_word("a#b").unwrap(), "\"a#b\"");
        for text in [
            "",
            "a\"b",
            "a'b",
            "a\\b",
            "a\nb",
            "a\rb",
            "a\tb",
            "a?b",
            "a|b",
            "$(a)",
            "`a`",
            "<a>",
            "[ a ]",
            "ä",
            "\u{202e}a",
        ] {
            assert!(set_word(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn blocks_hold_plain_commands_only() {
        assert!(set_block("set address a ip-netmask ::1/128\ndelete address b").is_ok());
        for text in ["", "commit", "set a\n", "set a\ncommit", "set \"a\"", "set a # b", "set a\r\nset b"] {
            assert!(set_block(text).is_err(), "{text:?}");
        }
        assert!(set_location("").is_ok() && set_location("vsys vsys2 ").is_ok());
        for text in ["vsys vsys2", "shared ", "vsys a b ", "vsys \" "] {
            assert!(set_location(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn comments_stay_on_their_line() {
        assert_eq!(comment("a\nset b \u{202e}"), "a\\u{a}set b \\u{202e}");
    }
}
