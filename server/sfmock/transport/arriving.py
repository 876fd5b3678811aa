"""The bytes of a connection as they arrive: of the head of a CONNECT exactly its own, for what follows is not HTTP.

A client may send its first TLS message right behind the head. ssl and tunnels read the socket, so it has to be there
still, and not in a buffer. All other requests are read as far as they have come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfmock.transport.connections import Connection, Incoming

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CONNECT = b"CONNECT "
_LINE = 16 * 1024


class Arriving(Incoming):
    """What a proxy's client sends; `expect_head()` is called before each request."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._undecided = False
        self.exact = False
        """What was read last ends with a line: nothing behind it has been taken."""

    def expect_head(self) -> None:
        """What comes next is a request; what of it came with the one before was not read exactly."""
        self._undecided = not self.connection.secure  # of TLS nothing can be looked at untaken
        self.exact = False

    def end_head(self) -> None:
        """The rest is a body, and read as it comes."""
        self._undecided = self.exact = False

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """What has come, at most a line while the head of a CONNECT is read."""
        if self._undecided:
            begin = self.connection.look(len(_CONNECT)).lstrip(b"\r\n")
            self.exact = _CONNECT.startswith(begin)
            self._undecided = not begin
        if not self.exact:
            return super().readinto(buffer)
        view = memoryview(buffer).cast("B")
        seen = self.connection.look(min(len(view), _LINE))
        return super().readinto(view[: seen.find(b"\n") + 1 or len(seen)])
