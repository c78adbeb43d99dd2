//! Versions of TLS, and certificates that hold and that do not.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use rustls::version::{TLS12, TLS13};
use serde_json::Value;

use crate::network::authority::{Authority, BOTH, Time, self_signed};
use crate::{Desk, TLS_HOST, tls_server};

/// The result against a server with this configuration; nothing may be sent behind the handshake.
fn against(desk: &Desk, line: &str, config: rustls::ServerConfig) -> (Value, i32) {
    let server = tls_server(config);
    let result = desk.result(line, &[(TLS_HOST, server.address)]);
    assert!(server.asked().is_empty(), "{:?}", server.asked());
    result
}

#[test]
fn versions_are_reported_one_by_one() {
    let desk = Desk::new();
    let cases: [(&[_], _, _); 3] =
        [(BOTH, "taken", "taken"), (&[&TLS12], "taken", "refused"), (&[&TLS13], "refused", "taken")];
    for (versions, older, newer) in cases {
        let (result, code) = against(&desk, "tls", desk.public.server(&[TLS_HOST], Time::Now, versions));
        assert_eq!((&result["result"], code), (&"reachable".into(), 0), "{result}");
        assert_eq!(
            (&result["probe"]["tls"]["1.2"], &result["probe"]["tls"]["1.3"]),
            (&older.into(), &newer.into())
        );
        assert_eq!(result["probe"]["certificate"]["issuer"], "Public Authority");
        assert_eq!(result["citations"][0]["requirement"], "service");
    }
}

#[test]
fn certificates_that_do_not_hold_are_told_apart_and_name_their_issuer() {
    let desk = Desk::new();
    let stranger = Authority::new("Stranger");
    let cases = [
        (
            desk.public.server(&[TLS_HOST], Time::Over, BOTH),
            "certificate-expired",
            "Public Authority",
            "2021-01-01",
        ),
        (
            desk.public.server(&[TLS_HOST], Time::ToCome, BOTH),
            "certificate-not-yet-valid",
            "Public Authority",
            "4000-01-01",
        ),
        (
            desk.public.server(&["other.example"], Time::Now, BOTH),
            "certificate-other-name",
            "Public Authority",
            "other.example",
        ),
        (stranger.server(&[TLS_HOST], Time::Now, BOTH), "certificate-unknown-authority", "Stranger", ""),
        (self_signed(&[TLS_HOST]), "certificate-self-signed", "rcgen self signed cert", ""),
    ];
    for (config, word, issuer, detail) in cases {
        let (result, code) = against(&desk, "tls", config);
        assert_eq!((&result["result"], code), (&word.into(), 1), "{result}");
        assert_eq!(result["probe"]["certificate"]["issuer"], issuer, "{result}");
        assert!(result["probe"]["detail"].as_str().unwrap().contains(detail), "{result}");
        assert_eq!(result["step"], "certificate");
        // The handshake showed that the host takes the version, whatever its certificate is worth.
        assert_eq!(result["probe"]["tls"]["1.3"], "taken");
        assert!(result["next"].as_str().is_some());
    }
}

/// A server with a configuration for the first connection, and another one for the second.
fn one_after_the_other(configs: [rustls::ServerConfig; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (config, stream) in configs.into_iter().zip(listener.incoming().flatten()) {
            let mut stream = stream;
            let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
            let _ = connection.complete_io(&mut stream);
        }
    });
    address
}

/// Something on the way may open one version and leave the other alone. The program asks in the older one first.
#[test]
fn the_version_with_something_wrong_decides() {
    let desk = Desk::new();
    let stranger = Authority::new("Stranger");
    let older = |authority: &Authority| authority.server(&[TLS_HOST], Time::Now, &[&TLS12]);
    let newer = |authority: &Authority| authority.server(&[TLS_HOST], Time::Now, &[&TLS13]);
    for configs in [[older(&stranger), newer(&desk.public)], [older(&desk.public), newer(&stranger)]] {
        let (result, code) = desk.result("tls", &[(TLS_HOST, one_after_the_other(configs))]);
        assert_eq!((&result["result"], code), (&"certificate-unknown-authority".into(), 1), "{result}");
        assert_eq!(result["probe"]["tls"], serde_json::json!({"1.2": "taken", "1.3": "taken"}));
    }
}

#[test]
fn an_authority_of_ones_own_is_inspection_and_may_be_forbidden() {
    let desk = Desk::new();
    let inspector = Authority::new("Inspector");
    desk.write("own.pem", &inspector.pem());
    let config = || inspector.server(&[TLS_HOST], Time::Now, BOTH);
    let (result, code) = against(&desk, "tls --ca-file own.pem", config());
    assert_eq!((&result["result"], code), (&"inspected".into(), 0), "{result}");
    assert_eq!(result["probe"]["certificate"]["issuer"], "Inspector");
    // The document of this scenario demands that the traffic is left alone.
    let (result, code) = against(&desk, "pinned --ca-file own.pem", config());
    assert_eq!((&result["result"], code), (&"inspection-forbidden".into(), 1), "{result}");
    // An inspecting authority may be one of the system's too: the flag says that it is one.
    desk.write("system.pem", &format!("{}{}", desk.public.pem(), inspector.pem()));
    assert_eq!(against(&desk, "tls", config()).0["result"], "reachable");
    assert_eq!(against(&desk, "tls --ca-file own.pem", config()).0["result"], "inspected");
    // Who knows the authority tells what else is wrong.
    let over = inspector.server(&["other.example"], Time::Now, BOTH);
    assert_eq!(against(&desk, "tls --ca-file own.pem", over).0["result"], "certificate-other-name");
    // A certificate of the public authority is no inspection.
    let fine = desk.public.server(&[TLS_HOST], Time::Now, BOTH);
    assert_eq!(against(&desk, "pinned --ca-file own.pem", fine).0["result"], "reachable");
}

#[test]
fn a_system_without_authorities_cannot_judge() {
    let desk = Desk::new();
    desk.write("system.pem", "");
    let output = desk.run("tls", &[(TLS_HOST, crate::closed_port())]);
    assert_eq!(output.status.code(), Some(2));
    assert!(crate::stderr(&output).contains("error[check-impossible]"), "{}", crate::stderr(&output));
    // With others than the system's it can.
    desk.write("own.pem", &desk.public.pem());
    let config = desk.public.server(&[TLS_HOST], Time::Now, BOTH);
    assert_eq!(against(&desk, "tls --ca-file own.pem", config).0["result"], "inspected");
}
