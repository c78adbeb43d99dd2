//! What answers badly, or not at all.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::network::server::{Reply, Server};
use crate::{Desk, HTTP_HOST, TLS_HOST, closed_port, http_server};

/// A server that sends these bytes to everyone and closes.
fn says(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Reads what is sent first: closing with unread bytes would be a reset.
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let _ = stream.write_all(bytes);
        }
    });
    address
}

#[test]
fn what_is_no_tls_and_what_is_cut() {
    let desk = Desk::new();
    // RFC 8446 section 6: a fatal alert, protocol_version (70).
    let cases: [(&[u8], _); 4] = [
        (b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n", "not-tls"),
        (b"SSH-2.0-server\r\n", "not-tls"),
        (b"", "tls-closed"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "tls-refused"),
    ];
    for (bytes, word) in cases {
        let (result, code) = desk.result("tls", &[(TLS_HOST, says(bytes))]);
        assert_eq!((&result["result"], code), (&word.into(), 1), "{result}");
        assert_eq!(result["step"], "tls");
    }
}

#[test]
fn any_answer_over_plain_http_is_reachability_and_its_status_is_told() {
    let desk = Desk::new();
    for status in [200, 302, 403, 404, 503] {
        let server = http_server(status);
        let (result, code) = desk.result("http", &[(HTTP_HOST, server.address)]);
        assert_eq!((&result["result"], code), (&"reachable".into(), 0), "{result}");
        assert_eq!(result["probe"]["status"], status);
        let asked = &server.asked()[0];
        assert_eq!((asked.method.as_str(), asked.target.as_str()), ("GET", "/pki"));
        assert_eq!(asked.headers["host"], HTTP_HOST);
        assert!(!asked.headers.contains_key("content-length"));
    }
}

#[test]
fn what_is_no_http() {
    let desk = Desk::new();
    let endless =
        Server::start(|_| Reply::Raw([b"HTTP/1.1 200 OK\r\n".to_vec(), vec![b'x'; 70_000]].concat()));
    for (address, word) in [
        (says(b"SSH-2.0-server\r\n"), "not-http"),
        (says(b"HTTP/1.1 OK\r\n\r\n"), "not-http"),
        (says(b"HTTP/1.1 200"), "not-http"),
        (endless.address, "not-http"),
        (says(b""), "http-closed"),
    ] {
        let (result, code) = desk.result("http", &[(HTTP_HOST, address)]);
        assert_eq!((&result["result"], code), (&word.into(), 1), "{result}");
    }
    // Interim answers are read over.
    let address = says(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(desk.result("http", &[(HTTP_HOST, address)]).0["probe"]["status"], 200);
}

#[test]
fn a_closed_port_and_a_name_that_has_no_address() {
    let desk = Desk::new();
    let (result, code) = desk.result("tls", &[(TLS_HOST, closed_port())]);
    assert_eq!(
        (&result["result"], &result["step"], code),
        (&"connection-refused".into(), &"connect".into(), 1)
    );
    let (result, code) = desk.result("nowhere", &[]);
    assert_eq!((&result["result"], &result["step"], code), (&"name-unknown".into(), &"name".into(), 1));
}

#[test]
fn the_first_address_that_answers_is_taken() {
    let desk = Desk::new();
    let server = http_server(200);
    let (result, _) = desk.result("http", &[(HTTP_HOST, closed_port()), (HTTP_HOST, server.address)]);
    assert_eq!(result["result"], "reachable");
    assert_eq!(result["probe"]["address"], server.address.to_string());
}
