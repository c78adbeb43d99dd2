//! Standard output and standard error.

use std::io::{self, BufWriter, Write};

use clap::ColorChoice;

use portbook::finding::{Finding, Findings, Severity, Style, to_text};

use super::{Exit, Failure, Global, Outcome};

/// Where the talk goes, and how much of it.
#[derive(Debug)]
pub(crate) struct Talk {
    style: Style,
    quiet: bool,
    verbose: bool,
}

impl Talk {
    pub(crate) fn new(global: &Global) -> Self {
        let choice = match global.color {
            ColorChoice::Always => anstream::ColorChoice::AlwaysAnsi,
            ColorChoice::Never => anstream::ColorChoice::Never,
            // Off when piped, off with NO_COLOR, on with CLICOLOR_FORCE.
            ColorChoice::Auto => anstream::AutoStream::choice(&io::stderr()),
        };
        let style = if choice == anstream::ColorChoice::Never { Style::Plain } else { Style::Coloured };
        Self { style, quiet: global.quiet, verbose: global.verbose }
    }

    /// Whether only errors are wanted.
    #[cfg(feature = "online")]
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether every detail is wanted.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Shows findings: errors always, warnings unless quiet, notes only when asked for.
    pub(crate) fn findings(&self, findings: &Findings) {
        for finding in findings {
            self.finding(finding);
        }
    }

    /// Shows one finding, if its weight is wanted.
    pub(crate) fn finding(&self, finding: &Finding) {
        let wanted = match finding.severity {
            Severity::Error => true,
            Severity::Warning => !self.quiet,
            Severity::Note => self.verbose,
        };
        if wanted {
            Self::write(&to_text(finding, self.style));
        }
    }

    /// A line of talk, such as a summary.
    pub(crate) fn line(&self, line: &str) {
        if !self.quiet {
            Self::write(&format!("{line}\n"));
        }
    }

    fn write(text: &str) {
        // Nobody to talk to is no reason to fail.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Ends the run: shows why it could not be done, and gives the exit code. A broken pipe is success.
    pub(crate) fn close(&self, outcome: Outcome) -> Exit {
        match outcome {
            Ok(exit) => exit,
            Err(Failure::Findings(findings)) => {
                findings.iter().take(SHOWN).for_each(|finding| self.finding(finding));
                if findings.len() > SHOWN {
                    Self::write(&format!("... and {} more\n", findings.len() - SHOWN));
                }
                let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
                if errors > 1 {
                    Self::write(&format!("{errors} errors\n"));
                }
                Exit::CouldNot
            }
            Err(Failure::Other(error)) if is_broken_pipe(&error) => Exit::Fine,
            Err(Failure::Other(error)) => {
                Self::write(&format!("portbook: {error}\n"));
                for cause in error.chain().skip(1) {
                    Self::write(&format!("  cause: {cause}\n"));
                }
                Exit::CouldNot
            }
        }
    }
}

/// Findings of one run that are shown: a file of another kind is wrong in each line.
const SHOWN: usize = 200;

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Standard output, for a product that is too long to be held in memory.
pub(crate) fn stream() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Writes the product to standard output.
///
/// # Errors
/// When standard output is closed or full.
pub(crate) fn product(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
