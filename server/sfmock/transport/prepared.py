"""A prepared request of `requests` as our Request, and a Rendered reply as urllib3's response."""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from requests import PreparedRequest
from urllib3 import HTTPResponse

from sfmock.wire import MAX_BODY, Headers, Rendered, Request

_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


class BodyTooLarge(ValueError):
    """A request body over 64 MiB, more than any Salesforce API takes."""


@runtime_checkable
class _Readable(Protocol):
    def read(self, size: int, /) -> str | bytes: ...


class Body:
    """The body of a request, read once for each attempt as urllib3 does.

    A file is rewound before another attempt. A generator is not: urllib3 sends what is left of it, nothing.
    """

    def __init__(self, source: object) -> None:
        self._source = source
        self._start = _position(source)

    def read(self) -> bytes:
        """The whole body as bytes; raises BodyTooLarge."""
        source = self._source
        match source:
            case None:
                return b""
            case str():
                return source.encode()
            case bytes() | bytearray() | memoryview():
                return _bounded([bytes(source)])
        if isinstance(source, _Readable):
            self._rewind(source)
            return _bounded([_bytes(source.read(MAX_BODY + 1))])
        if isinstance(source, Iterable):
            return _bounded(_bytes(part) for part in source)
        raise TypeError(f"a request body cannot be {type(source).__name__}")

    def _rewind(self, source: object) -> None:
        seek = getattr(source, "seek", None)
        if self._start is not None and seek is not None:
            seek(self._start)


def as_request(prepared: PreparedRequest, body: bytes, *, kept: bool = False) -> Request:
    """Path and query stay percent-encoded as they were prepared; the body is already read."""
    parts = urlsplit(prepared.url or "")
    host = parts.netloc.rpartition("@")[2].removesuffix(_DEFAULT_PORTS.get(parts.scheme, "/"))
    headers = [(_text(name), _text(value)) for name, value in prepared.headers.items()]
    if "Host" not in prepared.headers:
        headers.insert(0, ("Host", host))  # http.client adds it on the way
    return Request(
        method=prepared.method or "GET",
        path=parts.path or "/",
        query=parts.query,
        headers=Headers(headers),
        body=body,
        host=host,
        scheme=parts.scheme,
        kept=kept,
    )


def as_urllib3(
    rendered: Rendered, method: str, url: str, stream: io.RawIOBase | None = None
) -> HTTPResponse:
    """The reply with its body still to be read, so that `stream=True` streams; `stream` takes the body's place."""
    return HTTPResponse(
        # A body on the reply to HEAD would be left over, and urllib3 takes that for a broken stream.
        body=stream or io.BytesIO(b"" if method == "HEAD" else rendered.body),
        # Pairs keep both of two Set-Cookie fields; urllib3 takes them, and only its annotation says mapping.
        headers=rendered.headers,  # type: ignore[arg-type]
        status=rendered.status,
        version=11,
        reason=http.client.responses.get(rendered.status, ""),
        preload_content=False,
        decode_content=False,
        # urllib3 asks it only for msg, close and isclosed; a real one cannot be made without a socket.
        original_response=_original(rendered.headers),  # type: ignore[arg-type]
        request_method=method,
        request_url=url,
    )


def _original(headers: Iterable[tuple[str, str]]) -> _Original | None:
    """None without cookies: requests would look for them twice, which costs more than a query."""
    fields = list(headers)
    return _Original(fields) if any(name == "Set-Cookie" for name, _ in fields) else None


class _Original:
    """Stands for http.client's response: requests takes the cookies from its `msg`, and from nowhere else."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.msg = http.client.HTTPMessage()
        for name, value in headers:
            self.msg[name] = value

    def close(self) -> None:
        """Nothing is open."""

    def isclosed(self) -> bool:
        """True: no connection waits for the end of the body."""
        return True


def _bounded(parts: Iterable[bytes]) -> bytes:
    kept, size = [], 0
    for part in parts:
        size += len(part)
        if size > MAX_BODY:
            raise BodyTooLarge(
                f"the request body is larger than {MAX_BODY // 1024**2} MiB, which no Salesforce API takes:"
                " split it into several requests"
            )
        kept.append(part)
    return b"".join(kept)


def _bytes(part: object) -> bytes:
    if isinstance(part, str):
        return part.encode()
    if isinstance(part, (bytes, bytearray, memoryview)):
        return bytes(part)
    raise TypeError(f"a part of the request body is {type(part).__name__}, not bytes")


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _position(source: object) -> int | None:
    tell = getattr(source, "tell", None)
    if tell is not None:
        with suppress(OSError):  # a pipe has no position
            position: int = tell()
            return position
    return None
