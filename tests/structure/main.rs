//! Hostile texts in every field that a user or a feed fills, through the whole pipeline, to every target: parsers that know
//! nothing of Portbook see the same structure as for a plain text, or the value was refused at its place.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod scene;
mod shape;
#[path = "../thorough/mod.rs"]
mod thorough;

use proptest::prelude::*;
use rayon::prelude::*;

use scene::{FIELDS, Field, made};
use shape::{Shape, of};

/// Texts that are syntax somewhere.
const HOSTILE: &[&str] = &[
    "'",
    "\"",
    "''; Stop-Computer; '",
    "a'b",
    "\u{2018}; Stop-Computer #",
    "\u{2019}\u{201a}\u{201b}\u{201c}\u{201d}\u{201e}",
    "`",
    "$(Stop-Computer)",
    "`$(id)`",
    "#> Stop-Computer <#",
    "a\nb",
    "a\r\nset deviceconfig system hostname x",
    "a\rb",
    "\u{2028}\u{2029}\u{85}",
    "|",
    "a | b | c",
    "|---|---|",
    "]]>",
    "]]></entry><entry name=\"x\"/>",
    "<!-- x --> <?x?>",
    "</script><script>alert(1)</script>",
    "</table><h1>x</h1>",
    "&lt;&#10;&amp",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\ta",
    ",,,\"",
    "\0",
    "\u{1b}[31m\u{7}",
    "\u{202e}txt.exe\u{2066}",
    "\u{200b}\u{feff}\u{ad}",
    "*/ alert(1) /*",
    "// x",
    "\\",
    "\\n\\\"",
    "a\\",
    "# x",
    "a #b",
    "*",
    "[c](javascript:alert(1))",
    "![c](x)",
    "~~~\n# x\n~~~",
    "```",
    "- x",
    "1. x",
    "\n\n# x\n\n",
    "{{ 7 * 7 }}{% for x in y %}",
    "{\"a\": [",
    "include /etc/passwd",
    "all",
    "!x",
    "..",
    "../../../etc/passwd",
    "C:\\Windows\\x",
    "CON",
    "-----BEGIN CERTIFICATE-----",
    "é",
    "\u{ff07}\u{ff02}\u{fe64}",
    "\u{1f468}\u{200d}\u{1f469}",
];

/// What became of a value.
enum Fate {
    Same,
    Refused,
}

/// Holds what a text makes against what a plain one makes.
#[track_caller]
fn judged(field: &Field, text: &str, plain: &Shape) -> Fate {
    match made(field, text) {
        Ok(files) => {
            let shape = of(&files);
            let shown: String = text.chars().take(60).collect();
            assert!(shape == *plain, "{} {shown:?}: {}", field.name, shape.against(plain));
            Fate::Same
        }
        Err(said) => {
            assert!(!said.is_empty(), "{} {text:?}", field.name);
            for message in &said {
                assert!(message.starts_with("error["), "{} {text:?}: {message}", field.name);
                let drives = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
                assert!(!message.contains(drives), "{} {text:?}: {message:?}", field.name);
            }
            // Where it stands, in the file where it was written.
            assert!(
                said.iter().any(|message| message.contains(&format!("--> {}:", field.file))),
                "{} {text:?}: {said:?}",
                field.name
            );
            Fate::Refused
        }
    }
}

#[test]
fn no_text_changes_the_structure_of_any_target() {
    let step = thorough::times(4, 1) as usize;
    FIELDS.par_iter().enumerate().for_each(|(number, field)| {
        let files = made(field, field.plain).unwrap();
        let plain = of(&files);
        assert!(plain.kinds() >= 10 && plain.has("markdown/1"), "{}: {plain:?}", field.name);
        assert!(field.is_seen_in(&files), "{}: no file has `{}`", field.name, field.plain);
        let (mut same, mut refused) = (0, 0);
        // Every day each field gets another part of the texts.
        for text in HOSTILE.iter().skip(number % step).step_by(step) {
            match judged(field, text, &plain) {
                Fate::Same => same += 1,
                Fate::Refused => refused += 1,
            }
        }
        let right =
            if step == 1 { field.takes_texts == (same > refused) } else { same > 0 || !field.takes_texts };
        assert!(right, "{}: {same} taken, {refused} refused", field.name);
    });
}

#[test]
fn a_text_of_a_megabyte_is_a_text_or_refused() {
    let pieces = thorough::times(1, 3) as usize;
    FIELDS.par_iter().for_each(|field| {
        let plain = of(&made(field, field.plain).unwrap());
        for piece in ["'|<", "a ", "x"].iter().take(pieces) {
            judged(field, &piece.repeat((1 << 20) / piece.len()), &plain);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: thorough::times(8, 48), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_made_up_text_does_either(
        which in 0..FIELDS.len(),
        text in "\\PC{0,4}['\"`|$<>&#\\]\\[(){}=+@,;:\\\\\n\r\t\u{0}\u{202e}\u{200b}\u{2028}\u{2019} -]{1,8}\\PC{0,4}",
    ) {
        let field = &FIELDS[which];
        let plain = of(&made(field, field.plain).unwrap());
        judged(field, &text, &plain);
    }
}
