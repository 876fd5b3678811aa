"""The body of an intercepted reply that a fault meets on its way: cut, of a wrong length, or in slow pieces."""

from __future__ import annotations

import io
import time
from http.client import IncompleteRead

from sfmock.wire import Travel


class Stream(io.RawIOBase):
    """What urllib3 reads in place of http.client's response; it raises what that would."""

    def __init__(self, body: bytes, travel: Travel, read_limit: float | None) -> None:
        super().__init__()
        self._pieces = travel.split(body)
        self._travel = travel
        self._read_limit = read_limit
        self._number = 0
        self._left = b""
        self._missing = len(body) - sum(map(len, self._pieces)) + max(0, travel.longer)
        if travel.longer < 0:  # the client stops where the announced length ends
            self._pieces = [b"".join(self._pieces)[: travel.longer]]

    def readable(self) -> bool:
        """True: this is an input stream."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """At most one piece, or all that comes; raises IncompleteRead at an end that comes too early."""
        if size is not None and size >= 0:
            return self._take(size)
        found = []
        while piece := self._take(io.DEFAULT_BUFFER_SIZE):
            found.append(piece)
        return b"".join(found)

    def _take(self, size: int) -> bytes:
        if not self._left and self._number < len(self._pieces):
            if self._number:
                self._pause()
            self._left = self._pieces[self._number]
            self._number += 1
        if not self._left and size and self._missing:
            self._missing, missing = 0, self._missing
            raise IncompleteRead(b"", missing)
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def _pause(self) -> None:
        """Nobody waits for a time-out that is certain."""
        if self._read_limit is not None and self._travel.pause > self._read_limit:
            raise TimeoutError("timed out")
        if self._travel.pause:
            time.sleep(self._travel.pause)
