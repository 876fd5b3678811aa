"""The head of one request: request line and header fields, read within bounds and refused where they are ambiguous."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sfmock.wire import MAX_BODY, MAX_URI

MAX_FIELDS = 64 * 1024
_MAX_BLANK_LINES = 8
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"[!-~\x80-\xff]+")
_ABSOLUTE = re.compile(r"(https?)://([^/?#]+)(.*)", re.IGNORECASE)
_VERSION = re.compile(r"HTTP/([0-9])\.([0-9])")
_HOST = re.compile(r"[0-9A-Za-z!$%&'()*+,.:;=_~\[\]-]*")  # no name of a user, no space, no slash
_VALUE = re.compile(r"[\t -~\x80-\xff]*")


class BadMessageError(Exception):
    """A request that no application gets to see; `status` is the answer, after which the connection closes."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Head:
    """One request without its body. `length` is None for a chunked body; `path` is still percent-encoded."""

    method: str
    target: str = field(repr=False)  # the query may carry tokens
    path: str
    query: str = field(repr=False)
    version: str
    fields: dict[str, str] = field(repr=False)  # lower-case names; repeated fields are joined
    length: int | None

    @property
    def uri(self) -> str:
        """Path and query as they were sent."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def absolute(self) -> tuple[str, str] | None:
        """Scheme and authority of a target that is a whole URL, as proxies get it."""
        if self.target.startswith("/") or self.method == "CONNECT":
            return None
        match = _ABSOLUTE.fullmatch(self.target)
        return None if match is None else (match[1].lower(), match[2])

    @property
    def is_http_1_1(self) -> bool:
        """False for HTTP/1.0, which knows neither chunks nor "100 Continue"."""
        return self.version != "HTTP/1.0"

    @property
    def keeps_connection(self) -> bool:
        """What the client wants; HTTP/1.0 has to ask for it."""
        options = {part.strip() for part in self.fields.get("connection", "").lower().split(",")}
        return "close" not in options if self.is_http_1_1 else "keep-alive" in options

    @property
    def expects_continue(self) -> bool:
        """True if the client holds its body back until it is asked for."""
        return self.is_http_1_1 and self.fields.get("expect", "").lower() == "100-continue"


def read_head(stream: io.BufferedReader) -> Head | None:
    """Reads up to the empty line; None if the client went away before it."""
    line = _first_line(stream)
    if line is None:
        return None
    method, target, version = _request_line(line)
    fields = _fields(stream)
    if fields is None:
        return None
    path, query = _locate(method, target, version, fields)
    return Head(method, target, path, query, version, fields, _body_length(version, fields))


def _first_line(stream: io.BufferedReader) -> str | None:
    limit = MAX_URI + 64  # method and version come on top
    for _ in range(_MAX_BLANK_LINES):  # RFC 9112, 2.2: a client may send one too many after a body
        line = stream.readline(limit)
        if len(line) == limit and not line.endswith(b"\n"):
            raise BadMessageError(414)
        if not line.endswith(b"\n"):
            return None
        if text := line.decode("latin-1").rstrip("\r\n"):
            return text
    raise BadMessageError


def _request_line(line: str) -> tuple[str, str, str]:
    method, _, rest = line.partition(" ")
    target, _, version = rest.partition(" ")
    match = _VERSION.fullmatch(version)
    if match is None or not _TOKEN.fullmatch(method) or not _TARGET.fullmatch(target):
        raise BadMessageError
    if match[1] != "1":
        raise BadMessageError(505)
    if len(target) > MAX_URI:
        raise BadMessageError(414)
    return method, target, version


def _fields(stream: io.BufferedReader) -> dict[str, str] | None:
    fields: dict[str, str] = {}
    left = MAX_FIELDS
    while (line := stream.readline(left)) not in (b"\r\n", b"\n"):
        left -= len(line)
        if left <= 0:
            raise BadMessageError(431)
        if not line.endswith(b"\n"):
            return None
        _add_field(fields, line.decode("latin-1").rstrip("\r\n"))
    return fields


def _add_field(fields: dict[str, str], line: str) -> None:
    name, colon, value = line.partition(":")
    value = value.strip(" \t")
    # Space before the colon and folded lines are how one server is made to see another request than the next.
    if not colon or not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
        raise BadMessageError
    name = name.lower()
    if name not in fields:
        fields[name] = value
    elif name in ("host", "content-length"):
        raise BadMessageError
    else:
        fields[name] += ("; " if name == "cookie" else ",") + value


def _locate(method: str, target: str, version: str, fields: dict[str, str]) -> tuple[str, str]:
    """Path and query; a target with a host in it, as proxies get it, replaces the Host field (RFC 9112, 3.2.2)."""
    if "host" not in fields and version != "HTTP/1.0":
        raise BadMessageError
    if method == "CONNECT" or (method == "OPTIONS" and target == "*"):
        return target, ""
    if not target.startswith("/"):
        match = _ABSOLUTE.fullmatch(target)
        if match is None:
            raise BadMessageError
        fields["host"] = match[2]
        target = match[3] if match[3].startswith("/") else "/" + match[3]
    if not _HOST.fullmatch(fields.get("host", "")):  # it becomes a part of URLs in replies
        raise BadMessageError
    path, _, query = target.partition("?")
    return path, query


def _body_length(version: str, fields: dict[str, str]) -> int | None:
    length = fields.get("content-length")
    coding = fields.get("transfer-encoding")
    if coding is not None:
        # Any other coding, or both fields, leaves open where the body ends: the rest would be served as a request.
        if coding.lower() != "chunked" or length is not None or version == "HTTP/1.0":
            raise BadMessageError
        return None
    if length is None:
        return 0
    if not length.isascii() or not length.isdigit():
        raise BadMessageError
    if len(length) > 18 or int(length) > MAX_BODY:
        raise BadMessageError(413)
    return int(length)


def cgi_fields(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The fields under their WSGI names, but for the password of a proxy.

    Those with an underscore are left out, as they could pose as others.
    """
    for name, value in fields.items():
        if "_" not in name and name != "proxy-authorization":
            key = name.upper().replace("-", "_")
            bare = key in ("CONTENT_TYPE", "CONTENT_LENGTH")
            yield (key if bare else f"HTTP_{key}"), value
