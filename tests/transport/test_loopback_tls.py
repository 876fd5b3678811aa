"""TLS on the loopback server's one port, and the certificates behind it."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
import trustme

from sfmock.transport.loopback import Loopback, ca_file, ca_pem
from sfmock.transport.tls import server_context

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhttps"


def scheme_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answers with the body, or the scheme where there is none."""
    body: bytes = environ["wsgi.input"].read() or environ["wsgi.url_scheme"].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback(scheme_app) as loopback:
        yield loopback


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(ca_file())
        yield session


@pytest.fixture
def context() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=ca_pem().decode())


def connect(server: Loopback) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def test_one_port_speaks_https_and_http(server: Loopback, session: requests.Session) -> None:
    assert session.get(server.tls_url).text == "https"
    assert session.get(server.url).text == "http"
    assert session.get(f"https://127.0.0.1:{server.port}").text == "https"


def test_ten_megabytes_go_up_and_come_down(server: Loopback, session: requests.Session) -> None:
    data = bytes(range(256)) * 40_000

    assert session.post(server.tls_url, data=data).content == data


def test_cut_makes_pooled_tls_clients_reconnect(
    server: Loopback, session: requests.Session
) -> None:
    session.post(server.tls_url, data=b"one").raise_for_status()

    server.cut()

    assert session.post(server.tls_url, data=b"two").content == b"two"


def test_a_client_that_trusts_another_authority_refuses_the_server(server: Loopback) -> None:
    other = ssl.create_default_context(cadata=trustme.CA().cert_pem.bytes().decode())

    with (
        connect(server) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
        other.wrap_socket(raw, server_hostname="localhost"),
    ):
        pass


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "::1",
        "login.salesforce.com",
        "x.trailblaze.my.salesforce.com",
        "acme--dev.sandbox.my.salesforce.com",
        "hp--dev.sandbox.my.salesforce.com",
        "login.salesforce.com.",
    ],
)
def test_the_certificate_holds_the_name_that_is_asked_for(
    server: Loopback, context: ssl.SSLContext, name: str
) -> None:
    with connect(server) as raw, context.wrap_socket(raw, server_hostname=name) as client:
        client.sendall(REQUEST)

        assert client.recv(4096) == REPLY


@pytest.mark.parametrize("name", ["a b.example", "hp--dev"])
def test_a_name_that_no_certificate_can_hold_is_refused(
    server: Loopback, context: ssl.SSLContext, name: str
) -> None:
    context.check_hostname = False

    with (
        connect(server) as raw,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
        context.wrap_socket(raw, server_hostname=name),
    ):
        pass


def test_http_1_1_is_agreed_upon_and_tls_is_modern(
    server: Loopback, context: ssl.SSLContext
) -> None:
    context.set_alpn_protocols(["h2", "http/1.1"])

    with connect(server) as raw, context.wrap_socket(raw, server_hostname="a.example") as client:
        assert client.selected_alpn_protocol() == "http/1.1"
        assert client.version() in ("TLSv1.2", "TLSv1.3")


def test_the_end_of_a_tls_reply_is_told_from_a_break(
    server: Loopback, context: ssl.SSLContext
) -> None:
    with (
        connect(server) as raw,
        context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False) as client,
    ):
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")

        received = b""
        while data := client.recv(4096):  # without close_notify this would raise SSLEOFError
            received += data
    assert received.endswith(b"\r\n\r\nhttps")


def test_a_silent_handshake_holds_up_nobody(server: Loopback, session: requests.Session) -> None:
    with connect(server) as silent, connect(server) as stuck:
        stuck.sendall(b"\x16\x03\x01")

        assert session.get(server.tls_url).text == "https"
        server.close()
        assert silent.recv(1) == b""


def test_many_clients_shake_hands_at_once(server: Loopback, context: ssl.SSLContext) -> None:
    replies: list[bytes] = []

    def ask(name: str) -> None:
        with connect(server) as raw, context.wrap_socket(raw, server_hostname=name) as client:
            client.sendall(REQUEST)
            replies.append(client.recv(4096))

    threads = [threading.Thread(target=ask, args=(f"org{n % 4}.example",)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert replies == [REPLY] * 16


def test_the_authority_is_one_file_that_only_the_user_reads() -> None:
    path = ca_file()

    assert path == ca_file()
    assert path.read_bytes() == ca_pem()
    assert b"PRIVATE KEY" not in ca_pem()
    assert not any(b"EC PRIVATE KEY" in entry.read_bytes() for entry in path.parent.iterdir())
    if os.name == "posix":
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_file_is_gone_when_the_process_ends() -> None:
    script = "from sfmock.transport.tls import ca_file; print(ca_file())"

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )

    assert not Path(done.stdout.strip()).parent.exists()


def test_an_injected_truststore_is_not_served_with(monkeypatch: pytest.MonkeyPatch) -> None:
    original = ssl.SSLContext
    monkeypatch.setattr(
        ssl, "SSLContext", type("SSLContext", (original,), {"__module__": "truststore._api"})
    )

    assert type(server_context("127.0.0.9")) is original


def test_plain_http_makes_no_keys() -> None:
    script = "import sys, sfmock.transport.loopback; sys.exit('trustme' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
