"""What the loopback server refuses: requests that are broken, ambiguous, incomplete or too large."""

from __future__ import annotations

import contextlib
import io
import random
import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from sfmock.transport.loopback import Loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = b"Host: acme.my.salesforce.com\r\n"


class TinyApp:
    """Reads each body whole and keeps it in `served`; on /swallow it hides that the body was broken."""

    def __init__(self) -> None:
        self.served: list[bytes] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/swallow":
            read_what_comes(environ["wsgi.input"])
        else:
            self.served.append(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def read_what_comes(stream: io.BufferedIOBase) -> bytes:
    try:
        return stream.read()
    except OSError:
        return b"swallowed"


@pytest.fixture
def app() -> TinyApp:
    return TinyApp()


@pytest.fixture
def client(app: TinyApp) -> Iterator[socket.socket]:
    with (
        Loopback(app) as server,
        socket.create_connection((server.host, server.port), timeout=10) as client,
    ):
        yield client


def receive_until_end(client: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    received = b""
    while data := client.recv(65536):
        received += data
    return received


def bad_message(status: int, phrase: str, reason: str) -> bytes:
    page = f"<h1>Bad Message {status}</h1><pre>reason: {reason}</pre>"
    return (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/html;charset=iso-8859-1\r\n"
        f"Content-Length: {len(page)}\r\nConnection: close\r\n\r\n{page}"
    ).encode()


BAD_REQUEST = bad_message(400, "Bad Request", "Bad Request")


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: -1",
        b"Content-Length: +5",
        b"Content-Length: 5_0",
        b"Content-Length: five",
        b"Content-Length: ",
        b"Content-Length: \xb2",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: identity",
        b"Content-Length : 5",
        b"X-Folded: a\r\n b",
        b"X-Null: \x00",
        b"no colon",
        b"Host: another",
        b"X-Carriage-Return: a\rb",
        b": no name",
        b"X-Ctl: \x7f",
    ],
)
def test_a_head_that_leaves_doubt_is_refused(
    client: socket.socket, app: TinyApp, fields: bytes
) -> None:
    client.sendall(
        b"POST / HTTP/1.1\r\n" + HOST + fields + b"\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"
    )

    assert receive_until_end(client) == BAD_REQUEST
    assert app.served == []


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"GET /",
        b"GET  / HTTP/1.1",
        b"GET / HTTP/1.1 x",
        b"GET / HTTP/one",
        b"GET relative HTTP/1.1",
        b"G\x00T / HTTP/1.1",
        b"GET /\x7f HTTP/1.1",
        b"GET http://user:password@login.salesforce.com/ HTTP/1.1",
        b"GET ftp://login.salesforce.com/ HTTP/1.1",
        b"GET /a\rb HTTP/1.1",
        b"CONNECT login.salesforce.com:443 HTTP/1.1",
        b"\x80\x2e\x01\x00\x02",
    ],
)
def test_a_request_line_that_is_none_is_refused(client: socket.socket, line: bytes) -> None:
    client.sendall(line + b"\r\n" + HOST + b"\r\n")

    assert receive_until_end(client) == BAD_REQUEST


@pytest.mark.parametrize("host", [b"a b", b"a/b", b"a@b", b"<a>", b"a\\b", b"a?b", b"\xe9"])
def test_a_host_that_is_none_is_refused(client: socket.socket, host: bytes) -> None:
    client.sendall(b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")

    assert receive_until_end(client) == BAD_REQUEST


def test_http_1_1_without_host_is_refused(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")

    assert receive_until_end(client) == BAD_REQUEST


def test_http_2_is_refused(client: socket.socket) -> None:
    client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    assert receive_until_end(client) == bad_message(505, "Unknown Version", "Unknown Version")


@pytest.mark.parametrize(
    "body",
    [
        b"xyz\r\n",
        b"-1\r\n",
        b"\r\n",
        b"0x5\r\nhello\r\n",
        b"5\nhello\r\n",
        b"5\r\nhelloo\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("path", [b"/", b"/swallow"])
def test_a_bad_chunk_is_refused_even_if_the_app_swallows_it(
    client: socket.socket, body: bytes, path: bytes
) -> None:
    client.sendall(b"POST " + path + b" HTTP/1.1\r\n" + HOST)
    client.sendall(b"Transfer-Encoding: chunked\r\n\r\n" + body)

    assert receive_until_end(client) == BAD_REQUEST


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 10\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5",
        b"X-Unfinished: head\r\n",
        b"X-Unfinished: li",
    ],
)
def test_half_a_request_is_never_applied_nor_answered(
    client: socket.socket, app: TinyApp, sent: bytes
) -> None:
    client.sendall(b"POST / HTTP/1.1\r\n" + HOST + sent)
    client.shutdown(socket.SHUT_WR)

    assert receive_until_end(client) == b""
    assert app.served == []


def test_half_a_body_gets_no_reply_even_if_the_app_swallows_it(client: socket.socket) -> None:
    client.sendall(b"POST /swallow HTTP/1.1\r\n" + HOST + b"Content-Length: 10\r\n\r\nhalf")
    client.shutdown(socket.SHUT_WR)

    assert receive_until_end(client) == b""


@pytest.mark.parametrize("size", [16384, 16500, 200_000])
def test_a_longer_uri_is_too_long(client: socket.socket, size: int) -> None:
    client.sendall(b"GET /" + b"a" * size + b" HTTP/1.1\r\n" + HOST + b"\r\n")

    assert receive_until_end(client) == bad_message(414, "URI Too Long", "URI Too Long")


@pytest.mark.parametrize("field", [b"X-Big: " + b"a" * 70_000, b"\r\n".join([b"X-A: b"] * 9_000)])
def test_header_fields_over_64_kib_are_too_large(client: socket.socket, field: bytes) -> None:
    client.sendall(b"GET / HTTP/1.1\r\n" + HOST + field + b"\r\n\r\n")

    reason = "Request Header Fields Too Large"
    assert receive_until_end(client) == bad_message(431, reason, reason)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 67108865\r\n\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n4000001\r\n",
    ],
)
def test_a_body_over_64_mib_is_too_large(
    client: socket.socket, app: TinyApp, framing: bytes
) -> None:
    client.sendall(b"POST / HTTP/1.1\r\n" + HOST + framing)

    assert receive_until_end(client) == bad_message(413, "Payload Too Large", "Payload Too Large")
    assert app.served == []


SEEDS = (
    b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nabcGET /b HTTP/1.0\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    b"5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n",
    b"GET http://login.salesforce.com/?q HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40),
)


def broken(seed: bytes, chance: random.Random) -> bytes:
    """A request in which a few bytes are others, missing, doubled or cut off."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                data[place:place] = bytes([chance.choice(b"\r\n \t:;0f\x00\xff")])
            case 2:
                del data[place : place + chance.randint(1, 8)]
            case 3:
                data[place:place] = data[max(0, place - 10) : place] * chance.randint(1, 3)
            case _:
                del data[place:]
    return bytes(data)


def test_whatever_comes_the_connection_ends_and_the_next_one_is_served(app: TinyApp) -> None:
    chance = random.Random(6)  # an exception in a worker would fail the test, too
    with Loopback(app) as server:
        for number in range(200):
            request = broken(SEEDS[number % len(SEEDS)], chance)
            with (
                socket.create_connection((server.host, server.port), timeout=10) as client,
                contextlib.suppress(ConnectionError),  # it need not have read all
            ):
                client.sendall(request)
                client.shutdown(socket.SHUT_WR)
                receive_until_end(client)
        with socket.create_connection((server.host, server.port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert receive_until_end(client).endswith(b"\r\n\r\nok")
