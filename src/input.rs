//! Reading what a user names: whole, never more than a bound, and never for ever.
//!
//! A path may be anything: a file of a gigabyte without a block on the disk, a device that never ends, a pipe at whose other
//! end nobody is. Process substitution (`<(portbook ...)`) is a pipe too, so pipes are read; they only may not stay silent.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::finding::Finding;

/// The most bytes that are read of one input. Weekly range files have about 5 MB, and the manifests of large sites as much.
pub const LARGEST: u64 = 64 << 20;

/// The bytes of the file at `path`.
///
/// # Errors
/// `cannot-read` with the system's reason, for a file of more than [`LARGEST`] bytes, and for a pipe that stays silent.
pub fn read(path: &Path) -> Result<Vec<u8>, Finding> {
    bytes(path).map_err(|error| Finding::unreadable(path, &error))
}

/// The text of the file at `path`.
///
/// # Errors
/// As [`read`], and for bytes that are not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Finding> {
    text(path).map_err(|error| Finding::unreadable(path, &error))
}

/// [`read_text`], with the system's own error.
///
/// # Errors
/// Those of the system; `FileTooLarge`, `TimedOut`, `InvalidData`.
pub fn text(path: &Path) -> io::Result<String> {
    utf8(bytes(path)?)
}

/// Bytes as text.
///
/// # Errors
/// `InvalidData` with the place of the first byte that is none.
pub fn utf8(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        io::Error::new(ErrorKind::InvalidData, format!("line {line}: byte {at} is not UTF-8"))
    })
}

/// [`read`], with the system's own error.
///
/// # Errors
/// Those of the system; `FileTooLarge`, `TimedOut`.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?;
    if about.is_file() && about.len() > LARGEST {
        return Err(too_large());
    }
    // What a file says of its size is a guess: devices say nothing, and somebody may be writing.
    if is_pipe(&about) { pipe::bytes(path) } else { gathered(File::open(path)?, about.len()) }
}

/// Everything that `from` gives, such as standard input.
///
/// # Errors
/// Those of the system; `FileTooLarge`.
pub fn all(from: impl Read) -> io::Result<Vec<u8>> {
    gathered(from, 0)
}

/// Everything, of which there are about so many bytes: a buffer that grows step by step costs as much as reading.
fn gathered(from: impl Read, about: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(about.min(LARGEST) + 1).unwrap_or_default());
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST) {
        Ok(bytes)
    } else {
        Err(too_large())
    }
}

/// Whether `path` is a file with these bytes. Nothing else is opened: a comparison must not wait for a pipe.
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_size = |about: &fs::Metadata| about.is_file() && usize::try_from(about.len()) == Ok(bytes.len());
    fs::metadata(path).is_ok_and(|about| same_size(&about))
        && fs::read(path).is_ok_and(|there| there == bytes)
}

fn too_large() -> io::Error {
    let text = format!("it has more than {LARGEST} bytes, which is the most that is read of one file");
    io::Error::new(ErrorKind::FileTooLarge, text)
}

#[cfg(unix)]
fn is_pipe(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    about.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

mod pipe {
    use std::fs::File;
    use std::io::{self, ErrorKind, Read as _};
    use std::path::Path;
    use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
    use std::thread;
    use std::time::Duration;

    use super::LARGEST;

    /// How long a pipe may stay silent: a program that fetches something first takes its time.
    const SILENCE: Duration = Duration::from_secs(30);

    /// What comes out of a pipe. Its opening waits for whoever writes, so a thread of its own does it; it ends with the process.
    pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
        let (send, receive) = sync_channel(1);
        let path = path.to_owned();
        thread::spawn(move || pass(&path, &send));
        let mut bytes = Vec::new();
        loop {
            match receive.recv_timeout(SILENCE) {
                Ok(Ok(piece)) => bytes.extend_from_slice(&piece),
                Ok(Err(error)) => return Err(error),
                Err(RecvTimeoutError::Disconnected) => return Ok(bytes),
                Err(RecvTimeoutError::Timeout) => return Err(silent()),
            }
            if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
                return Err(super::too_large());
            }
        }
    }

    /// Passes on everything; ends early where nobody listens any more.
    fn pass(path: &Path, to: &SyncSender<io::Result<Vec<u8>>>) -> Option<()> {
        let mut piece = vec![0; 1 << 16];
        let mut pipe = match File::open(path) {
            Ok(pipe) => pipe,
            Err(error) => return to.send(Err(error)).ok(),
        };
        loop {
            match pipe.read(&mut piece) {
                Ok(0) => return Some(()),
                Ok(length) => to.send(Ok(piece.get(..length)?.to_vec())).ok()?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return to.send(Err(error)).ok(),
            }
        }
    }

    fn silent() -> io::Error {
        let text = format!("it is a pipe, and nobody wrote to it for {} seconds", SILENCE.as_secs());
        io::Error::new(ErrorKind::TimedOut, text)
    }
}
