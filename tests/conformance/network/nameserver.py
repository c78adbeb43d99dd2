"""What runs in the namespace of the server: DNS that knows names, and TLS and HTTP that tell where they were reached."""

import json
import socket
import ssl
import struct
import sys
import threading

CODES = {1: socket.AF_INET, 28: socket.AF_INET6}


def answer(question, table):
    """A and AAAA from a table; what is not in it does not exist."""
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode("ascii", "replace"))
        at += 1 + question[at]
    kind = struct.unpack("!H", question[at + 1:at + 3])[0]
    address = table.get(".".join(labels).lower())
    fits = address is not None and kind in CODES and (":" in address) == (kind == 28)
    flags = 0x8180 if address is not None else 0x8183
    said = question[:2] + struct.pack("!HHHHH", flags, 1, int(fits), 0, 0) + question[12:at + 5]
    if not fits:
        return said
    packed = socket.inet_pton(CODES[kind], address)
    return said + b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 5, len(packed)) + packed


def names(address, table):
    """Answers questions for ever."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, 53))
    print("ready", flush=True)
    while True:
        question, who = sock.recvfrom(4096)
        sock.sendto(answer(question, table), who)


def web(sock, context):
    """One connection: TLS or HTTP, as its first byte tells."""
    address, port = sock.getsockname()[:2]
    told = f"portbook@{address}@{port}".encode()
    try:
        sock.settimeout(60)
        if sock.recv(1, socket.MSG_PEEK) == b"\x16":
            with context.wrap_socket(sock, server_side=True) as secret:
                secret.sendall(told)
            return
        held = b""
        while more := sock.recv(4096):
            held += more
            while b"\r\n\r\n" in held:
                _, _, held = held.partition(b"\r\n\r\n")
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(told), told))
    except OSError:
        pass
    finally:
        sock.close()


def listen(family, port, context):
    """Takes connections for ever."""
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind(("", port))
    sock.listen(512)

    def take():
        while True:
            threading.Thread(target=web, args=(sock.accept()[0], context), daemon=True).start()

    threading.Thread(target=take, daemon=True).start()


def main():
    """DNS, and TLS and HTTP on all three ports."""
    given = json.load(sys.stdin)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(given["certificate"], given["key"])
    for port in (80, 443, 8080):
        for family in CODES.values():
            listen(family, port, context)
    names(given["dns"], given["names"])


if __name__ == "__main__":
    main()
