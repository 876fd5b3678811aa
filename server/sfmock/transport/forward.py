"""A request for another host's plain HTTP, handed on as a proxy does: a WSGI application that asks that host."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import quote

from sfmock.transport.body import RequestBody
from sfmock.transport.head import Head
from sfmock.transport.outside import connect, find_upstream, refuse
from sfmock.transport.proxy import Proxy, ProxyRefusedError, Target
from sfmock.transport.tunnel import IDLE
from sfmock.wire import Disconnect

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_PIECE = 64 * 1024
_ASCII = "".join(map(chr, range(33, 127)))
_BETWEEN_TWO = frozenset(
    {"connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization"}
    | {"te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length"}
)
"""Fields about one connection, and those that frame the body: they are written anew for the next."""


class Forward:
    """Asks the host of one request; `attach` is told of the connection to it, which ends with the client's."""

    def __init__(
        self, head: Head, target: Target, proxy: Proxy, attach: Callable[[socket.socket], None]
    ) -> None:
        self._head = head
        self._target = target
        self._proxy = proxy
        self._attach = attach

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The host's answer, or why there is none."""
        try:
            connection, response = self._ask(environ["wsgi.input"])
        except ProxyRefusedError as refusal:
            page = f"{refusal.reason}\n".encode()
            fields = [("Content-Type", "text/plain"), ("Content-Length", str(len(page)))]
            start_response(f"{refusal.status} {refusal.reason}", fields)
            return [page]
        start_response(f"{response.status} {response.reason}", [*_reply_fields(response)])
        return _pieces(connection, response, environ["sfmock.flush"])

    def _ask(self, body: RequestBody) -> tuple[HTTPConnection, HTTPResponse]:
        upstream = find_upstream(self._target, "http", self._proxy)
        connection = HTTPConnection(*(upstream.target if upstream else self._target))
        connection.sock = connect(Target(connection.host, connection.port))
        try:
            connection.sock.settimeout(IDLE)
            self._attach(connection.sock)
            url = quote(self._head.uri.encode("latin-1"), safe=_ASCII)
            if upstream is not None:
                url = f"http://{self._target}{url}"
            self._send(connection, url, body, {} if upstream is None else upstream.fields)
            return connection, connection.getresponse()
        except Disconnect:  # the client's
            connection.close()
            raise
        except OSError as error:
            connection.close()
            refuse(self._target, error)
        except HTTPException as error:
            connection.close()
            raise ProxyRefusedError(502, f"{self._target} does not speak HTTP") from error

    def _send(
        self, connection: HTTPConnection, url: str, body: RequestBody, more: dict[str, str]
    ) -> None:
        head = self._head
        connection.putrequest(head.method, url, skip_host=True, skip_accept_encoding=True)
        for name, value in {**_kept(head.fields), **more}.items():
            connection.putheader(name, value)
        connection.putheader("Connection", "close")
        if head.length is None:
            connection.putheader("Transfer-Encoding", "chunked")
        elif "content-length" in head.fields:
            connection.putheader("Content-Length", str(head.length))
        connection.endheaders()
        with contextlib.suppress(BrokenPipeError):  # it may answer without having read all
            for piece in _read(body):
                chunk = b"%x\r\n%b\r\n" % (len(piece), piece)
                connection.send(chunk if head.length is None else piece)
            if head.length is None:
                connection.send(b"0\r\n\r\n")


def _read(body: RequestBody) -> Iterator[bytes]:
    while piece := body.read1(_PIECE):
        yield piece


def _kept(fields: dict[str, str]) -> dict[str, str]:
    """The fields that are meant for the host, not for us."""
    named = {each.strip() for each in fields.get("connection", "").lower().split(",")}
    return {
        name: value
        for name, value in fields.items()
        if name not in _BETWEEN_TWO and name not in named
    }


def _reply_fields(response: HTTPResponse) -> Iterator[tuple[str, str]]:
    named = {each.strip() for each in (response.getheader("Connection") or "").lower().split(",")}
    for name, value in response.getheaders():
        if name.lower() not in _BETWEEN_TWO and name.lower() not in named:
            yield name, value
    if length := response.getheader("Content-Length"):
        yield "Content-Length", length


def _pieces(
    connection: HTTPConnection, response: HTTPResponse, flush: Callable[[], None]
) -> Iterator[bytes]:
    with contextlib.closing(connection), response:
        try:
            while piece := response.read1(_PIECE):
                yield piece
                flush()
        except (OSError, HTTPException) as error:
            raise Disconnect("the other host broke off") from error
