"""What stands beside the fake and is not it: a TLS server with a CA of its own, and a proxy that goes anywhere."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nstranger"


@dataclass
class Stranger:
    """A TLS server for one name; `heard` is what came through its TLS."""

    authority: trustme.CA
    address: tuple[str, int] = ("", 0)
    heard: list[bytes] = field(default_factory=list)

    def context(self) -> ssl.SSLContext:
        """A client's, that trusts this server and the rest of the world."""
        made = ssl.create_default_context()
        self.authority.configure_trust(made)
        return made


@contextmanager
def stranger(name: str) -> Iterator[Stranger]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    made = Stranger(authority)
    with _serving(lambda sock: _answer(sock, context, made)) as made.address:
        yield made


def _answer(sock: socket.socket, context: ssl.SSLContext, made: Stranger) -> None:
    with context.wrap_socket(sock, server_side=True) as tls:
        made.heard.append(tls.recv(65536))
        tls.sendall(REPLY)


@dataclass
class Tunnel:
    """A CONNECT proxy that takes everybody to the same place; `heard` is what clients sent it in the open."""

    address: tuple[str, int] = ("", 0)
    heard: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.address)


@contextmanager
def tunnel(to: tuple[str, int]) -> Iterator[Tunnel]:
    made = Tunnel()
    with _serving(lambda sock: _lead(sock, to, made)) as made.address:
        yield made


def _lead(sock: socket.socket, to: tuple[str, int], made: Tunnel) -> None:
    made.heard.append(sock.recv(65536))
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    with socket.create_connection(to, timeout=10) as onwards:
        back = threading.Thread(target=_pump, args=(onwards, sock))
        back.start()
        _pump(sock, onwards)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def _serving(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """A listener whose connections are served one after the other, each until it ends."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with sock, contextlib.suppress(OSError):
                sock.settimeout(10)
                serve(sock)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
