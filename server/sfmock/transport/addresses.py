"""Addresses that mean us: the one that Salesforce's names are given, and where the listeners of this process are."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

PRIVATE = "127.83.70.1"
"""What a redirected look-up answers. Nobody listens here: what connects in C and passes no door meets nobody."""

OWN: set[tuple[str, int]] = set()
"""Host and port of each open listener. What is connected to one of them cannot reach the real Salesforce."""


_SAME: Mapping[object, tuple[str, ...]] = {
    "localhost": ("127.0.0.1", "::1", "0.0.0.0", "::"),
    "127.0.0.1": ("0.0.0.0",),
    "::1": ("::",),
}
"""A listener at any address is at these as well."""


def is_own(host: object, port: object) -> bool:
    """Whether a listener of this process is at this address."""
    return any((each, port) in OWN for each in (host, *_SAME.get(host, ())))


def peer_of(sock: Any) -> object:
    """Whom a socket is connected to; None before it is, and for what is no socket."""
    with contextlib.suppress(OSError, AttributeError):
        return sock.getpeername()
    return None


def is_own_peer(peer: object) -> bool:
    """Whether this peer of a connection is a listener of this process."""
    return isinstance(peer, tuple) and len(peer) >= 2 and is_own(*peer[:2])
