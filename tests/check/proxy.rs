//! Through proxies: what they refuse, and what they must not get to see or pass on.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;

use crate::network::authority::{Authority, BOTH, Time};
use crate::network::proxy::{Manner, Proxy};
use crate::network::server::Server;
use crate::{Desk, HTTP_HOST, TLS_HOST, closed_port, http_server, stderr, stdout, tls_server};

/// user:word
const BASIC: &str = "Basic dXNlcjp3b3Jk";

fn tls(desk: &Desk) -> Server {
    tls_server(desk.public.server(&[TLS_HOST], Time::Now, BOTH))
}

/// The result of the scenario through a proxy; the host itself is led to a closed port, so that only the proxy has a way.
fn through(desk: &Desk, scenario: &str, user: &str, proxy: SocketAddr) -> (Value, i32) {
    let host = if scenario == "http" { HTTP_HOST } else { TLS_HOST };
    desk.result(&format!("{scenario} --proxy http://{user}{proxy}"), &[(host, closed_port())])
}

#[test]
fn a_tunnel_for_tls_and_a_request_for_plain_http() {
    let desk = Desk::new();
    let (secure, plain, status) = (tls(&desk), http_server(404), http_server(200));
    let names = [
        ("tls.service.example:443", secure.address),
        ("crl.service.example", plain.address),
        ("status.service.example:8080", status.address),
    ];
    let proxy = Proxy::knowing(Manner::Forward, &names);
    let (result, code) = through(&desk, "tls", "", proxy.address);
    assert_eq!(
        (&result["result"], &result["probe"]["proxied"], code),
        (&"reachable".into(), &true.into(), 0),
        "{result}"
    );
    let (result, code) = through(&desk, "http", "", proxy.address);
    assert_eq!(
        (&result["result"], &result["probe"]["status"], code),
        (&"reachable".into(), &404.into(), 0),
        "{result}"
    );
    let asked: Vec<String> =
        proxy.asked().iter().map(|request| format!("{} {}", request.method, request.target)).collect();
    let tunnel = "CONNECT tls.service.example:443";
    assert_eq!(asked, [tunnel, tunnel, "GET http://crl.service.example/pki"]);
    // Other ports of HTTP are no ports to tunnel to.
    let line = format!("status --proxy http://{}", proxy.address);
    let (result, code) = desk.result(&line, &[("status.service.example", closed_port())]);
    assert_eq!((&result["result"], &result["probe"]["status"], code), (&"reachable".into(), &200.into(), 0));
    assert_eq!(proxy.asked()[3].target, "http://status.service.example:8080/");
}

#[test]
fn user_and_password_go_to_the_proxy_that_asks_for_them_and_to_nobody_else() {
    let desk = Desk::new();
    let (secure, plain) = (tls(&desk), http_server(200));
    let names = [("tls.service.example:443", secure.address), ("crl.service.example", plain.address)];
    let proxy = Proxy::knowing(Manner::Wants(BASIC, Some("Proxy-Authenticate: Basic realm=\"x\"")), &names);
    for scenario in ["tls", "http"] {
        let (result, code) = through(&desk, scenario, "", proxy.address);
        assert_eq!((&result["result"], code), (&"proxy-authentication".into(), 1), "{result}");
        assert!(result["probe"]["detail"].as_str().unwrap().contains("offers Basic"), "{result}");
        assert_eq!(
            through(&desk, scenario, "user:wrong@", proxy.address).0["result"],
            "proxy-authentication"
        );
        let before = proxy.asked().len();
        let (result, code) = through(&desk, scenario, "user:word@", proxy.address);
        assert_eq!((&result["result"], code), (&"reachable".into(), 0), "{result}");
        // First without: a proxy that does not ask gets nothing.
        assert!(!proxy.asked()[before].headers.contains_key("proxy-authorization"));
    }
    assert!(plain.asked().iter().all(|request| !request.headers.contains_key("proxy-authorization")));
    assert!(secure.asked().is_empty());
    // A proxy that takes other schemes only does not get the password in the clear.
    let other = Proxy::start(Manner::Wants(BASIC, Some("Proxy-Authenticate: Negotiate")));
    let (result, _) = through(&desk, "tls", "user:word@", other.address);
    assert_eq!(result["result"], "proxy-authentication");
    assert!(result["probe"]["detail"].as_str().unwrap().contains("offers Negotiate"), "{result}");
    assert!(other.asked().iter().all(|request| !request.headers.contains_key("proxy-authorization")));
}

#[test]
fn no_output_has_the_password() {
    let desk = Desk::new();
    let proxy = Proxy::start(Manner::Wants(BASIC, Some("Proxy-Authenticate: Basic")));
    let hosts = [(TLS_HOST, closed_port())];
    for format in ["table", "json", "junit"] {
        let line = format!("tls -v --format {format} --proxy http://user:s3cret@{}", proxy.address);
        let output = desk.run(&line, &hosts);
        let said = stdout(&output) + &stderr(&output);
        assert!(
            said.contains("proxy-authentication") && !said.contains("s3cret") && !said.contains("czNjcmV0"),
            "{said}"
        );
    }
    // Nor have messages about an address that is none.
    for line in ["tls --proxy socks5://user:s3cret@127.0.0.1:1", "tls --proxy http://user:s3cret@:1"] {
        let output = desk.run(line, &hosts);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("error[invalid-value]") && !stderr(&output).contains("s3cret"));
    }
}

#[test]
fn what_proxies_refuse_is_told_apart() {
    let desk = Desk::new();
    let answers: [(&[u8], _); 7] = [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "proxy-forbidden"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy-gateway"),
        (b"HTTP/1.1 504 Gateway Timeout\r\n\r\n", "proxy-gateway"),
        (b"HTTP/1.1 405 Method Not Allowed\r\n\r\n", "proxy-status"),
        (b"SSH-2.0-server\r\n", "proxy-garbage"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "proxy-garbage"),
        (b"", "proxy-closed"),
    ];
    for (bytes, word) in answers {
        let proxy = Proxy::start(Manner::Answer(bytes.to_vec()));
        let (result, code) = through(&desk, "tls", "", proxy.address);
        assert_eq!(
            (&result["result"], &result["step"], code),
            (&word.into(), &"proxy".into(), 1),
            "{result}"
        );
    }
    let forbidden = Proxy::start(Manner::Answer(b"HTTP/1.1 403 Forbidden\r\n\r\n".to_vec()));
    assert_eq!(through(&desk, "http", "", forbidden.address).0["result"], "proxy-forbidden");
    assert_eq!(through(&desk, "tls", "", closed_port()).0["result"], "proxy-connection-refused");
    let (result, _) = desk.result("tls --proxy http://proxy.invalid:8080", &[(TLS_HOST, closed_port())]);
    assert_eq!(result["result"], "proxy-name-unknown");
}

#[test]
fn a_proxy_that_opens_tls_is_seen_and_named() {
    let desk = Desk::new();
    let inspector = Authority::new("Contoso Inspection");
    desk.write("own.pem", &inspector.pem());
    let config = Arc::new(inspector.server(&[TLS_HOST], Time::Now, BOTH));
    let proxy = Proxy::start(Manner::Intercept(config));
    let (result, code) = through(&desk, "tls", "", proxy.address);
    assert_eq!((&result["result"], code), (&"certificate-unknown-authority".into(), 1), "{result}");
    assert_eq!(result["probe"]["certificate"]["issuer"], "Contoso Inspection");
    let line = format!("pinned --ca-file own.pem --proxy http://{}", proxy.address);
    let (result, code) = desk.result(&line, &[(TLS_HOST, closed_port())]);
    assert_eq!((&result["result"], code), (&"inspection-forbidden".into(), 1), "{result}");
}

#[test]
fn proxies_of_the_environment_and_what_goes_past_them() {
    let desk = Desk::new();
    let (secure, plain) = (tls(&desk), http_server(200));
    let names = [("tls.service.example:443", secure.address), ("crl.service.example", plain.address)];
    let (for_tls, for_http) =
        (Proxy::knowing(Manner::Forward, &names), Proxy::knowing(Manner::Forward, &names));
    let run = |line: &str, more: &[(&str, &str)]| {
        let mut command = desk.command(line);
        command.env("HTTPS_PROXY", format!("http://{}", for_tls.address));
        command.env("http_proxy", for_http.address.to_string()).envs(more.iter().copied());
        let hosts = [(TLS_HOST, secure.address), (HTTP_HOST, plain.address)];
        for (host, address) in hosts {
            command.arg("--resolve").arg(format!("{host}={address}"));
        }
        assert!(command.output().unwrap().status.success());
        (for_tls.asked().len(), for_http.asked().len())
    };
    assert_eq!(run("tls", &[]), (2, 0));
    assert_eq!(run("http", &[]), (2, 1));
    assert_eq!(run("tls", &[("NO_PROXY", ".service.example")]), (2, 1));
    assert_eq!(run("http", &[("no_proxy", "other.example, *")]), (2, 1));
    assert_eq!(run("tls --proxy none", &[]), (2, 1));
    assert_eq!(run("tls", &[("NO_PROXY", "crl.service.example")]), (4, 1));
}
