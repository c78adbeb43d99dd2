//! What takes a firewall back: the older rules are set first, then what only the newer file made is deleted.
//!
//! In this order no list is ever empty on the way and nothing is deleted that a rule still uses, whichever of both
//! lists changed. The deletions that an older file had in front are left out: they were of the file before it.

use std::fmt::Write as _;

use super::location::Location;
use super::objects::Objects;
use super::set::{comment, is_removal};
use super::xml;
use crate::artifact::Artifact;
use crate::finding::Findings;
use crate::target::back::{marked, shell_word, unrecorded};
use crate::target::{Back, DeviceObjects, Loaded};

/// Both sides, with their objects.
struct Sides<'a> {
    had: Option<&'a Objects>,
    has: Option<&'a Objects>,
}

impl<'a> Sides<'a> {
    fn of(target: &str, old: &Loaded<'a>, new: &Loaded<'a>) -> Result<Self, Findings> {
        let had = objects(target, "older", old);
        match (had, objects(target, "newer", new)) {
            (Ok(had), Ok(has)) => Ok(Self { had, has }),
            (had, has) => {
                let mut findings = had.err().unwrap_or_default();
                findings.append(has.err().unwrap_or_default());
                Err(findings)
            }
        }
    }

    /// Whether both are in one place of one configuration.
    fn share_place(&self) -> bool {
        matches!((self.had, self.has), (Some(had), Some(has)) if had.location == has.location)
    }

    /// Deletes what only the newer file made.
    fn deletions(&self) -> Vec<String> {
        let Some(has) = self.has else { return Vec::new() };
        match self.had.filter(|_| self.share_place()) {
            Some(had) => has.deletions(had),
            None => has.deletions(&Objects::none(has.location.clone())),
        }
    }
}

fn objects<'a>(target: &str, when: &str, loaded: &Loaded<'a>) -> Result<Option<&'a Objects>, Findings> {
    match loaded.objects {
        _ if loaded.files.is_empty() => Ok(None),
        Some(DeviceObjects::PaloAlto(objects)) => Ok(Some(objects)),
        None => Err(unrecorded(target, when, loaded.files)),
    }
}

/// For `palo-alto-set`: the older file without its deletions, with ours behind it; two files for two places.
pub(super) fn set(old: &Loaded<'_>, new: &Loaded<'_>) -> Result<Back, Findings> {
    let sides = Sides::of("palo-alto-set", old, new)?;
    let mut deletions = sides.deletions();
    let mut back = Back::default();
    for file in old.files {
        let behind = if sides.share_place() { std::mem::take(&mut deletions) } else { Vec::new() };
        back.files.push(again(file, &behind));
        back.steps.push(paste(&file.path, sides.had, "set what the older file set", behind.len()));
    }
    remove(&mut back, &deletions, &sides, new);
    finish(&mut back, &sides, old);
    Ok(back)
}

/// For `palo-alto-xml`: the older XML, then the same deletions as commands, since XML deletes nothing.
pub(super) fn xml(old: &Loaded<'_>, new: &Loaded<'_>) -> Result<Back, Findings> {
    let sides = Sides::of("palo-alto-xml", old, new)?;
    let mut back = Back::default();
    for (file, had) in old.files.iter().zip(sides.had) {
        back.files.push(file.clone());
        back.steps.push(format!(
            "Bring {} to {}: `scp import configuration`.",
            file.path,
            had.location.named()
        ));
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let lines = xml::load_lines(name, &had.location, had.present());
        back.steps.extend(lines.into_iter().map(|line| format!("In configure mode: `{line}`.")));
        back.steps.push(
            "XML holds no position: see that the security rules stand above your denies and the decryption rules on top."
                .to_owned(),
        );
    }
    remove(&mut back, &sides.deletions(), &sides, new);
    finish(&mut back, &sides, old);
    Ok(back)
}

/// A file of deletions alone.
fn remove(back: &mut Back, deletions: &[String], sides: &Sides<'_>, new: &Loaded<'_>) {
    let (Some(file), false) = (new.files.first(), deletions.is_empty()) else { return };
    let stem = file.path.strip_suffix(".xml").map(|stem| format!("{stem}.set"));
    let path = marked(stem.as_deref().unwrap_or(&file.path), "remove");
    let mut text = format!("# Portbook: deletes what only the newer {} made.\n", comment(&file.path));
    push_lines(&mut text, deletions);
    back.steps.push(paste(&path, sides.has, "delete what only the newer file made", 0));
    back.files.push(Artifact::text(path, text));
}

fn finish(back: &mut Back, sides: &Sides<'_>, old: &Loaded<'_>) {
    if !sides.deletions().is_empty() {
        back.steps.push(
            "If PAN-OS refuses to delete an object that something else refers to, another file or a rule of yours uses \
             it: leave it."
                .to_owned(),
        );
    }
    back.steps.push("Then `validate full` and, once, `commit`.".to_owned());
    if let (true, Some(has)) = (old.files.is_empty(), sides.has) {
        back.steps.push(format!(
            "The tag stays, since other files may use it; `delete {}tag portbook` removes it.",
            has.location.words()
        ));
    }
}

fn paste(path: &str, objects: Option<&Objects>, what: &str, deletions: usize) -> String {
    let place = objects.map_or_else(String::new, |objects| format!(" of {}", device(&objects.location)));
    let then = match deletions {
        0 => String::new(),
        _ => ", then delete what only the newer file made".to_owned(),
    };
    format!(
        "Paste what `grep -v '^#' {}` prints into configure mode{place}: its lines {what}{then}.",
        shell_word(path)
    )
}

fn device(location: &Location) -> &'static str {
    match location {
        Location::Firewall | Location::Vsys(_) => "the firewall",
        Location::DeviceGroup(_) => "Panorama",
    }
}

/// An older file to be loaded again.
fn again(file: &Artifact, deletions: &[String]) -> Artifact {
    let Ok(older) = std::str::from_utf8(&file.bytes) else { return file.clone() };
    let mut text = String::from("# Portbook: takes back to what the file below set.\n");
    if !deletions.is_empty() {
        let _ =
            writeln!(text, "# {} deletions of what only the newer file made stand last.", deletions.len());
    }
    let stale = |line: &&str| line.starts_with("delete ") || is_removal(line);
    push_lines(&mut text, older.lines().filter(|line| !stale(line)));
    push_lines(&mut text, deletions);
    Artifact::text(file.path.clone(), text)
}

fn push_lines<T: AsRef<str>>(text: &mut String, lines: impl IntoIterator<Item = T>) {
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
}
