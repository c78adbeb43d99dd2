//! Where catalog files come from: built into the program, or a folder of the user's.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::finding::{Code, Finding, Findings};

/// The catalog that comes with the program: path below `catalog/`, text.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// The text of a catalog file.
#[derive(Debug, Clone)]
pub(super) enum FileText {
    Embedded(&'static str),
    Read(Arc<str>),
}

impl FileText {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Embedded(text) => text,
            Self::Read(text) => text,
        }
    }
}

/// A set of catalog files.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Path inside the layer, name for findings, text.
    pub(super) files: Vec<(String, String, FileText)>,
}

impl Layer {
    /// The catalog that comes with the program.
    pub fn embedded() -> Self {
        let files = EMBEDDED
            .iter()
            .map(|(path, text)| ((*path).to_owned(), format!("catalog/{path}"), FileText::Embedded(text)));
        Self { files: files.collect() }
    }

    /// A folder laid out as `catalog/`.
    ///
    /// # Errors
    /// `cannot-read` when the folder or a file in it cannot be read, or holds no YAML file.
    pub fn folder(folder: &Path) -> Result<Self, Findings> {
        let mut files = Vec::new();
        collect(folder, folder, &mut files).map_err(|(path, error)| {
            Finding::new(Code::CannotRead, format!("cannot read {}", path.display())).note(error.to_string())
        })?;
        files.sort_by(|a, b| a.0.cmp(&b.0));
        if files.is_empty() {
            let message = format!("{} holds no catalog file", folder.display());
            let help = "a catalog folder holds scenarios.yaml, hosts.yaml and documents/<document>/<edition>.yaml; docs/catalog.md";
            return Err(Finding::new(Code::CannotRead, message).help(help).into());
        }
        Ok(Self { files })
    }
}

type Unreadable = (std::path::PathBuf, std::io::Error);

fn collect(
    base: &Path,
    folder: &Path,
    files: &mut Vec<(String, String, FileText)>,
) -> Result<(), Unreadable> {
    let blame = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    for entry in fs::read_dir(folder).map_err(blame(folder))? {
        let path = entry.map_err(blame(folder))?.path();
        if path.is_dir() {
            collect(base, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(&path).map_err(blame(&path))?;
            let inside = path.strip_prefix(base).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((inside, path.display().to_string(), FileText::Read(Arc::from(text))));
        }
    }
    Ok(())
}
