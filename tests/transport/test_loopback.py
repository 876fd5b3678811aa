"""The loopback server as a client library and its owner see it."""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
import requests

from sfmock.transport.loopback import Loopback, ca_file
from sfmock.wire import Disconnect
from waiting import wait_until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class TinyApp:
    """Answers with what it was asked; `entered` and `left` tell a test how far a slow request is."""

    def __init__(self) -> None:
        self.served: list[str] = []
        self.peers: set[tuple[str, int]] = set()
        self.entered = threading.Event()
        self.left = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        self.served.append(path)
        self.peers.add((environ["REMOTE_ADDR"], environ["REMOTE_PORT"]))
        if path == "/reset":
            raise Disconnect("a fault")
        if path == "/crash":
            raise LookupError("secret detail")
        if path == "/wait":
            self.entered.set()
            wait: Callable[[float], None] = environ["sfmock.wait"]
            wait(60.0)
            self.left.set()
        if path == "/break":
            start_response("200 OK", [])
            return self.broken_reply()
        if path == "/hold":
            self.entered.set()
            self.go_on.wait(10)
        body: bytes = environ["wsgi.input"].read()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]

    def broken_reply(self) -> Iterator[bytes]:
        yield b"x" * 100_000
        raise LookupError("in the middle")


@pytest.fixture
def app() -> TinyApp:
    return TinyApp()


@pytest.fixture
def server(app: TinyApp) -> Iterator[Loopback]:
    with Loopback(app) as loopback:
        yield loopback


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def connect(server: Loopback) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def receive_until_end(client: socket.socket) -> bytes:
    received = io.BytesIO()
    while data := client.recv(65536):
        received.write(data)
    return received.getvalue()


def test_requests_posts_and_gets_the_reply(server: Loopback, session: requests.Session) -> None:
    reply = session.post(f"{server.url}/services", data=b"hello")

    assert (reply.status_code, reply.reason, reply.content) == (200, "OK", b"hello")
    assert dict(reply.headers) == {"Content-Type": "text/plain", "Content-Length": "5"}


def test_a_session_keeps_its_connection(
    server: Loopback, app: TinyApp, session: requests.Session
) -> None:
    for _ in range(3):
        session.post(server.url, data=b"x").raise_for_status()

    assert len(app.served) == 3
    assert len(app.peers) == 1


def test_ten_megabytes_go_up_and_come_down(server: Loopback, session: requests.Session) -> None:
    data = bytes(range(256)) * 40_000

    assert session.post(server.url, data=data).content == data


def test_a_generator_is_uploaded_in_chunks(server: Loopback, session: requests.Session) -> None:
    reply = session.post(server.url, data=(b"%d," % number for number in range(5)))

    assert reply.content == b"0,1,2,3,4,"


def test_disconnect_resets_the_connection_without_a_reply(server: Loopback) -> None:
    with connect(server) as client:
        client.sendall(b"GET /reset HTTP/1.1\r\nHost: x\r\n\r\n")

        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_disconnect_reaches_requests_as_a_connection_error(
    server: Loopback, session: requests.Session
) -> None:
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        session.get(f"{server.url}/reset")


def test_a_crash_is_a_500_that_hides_the_error_and_closes(
    server: Loopback, session: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        reply = session.get(f"{server.url}/crash")

    assert reply.status_code == 500
    assert reply.headers["Connection"] == "close"
    assert "secret" not in reply.text
    assert "LookupError: secret detail" in caplog.text


def test_a_crash_within_a_long_reply_breaks_the_connection(server: Loopback) -> None:
    with connect(server) as client:
        client.sendall(b"GET /break HTTP/1.0\r\n\r\n")

        with pytest.raises(ConnectionResetError):
            receive_until_end(client)


def test_cut_closes_idle_connections_and_goes_on_listening(
    server: Loopback, app: TinyApp, session: requests.Session
) -> None:
    session.post(server.url, data=b"one").raise_for_status()

    server.cut()

    assert session.post(server.url, data=b"two").content == b"two"  # a POST is never sent twice
    assert len(app.peers) == 2


def test_cut_leaves_a_connection_that_has_carried_nothing_yet(server: Loopback) -> None:
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        for _ in range(2):  # the second time its worker has seen it
            server.cut()
            wait_until(lambda: len(server._server.connections.open) == 1)
        client.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")

        assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_cut_right_after_a_reply_never_meets_the_next_request(
    server: Loopback, app: TinyApp, session: requests.Session
) -> None:
    for _ in range(50):
        session.post(server.url, data=b"x").raise_for_status()
        server.cut()

    assert len(app.served) == len(app.peers) == 50


def test_cut_lets_a_running_request_have_its_reply(server: Loopback, app: TinyApp) -> None:
    with connect(server) as client:
        client.sendall(b"GET /hold HTTP/1.1\r\nHost: x\r\n\r\n")
        assert app.entered.wait(10)

        server.cut()
        app.go_on.set()

        assert receive_until_end(client) == (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )


def test_close_does_not_wait_for_a_slow_fault(server: Loopback, app: TinyApp) -> None:
    with connect(server) as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        assert app.entered.wait(10)
        begin = time.monotonic()

        server.close()

        assert app.left.wait(10)
        assert time.monotonic() - begin < 1
        assert client.recv(1) == b""


def test_close_is_quick_with_a_hundred_idle_connections(server: Loopback) -> None:
    clients = [connect(server) for _ in range(100)]
    for client in clients:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n!")
    for client in clients:
        assert client.recv(4096).endswith(b"\r\n\r\n!")
    begin = time.monotonic()

    server.close()

    assert time.monotonic() - begin < 1
    for client in clients:
        assert client.recv(1) == b""
        client.close()


def test_close_ends_silent_connections_too(server: Loopback) -> None:
    with connect(server) as client:
        server.close()

        with contextlib.suppress(ConnectionResetError):  # if it was not yet accepted
            assert client.recv(1) == b""


def test_after_close_nobody_listens_and_a_second_close_does_nothing(server: Loopback) -> None:
    server.close()
    server.close()

    with pytest.raises(ConnectionRefusedError):
        connect(server)
    assert repr(server) == f"<Loopback http://127.0.0.1:{server.port} closed>"


def test_a_port_in_use_is_an_os_error_that_names_it(server: Loopback, app: TinyApp) -> None:
    with pytest.raises(OSError, match=f"port {server.port} of 127.0.0.1 is in use") as caught:
        Loopback(app, port=server.port)

    assert caught.value.errno == errno.EADDRINUSE


def test_a_closed_port_can_be_taken_again(server: Loopback, app: TinyApp) -> None:
    server.close()

    with Loopback(app, port=server.port) as second:
        assert second.port == server.port


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_only_loopback_addresses_are_served(app: TinyApp, host: str) -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        Loopback(app, host=host)


def test_a_port_out_of_range_is_refused(app: TinyApp) -> None:
    with pytest.raises(ValueError, match="65536 is not a port"):
        Loopback(app, port=65536)


def test_localhost_is_the_ipv4_loopback(app: TinyApp) -> None:
    with Loopback(app, host="localhost") as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert server.tls_url == f"https://localhost:{server.port}"


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_ipv6_loopback_is_served(app: TinyApp, session: requests.Session) -> None:
    try:
        server = Loopback(app, host="::1")
    except OSError as error:
        pytest.skip(f"this kernel has no IPv6: {error}")
    with server:
        assert server.url == f"http://[::1]:{server.port}"
        assert session.post(server.url, data=b"six").content == b"six"
        secure = f"https://[::1]:{server.port}"
        assert session.post(secure, data=b"six", verify=str(ca_file())).content == b"six"


def test_nothing_is_written_to_stderr_or_stdout(
    server: Loopback, session: requests.Session, capfd: pytest.CaptureFixture[str]
) -> None:
    session.post(server.url, data=b"x").raise_for_status()
    with connect(server) as client:
        client.sendall(b"nonsense\r\n\r\n")
        receive_until_end(client)
    server.close()

    assert capfd.readouterr() == ("", "")
