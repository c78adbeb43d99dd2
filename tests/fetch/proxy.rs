//! Through a proxy: one that is named, and that of the environment.

use crate::network::proxy::{Manner, Proxy};
use crate::network::server::{Reply, Server};
use crate::tls::authority;
use crate::{Desk, NEW, fixture, refused, stderr};

fn site() -> Server {
    Server::start(|_| Reply::file(fixture(NEW)))
}

/// Plain HTTP is for this machine only, and nobody stands between: a proxy could be anywhere.
#[test]
fn no_proxy_for_plain_addresses_of_this_machine() {
    let (server, proxy, desk) = (site(), Proxy::start(Manner::Forward), Desk::with_old());
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
    let proxy = Proxy::start(Manner::Forward);
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
    let (proxy, desk) = (Proxy::start(Manner::Forward), Desk::with_old());
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
    let proxy = Proxy::start(Manner::Wants("Basic dXNlcjp3b3Jk", None));
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
