"""Whole URLs at the proxy, and the proxy behind another one."""

from __future__ import annotations

import base64
import socket

import pytest

from other_hosts import Other, answer, listening, read_to_end
from proxy_net import ESTABLISHED, HOST, Net, receive, receive_until_end, refused, wrong_password
from sfmock.transport import outside

REPLY = b"HTTP/1.1 200 Fine\r\nContent-Length: 5\r\nX-A: 1\r\nX-A: 2\r\n\r\nhello"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def get(client: socket.socket, url: str, *fields: bytes) -> None:
    head = f"GET {url} HTTP/1.1\r\n".encode()
    client.sendall(head + b"Host: elsewhere\r\n" + b"".join(fields) + b"\r\n")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_whole_urls_of_salesforce_are_answered_by_the_application(
    net: Net, client: socket.socket, scheme: str
) -> None:
    for _ in range(2):
        get(client, f"{scheme}://{HOST}/x?y=1", net.authorization)
        assert receive(client, 40).endswith(b"\r\n\r\nok")

    environ = net.environs[0]
    assert (environ["HTTP_HOST"], environ["REQUEST_URI"]) == (HOST, "/x?y=1")
    assert environ["wsgi.url_scheme"] == scheme
    assert not any("PROXY" in name for name in environ)


def test_salesforce_hosts_without_an_org_are_refused_and_noted(
    net: Net, client: socket.socket
) -> None:
    get(client, "http://unknown.my.salesforce.com/", net.authorization)

    text = "no live org answers for unknown.my.salesforce.com"
    assert receive_until_end(client) == refused("403", text)
    assert net.notes == [text]
    assert net.environs == []


def test_requests_for_this_address_need_no_password(net: Net, client: socket.socket) -> None:
    get(client, f"http://localhost:{net.server.port}/x")

    assert receive(client, 40).endswith(b"\r\n\r\nok")


def test_other_hosts_need_the_password(net: Net, client: socket.socket) -> None:
    with listening(answer(REPLY)) as other:
        get(client, f"http://{other.authority}/x")

        assert receive_until_end(client) == wrong_password("127.0.0.1")
    assert other.got == []


def test_another_host_is_asked_and_answers(net: Net, client: socket.socket) -> None:
    with listening(answer(REPLY)) as other:
        for number in (1, 2):  # the connection to us is kept
            get(
                client,
                f"http://{other.authority}/x?y=\xff",
                net.authorization,
                b"X-Mine: 1\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTE: gzip\r\n",
            )
            wanted = b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 5\r\n\r\nhello"
            assert receive(client, len(wanted)) == wanted
            assert len(other.got) == number

    assert other.got[0] == (
        b"GET /x?y=%C3%BF HTTP/1.1\r\nhost: "
        + other.authority.encode()
        + b"\r\nx-mine: 1\r\nConnection: close\r\n\r\n"
    )
    assert net.environs == []


@pytest.mark.parametrize(
    ("framing", "sent", "forwarded"),
    [
        (b"Content-Length: 5\r\n", b"hello", b"Content-Length: 5\r\n\r\nhello"),
        (
            b"Transfer-Encoding: chunked\r\n",
            b"2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: 1\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        ),
    ],
)
def test_bodies_go_up(
    net: Net, client: socket.socket, framing: bytes, sent: bytes, forwarded: bytes
) -> None:
    def talk(connection: socket.socket, other: Other) -> None:
        received = b""
        while not received.endswith(forwarded[-7:]):
            received += connection.recv(65536)
        other.got.append(received)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with listening(talk) as other:
        head = f"POST http://{other.authority}/ HTTP/1.1\r\nHost: x\r\n".encode()
        client.sendall(head + net.authorization + b"Expect: 100-continue\r\n" + framing + b"\r\n")
        assert receive(client, 25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(sent)
        assert receive(client, 27) == b"HTTP/1.1 204 No Content\r\n\r\n"
    assert other.got[0].endswith(b"\r\nConnection: close\r\n" + forwarded)


def test_a_reply_without_length_comes_in_chunks(net: Net, client: socket.socket) -> None:
    with listening(answer(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")) as other:
        get(client, f"http://{other.authority}/", net.authorization)

        wanted = (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\nuntil the end\r\n0\r\n\r\n"
        )
        assert receive(client, len(wanted)) == wanted


def test_a_reply_that_breaks_off_is_not_taken_for_whole(net: Net, client: socket.socket) -> None:
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"
    with listening(answer(reply)) as other:
        get(client, f"http://{other.authority}/", net.authorization)

        with pytest.raises(ConnectionResetError):
            receive_until_end(client)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"", "{} cannot be reached: Remote end closed connection without response"),
        (b"SSH-2.0-OpenSSH\r\n", "{} does not speak HTTP"),
    ],
)
def test_a_host_that_gives_no_answer_is_told(
    net: Net, client: socket.socket, reply: bytes, reason: str
) -> None:
    with listening(answer(reply)) as other:
        get(client, f"http://{other.authority}/", net.authorization)
        status = "HTTP/1.1 502 " + reason.format(other.authority)
        assert receive(client, len(status)).decode() == status


def test_https_urls_of_other_hosts_go_by_connect(net: Net, client: socket.socket) -> None:
    get(client, "https://example.com/", net.authorization)

    reason = "example.com speaks TLS: ask for it by CONNECT"
    assert receive_until_end(client) == refused("400", reason)


def test_a_forwarded_request_ends_with_the_server(net: Net, client: socket.socket) -> None:
    with listening(read_to_end) as other:
        get(client, f"http://{other.authority}/", net.authorization)
        assert other.begun.acquire(timeout=10)

        net.server.close()

        assert other.ended.acquire(timeout=10)


@pytest.mark.parametrize("login", ["", "ada:p%40ss@"])
def test_other_hosts_are_reached_through_the_users_own_proxy(
    net: Net, client: socket.socket, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    basic = base64.b64encode(b"ada:p@ss")
    sent = b"Proxy-Authorization: Basic " + basic + b"\r\n" if login else b""

    with listening(answer(b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\nearly words")) as upstream:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{login}{upstream.authority}")
        ask = b"CONNECT far.example:22 HTTP/1.1\r\nHost: x\r\n" + net.authorization + b"\r\n"
        client.sendall(ask)
        assert receive_until_end(client) == ESTABLISHED + b"early words"

        monkeypatch.setenv("http_proxy", f"{login}{upstream.authority}")
        with net.connect() as another:
            get(another, "http://far.example/x", net.authorization)
            assert receive(another, 15) == b"HTTP/1.1 200 OK"

    assert upstream.got[0] == (
        b"CONNECT far.example:22 HTTP/1.1\r\nHost: far.example:22\r\n" + sent + b"\r\n"
    )
    assert upstream.got[1] == (
        b"GET http://far.example:80/x HTTP/1.1\r\nhost: far.example\r\n"
        + sent
        + b"Connection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "socks5://ada:secret@127.0.0.1:1",
            "far.example:443 is behind the socks5 proxy of this environment,"
            " and sfmock knows its way through http:// proxies only",
        ),
        ("http://:secret@", "the proxy of this environment is no URL"),
    ],
)
def test_a_proxy_of_another_kind_is_told_without_its_password(
    net: Net,
    client: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    reason: str,
) -> None:
    monkeypatch.setenv("https_proxy", url)
    client.sendall(b"CONNECT far.example:443 HTTP/1.0\r\n" + net.authorization + b"\r\n")

    assert receive_until_end(client) == refused("502", reason)


def test_what_the_users_proxy_says_is_told(
    net: Net, client: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(answer(b"HTTP/1.1 407 Who are you\r\n\r\n")) as upstream:
        monkeypatch.setenv("https_proxy", f"http://{upstream.authority}")
        client.sendall(b"CONNECT far.example:443 HTTP/1.0\r\n" + net.authorization + b"\r\n")

        reason = "the proxy of this environment refused far.example:443: 407 Who are you"
        assert receive_until_end(client) == refused("502", reason)


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "*", ""])
def test_no_proxy_and_our_own_proxy_are_passed_by(
    net: Net, client: socket.socket, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    url = "http://127.0.0.1:1" if no_proxy else net.server.proxy_url or ""
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", no_proxy)

    with listening(answer(REPLY)) as other:
        get(client, f"http://{other.authority}/", net.authorization)
        assert receive(client, 17) == b"HTTP/1.1 200 Fine"


def test_a_broken_body_is_refused_and_the_host_gets_no_whole_one(
    net: Net, client: socket.socket
) -> None:
    with listening(read_to_end) as other:
        head = f"POST http://{other.authority}/ HTTP/1.1\r\nHost: x\r\n".encode()
        client.sendall(
            head + net.authorization + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\nxx\r\n"
        )

        assert receive_until_end(client).startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert other.ended.acquire(timeout=10)
    assert other.got[0].endswith(b"\r\n\r\n2\r\nhe\r\n")


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n", "502", "cannot be reached: it broke off"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "502", "cannot be reached: it broke off"),
        (None, "504", "does not answer"),
    ],
)
def test_a_proxy_of_the_user_that_gives_no_answer_is_told(
    net: Net,
    client: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    reply: bytes | None,
    status: str,
    reason: str,
) -> None:
    monkeypatch.setattr(outside, "_ANSWERING", 0.1)
    with listening(read_to_end if reply is None else answer(reply)) as upstream:
        monkeypatch.setenv("https_proxy", f"http://{upstream.authority}")
        client.sendall(b"CONNECT far.example:443 HTTP/1.0\r\n" + net.authorization + b"\r\n")

        assert receive_until_end(client) == refused(status, f"{upstream.authority} {reason}")
