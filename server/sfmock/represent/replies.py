"""A reply or an error as bytes with its header fields: the last step of every exchange."""

from __future__ import annotations

from datetime import datetime

from sfmock.represent.headers import reply_headers
from sfmock.represent.json import encode
from sfmock.wire import Rendered, Reply, Request


def render(
    reply: Reply, request: Request, family: str, *, now: datetime, serial: str, usage: str | None
) -> Rendered:
    """The bytes and header fields of a reply; a HEAD request gets no body."""
    body = b"" if reply.empty else _bytes(reply, request)
    headers = reply_headers(reply, request, family, now=now, serial=serial, usage=usage)
    # SOAP is recorded with a length, where REST is always chunked (wire-facts.md 7).
    if family == "soap" or reply.edge:
        headers += (("Content-Length", str(len(body))),)
    return Rendered(reply.status, headers, b"" if request.method == "HEAD" else body)


def _bytes(reply: Reply, request: Request) -> bytes:
    body = reply.body
    if isinstance(body, bytes):
        return body
    if isinstance(body, str) and not (reply.content_type or "").startswith("application/json"):
        return body.encode()
    return encode(body, pretty=request.headers.get("X-PrettyPrint") == "1").encode()
