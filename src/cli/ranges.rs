//! `--ranges`: weekly files that flags name.

use std::path::PathBuf;

use portbook::catalog::Catalog;
use portbook::finding::{Code, Finding, Findings};
use portbook::id::CloudId;
use portbook::place::{Addressing, Fallback};
use portbook::ranges::RangeFile;

use super::target::read_text;

/// Reads the files: their name and text.
///
/// # Errors
/// `cannot-read` for each that cannot be read.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Findings> {
    let mut findings = Findings::new();
    let mut texts = Vec::new();
    for path in paths {
        match read_text(path) {
            Ok(text) => texts.push((path.display().to_string(), text)),
            Err(finding) => findings.push(finding),
        }
    }
    findings.or_value(texts).map(|(texts, _)| texts)
}

/// Checks the files against the catalog's clouds.
///
/// # Errors
/// One finding for each file that is none, or is of an unknown cloud, or of one that another file has.
pub(crate) fn addressing<'a>(
    fallback: Fallback,
    texts: &'a [(String, String)],
    catalog: &Catalog,
) -> Result<Addressing<'a>, Findings> {
    let mut findings = Findings::new();
    let mut files: Vec<RangeFile<'a>> = Vec::new();
    let mut clouds: Vec<(CloudId, &str)> = Vec::new();
    for (name, text) in texts {
        match RangeFile::parse(name, text) {
            Ok(file) => {
                match catalog.cloud_of_file_word(file.cloud()) {
                    None => findings.push(foreign(name, file.cloud(), catalog)),
                    Some(cloud) => match clouds.iter().find(|(known, _)| known == cloud) {
                        Some((_, first)) => {
                            let message = format!("{first} and {name} are both of cloud {cloud}");
                            findings.push(
                                Finding::new(Code::RangesWrongCloud, message)
                                    .help("give one range file for each cloud"),
                            );
                        }
                        None => clouds.push((cloud.clone(), name)),
                    },
                }
                files.push(file);
            }
            Err(errors) => findings.append(errors),
        }
    }
    findings.or_value(Addressing { fallback, files }).map(|(addressing, _)| addressing)
}

fn foreign(name: &str, word: &str, catalog: &Catalog) -> Finding {
    let known: Vec<&str> = catalog.registries().clouds.iter().map(|cloud| cloud.file_word.as_str()).collect();
    Finding::new(
        Code::RangesWrongCloud,
        format!("{name} is of cloud `{}`, which is not known", word.escape_debug()),
    )
    .help(format!("files name their cloud: {}", known.join(", ")))
}
