"""A loopback server that is a proxy, with an application that keeps what it served, and the bytes of its refusals."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sfmock.transport.loopback import Loopback
from sfmock.transport.proxy import Proxy
from sfmock.transport.switchboard import OrgNotFound

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = "acme.my.salesforce.com"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Net:
    """A listener with its rules, the environs it served and the notes it made."""

    def __init__(self) -> None:
        self.environs: list[WSGIEnvironment] = []
        self.notes: list[str] = []
        self.proxy = Proxy(self.check, self.notes.append)
        self.server = Loopback(self.app, proxy=self.proxy)

    def app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body: bytes = environ["wsgi.input"].read()
        self.environs.append(environ)
        start_response("200 OK", [("Content-Length", str(len(body) + 2))])
        return [b"ok" + body]

    def check(self, host: str) -> None:
        if host.lower() not in (HOST, "login.salesforce.com"):
            raise OrgNotFound(f"no live org answers for {host}")

    def connect(self) -> socket.socket:
        return socket.create_connection((self.server.host, self.server.port), timeout=10)

    @property
    def authorization(self) -> bytes:
        url = urlsplit(self.server.proxy_url or "")
        pair = f"{url.username}:{url.password}".encode()
        return b"Proxy-Authorization: Basic " + base64.b64encode(pair) + b"\r\n"


def receive(client: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size and (data := client.recv(min(size - len(received), 1 << 20))):
        received += data
    return bytes(received)


def receive_until_end(client: socket.socket) -> bytes:
    return receive(client, 1 << 30)


def refused(status: str, reason: str, field: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain\r\n{field}"
        f"Content-Length: {len(reason) + 1}\r\nConnection: close\r\n\r\n{reason}\n"
    ).encode()


def wrong_password(host: str) -> bytes:
    return refused(
        "407",
        f"sfmock lets nobody through to {host} without the password of this run:"
        " take the whole proxy URL from sfmock.env()",
        'Proxy-Authenticate: Basic realm="sfmock"\r\n',
    )
