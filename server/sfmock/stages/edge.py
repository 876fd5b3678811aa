"""Stage: what the front end does before any API sees the request: bounds, and compressed bodies unpacked."""

from __future__ import annotations

import zlib
from dataclasses import replace

from sfmock import errors
from sfmock.wire import MAX_BODY, MAX_URI, Request

_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
# Clients whose instance URL ends with a slash, the sf command among them; seen to work (bulk.md, forcedotcom/cli 814).
_DOUBLED = "//services/"
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


def admit(request: Request) -> Request:
    """The request as the APIs see it; raises 413, 414 or 431 for what is too large, and refuses plain HTTP."""
    if request.scheme == "http" and request.on_salesforce:
        # Salesforce redirects it, and a POST would arrive as a GET (oauth.md 1).
        raise errors.refuse("plain http:// to a Salesforce host, which redirects it to https://")
    length = len(request.path) + len(request.query) + bool(request.query)
    if length > MAX_URI:
        raise errors.URI_TOO_LONG()
    if length + sum([len(name) + len(value) + 4 for name, value in request.headers]) > MAX_URI:
        raise errors.FIELDS_TOO_LARGE()  # 16,384 bytes are for the URI and the fields together (rest.md 1.3)
    coding = (request.headers.get("Content-Encoding") or "").strip().lower()
    body = _inflate(request.body) if coding in _CODINGS else request.body
    if len(body) > MAX_BODY:
        raise errors.REQUEST_TOO_LARGE()
    if request.path.startswith(_DOUBLED):
        return replace(request, body=body, path=request.path[1:])
    return request if body is request.body else replace(request, body=body)


def _inflate(body: bytes) -> bytes:
    """The body unpacked, no further than one byte beyond the bound; what is no whole stream stays as it is.

    It then fails as what it is not: JSON, a form.
    """
    unpacker = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
    try:
        unpacked = unpacker.decompress(body, MAX_BODY + 1)
    except zlib.error:
        return body
    return unpacked if unpacker.eof or len(unpacked) > MAX_BODY else body
