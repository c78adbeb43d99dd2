//! Where catalog files come from: built into the program, or a folder of the user's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::{Code, Finding, Findings, Source};
use crate::input;

/// The catalog that comes with the program: path below `catalog/`, text, and its tree, which `build.rs` parsed.
const EMBEDDED: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// The text of a catalog file.
#[derive(Debug, Clone)]
pub(super) enum FileText {
    Embedded { text: &'static str, tree: &'static [u8] },
    Read(Arc<str>),
}

impl FileText {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Embedded { text, .. } => text,
            Self::Read(text) => text,
        }
    }

    /// The text as one that findings can point into.
    pub(super) fn source(&self, name: &str) -> Arc<Source> {
        let tree = match self {
            Self::Embedded { tree, .. } => Some(*tree),
            Self::Read(_) => None,
        };
        Source::with_tree(name, self.as_str(), tree)
    }
}

/// A set of catalog files.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Path inside the layer, name for findings, text.
    pub(super) files: Vec<(String, String, FileText)>,
}

impl Layer {
    /// The catalog that comes with the program.
    pub fn embedded() -> Self {
        let files = EMBEDDED.iter().map(|(path, text, tree)| {
            ((*path).to_owned(), format!("catalog/{path}"), FileText::Embedded { text, tree })
        });
        Self { files: files.collect() }
    }

    /// A folder laid out as `catalog/`.
    ///
    /// # Errors
    /// `cannot-read` when the folder or a file in it cannot be read, or holds no YAML file.
    pub fn folder(folder: &Path) -> Result<Self, Findings> {
        let mut files = Vec::new();
        let mut within = Vec::new();
        collect(folder, folder, &mut within, &mut files)
            .map_err(|(path, error)| Finding::unreadable(&path, &error))?;
        files.sort_by(|a, b| a.0.cmp(&b.0));
        if files.is_empty() {
            let message = format!("{} holds no catalog file", folder.display());
            let help = "a catalog folder holds scenarios.yaml, hosts.yaml and documents/<document>/<edition>.yaml; docs/catalog.md";
            return Err(Finding::new(Code::CannotRead, message).help(help).into());
        }
        Ok(Self { files })
    }
}

impl Layer {
    /// Whether it holds registries of its own, so that it can stand alone.
    pub fn is_whole(&self) -> bool {
        self.files.iter().any(|(path, ..)| path == "scenarios.yaml")
    }

    /// The same layer with a file of this text at `place` (`hosts.yaml`, `documents/<document>/<edition>.yaml`), as if it
    /// stood in a folder; findings call it `name`.
    #[must_use]
    pub fn with_text(mut self, place: &str, name: &str, text: &str) -> Self {
        self.files.retain(|(present, ..)| present != place);
        self.files.push((place.to_owned(), name.to_owned(), FileText::Read(Arc::from(text))));
        self
    }

    /// The same layer with the file at `path` laid over it. Its place in the catalog follows from the end of its path:
    /// `documents/<document>/<edition>.yaml`, `<document>/<edition>.yaml`, or the name of a registry.
    ///
    /// # Errors
    /// `cannot-read`, or `invalid-value` where the path tells no place.
    pub fn with_file(self, path: &Path) -> Result<Self, Findings> {
        let text = input::read_text(path)?;
        let place = place_of(path).ok_or_else(|| {
            let help = "catalog files are <document>/<edition>.yaml, <document>/document.yaml, or a registry such as hosts.yaml";
            Finding::new(Code::InvalidValue, format!("{} is no file of a catalog", path.display())).help(help)
        })?;
        Ok(self.with_text(&place, &path.display().to_string(), &text))
    }
}

/// The registries of a catalog.
const REGISTRIES: [&str; 8] = [
    "address-lists.yaml",
    "choices.yaml",
    "clouds.yaml",
    "conditions.yaml",
    "hosts.yaml",
    "parameters.yaml",
    "roles.yaml",
    "scenarios.yaml",
];

/// Where a file would stand in a catalog.
fn place_of(path: &Path) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    if REGISTRIES.contains(&file) {
        return Some(file.to_owned());
    }
    let stem = file.strip_suffix(".yaml")?;
    // The folder of a bare file name is only known by its real path.
    let folder = path.canonicalize().ok()?.parent()?.file_name()?.to_str()?.to_owned();
    let fits = stem == "document" || stem.parse::<super::Edition>().is_ok();
    fits.then(|| format!("documents/{folder}/{file}"))
}

type Unreadable = (PathBuf, std::io::Error);

/// `within` are the folders above, as they really are: a link to one of them would lead in a circle.
fn collect(
    base: &Path,
    folder: &Path,
    within: &mut Vec<PathBuf>,
    files: &mut Vec<(String, String, FileText)>,
) -> Result<(), Unreadable> {
    let blame = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let real = folder.canonicalize().map_err(blame(folder))?;
    if within.contains(&real) {
        return Err((folder.to_owned(), std::io::Error::other("it is a link to a folder above it")));
    }
    within.push(real);
    for entry in fs::read_dir(folder).map_err(blame(folder))? {
        let path = entry.map_err(blame(folder))?.path();
        if path.is_dir() {
            collect(base, &path, within, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = input::text(&path).map_err(blame(&path))?;
            let inside = path.strip_prefix(base).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((inside, path.display().to_string(), FileText::Read(Arc::from(text))));
        }
    }
    within.pop();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::sync::Arc;

    use serde::de::DeserializeOwned;

    use super::{EMBEDDED, Source};
    use crate::catalog::raw;
    use crate::yaml;

    /// What the program has of its own catalog without reading YAML is what its files say: values and places.
    #[test]
    fn trees_of_the_build_say_what_the_files_say() {
        for (path, text, tree) in EMBEDDED {
            let source = Source::with_tree(*path, *text, Some(tree));
            match *path {
                "address-lists.yaml" => same::<Vec<raw::AddressList>>(&source),
                "choices.yaml" => same::<Vec<raw::Choice>>(&source),
                "clouds.yaml" => same::<Vec<raw::Cloud>>(&source),
                "conditions.yaml" => same::<Vec<raw::Condition>>(&source),
                "hosts.yaml" => same::<Vec<raw::Host>>(&source),
                "parameters.yaml" => same::<Vec<raw::Parameter>>(&source),
                "roles.yaml" => same::<Vec<raw::Role>>(&source),
                "scenarios.yaml" => same::<Vec<raw::Scenario>>(&source),
                path if path.ends_with("/document.yaml") => same::<raw::Document>(&source),
                _ => same::<raw::EditionText>(&source),
            }
        }
    }

    fn same<T: DeserializeOwned + Debug>(source: &Arc<Source>) {
        let replayed: T = yaml::replayed(source).unwrap_or_else(|| panic!("{} has no tree", source.name));
        let read: T = yaml::parse(&Source::new(&source.name, &source.text)).unwrap();
        assert_eq!(format!("{replayed:#?}"), format!("{read:#?}"), "{}", source.name);
    }
}
