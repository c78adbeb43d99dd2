//! A server on this machine that answers as it is told, well or badly.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a client asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// By lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    /// How often the same target was asked for before.
    pub(crate) before: usize,
}

/// What the server does.
pub(crate) enum Reply {
    /// Status, headers, content; the length is told.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A part of content whose length is told too large, then an orderly end.
    Short(Vec<u8>),
    /// A part of it, then a reset.
    Reset(Vec<u8>),
    /// Content that never ends, of no told length.
    Endless,
    /// Content in pieces with a pause before each.
    Slow(Vec<u8>, usize, Duration),
    /// Nothing at all.
    Silent,
    /// These bytes.
    Raw(Vec<u8>),
}

impl Reply {
    pub(crate) fn page(text: impl Into<String>) -> Self {
        Self::Whole(200, vec![("Content-Type", "text/html".to_owned())], text.into().into_bytes())
    }

    pub(crate) fn file(bytes: Vec<u8>) -> Self {
        Self::Whole(200, vec![("Content-Type", "application/octet-stream".to_owned())], bytes)
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Whole(status, Vec::new(), b"sorry".to_vec())
    }

    pub(crate) fn redirect(to: impl Into<String>) -> Self {
        Self::Whole(302, vec![("Location", to.into())], Vec::new())
    }
}

/// A running server; it ends with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    scheme: &'static str,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Over plain HTTP.
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen("http", None, answer)
    }

    /// Over TLS.
    pub(crate) fn start_tls(
        config: ServerConfig,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen("https", Some(Arc::new(config)), answer)
    }

    fn listen(
        scheme: &'static str,
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, answer, tls) = (Arc::clone(&log), Arc::clone(&answer), tls.clone());
                thread::spawn(move || match tls {
                    None => serve(stream, &log, &*answer),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        serve(StreamOwned::new(connection, stream), &log, &*answer);
                    }
                });
            }
        });
        Self { address, scheme, asked }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve<S: Read + Write + Stream>(stream: S, log: &Mutex<Vec<Request>>, answer: &dyn Fn(&Request) -> Reply) {
    let mut reader = BufReader::new(stream);
    let Some(mut request) = read_request(&mut reader) else { return };
    {
        let mut log = log.lock().unwrap();
        request.before = log.iter().filter(|known| known.target == request.target).count();
        log.push(request.clone());
    }
    // The client may be gone: that is its test's business.
    let _ = reply(reader.get_mut(), answer(&request));
}

pub(crate) fn read_request(reader: &mut impl std::io::BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Some(Request { method, target, headers, before: 0 })
}

fn reply<S: Write + Stream>(stream: &mut S, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Whole(status, headers, content) => {
            write!(stream, "HTTP/1.1 {status} Told\r\nConnection: close\r\n")?;
            for (name, value) in headers {
                write!(stream, "{name}: {value}\r\n")?;
            }
            if status != 304 {
                write!(stream, "Content-Length: {}\r\n", content.len())?;
            }
            stream.write_all(b"\r\n")?;
            stream.write_all(&content)?;
        }
        Reply::Short(content) | Reply::Reset(content) if content.is_empty() => {}
        Reply::Short(content) => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len() * 2)?;
            stream.write_all(&content)?;
        }
        Reply::Reset(content) => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len() * 2)?;
            stream.write_all(&content)?;
            stream.flush()?;
            stream.reset();
        }
        Reply::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b' '; 8 * 1024])?;
            }
        }
        Reply::Slow(content, pieces, pause) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                content.len()
            )?;
            for piece in content.chunks(content.len().div_ceil(pieces)) {
                thread::sleep(pause);
                stream.write_all(piece)?;
                stream.flush()?;
            }
        }
        Reply::Silent => thread::sleep(Duration::from_secs(30)),
        Reply::Raw(bytes) => stream.write_all(&bytes)?,
    }
    stream.flush()
}

/// A connection that can be broken off.
pub(crate) trait Stream {
    /// Ends with a reset in place of an orderly end.
    fn reset(&mut self);
}

impl Stream for TcpStream {
    fn reset(&mut self) {
        // Linux resets a connection that is closed with unread bytes: waits for what the peer sends next, and never reads it.
        let linger = nix::libc::linger { l_onoff: 1, l_linger: 0 };
        nix::sys::socket::setsockopt(self, nix::sys::socket::sockopt::Linger, &linger).unwrap();
    }
}

impl Stream for StreamOwned<ServerConnection, TcpStream> {
    fn reset(&mut self) {
        self.sock.reset();
    }
}
