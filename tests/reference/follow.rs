//! Follows the next steps of a refusal as a user would: takes the flags that they name and fills in what they leave open.

use std::fmt::Write as _;

use super::cases::Case;
use super::run::{Desk, Run};

/// How often a new next step may come up.
const ROUNDS: usize = 4;

/// What was said at each step, and how the last one ended.
pub(crate) struct Journey {
    pub(crate) transcript: String,
    pub(crate) exit: i32,
}

/// Goes on from `run`, the refusal of `words`.
pub(crate) fn follow(desk: &Desk, case: &Case, mut words: Vec<String>, mut run: Run) -> Journey {
    let mut transcript = said(&words, &run);
    for _ in 0..ROUNDS {
        let flags = next_flags(&run.talk, case, &words);
        if run.exit != 3 || flags.is_empty() {
            break;
        }
        words.extend(flags);
        run = desk.run(&words);
        let _ = write!(transcript, "\n{}", said(&words, &run));
    }
    Journey { transcript, exit: run.exit }
}

fn said(words: &[String], run: &Run) -> String {
    format!("$ portbook {}\n{}exit {}\n", words.join(" "), run.talk, run.exit)
}

/// The flags of the first help of each error that names one which is not yet given.
fn next_flags(talk: &str, case: &Case, given: &[String]) -> Vec<String> {
    let is_new = |flag: &Vec<String>| !given.windows(flag.len()).any(|words| words == flag.as_slice());
    let mut flags: Vec<Vec<String>> = Vec::new();
    let mut wanted = false;
    for line in talk.lines() {
        if !line.starts_with(' ') {
            wanted = line.starts_with("error");
        } else if let Some((_, help)) = line.split_once("  help: ").filter(|_| wanted) {
            let new: Vec<Vec<String>> = fill(help, case).into_iter().filter(is_new).collect();
            wanted = new.is_empty();
            flags.extend(new);
        }
    }
    let mut once: Vec<Vec<String>> = Vec::new();
    for flag in flags {
        if !once.contains(&flag) {
            once.push(flag);
        }
    }
    once.concat()
}

/// `--ip-fallback documented --ranges FILE uses the ...` up to the words, with what is a user's own filled in.
fn fill(help: &str, case: &Case) -> Vec<Vec<String>> {
    let start = help.find("--").unwrap_or(help.len());
    let (_, help) = help.split_at(start);
    let mut words = help.split_whitespace().map(|word| word.trim_end_matches([',', ';', '.'])).peekable();
    let mut filled = Vec::new();
    while let Some(flag) = words.next_if(|word| word.starts_with("--")) {
        let value = words.next_if(|word| !word.starts_with("--")).unwrap_or_default();
        let values = match (flag, value.split_once('=')) {
            ("--ranges", _) => {
                vec!["Example_Public.json".to_owned(), "Example_AzureGovernment.json".to_owned()]
            }
            ("--address", Some((role, _))) => {
                let known = case.site.iter().find(|(known, ..)| *known == role);
                vec![
                    known.map_or_else(|| value.to_owned(), |(_, addresses, _)| format!("{role}={addresses}")),
                ]
            }
            _ => vec![value.to_owned()],
        };
        filled.extend(values.into_iter().map(|value| vec![flag.to_owned(), value]));
    }
    filled
}
