"""Between WSGI and our own requests and replies: environ in, status line, header fields and bytes out."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wsgi import get_input_stream

from sfmock.wire import MAX_BODY, Disconnect, Headers, Rendered, Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

_GZIP_FROM = 1_000
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_PIECE = 1024 * 1024


def read_request(environ: WSGIEnvironment) -> Request:
    """The request of an environ, its body as sent; raises Disconnect where only half of it came."""
    body = _read_body(environ)
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
    has_length = any(name == "Content-Length" for name, _ in headers)
    if len(body) < _GZIP_FROM or not _GZIP.search(accepted) or has_length:
        return status, headers, body
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    headers = [
        (name, f'{value[:-1]}--gzip"' if name == "ETag" and value.endswith('"') else value)
        for name, value in headers
    ]
    return status, [*headers, ("Content-Encoding", "gzip")], packer.compress(body) + packer.flush()
