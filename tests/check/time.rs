//! Nothing hangs: what never answers, what answers byte by byte, and an end for everything.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::network::proxy::{Manner, Proxy};
use crate::network::server::{Reply, Server};
use crate::{Desk, HTTP_HOST, TLS_HOST};

/// A port that answers nothing, not even the first packet: its queue of connections is full (Linux drops what comes then).
struct Blackhole {
    address: SocketAddr,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl Blackhole {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        // Once more, with the shortest queue.
        nix::sys::socket::listen(&listener, nix::sys::socket::Backlog::new(0).unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            queued.push(stream);
        }
        Self { address, _listener: listener, _queued: queued }
    }
}

/// A server that takes connections and says nothing.
fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming().flatten() {
            kept.push(stream);
        }
    });
    address
}

/// A server that drips a line without an end.
fn dripping() -> Server {
    Server::start(|_| Reply::Slow(vec![b'x'; 1000], 1000, Duration::from_millis(50)))
}

/// One that drips its head.
fn dripping_head() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                for byte in b"HTTP/1.1 200 OK\r\nA-header: ".iter().chain(std::iter::repeat(&b'x')) {
                    if std::io::Write::write_all(&mut stream, &[*byte]).is_err() {
                        return;
                    }
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
    });
    address
}

fn within(most: Duration, what: impl FnOnce()) {
    let started = Instant::now();
    what();
    assert!(started.elapsed() < most, "{:?}", started.elapsed());
}

#[test]
fn every_step_ends_with_its_time() {
    let desk = Desk::new();
    let blackhole = Blackhole::new();
    let mute_proxy = Proxy::start(Manner::Silent);
    let through = format!("tls --proxy http://{}", mute_proxy.address);
    let through_nothing = format!("tls --proxy http://{}", blackhole.address);
    thread::scope(|scope| {
        for (line, host, address, word) in [
            ("tls", TLS_HOST, blackhole.address, "connect-timed-out"),
            ("tls", TLS_HOST, silent(), "tls-timed-out"),
            ("http", HTTP_HOST, silent(), "http-timed-out"),
            ("http", HTTP_HOST, dripping_head(), "http-timed-out"),
            (through.as_str(), TLS_HOST, silent(), "proxy-timed-out"),
            (through_nothing.as_str(), TLS_HOST, silent(), "proxy-connect-timed-out"),
        ] {
            let desk = &desk;
            scope.spawn(move || {
                within(Duration::from_secs(4), || {
                    let (result, code) = desk.result(&format!("{line} --timeout 1"), &[(host, address)]);
                    assert_eq!((&result["result"], code), (&word.into(), 1), "{line}: {result}");
                });
            });
        }
    });
}

#[test]
fn content_is_not_waited_for() {
    let desk = Desk::new();
    let server = dripping();
    within(Duration::from_secs(3), || {
        assert_eq!(desk.result("http", &[(HTTP_HOST, server.address)]).0["result"], "reachable");
    });
}

const MANY: [&str; 6] =
    ["a.service.example", "b.service.example", "c.service.example", "d.service.example", TLS_HOST, HTTP_HOST];

#[test]
fn probes_run_side_by_side_and_all_of_them_end_with_the_whole_time() {
    let desk = Desk::new();
    let address = silent();
    let hosts = MANY.map(|host| (host, address));
    thread::scope(|scope| {
        // Six times one second, all at once.
        scope.spawn(|| {
            within(Duration::from_secs(4), || {
                let (results, _) = desk.results("many --timeout 1", &hosts);
                assert_eq!(results.len(), MANY.len());
                assert!(
                    results.iter().all(|result| result["result"].as_str().unwrap().ends_with("-timed-out"))
                );
            });
        });
        // One after the other they would take an hour.
        scope.spawn(|| {
            within(Duration::from_secs(4), || {
                let (results, code) = desk.results("many --timeout 600 --max-time 1 --jobs 1", &hosts);
                assert_eq!(code, 1);
                assert!(results.iter().all(|result| result["result"] == "not-finished"), "{results:?}");
            });
        });
    });
}
