//! The connection.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::check::Verdict;

use super::deadline::Deadline;
use super::fault::Fault;

/// Addresses that are tried: more would leave none of them enough time.
const TRIED: usize = 4;

/// Connects to the first address that answers; each gets its share of the time.
pub(super) fn connect(
    addresses: &[SocketAddr],
    deadline: Deadline,
) -> Result<(TcpStream, SocketAddr), Fault> {
    let tried: Vec<&SocketAddr> = addresses.iter().take(TRIED).collect();
    let mut faults: Vec<Fault> = Vec::new();
    for (index, address) in tried.iter().enumerate() {
        let Some(left) = deadline.left() else { break };
        let share = u32::try_from(tried.len() - index).unwrap_or(1);
        // Zero is no time-out to the system, but an error.
        let share = (left / share).max(Duration::from_millis(1));
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok((stream, **address)),
            Err(error) => faults.push(fault(**address, &error)),
        }
    }
    // What tells most about the host: a route may be missing for one family only.
    let telling = [Verdict::ConnectionRefused, Verdict::ConnectTimedOut];
    let best = telling.iter().find_map(|verdict| faults.iter().position(|fault| fault.verdict == *verdict));
    let fault = faults.into_iter().nth(best.unwrap_or(0));
    Err(fault.unwrap_or_else(|| Fault::new(Verdict::ConnectTimedOut, "")))
}

fn fault(address: SocketAddr, error: &io::Error) -> Fault {
    let verdict = match error.kind() {
        ErrorKind::ConnectionRefused => Verdict::ConnectionRefused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Verdict::ConnectTimedOut,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
            Verdict::Unreachable
        }
        ErrorKind::PermissionDenied => Verdict::NotPermitted,
        _ => Verdict::ConnectFailed,
    };
    match verdict {
        Verdict::ConnectFailed | Verdict::Unreachable => Fault::new(verdict, format!("{address}: {error}")),
        _ => Fault::new(verdict, address.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_told_apart() {
        let address = SocketAddr::from(([127, 0, 0, 1], 443));
        let of = |kind: ErrorKind| fault(address, &kind.into()).verdict;
        assert_eq!(of(ErrorKind::ConnectionRefused), Verdict::ConnectionRefused);
        assert_eq!(of(ErrorKind::TimedOut), Verdict::ConnectTimedOut);
        assert_eq!(of(ErrorKind::NetworkUnreachable), Verdict::Unreachable);
        assert_eq!(of(ErrorKind::HostUnreachable), Verdict::Unreachable);
        assert_eq!(of(ErrorKind::PermissionDenied), Verdict::NotPermitted);
        assert_eq!(of(ErrorKind::Other), Verdict::ConnectFailed);
    }
}
