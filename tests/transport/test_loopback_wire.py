"""The loopback server byte by byte: how it reads requests and frames its replies."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from sfmock.transport.loopback import Loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = b"Host: acme.my.salesforce.com\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
OK_CLOSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class TinyApp:
    """Reads the body unless told not to, and answers as the path says; `served` keeps what was applied."""

    def __init__(self) -> None:
        self.served: list[tuple[str, str, bytes]] = []
        self.environ: WSGIEnvironment = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.environ = environ
        path: str = environ["PATH_INFO"]
        if path == "/401":
            start_response("401 Unauthorized", [("Content-Length", "2")])
            return [b"no"]
        body = b"" if path == "/unread" else environ["wsgi.input"].read()
        self.served.append((environ["REQUEST_METHOD"], path, body))
        return self.reply(path, start_response)

    def reply(self, path: str, start_response: StartResponse) -> Iterable[bytes]:
        if path == "/204":
            start_response("204 No Content", [("Content-Length", "0")])
            return []
        if path == "/304":
            start_response("304 Not Modified", [("ETag", '"x"')])
            return []
        if path == "/chunks":
            headers = [("Transfer-Encoding", "chunked"), ("Connection", "keep-alive")]
            start_response("200 OK", [*headers, ("Vary", "Accept-Encoding")])
            return [b"first", b"", b"second half"]
        if path == "/short":
            start_response("200 OK", [("Content-Length", "10")])
            return [b"cut off"]
        if path == "/inject":
            start_response("200 OK", [("X-Evil", "a\r\nSet-Cookie: b")])
            return [b"never sent"]
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


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


def receive(client: socket.socket, size: int) -> bytes:
    """Exactly `size` bytes, or fewer if the connection ends."""
    received = b""
    while len(received) < size and (data := client.recv(min(size - len(received), 65536))):
        received += data
    return received


def receive_until_end(client: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    return receive(client, 1 << 30)


def test_a_connection_is_kept_after_a_reply(client: socket.socket, app: TinyApp) -> None:
    for path in (b"/a", b"/b"):
        client.sendall(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        assert receive(client, len(OK)) == OK

    assert [path for _, path, _ in app.served] == ["/a", "/b"]


def test_pipelined_requests_are_answered_in_order(client: socket.socket, app: TinyApp) -> None:
    first = b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\none"
    second = (
        b"POST /b HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
    )
    third = b"GET /c HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"

    client.sendall(first + second + third)

    assert receive_until_end(client) == OK + OK + OK_CLOSE
    assert app.served == [("POST", "/a", b"one"), ("POST", "/b", b"two"), ("GET", "/c", b"")]


def test_a_half_closed_client_gets_its_reply(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    client.shutdown(socket.SHUT_WR)

    assert receive_until_end(client) == OK


def test_chunk_extensions_and_trailers_are_skipped(client: socket.socket, app: TinyApp) -> None:
    client.sendall(
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: Chunked\r\n\r\n"
        b'5;name="value"\r\nhello\r\n00006 ; x\r\n world\r\n0;last\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n'
        b"GET /next HTTP/1.1\r\n" + HOST + b"\r\n"
    )

    assert receive(client, 2 * len(OK)) == OK + OK
    assert app.served == [("POST", "/", b"hello world"), ("GET", "/next", b"")]


def test_a_leading_blank_line_is_skipped(client: socket.socket) -> None:
    client.sendall(b"\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n")

    assert receive(client, len(OK)) == OK


def test_http_1_0_closes_unless_asked_to_keep(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET / HTTP/1.0\r\n\r\n")

    kept = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"
    assert receive_until_end(client) == kept + OK_CLOSE


def test_a_reply_without_length_is_chunked_in_the_place_of_the_apps_field(
    client: socket.socket,
) -> None:
    client.sendall(b"GET /chunks HTTP/1.1\r\n" + HOST + b"\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n")

    expected = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n"
        b"Vary: Accept-Encoding\r\n\r\n5\r\nfirst\r\nb\r\nsecond half\r\n0\r\n\r\n"
    )
    assert receive(client, len(expected + OK)) == expected + OK


def test_a_reply_without_length_ends_with_the_connection_on_http_1_0(client: socket.socket) -> None:
    client.sendall(b"GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")

    assert receive_until_end(client) == (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nVary: Accept-Encoding\r\n\r\nfirstsecond half"
    )


@pytest.mark.parametrize(
    ("request_line", "head"),
    [
        (b"HEAD /", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"),
        (
            b"HEAD /chunks",
            b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nVary: Accept-Encoding\r\n\r\n",
        ),
        (b"GET /204", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (b"GET /304", b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'),
    ],
)
def test_replies_without_body_end_with_their_head(
    client: socket.socket, request_line: bytes, head: bytes
) -> None:
    client.sendall(request_line + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    client.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")

    assert receive(client, len(head + OK)) == head + OK


def test_a_reply_shorter_than_announced_ends_the_connection(client: socket.socket) -> None:
    client.sendall(b"GET /short HTTP/1.1\r\n" + HOST + b"\r\n")

    assert receive_until_end(client) == b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ncut off"


def test_a_header_field_with_a_line_break_is_never_sent(client: socket.socket) -> None:
    client.sendall(b"GET /inject HTTP/1.1\r\n" + HOST + b"\r\n")

    reply = receive_until_end(client)
    assert reply.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"Set-Cookie" not in reply


def test_100_continue_comes_with_the_first_read(client: socket.socket, app: TinyApp) -> None:
    client.sendall(
        b"POST / HTTP/1.1\r\n" + HOST + b"Expect: 100-Continue\r\nContent-Length: 4\r\n\r\n"
    )
    assert receive(client, 25) == b"HTTP/1.1 100 Continue\r\n\r\n"

    client.sendall(b"body")

    assert receive(client, len(OK)) == OK
    assert app.served == [("POST", "/", b"body")]


def test_a_refusal_without_reading_sends_no_100_and_closes(client: socket.socket) -> None:
    client.sendall(
        b"POST /401 HTTP/1.1\r\n"
        + HOST
        + b"Expect: 100-continue\r\nContent-Length: 30000000\r\n\r\n"
    )

    assert receive_until_end(client) == (
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    )


def test_a_small_unread_body_is_skipped(client: socket.socket, app: TinyApp) -> None:
    body = b"GET /smuggled HTTP/1.1\r\n\r\n"
    head = HOST + b"Content-Length: %d\r\n\r\n" % len(body)
    client.sendall(b"POST /unread HTTP/1.1\r\n" + head + body)
    client.sendall(b"GET /next HTTP/1.1\r\n" + HOST + b"\r\n")

    assert receive(client, 2 * len(OK)) == OK + OK
    assert [path for _, path, _ in app.served] == ["/unread", "/next"]


def test_a_big_unread_body_closes_the_connection_after_the_reply(client: socket.socket) -> None:
    size = 3_000_000
    client.sendall(b"POST /unread HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % size)
    client.sendall(b"x" * size)

    assert receive_until_end(client) == OK_CLOSE


def test_the_longest_uri_is_served(client: socket.socket) -> None:
    client.sendall(b"GET /" + b"a" * 16383 + b" HTTP/1.1\r\n" + HOST + b"\r\n")

    assert receive(client, len(OK)) == OK


def test_the_environ_says_what_was_sent_and_trusts_no_forwarding(
    client: socket.socket, app: TinyApp
) -> None:
    client.sendall(
        b"GET /a%20b/%C3%A9//c?q=%41&q HTTP/1.1\r\n" + HOST + b"X-Forwarded-Proto: https\r\n"
        b"X-Forwarded-Host: evil\r\nX_Forwarded_For: 1.2.3.4\r\nAccept: a\r\naccept: b\r\n"
        b"Cookie: a=1\r\nCookie: b=2\r\nContent-Type: text/x\r\n\r\n"
    )
    assert receive(client, len(OK)) == OK

    kept = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "RAW_URI", "HTTP_HOST")
    assert [app.environ[key] for key in kept] == [
        "GET",
        "/a b/\xc3\xa9//c",
        "q=%41&q",
        "/a%20b/%C3%A9//c?q=%41&q",
        "/a%20b/%C3%A9//c?q=%41&q",
        "acme.my.salesforce.com",
    ]
    assert app.environ["wsgi.url_scheme"] == "http"
    assert app.environ["REMOTE_ADDR"] == "127.0.0.1"
    assert app.environ["HTTP_ACCEPT"] == "a,b"
    assert app.environ["HTTP_COOKIE"] == "a=1; b=2"
    assert app.environ["CONTENT_TYPE"] == "text/x"
    assert "HTTP_X_FORWARDED_FOR" not in app.environ


def test_a_target_with_a_host_replaces_the_host_field(client: socket.socket, app: TinyApp) -> None:
    client.sendall(b"GET http://login.salesforce.com?a=b HTTP/1.1\r\n" + HOST + b"\r\n")
    assert receive(client, len(OK)) == OK

    assert app.environ["HTTP_HOST"] == "login.salesforce.com"
    assert app.environ["REQUEST_URI"] == "/?a=b"
    assert app.environ["PATH_INFO"] == "/"


def test_the_input_stream_reads_by_size_and_by_line() -> None:
    read: list[bytes] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        stream = environ["wsgi.input"]
        read.extend([stream.read(3), stream.readline(), stream.read(0), *stream, stream.read(5)])
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    chunks = b"2\r\nab\r\n4\r\ncd\ne\r\n3\r\n\nfg\r\n0\r\n\r\n"
    with (
        Loopback(app) as server,
        socket.create_connection((server.host, server.port), timeout=10) as other,
    ):
        other.sendall(
            b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
        )
        assert receive(other, len(OK)) == OK

    assert read == [b"abc", b"d\n", b"", b"e\n", b"fg", b""]
