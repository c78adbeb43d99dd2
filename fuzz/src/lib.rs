//! What fuzz targets of several readers share.

mod asked;

use portbook::audit::{Configuration, Report, Surroundings, json, reader};
use portbook::finding::{Style, to_text};
use portbook::target::{Settings, find};

/// Every file that is named is there, with these bytes.
struct Everywhere<'a>(&'a [u8]);

impl Surroundings for Everywhere<'_> {
    fn file(&self, _: &str, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }

    fn matching(&self, _: &str, pattern: &str) -> Result<Vec<String>, String> {
        Ok(vec![pattern.replace('*', "1"), pattern.replace('*', "2")])
    }

    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.to_vec())
    }
}

/// Reads bytes as a configuration of a target; every file that it names has the same bytes, cut short.
pub fn configuration(target: &str, bytes: &[u8]) {
    configurations(target, &[("file", bytes)]);
}

/// Reads files by their names as one configuration, and judges it; every file that they name has the bytes of the first, cut
/// short.
pub fn configurations(target: &str, files: &[(&str, &[u8])]) {
    let settings = Settings::defaults(find(target).expect("a target").settings);
    let file =
        |(name, bytes): &(&str, &[u8])| Configuration { name: (*name).to_owned(), bytes: bytes.to_vec() };
    let configurations: Vec<Configuration> = files.iter().map(file).collect();
    let first = files.first().map(|(_, bytes)| *bytes).unwrap_or_default();
    let beside = Everywhere(first.get(..1000).unwrap_or(first));
    match (reader(target).expect("a reader").read)(&configurations, &settings, &beside) {
        Ok(policy) => {
            assert!(policy.clauses.iter().all(|clause| clause.at.line > 0));
            let needs = asked::needs();
            let report = Report::of(&policy, &needs, 0);
            assert_eq!(report.answers.len(), needs.len());
            assert!(json(&report, target).is_ok());
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            assert!(findings.iter().all(|finding| !to_text(finding, Style::Plain).is_empty()));
        }
    }
}
