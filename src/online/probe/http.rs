//! HTTP/1.1 as far as reachability needs it: one request without content, and the head of its answer (RFC 9112).

use std::io::{self, Read, Write};

use crate::check::{Subject, Verdict};

use super::deadline::Timed;
use super::fault::{Ends, Fault};

/// Bytes that a head may have; servers allow 8 to 64 KiB.
const HEAD_MAX: usize = 64 * 1024;
/// Interim answers (100 to 199) that are read over.
const INTERIM: usize = 4;

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
}

impl Head {
    /// The values of a header.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A request: its first line and what is sent with it.
pub(super) struct Request<'a> {
    pub(super) method: &'static str,
    pub(super) target: String,
    pub(super) host: String,
    pub(super) user_agent: &'a str,
    /// For the proxy that the request goes to.
    pub(super) authorization: Option<String>,
}

/// Sends a request and reads the head of its answer.
pub(super) fn ask(stream: &mut Timed, request: &Request<'_>) -> io::Result<Head> {
    let Request { method, target, host, user_agent, authorization } = request;
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n");
    if let Some(authorization) = authorization {
        text.push_str("Proxy-Authorization: ");
        text.push_str(authorization);
        text.push_str("\r\n");
    }
    if *method != "CONNECT" {
        text.push_str("Accept: */*\r\nConnection: close\r\n");
    }
    text.push_str("\r\n");
    stream.write_all(text.as_bytes())?;
    for _ in 0..INTERIM {
        let head = parse(&read(stream)?)?;
        if !(100..=199).contains(&head.status) {
            return Ok(head);
        }
    }
    Err(garbage())
}

/// Up to the empty line, and not a byte further: what follows may belong to a tunnel.
fn read(stream: &mut Timed) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while head.len() < HEAD_MAX {
        if stream.read(&mut byte)? == 0 {
            let nothing = head.is_empty();
            return Err(if nothing { io::ErrorKind::UnexpectedEof.into() } else { garbage() });
        }
        head.extend_from_slice(&byte);
        // What cannot be HTTP any more is not waited for.
        if !is_beginning(&head) {
            return Err(garbage());
        }
        if head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n") {
            return Ok(head);
        }
    }
    Err(garbage())
}

fn is_beginning(head: &[u8]) -> bool {
    const VERSION: &[u8] = b"HTTP/1.";
    head.iter().zip(VERSION).all(|(byte, expected)| byte == expected)
}

fn parse(head: &[u8]) -> io::Result<Head> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let status_line = lines.next().unwrap_or_default();
    let status = status_line.split(' ').nth(1).filter(|word| word.len() == 3);
    let status = status.and_then(|word| word.parse().ok()).ok_or_else(garbage)?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    });
    Ok(Head { status, headers: headers.collect() })
}

fn garbage() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP")
}

/// Asks the host itself: any answer is one.
pub(super) fn direct(
    stream: &mut Timed,
    host: &Subject,
    port: u16,
    path: &str,
    user_agent: &str,
) -> Result<u16, Fault> {
    let request = Request {
        method: "GET",
        target: path.to_owned(),
        host: authority(host, port),
        user_agent,
        authorization: None,
    };
    let ends =
        Ends { timed_out: Verdict::HttpTimedOut, closed: Verdict::HttpClosed, garbage: Verdict::NotHttp };
    ask(stream, &request).map(|head| head.status).map_err(|error| ends.fault(&error))
}

/// Host and port; the port of HTTP is not written (RFC 9110 section 7.2).
pub(super) fn authority(host: &Subject, port: u16) -> String {
    if port == 80 { host.to_string() } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_and_garbage_is_not() {
        let head = parse(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nproxy-authenticate:NTLM\r\n\r\n").unwrap();
        assert_eq!(head.status, 407);
        assert_eq!(head.values("proxy-authenticate").collect::<Vec<_>>(), ["Basic realm=\"x\"", "NTLM"]);
        assert_eq!(parse(b"HTTP/1.0 200\n\n").unwrap().status, 200);
        for text in ["HTTP/1.1", "HTTP/1.1 2000 OK", "HTTP/1.1 OK 200", "HTTP/1.1 2x0 OK"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(is_beginning(b"HTT") && is_beginning(b"HTTP/1.1 2") && !is_beginning(b"SSH-2.0"));
    }
}
