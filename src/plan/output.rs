//! Where the files of a target go.

use crate::artifact::Artifact;
use crate::finding::{Code, Finding};

/// Where the files of a target go, below the folder of its site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Into this folder, under their own names.
    Folder(String),
    /// One file; files that differ in their ending only share its stem.
    File(String),
}

impl Output {
    /// Reads `folder/` or `folder/file`.
    ///
    /// # Errors
    /// `invalid-value` for a text that is no relative path in the form of every system, such as one with a backslash.
    /// Whether it leaves the folder is another question: [`leaves`].
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let fine = |part: &str| {
            !part.is_empty()
                && part != "."
                && part.len() <= 200
                && !part.ends_with([' ', '.'])
                && part.chars().all(|c| c.is_alphanumeric() || " ._-+,".contains(c))
                && part.starts_with(|c: char| c.is_alphanumeric() || "._".contains(c))
                && !part.eq_ignore_ascii_case(".git")
                || part == ".."
        };
        let body = text.strip_suffix('/').unwrap_or(text);
        let rooted = body.strip_prefix('/');
        if !rooted.unwrap_or(body).split('/').all(fine) {
            let message = format!("`{}` cannot be a file or a folder", text.escape_debug());
            let help = "use names of letters, digits, spaces and . _ - + , with / between them, such as palo-alto/edge.set; a folder ends in /";
            return Err(Finding::new(Code::InvalidValue, message).help(help));
        }
        let body = body.to_owned();
        Ok(if text.ends_with('/') { Self::Folder(body) } else { Self::File(body) })
    }

    /// Gives files of a target their places.
    ///
    /// # Errors
    /// `one-output` if there are several, and their names have no stem in common.
    pub fn place(&self, artifacts: &[Artifact]) -> Result<Vec<Artifact>, Finding> {
        let renamed: Option<Vec<Artifact>> = match (self, artifacts) {
            (Self::Folder(folder), _) => {
                let inside = |each: &Artifact| Some(format!("{folder}/{}", base(&each.path)));
                renamed(artifacts, inside)
            }
            (Self::File(file), [_]) => renamed(artifacts, |_| Some(file.clone())),
            (Self::File(file), _) => {
                let stem = stem(artifacts);
                let target = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
                renamed(artifacts, |each| {
                    let ending = base(&each.path).strip_prefix(stem?)?;
                    ending.starts_with('.').then(|| format!("{target}{ending}"))
                })
            }
        };
        renamed.ok_or_else(|| {
            let names: Vec<&str> = artifacts.iter().map(|each| base(&each.path)).collect();
            let message = format!("{} files result, and the output names one", artifacts.len());
            Finding::new(Code::OneOutput, message)
                .note(names.join(", "))
                .help("name a folder: an output that ends in /")
        })
    }
}

fn renamed(artifacts: &[Artifact], path: impl Fn(&Artifact) -> Option<String>) -> Option<Vec<Artifact>> {
    artifacts.iter().map(|each| Some(Artifact { path: path(each)?, bytes: each.bytes.clone() })).collect()
}

fn base(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, base)| base)
}

/// `agents` of `windows/agents.reg` and `windows/agents.undo.reg`.
fn stem(artifacts: &[Artifact]) -> Option<&str> {
    let names = artifacts.iter().map(|each| base(&each.path));
    names.filter_map(|name| Some(name.rsplit_once('.')?.0)).min_by_key(|stem| stem.len())
}

/// Whether a path leaves the folder that it starts in.
pub fn leaves(path: &str) -> bool {
    path.starts_with('/') || path.split('/').any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(output: &str, paths: &[&str]) -> Option<Vec<String>> {
        let artifacts: Vec<Artifact> =
            paths.iter().map(|path| Artifact::text(*path, String::new())).collect();
        let placed = Output::parse(output).unwrap().place(&artifacts).ok()?;
        Some(placed.into_iter().map(|each| each.path).collect())
    }

    #[test]
    fn files_take_the_stem_of_the_output() {
        assert_eq!(placed("a/x.ps1", &["windows/h.ps1"]).unwrap(), ["a/x.ps1"]);
        assert_eq!(placed("x.reg", &["w/h.reg", "w/h.undo.reg"]).unwrap(), ["x.reg", "x.undo.reg"]);
        assert_eq!(placed("x.reg", &["w/h.undo.reg", "w/h.reg"]).unwrap(), ["x.undo.reg", "x.reg"]);
        assert_eq!(placed("lists/", &["edl/a.txt", "edl/b.txt"]).unwrap(), ["lists/a.txt", "lists/b.txt"]);
        assert_eq!(placed("x.txt", &["edl/a.txt", "edl/b.txt"]), None);
        assert_eq!(placed("x.ps1", &["w/a.ps1", "w/ab.ps1"]), None);
    }

    #[test]
    fn only_plain_paths_are_outputs() {
        for text in ["", "/", "a//b", "a\\b", "a:b", "C:/x", "a/./b", "a\nb", "a ", "a.", "x\u{0}", "a|b"] {
            assert!(Output::parse(text).is_err(), "{text:?}");
        }
        assert!(leaves("../x") && leaves("/etc/x") && leaves("a/../../x") && !leaves("a..b/c"));
    }
}
