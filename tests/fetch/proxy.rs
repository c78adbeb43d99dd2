//! Through a proxy: one that is named, and that of the environment.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::server::{Reply, Request, Server, read_request};
use crate::tls::authority;
use crate::{Desk, NEW, fixture, refused, stderr};

/// A forward proxy; with `wants`, one that wants this value of `Proxy-Authorization`.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Proxy {
    fn start(wants: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || forward(stream, &log, wants));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

fn forward(client: TcpStream, log: &Mutex<Vec<Request>>, wants: Option<&str>) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut client = client;
    let Some(request) = read_request(&mut reader) else { return };
    log.lock().unwrap().push(request.clone());
    if wants
        .is_some_and(|wants| request.headers.get("proxy-authorization").is_none_or(|given| given != wants))
    {
        let _ = client.write_all(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
        return;
    }
    if request.method == "CONNECT" {
        let Ok(server) = TcpStream::connect(&request.target) else { return };
        client.write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n").unwrap();
        let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || pipe(from, to));
        pipe(server, client);
        return;
    }
    // `GET http://host:port/path`
    let rest = request.target.strip_prefix("http://").unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let Ok(mut server) = TcpStream::connect(host) else { return };
    let _ = write!(server, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    pipe(server, client);
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

fn site() -> Server {
    Server::start(|_| Reply::file(fixture(NEW)))
}

/// Plain HTTP is for this machine only, and nobody stands between: a proxy could be anywhere.
#[test]
fn no_proxy_for_plain_addresses_of_this_machine() {
    let (server, proxy, desk) = (site(), Proxy::start(None), Desk::with_old());
    let (url, address) = (server.url(&format!("/{NEW}")), format!("http://{}", proxy.address));
    let output = desk.fetch(&["--from", &url, "--proxy", &address]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.kept().as_deref(), Some(NEW));
    assert!(proxy.asked().is_empty());
}

#[test]
fn a_tunnel_for_tls_and_the_proxy_of_the_environment() {
    let (pem, config) = authority(&["127.0.0.1"], false);
    let server = Server::start_tls(config, |_| Reply::file(fixture(NEW)));
    let proxy = Proxy::start(None);
    for named in [true, false] {
        let desk = Desk::with_old();
        std::fs::write(desk.path().join("ca.pem"), &pem).unwrap();
        let address = format!("http://{}", proxy.address);
        let url = server.url(&format!("/{NEW}"));
        let mut arguments =
            vec!["fetch", "--cloud", "public", "--accept-shrink", "--ca-file", "ca.pem", "--from", &url];
        let mut command = desk.command(&[]);
        if named {
            arguments.extend(["--proxy", &address]);
        } else {
            command.env("HTTPS_PROXY", &address);
        }
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(desk.kept().as_deref(), Some(NEW));
    }
    let asked = proxy.asked();
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|request| request.method == "CONNECT" && request.target == server.address.to_string())
    );
}

#[test]
fn no_proxy_where_none_is_wanted() {
    let (pem, config) = authority(&["127.0.0.1"], false);
    let server = Server::start_tls(config, |_| Reply::file(fixture(NEW)));
    let (proxy, desk) = (Proxy::start(None), Desk::with_old());
    std::fs::write(desk.path().join("ca.pem"), pem).unwrap();
    let url = server.url(&format!("/{NEW}"));
    let flags = ["fetch", "--cloud", "public", "--accept-shrink", "--ca-file", "ca.pem", "--proxy", "none"];
    let output = desk
        .command(&[flags.as_slice(), &["--from", &url]].concat())
        .env("HTTPS_PROXY", format!("http://{}", proxy.address))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(proxy.asked().is_empty());
}

#[test]
fn a_proxy_that_wants_to_know_who_asks() {
    // user:word
    let proxy = Proxy::start(Some("Basic dXNlcjp3b3Jk"));
    let (pem, config) = authority(&["127.0.0.1"], false);
    let server = Server::start_tls(config, |_| Reply::file(fixture(NEW)));
    let desk = Desk::with_old();
    std::fs::write(desk.path().join("ca.pem"), pem).unwrap();
    let url = server.url(&format!("/{NEW}"));
    let fetch = |user: &str| {
        desk.fetch(&[
            "--ca-file",
            "ca.pem",
            "--from",
            &url,
            "--proxy",
            &format!("http://{user}{}", proxy.address),
        ])
    };
    let said = refused(&desk, &fetch(""), "fetch-failed");
    assert!(said.contains("the proxy opens no way") && said.contains("USER:PASSWORD"), "{said}");
    let said = refused(&desk, &fetch("user:wrong@"), "fetch-failed");
    assert!(!said.contains("wrong"), "no password in messages: {said}");
    let output = fetch("user:word@");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        server.asked().iter().all(|request| !request.headers.contains_key("proxy-authorization")),
        "the password stays with the proxy"
    );
}

#[test]
fn a_proxy_that_is_none() {
    let desk = Desk::with_old();
    refused(&desk, &desk.fetch(&["--from", "https://127.0.0.1:1/x", "--proxy", "http://"]), "invalid-value");
    let said = refused(
        &desk,
        &desk.run(&[
            "fetch",
            "--cloud",
            "public",
            "--retries",
            "0",
            "--from",
            "https://127.0.0.1:9/x",
            "--proxy",
            "http://127.0.0.1:1",
        ]),
        "fetch-failed",
    );
    assert!(said.contains("--proxy"), "{said}");
}
