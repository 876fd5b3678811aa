"""Writes one WSGI reply to a connection: head and framing, collected and sent in as few packets as can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TypeAlias

from sfmock.transport.head import Head

_BUFFER = 64 * 1024
_FIELD_TEXT = re.compile(r"[\t -~\x80-\xff]*")

ExcInfo: TypeAlias = (
    "tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]"
)


class ReplyWriter:
    """`start_response` and the rest of WSGI's reply side for one request.

    Who sends neither Content-Length nor an empty reply gets chunks, or on HTTP/1.0 a connection that closes.
    `send` is told which piece is the last; what completes a reply goes out with it, never before.
    `must_close` is asked when the head is written; `closing` says what it then told the client.
    """

    def __init__(
        self, head: Head, send: Callable[[bytes, bool], None], must_close: Callable[[], bool]
    ) -> None:
        self.closing = False
        self.sent = False
        self._head = head
        self._send = send
        self._must_close = must_close
        self._status: str | None = None
        self._fields: Sequence[tuple[str, str]] = ()
        self._composed = False
        self._bodiless = head.method == "HEAD"
        self._chunked = False
        self._length: int | None = None
        self._written = 0
        self._pending: list[bytes] = []
        self._pending_size = 0

    def start_response(
        self,
        status: str,
        headers: Sequence[tuple[str, str]],
        exc_info: ExcInfo | None = None,
        /,
    ) -> Callable[[bytes], None]:
        """WSGI's callable: takes status and header fields, which may be replaced only while nothing was sent."""
        if exc_info is not None and exc_info[1] is not None and self._composed:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self._status is not None:
            raise AssertionError("start_response was called twice")
        self._status, self._fields = status, tuple(headers)
        return self.write

    def write(self, data: bytes) -> None:
        """Takes a piece of the body; large replies leave on the way."""
        self._compose()
        if not data or self._bodiless:
            return
        self._written += len(data)
        if self._chunked:
            self._collect(b"%x\r\n" % len(data))
            self._collect(data)
            self._collect(b"\r\n")
        else:
            self._collect(data)
        if self._pending_size > _BUFFER and self._written != self._length:
            self._flush(last=False)

    def flush(self) -> None:
        """Sends what was written so far, for a reply that is to come in pieces."""
        self._compose()
        self._flush(last=False)

    def finish(self) -> None:
        """Ends the body and sends what is left."""
        self._compose()
        if self._chunked:
            self._collect(b"0\r\n\r\n")
        if self._length is not None and not self._bodiless and self._written != self._length:
            self.closing = True  # the client could not tell where the next reply begins
        self._flush(last=True)

    def _collect(self, data: bytes) -> None:
        self._pending.append(data)
        self._pending_size += len(data)

    def _flush(self, *, last: bool) -> None:
        data = b"".join(self._pending)
        self._pending.clear()
        self._pending_size = 0
        if data:
            self._send(data, last)
            self.sent = True

    def _compose(self) -> None:
        if self._composed:
            return
        if self._status is None:
            raise AssertionError("the application wrote before it called start_response")
        code = int(self._status[:3])
        self._bodiless = self._bodiless or code in (204, 304)
        given = {name.lower(): value for name, value in self._fields}
        self._length = int(given["content-length"]) if "content-length" in given else None
        self._frame(given)
        lines = [f"HTTP/1.1 {self._status}", *self._field_lines(code)]
        if not all(_FIELD_TEXT.fullmatch(line) for line in lines):
            raise ValueError("a header field of the reply holds characters that HTTP forbids")
        self._composed = True
        self._collect("\r\n".join((*lines, "", "")).encode("latin-1"))

    def _frame(self, given: dict[str, str]) -> None:
        endless = self._length is None and not self._bodiless
        self._chunked = endless and self._head.is_http_1_1
        self.closing = (
            (endless and not self._chunked)
            or not self._head.keeps_connection
            or "close" in given.get("connection", "").lower()
            or self._must_close()
        )

    def _field_lines(self, code: int) -> list[str]:
        """The application's fields in its order; those about the connection say what really happens."""
        ours = {"transfer-encoding": "chunked" if self._chunked else None, "keep-alive": None}
        if code == 204:
            ours["content-length"] = None
        if self.closing:
            ours["connection"] = "close"
        elif not self._head.is_http_1_1:
            ours["connection"] = "keep-alive"
        lines = []
        for name, value in self._fields:
            key = name.lower()
            text = ours.get(key, value)
            if text is not None:
                lines.append(f"{name}: {text}")
            if key in ours:
                ours[key] = None  # said once, in the application's place for it
        names = {"transfer-encoding": "Transfer-Encoding", "connection": "Connection"}
        return lines + [f"{names[key]}: {text}" for key, text in ours.items() if text is not None]
