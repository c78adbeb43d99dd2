//! Text in and out of the value types: safe quoting for messages, and the traits that every type with one canonical text has.

/// How many characters of a user's text a message repeats; enough to find the place, too few to flood a log.
const SHOWN: usize = 80;

/// A user's text between back-quotes, fit for a terminal and a log: printable ASCII as it stands, everything else escaped
/// (`\u{202e}` could turn a line around, `\u{1b}` drives the terminal), at most [`SHOWN`] characters.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for character in text.chars().take(SHOWN) {
        push_escaped(&mut quoted, character);
    }
    if text.chars().nth(SHOWN).is_some() {
        quoted.push_str("...");
    }
    quoted.push('`');
    quoted
}

/// One character, quoted as [`quote`] does it.
pub(crate) fn quote_char(character: char) -> String {
    quote(character.encode_utf8(&mut [0; 4]))
}

fn push_escaped(text: &mut String, character: char) {
    match character {
        '`' => text.extend(character.escape_unicode()),
        '"' | '\'' => text.push(character),
        _ => text.extend(character.escape_default()),
    }
}

/// Gives a type with `parse(&str) -> Result<Self, Error>` and `Display` the standard traits for them: `FromStr`, and `Serialize` as text.
macro_rules! as_text {
    ($type:ty, $error:ty) => {
        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}
pub(crate) use as_text;

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn nothing_that_drives_a_terminal_passes() {
        assert_eq!(quote("a\u{202e}b\u{1b}[0m\n"), r"`a\u{202e}b\u{1b}[0m\n`");
        assert_eq!(quote("it's `quoted`"), r"`it's \u{60}quoted\u{60}`");
        assert_eq!(quote(&"x".repeat(200)), format!("`{}...`", "x".repeat(80)));
    }
}
