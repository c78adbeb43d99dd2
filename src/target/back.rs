//! What takes a device back from what was loaded last to what was loaded before.
//!
//! Each target has its own way, named in its row of the table; those whose file is all there is share [`files`].

use std::fmt::Write as _;

use super::{DeviceObjects, TargetSpec};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};

/// What one target wrote at one time, as it was written; nothing, where the target was not there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Loaded<'a> {
    /// Its files.
    pub files: &'a [Artifact],
    /// What [`Lowered::device_objects`](super::Lowered::device_objects) told of them.
    pub objects: Option<&'a DeviceObjects>,
}

impl<'a> Loaded<'a> {
    /// The file at this path.
    pub(super) fn file(&self, path: &str) -> Option<&'a Artifact> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Files that are not in `other`, or other there.
    pub(super) fn beyond(&self, other: &Self) -> impl Iterator<Item = &'a Artifact> {
        let theirs = other.files;
        self.files.iter().filter(move |file| !theirs.contains(file))
    }

    /// Files whose path is not in `other`.
    pub(super) fn absent_from(&self, other: &Self) -> impl Iterator<Item = &'a Artifact> {
        let other = *other;
        self.files.iter().filter(move |file| other.file(&file.path).is_none())
    }
}

/// What takes a device back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Back {
    /// Files to load, or to put in the place of newer ones.
    pub files: Vec<Artifact>,
    /// What to do, in this order: one sentence each.
    pub steps: Vec<String>,
}

/// How a target goes back; [`back`] is the way in.
pub type BackFn = fn(old: &Loaded<'_>, new: &Loaded<'_>) -> Result<Back, Findings>;

/// What takes a device that has `new` back to `old`; nothing, where both wrote the same.
///
/// # Errors
/// `invalid-value` when objects that the target needs for it were not recorded.
pub fn back(target: &TargetSpec, old: &Loaded<'_>, new: &Loaded<'_>) -> Result<Back, Findings> {
    let same = old.files.len() == new.files.len() && old.beyond(new).next().is_none();
    if same { Ok(Back::default()) } else { (target.back)(old, new) }
}

/// Words for targets whose file is all there is.
pub(super) struct Words {
    /// What to do with an older file: `{}` is its path.
    pub(super) put: &'static str,
    /// What to do about a file that was not there before: `{}` is its path.
    pub(super) gone: &'static str,
    /// What to do once all files are as they were; nothing, if empty.
    pub(super) then: &'static str,
}

/// Files of documents: nothing is loaded.
pub(super) fn documents(old: &Loaded<'_>, new: &Loaded<'_>) -> Back {
    const WORDS: Words = Words {
        put: "Put {} back in place of the newer one; no device reads it.",
        gone: "Remove {}; no device reads it.",
        then: "",
    };
    files(old, new, &WORDS)
}

/// The older file in the place of the newer one.
pub(super) fn files(old: &Loaded<'_>, new: &Loaded<'_>, words: &Words) -> Back {
    let mut back = Back::default();
    let say = |text: &str, file: &Artifact| text.replace("{}", &file.path);
    for file in old.beyond(new) {
        back.steps.push(say(words.put, file));
        back.files.push(file.clone());
    }
    back.steps.extend(new.absent_from(old).map(|file| say(words.gone, file)));
    if !words.then.is_empty() {
        back.steps.push(words.then.to_owned());
    }
    back
}

/// `path` with `mark` in front of its extension: `a/b.set` is `a/b.remove.set`.
pub(super) fn marked(path: &str, mark: &str) -> String {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path.get(name..).and_then(|name| name.rfind('.')) {
        Some(dot) if dot > 0 => {
            let (stem, extension) = path.split_at(name + dot);
            format!("{stem}.{mark}{extension}")
        }
        _ => format!("{path}.{mark}"),
    }
}

/// A path as one word of a POSIX shell.
pub(super) fn shell_word(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if path.chars().all(plain) && !path.starts_with('-') {
        return path.to_owned();
    }
    let mut word = String::from("'");
    for c in path.chars() {
        match c {
            '\'' => word.push_str(r"'\''"),
            _ => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// That the objects of files are not known, so that nobody can say what to delete.
pub(super) fn unrecorded(target: &str, when: &str, files: &[Artifact]) -> Findings {
    let mut message = format!("{target}: what the {when} file put on the device was not recorded");
    if let [file, ..] = files {
        let _ = write!(message, " ({})", file.path);
    }
    Finding::new(Code::InvalidValue, message)
        .help("load the configuration version from before the change, or build again to record it")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{TARGETS, find};

    fn file(path: &str, text: &str) -> Artifact {
        Artifact::text(path, text.to_owned())
    }

    fn gone_back(target: &str, old: &[Artifact], new: &[Artifact]) -> Back {
        let [old, new] = [old, new].map(|files| Loaded { files, objects: None });
        back(find(target).unwrap(), &old, &new).unwrap()
    }

    #[test]
    fn the_same_files_need_nothing() {
        let files = [file("a/b.x", "1")];
        for target in TARGETS {
            assert_eq!(gone_back(target.id, &files, &files), Back::default(), "{}", target.id);
            assert_eq!(gone_back(target.id, &[], &[]), Back::default(), "{}", target.id);
        }
    }

    #[test]
    fn an_older_file_goes_to_the_place_of_the_newer_one() {
        let old = [file("squid/portbook.conf", "old")];
        let new = [file("squid/portbook.conf", "new")];
        let back = gone_back("squid", &old, &new);
        assert_eq!(back.files, old);
        assert_eq!(
            back.steps,
            [
                "Put squid/portbook.conf back in place of the newer one.",
                "Run `squid -k parse`, which has to end without an error or warning, then `squid -k reconfigure`."
            ]
        );
        for target in ["pac", "palo-alto-edl", "nftables", "iptables", "haproxy", "csv", "json", "markdown"] {
            let back = gone_back(target, &old, &new);
            assert_eq!(back.files, old, "{target}");
            assert!(back.steps[0].contains("squid/portbook.conf"), "{target}: {:?}", back.steps);
        }
    }

    #[test]
    fn a_file_that_was_not_there_is_removed() {
        let new = [file("x/new.file", "new")];
        for target in
            ["squid", "pac", "palo-alto-edl", "nftables", "iptables", "haproxy", "csv", "json", "markdown"]
        {
            let back = gone_back(target, &[], &new);
            assert!(back.files.is_empty(), "{target}");
            assert!(back.steps[0].contains("x/new.file"), "{target}: {:?}", back.steps);
        }
    }

    #[test]
    fn only_what_differs_is_put_back() {
        let kept = file("edl/kept.txt", "same");
        let old = [kept.clone(), file("edl/changed.txt", "old"), file("edl/only-old.txt", "old")];
        let new = [kept, file("edl/changed.txt", "new"), file("edl/only-new.txt", "new")];
        let back = gone_back("palo-alto-edl", &old, &new);
        assert_eq!(back.files, [old[1].clone(), old[2].clone()]);
        let about = |name: &str| back.steps.iter().filter(|step| step.contains(name)).count();
        assert_eq!(["kept", "changed", "only-old", "only-new"].map(about), [0, 1, 1, 1]);
    }

    #[test]
    fn marks_stand_before_the_extension_and_words_stay_words() {
        assert_eq!(marked("a.b/portbook.set", "remove"), "a.b/portbook.remove.set");
        assert_eq!(marked("a.b/portbook", "remove"), "a.b/portbook.remove");
        assert_eq!(marked(".set", "remove"), ".set.remove");
        assert_eq!(shell_word("a/b.set"), "a/b.set");
        assert_eq!(shell_word("a b'; reboot"), r"'a b'\''; reboot'");
        assert_eq!(shell_word("-v"), "'-v'");
    }
}
