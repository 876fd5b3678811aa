"""The bytes of a connection as they arrive: of the head of a CONNECT exactly its own, for what follows is not HTTP.

A client may send its first TLS message right behind the head. ssl and tunnels read the socket, so it has to be there
still, and not in a buffer. All other requests are read as far as they have come.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from sfmock.transport.connections import Connection, Incoming

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CONNECT = b"CONNECT "
_LINE = 16 * 1024


class Arriving(Incoming):
    """What a proxy's client sends. A tunnel is asked for first, so only the first head of a connection is looked at."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._undecided = not connection.secure  # of TLS nothing can be looked at untaken
        self._by_line = False
        self._silent = False

    def end_head(self) -> None:
        """The rest is read as it comes."""
        self._undecided = self._by_line = False

    def is_all_taken(self, stream: io.BufferedReader) -> bool:
        """Whether the stream on top of this holds nothing that nobody has read yet."""
        self._silent = True
        held = stream.peek(1)
        self._silent = False
        return not held

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """What has come, at most a line while the head of a CONNECT is read; None where only the stream is asked."""
        if self._silent:
            return None
        if self._undecided:
            begin = self.connection.look(len(_CONNECT)).lstrip(b"\r\n")
            self._by_line = _CONNECT.startswith(begin)
            self._undecided = not begin
        if not self._by_line:
            return super().readinto(buffer)
        view = memoryview(buffer).cast("B")
        seen = self.connection.look(min(len(view), _LINE))
        return super().readinto(view[: seen.find(b"\n") + 1 or len(seen)])
