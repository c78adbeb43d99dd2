//! Proxies: one that does its work, and ones that do not.

use std::collections::BTreeMap;
use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::{Request, read_request};

/// What a proxy does with a request.
pub(crate) enum Manner {
    /// Opens the way.
    Forward,
    /// Opens the way for this value of `Proxy-Authorization`; asks for it with this header, if there is one.
    Wants(&'static str, Option<&'static str>),
    /// Answers with these bytes.
    Answer(Vec<u8>),
    /// Answers nothing, and keeps the connection.
    Silent,
    /// Says that it opens the way, and speaks TLS itself.
    Intercept(Arc<ServerConfig>),
}

/// A running proxy; it ends with the test.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
}

struct Rules {
    manner: Manner,
    /// Where names lead; others are taken for addresses.
    names: BTreeMap<String, SocketAddr>,
    log: Arc<Mutex<Vec<Request>>>,
}

impl Proxy {
    pub(crate) fn start(manner: Manner) -> Self {
        Self::knowing(manner, &[])
    }

    /// One that knows where hosts are, each `host:port`.
    pub(crate) fn knowing(manner: Manner, names: &[(&str, SocketAddr)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let names = names.iter().map(|(name, address)| ((*name).to_owned(), *address)).collect();
        let rules = Arc::new(Rules { manner, names, log: Arc::clone(&asked) });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let rules = Arc::clone(&rules);
                thread::spawn(move || rules.serve(stream));
            }
        });
        Self { address, asked }
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

impl Rules {
    fn serve(&self, mut client: TcpStream) {
        let mut reader = BufReader::new(client.try_clone().unwrap());
        let Some(request) = read_request(&mut reader) else { return };
        self.log.lock().unwrap().push(request.clone());
        match &self.manner {
            Manner::Forward => self.forward(client, &request),
            Manner::Wants(wanted, header) => {
                let given = request.headers.get("proxy-authorization");
                if given.is_some_and(|given| given == wanted) {
                    return self.forward(client, &request);
                }
                let header = header.map_or_else(String::new, |header| format!("{header}\r\n"));
                let _ = write!(
                    client,
                    "HTTP/1.1 407 Proxy Authentication Required\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
            Manner::Answer(bytes) => drop(client.write_all(bytes)),
            Manner::Silent => thread::sleep(Duration::from_secs(30)),
            Manner::Intercept(config) => intercept(client, Arc::clone(config)),
        }
    }

    fn forward(&self, mut client: TcpStream, request: &Request) {
        if request.method == "CONNECT" {
            let Some(server) = self.connect(&request.target) else { return };
            client.write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n").unwrap();
            let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || pipe(from, to));
            return pipe(server, client);
        }
        // `GET http://host:port/path`
        let rest = request.target.strip_prefix("http://").unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let Some(mut server) = self.connect(host) else { return };
        let _ = write!(server, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        pipe(server, client);
    }

    /// Only what is known, or is an address: no name is looked up.
    fn connect(&self, host: &str) -> Option<TcpStream> {
        let address = self.names.get(host).copied().or_else(|| host.parse().ok())?;
        TcpStream::connect(address).ok()
    }
}

fn intercept(mut client: TcpStream, config: Arc<ServerConfig>) {
    client.write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n").unwrap();
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), client);
    let _ = stream.read(&mut [0]);
}

fn pipe(mut from: TcpStream, mut to: TcpStream) {
    let mut part = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut part) {
        if to.write_all(&part[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Write);
}
