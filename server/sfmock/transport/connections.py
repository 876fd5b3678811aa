"""The open connections of one listener: what each is doing, and how they are cut from another thread.

new ──begin()──▶ busy ──send(last=True)──▶ idle ──begin()──▶ busy …      every state ──close()──▶ gone

Cutting shuts idle connections at once, so that a client sees it before it sends the next request; busy ones close
after their reply. New ones stay: a client repeats no request that broke off on a connection that it has just made. Stopping shuts all. Only the worker of a connection ever closes it.
"""

from __future__ import annotations

import contextlib
import enum
import io
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sfmock.transport.patience import Patience

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_TLS_HANDSHAKE = b"\x16"
_DRAIN = 256 * 1024
_SENDING = 0.05
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class _State(enum.Enum):
    NEW = enum.auto()
    IDLE = enum.auto()
    BUSY = enum.auto()


class Connections:
    """All connections of a listener, shared by the workers and whoever cuts or stops them."""

    def __init__(self, patience: Patience = Patience()) -> None:  # noqa: B008 - it never changes
        self.patience = patience
        self.changed = threading.Condition()
        self.stopped = threading.Event()
        self.open: set[Connection] = set()

    def cut(self, served: object = None) -> None:
        """Closes the kept connections; requests being served now get their reply first.

        With `served`, only those whose last request was for that: another one's client may be about to send.
        """
        deadline = time.monotonic() + _SENDING  # for all of them: many may be at it
        with self.changed:
            for connection in self.open:
                if served is None or connection.served in (None, served):
                    connection.cut(deadline)

    def stop(self) -> None:
        """Breaks all connections and wakes all waits."""
        with self.changed:
            for connection in self.open:
                connection.shut_down()
            self.stopped.set()  # last: what a woken fault answers must find nobody

    def wait_until_closed(self, seconds: float) -> bool:
        """Gives the workers a moment to notice; False if one is still in the application."""
        with self.changed:
            return self.changed.wait_for(lambda: not self.open, seconds)


class Connection:
    """One accepted connection, driven by its worker thread."""

    def __init__(self, registry: Connections, accepted: socket.socket) -> None:
        self.socket = accepted
        self.patience = registry.patience
        self._far: socket.socket | None = None
        self._registry = registry
        self.served: object = None
        """For whom the last request was, where the application tells."""
        self._deadline = 0.0
        self._state = _State.NEW
        self._turn = threading.Lock()  # between the states; the registry's lock is taken before it
        self._cut = False
        self._broken = False
        with registry.changed:
            registry.open.add(self)
            if registry.stopped.is_set():  # accepted while the listener stopped
                self.shut_down()

    @property
    def secure(self) -> bool:
        """True once TLS is on."""
        return isinstance(self.socket, ssl.SSLSocket)

    @property
    def closing(self) -> bool:
        """True if the connection is not to be kept after this request."""
        return self._cut or self._registry.stopped.is_set()

    def set_up(self, context: Callable[[], ssl.SSLContext]) -> bool:
        """Does TLS if the client begins with it; False if it says nothing at all."""
        secure = self._starts_with_tls()
        if secure:
            self._secure_with(context())
        return secure is not None

    def _starts_with_tls(self) -> bool | None:
        """What the first byte says, left unread; None if the client sends none."""
        self.socket.settimeout(self.patience.opening)
        first = self.socket.recv(1, socket.MSG_PEEK)
        return first == _TLS_HANDSHAKE if first else None

    def _secure_with(self, context: ssl.SSLContext) -> None:
        """Does the server's side of the handshake, in the worker: a silent client holds up nobody else."""
        with (
            self._registry.changed
        ):  # wrapping voids the old socket, and stop() must meet the new one
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        if isinstance(self.socket, ssl.SSLSocket):
            self.socket.do_handshake()

    def allow(self, seconds: float) -> None:
        """What the worker reads from now on has to come within so many seconds."""
        self._deadline = time.monotonic() + seconds

    def look(self, size: int) -> bytes:
        """What has come, at least a byte, left where it is; not for TLS."""
        self._hurry(self._deadline)
        return self.socket.recv(size, socket.MSG_PEEK)

    def receive_into(self, buffer: WriteableBuffer) -> int:
        """Reads what has come, at least a byte; 0 at the end. Raises TimeoutError when the time is over."""
        self._hurry(self._deadline)
        return self.socket.recv_into(buffer)

    def reopen(self) -> None:
        """Tells a proxy's client that its host is reached; what follows is a connection of its own, not set up yet."""
        with self._turn:
            self._cut = False  # of a connection that carried nothing
            self._send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._state = _State.NEW

    def attach(self, far: socket.socket) -> None:
        """What a proxy's client is connected to: broken off with this connection."""
        with self._registry.changed:
            self._far = far
            if self._registry.stopped.is_set():
                self.shut_down()

    def begin(self) -> bool:
        """A request arrives; False if the connection was cut meanwhile and nobody could be answered."""
        with self._turn:
            kept, self._state = self._state is _State.IDLE, _State.BUSY
            return not (self._registry.stopped.is_set() or (kept and self._cut))

    def send(self, data: bytes, *, last: bool) -> None:
        """Sends a piece of a reply. With the last one the connection turns idle, and no client sees it earlier."""
        if not last:
            self._send(data)
            return
        with self._turn:
            self._send(data)
            self._state = _State.IDLE

    def _send(self, data: bytes) -> None:
        # sendall() would begin a time anew with each record of TLS.
        deadline, left = time.monotonic() + self.patience.reply, memoryview(data)
        while left:
            self._hurry(deadline)
            left = left[self.socket.send(left) :]

    def _hurry(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the client takes too long")
        self.socket.settimeout(left)

    def serve(self, served: object) -> None:
        """The application tells for whom the present request is."""
        self.served = served

    def wait(self, seconds: float) -> bool:
        """Lets a slow fault pass the time; returns at once, and true, when the server stops."""
        return self._registry.stopped.wait(min(seconds, threading.TIMEOUT_MAX))

    def cut(self, deadline: float) -> None:
        """Marks the connection as not to be kept, and shuts it down if it is idle."""
        if self._state is _State.NEW:
            return  # nothing was kept yet
        self._cut = True
        # A client that has its reply may call this before the worker is back from sending it: wait for that, but not
        # for a client that does not read.
        if self._turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            if self._state is _State.IDLE:
                self.shut_down()
            self._turn.release()

    def shut_down(self) -> None:
        """Ends both directions below TLS: the worker's read or write returns, and it closes the connection."""
        for each in (self.socket, self._far):
            if each is not None:
                with contextlib.suppress(OSError):
                    # The plain method: SSLSocket's own would take the TLS state away from under the worker.
                    socket.socket.shutdown(each, socket.SHUT_RDWR)

    def reset(self) -> None:
        """Makes close() break the connection at once instead of ending it in order."""
        self._broken = True
        break_on_close(self.socket)

    def say_goodbye(self) -> None:
        """Ends our direction only, with TLS's own farewell, so that a reply without length is seen as whole."""
        if self._broken:
            return
        with contextlib.suppress(OSError, ValueError):
            self.socket.settimeout(0)  # unwrap() would wait for the client's farewell
            if isinstance(self.socket, ssl.SSLSocket):
                self.socket.unwrap()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_WR)

    def drain(self, seconds: float) -> None:
        """Reads away what still comes, until the client ends its side or the time is over."""
        deadline = time.monotonic() + seconds
        with contextlib.suppress(OSError):
            while (left := deadline - time.monotonic()) > 0:
                self.socket.settimeout(left)
                if not socket.socket.recv(self.socket, _DRAIN):  # below TLS: nobody reads it
                    return

    def close(self) -> None:
        """Gives the socket back; the worker's last act."""
        with self._registry.changed:
            self._registry.open.discard(self)
            self.socket.close()
            self._registry.changed.notify_all()


def break_on_close(side: socket.socket) -> None:
    """Makes closing a socket break the connection at once, as the other side sees it."""
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)


class Incoming(io.RawIOBase):
    """What the client sends, as a stream that ends with its patience."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection

    def readable(self) -> bool:
        """True: this is an input stream."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """Waits for a byte at least; 0 at the end."""
        return self.connection.receive_into(buffer)
