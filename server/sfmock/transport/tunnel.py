"""A tunnel: bytes between two sockets until both sides have ended, at most a buffer of them on the way at a time."""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections.abc import Iterable, Sequence

from sfmock.transport.connections import break_on_close

_BUFFER = 64 * 1024
IDLE = 300.0
"""Seconds without a byte in either direction; then nobody needs the tunnel."""


class _Way:
    """One direction. It ends with its source, which the target is told as soon as all has gone out."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self.source = source
        self.target = target
        self._held = b""
        self._ended = False
        self.over = False

    def interests(self) -> Iterable[tuple[socket.socket, int]]:
        """What it waits for: room at the target while it holds something, else more of the source."""
        if self._held:
            yield self.target, selectors.EVENT_WRITE
        elif not self._ended:
            yield self.source, selectors.EVENT_READ

    def move(self) -> None:
        """Take what is there and hand on what goes; never waits."""
        try:
            if not self._held and not self._ended:
                self._held = self.source.recv(_BUFFER)
                self._ended = not self._held
            if self._held:
                self._held = self._held[self.target.send(self._held) :]
        except BlockingIOError:
            pass
        if self._ended and not self.over:
            self.over = True
            with contextlib.suppress(OSError):  # it has ended, too
                self.target.shutdown(socket.SHUT_WR)


def join(near: socket.socket, far: socket.socket, idle: float = IDLE) -> None:
    """Carry both directions, half-closed ones too; raises OSError where a side breaks or nothing comes any more."""
    ways = (_Way(near, far), _Way(far, near))
    try:
        near.setblocking(False)
        far.setblocking(False)
        _carry(ways, idle)
    except OSError:
        break_on_close(near)  # an orderly end could pass for a whole reply
        break_on_close(far)
        raise


def _carry(ways: Sequence[_Way], idle: float) -> None:
    with selectors.DefaultSelector() as selector:
        while not all(way.over for way in ways):
            _watch(selector, ways)
            if not selector.select(idle):
                raise TimeoutError("the tunnel is idle")
            for way in ways:
                way.move()


def _watch(selector: selectors.BaseSelector, ways: Iterable[_Way]) -> None:
    wanted: dict[socket.socket, int] = {}
    for way in ways:
        for side, events in way.interests():
            wanted[side] = wanted.get(side, 0) | events
    for key in list(selector.get_map().values()):
        if key.fileobj not in wanted:
            selector.unregister(key.fileobj)
    known = {key.fileobj: key.events for key in selector.get_map().values()}
    for side, events in wanted.items():
        if side not in known:
            selector.register(side, events)
        elif known[side] != events:
            selector.modify(side, events)
