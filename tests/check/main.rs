//! `portbook check` against real sockets on loopback: servers of every kind, proxies that work and that do not, and what never
//! answers. Every host of the test catalog is led to loopback, so that nothing is looked up and nothing leaves this machine.
#![cfg(all(feature = "online", target_os = "linux"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

mod faults;
mod flags;
mod formats;
#[path = "../network/mod.rs"]
mod network;
mod plan;
mod proxy;
mod time;
mod tls;

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use network::authority::Authority;
use network::server::{Reply, Server};

/// The host of the scenarios `tls` and `pinned`.
const TLS_HOST: &str = "tls.service.example";
/// The host of the scenario `http`.
const HTTP_HOST: &str = "crl.service.example";

/// A folder with the authority of the "system" and room for others.
struct Desk {
    folder: TempDir,
    /// What the system of the test trusts.
    public: Authority,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap(), public: Authority::new("Public Authority") };
        desk.write("system.pem", &desk.public.pem());
        desk
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
        let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/check");
        // Neither the authorities nor the proxies of the machine that runs the tests.
        command.env("SSL_CERT_FILE", "system.pem").env_remove("SSL_CERT_DIR").env("NO_COLOR", "1");
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env("PORTBOOK_CATALOG", catalog).stdin(std::process::Stdio::null());
        command.current_dir(self.folder.path()).arg("check").args(line.split_whitespace());
        command.args(["--cloud", "public"]);
        command
    }

    /// The output of a check whose hosts are led to these addresses.
    fn run(&self, line: &str, hosts: &[(&str, SocketAddr)]) -> Output {
        let mut command = self.command(line);
        for (host, address) in hosts {
            command.arg("--resolve").arg(format!("{host}={address}"));
        }
        command.output().unwrap()
    }

    /// The results as JSON, and the exit code.
    fn results(&self, line: &str, hosts: &[(&str, SocketAddr)]) -> (Vec<Value>, i32) {
        let output = self.run(&format!("{line} --format json"), hosts);
        assert!(!stderr(&output).contains("error"), "{}", stderr(&output));
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(value["format"], "portbook-check/1");
        (value["results"].as_array().unwrap().clone(), output.status.code().unwrap())
    }

    /// The result of a scenario of one endpoint.
    fn result(&self, line: &str, hosts: &[(&str, SocketAddr)]) -> (Value, i32) {
        let (results, code) = self.results(line, hosts);
        assert_eq!(results.len(), 1, "{results:?}");
        (results[0].clone(), code)
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A port on which nobody listens, and nobody will: it is the near end of a connection that stays.
fn closed_port() -> SocketAddr {
    static HELD: OnceLock<(TcpListener, TcpStream)> = OnceLock::new();
    let (_, near) = HELD.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (listener, near)
    });
    near.local_addr().unwrap()
}

/// A server over plain HTTP.
fn http_server(status: u16) -> Server {
    Server::start(move |_| Reply::status(status))
}

/// A server over TLS that must hear nothing behind the handshake.
fn tls_server(config: rustls::ServerConfig) -> Server {
    Server::start_tls(config, |_| Reply::Silent)
}
