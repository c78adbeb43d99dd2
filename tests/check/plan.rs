//! What is tested of a selection, and what cannot be.

use std::net::SocketAddr;

use serde_json::Value;

use crate::network::authority::{BOTH, Time};
use crate::network::server::Server;
use crate::{Desk, HTTP_HOST, TLS_HOST, http_server, tls_server};

/// Every host of the scenario `everything`, each led to a server that is right for it.
fn servers(desk: &Desk) -> (Vec<Server>, Vec<(&'static str, SocketAddr)>) {
    let names = [TLS_HOST, "one.bus.example", "queue.service.example"];
    let secure = tls_server(desk.public.server(&names, Time::Now, BOTH));
    let plain = http_server(200);
    let mut hosts: Vec<(&str, SocketAddr)> = names.iter().map(|name| (*name, secure.address)).collect();
    hosts.extend([(HTTP_HOST, plain.address), ("status.service.example", plain.address)]);
    (vec![secure, plain], hosts)
}

fn find<'r>(results: &'r [Value], endpoint: &str) -> &'r Value {
    let found = results.iter().find(|result| result["endpoint"] == endpoint);
    found.unwrap_or_else(|| panic!("{endpoint}: {results:?}"))
}

#[test]
fn what_can_be_tested_is_and_the_rest_is_listed_with_the_reason() {
    let desk = Desk::new();
    let (servers, hosts) = servers(&desk);
    let (results, code) = desk.results("everything", &hosts);
    assert_eq!(code, 0, "{results:?}");
    for (endpoint, way) in [
        ("tls.service.example:443", "tls"),
        ("tls.service.example:443/path", "tls"),
        ("queue.service.example:5671", "tls"),
        ("*.bus.example:443", "tls"),
        ("crl.service.example:80/pki", "http"),
        ("status.service.example:8080", "tcp"),
    ] {
        let result = find(&results, endpoint);
        assert_eq!(
            (&result["result"], &result["probe"]["way"]),
            (&"reachable".into(), &way.into()),
            "{result}"
        );
    }
    for (endpoint, reason) in [
        ("*.lonely.example:443", "no-sample-host"),
        ("domain-controller:53 UDP", "udp"),
        ("domain-controller:389", "no-address"),
        ("domain-controller:49152-65535", "port-range"),
        ("agent:8585", "local"),
        ("agent:443 from outside:user", "inbound"),
        ("other-server:443 from outside:user", "outside"),
        ("domain-controller:636 from other-server", "other-role"),
    ] {
        let result = find(&results, endpoint);
        assert_eq!(
            (&result["result"], &result["reason"]["id"]),
            (&"not-testable".into(), &reason.into()),
            "{result}"
        );
        assert!(result["citations"][0]["document"] == "page" && result["probe"].is_null());
    }
    assert_eq!(results.len(), 14, "nothing else");
    let sample = &find(&results, "*.bus.example:443")["sample"];
    assert_eq!((&sample["host"], &sample["document"]), (&"one.bus.example".into(), &"names-page".into()));
    let next = find(&results, "domain-controller:389")["next"].as_str().unwrap();
    assert!(next.contains("--address domain-controller="), "{next}");
    // Two rules, one connection: a host and port are asked once.
    let url = &find(&results, "tls.service.example:443/path")["probe"]["address"];
    assert_eq!(*url, servers[0].address.to_string());
}

#[test]
fn hosts_of_the_site_are_tested_at_the_addresses_that_are_given() {
    let desk = Desk::new();
    let (_servers, mut hosts) = servers(&desk);
    let open = http_server(200);
    hosts.extend([("127.0.0.8:389", open.address), ("127.0.0.9:389", crate::closed_port())]);
    let line = "everything --address domain-controller=127.0.0.8,127.0.0.9,10.0.0.0/30";
    let (results, code) = desk.results(line, &hosts);
    assert_eq!(code, 1);
    assert_eq!(find(&results, "domain-controller 127.0.0.8:389")["result"], "reachable");
    assert_eq!(find(&results, "domain-controller 127.0.0.9:389")["result"], "connection-refused");
    assert_eq!(find(&results, "domain-controller:389")["reason"]["id"], "networks-only");
    // Only whether the port is open is asked: nothing is sent.
    assert!(open.asked().is_empty());
}

#[test]
fn the_machine_stands_for_the_role_that_is_named() {
    let desk = Desk::new();
    let address = http_server(200);
    let line = "everything --role other-server --address domain-controller=127.0.0.8";
    let (results, code) = desk.results(line, &[("127.0.0.8", address.address)]);
    assert_eq!(code, 0, "{results:?}");
    assert_eq!(find(&results, "domain-controller 127.0.0.8:636")["result"], "reachable");
    assert_eq!(find(&results, "other-server:443 from outside:user")["reason"]["id"], "inbound");
    assert_eq!(results.len(), 2);
}
