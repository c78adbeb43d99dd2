"""What runs in the namespace of the client: handshakes and requests, each with a name, a source and a port."""

import json
import re
import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

REACHED = re.compile(rb"portbook@([0-9a-f.:]+)@(\d+)")
# Longer than the proxy waits for a handshake.
PATIENCE = 14
SILENCE = "no answer"
# A certificate is no proof of where a connection went; what the server says is. Made once: it reads no authorities.
UNCHECKED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE


def dialled(ask):
    """A connection to the address that the client chose, from its own."""
    sock = socket.create_connection((ask["dial"], ask["port"]), timeout=PATIENCE, source_address=(ask["source"], 0))
    sock.settimeout(PATIENCE)
    return sock


def everything(sock):
    """What comes until the other side ends."""
    held = b""
    while more := sock.recv(4096):
        held += more
        if REACHED.search(held):
            break
    return held


def tls(ask):
    """A handshake with a server name, or none."""
    with UNCHECKED.wrap_socket(dialled(ask), server_hostname=ask["name"]) as sock:
        return everything(sock)


def hello(ask):
    """A first message with a server name that no library sends: `name` has the length of `instead` in it."""
    out = ssl.MemoryBIO()
    half = UNCHECKED.wrap_bio(ssl.MemoryBIO(), out, server_hostname=ask["name"])
    try:
        half.do_handshake()
    except ssl.SSLWantReadError:
        pass
    first = out.read().replace(ask["name"].encode(), ask["instead"].encode("latin-1"))
    with dialled(ask) as sock:
        sock.sendall(first)
        # A server's first message is a sign that the hello went through.
        return b"portbook@0.0.0.0@0" if sock.recv(4096)[:1] == b"\x16" else b""


def http(ask):
    """Requests on one connection; what the last of them got."""
    with dialled(ask) as sock:
        got = b""
        for request in ask.get("requests") or [f"GET / HTTP/1.1\r\nHost: {ask['name']}\r\n\r\n"]:
            sock.sendall(request.encode("latin-1"))
            got = sock.recv(4096)
        return got


def outcome(ask):
    """`ADDRESS PORT` of the server that answered, `rejected` by the proxy, or what else happened."""
    try:
        got = {"tls": tls, "http": http, "hello": hello}[ask["kind"]](ask)
    except TimeoutError:
        return SILENCE
    except OSError:
        # Reset, refused, or ended in the middle of a handshake.
        return "rejected"
    reached = REACHED.search(got)
    if reached:
        return f"{reached[1].decode()} {reached[2].decode()}"
    if not got or re.match(rb"HTTP/1\.\d (4\d\d|503) ", got):
        return "rejected"
    return f"answered {got[:60]!r}"


if __name__ == "__main__":
    with ThreadPoolExecutor(64) as pool:
        print(json.dumps(list(pool.map(outcome, json.load(sys.stdin)))))
