"""How long a listener bears with a client: far longer than one at work needs, and never for ever."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, each for the whole of what it names: a byte now and then gains no time."""

    opening: float = 30.0
    """Until the first byte of a connection, and then for the handshake of TLS."""
    idle: float = 900.0
    """Between two requests."""
    head: float = 30.0
    """Of a request, from its first byte on."""
    body: float = 600.0
    reply: float = 600.0
    """Of a reply, or of each piece of one that comes in pieces."""
