//! What takes hosts back. A script removes the rules of its group that it does not list, so that the older one is
//! enough; registry files only add, so that the undo file of the newer ones goes first.

use crate::artifact::Artifact;
use crate::target::back::marked;
use crate::target::{Back, Loaded};

/// The ending of scripts that make the keywords of a GPO's rules.
const KEYWORDS: &str = ".keywords.ps1";
const UNDO: &str = ".undo.reg";
/// Stands before the extension of a file of the newer state where the older one has the same name.
const NEWER: &str = "newer";

/// For `windows-firewall`: the newer scripts that have to remove their own rules, then the older scripts.
///
/// That order, since two scripts of one group at two paths (an output that was renamed) would undo each other. Keywords
/// come before the rules that use them and go after them.
pub(in crate::target) fn scripts(old: &Loaded<'_>, new: &Loaded<'_>) -> Back {
    let mut back = Back::default();
    let (keywords, rules): (Vec<&Artifact>, Vec<&Artifact>) =
        new.files.iter().filter(|file| !is_followed(file, old)).partition(|file| is_keywords(file));
    for file in rules.into_iter().chain(keywords) {
        let path = old.file(&file.path).map_or_else(|| file.path.clone(), |_| marked(&file.path, NEWER));
        let file = Artifact { path, bytes: file.bytes.clone() };
        back.steps.push(removal(&file));
        back.files.push(file);
    }
    let (keywords, rules): (Vec<&Artifact>, Vec<&Artifact>) =
        old.beyond(new).partition(|file| is_keywords(file));
    for file in keywords.into_iter().chain(rules) {
        back.steps.push(setting(file));
        back.files.push(file.clone());
    }
    back
}

fn is_keywords(file: &Artifact) -> bool {
    file.path.ends_with(KEYWORDS)
}

/// Whether a script of the older state does away with what this one made: one of the same group, prefix and store, at
/// whatever path. Keywords have no group: those of one path are of one host.
fn is_followed(file: &Artifact, old: &Loaded<'_>) -> bool {
    if is_keywords(file) {
        return old.file(&file.path).is_some();
    }
    let mark = mark(file);
    old.files.iter().any(|older| {
        !is_keywords(older) && self::mark(older) == mark && (older.path == file.path || !mark.is_empty())
    })
}

fn setting(file: &Artifact) -> String {
    let call = call(&file.path);
    if is_keywords(file) {
        return format!(
            "On every host of the GPO, run `{call}`: it makes the keywords that are missing. Those that only the newer one made stay; no rule uses them."
        );
    }
    format!(
        "Run `{call}`{STORE}: it sets its rules back and removes those of its group that only the newer one made."
    )
}

const STORE: &str = " on the host it is named for (with the -PolicyStore that it was run with, if any)";

fn removal(file: &Artifact) -> String {
    let call = call(&file.path);
    if is_keywords(file) {
        return format!(
            "On every host of the GPO, once its rules are gone there, run `{call} -Remove`: it removes its keywords."
        );
    }
    format!(
        "Run `{call} -Remove`{STORE}: it removes the rules of its group, the keywords that no other rule uses, and nothing else."
    )
}

/// What tells one script's rules from those of others: the lines of its group, its prefix and its kind of store.
fn mark(file: &Artifact) -> Vec<String> {
    let text = String::from_utf8_lossy(&file.bytes);
    let tells = |line: &&str| {
        ["$Group = ", "$Prefix = ", "    [string] $DomainController"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    text.lines().filter(tells).map(str::to_owned).collect()
}

/// A path as a command of PowerShell.
fn call(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let file = path.replace('/', r"\");
    if path.chars().all(plain) {
        format!(r".\{file}")
    } else {
        format!(r"& '.\{}'", file.replace('\'', "''"))
    }
}

/// For `windows-registry`: first the undo files of the newer state, then the older values.
pub(in crate::target) fn registry(old: &Loaded<'_>, new: &Loaded<'_>) -> Back {
    let mut back = Back::default();
    for undo in new.files.iter().filter(|file| is_undo(file)) {
        let values = undo.path.strip_suffix(UNDO).map(|stem| format!("{stem}.reg"));
        let newer = values.as_deref().and_then(|path| new.file(path));
        if newer.is_some() && newer == values.as_deref().and_then(|path| old.file(path)) {
            continue;
        }
        let undo = Artifact { path: marked(&undo.path, NEWER), bytes: undo.bytes.clone() };
        back.steps.push(format!(
            "Run `reg import {}`: it deletes the values of the newer file.",
            quoted(&undo.path)
        ));
        back.files.push(undo);
    }
    for file in old.beyond(new) {
        if !is_undo(file) {
            back.steps.push(format!("Run `reg import {}`: it sets the older values.", quoted(&file.path)));
        }
        back.files.push(file.clone());
    }
    back
}

fn is_undo(file: &Artifact) -> bool {
    file.path.ends_with(UNDO)
}

/// A path as a word of cmd and PowerShell; no name of a Windows file holds a double quote.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let file = path.replace('/', r"\");
    if path.chars().all(plain) { file } else { format!("\"{file}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> Artifact {
        Artifact::text(path, text.to_owned())
    }

    /// As much of a script as tells whose rules it has.
    fn script(path: &str, site: &str, rules: &str) -> Artifact {
        file(path, &format!("$Group = 'Portbook/{site}/x'\r\n$Prefix = 'portbook-{site}-x-'\r\n{rules}\r\n"))
    }

    fn loaded(files: &[Artifact]) -> Loaded<'_> {
        Loaded { files, objects: None }
    }

    fn paths(back: &Back) -> Vec<&str> {
        back.files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn the_older_script_is_enough_where_the_group_is_the_same() {
        let old = [script("windows/a.ps1", "hq", "old"), script("windows/same.ps1", "hq", "same")];
        let new = [script("windows/a.ps1", "hq", "new"), script("windows/same.ps1", "hq", "same")];
        let back = scripts(&loaded(&old), &loaded(&new));
        assert_eq!(back.files, old[..1]);
        assert_eq!(back.steps.len(), 1);
        assert!(back.steps[0].starts_with(r"Run `.\windows\a.ps1` on the host"), "{:?}", back.steps);
    }

    #[test]
    fn a_script_of_another_group_removes_its_own_rules_first() {
        let old = [script("windows/a.ps1", "hq", "old")];
        let gpo = file(
            "windows/a.ps1",
            "    [string] $DomainController,\r\n$Group = 'Portbook/hq/x'\r\n$Prefix = 'portbook-hq-x-'\r\n",
        );
        for new in [script("windows/a.ps1", "branch", "new"), gpo] {
            let new = [new];
            let back = scripts(&loaded(&old), &loaded(&new));
            assert_eq!(paths(&back), ["windows/a.newer.ps1", "windows/a.ps1"]);
            assert_eq!((&back.files[0].bytes, &back.files[1]), (&new[0].bytes, &old[0]));
            assert!(back.steps[0].starts_with(r"Run `.\windows\a.newer.ps1 -Remove`"), "{:?}", back.steps);
            assert!(back.steps[1].starts_with(r"Run `.\windows\a.ps1` on"), "{:?}", back.steps);
        }
    }

    #[test]
    fn a_script_that_was_not_there_removes_what_it_made_and_its_keywords_last() {
        let new = [file("windows/it's.keywords.ps1", "k"), script("windows/it's.ps1", "hq", "new")];
        let back = scripts(&Loaded::default(), &loaded(&new));
        assert_eq!(paths(&back), ["windows/it's.ps1", "windows/it's.keywords.ps1"]);
        assert!(
            back.steps[0].starts_with(r"Run `& '.\windows\it''s.ps1' -Remove` on the host"),
            "{:?}",
            back.steps
        );
        assert!(back.steps[1].contains(r"`& '.\windows\it''s.keywords.ps1' -Remove`"), "{:?}", back.steps);
    }

    #[test]
    fn an_output_that_was_renamed_does_not_lose_its_rules() {
        let old = [script("windows/a.ps1", "hq", "old")];
        let new = [script("hosts/a.ps1", "hq", "new")];
        let back = scripts(&loaded(&old), &loaded(&new));
        assert_eq!(back.files, old, "the older script removes what only the newer one made");
        assert!(!back.steps.concat().contains("-Remove"), "{:?}", back.steps);
    }

    #[test]
    fn keywords_are_made_before_the_rules_that_use_them() {
        let old = [script("windows/a.ps1", "hq", "old"), file("windows/a.keywords.ps1", "old")];
        let new = [script("windows/a.ps1", "hq", "new"), file("windows/a.keywords.ps1", "new")];
        let back = scripts(&loaded(&old), &loaded(&new));
        assert_eq!(paths(&back), ["windows/a.keywords.ps1", "windows/a.ps1"]);
    }

    #[test]
    fn values_of_the_newer_file_go_before_the_older_ones_come() {
        let old = [file("windows/a.reg", "old"), file("windows/a.undo.reg", "undo old")];
        let new = [
            file("windows/a.reg", "new"),
            file("windows/a.undo.reg", "undo new"),
            file("windows/b c.reg", "b"),
            file("windows/b c.undo.reg", "undo b"),
        ];
        let back = registry(&loaded(&old), &loaded(&new));
        let wanted =
            ["windows/a.undo.newer.reg", "windows/b c.undo.newer.reg", "windows/a.reg", "windows/a.undo.reg"];
        assert_eq!(paths(&back), wanted);
        assert_eq!(back.files[0].bytes, b"undo new");
        assert_eq!(back.files[2..], old);
        let commands: Vec<&str> = back.steps.iter().filter_map(|step| step.split('`').nth(1)).collect();
        let wanted = [
            r"reg import windows\a.undo.newer.reg",
            r#"reg import "windows\b c.undo.newer.reg""#,
            r"reg import windows\a.reg",
        ];
        assert_eq!(commands, wanted);
        // A host whose values are the same is left alone.
        let kept = [new.as_slice(), &old].concat();
        let back = registry(&loaded(&new[2..]), &loaded(&kept[..4]));
        assert_eq!(paths(&back), ["windows/a.undo.newer.reg"]);
    }
}
