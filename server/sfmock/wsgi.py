"""Between WSGI and our own requests and replies: environ in, status line, header fields and bytes out."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wsgi import get_input_stream

from sfmock.wire import MAX_BODY, Disconnect, Effect, Headers, Rendered, Request, Sleep, Travel

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_GZIP_FROM = 1_000
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_PIECE = 1024 * 1024


def read_request(
    environ: WSGIEnvironment, turns_away: Callable[[Request], bool] | None = None
) -> Request:
    """The request of an environ, its body as sent; raises Disconnect where only half of it came.

    `turns_away` is asked about a client that holds its body back until it is told to send it: where the head alone earns
    an error, the body stays unread.
    """
    waits = str(environ.get("HTTP_EXPECT", "")).lower() == "100-continue"
    if waits and turns_away is not None:
        unread = _request(environ, b"")
        if turns_away(unread):
            return unread
    return _request(environ, _read_body(environ))


def _request(environ: WSGIEnvironment, body: bytes) -> Request:
    raw = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or "")
    if not raw.startswith("/") and "://" in raw:  # a proxy's form of the target
        raw = "/" + raw.split("://", 1)[1].partition("/")[2]
    path = raw.partition("?")[0]
    if not path:
        path = quote(
            str(environ.get("PATH_INFO", "/")).encode("latin-1"), safe="/:@!$&'()*+,;=-._~"
        )
    headers = [
        (name[5:].replace("_", "-").title(), str(value))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", str(environ["CONTENT_TYPE"])))
    host = str(environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}")
    return Request(
        method=str(environ["REQUEST_METHOD"]),
        path=path,
        query=str(environ.get("QUERY_STRING", "")),
        headers=Headers(headers),
        body=body,
        host=host,
        scheme=str(environ.get("wsgi.url_scheme", "http")),
        kept=bool(environ.get("sfmock.kept")),
    )


def _read_body(environ: WSGIEnvironment) -> bytes:
    """The body up to one byte beyond the bound, which is enough to be refused."""
    stream = get_input_stream(environ)
    pieces: list[bytes] = []
    left = MAX_BODY + 1
    try:
        while left > 0 and (piece := stream.read(min(left, _PIECE))):
            pieces.append(piece)
            left -= len(piece)
    except ClientDisconnected as error:
        raise Disconnect("the request's body did not arrive whole") from error
    return b"".join(pieces)


def write_reply(request: Request, rendered: Rendered) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, header fields and body; gzipped, where the client asked for it and it pays (rest.md 1.6)."""
    headers, body = list(rendered.headers), rendered.body
    status = f"{rendered.status} {HTTP_STATUS_CODES.get(rendered.status, 'Unknown')}"
    accepted = request.headers.get("Accept-Encoding") or ""
    if len(body) < _GZIP_FROM or not _GZIP.search(accepted) or _is_settled(headers, body):
        return status, headers, body
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    packed = packer.compress(body) + packer.flush()
    changed = {"Content-Length": str(len(packed))}
    headers = [
        (name, f'{value[:-1]}--gzip"' if name == "ETag" and value.endswith('"') else value)
        for name, value in headers
    ]
    headers = [(name, changed.get(name, value)) for name, value in headers]
    return status, [*headers, ("Content-Encoding", "gzip")], packed


def _is_settled(headers: Iterable[tuple[str, str]], body: bytes) -> bool:
    """Whether a fault has decided on coding or length; SOAP alone tells the true length."""
    return any(
        name == "Content-Encoding" or (name == "Content-Length" and value != str(len(body)))
        for name, value in headers
    )


def send_reply(
    request: Request, rendered: Rendered, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """What a WSGI application answers; raises Disconnect where the connection is to break."""
    sleep: Sleep = environ.get("sfmock.wait", time.sleep)
    rendered.wait(sleep)
    travel = rendered.travel
    if rendered.reset or travel.refused:
        raise Disconnect("the planned fault breaks the connection here")
    if travel.closed:
        raise Disconnect("the planned fault closes the connection here", in_order=True)
    status, headers, body = write_reply(request, rendered)
    start_response(status, headers)
    if not body or (travel.cut is None and travel.pieces == 1):
        return [body]
    return _pieces(travel, body, sleep, environ.get("sfmock.flush", _no_flush))


def damage(rendered: Rendered, effect: Effect) -> Rendered:
    """The reply with the header fields that a fault gives it, whether its body keeps them or not."""
    headers = (*rendered.headers, *effect.headers)
    if not rendered.body or not (effect.gzip or effect.travel.longer):
        return replace(rendered, headers=headers)
    body = _gzipped(rendered.body, effect)
    fields = [each for each in headers if each[0] != "Content-Length"]
    if effect.travel.longer or len(fields) < len(headers):
        fields.append(("Content-Length", str(max(0, len(body) + effect.travel.longer))))
    if effect.gzip:
        fields.append(("Content-Encoding", "gzip"))
    return replace(rendered, headers=tuple(fields), body=body)


def _gzipped(body: bytes, effect: Effect) -> bytes:
    """The body as its coding says it is, or with a bit turned over in the middle and in the checksum."""
    if effect.gzip not in ("packed", "broken"):
        return body
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    packed = bytearray(packer.compress(body) + packer.flush())
    if effect.gzip == "broken":
        for place in (len(packed) // 2, -8):  # the last eight bytes are checksum and length
            packed[place] ^= 0x10
    return bytes(packed)


def _pieces(
    travel: Travel, body: bytes, sleep: Sleep, flush: Callable[[], None]
) -> Iterator[bytes]:
    for number, piece in enumerate(travel.split(body) or [b""]):  # the head arrives in any case
        if number and travel.pause and sleep(travel.pause):
            raise Disconnect("the server stops")
        yield piece
        flush()  # the server has taken the piece, and would wait for more
    if travel.cut is not None:
        raise Disconnect("the planned fault cuts the reply here", in_order=True)


def _no_flush() -> None:
    """Other servers pass each piece on as it comes, as PEP 3333 demands."""
