"""The body of one request as a WSGI input stream: it ends with the body, and raises when that does not arrive whole."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from sfmock.wire import MAX_BODY, Disconnect

_MAX_PIECE = 1024 * 1024  # no memory for what is announced, only for what comes
_MAX_CHUNK_LINE = 4 * 1024
_MAX_TRAILERS = 16 * 1024
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")


class BrokenBody(Disconnect):
    """The body is not what was announced; `status` is the answer, or None where nobody waits for one."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class RequestBody(io.BufferedIOBase):
    """Reads one body from the connection's stream, and no byte more.

    `length` is None for a chunked body. `invite` is called before the first read, where the client waits for
    "100 Continue": an application that refuses without reading costs the client no upload.
    """

    def __init__(
        self,
        stream: io.BufferedReader,
        length: int | None,
        invite: Callable[[], None] | None = None,
    ) -> None:
        self._stream = stream
        self._chunked = length is None
        self._left = length or 0  # of the chunk being read; without chunks, of the body
        self._total = 0
        self._done = length == 0
        self._invite = None if self._done else invite
        self.failure: BrokenBody | None = None
        """What was wrong with the body, once it has been noticed: the application may swallow the exception."""

    def readable(self) -> bool:
        """True: this is an input stream."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Exactly `size` bytes, or all up to the end of the body; raises BrokenBody if it ends too early."""
        pieces: list[bytes] = []
        wanted = MAX_BODY + 1 if size is None or size < 0 else size
        while wanted > 0 and (piece := self.read1(wanted)):
            pieces.append(piece)
            wanted -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """What the current chunk has, at most `size` bytes; empty only at the end of the body."""
        if self.failure is not None:
            raise self.failure
        if self._done or size == 0:
            return b""
        self._accept_invitation()
        if self._chunked and self._left == 0:
            self._open_chunk()
        if self._done:
            return b""
        return self._take(min(self._left, _MAX_PIECE if size < 0 else min(size, _MAX_PIECE)))

    def skip(self, limit: int) -> bool:
        """Reads away what the application left; False if that is more than `limit` or cannot be had."""
        if not self.skippable(limit):
            return False
        try:
            while not self._done and limit > 0:
                limit -= len(self.read1(min(limit, 64 * 1024)))
        except BrokenBody:
            return False
        return self._done

    def skippable(self, limit: int) -> bool:
        """False if the rest is known to be more than `limit`, or if the client still waits to be asked for it."""
        return self.failure is None and self._invite is None and self._left <= limit

    def _accept_invitation(self) -> None:
        if self._invite is not None:
            invite, self._invite = self._invite, None
            invite()

    def _take(self, size: int) -> bytes:
        data = self._receive(self._stream.read, size)
        if len(data) < size:
            raise self._fail("the body ends too early")
        self._left -= size
        if self._left == 0:
            self._close_chunk()
        return data

    def _open_chunk(self) -> None:
        line = self._line(_MAX_CHUNK_LINE)
        match = _CHUNK_LINE.fullmatch(line)
        if match is None:
            raise self._fail("bad chunk header", 400)
        self._left = int(match[1], 16)
        self._total += self._left
        if self._total > MAX_BODY:
            raise self._fail("the body is too large", 413)
        if self._left == 0:
            self._skip_trailers()
            self._done = True

    def _close_chunk(self) -> None:
        if not self._chunked:
            self._done = True
        elif self._line(2) != b"\r\n":
            raise self._fail("bad end of a chunk", 400)

    def _skip_trailers(self) -> None:
        left = _MAX_TRAILERS
        while (line := self._line(left)) not in (b"\r\n", b"\n"):
            left -= len(line)
            if left <= 0:
                raise self._fail("trailers too large", 431)

    def _line(self, limit: int) -> bytes:
        line = self._receive(self._stream.readline, limit)
        if not line.endswith(b"\n") and len(line) < limit:
            raise self._fail("the body ends too early")
        return line

    def _receive(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except OSError as error:
            raise self._fail("the connection broke within the body") from error

    def _fail(self, reason: str, status: int | None = None) -> BrokenBody:
        self.failure = BrokenBody(reason, status)
        return self.failure
