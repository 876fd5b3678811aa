"""Clients that are slow, silent or many: each has its time, and nobody else waits for it."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import ThreadedWSGIServer

from sfmock.transport.loopback import Loopback, ca_pem
from sfmock.transport.patience import Patience
from waiting import wait_until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PIECE = bytes(64 * 1024)
PIECES = 480
SOON = 0.1


class StreamingApp:
    """Reads a body and writes a long reply piece by piece; `applied` counts whole requests, `left` ended replies."""

    def __init__(self) -> None:
        self.applied = 0
        self.left = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        while environ["wsgi.input"].read(len(PIECE)):
            pass
        self.applied += 1
        if environ["PATH_INFO"] == "/long":
            start_response("200 OK", [])
            return self.long_reply()
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def long_reply(self) -> Iterator[bytes]:
        try:
            for _ in range(PIECES):
                yield PIECE
        finally:
            self.left.set()


@pytest.fixture
def app() -> StreamingApp:
    return StreamingApp()


@contextlib.contextmanager
def connected(
    app: StreamingApp, patience: Patience, *, secure: bool = False
) -> Iterator[socket.socket]:
    with Loopback(app, patience=patience) as server, connect(server) as client:
        if secure:
            context = ssl.create_default_context(cadata=ca_pem().decode())
            with context.wrap_socket(
                client, server_hostname="localhost", suppress_ragged_eofs=False
            ) as wrapped:
                yield wrapped
        else:
            yield client


def connect(server: Loopback) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def trickle(client: socket.socket, start: bytes, byte: bytes) -> bytes:
    """Sends a start, then byte after byte without end; what the server had answered when it ended the connection."""
    client.sendall(start)
    client.settimeout(SOON / 10)
    received = b""
    with contextlib.suppress(ConnectionError):
        while True:
            with contextlib.suppress(TimeoutError):
                data = client.recv(4096)
                if not data:
                    return received
                received += data
            client.sendall(byte)
    return received


@pytest.mark.parametrize(
    "start", [b"", b"\x16\x03\x01\x02"], ids=["silent", "within the handshake"]
)
def test_who_opens_a_connection_and_says_nothing_is_left(app: StreamingApp, start: bytes) -> None:
    with connected(app, Patience(opening=SOON)) as client:
        client.sendall(start)

        assert client.recv(1) == b""


@pytest.mark.parametrize(
    "start", [b"G", b"GET / HTTP/1.1\r\nX-Slow: ", REQUEST + b"GET / HTTP/1.1\r\n"]
)
def test_a_head_that_comes_byte_by_byte_gains_no_time(app: StreamingApp, start: bytes) -> None:
    with connected(app, Patience(head=SOON)) as client:
        answered = trickle(client, start, b"x")

    assert answered == (OK if start.startswith(REQUEST) else b"")


@pytest.mark.parametrize(
    ("framing", "byte"),
    [
        (b"Content-Length: 1000\r\n\r\n", b"x"),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_body_that_comes_byte_by_byte_gains_no_time(
    app: StreamingApp, framing: bytes, byte: bytes
) -> None:
    with connected(app, Patience(body=SOON)) as client:
        assert trickle(client, b"POST / HTTP/1.1\r\nHost: x\r\n" + framing, byte) == b""

    assert app.applied == 0


@pytest.mark.parametrize("secure", [False, True])
def test_an_idle_connection_is_ended_in_order(app: StreamingApp, secure: bool) -> None:
    with connected(app, Patience(idle=SOON), secure=secure) as client:
        client.sendall(REQUEST)

        assert client.recv(4096) == OK
        assert client.recv(1) == b""  # over TLS with its farewell


@pytest.mark.parametrize("secure", [False, True])
def test_who_does_not_read_its_reply_is_left(app: StreamingApp, secure: bool) -> None:
    with connected(app, Patience(reply=SOON), secure=secure) as client:
        client.sendall(REQUEST.replace(b"/", b"/long", 1))

        assert app.left.wait(10)


@pytest.mark.parametrize("secure", [False, True])
def test_thirty_megabytes_go_up_and_come_down_through_little_memory(
    app: StreamingApp, secure: bool
) -> None:
    with connected(app, Patience(), secure=secure) as client:
        client.sendall(REQUEST)
        assert client.recv(4096) == OK
        tracemalloc.start()
        try:
            client.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (PIECES * len(PIECE))
            )
            for _ in range(PIECES):
                client.sendall(PIECE)
            assert client.recv(4096) == OK
            client.sendall(REQUEST.replace(b"/", b"/long", 1))
            size, end = 0, b""
            while not end.endswith(b"\r\n0\r\n\r\n"):
                data = client.recv(len(PIECE))
                size, end = size + len(data), (end + data)[-7:]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert size > PIECES * len(PIECE)
    assert peak < 2 * 1024 * 1024  # both ends, and what of a reply is on its way


def test_the_threads_of_connections_end_with_them(app: StreamingApp) -> None:
    before = set(threading.enumerate())
    with Loopback(app) as server:
        clients = [connect(server) for _ in range(20)]
        for client in clients:
            client.sendall(REQUEST)
        for client in clients:
            assert client.recv(4096) == OK
        threads = set(threading.enumerate()) - before
        assert len(threads) == 21

        for client in clients:
            client.close()

        wait_until(lambda: sum(each.is_alive() for each in threads) == 1)  # the one that accepts
    wait_until(lambda: not any(each.is_alive() for each in threads))


def test_cut_waits_for_no_client_that_reads_nothing(app: StreamingApp) -> None:
    """Each holds its connection's lock while the last piece is on its way."""

    def big_reply(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "8000000")])
        return [bytes(8_000_000)]

    with Loopback(big_reply) as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(server)) for _ in range(16)]
        for client in clients:
            client.sendall(REQUEST)
        for client in clients:
            assert client.recv(1) == b"H"
        done = threading.Event()

        def cut() -> None:
            server.cut()
            done.set()

        thread = threading.Thread(target=cut)
        thread.start()

        assert done.wait(0.4)
        thread.join()


def test_the_server_survives_that_there_are_no_sockets_more(
    app: StreamingApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter([OSError(errno.EMFILE, "Too many open files")] * 2)
    real = socket.socket.accept

    def accept(listener: socket.socket) -> tuple[socket.socket, object]:
        for refusal in refusals:
            raise refusal
        return real(listener)

    with Loopback(app) as server:
        monkeypatch.setattr(socket.socket, "accept", accept)
        with connect(server) as client:
            client.sendall(REQUEST)

            assert client.recv(4096) == OK


def test_the_server_survives_that_there_is_no_thread_more(
    app: StreamingApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = iter([RuntimeError("can't start new thread")])
    real = ThreadedWSGIServer.process_request

    def process_request(server: ThreadedWSGIServer, accepted: object, address: object) -> None:
        for refusal in refusals:
            raise refusal
        real(server, accepted, address)  # type: ignore[arg-type]

    monkeypatch.setattr(ThreadedWSGIServer, "process_request", process_request)
    with Loopback(app) as server:
        with caplog.at_level(logging.ERROR), connect(server) as lost:
            assert lost.recv(1) == b""
        with connect(server) as client:
            client.sendall(REQUEST)

            assert client.recv(4096) == OK
    assert "can't start new thread" in caplog.text
