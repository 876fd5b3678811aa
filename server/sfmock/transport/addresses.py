"""Addresses that mean us: the one that Salesforce's names are given, and where the listeners of this process are."""

from __future__ import annotations

import contextlib
from typing import Any

PRIVATE = "127.83.70.1"
"""What a redirected look-up answers. Nobody listens here: what connects in C and passes no door meets nobody."""

OWN: set[tuple[str, int]] = set()
"""Host and port of each open listener. What is connected to one of them cannot reach the real Salesforce."""


def is_own(host: object, port: object) -> bool:
    """Whether a listener of this process is at this address."""
    return ("127.0.0.1" if host == "localhost" else host, port) in OWN


def peer_of(sock: Any) -> object:
    """Whom a socket is connected to; None before it is, and for what is no socket."""
    with contextlib.suppress(OSError, AttributeError):
        return sock.getpeername()
    return None


def is_own_peer(peer: object) -> bool:
    """Whether this peer of a connection is a listener of this process."""
    return isinstance(peer, tuple) and len(peer) >= 2 and is_own(*peer[:2])
