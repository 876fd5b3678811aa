"""Between WSGI and our own requests and replies: environ in, status line, header fields and bytes out."""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.wsgi import get_input_stream

from sfmock.wire import Headers, Rendered, Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a request body; more is answered 413."""
_GZIP_FROM = 1_000


def read_request(environ: WSGIEnvironment) -> Request:
    """The request of an environ, its body read whole; raises OSError where only half of it came."""
    body: bytes = get_input_stream(environ, max_content_length=MAX_BODY).read()
    raw = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or "")
    if raw and "://" in raw.partition("?")[0]:
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
    if (environ.get("HTTP_CONTENT_ENCODING") or "").lower() == "gzip":
        body = _inflate(body)
    return Request(
        method=str(environ["REQUEST_METHOD"]),
        path=path,
        query=str(environ.get("QUERY_STRING", "")),
        headers=Headers(headers),
        body=body,
        host=host,
        scheme=str(environ.get("wsgi.url_scheme", "http")),
    )


def _inflate(body: bytes) -> bytes:
    """A gzip body; what is no gzip stays as it is (and fails as JSON), what grows beyond the bound is cut off."""
    with suppress(zlib.error):
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BODY)
    return body


def write_reply(request: Request, rendered: Rendered) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, header fields and body; gzipped, where the client asked for it and it pays (rest.md 1.6)."""
    headers, body = list(rendered.headers), rendered.body
    status = f"{rendered.status} {_REASONS.get(rendered.status, 'Unknown')}"
    accepted = request.headers.get("Accept-Encoding") or ""
    has_length = any(name == "Content-Length" for name, _ in headers)
    if len(body) < _GZIP_FROM or "gzip" not in accepted or has_length:
        return status, headers, body
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    headers = [
        (name, f'{value[:-1]}--gzip"' if name == "ETag" and value.endswith('"') else value)
        for name, value in headers
    ]
    return status, [*headers, ("Content-Encoding", "gzip")], packer.compress(body) + packer.flush()


_REASONS = {
    200: "OK", 201: "Created", 204: "No Content", 300: "Multiple Choices", 304: "Not Modified", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone",
    412: "Precondition Failed", 415: "Unsupported Media Type", 500: "Internal Server Error", 501: "Not Implemented",
    503: "Service Unavailable",
}  # fmt: skip
