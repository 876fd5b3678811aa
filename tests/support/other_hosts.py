"""Servers that are not Salesforce, on loopback: what they got, and what a proxy in between must not touch."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Other:
    """A server on a port of its own; `got` are the bytes of each connection, `ended` counts those that are over."""

    port: int
    got: list[bytes] = field(default_factory=list)
    broken: int = 0
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"


Talk = Callable[[socket.socket, Other], object]


@contextlib.contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[Other]:
    """Each connection is handed to `talk` in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        other = Other(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, other, talk, context), daemon=True).start()
        yield other
        # closing alone would leave accept() waiting
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(
    listener: socket.socket, other: Other, talk: Talk, context: ssl.SSLContext | None
) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=_serve, args=(connection, other, talk, context), daemon=True
            ).start()


def _serve(
    connection: socket.socket, other: Other, talk: Talk, context: ssl.SSLContext | None
) -> None:
    connection.settimeout(10)
    other.begun.release()
    try:
        with context.wrap_socket(connection, server_side=True) if context else connection as side:
            talk(side, other)
    except OSError:
        other.broken += 1
    other.ended.release()


def read_to_end(connection: socket.socket, other: Other) -> bytes:
    """All that comes until the client ends its side, kept in `got`."""
    received = bytearray()
    while data := connection.recv(65536):
        received += data
    other.got.append(bytes(received))
    return other.got[-1]


def echo_at_end(connection: socket.socket, other: Other) -> None:
    """Answers with what it got, once the client has ended its side."""
    connection.sendall(b"got " + read_to_end(connection, other))


def answer(reply: bytes) -> Talk:
    """Reads one head, keeps it, answers and closes."""

    def talk(connection: socket.socket, other: Other) -> None:
        received = b""
        while b"\r\n\r\n" not in received and (data := connection.recv(65536)):
            received += data
        other.got.append(received)
        connection.sendall(reply)

    return talk
