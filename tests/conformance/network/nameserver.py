"""What runs in the namespace of the server: DNS that knows names, and TLS and HTTP that tell where they were reached."""

import json
import socket
import ssl
import struct
import sys
import threading

CODES = {1: socket.AF_INET, 28: socket.AF_INET6}


def answer(question, addresses):
    """A and AAAA by a function that gives all addresses of a name; one that has none does not exist."""
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode("ascii", "replace"))
        at += 1 + question[at]
    kind = struct.unpack("!H", question[at + 1:at + 3])[0]
    known = addresses(".".join(labels).lower())
    fitting = [address for address in known if kind in CODES and (":" in address) == (kind == 28)]
    said = question[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, len(fitting), 0, 0) + question[12:at + 5]
    packed = [socket.inet_pton(CODES[kind], address) for address in fitting]
    return said + b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 5, len(each)) + each for each in packed)


def names(address, addresses):
    """Answers questions for ever."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, 53))
    print("ready", flush=True)
    while True:
        question, who = sock.recvfrom(4096)
        sock.sendto(answer(question, addresses), who)


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


def everywhere(certificate, key):
    """TLS and HTTP on all three ports, on every address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    for port in (80, 443, 8080):
        for family in CODES.values():
            listen(family, port, context)


def main():
    """DNS, and TLS and HTTP on all three ports."""
    given = json.load(sys.stdin)
    everywhere(given["certificate"], given["key"])
    table = given["names"]
    names(given["dns"], lambda name: [table[name]] if name in table else [])


if __name__ == "__main__":
    main()
