//! Files of another revision: `git:REVISION:PATH`, read by the user's own git.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use portbook::finding::{Code, Finding};
use portbook::input::LARGEST;

/// A file or a folder of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revision {
    /// Whatever git takes for one: a branch, a tag, a digest.
    pub(crate) revision: String,
    /// From the root of the repository, as git writes it.
    pub(crate) path: String,
}

impl Revision {
    /// Reads `git:REVISION:PATH`; nothing for a text that does not start with `git:`.
    ///
    /// # Errors
    /// `revision-unreadable` for one that starts so and has not that form.
    pub(crate) fn parse(text: &str) -> Option<Result<Self, Finding>> {
        let rest = text.strip_prefix("git:")?;
        let parts = rest.split_once(':').filter(|(revision, _)| !revision.is_empty());
        Some(match parts {
            // git would take it for a flag.
            Some((revision, _)) if revision.starts_with('-') => Err(malformed(text)),
            Some((revision, path)) => {
                let path = path.trim_end_matches('/');
                let path = if path == "." { "" } else { path };
                Ok(Self { revision: revision.to_owned(), path: path.to_owned() })
            }
            None => Err(malformed(text)),
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// `revision-unreadable` with git's reason.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Finding> {
        self.output(&["show", "--end-of-options", &self.spec(&self.path)])
    }

    /// The paths of all files below the folder, or the file itself.
    ///
    /// # Errors
    /// `revision-unreadable` with git's reason, or because nothing is there.
    pub(crate) fn list(&self) -> Result<Vec<String>, Finding> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--name-only", "--full-tree", &self.revision, "--"];
        if !self.path.is_empty() {
            arguments.push(&self.path);
        }
        let listed = self.output(&arguments)?;
        let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let names: Vec<String> = names.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        if names.is_empty() {
            return Err(self.unreadable(&format!("{} has no such path", self.revision)));
        }
        Ok(names)
    }

    /// The bytes of several files of the revision, in their order; nothing for one that is not there.
    ///
    /// # Errors
    /// `revision-unreadable` with git's reason.
    pub(crate) fn read_all(&self, paths: &[String]) -> Result<Vec<Option<Vec<u8>>>, Finding> {
        let mut child = Command::new("git")
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| self.unreadable(&error.to_string()))?;
        let read = self.batch(&mut child, paths).map_err(|error| self.unreadable(&error.to_string()));
        drop(child.wait());
        read
    }

    fn batch(&self, child: &mut Child, paths: &[String]) -> std::io::Result<Vec<Option<Vec<u8>>>> {
        let (Some(mut requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let mut answers = BufReader::new(answers);
        let mut files = Vec::new();
        for path in paths {
            // A line end in a name would be another request.
            if path.contains('\n') {
                files.push(None);
                continue;
            }
            writeln!(requests, "{}", self.spec(path))?;
            requests.flush()?;
            let mut header = String::new();
            answers.read_line(&mut header)?;
            let size =
                header.trim_end().rsplit_once(" blob ").and_then(|(_, size)| size.parse::<usize>().ok());
            files.push(match size {
                None => None,
                Some(size) if u64::try_from(size).is_ok_and(|size| size > LARGEST) => {
                    return Err(std::io::ErrorKind::FileTooLarge.into());
                }
                Some(size) => {
                    let mut bytes = vec![0; size];
                    answers.read_exact(&mut bytes)?;
                    answers.read_exact(&mut [0])?;
                    Some(bytes)
                }
            });
        }
        Ok(files)
    }

    fn spec(&self, path: &str) -> String {
        format!("{}:{path}", self.revision)
    }

    fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, Finding> {
        let output = Command::new("git").args(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| self.unreadable(&format!("git: {error}")))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let reason = String::from_utf8_lossy(&output.stderr);
        Err(self.unreadable(reason.lines().next().unwrap_or("git failed")))
    }

    fn unreadable(&self, reason: &str) -> Finding {
        let message = format!("cannot read {} of revision {}", shown(&self.path), self.revision);
        Finding::new(Code::RevisionUnreadable, message)
            .note(reason.escape_debug().to_string())
            .help("paths start at the root of the repository, such as git:origin/main:portbook.manifest.json")
            .help("in a shallow clone, `git fetch origin main` brings the revision")
    }
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "the root" } else { path }
}

fn malformed(text: &str) -> Finding {
    let message = format!("`{}` is not git:REVISION:PATH", text.escape_debug());
    Finding::new(Code::RevisionUnreadable, message)
        .help("such as git:origin/main:portbook.manifest.json, or git:HEAD~1:sites")
}
