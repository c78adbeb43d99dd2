"""What runs inside a namespace: `serve` answers on ports, `ask` opens connections. Plain TCP and UDP."""

import asyncio
import json
import socket
import sys

ANSWER = b"portbook"


def bound(family, kind, address, port):
    """A socket at an address and port of its own."""
    sock = socket.socket(family, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.setblocking(False)
    sock.bind((address, port))
    return sock


async def serve(wanted):
    """Answers on ports: TCP at any address, UDP at each one, so that the answer comes from where the question went."""
    loop = asyncio.get_running_loop()

    async def answer(_, writer):
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, addr):
            self.transport.sendto(ANSWER, addr)

    for port in wanted["tcp"]:
        for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            await asyncio.start_server(answer, sock=bound(family, socket.SOCK_STREAM, address, port), backlog=512)
    for port in wanted["udp"]:
        for address in wanted["addresses"]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            sock = bound(family, socket.SOCK_DGRAM, address, port)
            await loop.create_datagram_endpoint(Echo, sock=sock)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def ask(probe, gate):
    """`open` with an answer, `blocked` without any, or what else came."""
    loop = asyncio.get_running_loop()
    kind = socket.SOCK_STREAM if probe["transport"] == "tcp" else socket.SOCK_DGRAM
    family = socket.AF_INET6 if ":" in probe["source"] else socket.AF_INET
    async with gate:
        sock = bound(family, kind, probe["source"], probe["source_port"])
        try:
            async with asyncio.timeout(1.5):
                await loop.sock_connect(sock, (probe["destination"], probe["port"]))
                if kind == socket.SOCK_DGRAM:
                    await loop.sock_sendall(sock, b"?")
                got = await loop.sock_recv(sock, 99)
                return "open" if got == ANSWER else f"answered {got!r}"
        except TimeoutError:
            return "blocked"
        except OSError as error:
            return f"{type(error).__name__}: {error}"
        finally:
            sock.close()


async def ask_all(probes):
    """All of them, most at once."""
    gate = asyncio.Semaphore(400)
    print(json.dumps(await asyncio.gather(*(ask(probe, gate) for probe in probes))))


if __name__ == "__main__":
    given = json.load(sys.stdin)
    asyncio.run(serve(given) if sys.argv[1] == "serve" else ask_all(given))
