"""A small internet in a network namespace of its own: clients with any address, a web server behind every name, a Squid.

usage, as root: unshare --net --mount-proc --pid --fork --kill-child -- python -m conformance.small_internet FOLDER

Reads one job a line (JSON) and answers each with one line.
"""

from __future__ import annotations

import base64
import os
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import two_namespaces
from .two_namespaces import run

#: Clients and the proxy; the road to the web server, and it, where all names lead (TEST-NET-2, RFC 5737).
NETWORKS = ("10.0.0.0/8", "2001:db8::/32")
GATE, ORIGIN = "198.51.100.1", "198.51.100.7"
#: Where the web server listens: what rules name, and what a slip would let in.
PORTS = (79, 80, 81, 442, 443, 444, 8079, 8080, 8081, 8443)
#: Files that the web server has; everything else is a dot.
SERVED = {"page.html": "text/html", "portbook.pac": "application/x-ns-proxy-autoconfig"}
PROXY = "10.30.0.5"
USER, PASSWORD = "auditor", "correct-horse"
#: How long a Squid may take to listen, and to answer, in seconds.
PATIENCE = 15.0


def main() -> None:
    """Sets the namespaces up, then does jobs until standard input ends."""
    folder = Path(sys.argv[1])
    if two_namespaces.is_behind():
        two_namespaces.wait_for_road((ORIGIN,), (GATE,))
        serve(folder)
        return
    two_namespaces.many_ports()
    two_namespaces.own(NETWORKS)
    make_certificates(folder)
    with two_namespaces.second("conformance.small_internet", folder, (GATE,), {}):
        two_namespaces.do_jobs(lambda job: JOBS[job["do"]](folder, job))


def make_certificates(folder: Path) -> None:
    """Two authorities: of the web server, and of a proxy that inspects TLS."""
    for who in ("origin", "bump"):
        run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={who} authority",
            "-keyout", f"{folder}/{who}.key", "-out", f"{folder}/{who}.crt",
        )  # fmt: skip
        both = (folder / f"{who}.key").read_text() + (folder / f"{who}.crt").read_text()
        (folder / f"{who}.pem").write_text(both)
        for suffix in ("pem", "crt"):
            os.chmod(folder / f"{who}.{suffix}", 0o644)


def serve(folder: Path) -> None:
    """Listens on all ports, says so, and goes on until it is ended."""
    listeners = [socket.create_server((ORIGIN, port), backlog=512) for port in PORTS]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "origin.pem")
    log = (folder / "origin.log").open("a", buffering=1)
    with ThreadPoolExecutor(len(listeners)) as pool:
        for listener in listeners:
            pool.submit(accept, listener, context, log)
        print("listening", flush=True)


def accept(listener: socket.socket, context: ssl.SSLContext, log) -> None:
    """Answers whoever comes, each in a thread of its own."""
    port = listener.getsockname()[1]

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                answer(self.request, self.client_address[0], port, context, log)
            except OSError:
                pass  # the client was content with the connection

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.serve_forever()


def answer(connection: socket.socket, client: str, port: int, context: ssl.SSLContext, log) -> None:
    """One request, by TLS or not, whatever the client starts with. The log has who came for which host."""
    connection.settimeout(PATIENCE)
    if connection.recv(1, socket.MSG_PEEK) == b"\x16":
        connection = context.wrap_socket(connection, server_side=True)
    request = connection.recv(65536).decode("latin-1")
    if not request:
        return
    host = next((line[5:].strip() for line in request.split("\r\n") if line.lower().startswith("host:")), "-")
    log.write(f"{client} {host.rsplit(':', 1)[0]}:{port}\n")
    name = request.split(" ", 2)[1].removeprefix("/")
    body = (Path(log.name).parent / name).read_bytes() if name in SERVED else b"."
    kind = SERVED.get(name, "text/plain")
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode() + body)
    connection.close()


class Squid:
    """A Squid that runs as long as the block lasts. `names` lead to the web server, whose own name is the last of them."""

    def __init__(self, folder: Path, config: str, names: list[str], listens: list):
        self.folder, self.listens = folder, tuple(listens)
        (folder / "hosts").write_text("".join(f"{ORIGIN} {name}\n" for name in names))
        (folder / "squid.conf").write_text(config)

    def __enter__(self) -> "Squid":
        command = ["squid", "-N", "-n", f"conformance{os.getpid()}", "-f", str(self.folder / "squid.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(self.listens, timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.process.kill()
                    raise RuntimeError(f"Squid does not listen on {self.listens}: {self.said()}") from None
                time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        (self.folder / "pid").unlink(missing_ok=True)

    def said(self) -> str:
        """The end of its log."""
        log = self.folder / "cache.log"
        return log.read_text(errors="replace")[-1000:] if log.exists() else "no log"


def ask_all(folder: Path, job: dict) -> dict:
    """Starts a Squid with `config` and puts all `questions` to it: client, method, name, port, whether as a user."""
    with Squid(folder, job["config"], job["names"], job["listens"]), ThreadPoolExecutor(8) as pool:
        proxies = {4: (job["listens"][0], job["listens"][1]), 6: (job["listens6"], job["listens"][1])}
        answers = list(pool.map(lambda question: ask(folder, proxies, *question), job["questions"]))
    return {"answers": answers}


def ask(folder: Path, proxies: dict, client: str, method: str, name: str, port: int, as_user: bool) -> str:
    """The status of the answer, `closed` without one. HTTPS: the status of what comes through the tunnel, where Squid
    that inspects TLS puts its refusals. TLS: whose certificate the client sees in the tunnel."""
    family, proxy = (socket.AF_INET6, proxies[6]) if ":" in client else (socket.AF_INET, proxies[4])
    if client == "127.0.0.1":
        proxy = ("127.0.0.1", proxy[1])
    with socket.socket(family) as connection:
        # Closed at once: what waits after a close would use up the ports of a client in a minute.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.setsockopt(socket.IPPROTO_IP, 15, 1)  # IP_FREEBIND: the address comes from a `local` route
        connection.settimeout(PATIENCE)
        connection.bind((client, 0))
        connection.connect(proxy)
        try:
            tunnel = method in ("TLS", "HTTPS")
            status = request(connection, "CONNECT" if tunnel else method, name, port, as_user)
            return through(folder, connection, method, name, port) if tunnel and status == "200" else status
        except (ConnectionError, ssl.SSLError):
            return "closed"


def request(connection: socket.socket, method: str, name: str, port: int, as_user: bool) -> str:
    """Sends one request and reads the status of the answer."""
    target = f"{name}:{port}" if method == "CONNECT" else f"http://{name}:{port}/"
    word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    identity = f"Proxy-Authorization: Basic {word}\r\n" if as_user else ""
    return status_of(connection, f"{method} {target} HTTP/1.1\r\nHost: {name}:{port}\r\n{identity}\r\n")


def status_of(connection: socket.socket, text: str) -> str:
    """Sends `text` and reads the status of the answer."""
    connection.sendall(text.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = connection.recv(4096)
        if not more:
            return "closed"
        answer += more
    return answer.split(b" ", 2)[1].decode()


def through(folder: Path, tunnel: socket.socket, method: str, name: str, port: int) -> str:
    """What a TLS client finds in a tunnel: which of the two authorities vouches for the certificate, or a status."""
    context = ssl.create_default_context(cafile=folder / "origin.crt")
    context.load_verify_locations(folder / "bump.crt")
    context.check_hostname = False
    with context.wrap_socket(tunnel, server_hostname=name) as secure:
        if method == "HTTPS":
            return status_of(secure, f"GET / HTTP/1.1\r\nHost: {name}:{port}\r\n\r\n")
        issuer = dict(pair for part in secure.getpeercert()["issuer"] for pair in part)
        return issuer["commonName"].removesuffix(" authority")


#: Nothing but the page, nothing from the profile, no other road than the script's.
BROWSER = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--ignore-certificate-errors", f"--host-resolver-rules=MAP * {ORIGIN}, EXCLUDE {PROXY}",
    f"--proxy-pac-url=http://{ORIGIN}/portbook.pac", "--dump-dom", "http://start.example/page.html",
)  # fmt: skip


def browse(folder: Path, job: dict) -> dict:
    """A browser with the PAC script `script` opens a page that has all `urls` as pictures. What Squid's log has, and which
    requests reached the web server past Squid."""
    (folder / "portbook.pac").write_text(job["script"])
    (folder / "page.html").write_text("".join(f'<img src="{url}">' for url in job["urls"]))
    for log in ("access.log", "origin.log"):
        if (folder / log).exists():
            os.truncate(folder / log, 0)
    with tempfile.TemporaryDirectory(prefix="profile-") as profile, Squid(folder, job["config"], job["names"], job["listens"]):
        done = subprocess.run([*BROWSER, f"--user-data-dir={profile}"], capture_output=True, timeout=300, check=False)
    asked = [line.split()[5:7] for line in (folder / "access.log").read_text().splitlines()]
    reached = [line.split() for line in (folder / "origin.log").read_text().splitlines()]
    return {"code": done.returncode, "asked": asked, "past": sorted({where for client, where in reached if client == GATE})}


JOBS = {"ask": ask_all, "browse": browse}

if __name__ == "__main__":
    main()
