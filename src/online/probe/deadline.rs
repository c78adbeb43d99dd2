//! Time: every step has some, and all of them together.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The moment at which something is given up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Instant);

impl Deadline {
    pub(super) fn after(time: Duration) -> Self {
        let now = Instant::now();
        // A time that no clock can hold is as good as a day.
        Self(now.checked_add(time).unwrap_or(now + Duration::from_hours(24)))
    }

    pub(super) fn earlier(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// What is left; nothing once it is over.
    pub(super) fn left(self) -> Option<Duration> {
        let left = self.0.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

/// A connection whose reads and writes end at one moment, however slowly the other side drips.
#[derive(Debug)]
pub(super) struct Timed {
    stream: TcpStream,
    deadline: Deadline,
}

impl Timed {
    pub(super) fn new(stream: TcpStream, deadline: Deadline) -> Self {
        Self { stream, deadline }
    }

    /// The same connection, for the next step.
    pub(super) fn until(self, deadline: Deadline) -> Self {
        Self { deadline, ..self }
    }

    fn left(&self) -> io::Result<Duration> {
        self.deadline.left().ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Timed {
    fn read(&mut self, part: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(part).map_err(timed_out)
    }
}

impl Write for Timed {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(part).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Unix says `WouldBlock` where a time-out ends a read, Windows `TimedOut`.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock { io::ErrorKind::TimedOut.into() } else { error }
}
